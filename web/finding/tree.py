"""A filter expression, whichever language it was written in."""

from datetime import timedelta
from typing import NamedTuple

from dcat.days import utc

DEEPEST = 20
"""Expressions within expressions."""


class Unsupported(ValueError):
    """A client asks what our search cannot be asked; the sentence says what."""

    def __init__(self, sentence: str, parameter: str = "") -> None:
        super().__init__(sentence)
        self.parameter = parameter
        """Where it was asked; empty for the filter."""


class Equal(NamedTuple):
    """A property has one of these values."""

    property: str
    values: tuple[str, ...]


class Like(NamedTuple):
    """A property has these words in it."""

    property: str
    words: str


class Since(NamedTuple):
    """A property is this moment or a later one."""

    property: str
    moment: str


class Overlaps(NamedTuple):
    """A shape overlaps a box: west, south, east, north in degrees."""

    property: str
    box: tuple[str, str, str, str]


class During(NamedTuple):
    """A period overlaps another one, `start/end` with `..` for an open end."""

    property: str
    period: str


class AllOf(NamedTuple):
    """Each of them."""

    parts: tuple["Expression", ...]


class AnyOf(NamedTuple):
    """At least one of them."""

    parts: tuple["Expression", ...]


class Not(NamedTuple):
    """Not this one."""

    part: "Expression"


Expression = Equal | Like | Since | Overlaps | During | AllOf | AnyOf | Not


def following(moment: str) -> str:
    """What comes first after a day or a moment: there begins what is later. What is none stays as it is, and is refused
    where it is read."""
    try:
        at = utc(moment)
        return (at + (timedelta(days=1) if "T" not in moment else timedelta.resolution)).isoformat()
    except (ValueError, OverflowError):
        return moment


def words_of(pattern: str, wildcard: str, single: str, escape: str, shown: str) -> str:
    """The words of a pattern with wildcards around it; `shown`: the predicate, for the sentence. Nothing but wildcards
    is every text, so no words at all. Our search finds words by their forms and senses, so a wildcard within them, or
    for one character, would ask something else. Raises `Unsupported`."""
    inner = pattern.strip()
    if wildcard and inner and not inner.replace(wildcard, "").strip():
        return ""
    while wildcard and inner.startswith(wildcard):
        inner = inner.removeprefix(wildcard)
    while wildcard and inner.endswith(wildcard):
        inner = inner.removesuffix(wildcard)
    if any(sign and sign in inner for sign in (wildcard, single, escape)):
        raise Unsupported(f"{shown}: wildcards stand before and after words, not within them.")
    if not inner.strip():
        raise Unsupported(f"{shown}: there are no words in the pattern.")
    return inner.strip()
