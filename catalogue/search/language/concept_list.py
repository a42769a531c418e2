"""`concepts.csv` as it stands: one concept a row, the names of a language divided by ` | `."""

import csv
from functools import cache
from importlib.resources import files


@cache
def listed() -> list[dict[str, str]]:
    """The rows: `id`, a column for each language, `codes`."""
    return list(csv.DictReader(files(__package__).joinpath("concepts.csv").read_text("utf-8").splitlines()))


def names(row: dict[str, str], language: str) -> tuple[str, ...]:
    """The names of a row's concept in a language, the usual one first."""
    return tuple(row[language].split(" | ")) if row[language] else ()
