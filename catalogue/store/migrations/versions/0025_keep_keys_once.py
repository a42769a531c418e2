"""Keep tables of many rows of little more than keys in the order of these, which else stand twice in SQLite.

All is done in one transaction: what is broken off leaves the tables as they were, and begins again. Other databases
keep rows as they always did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

TABLES = ("keys", "address_uses")
ENDING = " WITHOUT ROWID"


def upgrade() -> None:
    """Applies the change."""
    for table in TABLES:
        _make_anew(table, ENDING)


def downgrade() -> None:
    """Takes it back."""
    for table in TABLES:
        _make_anew(table, "")


def _make_anew(table: str, ending: str) -> None:
    """Puts a table with that ending of its definition in the place of the one that is there."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    query = sa.text("SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = :table AND sql IS NOT NULL")
    made = list(connection.execute(query, {"table": table}))
    indexes = [one for one in made if one.type == "index"]
    for one in indexes:
        op.drop_index(one.name, table)
    op.rename_table(table, f"{table}_before")
    op.execute(next(one.sql for one in made if one.type == "table").removesuffix(ENDING) + ending)
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before ORDER BY 1, 2")  # noqa: S608 (names of ours)
    op.drop_table(f"{table}_before")
    for one in indexes:
        op.execute(one.sql)
