"""What people type besides words: a star behind the beginning of one, the number of a house."""

import re
from collections.abc import Sequence

from .language.folding import fold

SHORTEST_BEGINNING = 2
"""Letters before a star: `al*` is looked for, `a*` begins too much."""
_BEGINNING = re.compile(r"(?<![^\W_])([^\W_]+)\*")
_HOUSE_NUMBER = re.compile(r"[0-9]{1,3}[a-z]?")
_STREET = re.compile(
    r"(rue|avenue|boulevard|chaussee|place|quai|square|clos|dreve|street|road)"
    r"|.*(straat|laan|lei|plein|steenweg|dreef|kaai|markt|dijk|vest|strasse|gasse|allee|platz)"
)


def beginnings(text: str) -> frozenset[str]:
    """The folded words that a star follows: beginnings of what is looked for."""
    return frozenset(fold(word) for word in _BEGINNING.findall(text) if len(word) >= SHORTEST_BEGINNING)


def street_name(words: Sequence[str]) -> Sequence[str]:
    """The folded words of an address that name its street: they mean nothing else there (`rue de la Loi 16`)."""
    streets = [place for place, word in enumerate(words) if _STREET.fullmatch(word)]
    numbers = [place for place, word in enumerate(words) if _HOUSE_NUMBER.fullmatch(word)]
    if not (streets and numbers):
        return ()
    return words[streets[0] : next((place for place in numbers if place > streets[0]), len(words))]


def without_house_number(words: list[str]) -> list[str]:
    """Folded words without the number of a house: data is about streets, not about their doors (`rue de la Loi 16`)."""
    has_street = any(_STREET.fullmatch(word) for word in words)
    return [word for word in words if not (has_street and _HOUSE_NUMBER.fullmatch(word))]
