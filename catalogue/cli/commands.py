"""The group of all commands: loads the one that is asked for, and turns whatever goes wrong in it into a sentence."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click

from .failures import Stopped


class Place(NamedTuple):
    """Where a command stands, and what the list of commands says of it."""

    address: str
    """Its file in this folder and its name there: `file:name`."""
    told: str
    """The first sentence of its help."""


class Commands(click.Group):
    """The whole command: whatever goes wrong in it becomes one sentence, never a traceback."""

    def __init__(self, *args: Any, places: Mapping[str, Place], **options: Any) -> None:
        super().__init__(*args, **options)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """In the order in which people need them."""
        return list(self._places)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """Loads the file of the command: nobody who asks for the version waits for the database's drivers."""
        if name not in self._places:
            return None
        file, _, place = self._places[name].address.partition(":")
        command: click.Command = getattr(import_module(f".{file}", __package__), place)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (as above)
        """The list of commands, told without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.told) for name, place in self._places.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command; a failure in it becomes a sentence."""
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort) as error:
            raise Stopped("Stopped.") from error
        except Exception as error:
            from .sentences import failure  # noqa: PLC0415 (only who fails waits for the names of all errors)

            raise failure(error) from error
