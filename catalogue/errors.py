"""Errors that people meet: each says what happened, where, and what to do."""

from typing import TypeVar

from dcat.quoting import shortened


class DatastoreError(Exception):
    """Something a person can mend. The text is a sentence for that person; command line and web show it as it is.
    What it quotes is cut to what helps to find it."""

    def __init__(self, message: str = "") -> None:
        super().__init__(shortened(message))


class SettingsError(DatastoreError):
    """A setting is missing, unknown or unusable."""


class NotFound(DatastoreError):
    """Nothing has that name."""


class Conflict(DatastoreError):
    """It exists already, or somebody else owns it."""


class Invalid(DatastoreError):
    """The input cannot be used; `field` names the part that is wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Unreadable(DatastoreError):
    """A feed cannot be fetched or read; `field` names what was given: an address or a body."""

    def __init__(self, message: str, code: str, field: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class Forbidden(DatastoreError):
    """The token does not allow it."""


class Unavailable(DatastoreError):
    """A part of the system does not answer now; trying again later may help. `place`: which one, for operators alone,
    since reports of runs are public."""

    def __init__(self, message: str = "", place: str = "") -> None:
        super().__init__(message)
        self.place = place


def for_operators(error: Exception) -> str:
    """The text of an error with what only operators may read."""
    return f"{error} It is {error.place}." if isinstance(error, Unavailable) and error.place else str(error)


T = TypeVar("T")


def found(row: T | None, what: str) -> T:
    """The row itself; raises `NotFound` when there is none."""
    if row is None:
        raise NotFound(f"There is no {what}.")
    return row
