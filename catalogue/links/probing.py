"""One address asked: its head, and of a file its first bytes when the head tells of something new.

HEAD ──same as before?──▶ it works, nothing is fetched
  └──▶ GET of the first bytes ──▶ size, type, dates, checksum of small files, real format
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import msgspec

from harvesters.errors import HarvestError
from harvesters.http import Client, Response, whole

from ..store.addresses import WORKS, AddressRow
from .real_format import real_format

SMALL = 1_000_000
"""Bytes of the largest file that is fetched whole, for its checksum."""
START = 4_096
"""Bytes of the first part of larger ones."""

HEAD_TELLS_NOTHING = frozenset({400, 403, 404, 405, 406, 409, 500, 501, 502, 503})
"""Statuses with which servers that know no HEAD answer one."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What an address answered."""

    status: int
    size: int | None = None
    media_type: str = ""
    format: str = ""
    modified: datetime | None = None
    etag: str = ""
    checksum: str = ""


def probe(client: Client, known: AddressRow, *, is_file: bool) -> Seen:
    """What an address answers now; raises `HarvestError` when it does not."""
    head = _head(client, known.url)
    if head is not None and is_success(head.status):
        seen = _told(head)
        if not is_file or _is_same(seen, known):
            return _with_what_is_known(seen, known)
        return _looked_at(client, known.url, seen.size)
    if head is not None and head.status not in HEAD_TELLS_NOTHING:
        return Seen(status=head.status)
    return _looked_at(client, known.url, None)


def is_success(status: int) -> bool:
    """True for 2xx."""
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _head(client: Client, url: str) -> Response | None:
    """The answer to a HEAD; None when the server breaks off because of one."""
    try:
        return client.head(url)
    except HarvestError as error:
        if error.code != "BROKEN_OFF":
            raise
        return None


def _looked_at(client: Client, url: str, size: int | None) -> Seen:
    wanted = SMALL if size is not None and size <= SMALL else START
    answer = client.beginning(url, wanted)
    if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and whole(answer.headers, answer.status) == 0:
        return msgspec.structs.replace(_told(answer), status=HTTPStatus.OK, size=0)
    if not is_success(answer.status):
        return Seen(status=answer.status)
    seen = _told(answer)
    return msgspec.structs.replace(
        seen,
        size=len(answer.body) if answer.proven else seen.size,
        format=real_format(answer.body, seen.media_type),
        checksum=hashlib.sha256(answer.body).hexdigest() if answer.proven else "",
    )


def _told(answer: Response) -> Seen:
    """What the header fields tell."""
    return Seen(
        status=answer.status,
        size=whole(answer.headers, answer.status),
        media_type=answer.media_type[:200],
        format=real_format(b"", answer.media_type),
        modified=_moment(answer.headers),
        etag=answer.headers.get("ETag", "")[:200],
    )


def _moment(headers: Mapping[str, str]) -> datetime | None:
    """`Last-Modified`; None when the server tells none, or only what time it is."""
    try:
        found = parsedate_to_datetime(headers.get("Last-Modified", "")).astimezone(UTC)
        now = parsedate_to_datetime(headers["Date"]).astimezone(UTC) if "Date" in headers else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    is_made_up = now is not None and abs((now - found).total_seconds()) < 2
    return None if is_made_up else found


def _is_same(seen: Seen, known: AddressRow) -> bool:
    """True when the head proves that the file is the one that was looked at last."""
    if known.state != WORKS or not known.format:
        return False
    has_proof = bool(seen.etag) or seen.modified is not None
    return has_proof and (seen.etag, seen.modified, seen.size) == (known.etag, known.modified, known.size)


def _with_what_is_known(seen: Seen, known: AddressRow) -> Seen:
    return msgspec.structs.replace(seen, format=known.format or seen.format, checksum=known.checksum)
