"""The slips in Turtle and its kin that can be mended without doubt, and cost the feed: `@fr_BE` for `@fr-BE`, and a
prefix that everybody writes (`xsd:`) and that the document does not declare."""

import re

from ..findings import Finding, finding
from ..namespaces import vocabularies
from .nesting import NO_STRUCTURE

MOST_TOLD = 20
"""Languages; more than a feed has."""

_WITH_SLIP = re.compile(rb"[\"']@[A-Za-z0-9-]+_")
_TAG = re.compile(NO_STRUCTURE.pattern + rb"|@([A-Za-z]+(?:[-_][A-Za-z0-9]+)+)", re.DOTALL)
"""Outside of texts, IRIs and comments nothing but a language begins with an `@` and holds `-` or `_`."""


_PREFIX = re.compile(rb"(?<![\w:.-])([A-Za-z][\w-]*):")
_DECLARED = re.compile(rb"@?prefix\s+([\w-]+):", re.IGNORECASE)
_ALSO = {"dcterms": "dct", "geosparql": "geo", "gsp": "geo", "sch": "schema"}
"""Other prefixes of the vocabularies in use."""


def mend(data: bytes) -> tuple[bytes, list[Finding]]:
    """The document without these slips, its lines as they were, and what was mended."""
    data, languages = _with_languages(data)
    data, prefixes = _with_prefixes(data)
    return data, [*languages, *prefixes]


def _with_prefixes(data: bytes) -> tuple[bytes, list[Finding]]:
    """The document with the well-known prefixes declared that it uses and does not declare."""
    known = dict(vocabularies()) | {other: vocabularies()[prefix] for other, prefix in _ALSO.items()}
    used = set(_PREFIX.findall(NO_STRUCTURE.sub(b" ", data))) - set(_DECLARED.findall(data))
    missing = sorted(name for one in used if (name := one.decode("utf-8", "replace")) in known)
    declared = "".join(f"@prefix {name}: <{known[name]}> . " for name in missing)
    told = [finding("prefix-undeclared", "", "@prefix", f"{name}: <{known[name]}>") for name in missing]
    return declared.encode() + data, told


def _with_languages(data: bytes) -> tuple[bytes, list[Finding]]:
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
