"""Deciding on held removals by the link of a letter: whoever was sent it may, for a while, for that source alone.

Opening the link decides nothing: programs that look at mail open links. A button on the page does, and for exactly the
run that the page shows. A source that is read every night holds the same again in another run, so the link is for
whichever run holds something then.
"""

import hashlib
import hmac
from datetime import date, timedelta
from urllib.parse import urlencode

LASTS = timedelta(days=30)
"""How long the link of a letter may be used."""
UNTIL, SIGNATURE = "until", "signature"
"""Parameters of the address."""


def parameters(key: bytes, source: str, today: date) -> str:
    """The query of an address at which one may decide on what is held of a source."""
    until = (today + LASTS).isoformat()
    return urlencode({UNTIL: until, SIGNATURE: _signature(key, source, until)})


def may_decide(key: bytes, source: str, *, until: str, signature: str, today: date) -> bool:
    """True when we signed that, and its time is not over."""
    is_ours = hmac.compare_digest(_signature(key, source, until).encode(), signature.encode("utf-8", "replace"))
    return is_ours and until >= today.isoformat()


def _signature(key: bytes, source: str, until: str) -> str:
    said = f"decide\n{source}\n{until}".encode("utf-8", "replace")
    return hmac.new(key, said, hashlib.sha256).hexdigest()
