"""Let readers follow what a search finds, beside single entries."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Applies the change."""
    with op.batch_alter_table("follows") as follows:
        follows.alter_column("entry_id", existing_type=sa.String(length=32), nullable=True)
        follows.add_column(sa.Column("query", sa.Text(), nullable=False, server_default=""))
        follows.add_column(sa.Column("known", sa.LargeBinary(), nullable=True))
    is_list = sa.text("query <> ''")
    op.create_index(
        "uq_follows_query", "follows", ["address", "query"], unique=True, sqlite_where=is_list, postgresql_where=is_list
    )
