"""An answer of a source, and what it means when it is not the one that was asked for."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NamedTuple

import requests

from ..errors import HarvestError
from ..sniff import is_html, what_is_packed
from .credentials import EXAMPLES, FORMS

DAY = 86_400.0
"""The longest `Retry-After` that is believed."""
MAKING = 300.0
"""Seconds that an answer may take to be made, where it does not say how long."""


class Response(NamedTuple):
    """One answer, with its body unpacked."""

    url: str
    """Where it came from, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Header fields; names in any case."""
    body: bytes
    proven: bool
    """True when the answer says where it ends (length or last chunk), so that it cannot have been cut unnoticed."""
    shown: bool | None = None
    """Whether the credentials of the source were shown for it; None when there are none."""

    @property
    def next_link(self) -> str:
        """The target of `Link: <…>; rel=next` (RFC 8288), as written; empty when there is none."""
        return self.linked("next")

    def linked(self, relation: str) -> str:
        """The target of the first `Link` of that relation (RFC 8288), as written; empty when there is none."""
        for link in requests.utils.parse_header_links(self.headers.get("Link", "")):
            if relation in link.get("rel", "").lower().split():
                return link.get("url", "")
        return ""

    @property
    def validators(self) -> dict[str, str]:
        """The header fields by which one can ask later whether this answer has changed (RFC 9110, 13.1)."""
        asked = {"If-None-Match": self.headers.get("ETag"), "If-Modified-Since": self.headers.get("Last-Modified")}
        return {name: value for name, value in asked.items() if value}

    @property
    def day(self) -> date | None:
        """The day by the server's own clock; None when it tells none."""
        try:
            return parsedate_to_datetime(self.headers.get("Date", "")).date()
        except (ValueError, TypeError):
            return None

    @property
    def week(self) -> str:
        """Year and week of the server's own clock (`2026-10`); empty when it tells no date."""
        if self.day is None:
            return ""
        year, week, _ = self.day.isocalendar()
        return f"{year}-{week}"

    @property
    def media_type(self) -> str:
        """The media type in lower case, without parameters; empty when there is none."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def whole(headers: Mapping[str, str], status: int) -> int | None:
    """Bytes of the whole document, by the header fields of an answer to which only a part was asked for, or none of it;
    None when they do not tell."""
    if headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        return None  # that of the packed form
    is_part = status in {HTTPStatus.PARTIAL_CONTENT, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}
    told = headers.get("Content-Range", "").rpartition("/")[2] if is_part else headers.get("Content-Length", "")
    return int(told) if re.fullmatch(r"[0-9]{1,18}", told.strip()) else None


def not_what_was_asked(response: Response, wanted: str) -> HarvestError:
    """The error for an answer that is something else than the feed: an error status, a page, another format."""
    if response.status >= HTTPStatus.BAD_REQUEST:
        return status_error(response)
    if response.status == HTTPStatus.ACCEPTED:
        return _not_made_yet(response)
    if packed := what_is_packed(response.body):
        return HarvestError("NOT_A_FEED", f"{response.url} {packed}.", response.url)
    what = "a page for people (HTML): a login page, a firewall or a wrong address" if is_html(response.body) else ""
    what = what or (f"{response.media_type or 'something'} that is not {wanted}" if response.body else "nothing")
    return HarvestError("NOT_A_FEED", f"{response.url} answered with {what}. Check the address.", response.url)


def status_error(response: Response) -> HarvestError:
    """The error for an answer whose status is not 2xx."""
    try:
        phrase = f"{response.status} {HTTPStatus(response.status).phrase}"
    except ValueError:
        phrase = str(response.status)
    hint = "The source may be down for a while." if response.status >= 500 else "Check the address of the source."
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        hint = "It is asked too often: ask it more slowly with the option `pace` (seconds between two requests)."
    if response.status in {404, 410}:
        hint += " When it moved, change its address (source edit --url, or the API): all entries keep their names."
    if response.status in {401, 403}:
        hint = how_to_be_let_in(response)
    return HarvestError(
        "HTTP_STATUS", f"{response.url} answered {phrase}. {hint}", response.url, status=response.status
    )


def _not_made_yet(response: Response) -> HarvestError:
    """The error for a 202 in place of data: the server has begun to make them (RFC 9110, 15.3.3), as portals do that
    export on demand."""
    now = datetime.now(UTC)
    at = now + timedelta(seconds=retry_after(response.headers.get("Retry-After"), now) or MAKING)
    said = f"answered 202: what was asked for is still being made. It is asked for again after {at:%Y-%m-%d %H:%M} UTC."
    return HarvestError("RETRY_LATER", f"{response.url} {said}", response.url, status=response.status, retry_at=at)


def a_part_only(response: Response) -> HarvestError:
    """The error for a 206: a part of the answer, though nobody asked for a part (RFC 9110, 15.3.7)."""
    said = "answered with a part of the document only (206), though the whole was asked for."
    return HarvestError("BROKEN_OFF", f"{response.url} {said} A cache on its way may be at fault.", response.url)


def how_to_be_let_in(response: Response) -> str:
    """What to do when a source does not let us in (401, 403)."""
    if response.shown:
        return "It does not accept the credentials of this source: give it new ones with --credentials."
    if response.shown is not None:
        return (
            "The credentials of this source are for another server (scheme, host or port) and go nowhere else: "
            "give the source this address, and the credentials again with --credentials."
        )
    scheme = response.headers.get("WWW-Authenticate", "").partition(" ")[0].lower()
    return (
        f"It asks who we are: give the source what lets us in with --credentials, as in {EXAMPLES.get(scheme, FORMS)}. "
        "Without a key of yours, ask it to let this catalogue in (its address and User-Agent)."
    )


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` field asks for, between 0 and a day; None when it is absent or no time.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return min(float(text[:10]), DAY) if len(text) <= 10 else DAY
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), DAY)
