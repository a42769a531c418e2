"""Data dictionaries as publishers keep them: a table with a line for each column, in CSV, headed in any of our
languages (`Champ;Description;Unité`)."""

import csv
import io
import re
from collections.abc import Iterator, Mapping

from slugify import slugify

from dcat.model import Text, Texts
from dcat.our_languages import OUR_LANGUAGES

from .heading import keys

NAMES = frozenset((
    "name", "field", "field-name", "column", "column-name", "variable", "variable-name", "attribute", "attribute-name",
    "nom", "champ", "nom-du-champ", "nom-de-champ", "colonne", "nom-de-la-colonne", "nom-de-colonne", "nom-technique",
    "naam", "veld", "veldnaam", "kolom", "kolomnaam", "attribuut", "attribut", "variabele", "technische-naam",
    "feld", "feldname", "spalte", "spaltenname", "merkmal",
))  # fmt: skip
TITLES = frozenset(["title", "label", "libelle", "intitule", "titre", "titel", "bezeichnung", "etiket"])
MEANINGS = {
    "description": "", "definition": "", "meaning": "en", "explanation": "en",
    "signification": "fr", "explication": "fr",
    "beschrijving": "nl", "omschrijving": "nl", "definitie": "nl", "betekenis": "nl", "uitleg": "nl",
    "beschreibung": "de", "bedeutung": "de", "erlauterung": "de",
}  # fmt: skip
"""Headings of meanings, with the language that such a word is of."""
UNITS = frozenset(["unit", "units", "unite", "unites", "eenheid", "einheit"])
MOST, LONGEST = 1_000, 1_000
"""Lines that are read, and characters of a text that are kept."""

_SUFFIX = re.compile(rf"(.+?)-({'|'.join(OUR_LANGUAGES)})")

Line = Mapping[str, str]


def lines(body: bytes) -> Iterator[tuple[str, Texts, Texts, str]]:
    """(name of a column, titles, meanings, unit) for each line; nothing for what is no data dictionary. A column is
    named by its heading and by its key."""
    rows = _rows(body)
    headings = [_heading(cell) for cell in next(rows, [])]
    name = next((place for place, (word, _) in enumerate(headings) if word in NAMES), None)
    if name is None or not any(word in MEANINGS or word in TITLES for word, _ in headings):
        return
    for cells in rows:
        if len(cells) > name and (called := cells[name].strip()):
            said = list(zip(headings, (cell.strip()[:LONGEST] for cell in cells), strict=False))
            titles = tuple(Text(text, lang) for (word, lang), text in said if word in TITLES and text)
            meanings = tuple(Text(text, lang) for (word, lang), text in said if word in MEANINGS and text)
            unit = next((text for (word, _), text in said if word in UNITS), "")
            for one in dict.fromkeys((called, *keys([called]))):
                yield one, titles, meanings, unit


def _rows(body: bytes) -> Iterator[list[str]]:
    text = _text(body)
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for _, cells in zip(range(MOST), reader, strict=False):
            yield cells
    except csv.Error:  # a cell without end: what came before it counts
        return


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _heading(cell: str) -> tuple[str, str]:
    """The word of a heading and its language: `Description (nl)`, `description_nl`, `Omschrijving`."""
    word = slugify(cell)
    suffix = _SUFFIX.fullmatch(word)
    if suffix and (suffix[1] in MEANINGS or suffix[1] in TITLES):
        return suffix[1], suffix[2]
    return word, MEANINGS.get(word, "")
