"""Know which records are parts of others, and the versions that sources tell them by."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Applies the change."""
    op.add_column("records", sa.Column("part_of", sa.Text(), server_default="", nullable=False))
    op.create_index(
        "ix_records_part_of",
        "records",
        ["source_id", "part_of"],
        unique=False,
        sqlite_where=sa.text("part_of <> ''"),
        postgresql_where=sa.text("part_of <> ''"),
    )
    op.create_table(
        "versions",
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_versions_source_id")),
        sa.PrimaryKeyConstraint("source_id", "identifier", name=op.f("pk_versions")),
    )
