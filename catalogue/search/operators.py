"""What people know from other search engines: `-word` and `NOT word` for what must not be there, `AND`, and `OR`.

A sign or a word is one of these only where it can be nothing else: `Saint-Gilles`, `naam en -nummer` (the rest of a
compound), `1990 -2000` and a title in capitals stay what they are.
"""

import re
from typing import NamedTuple

MINUS = "-\N{MINUS SIGN}"
_PIECE = re.compile(rf'[{MINUS}]?["“”„«][^"“”„«»]*["“”»]|\S+')
"""A phrase in quotes, or what stands between two blanks; either with a minus before it."""
_LEFT_OUT = re.compile(rf'[{MINUS}]["“”„«\w].+|[{MINUS}]\w')
_AROUND = MINUS + '"“”„«»() \N{NO-BREAK SPACE}'
_GOES_ON = re.compile(r"(?:.*[,&/+]|and|en|et|of|or|oder|ou|und)", re.IGNORECASE)
"""What stands before the rest of a compound: `kantons en -gemeenten`."""
_FIELD = re.compile(
    r"(?<![^\s(])([+-]?)(?:title|titre|titel|author|auteur|autor|publisher|organi[sz]ation|groups?|tags?|keywords?|theme|"
    r"(?:res_)?format|license(?:_id)?|notes|description|name|site|filetype|(?:all)?in(?:title|text|url)):(?=[^\s/])",
    re.IGNORECASE,
)
"""A field of CKAN's search, or a prefix of a search engine of the web; all words are looked for everywhere here."""
NOT, AND, OR = "NOT", "AND", "OR"
_OPERATORS = {NOT: NOT, AND: AND} | dict.fromkeys((OR, "OU", "OF", "ODER"), OR)


class Asked(NamedTuple):
    """A text as it was typed, read."""

    text: str
    """What is looked for."""
    left_out: tuple[str, ...] = ()
    """What must not be there, each a word or a phrase without its signs."""
    either: tuple[tuple[str, ...], ...] = ()
    """Parts of the text, in groups of which one part is enough."""

    @property
    def unsigned(self) -> str:
        """All of its words, none of them left out."""
        return " ".join(filter(None, (self.text, *self.left_out)))

    def again(self, text: str) -> str:
        """Other words, and the same left out."""
        signed = (f'-"{one}"' if " " in one else f"-{one}" for one in self.left_out)
        return " ".join((text, *signed))


def read(text: str) -> Asked:
    """What is looked for, and what must not be there."""
    text = _FIELD.sub(r"\1", text)
    pieces = _PIECE.findall(text)
    operators = _operators(pieces)
    groups: list[list[str]] = []
    left_out: list[str] = []
    for place, piece in enumerate(pieces):
        before = operators.get(place - 1)
        if place in operators:
            continue
        if before == NOT or _is_left_out(piece, pieces[place - 1] if place else ""):
            left_out.append(piece.strip(_AROUND))
        elif before == OR and groups:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    if not (operators or left_out):
        return Asked(text)
    kept = " ".join(piece for group in groups for piece in group)
    return Asked(kept, tuple(left_out), tuple(tuple(group) for group in groups if len(group) > 1))


def _operators(pieces: list[str]) -> dict[int, str]:
    """Place → operator; in a text without small letters, or at its edges, they are words."""
    if not any(letter.islower() for piece in pieces for letter in piece):
        return {}
    found = ((place, _OPERATORS.get(piece)) for place, piece in enumerate(pieces[:-1]))
    return {place: operator for place, operator in found if operator and (place or operator == NOT)}


def _is_left_out(piece: str, before: str) -> bool:
    if not _LEFT_OUT.fullmatch(piece) or _GOES_ON.fullmatch(before):
        return False
    return not (piece[1].isdigit() and before[-1:].isdigit())
