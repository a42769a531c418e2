"""Know when numbers were given, and where old addresses lead."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Applies the change."""
    moments = op.create_table(
        "moments",
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("last", name=op.f("pk_moments")),
    )
    op.create_table(
        "redirects",
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("old", name=op.f("pk_redirects")),
    )
    query = "SELECT value FROM counters WHERE name = 'revision' AND EXISTS (SELECT 1 FROM entries)"
    for (last,) in op.get_bind().execute(sa.text(query)):
        op.bulk_insert(moments, [{"last": last, "at": datetime.now(UTC)}])
