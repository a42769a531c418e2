"""The command `datastore`: its list of commands is the table of contents.

Nothing is decided here; words of the command line become calls of the catalogue and back."""

from importlib.metadata import version

import click

from .commands import Commands

COMMANDS = {
    "demo": "demo:demo",
    "init": "upkeep:init",
    "source": "source:source",
    "harvest": "harvest:harvest",
    "worker": "run:worker",
    "serve": "run:serve",
    "index": "upkeep:index",
    "export": "publish:export",
    "check": "publish:check",
    "show": "publish:show",
    "duplicates": "duplicates:duplicates",
    "token": "upkeep:token",
    "doctor": "upkeep:doctor",
}
"""Every command, in the order in which people need them: its file and its name there, loaded when it is used."""


@click.group(
    cls=Commands,
    places=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(version("datastore-portal"), prog_name="datastore")
def main() -> None:
    """An open-data catalogue and portal: harvest, check, search and publish.

    Settings come from DATASTORE_* variables and from datastore.toml in this folder; see `datastore doctor`.
    """
