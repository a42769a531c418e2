"""The table as Parquet (https://parquet.apache.org), which needs the extra `parquet`: DuckDB writes it."""

import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from ..errors import Invalid
from .feed import Feed
from .table import columns, rows

SETTINGS: dict[str, Any] = {
    "threads": 1,
    "memory_limit": "300MB",
    "temp_directory": "",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""One thread: the same table gives the same bytes."""
TYPES: dict[type, str] = {str: "VARCHAR", list: "VARCHAR[]"}
BLOCK = 1024 * 1024
"""Bytes handed on at once."""


def is_installed() -> bool:
    """True where Parquet can be written."""
    return find_spec("duckdb") is not None


def parquet(feed: Feed) -> Iterator[bytes]:
    """One entry a row, in the columns of the table for spreadsheets; what may be several is a list. Raises `Invalid`
    where DuckDB is not installed."""
    if not is_installed():
        raise Invalid(
            "Parquet is written with DuckDB: install it with pip install 'duckdb>=1.4', or write csv.", "file"
        )
    with tempfile.TemporaryDirectory() as folder:
        lines, made = Path(folder, "rows.jsonl"), Path(folder, "rows.parquet")
        with lines.open("wb") as out:
            for row in rows(feed):
                out.write(msgspec.json.encode(row) + b"\n")
                yield b""  # whoever is told to stop stops here
        write(lines, made, {name: TYPES[kind] for name, kind in columns(feed.settings.languages).items()})
        with made.open("rb") as written:
            yield from iter(lambda: written.read(BLOCK), b"")


def write(lines: Path, made: Path, types: dict[str, str]) -> None:
    """A file of JSON objects, one a line, as a file of Parquet."""
    import duckdb  # noqa: PLC0415 (an extra)

    spec = ", ".join(f"'{name}': '{type}'" for name, type in types.items())
    with duckdb.connect(":memory:", config=SETTINGS) as database:
        database.execute(
            f"COPY (SELECT * FROM read_json(?, format = 'newline_delimited', columns = {{{spec}}}))"  # noqa: S608 (ours)
            " TO ? (FORMAT parquet, COMPRESSION zstd)",
            [str(lines), str(made)],
        )
