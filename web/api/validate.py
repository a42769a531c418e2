"""A producer's feed checked before anybody registers it. Open to everybody; nothing is kept."""

from typing import Any

import msgspec
from flask import Response, request

from catalogue.checking import feed_check
from catalogue.checking.finding_report import CheckReport, check_report
from dcat import rdf

from ..http import trial
from ..json.harvest_shapes import Address, Kind
from .bodies import decoded, raw
from .harvest import answer
from .operations import JSON, Operation

MOST_FINDINGS = 2_000
"""Findings of one answer, the worst of them."""

MEDIA_TYPES = tuple(dict.fromkeys((*rdf.MEDIA_TYPES.values(), JSON)))
"""What a feed can be sent as: any serialisation of RDF, or packages of CKAN."""
VAGUE = (
    *("", "text/plain", "application/octet-stream", "application/gzip", "application/x-gzip"),
    *("application/x-www-form-urlencoded", "application/vnd.ms-excel"),
)
"""Media types that say nothing, the last two because curl says the one unless told otherwise, and Windows calls every
table so: the first bytes decide."""
TABLES = ("text/csv", "text/tab-separated-values", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ALSO = ("application/xml", "text/xml", "text/n3", "application/x-turtle", "text/html", "application/xhtml+xml", *TABLES)
"""Media types that feeds are sent with, registered or not: as RDF, in pages, as lists."""

ORDER_BYTES = 10_000
"""Bytes of the longest body that can be an order to fetch."""


class FeedAddress(msgspec.Struct, forbid_unknown_fields=True):
    """A feed on the network, instead of a feed in the body."""

    url: Address
    kind: Kind = feed_check.KIND
    """What answers there; `GET /api/1/harvest/backends/` lists the kinds."""


def validate_feed() -> Response:
    """Checks a feed, sent as the body or fetched from the address in it, as a harvest would, and keeps nothing.

    The answer is 200 whatever is found. At most 2,000 records are checked, and the 2,000 worst findings listed.
    """
    request.max_content_length = min(request.max_content_length or trial.LIMITS.bytes, trial.LIMITS.bytes)
    body, media_type = raw(MEDIA_TYPES, (*ALSO, *VAGUE))
    if order := ordered(body):
        found = trial.of_address(order.url, order.kind)
    else:
        found = trial.of_document(body, "" if media_type in VAGUE else request.content_type or "")
    return answer(check_report(found, MOST_FINDINGS))


def ordered(body: bytes) -> FeedAddress | None:
    """The order to fetch that a body is; None for a feed. Raises `Invalid` for an order that cannot be followed."""
    if len(body) > ORDER_BYTES or not body.lstrip().startswith(b"{"):
        return None
    try:
        said: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    is_feed = "url" not in said or "resources" in said or any(name.startswith("@") for name in said)
    return None if is_feed else decoded(body, FeedAddress)


OPERATIONS = (
    Operation(
        "POST", "/api/1/validate", validate_feed, "Check a feed",
        body=FeedAddress, media_types=MEDIA_TYPES, answers={200: CheckReport}, is_limited=True,
    ),
)  # fmt: skip
"""Operations of this file."""
