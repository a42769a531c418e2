"""`datastore harvest`: sources now, from begin to end."""

import sys
from typing import Any

import click

from harvesters import PUSH

from ..errors import Conflict, Invalid, NotFound
from ..harvesting.events import run_event
from ..service import Catalogue
from ..store.rows import RunRow, SourceRow
from .failures import Failure
from .run_words import tell
from .terminal import as_json, on_terminal, opened, print_json

GOOD = ("done", "done-with-findings")


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every source that is read and not paused.")
@click.option("--full", is_flag=True, help="Read everything anew, also what says that it did not change.")
@as_json
def harvest(sources: tuple[str, ...], everything: bool, full: bool, as_json: bool) -> None:
    """Harvest the SOURCEs now and say what came of it.

    Exits with 1 when a run failed or is held.
    """
    if bool(sources) == everything:
        raise Invalid("Name the sources to harvest, or say --all.")
    with opened() as catalogue:
        names = [row.name for row in catalogue.sources.all() if is_read(row)] if everything else sources
        bad = [name for name in names if not went_through(catalogue, name, full=full, as_json=as_json)]
    if bad:
        raise Failure(f"Not everything went through: {', '.join(bad)}.")


def is_read(row: SourceRow) -> bool:
    """True for a source that --all harvests."""
    return row.active and row.approved and row.kind != PUSH


def went_through(catalogue: Catalogue, name: str, *, full: bool, as_json: bool) -> bool:
    """One run among several: what keeps it from starting is said, and the others go on."""
    try:
        return run(catalogue, name, full=full, as_json=as_json).state in GOOD
    except (Conflict, NotFound) as reason:
        click.echo(f"{name}: {reason}", err=True)
        return False


def run(catalogue: Catalogue, name: str, *, full: bool = False, as_json: bool = False) -> RunRow:
    """One run, with its progress: JSON lines for programs, a line that grows on a terminal."""
    progress = JsonLines() if as_json else Line(name) if on_terminal() else None
    row = catalogue.runs.harvest(name, full=full, progress=progress)
    if isinstance(progress, Line):
        progress.clear()
    if as_json:
        print_json(run_event(row))
    else:
        tell(catalogue, row)
    return row


class JsonLines:
    """Every event of a run as one line; the run itself is told at its end."""

    def __call__(self, event: dict[str, Any]) -> None:
        """Called while the run goes on."""
        if event.get("event") != "run":
            print_json(event)


class Line:
    """One line on standard error that is written over while records come in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen = 0

    def __call__(self, event: dict[str, Any]) -> None:
        """Called while the run goes on."""
        if event.get("event") == "record":
            self.seen += 1
        total = event.get("total")
        self.write(f"{self.name}: {self.seen}{f' of {total}' if total else ''} records")

    def clear(self) -> None:
        """Takes the line away."""
        self.write("")

    @staticmethod
    def write(text: str) -> None:
        """Replaces the line."""
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
