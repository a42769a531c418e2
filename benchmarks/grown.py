"""Large catalogues for the benchmarks, made in little time: a few hundred entries are harvested, the rest are their
copies under other names, ids and titles, row by row.

    python -m benchmarks.grown FOLDER [ENTRIES]
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.serve_feed import filled
from catalogue.links import gathering
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.stopping import Stop
from catalogue.store import packing
from catalogue.store.types import Said

HARVESTED = 500
LETTERS = "abcdefghij"
"""Digits, written so that they make titles differ: those that differ by a number only count as the same."""
TABLES = ("entries", "contents", "assessments", "keys", "records", "outcomes", "findings")
"""What holds rows of entries, each before those that lead to it."""
NUMBERS = {"revision", "indexed_revision", "offered", "outcome_id"}
"""Columns with numbers of the store; the id of an outcome is one too."""

Row = dict[str, Any]


class Shelf:
    """Large catalogues by their number of entries, each made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def catalogue(self, entries: int) -> Settings:
        """The settings of one."""
        folder = self._folder / str(entries)
        if folder.is_dir():
            return Settings(data_dir=folder / "var")
        return grown(folder, entries)


def grown(folder: Path, entries: int) -> Settings:
    """The settings of a catalogue with that many entries (a multiple of `HARVESTED`), indexed."""
    settings = filled(folder, HARVESTED)
    with closing(sqlite3.connect(settings.database.removeprefix("sqlite:///"))) as connection:
        connection.row_factory = sqlite3.Row
        rows = {table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in TABLES}
        step = max(row["revision"] for row in rows["entries"])
        for copy in range(1, entries // HARVESTED):
            _copy(connection, rows, copy, step * copy)
        connection.execute("UPDATE counters SET value = value + ? WHERE name = 'revision'", (step * entries,))
        connection.commit()
    catalogue = Catalogue(settings)
    gathering.gather(catalogue._database, Stop())  # noqa: SLF001 (what a worker does, without its lease)
    catalogue.index.rebuild()
    catalogue.close()
    return settings


def _copy(connection: sqlite3.Connection, rows: dict[str, list[Row]], copy: int, step: int) -> None:
    """Every harvested entry once more."""
    for table, some in rows.items():
        places = ", ".join(f":{name}" for name in some[0])
        columns = ", ".join(f'"{name}"' for name in some[0])
        connection.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",
            [{name: _other(table, name, value, copy, step) for name, value in row.items()} for row in some],
        )


def _other(table: str, name: str, value: Any, copy: int, step: int) -> Any:
    """What a column of a copy holds."""
    if name in NUMBERS or (table, name) == ("outcomes", "id"):
        return value + step
    if name in {"id", "entry_id"}:
        return f"{copy:04}{value[4:]}"
    if name in {"name", "key"}:
        return f"{value}-{copy}"
    if name == "said":
        return _packed(msgspec.msgpack.decode(packing.unpack(value), type=Said), copy)
    if isinstance(value, bytes) and name == "title":
        return _said(value.decode(), copy).encode()
    return _said(value, copy) if isinstance(value, str) else value


def _packed(said: Said, copy: int) -> bytes:
    named = tuple(_said(one, copy) for one in said.named)
    fresh = Said(_said(said.entry.decode(), copy).encode(), _said(said.own, copy), named)
    return packing.pack(msgspec.msgpack.encode(fresh))


def _said(text: str, copy: int) -> str:
    """A text of a copy: its addresses are others, and the first word of its title."""
    word = "".join(LETTERS[int(digit)] for digit in str(copy))
    return text.replace("/dataset/", f"/dataset/{copy}-").replace('[{"value":"', f'[{{"value":"{word} ', 1)


if __name__ == "__main__":
    grown(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5_000)
