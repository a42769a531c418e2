"""Wrong keys: after a few from one place, the next ones are not looked at for a minute.

A key has 150 random bits, so nobody guesses one; this keeps whoever tries from costing anything.
"""

import threading
from collections import deque

from werkzeug.exceptions import TooManyRequests

from catalogue import clock
from catalogue.errors import Forbidden
from catalogue.store.rows import TokenRow

from ..current import catalogue
from ..http import origin

MOST, SECONDS = 10, 60
"""Wrong keys from one place within so many seconds."""
PLACES = 10_000
"""Places that are remembered; the oldest are forgotten first."""

_lock = threading.Lock()
_wrong: dict[str, deque[float]] = {}


def watched(key: str) -> TokenRow:
    """What a key allows. Raises `Forbidden` for a wrong one, `TooManyRequests` after too many of them."""
    place, now = str(origin.network(origin.ONE)), clock.now().timestamp()
    with _lock:
        tried = _wrong.get(place, deque())
        while tried and tried[0] <= now - SECONDS:
            tried.popleft()
        if len(tried) >= MOST:
            raise TooManyRequests("Too many keys were tried.", retry_after=SECONDS)
    try:
        return catalogue().keys.authenticate(key)
    except Forbidden:
        with _lock:
            _wrong[place] = tried = _wrong.pop(place, deque(maxlen=MOST))
            tried.append(now)
            while len(_wrong) > PLACES:
                del _wrong[next(iter(_wrong))]
        raise


def forget() -> None:
    """Lets everybody try again."""
    with _lock:
        _wrong.clear()
