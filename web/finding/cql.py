"""The closed part of CQL that clients write, read into a tree.

CQL2 as text (https://docs.ogc.org/is/21-065r2/21-065r2.html) with comparisons, LIKE, IN, AND, OR, NOT, `S_INTERSECTS`
with a BBOX and `T_INTERSECTS` with an INTERVAL; of its elder (OGC 07-006r1, 6.2.2) also `BBOX(property, …)`.
"""

import re
from typing import NamedTuple

from .tree import (
    DEEPEST,
    AllOf,
    AnyOf,
    During,
    Equal,
    Expression,
    Like,
    Not,
    Overlaps,
    Since,
    Unsupported,
    following,
    words_of,
)

LONGEST = 4_000
"""Characters of an expression."""

_TOKEN = re.compile(
    r"""\s*(?:'(?P<text>(?:[^']|'')*)'|"(?P<name>[^"]+)"|(?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w:])
    |(?P<word>[^\W\d][\w:.\-]*)|(?P<sign><>|<=|>=|[=<>(),]))""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """One word of the language."""

    kind: str
    """`text`, `name`, `number`, `word` or `sign`; empty at the end."""
    value: str

    @property
    def word(self) -> str:
        """What it is when it may be a word of the language itself."""
        return self.value.upper() if self.kind == "word" else self.value if self.kind == "sign" else ""


_END = Token("", "")


def read(text: str) -> Expression:
    """The expression. Raises `Unsupported`."""
    if len(text) > LONGEST:
        raise Unsupported(f"A filter has at most {LONGEST} characters.")
    parser = _Parser(_tokens(text))
    found = parser.either(0)
    parser.end()
    return found


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unsupported(f"The filter cannot be read from {text[at:].strip()[:40]!r} on.")
        kind = match.lastgroup or ""
        value = match[kind].replace("''", "'") if kind == "text" else match[kind]
        found.append(Token(kind, value))
        at = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens, self._at = tokens, 0

    def end(self) -> None:
        if self._next is not _END:
            raise self._unexpected()

    def either(self, depth: int) -> Expression:
        parts = [self._both(depth)]
        while self._takes("OR"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _both(self, depth: int) -> Expression:
        parts = [self._one(depth)]
        while self._takes("AND"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise Unsupported(f"A filter has at most {DEEPEST} expressions within one another.")
        if self._takes("NOT"):
            return Not(self._one(depth + 1))
        if self._takes("("):
            found = self.either(depth + 1)
            self._needs(")")
            return found
        if self._next.kind in {"word", "name"}:
            return self._predicate()
        raise self._unexpected()

    def _predicate(self) -> Expression:
        function = _FUNCTIONS.get(self._next.word)
        name = self._take().value
        if function and self._takes("("):
            return function(self)
        if self._takes("NOT"):
            return Not(self._compared(name))
        return self._compared(name)

    def _compared(self, name: str) -> Expression:
        operator = self._take()
        if operator.word == "LIKE":
            pattern = self._literal()
            return Like(name, words_of(pattern, "%", "_", "\\", f"{name} LIKE {pattern!r}"[:80]))
        if operator.word == "IN":
            self._needs("(")
            return Equal(name, tuple(self._listed()))
        if operator.word in {"=", "<>"}:
            equal = Equal(name, (self._literal(),))
            return equal if operator.word == "=" else Not(equal)
        if operator.word == ">=":
            return Since(name, self._moment())
        if operator.word == "<":
            return Not(Since(name, self._moment()))
        if operator.word in {">", "<="}:
            later = Since(name, following(self._moment()))
            return later if operator.word == ">" else Not(later)
        raise Unsupported(
            f"{name} {operator.value}: there are =, <>, <, <=, >, >=, IN, LIKE, S_INTERSECTS and T_INTERSECTS, "
            "with AND, OR, NOT."
        )

    def box(self) -> Expression:
        """`S_INTERSECTS(property, BBOX(…))`."""
        name = self._name()
        self._needs(",")
        if not self._takes("BBOX") and not self._takes("ENVELOPE"):
            raise Unsupported("S_INTERSECTS is written with BBOX(west,south,east,north).")
        self._needs("(")
        found = self._box(name)
        self._needs(")")
        return found

    def elder_box(self) -> Expression:
        """`BBOX(property, west, south, east, north)`."""
        name = self._name()
        self._needs(",")
        return self._box(name)

    def period(self) -> Expression:
        """`T_INTERSECTS(property, INTERVAL(start, end))`, or with a date."""
        name = self._name()
        self._needs(",")
        if self._takes("INTERVAL"):
            self._needs("(")
            ends = self._listed()
            if len(ends) != 2:
                raise Unsupported("INTERVAL is written with a start and an end.")
            found = During(name, "/".join(ends))
        else:
            found = During(name, self._moment())
        self._needs(")")
        return found

    def _box(self, name: str) -> Expression:
        numbers = self._listed()
        if len(numbers) != 4:
            raise Unsupported("A box is written as west, south, east, north in degrees.")
        west, south, east, north = numbers
        return Overlaps(name, (west, south, east, north))

    def _listed(self) -> list[str]:
        found = [self._literal()]
        while self._takes(","):
            found.append(self._literal())
        self._needs(")")
        return found

    def _moment(self) -> str:
        if self._takes("TIMESTAMP") or self._takes("DATE"):
            self._needs("(")
            found = self._literal()
            self._needs(")")
            return found
        return self._literal()

    def _literal(self) -> str:
        if self._next.kind not in {"text", "number"}:
            raise self._unexpected("a text in single quotes or a number")
        return self._take().value

    def _name(self) -> str:
        if self._next.kind not in {"word", "name"}:
            raise self._unexpected("the name of a property")
        return self._take().value

    @property
    def _next(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _take(self) -> Token:
        found = self._next
        self._at += 1
        return found

    def _takes(self, word: str) -> bool:
        is_there = self._next.word == word
        self._at += is_there
        return is_there

    def _needs(self, word: str) -> None:
        if not self._takes(word):
            raise self._unexpected(f"{word!r}")

    def _unexpected(self, wanted: str = "") -> Unsupported:
        found = repr(self._next.value[:40]) if self._next is not _END else "the end"
        return Unsupported(f"The filter cannot be read at {found}" + (f": expected {wanted}." if wanted else "."))


_FUNCTIONS = {"S_INTERSECTS": _Parser.box, "T_INTERSECTS": _Parser.period, "BBOX": _Parser.elder_box}
