"""Who is asking, as far as a request's headers tell: a person with a browser, or a program."""

import re

from flask import request

_PROGRAM = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|check|scan|archive|fetch|headless|lighthouse|python|curl", re.IGNORECASE
)
_ELSEWHERE = ("Sec-Purpose", "Purpose", "X-Moz")
"""Headers that say that a page is fetched before anybody asked for it."""


def is_person() -> bool:
    """True for what looks like a browser with somebody before it who does not mind being counted (Sec-GPC, DNT)."""
    agent = request.user_agent.string
    if not agent.startswith("Mozilla/") or _PROGRAM.search(agent):
        return False
    is_early = any("prefetch" in request.headers.get(name, "").lower() for name in _ELSEWHERE)
    return not is_early and "1" not in {request.headers.get("Sec-GPC"), request.headers.get("DNT")}
