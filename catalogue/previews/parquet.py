"""Parquet (https://parquet.apache.org), which needs the extra `parquet`: DuckDB reads it, alone with the one file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .preview import Preview, Unseen
from .table import Table
from .values import as_text

BATCH = 2_000
SETTINGS: dict[str, Any] = {
    "threads": 1,
    "memory_limit": "300MB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


def parquet(file: Path) -> Table:
    """The table in a file of Parquet. Raises `Unseen`."""
    try:
        import duckdb  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError as error:
        raise Unseen("no-parquet") from error
    try:
        database = duckdb.connect(":memory:", config={**SETTINGS, "temp_directory": ""})
        rows = Rows(database, file)
        return Table(Preview(format="PARQUET"), rows, rows.names)
    except duckdb.OutOfMemoryException as error:
        raise Unseen("too-heavy") from error
    except duckdb.Error as error:
        raise Unseen("damaged") from error


class Rows:
    """The rows, which can be gone through again."""

    def __init__(self, database: Any, file: Path) -> None:
        self._database, self._file = database, str(file)
        self.names = [str(one[0]) for one in self._asked().description]

    def __iter__(self) -> Iterator[list[str]]:
        found = self._asked()
        while some := found.fetchmany(BATCH):
            for row in some:
                yield [_cell(cell) for cell in row]

    def _asked(self) -> Any:
        return self._database.execute("SELECT * FROM read_parquet(?)", [self._file])


def _cell(cell: object) -> str:
    return cell.hex() if isinstance(cell, bytes) else as_text(cell)
