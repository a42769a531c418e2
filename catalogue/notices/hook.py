"""Notices to programs: a POST of JSON, signed, so that the receiver knows that it comes from us and is whole.

The signature is the HMAC-SHA-256 of `TIMESTAMP.BODY` with the hook's secret. The secret is made from the key of the
installation, so that it can be made again for every message and is kept nowhere.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from .. import clock
from ..settings import Settings
from ..sources.manners import is_loopback
from .undelivered import Undelivered

SECONDS = 10.0
"""In which the receiver must have answered."""
ID, EVENT = "X-Datastore-Delivery", "X-Datastore-Event"
TIMESTAMP, SIGNATURE = "X-Datastore-Timestamp", "X-Datastore-Signature"


def shown(address: str) -> str:
    """Whom an address belongs to, for the audit and for logs: the rest of it often lets in whoever knows it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/…" if parts.scheme in {"http", "https"} else address


def secret(key: bytes, nonce: bytes) -> str:
    """The secret of a hook, from the key of the installation."""
    return "odh_" + hmac.new(key, b"hook " + nonce, hashlib.sha256).hexdigest()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What stands in the header field `SIGNATURE`."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def send(settings: Settings, address: str, body: bytes, *, secret: str, event: str, number: str) -> str:
    """Posts a notice; how the receiver answered. Raises `Undelivered`."""
    from harvesters.base import HarvestError  # noqa: PLC0415 (the network is loaded where something is sent)
    from harvesters.http import post  # noqa: PLC0415 (as above)

    now = str(int(clock.now().timestamp()))
    headers = {"Content-Type": "application/json", "User-Agent": f"datastore-portal (+{settings.site_url})"}
    headers |= {ID: number, EVENT: event, TIMESTAMP: now, SIGNATURE: signature(secret, now, body)}
    host = urlsplit(settings.site_url).hostname or ""
    deny = () if is_loopback(host) else (host,)
    try:
        status, fields = post(address, body, headers=headers, seconds=SECONDS, allow=settings.fetch_allow, deny=deny)
    except HarvestError as error:
        raise Undelivered(str(error).replace(address, shown(address)), is_of_all=True) from error
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return f"The receiver answered {status}."
    is_gone = status == HTTPStatus.GONE
    raise Undelivered(f"The receiver answered {status}.", is_final=is_gone, is_of_all=True, again=_again(fields))


def _again(fields: Mapping[str, str]) -> datetime | None:
    from harvesters.http.answers import retry_after  # noqa: PLC0415 (as above)

    seconds = retry_after(fields.get("Retry-After"), datetime.now(UTC))
    return clock.now() + timedelta(seconds=seconds) if seconds else None
