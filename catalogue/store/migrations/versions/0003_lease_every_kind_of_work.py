"""Lease every kind of work, and tell a run that somebody else changed records of its source meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Applies the change."""
    op.add_column("sources", sa.Column("changes", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "leases",
        sa.Column("chore", sa.String(length=32), nullable=False),
        sa.Column("piece", sa.String(length=128), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("chore", "piece", name=op.f("pk_leases")),
    )
