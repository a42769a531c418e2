"""Pushing single records: what a producer sends is taken in exactly as if it had been harvested."""

from http import HTTPStatus

import msgspec
from flask import Response, request
from werkzeug.exceptions import BadRequest, PreconditionFailed
from werkzeug.urls import iri_to_uri

from catalogue.ingest.identity import clean_identifier
from catalogue.sources import bulk
from catalogue.store.outcome import PUBLISHED, Outcome
from catalogue.store.rows import EntryRow, OutcomeRow, TokenRow
from dcat import rdf

from .. import errors
from ..current import catalogue
from ..http.params import whole
from ..json.harvest_shapes import ItemShape, OwnRecords, Receipts
from .auth import own_source
from .bodies import plain, read
from .harvest import ITEMS, ITEMS_LIMIT, SLICE, answer
from .operations import JSON, MATCH, Operation, Parameter, path, text
from .reports import item_shape, items

SCOPE = "push"
MEDIA_TYPES = tuple(dict.fromkeys((*rdf.MEDIA_TYPES.values(), JSON)))
"""What a record can be sent as: any serialisation of RDF, or DCAT as JSON."""

MERGE_PATCH = "application/merge-patch+json"
"""What a correction is (RFC 7396): fields to lay over a record, and null to take one away."""

STATUS: dict[str, int] = {
    Outcome.NEW: 201,
    Outcome.RESTORED: 201,
    Outcome.REFUSED: 422,
    Outcome.SKIPPED: 422,
    Outcome.FAILED: 500,
}
"""Status of an answer per outcome; 200 for all others."""


def put_record(token: TokenRow, source: str, identifier: str) -> Response:
    """Publishes a record, or replaces what was published of it. Sent twice, the second time changes nothing."""
    name = own_source(token, source).name
    return report(
        catalogue().records.push(name, sent(identifier), *plain(MEDIA_TYPES), condition=check_precondition, key=token)
    )


def post_records(token: TokenRow, source: str) -> Response:
    """Publishes or replaces many records: lines of JSON, `{"identifier": …, "record": {…}}`, or one graph of RDF, whose
    datasets, series and services are known by their IRIs. A bad record leaves the others alone; records that are not in
    the body stay as they are."""
    name = own_source(token, source).name
    rows = catalogue().records.push_many(name, *plain((*bulk.NDJSON, *rdf.MEDIA_TYPES.values())), key=token)
    taken = sum(row.outcome in PUBLISHED for row in rows)
    return answer(Receipts(len(rows), taken, items(rows)))


def list_records(token: TokenRow, source: str) -> Response:
    """What stands of each record of a source, harvested, sent, refused or withdrawn, with its findings."""
    name = own_source(token, source).name
    offset, limit = whole("offset", 0, 0, 10**9), whole("limit", ITEMS, 1, ITEMS_LIMIT)
    total, rows = catalogue().records.of_source(name, offset, limit)
    return answer(OwnRecords(total, offset, limit, items(rows)))


def delete_record(token: TokenRow, source: str, identifier: str) -> Response:
    """Withdraws a record: its address answers 410 from then on, and no harvest publishes it until it is sent again or
    put back with `datastore put-back`."""
    name = own_source(token, source).name
    return answer(item_shape(catalogue().records.withdraw(name, sent(identifier), condition=check_precondition)))


def correct_record(token: TokenRow, source: str, identifier: str) -> Response:
    """Lays values over single fields of a record, named as people do: `{"title[fr]": "Arbres", "licence": "CC0"}`. No
    harvest overwrites them; each is dropped when the source says the same. `null` takes a correction away."""
    name, values = own_source(token, source).name, read(dict[str, str | None], also=(MERGE_PATCH,))
    said = {field: value or "" for field, value in values.items()}
    outcome = catalogue().records.correct(name, sent(identifier), said, condition=check_precondition, key=token)
    return tagged(answer(item_shape(outcome)), outcome)


def show_record(token: TokenRow, source: str, identifier: str) -> Response:
    """What became of a record the last time it changed, with its findings."""
    row = own_source(token, source)
    outcome = catalogue().records.outcome(row.name, clean_identifier(sent(identifier)))
    return tagged(answer(item_shape(outcome)), outcome)


def sent(identifier: str) -> str:
    """The identifier of the address. Raises `BadRequest` where that is not in UTF-8: what cannot be read would be
    the same sign in every identifier, and two records one."""
    try:
        request.environ["PATH_INFO"].encode("latin-1").decode()
    except UnicodeError as error:
        raise BadRequest("The identifier in the address is not in UTF-8; é is written as %C3%A9 there.") from error
    return identifier


def check_precondition(version: str) -> None:
    """Raises 412 when the record is not in the state that `If-Match` or `If-None-Match: *` asks for."""
    if request.if_match and not (version and request.if_match.contains(version)):
        raise PreconditionFailed("The record has changed since you read it, or it is not published; read it again.")
    if request.if_none_match.star_tag and version:
        raise PreconditionFailed("The record is published already; leave out If-None-Match to replace it.")


def tagged(response: Response, outcome: OutcomeRow) -> Response:
    """The answer with the tag of the version that it is about, and where that entry is."""
    entry = catalogue().entries.find(outcome.name) if outcome.version else None
    if isinstance(entry, EntryRow):
        response.set_etag(outcome.version)
        response.headers["Link"] = f'<{iri_to_uri(entry.iri)}>; rel="describes"'
    return response


def report(outcome: OutcomeRow) -> Response:
    """What became of the record: a problem with the same members when it was not taken."""
    status = HTTPStatus(STATUS.get(outcome.outcome, 200))
    item = item_shape(outcome)
    if status < HTTPStatus.BAD_REQUEST:
        return tagged(answer(item, status), outcome)
    problem = errors.problem_of(status, outcome.reason or "The record was not taken; its findings say why.")
    response = answer({**msgspec.to_builtins(problem), **msgspec.to_builtins(item)}, status)
    response.mimetype = errors.PROBLEM
    return response


RECORD = "/api/1/dataset/{source}/{identifier}"
PLACE = (
    path("source", "Name of your source, as `name` gives it."),
    path("identifier", "Your own stable identifier of the record; it may contain slashes."),
)
NONE_MATCH = Parameter("If-None-Match", "`*` to publish only what is not there yet.", text(), "header")

RECORDS = "/api/1/dataset/{source}/"

OPERATIONS = (
    Operation(
        "GET", RECORDS, list_records, "The records of one of your sources", SCOPE, (PLACE[0], *SLICE),
        answers={200: OwnRecords},
    ),
    Operation(
        "POST", RECORDS, post_records, "Publish or replace many records", SCOPE, (PLACE[0],),
        media_types=(*bulk.NDJSON, *dict.fromkeys(rdf.MEDIA_TYPES.values())), answers={200: Receipts},
    ),
    Operation("GET", RECORD, show_record, "What became of a record", SCOPE, PLACE, answers={200: ItemShape}),
    Operation(
        "PUT", RECORD, put_record, "Publish or replace one record", SCOPE, (*PLACE, MATCH, NONE_MATCH),
        media_types=MEDIA_TYPES, answers={200: ItemShape, 201: ItemShape},
    ),
    Operation(
        "PATCH", RECORD, correct_record, "Correct single fields of a record", SCOPE, (*PLACE, MATCH),
        body=dict[str, str | None], answers={200: ItemShape},
    ),
    Operation(
        "DELETE", RECORD, delete_record, "Withdraw one record", SCOPE, (*PLACE, MATCH), answers={200: ItemShape}
    ),
)  # fmt: skip
"""Operations of this file."""
