"""Who changed what, for operators."""

from datetime import UTC, datetime

import msgspec
from flask import Response, request

from catalogue.search.base import BadQuery
from catalogue.search.params import printable
from catalogue.store.rows import AuditRow, TokenRow

from ..current import catalogue
from ..http.params import whole
from .harvest import answer
from .operations import Operation, Parameter, text, whole_number

SCOPE = "operator"
LISTED, MOST = 100, 1_000
"""Lines in one answer, unless `limit` says otherwise, and at most."""


class AuditList(msgspec.Struct, frozen=True):
    """Who changed what, newest first."""

    total: int
    offset: int
    limit: int
    data: tuple[AuditRow, ...]


def list_audit(_token: TokenRow) -> Response:
    """Changes of sources, keys and records, decisions on removals and moves, newest first; kept for a year."""
    since, offset, limit = asked_since(), whole("offset", 0, 0, 10**9), whole("limit", LISTED, 1, MOST)
    total, rows = catalogue().audit.some(since, offset, limit)
    return answer(AuditList(total, offset, limit, tuple(rows)))


def asked_since() -> datetime | None:
    """The day or moment that is asked for; in UTC, unless it says another offset."""
    text = request.args.get("since", "")
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadQuery(
            "%(name)s must be a day or a moment (ISO 8601), not “%(value)s”.", "since", value=printable(text[:40])
        ) from error
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


OPERATIONS = (
    Operation(
        "GET", "/api/1/audit", list_audit, "Who changed what", SCOPE,
        (
            Parameter("since", "Only since that day or moment, in UTC.", text(format="date-time")),
            Parameter("offset", "Lines to pass over.", whole_number(0, 10**9, 0)),
            Parameter("limit", "Lines to give.", whole_number(1, MOST, LISTED)),
        ),
        answers={200: AuditList},
    ),
)  # fmt: skip
"""Operations of this file."""
