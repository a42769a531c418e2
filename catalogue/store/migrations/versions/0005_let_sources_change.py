"""Keep what lets us in at sources, where they moved to, and whether somebody approved them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Applies the change."""
    op.add_column("sources", sa.Column("moved_to", sa.Text(), server_default="", nullable=False))
    op.add_column("sources", sa.Column("approved", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.create_table(
        "credentials",
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_credentials_source_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_credentials")),
    )
