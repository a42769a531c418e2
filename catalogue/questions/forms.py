"""What proves that a form of a question came from our page, for one entry, some seconds ago and for the first time:
enough against programs that fill in whatever form they meet, and nothing that a person has to solve."""

import secrets
from datetime import UTC, datetime, timedelta

from .. import clock
from ..errors import Forbidden
from ..notices.signed import is_signed, signature

SOONEST, LATEST = timedelta(seconds=4), timedelta(hours=24)
"""How long after it was opened a form may come back."""


class TooSoon(Forbidden):
    """It was filled in faster than anybody can."""


def made(key: bytes, entry_id: str) -> str:
    """The code of a form that is opened now."""
    said = f"{int(clock.now().timestamp())}.{secrets.token_hex(16)}"
    return f"{said}.{signature(key, 'question', entry_id, said)}"


def kept(key: bytes, entry_id: str, code: str) -> str:
    """The same code while its form may still come back, else that of a new form."""
    try:
        number(key, entry_id, code)
    except TooSoon:
        return code
    except Forbidden:
        return made(key, entry_id)
    return code


def number(key: bytes, entry_id: str, code: str) -> bytes:
    """By which number a form counts once. Raises `TooSoon`, and `Forbidden` for a form that is not ours or too old."""
    said, _, given = code.rpartition(".")
    if not is_signed(key, given, "question", entry_id, said):
        raise Forbidden("This form was not sent from our page.")
    moment, _, number = said.partition(".")
    age = clock.now() - datetime.fromtimestamp(int(moment), UTC)
    if age < SOONEST:
        raise TooSoon("That was faster than anybody types.")
    if age > LATEST:
        raise Forbidden("This form is too old.")
    return bytes.fromhex(number)
