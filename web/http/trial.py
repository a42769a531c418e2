"""Checking a feed for somebody who has no key: how much of it, and how many at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from werkzeug.exceptions import TooManyRequests

from catalogue.checking import feed_check
from catalogue.checking.feed_check import Limits, Report

from ..current import settings

MEGABYTE = 1024 * 1024
LIMITS = Limits(records=2_000, seconds=30.0, bytes=8 * MEGABYTE)
"""What is read of one feed. What 8 MiB may cost when it is parsed, `dcat.rdf.apart` says. The command `datastore check`
reads as much as a harvest."""
AT_ONCE = 2
"""Checks that one process makes at a time: as many of its threads stay free for readers."""
RETRY_SECONDS = 15

_free = BoundedSemaphore(AT_ONCE)


def of_address(url: str, kind: str = feed_check.KIND) -> Report:
    """What is found in a feed on the network. Raises `Unreadable`, `Invalid`, `TooManyRequests`."""
    with turn():
        return feed_check.check_address(url, settings(), LIMITS, kind=kind)


def of_document(body: bytes, media_type: str) -> Report:
    """What is found in a feed that was sent. Raises `Unreadable`, `TooManyRequests`."""
    with turn():
        return feed_check.check_document(body, media_type, settings(), LIMITS)


@contextmanager
def turn() -> Iterator[None]:
    """One of the places; raises `TooManyRequests` when all are taken."""
    if not _free.acquire(blocking=False):
        raise TooManyRequests("Other feeds are being checked at the moment. Try again soon.", retry_after=RETRY_SECONDS)
    try:
        yield
    finally:
        _free.release()
