"""One request: an operation and its parameters in, its answer out."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

from flask import Response, request
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.errors import NotFound
from catalogue.store.rows import Tombstone

from ..current import catalogue
from ..errors import Removed
from ..http.caching import Moment, cached
from ..xml import tree
from ..xml.tree import Element
from . import asking, queries
from .asking import Asked
from .capabilities import capabilities, described, domain
from .exceptions import XML, invalid, missing
from .records import CSW, SCHEMAS, SETS, Schema

_DISCOVERY = ("http://www.opengis.net/cat/csw/2.0.2", "http://schemas.opengis.net/csw/2.0.2/CSW-discovery.xsd")


Listed = tuple[Element, Sequence[bytes]]
"""An answer with places for records, and the records."""


def call() -> ResponseReturnValue:
    """`/csw`, by GET with keys and values or by POST with XML or a form."""
    return answered(posted()) if request.method == "POST" else read()


@cached(moment=Moment(b'<csw:SearchStatus timestamp="', b'"'))
def read() -> ResponseReturnValue:
    """A request by GET, which caches may keep."""
    return answered(asking.of_pairs(list(request.args.items(multi=True))))


def posted() -> Asked:
    """The request in a body. Raises `Refusal`."""
    if (request.content_length or 0) > asking.LARGEST:
        raise invalid("request", f"A request has at most {asking.LARGEST} bytes.")
    if request.mimetype == "application/x-www-form-urlencoded":
        return asking.of_pairs(list(request.form.items(multi=True)))
    return asking.of_body(request.get_data())


def answered(asked: Asked) -> Response:
    """What an operation answers. Raises `Refusal`."""
    made = ANSWERS[asked.operation](asked)
    top, written = made if isinstance(made, tuple) else (made, ())
    return Response(tree.document(top, written), HTTPStatus.OK, mimetype=XML)


def records(asked: Asked) -> Listed:
    """GetRecords."""
    start, count = max(asked.whole("startPosition", 1, queries.FARTHEST), 1), _count(asked)
    schema, elements, kind = _schema(asked), _elements(asked, "summary"), _kind(asked)
    found = queries.found(asked, start - 1, count if kind == "results" else 0)
    written = schema.write(found.ids, elements)
    top = tree.root("csw:GetRecordsResponse", schemas=_DISCOVERY)
    top.set("version", asking.VERSION)
    tree.add(top, "csw:SearchStatus", timestamp=clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
    following = start + len(found.ids)
    made = tree.add(
        top,
        "csw:SearchResults",
        numberOfRecordsMatched=str(found.total),
        numberOfRecordsReturned=str(len(written)),
        nextRecord=str(following if following <= found.total and found.ids else 0),
        elementSet=elements,
        recordSchema=asked.get("outputSchema", CSW),
    )
    return top, _placed(made, written)


def records_by_id(asked: Asked) -> Listed:
    """GetRecordById: those of the records asked for that are there; 410 for a single one that is gone."""
    ids = asked.several("Id")
    if not ids:
        raise missing("Id")
    if len(ids) > queries.MOST:
        raise invalid("Id", f"At most {queries.MOST} records are given at once.")
    ids = [id for id in ids if id.isalnum()]  # PostgreSQL does not even take the question for NUL
    written = _schema(asked).write(ids, _elements(asked, "summary")) or _gone(ids)
    top = tree.root("csw:GetRecordByIdResponse", schemas=_DISCOVERY)
    return top, _placed(top, written)


def _placed(parent: Element, written: list[bytes]) -> list[bytes]:
    """Leaves a place for each record."""
    for _ in written:
        tree.place(parent)
    return written


def _gone(ids: list[str]) -> list[bytes]:
    """None; raises `Removed` when the only one was there once."""
    if len(ids) == 1:
        try:
            found = catalogue().entries.find(ids[0])
        except NotFound:
            return []
        if isinstance(found, Tombstone):
            raise Removed(found)
    return []


def _count(asked: Asked) -> int:
    return min(asked.whole("maxRecords", queries.GIVEN, queries.FARTHEST), queries.MOST)


def _schema(asked: Asked) -> Schema:
    names = {schema.type_name for schema in SCHEMAS.values()}
    for name in asked.get("typeNames").replace(",", " ").split():
        if name not in names:
            raise invalid("typeNames", f"typeNames are {', '.join(sorted(names))}, not {name[:60]!r}.")
    wanted = asked.get("outputSchema", CSW)
    if wanted not in SCHEMAS:
        raise invalid("outputSchema", f"outputSchema must be one of {', '.join(SCHEMAS)}, not {wanted[:100]!r}.")
    return SCHEMAS[wanted]


def _elements(asked: Asked, default: str) -> str:
    if asked.get("elementName"):
        raise invalid("ElementName", f"Elements are not chosen one by one, but by ElementSetName: {', '.join(SETS)}.")
    wanted = asked.get("elementSetName", default).lower()
    if wanted not in SETS:
        raise invalid("ElementSetName", f"ElementSetName must be one of {', '.join(SETS)}, not {wanted[:40]!r}.")
    return wanted


def _kind(asked: Asked) -> str:
    """`results`, or `hits` for their number alone."""
    if asked.get("distributedSearch", "false").lower() != "false":
        raise invalid("distributedSearch", "No other catalogues are asked.")
    wanted = asked.get("resultType", "hits").lower()
    if wanted not in {"hits", "results"}:
        raise invalid("resultType", f"resultType must be hits or results, not {wanted[:40]!r}.")
    return wanted


ANSWERS: Mapping[str, Callable[[Asked], Element | Listed]] = {
    "GetCapabilities": capabilities,
    "DescribeRecord": described,
    "GetDomain": domain,
    "GetRecords": records,
    "GetRecordById": records_by_id,
}
"""By operation."""
