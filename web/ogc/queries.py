"""What is asked of the collection, in parameters of our own search."""

from typing import NamedTuple

from flask import request

from catalogue.search.base import BadQuery
from catalogue.search.conditions import Condition
from catalogue.search.facets import FACETS
from catalogue.search.params import chosen_values, printable

from ..finding import cql
from ..finding.narrowing import Names, Narrowing, Pairs, days, narrowing
from ..finding.tree import Unsupported
from ..http import params
from .answers import Json

PARAMETERS = (
    *("limit", "offset", "after", "q", "bbox", "bbox-crs", "datetime", "type", "ids", "externalIds", "sortby", "lang"),
    *("filter", "filter-lang", "filter-crs"),
)
"""What the list of records takes."""

GIVEN, MOST = 10, 100
"""Records of one part, unless told otherwise; and at most, whatever is asked for."""

FARTHEST = 10_000_000

CRS84 = ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "[OGC:CRS84]")

LISTED_BY = ("id", "-created", "created", "-updated", "updated")
"""Orders of all records: the first one is that of the pages that stay right while the catalogue changes."""
NARROWED_BY = {
    "id": "id",
    "title": "title",
    "-title": "-title",
    "-updated": "-updated",
    "-resourceUpdated": "-modified",
    "-resourceCreated": "-issued",
}
"""Order → ours, of records that something narrows."""

_EQUAL = tuple(name for name in FACETS if name != "updated")

NAMES = Names(
    equal={name: (name, str) for name in _EQUAL},
    words=frozenset({"anytext"}),
    boxes=frozenset({"geometry"}),
    periods=frozenset({"time"}),
    changed=frozenset({"updated"}),
)
"""What can be asked for in a filter."""

QUERYABLES: dict[str, Json] = {
    **{
        name: {"type": "string", "title": FACETS[name].title["en"], "description": FACETS[name].help} for name in _EQUAL
    },
    "anytext": {"type": "string", "title": "Words", "description": "Written with LIKE: '%words%'."},
    "geometry": {"$ref": "https://geojson.org/schema/Polygon.json", "x-ogc-role": "primary-geometry"},
    "time": {"type": "string", "title": "Time covered", "description": "Written with T_INTERSECTS and INTERVAL."},
    "updated": {
        "type": "string",
        "format": "date-time",
        "title": "Last changed here",
        "description": "Written with >= or <.",
    },
}
"""The same, described."""


class Question(NamedTuple):
    """What is asked."""

    pairs: Pairs
    """Parameters of our search; none when none of them narrows."""
    condition: Condition | None
    """What the filter demands besides words."""
    ids: list[str] | None
    """Records asked for by their ids."""
    external: list[str] | None
    """Records asked for by other identifiers."""
    limit: int
    offset: int
    after: str
    """Id of the record after which the part begins."""
    sort: str
    """An order of `LISTED_BY` or `NARROWED_BY`; empty for none."""


def asked() -> Question:
    """The question in the address. Raises `BadQuery`, `Unsupported`."""
    filter = _filter()
    words = " ".join(part for part in (_words(), filter.words) if part)
    question = Question(
        pairs=[*Narrowing(words).pairs, *_box(), *_period(), *_types()],
        condition=filter.condition,
        ids=_several("ids"),
        external=_several("externalIds"),
        limit=min(params.whole("limit", GIVEN, 1, FARTHEST), MOST),
        offset=params.whole("offset", 0, 0, FARTHEST),
        after=params.word("after"),
        sort=_order(),
    )
    if question.ids is not None and (is_searched(question) or question.external is not None):
        raise Unsupported("ids stands alone: records are asked for by their ids or by what they say.", "ids")
    if question.external is not None and any(name == "q" for name, _ in question.pairs):
        raise Unsupported("externalIds and words cannot be asked for together.", "externalIds")
    if question.after and (question.offset or _is_narrowed(question) or question.sort not in {"", "id"}):
        raise Unsupported("after goes on in all records in the order of their ids, and with nothing else.", "after")
    return question


def is_searched(question: Question) -> bool:
    """True when words or filters narrow."""
    return bool(question.pairs or question.condition)


def _is_narrowed(question: Question) -> bool:
    return is_searched(question) or question.ids is not None or question.external is not None


def _words() -> str:
    words = request.args.get("q", "").strip()
    if "," in words:
        raise Unsupported("q finds what has all of its words; a comma, for any of them, is not understood.", "q")
    return words


def _box() -> Pairs:
    _only("bbox-crs", CRS84)
    text = request.args.get("bbox", "")
    numbers = text.split(",")
    if len(numbers) == 6:  # with heights, which nothing here has
        numbers = [*numbers[:2], *numbers[3:5]]
    return [("bbox", ",".join(numbers))] if text else []


def _period() -> Pairs:
    """`datetime`: a moment or an interval (RFC 3339), compared by days."""
    text = request.args.get("datetime", "").strip()
    period = days(text)
    if not period.strip("/"):
        return []
    try:
        chosen_values("period", [period])
    except BadQuery as error:
        raise error.at("datetime") from error
    return [("period", period)]


def _types() -> Pairs:
    return [("type", kind) for kind in _several("type") or ()]


def _filter() -> Narrowing:
    _only("filter-lang", ("cql2-text",))
    _only("filter-crs", CRS84)
    text = request.args.get("filter", "")
    return narrowing(cql.read(text), NAMES) if text.strip() else Narrowing()


def _several(name: str) -> list[str] | None:
    """Values with commas between them; None when the parameter is not given."""
    text = request.args.get(name)
    if text is None:
        return None
    found = [value.strip() for value in text.split(",") if value.strip()]
    if not found or len(found) > MOST:
        raise Unsupported(f"{name} takes 1 to {MOST} values with commas between them.", name)
    return found


def _order() -> str:
    order = request.args.get("sortby", "").strip().removeprefix("+")
    known = tuple(dict.fromkeys((*LISTED_BY, *NARROWED_BY)))
    if order and order not in known:
        raise BadQuery(
            "%(name)s must be one of %(known)s, not “%(value)s”.",
            "sortby",
            known=", ".join(known),
            value=printable(order[:40]),
        )
    return order


def _only(name: str, known: tuple[str, ...]) -> None:
    given = request.args.get(name, known[0])
    if given not in known:
        raise BadQuery(
            "%(name)s must be one of %(known)s, not “%(value)s”.",
            name,
            known=", ".join(known),
            value=printable(given[:60]),
        )
