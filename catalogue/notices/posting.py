"""Letters on their way: taken from what is due, sent one by one, and tried again when they do not arrive."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import TypeVar

from ..errors import SettingsError
from ..settings import Settings
from ..stopping import Stop
from . import mail
from .undelivered import Undelivered

WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))
"""Between one try to send a letter and the next; after the last one it is given up."""
AWAY = timedelta(minutes=30)
"""Until everything is tried again when the mail server cannot be used."""
TOGETHER = 20
"""How many are taken at once."""

T = TypeVar("T")


def is_possible(settings: Settings) -> bool:
    """False when no mail can be sent from here."""
    try:
        mail.check(settings)
    except SettingsError:
        return False
    return True


def until_none(taken: Callable[[], list[T]], work: Callable[[T], bool], stop: Stop) -> int:
    """Works on what is taken until there is nothing, or it is stopped. Returns how many letters went out."""
    sent = 0
    while not stop.asked and (some := taken()):
        for one in some:
            sent += 0 if stop.asked else work(one)
    return sent


def post(settings: Settings, letter: EmailMessage, stop: Stop, failed: Callable[[Undelivered], None]) -> bool:
    """Hands a letter over; True when the mail server took it. Raises `Stopped` when we broke it off."""
    try:
        mail.send(settings, letter, stop)
    except Undelivered as error:
        failed(error)
        return False
    return True


def wait(error: Undelivered, attempts: int) -> timedelta | None:
    """How long to wait after so many tries that failed before; None when it is given up."""
    return None if error.is_final or attempts >= len(WAITS) else WAITS[attempts]
