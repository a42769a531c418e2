"""List entries by when they changed, and equal ones by id, without sorting them.

A harvest gives hundreds of entries one moment, so an index of moments alone left those to be sorted for each page.
"""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Applies the change."""
    op.drop_index("ix_entries_updated", "entries")
    op.create_index("ix_entries_updated_id", "entries", ["updated", "id"])


def downgrade() -> None:
    """Takes it back."""
    op.drop_index("ix_entries_updated_id", "entries")
    op.create_index("ix_entries_updated", "entries", ["updated"])
