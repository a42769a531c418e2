"""See into files: what was seen of them, and when they are to be looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "looked",
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_looked_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_looked")),
    )
    op.create_index("ix_looked_due", "looked", ["due"], unique=False)
    op.create_table(
        "previews",
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("file", sa.String(length=16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("found", sa.LargeBinary(), nullable=True),
        sa.Column("rows", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_previews_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "file", name=op.f("pk_previews")),
    )
