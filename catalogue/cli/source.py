"""`datastore source …`: the list of what can be done with harvest sources."""

import click

from .source_list import kinds, list_, show
from .source_register import add, approve, decline, edit_, pause, remove, resume
from .source_runs import cancel, changes, moved, removals
from .source_try import test

COMMANDS = (
    add, list_, show, edit_, approve, decline, pause, resume, remove, moved, test, kinds, changes, cancel, removals,
)  # fmt: skip
"""All of them, in the order in which people need them."""


@click.group(commands=COMMANDS)
def source() -> None:
    """Harvest sources: add, change, try, list, pause, remove."""
