"""Find the few addresses that are broken without reading what is known of the others.

Each page of results asks whether one of its entries leads to one: of some seventy addresses, spread over the table. The
state, of which there is but one, is held for SQLite, which takes the index only where it needs not look into the table.
"""

from alembic import op
from sqlalchemy import text

revision = "0027"
down_revision = "0026"

BROKEN = text("state = 'broken'")


def upgrade() -> None:
    """Applies the change."""
    op.create_index("ix_addresses_broken", "addresses", ["key", "state"], sqlite_where=BROKEN, postgresql_where=BROKEN)


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("ix_addresses_broken", "addresses")
