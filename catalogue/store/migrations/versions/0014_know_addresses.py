"""Know what is at the addresses that entries lead to, what changed of entries, and who follows them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "addresses",
        sa.Column("key", sa.LargeBinary(16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, server_default=""),
        sa.Column("told", sa.String(16), nullable=False, server_default=""),
        sa.Column("code", sa.String(32), nullable=False, server_default=""),
        sa.Column("status", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("since", sa.DateTime(timezone=True)),
        sa.Column("asked", sa.DateTime(timezone=True)),
        sa.Column("worked", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failed", sa.DateTime(timezone=True)),
        sa.Column("size", sa.BigInteger()),
        sa.Column("media_type", sa.Text(), nullable=False, server_default=""),
        sa.Column("format", sa.String(32), nullable=False, server_default=""),
        sa.Column("modified", sa.DateTime(timezone=True)),
        sa.Column("etag", sa.Text(), nullable=False, server_default=""),
        sa.Column("checksum", sa.String(64), nullable=False, server_default=""),
        sa.Column("changes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_addresses")),
    )
    op.create_index("ix_addresses_due", "addresses", ["due"])
    op.create_index("ix_addresses_host", "addresses", ["host", "due"])
    is_untold = sa.text("state <> told")
    op.create_index("ix_addresses_untold", "addresses", ["host"], sqlite_where=is_untold, postgresql_where=is_untold)
    op.create_table(
        "address_uses",
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.Column("key", sa.LargeBinary(16), nullable=False),
        sa.Column("use", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entries.id"], name=op.f("fk_address_uses_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["key"], ["addresses.key"], name=op.f("fk_address_uses_key"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "key", name=op.f("pk_address_uses")),
    )
    op.create_index("ix_address_uses_key", "address_uses", ["key"])
    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_history_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
    )
    op.create_index("ix_history_entry_id", "history", ["entry_id", "id"])
    op.create_table(
        "follows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("nonce", sa.LargeBinary(16), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("late_told", sa.Date()),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_follows_entry_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
        sa.UniqueConstraint("address", "entry_id", name=op.f("uq_follows_address_entry_id")),
    )
    op.create_index("ix_follows_due", "follows", ["due"])
    op.create_index("ix_follows_entry_id", "follows", ["entry_id"])
