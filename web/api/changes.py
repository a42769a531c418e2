"""What changed, for those who keep a copy of the catalogue."""

from datetime import datetime

import msgspec
from flask import Response, request

from catalogue.search.base import BadQuery
from catalogue.store.rows import ChangeRow

from ..current import catalogue
from ..feeds.entry_documents import json_document
from ..http import params
from ..http.caching import cached
from ..json.entry_shapes import page_address
from .operations import Operation, Parameter, text, whole_number

GIVEN, MOST = 100, 1_000
"""Changes of one answer, unless told otherwise; and at most."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """The newest change of one entry."""

    id: str
    iri: str
    type: str
    what: str
    """NEW, CHANGED, REMOVED or RESTORED."""
    at: datetime
    url: str
    """Its page; of a removed entry, where it is told that and why (410)."""


class ChangeList(msgspec.Struct, frozen=True):
    """Changes in the order in which they came."""

    changes: tuple[Change, ...]
    next: str
    """Cursor of what comes after these, also when nothing has come yet."""
    more: bool
    """True when there is more to read now."""


@cached()
def list_changes() -> Response:
    """What came in, changed, went and came back, each entry once with its newest change.

    Begin without `since`, go on with the last `next`: nothing is missing and nothing comes twice, whatever is written
    meanwhile.
    """
    since = cursor()
    limit = params.whole("limit", GIVEN, 1, MOST)
    rows = catalogue().entries.changes(since, limit + 1)
    some = rows[:limit]
    following = some[-1].number if some else since
    return json_document(ChangeList(tuple(map(change, some)), str(following), len(rows) > limit))


def cursor() -> int:
    """What `since` says. Raises `BadQuery`."""
    given = request.args.get("since", "") or "0"
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise BadQuery("%(name)s must be a cursor, as the last answer's `next` has it.", "since")
    return int(given)


def change(row: ChangeRow) -> Change:
    """One change."""
    address = page_address(row.kind, row.name)
    return Change(id=row.id, iri=row.iri, type=row.kind, what=row.what, at=row.at, url=address)


OPERATIONS = (
    Operation(
        "GET",
        "/api/1/changes",
        list_changes,
        "What changed",
        parameters=(
            Parameter("since", "Cursor: `next` of the last answer; none to begin.", text("[0-9]{0,18}")),
            Parameter("limit", "Changes to give.", whole_number(1, MOST, GIVEN)),
        ),
        answers={200: ChangeList},
    ),
)
