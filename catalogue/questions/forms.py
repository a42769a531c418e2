"""What proves that a form of a question came from our page, for one entry, some seconds ago and for the first time:
enough against programs that fill in whatever form they meet, and nothing that a person has to solve."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from .. import clock
from ..errors import Forbidden

SOONEST, LATEST = timedelta(seconds=4), timedelta(hours=24)
"""How long after it was opened a form may come back."""


class TooSoon(Forbidden):
    """It was filled in faster than anybody can."""


def made(key: bytes, entry_id: str) -> str:
    """The code of a form that is opened now."""
    said = f"{int(clock.now().timestamp())}.{secrets.token_hex(16)}"
    return f"{said}.{_signature(key, entry_id, said)}"


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
    said, _, signature = code.rpartition(".")
    if not hmac.compare_digest(_signature(key, entry_id, said).encode(), signature.encode("utf-8", "replace")):
        raise Forbidden("This form was not sent from our page.")
    moment, _, number = said.partition(".")
    age = clock.now() - datetime.fromtimestamp(int(moment), UTC)
    if age < SOONEST:
        raise TooSoon("That was faster than anybody types.")
    if age > LATEST:
        raise Forbidden("This form is too old.")
    return bytes.fromhex(number)


def _signature(key: bytes, entry_id: str, said: str) -> str:
    return hmac.new(key, f"question\n{entry_id}\n{said}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:40]
