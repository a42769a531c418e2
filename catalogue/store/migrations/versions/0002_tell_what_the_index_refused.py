"""Tell what the index refused, and what was offered to it while another one was built."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Applies the change."""
    op.add_column("entries", sa.Column("offered", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("entries", sa.Column("refusal", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_entries_refusal",
        "entries",
        ["id"],
        unique=False,
        sqlite_where=sa.text("refusal <> ''"),
        postgresql_where=sa.text("refusal <> ''"),
    )
