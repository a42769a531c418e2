"""What people type besides words: a star behind the beginning of one, the number of a house."""

import re

from .language.folding import fold

SHORTEST_BEGINNING = 2
"""Letters before a star: `al*` is looked for, `a*` begins too much."""
_BEGINNING = re.compile(r"(?<![^\W_])([^\W_]+)\*")
_HOUSE_NUMBER = re.compile(r"[0-9]{1,3}[a-z]?")
_STREET = re.compile(
    r"(rue|avenue|boulevard|chaussee|place|quai|square|clos|dreve|street|road)"
    r"|.*(straat|laan|lei|plein|steenweg|dreef|kaai|strasse|allee|platz)"
)


def beginnings(text: str) -> frozenset[str]:
    """The folded words that a star follows: beginnings of what is looked for."""
    return frozenset(fold(word) for word in _BEGINNING.findall(text) if len(word) >= SHORTEST_BEGINNING)


def without_house_number(words: list[str]) -> list[str]:
    """Folded words without the number of a house: data is about streets, not about their doors (`rue de la Loi 16`)."""
    has_street = any(_STREET.fullmatch(word) for word in words)
    return [word for word in words if not (has_street and _HOUSE_NUMBER.fullmatch(word))]
