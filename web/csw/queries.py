"""What GetRecords asks, in parameters of our own search, and what is found."""

from typing import NamedTuple

from dcat import vocab

from ..current import catalogue
from ..finding import cql, ogc_filter, part
from ..finding.narrowing import Names, Narrowing, narrowing, only_values
from ..finding.part import Part
from ..finding.tree import Expression
from .asking import Asked
from .exceptions import invalid

GIVEN, MOST = 10, 100
"""Records of one answer, unless told otherwise; and at most, whatever is asked for."""
FARTHEST = 10_000_000

IDENTIFIER = "identifier"

LISTED_BY = {"identifier": "id", "modified": "updated"}
"""Name → our order, of all records."""


NARROWED_BY = {
    ("identifier", False): "id",
    ("modified", True): "-updated",
    ("title", False): "title",
    ("title", True): "-title",
}
"""Name and whether it falls → our order, of records that a constraint narrows."""

BESIDE = {"bbox": "bbox", "time": "period"}
"""Parameters that narrow beside a constraint, as `q` does → ours: pycsw takes them of OpenSearch."""


class Order(NamedTuple):
    """In which order records come."""

    name: str
    """`identifier`, `modified`, `title`, or empty."""
    is_falling: bool = False


def _format(value: str) -> str:
    term = vocab.FORMATS.find(value)
    return term.code if term else value


def _language(value: str) -> str:
    term = vocab.LANGUAGES.find(value)
    return term.extra.get("tag", value) if term else value


def _publisher(value: str) -> str:
    """A publisher by its slug, or by any of its names."""
    for publisher in catalogue().publishers.all():
        if value in {text.value for text in publisher.title}:
            return publisher.name
    return value


NAMES = Names(
    equal={
        "type": ("type", str),
        "subject": ("keyword", str),
        "format": ("format", _format),
        "language": ("language", _language),
        "publisher": ("publisher", _publisher),
    },
    words=frozenset({"anytext"}),
    boxes=frozenset({"boundingbox"}),
    periods=frozenset(),
    changed=frozenset({"modified"}),
    alone=frozenset({IDENTIFIER}),
)
"""What can be asked for, by the names of Dublin Core, of ISO's profile and of the specification."""


def found(asked: Asked, start: int, count: int) -> Part:
    """Records after the first `start` ones. Raises `Refusal`, `BadQuery`, `Unsupported`."""
    expression, order = _expression(asked), _order(asked.get("sortBy"))
    if expression and (ids := only_values(expression, IDENTIFIER)):
        rows = catalogue().entries.with_ids([id for id in ids if id.isalnum()][: part.MOST])
        return Part(len(rows), [row.id for row in rows][start : start + count])
    chosen = narrowing(expression, NAMES) if expression else Narrowing()
    words = " ".join(filter(None, (chosen.words, asked.get("q"))))
    pairs = [*Narrowing(words).pairs, *((ours, asked.get(name)) for name, ours in BESIDE.items() if asked.get(name))]
    is_narrowed = bool(pairs or chosen.condition)
    if (is_narrowed and order.name) or order.name == "title":
        if order not in NARROWED_BY:
            raise invalid("SortBy", "What a constraint narrows is sorted by title, identifier:A or modified:D.")
        return part.found(pairs, start, count, NARROWED_BY[order], condition=chosen.condition)
    if is_narrowed:
        return part.found(pairs, start, count, condition=chosen.condition)
    return part.listed(start, count, LISTED_BY.get(order.name, "id"), is_falling=order.is_falling)


def _expression(asked: Asked) -> Expression | None:
    if asked.filter is not None:
        return ogc_filter.read(asked.filter)
    text = asked.get("cqlText")
    return cql.read(text) if text else None


def _order(text: str) -> Order:
    """`name:A` or `name:D`; one order decides."""
    if not text:
        return Order("")
    said, _, direction = text.rpartition(":")
    if direction.upper() not in {"A", "D"}:
        said, direction = text, "A"
    name = said.rpartition(":")[2].lower()
    if name not in {*LISTED_BY, "title"}:
        raise invalid("SortBy", f"Records are sorted by identifier, modified or title, not by {text[:40]!r}.")
    return Order(name, direction.upper() == "D")
