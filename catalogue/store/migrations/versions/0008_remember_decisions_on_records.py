"""Remember what people decided on single records."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "decisions",
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_decisions_source_id")),
        sa.PrimaryKeyConstraint("source_id", "identifier", "field", name=op.f("pk_decisions")),
    )
