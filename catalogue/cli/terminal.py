"""What all commands share: the open catalogue, output for people and for programs, errors as sentences."""

import getpass
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, tzinfo
from typing import Any

import click
import msgspec

from dcat.findings import Finding
from dcat.messages import RULES, explain
from dcat.near_names import listed

from .. import log, settings
from ..audit import acting
from ..checking.finding_report import worst_first
from ..errors import DatastoreError
from ..names import refuse_foreign_packages
from ..service import Catalogue
from ..store.rows import RunRow

STDIN = "-"
"""What is read from standard input, in the place of a file or a text."""
EXAMPLES = 3
"""Places that are named for each cause."""
LONGEST_VALUE = 80

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def start(level: int = logging.WARNING) -> settings.Settings:
    """What every start does: logs as JSON lines, package names checked, settings read."""
    log.configure(level)
    refuse_foreign_packages()
    for sentence in settings.unknown():
        click.echo(sentence, err=True)
    found = settings.load()
    if found.log_level:
        log.configure(logging.getLevelNamesMapping()[found.log_level.upper()])
    return found


@contextmanager
def opened(
    level: int = logging.WARNING, *, is_moving: bool = False, is_any_version: bool = False
) -> Iterator[Catalogue]:
    """The catalogue of the settings, closed in the end. `is_moving`: its public address is about to change, so nobody
    needs to be told that it differs. `is_any_version`: for who makes the tables, or looks at their version."""
    catalogue = Catalogue(start(level))
    try:
        if not is_any_version:
            catalogue.must_be_made()
        if not is_moving:
            tell_difference(catalogue)
        with acting(f"command line {user()}"):
            yield catalogue
    finally:
        catalogue.close()


def user() -> str:
    """Who sits at the terminal, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number that has no name
        return str(os.getuid())


def tell_difference(catalogue: Catalogue) -> None:
    """Says on standard error when the settings name another public address than the one everything was named under."""
    with suppress(DatastoreError):  # without tables nothing was named yet, and all else is told when it is met
        if difference := catalogue.address.difference():
            click.echo(difference, err=True)


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    click.echo(msgspec.json.encode(value).decode())


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as what stands in them; the last one is never padded."""
    lines = [[*head], *([tidy(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def local(moment: datetime | None, zone: tzinfo) -> str:
    """A moment in the time zone of the schedules, with its name."""
    return tidy(moment and f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}")


def tidy(value: object) -> str:
    """A value as text for a terminal: no control characters, a dash for nothing, minutes are enough for a moment."""
    if hasattr(value, "strftime"):
        value = f"{value:%Y-%m-%d %H:%M}"
    text = "-" if value in (None, "") else str(value)
    return "".join(char if char.isprintable() else " " for char in text)


def print_findings(findings: Iterable[Finding], indent: str = "  ") -> None:
    """Each remark with what to do, in English, the worst first."""
    for finding in worst_first(findings):
        said = explain(finding, "en")
        click.echo(f"{indent}{RULES[finding.rule].severity.upper()}  {tidy(said.message)}")
        click.echo(f"{indent}  {tidy(said.fix)}")


def not_read(run: RunRow) -> str:
    """The properties and fields that nobody read in a run, in one line, with what may be meant by them."""
    return f"  not read: {tidy(listed(run.unread, 'do you mean {}?'))}"


def on_terminal() -> bool:
    """True when a person looks at the progress."""
    return sys.stderr.isatty()


def print_cause(findings: list[Finding]) -> None:
    """What is the matter, said once; how often, and where first."""
    first, said = findings[0], explain(findings[0], "en")
    times = f"  {len(findings)} ×" if len(findings) > 1 else ""
    click.echo(f"{RULES[first.rule].severity.upper()}{times}  {tidy(said.message)}\n  {tidy(said.fix)}")
    for finding in findings[:EXAMPLES]:
        value = f"  {tidy(finding.value[:LONGEST_VALUE])}" if finding.value != first.value else ""
        click.echo(f"    {tidy(finding.subject)}{value}")
    if (more := len(findings) - EXAMPLES) > 0:
        click.echo(f"    and {more} more")
