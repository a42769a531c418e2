"""Know publications: a fourth kind of entry."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0020"

NAME = "ck_entries_kind"
BEFORE = "kind IN ('dataset', 'series', 'service')"
AFTER = "kind IN ('dataset', 'series', 'service', 'publication')"


def upgrade() -> None:
    """Applies the change."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        loosen(connection)
    else:
        op.drop_constraint(op.f(NAME), "entries", type_="check")
        op.create_check_constraint(op.f(NAME), "entries", AFTER)


def loosen(connection: sa.Connection) -> None:
    """SQLite cannot change a constraint, and to make the table anew would empty those that refer to it. What is stored
    stays valid under the wider one, so its text is changed (https://www.sqlite.org/lang_altertable.html#otheralter)."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    widen = "UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'entries'"
    connection.execute(sa.text(widen), {"before": BEFORE, "after": AFTER})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
