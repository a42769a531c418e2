"""How we go out to sources: who we say we are, what may be fetched, how often."""

from collections.abc import Mapping
from functools import cache
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from harvesters.http import Client, Credentials, Pace

from ..settings import Settings
from .host_pace import HostPace

_pace = cache(HostPace)
"""Shared by all runs of this process, and through the database by all processes, so that sources on one host are asked
in turn."""


class Bounds(NamedTuple):
    """What may be spent on somebody who waits for the answer."""

    seconds: float
    bytes: int


def client(
    settings: Settings,
    url: str,
    config: Mapping[str, Any],
    credentials: Credentials | None = None,
    bounds: Bounds | None = None,
) -> Client:
    """A client for one run of the source at that address with its options, which shows its credentials to its own
    server alone."""
    narrower: dict[str, Any] = {} if bounds is None else {"deadline": bounds.seconds, "max_bytes": bounds.bytes}
    return Client(**manners(settings, url, config), **narrower, credentials=credentials)


def manners(settings: Settings, url: str, config: Mapping[str, Any] = {}) -> dict[str, Any]:
    """How a client behaves, in the words of `Client`."""
    host = urlsplit(settings.site_url).hostname or ""
    pause = float(config.get("pace", 0))
    seconds = config.get("deadline", 0)
    return {
        **({"read_timeout": seconds, "page_deadline": seconds + pause} if seconds else {}),
        "pause": pause,
        "allow": settings.fetch_allow,
        "deny": () if is_loopback(host) else (host,),
        "user_agent": f"datastore-portal (+{settings.site_url}{'; ' if settings.contact else ''}{settings.contact})",
        "pace": Pace(0.0) if is_loopback(urlsplit(url).hostname or "") else _pace(settings.database),
    }


def is_loopback(host: str) -> bool:
    """True for this machine itself, as in the demo: it needs no pause between requests."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
