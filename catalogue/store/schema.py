"""The tables and their versions: what Alembic does for us."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def upgrade(connection: Connection, version: str = "head") -> None:
    """Creates the tables or brings them to this version of the software, or to an earlier one."""
    config = alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def versions(connection: Connection) -> tuple[str | None, str | None]:
    """The version in the database and the one this software needs."""
    found = MigrationContext.configure(connection).get_current_revision()
    return found, ScriptDirectory.from_config(alembic()).get_current_head()


def is_known(version: str) -> bool:
    """True for a version of the tables that this software can bring up to date."""
    return any(one.revision == version for one in ScriptDirectory.from_config(alembic()).walk_revisions())


def alembic() -> Config:
    """Where the steps from version to version stand."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
