"""Keep what is said of entries, their records as they came and their scores packed.

The JSON of an entry and its N-Triples say nearly the same, so they become one column. All is done in one transaction,
a few hundred rows in memory at a time: what is broken off leaves the tables as they were, and begins again.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
import structlog
from alembic import op

from catalogue.errors import Unavailable
from catalogue.store.packing import Damaged, pack, unpack

revision = "0024"
down_revision = "0023"

BATCH = 200
"""Rows that are in memory at a time."""
TELL = 5_000
"""Rows after which the operator is told how far it is."""
PENDING = sa.text("pending <> ''")

Row = dict[str, Any]

log = structlog.get_logger(__name__)


def upgrade() -> None:
    """Applies the change."""
    _make_anew((sa.Column("said", sa.LargeBinary(), nullable=False),), _said)
    _rewrite("records", ("source_id", "identifier"), "body", lambda body: pack(zlib.decompress(body)))
    _rewrite("assessments", ("entry_id",), "measures", pack)
    if op.get_bind().dialect.name == "postgresql":  # which else tries in vain to pack them once more
        for table, column in (("contents", "said"), ("records", "body")):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Takes it back."""
    before = (
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("own", sa.Text(), nullable=False),
    )
    _make_anew(before, _told)
    _rewrite("records", ("source_id", "identifier"), "body", lambda body: zlib.compress(unpack(body), 1))
    _rewrite("assessments", ("entry_id",), "measures", unpack)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE records ALTER COLUMN body SET STORAGE EXTENDED")


def _said(row: Row) -> Row:
    named = tuple(row["named"].split("\n")) if row["named"] else ()
    return {"said": pack(msgspec.msgpack.encode((bytes(row["entry"]), row["own"], named)))}


def _told(row: Row) -> Row:
    entry, own, named = msgspec.msgpack.decode(unpack(bytes(row["said"])), type=tuple[bytes, str, tuple[str, ...]])
    return {"named": "\n".join(named), "entry": entry, "own": own}


def _make_anew(columns: Sequence[sa.Column[Any]], change: Callable[[Row], Row]) -> None:
    """Puts a table of contents with these columns in the place of the one that is there."""
    connection = op.get_bind()
    op.drop_index("ix_contents_pending", "contents")
    if connection.dialect.name == "postgresql":  # where names of keys are those of the whole schema
        op.execute("ALTER TABLE contents RENAME CONSTRAINT pk_contents TO pk_contents_before")
    op.rename_table("contents", "contents_before")
    made = op.create_table(
        "contents",
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("pending", sa.Text(), nullable=False),
        *columns,
        sa.Column("shared", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_contents_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_contents")),
    )
    for rows in _batches("contents_before", ("entry_id",), "*"):
        kept = ({name: row[name] for name in ("entry_id", "pending", "shared")} | change(row) for row in rows)
        connection.execute(made.insert(), list(kept))
    op.drop_table("contents_before")
    op.create_index("ix_contents_pending", "contents", ["entry_id"], sqlite_where=PENDING, postgresql_where=PENDING)


def _rewrite(table: str, keys: Sequence[str], column: str, change: Callable[[bytes], bytes]) -> None:
    """Writes every value of a column anew."""
    ours = " AND ".join(f"{key} = :{key}" for key in keys)
    statement = sa.text(f"UPDATE {table} SET {column} = :{column} WHERE {ours}")  # noqa: S608 (names of ours)
    for rows in _batches(table, keys, ", ".join((*keys, column))):
        changed = [row | {column: _anew(table, row, column, change)} for row in rows if row[column] is not None]
        if changed:
            op.get_bind().execute(statement, changed)


def _anew(table: str, row: Row, column: str, change: Callable[[bytes], bytes]) -> bytes:
    try:
        return change(bytes(row[column]))
    except (zlib.error, Damaged) as error:
        told = ", ".join(f"{key} {part}" for key, part in row.items() if key != column)
        raise Unavailable(
            f"A value of the database is damaged ({table}.{column} of {told}), so the tables stay as they were. Keep "
            "the database, and bring back the last backup with: datastore restore FILE"
        ) from error


def _batches(table: str, keys: Sequence[str], columns: str) -> Iterator[list[Row]]:
    """Every row of a table in order of its key, some at a time."""
    connection, done = op.get_bind(), 0
    order, places = ", ".join(keys), ", ".join(f":{key}" for key in keys)
    last: Row = dict.fromkeys(keys, "")
    query = sa.text(
        f"SELECT {columns} FROM {table} WHERE ({order}) > ({places}) ORDER BY {order} LIMIT {BATCH}"  # noqa: S608 (as above)
    )
    while rows := [dict(row) for row in connection.execute(query, last).mappings()]:
        yield rows
        last = {key: rows[-1][key] for key in keys}
        done += len(rows)
        if done % TELL < len(rows):
            log.info("schema.packing", table=table, rows=done)
