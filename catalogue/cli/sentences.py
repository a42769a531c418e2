"""What the person at the terminal is told when a command fails."""

import click
import structlog

from harvesters.base import HarvestError

from .. import disk, log
from ..errors import DatastoreError, Invalid, SettingsError, for_operators
from ..search.base import BadQuery, SearchUnavailable
from .failures import Failure, Misuse
from .terminal import tidy

SENTENCES = (DatastoreError, HarvestError, SearchUnavailable, BadQuery)
"""Errors whose text is for the person at the terminal."""
MISUSE = (Invalid, SettingsError, BadQuery)
"""Those of them that say that the command was given something wrong: exit code 2."""


def failure(error: Exception) -> click.ClickException:
    """A sentence for whatever went wrong, never a traceback."""
    if isinstance(error, SENTENCES):
        return (Misuse if isinstance(error, MISUSE) else Failure)(log.without_secrets(for_operators(error)))
    if isinstance(error, OSError):
        return Failure(log.without_secrets(disk.sentence(error)))
    structlog.get_logger(__name__).error("command.broken", exc_info=error)
    fault = tidy(log.without_secrets(f"{type(error).__name__}: {error}"))
    return Failure(f"This is a fault of Datastore ({fault}). Please report it.")
