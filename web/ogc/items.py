"""The records of the collection: a part of them, or one."""

from typing import NamedTuple

from flask import request
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.store.rows import EntryRow, Tombstone

from ..current import catalogue
from ..errors import Removed
from ..feeds.search import asked_language
from ..finding import part
from ..finding.tree import Unsupported
from ..http.caching import Moment, cached, of_its_own
from ..http.params import address
from .answers import GEOJSON, Json, answer, check, link
from .queries import LISTED_BY, NARROWED_BY, PARAMETERS, Question, asked, is_searched
from .records import record, written

ITEMS = "/ogc/collections/datasets/items"


class Found(NamedTuple):
    """A part of the records."""

    total: int
    rows: list[EntryRow]
    following: dict[str, str]
    """The parameters by which the next part differs; empty on the last one."""


@cached("Accept", moment=Moment(b'"timeStamp":"', b'"'))
def listed() -> ResponseReturnValue:
    """`/ogc/collections/datasets/items`."""
    check(*PARAMETERS)
    language, question = asked_language(), asked()
    found = _find(question)
    body = {
        "type": "FeatureCollection",
        "timeStamp": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberMatched": found.total,
        "numberReturned": len(found.rows),
        "features": [written(row, language) for row in found.rows],
        "links": _links(question, found),
    }
    return answer(body, GEOJSON, *PARAMETERS)


@of_its_own()
def one(id: str) -> ResponseReturnValue:
    """`/ogc/collections/datasets/items/{id}`."""
    check("lang")
    found = catalogue().entries.find(id)
    if isinstance(found, Tombstone):
        raise Removed(found)
    return answer(record(found, asked_language()), GEOJSON, "lang")


def _find(question: Question) -> Found:
    if question.ids is not None:
        rows = catalogue().entries.with_ids(id for id in question.ids if id.isalnum())
        return _cut(rows, question)
    if question.external is not None:
        return _cut(_known_as(question.external, question), question)
    if is_searched(question) or question.sort not in {"", *LISTED_BY}:
        return _searched(question)
    if question.sort in {"", "id"} and not question.offset:
        return _after(question)
    return _sorted(question)


def _cut(rows: list[EntryRow], question: Question) -> Found:
    some = rows[question.offset : question.offset + question.limit]
    return Found(len(rows), some, _by_offset(question, len(rows)))


def _known_as(values: list[str], question: Question) -> list[EntryRow]:
    """Entries that have one of these IRIs or identifiers. The index finds identifiers as words; which are meant is seen
    in what it found."""
    found = {}
    for value in values:
        words = value.rpartition(":")[2] if "://" not in value else value
        for row in part.found([*question.pairs, ("q", words[:250])], 0, part.MOST, condition=question.condition).rows:
            if {value, words} & {row.iri, row.identifier, *(text.value for text in row.entry.identifier)}:
                found[row.id] = row
    return list(found.values())


def _searched(question: Question) -> Found:
    if question.sort and question.sort not in NARROWED_BY:
        raise Unsupported(f"What is narrowed is sorted by {', '.join(NARROWED_BY)}.", "sortby")
    sort = NARROWED_BY.get(question.sort, "relevance")
    found = part.found(question.pairs, question.offset, question.limit, sort, condition=question.condition)
    return Found(found.total, found.rows, _by_offset(question, found.total))


def _after(question: Question) -> Found:
    """All records in the order of their ids: the next part begins after the last one given, wherever that stands by
    then."""
    rows = catalogue().entries.after(question.after, question.limit + 1)
    counts = catalogue().entries.counts()
    some = rows[: question.limit]
    following = {"after": some[-1].id} if len(rows) > question.limit else {}
    return Found(counts.entries, some, following)


def _sorted(question: Question) -> Found:
    order = question.sort or LISTED_BY[0]
    found = part.listed(question.offset, question.limit, order.lstrip("-"), is_falling=order.startswith("-"))
    return Found(found.total, found.rows, _by_offset(question, found.total))


def _by_offset(question: Question, total: int) -> dict[str, str]:
    end = question.offset + question.limit
    return {"offset": str(end)} if end < total else {}


def _links(question: Question, found: Found) -> list[Json]:
    given = {name: value for name, value in request.args.items() if name in PARAMETERS}
    links = [link(address(ITEMS, given.items()), "self", GEOJSON)]
    if found.following:
        links.append(link(address(ITEMS, {**given, **found.following}.items()), "next", GEOJSON))
    if question.offset:
        before = {**given, "offset": str(max(0, question.offset - question.limit))}
        links.append(link(address(ITEMS, before.items()), "prev", GEOJSON))
    return [*links, link("/ogc/collections/datasets", "collection")]
