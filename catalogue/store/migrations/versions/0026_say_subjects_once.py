"""Say the subject of a remark only where it is another than the record, and keep remarks and versions once in SQLite.

All is done in one transaction: what is broken off leaves the tables as they were, and begins again. Other databases
keep rows as they always did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

OWN = "SELECT identifier FROM outcomes WHERE outcomes.id = findings.outcome_id"
"""By what the record of a remark is known."""


def upgrade() -> None:
    """Applies the change."""
    if _is_sqlite():
        _make_anew("findings", _findings(is_said=False), f"nullif(subject, ({OWN}))", with_rowid=False)
        _make_anew("versions", _versions(), with_rowid=False)
        return
    op.alter_column("findings", "subject", nullable=True)
    op.execute(f"UPDATE findings SET subject = NULL WHERE subject = ({OWN})")  # noqa: S608 (names of ours)


def downgrade() -> None:
    """Takes it back."""
    if _is_sqlite():
        _make_anew("findings", _findings(is_said=True), f"coalesce(subject, ({OWN}))", with_rowid=True)
        _make_anew("versions", _versions(), with_rowid=True)
        return
    op.execute(f"UPDATE findings SET subject = ({OWN}) WHERE subject IS NULL")  # noqa: S608 (as above)
    op.alter_column("findings", "subject", nullable=False)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _findings(*, is_said: bool) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("outcome_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=not is_said),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcomes.id"], name=op.f("fk_findings_outcome_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outcome_id", "position", name=op.f("pk_findings")),
    )


def _versions() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("source_id", sa.String(length=32), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_versions_source_id")),
        sa.PrimaryKeyConstraint("source_id", "identifier", name=op.f("pk_versions")),
    )


def _make_anew(table: str, items: tuple[sa.schema.SchemaItem, ...], subject: str = "", *, with_rowid: bool) -> None:
    """Puts a table of these columns in the place of the one that is there; `subject`: what is kept as such."""
    before = f"{table}_before"
    op.rename_table(table, before)
    op.create_table(table, *items, sqlite_with_rowid=with_rowid)
    names = [one.name for one in items if isinstance(one, sa.Column)]
    values = ", ".join(subject.replace(table, before) if name == "subject" else name for name in names)
    op.execute(f"INSERT INTO {table} SELECT {values} FROM {before} ORDER BY 1, 2")  # noqa: S608 (names of ours)
    op.drop_table(before)
