"""The one slip in Turtle and its kin that can be mended without doubt: `@fr_BE` for `@fr-BE`, which costs the feed."""

import re

from ..findings import Finding, finding
from .nesting import NO_STRUCTURE

MOST_TOLD = 20
"""Languages; more than a feed has."""

_WITH_SLIP = re.compile(rb"[\"']@[A-Za-z0-9-]+_")
_TAG = re.compile(NO_STRUCTURE.pattern + rb"|@([A-Za-z]+(?:[-_][A-Za-z0-9]+)+)", re.DOTALL)
"""Outside of texts, IRIs and comments nothing but a language begins with an `@` and holds `-` or `_`."""


def mend(data: bytes) -> tuple[bytes, list[Finding]]:
    """The document with languages as they are written, its lines and columns as they were; each language is told once,
    with the line on which it stands first."""
    first: dict[str, int] = {}

    def mended(found: re.Match[bytes]) -> bytes:
        if not found[1] or b"_" not in found[1]:
            return found[0]
        if len(first) < MOST_TOLD:
            first.setdefault(found[0].decode("ascii"), found.start())
        return found[0].replace(b"_", b"-")

    if not _WITH_SLIP.search(data):
        return data, []
    data = _TAG.sub(mended, data)
    lines = {tag: data.count(b"\n", 0, at) + 1 for tag, at in first.items()}
    return data, [finding("syntax-mended", "", "@language", f"{line}: {tag}") for tag, line in lines.items()]
