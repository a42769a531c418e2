"""The version of the tables, and what is said when it is not that of this software.

Told without Alembic, for which only those wait who change the tables. Whoever reads or writes tables of another version
finds damage where there is none, and makes some where there was none."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, text

from ..errors import SettingsError

STEPS = Path(__file__).parent / "migrations" / "versions"
NONE = "The database has no tables yet, or those of an older version. Make them with: datastore init"


def found(tx: Connection) -> str | None:
    """That of the database; None when none is written down."""
    version: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return version


@cache
def known() -> tuple[str, ...]:
    """Those that this software can bring up to date, in their order, and the one that it needs as the last."""
    return tuple(sorted(step.stem.partition("_")[0] for step in STEPS.glob("[0-9]*_*.py")))


def refuse_other(version: str | None) -> None:
    """Raises `SettingsError` with what to do when tables of that version cannot be worked with."""
    if version is None:
        raise SettingsError(NONE)
    refuse_newer(version)
    if version != known()[-1]:
        raise SettingsError(
            f"The tables are of version {version}, not {known()[-1]}. Bring them up to date with: datastore init"
        )


def refuse_newer(version: str) -> None:
    """Raises `SettingsError` for tables that this software does not know."""
    if version not in known():
        raise SettingsError(
            f"The tables are of version {version}, and this software knows them up to {known()[-1]}: a newer one made "
            "them. Use that one, or restore the backup of before into an empty database: datastore restore FILE"
        )
