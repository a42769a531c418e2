"""Fetching one file to look into it: through the guarded way out, at the pace of its host, and only when it changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urljoin

from harvesters.errors import HarvestError
from harvesters.http import Client, Response
from harvesters.robots import Robots

from ..settings import Settings
from ..sources.manners import manners
from ..stopping import Stop
from ..store.previews import PreviewRow
from .preview import Unseen

SECONDS = 120.0
"""For one file, with its redirects."""
SILENCE = 20.0
"""Seconds without a byte after which it is left."""
ACCEPT = "text/csv, application/json;q=0.9, */*;q=0.8"
DESCRIPTIONS = "application/csvm+json, application/json, text/csv;q=0.9"
UNCHANGED = 304
LONGEST = 1_000_000
"""Bytes of a description of a table."""

_REASONS = {
    "TOO_LARGE": "too-large",
    "NOT_GZIP": "damaged",
    "ADDRESS_NOT_ALLOWED": "not-fetched",
    "URL": "not-fetched",
}
_STATUSES = {401: "refused", 403: "refused", 404: "gone", 410: "gone"}


class Fetched(NamedTuple):
    """A file as it came; `body` is None when it is the one that we know."""

    body: bytes | None
    tag: str = ""
    modified: str = ""
    described_by: str = ""
    """Address of what says what its columns mean (`Link: rel=describedby`)."""


class WayOut(NamedTuple):
    """Who goes out for one file and what describes it, and what the hosts let programs ask for."""

    client: Client
    robots: Robots


@contextmanager
def going_out(settings: Settings, address: str, stop: Stop) -> Iterator[WayOut]:
    """The way to files of that address's host, until it is to end."""
    polite = manners(settings, address)
    limits = {"connect_timeout": 10.0, "read_timeout": SILENCE, "page_deadline": SECONDS, "tries": 2}
    with Client(**{**polite, **limits}) as client, stop.calling(client.stop):
        yield WayOut(client, Robots(client))


def fetch(way: WayOut, address: str, known: PreviewRow | None, most: int) -> Fetched:
    """The file at an address, when it is not the one that we know. Raises `Unseen`, also where the rules of the host
    let no program in (RFC 9309)."""
    conditions = {}
    if known is not None and known.found is not None:
        conditions = {"If-None-Match": known.tag, "If-Modified-Since": known.modified}
    try:
        if not way.robots.allow(address):
            raise Unseen("not-fetched")
        headers = {name: value for name, value in conditions.items() if value}
        answer = way.client.get(address, accept=ACCEPT, headers=headers, max_bytes=most)
    except HarvestError as error:
        raise Unseen(reason(error)) from error
    if answer.status == UNCHANGED:
        return Fetched(None)
    return Fetched(answer.body, _said(answer, "ETag"), _said(answer, "Last-Modified"), _absolute(answer))


def description(way: WayOut, address: str) -> bytes | None:
    """A document that may say what columns mean; None when it cannot be had, or its host lets no program have it."""
    try:
        if not way.robots.allow(address):
            return None
        return way.client.get(address, accept=DESCRIPTIONS, max_bytes=LONGEST).body
    except HarvestError:
        return None


def _said(answer: Response, name: str) -> str:
    return answer.headers.get(name, "")[:200]


def _absolute(answer: Response) -> str:
    try:
        return urljoin(answer.url, answer.linked("describedby")) if answer.linked("describedby") else ""
    except ValueError:
        return ""


def reason(error: HarvestError) -> str:
    """Why a file could not be fetched, as one of `REASONS`."""
    if error.status:
        return _STATUSES.get(error.status, "unreachable")
    return _REASONS.get(error.code, "unreachable")
