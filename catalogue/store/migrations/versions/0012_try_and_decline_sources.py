"""Try whole sources when asked, and say which sources operators decline."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "rehearsals",
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_rehearsals_source_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_rehearsals")),
    )
    op.add_column("sources", sa.Column("declined", sa.Text(), nullable=False, server_default=""))
    op.add_column("sources", sa.Column("untold", sa.Boolean(), nullable=False, server_default=sa.text("false")))
