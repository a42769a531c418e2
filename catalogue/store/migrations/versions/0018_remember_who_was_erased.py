"""Remember who was erased: keyed hashes of names and mailboxes that nobody publishes any more."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0013"


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("hash", name=op.f("uq_erasures_hash")),
    )
