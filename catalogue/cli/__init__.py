"""The command `datastore`: its list of commands is the table of contents.

Nothing is decided here; words of the command line become calls of the catalogue and back."""

from importlib.metadata import version

import click

from .demo import demo
from .duplicates import duplicates
from .harvest import harvest
from .publish import check, export, show
from .run import serve, worker
from .source import source
from .terminal import Commands
from .upkeep import doctor, index, init, token

COMMANDS = (demo, init, source, harvest, worker, serve, index, export, check, show, duplicates, token, doctor)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("datastore-portal"), prog_name="datastore")
def main() -> None:
    """An open-data catalogue and portal: harvest, check, search and publish.

    Settings come from DATASTORE_* variables and from datastore.toml in this folder; see `datastore doctor`.
    """


for command in COMMANDS:
    main.add_command(command)
