"""How deep a Turtle or TriG document is nested, told before anything is parsed: every level costs the parser memory.

50 MB of `<<` took 10 GB; no catalogue nests deeper than ten. JSON and XML have limits of their own, in their parsers.
"""

import re
from itertools import accumulate

from .formats import ParseError

DEEPEST = 256
"""Levels of `[`, `(`, `{` and `<<`, as in JSON and XML."""

_OPEN, _CLOSE = b"[({", b"])}"
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(_OPEN + _CLOSE))
_STEP = {**dict.fromkeys(_OPEN, 1), **dict.fromkeys(_CLOSE, -1)}
NO_STRUCTURE = re.compile(
    rb'"""[^"\\]*+(?:(?:\\.|""?(?!"))[^"\\]*+)*+"""|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
    rb"|'''[^'\\]*+(?:(?:\\.|''?(?!'))[^'\\]*+)*+'''|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
    rb"|<(?!<)[^>\n]*+>|#[^\n]*+",
    re.DOTALL,
)
"""Texts, IRIs and comments, in which a bracket opens nothing. It never goes back, and takes letters many at a time."""


def check(data: bytes) -> None:
    """Raises `ParseError` for a document that is nested deeper than anybody nests."""
    if sum(map(data.count, (b"[", b"(", b"{", b"<<"))) <= DEEPEST:
        return
    bare = NO_STRUCTURE.sub(b"", data).replace(b"<<", b"{").replace(b">>", b"}")
    brackets = bare.translate(None, _ALL_BUT_BRACKETS)
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > DEEPEST:
        raise ParseError(f"This Turtle is nested deeper than {DEEPEST} levels.")
