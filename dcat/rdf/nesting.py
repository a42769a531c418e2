"""How deep a Turtle or TriG document is nested, told before anything is parsed: every level costs the parser memory.

50 MB of `<<` took 10 GB; no catalogue nests deeper than ten. JSON and XML have limits of their own, in their parsers.
"""

import re
from itertools import accumulate

from .formats import ParseError

DEEPEST = 256
"""Levels of `[`, `(`, `{` and `<<`, as in JSON and XML."""

_OPEN, _CLOSE = b"[({", b"])}"
_ENDS = b'<>"'
"""Alone they show whether a quote stands in an IRI: after its `<`, and before any `>`."""
_ALL_BUT_ENDS = bytes(set(range(256)) - set(_ENDS))
_ALL_BUT_SIGNS = bytes(set(range(256)) - set(_OPEN + _ENDS))
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(_OPEN + _CLOSE))
_STEP = {**dict.fromkeys(_OPEN, 1), **dict.fromkeys(_CLOSE, -1)}
NO_STRUCTURE = re.compile(
    rb'"""[^"\\]*+(?:(?:\\.|""?(?!"))[^"\\]*+)*+"""|"[^"\\]*+(?:\\.[^"\\]*+)*+"'
    rb"|'''[^'\\]*+(?:(?:\\.|''?(?!'))[^'\\]*+)*+'''|'[^'\\]*+(?:\\.[^'\\]*+)*+'"
    rb"|<(?!<)[^>]*+>|#[^\n\r]*+",
    re.DOTALL,
)
"""Texts, IRIs and comments, in which a bracket opens nothing, as the parser takes them: a line may end within the first
two. It never goes back, and takes letters many at a time."""

_TEXT = re.compile(rb'("[^"]*+"(?:(?<=\\")[^"]*+")*+)')
"""From a quote to the next one before which no backslash stands, which is found several times as fast."""
_MOST = 8_000_000
"""Bytes of a document that is taken apart; of a longer one that would take as much memory again."""


def check(data: bytes) -> None:
    """Raises `ParseError` for a document that is nested deeper than anybody nests."""
    if not _may_be_deep(data):
        return
    bare = _without_texts(data)
    if not _may_be_deep(bare):
        return
    bare = NO_STRUCTURE.sub(b"", bare).replace(b"<<", b"{").replace(b">>", b"}")
    brackets = bare.translate(None, _ALL_BUT_BRACKETS)
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > DEEPEST:
        raise ParseError(f"This Turtle is nested deeper than {DEEPEST} levels.")


def _may_be_deep(data: bytes) -> bool:
    """False when it opens too little, each `<` before another one counted, whatever stands between them: two signs
    beside each other are found several times as fast among signs alone."""
    signs = data.translate(None, _ALL_BUT_SIGNS)
    return len(signs.translate(None, _ENDS)) + signs.count(b"<<") > DEEPEST


def _without_texts(data: bytes) -> bytes:
    """A document with empty texts in the place of its texts, where quotes alone tell these; else as it is.

    They do unless one stands within an IRI, a comment or a text of the other quotes, or a text is of several lines or
    ends in a backslash that stands for itself. So nothing is left out that is no text, whatever a document does.
    """
    if len(data) > _MOST or b'\\\\"' in data:
        return data
    parts = _TEXT.split(data)
    outside, texts = parts[::2], b"".join(parts[1::2])
    bare = b'""'.join(outside)
    if b"\n" in texts or b"\r" in texts or b"'" in bare or b"" in outside[1:-1]:
        return data
    is_within_iri = b">" in texts and b'<"' in bare.translate(None, _ALL_BUT_ENDS) + b'"'
    return data if is_within_iri else bare
