"""Know under which public address everything was minted, and how often somebody does something."""

import re
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Applies the change."""
    sites = op.create_table(
        "sites",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_sites")),
    )
    op.create_table(
        "uses",
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("who", sa.LargeBinary(length=16), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", "who", "minute", name=op.f("pk_uses")),
    )
    if url := minted_at(op.get_bind()):
        op.bulk_insert(sites, [{"url": url, "since": datetime.now(UTC), "until": None}])


def minted_at(connection: sa.Connection) -> str:
    """The address in what is said of the newest entry; empty when nothing was published yet."""
    query = "SELECT e.id, c.own FROM entries e JOIN contents c ON c.entry_id = e.id ORDER BY e.revision DESC LIMIT 1"
    for id, own in connection.execute(sa.text(query)):
        found = re.search(rf"^<([^>]+)/id/record/{id}> ", own, flags=re.MULTILINE)
        return found[1] if found else ""
    return ""
