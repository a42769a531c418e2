"""Bind keys to publishers: those besides its own whose records a key may send."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0016"


def upgrade() -> None:
    """Applies the change."""
    op.add_column("tokens", sa.Column("publishers", sa.Text(), nullable=False, server_default=""))
