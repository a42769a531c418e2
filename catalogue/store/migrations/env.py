"""What Alembic runs: always on the connection that `Database.upgrade` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from catalogue.store.tables import metadata
from catalogue.store.types import PACKED, Moment, SafeText


def plain_type(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Our column types by what they are in the database: a migration must not change with the code."""
    if kind == "type" and isinstance(item, SafeText):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, PACKED):
        return "sa.LargeBinary()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
