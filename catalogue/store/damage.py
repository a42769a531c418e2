"""Which row holds a packed value that cannot be read any more, for whoever looks after the database."""

from collections.abc import Iterator

from sqlalchemy import Column, Connection, LargeBinary, select, type_coerce

from .tables import metadata
from .types import PACKED


def sentence(connection: Connection, value: bytes) -> str:
    """Where it stands and what to do."""
    return (
        f"A value of the database is damaged ({_place(connection, value)}). Keep the database, and bring back the last "
        "backup with: datastore restore FILE"
    )


def _place(connection: Connection, value: bytes) -> str:
    for column in _packed():
        keys = list(column.table.primary_key.columns)
        query = select(*keys).where(type_coerce(column, LargeBinary) == value).limit(1)
        if (row := connection.execute(query).first()) is not None:
            told = ", ".join(f"{key.name} {part}" for key, part in zip(keys, row, strict=True))
            return f"{column.table.name}.{column.name} of {told}"
    return "its row is gone meanwhile"


def _packed() -> Iterator[Column[object]]:
    for table in metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, PACKED))
