"""What all commands share: the open catalogue, output for people and for programs, errors as sentences."""

import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
import msgspec
import structlog

from dcat.findings import Finding
from dcat.rules import RULES, explain
from harvesters.base import HarvestError

from .. import log, settings
from ..checking.finding_report import worst_first
from ..errors import DatastoreError, Invalid, SettingsError
from ..names import refuse_foreign_packages
from ..search.base import BadQuery, SearchUnavailable
from ..service import Catalogue

SENTENCES = (DatastoreError, HarvestError, SearchUnavailable, BadQuery)
"""Errors whose text is for the person at the terminal."""
MISUSE = (Invalid, SettingsError, BadQuery)
"""Those of them that say that the command was given something wrong: exit code 2."""

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


class Failure(click.ClickException):
    """It did not work: a sentence on standard error, exit code 1."""


class Misuse(click.ClickException):
    """It was asked for wrongly: exit code 2."""

    exit_code = 2


class Stopped(click.ClickException):
    """Somebody pressed Ctrl-C."""

    exit_code = 130


class Commands(click.Group):
    """The whole command: whatever goes wrong in it becomes one sentence, never a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """In the order in which they were added, which is the order in which people need them."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a command and translates its errors."""
        try:
            return super().invoke(ctx)
        except SENTENCES as error:
            raise (Misuse if isinstance(error, MISUSE) else Failure)(log.without_secrets(str(error))) from error
        except (KeyboardInterrupt, click.Abort) as error:
            raise Stopped("Stopped.") from error
        except (BrokenPipeError, click.ClickException, click.exceptions.Exit):
            raise
        except OSError as error:
            raise Failure(f"{error.strerror or error}: {error.filename or 'the system says no more'}") from error
        except Exception as error:
            structlog.get_logger(__name__).exception("command.broken")
            fault = tidy(log.without_secrets(f"{type(error).__name__}: {error}"))
            raise Failure(f"This is a fault of Datastore ({fault}). Please report it.") from error


def start(level: int = logging.WARNING) -> settings.Settings:
    """What every start does: logs as JSON lines, package names checked, settings read."""
    log.configure(level)
    refuse_foreign_packages()
    return settings.load()


@contextmanager
def opened(level: int = logging.WARNING) -> Iterator[Catalogue]:
    """The catalogue of the settings, closed in the end."""
    catalogue = Catalogue(start(level))
    try:
        yield catalogue
    finally:
        catalogue.close()


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    click.echo(msgspec.json.encode(value).decode())


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as what stands in them; the last one is never padded."""
    lines = [[*head], *([tidy(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


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


def on_terminal() -> bool:
    """True when a person looks at the progress."""
    return sys.stderr.isatty()
