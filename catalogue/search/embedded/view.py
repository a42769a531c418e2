"""Reading one state of the embedded index."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, pairwise
from math import inf
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import tantivy
from tantivy import Order
from tantivy import Query as Native

from ... import disk
from ..base import Document, SearchUnavailable
from ..clauses import Between, Clause
from ..fields import SPELLING_FIELD, STANDING_FIELD
from ..memory import Memory
from ..near_duplicates import CODE_LENGTH
from ..params import DEPTH_LIMIT
from ..view import GROUP_LIMIT, Alike, Answer, Ask, alike_values
from .folder import REBUILD, told
from .words import GROUP_FIELD, JOINT, TOGETHER, to_query

FIRST_LOOK = 100
"""Documents that are looked at at least: no slower than ten, and mostly a tie that begins on the page ends there."""
LARGEST_TIE = 2 * DEPTH_LIMIT
"""Documents of one score that are put in order of id; beyond, the engine's own order stands."""
BUCKETS_READ = 10_000
"""Values of a facet, or combinations of them, that tantivy gives; it breaks ties by chance, so more are read than are
shown."""
COMBINATIONS = BUCKETS_READ // 2
"""Different combinations of values up to which they are counted together, so that all of them are read."""
IN = "in "
"""Stands before the name of a field in whose spans documents are counted."""
_DECODER = msgspec.json.Decoder(Document)


class EmbeddedView:
    """One state of the index."""

    def __init__(self, searcher: tantivy.Searcher, generation: str, folder: Path) -> None:
        self.searcher = searcher
        self.folder = folder
        self.generation = generation
        self.memory = Memory()
        self._columns: dict[str, str] = {}

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        """Answers, in the order of the asks."""
        with guarded(self.folder):
            return [self._answer(one) for one in asks]

    def groups(self, clause: Clause) -> dict[str, int]:
        """Sizes of the groups of near-duplicates."""
        wanted = {"groups": {"terms": {"field": GROUP_FIELD, "size": GROUP_LIMIT, "min_doc_count": 2}}}
        with guarded(self.folder):
            counted = self.searcher.aggregate(Native.const_score_query(to_query(clause), 0.0), wanted)
        return {_code(one["key"]): one["doc_count"] for one in counted["groups"]["buckets"]}

    def alike(self, ask: Ask) -> Alike:
        """How many documents of each value and span are near-duplicates of others, in one pass; the values that several
        have are read."""
        within = {"groups": {"terms": {"field": GROUP_FIELD, "size": GROUP_LIMIT, "min_doc_count": 2}}}
        wanted = {
            name: {"terms": {"field": name, "size": max(BUCKETS_READ, ask.buckets), "min_doc_count": 2}, "aggs": within}
            for name in ask.fields
        }
        each = {"groups": {"terms": {"field": GROUP_FIELD, "size": GROUP_LIMIT}}}  # some lie in several pieces
        wanted |= {name: {**pieces, "aggs": each} for name, pieces in _all_pieces(ask.spans).items()}
        with guarded(self.folder):
            counted = self.searcher.aggregate(Native.const_score_query(to_query(ask.clause), 0.0), wanted)
        values = {name: alike_values(counted[name]["buckets"]) for name in ask.fields}
        return Alike(values, {span: _alike_inside(span, counted[_place(span)]["buckets"]) for span in ask.spans})

    def spellings(self, beginning: str) -> list[tuple[str, int]]:
        """Terms of the spelling field that begin so."""
        with guarded(self.folder):
            return self.searcher.terms_with_prefix(SPELLING_FIELD, beginning)

    def _answer(self, ask: Ask) -> Answer:
        query = to_query(ask.clause)
        if not ask.limit:
            return self._counted(query, ask)
        total, hits = self._hits(query, ask)
        found = tuple(_Found(score, address, self.searcher, self.folder) for score, address in hits)
        return self._counted(query, ask)._replace(total=total, found=found) if ask.counts else Answer(total, found)

    def _hits(self, query: Native, ask: Ask) -> tuple[int, list[tuple[float, Any]]]:
        """How many there are, and those asked for."""
        if not ask.sort:
            return self._ranked(query, ask)
        found = self.searcher.search(
            query, limit=ask.limit, offset=ask.offset, order_by_field=ask.sort, order=Order.Asc
        )
        return _total(found), [(0.0, address) for _, address in found.hits]

    def _counted(self, query: Native, ask: Ask) -> Answer:
        """How many there are, and what is counted of them, in one pass."""
        query = Native.const_score_query(query, 0.0)
        if not ask.counts:  # which is faster without an aggregation
            return Answer(_total(self.searcher.search(query, limit=1)))
        columns = {name: self._column(name) for name in ask.fields}
        wanted: dict[str, Any] = {
            name: {"terms": {"field": column, "size": max(BUCKETS_READ, ask.buckets)}}
            for name, column in columns.items()
        }
        wanted |= _all_pieces(ask.spans)
        counted = self.searcher.aggregate(query, wanted | {"": {"value_count": {"field": "revision"}}})
        values = {
            name: _most_frequent(
                counted[name]["buckets"] if column == name else _apart(counted[name]["buckets"]), ask.buckets
            )
            for name, column in columns.items()
        }
        spans = {span: _count_inside(span, counted[_place(span)]["buckets"]) for span in ask.spans}
        return Answer(int(counted[""]["value"]), values=values, spans=spans)

    def _column(self, name: str) -> str:
        """The field in which the values of a field are counted fastest."""
        if name not in self._columns:
            together = TOGETHER.get(name, name)
            is_fast = together == name or self._combinations(together) <= COMBINATIONS
            self._columns[name] = together if is_fast else name
        return self._columns[name]

    def _combinations(self, together: str) -> float:
        return self.searcher.cardinality(Native.all_query(), together)

    def _ranked(self, query: Native, ask: Ask) -> tuple[int, list[tuple[float, Any]]]:
        """Best score first; documents of one score in order of id, also those that the page's end cuts apart."""
        end = ask.offset + ask.limit
        reach = max(end + 1, FIRST_LOOK)
        found = self.searcher.search(query, limit=reach, weight_by_field=STANDING_FIELD)
        total, hits = _total(found), found.hits
        while len(hits) == reach and hits[-1][0] == hits[end - 1][0] and reach < LARGEST_TIE:
            reach = min(reach * 4, LARGEST_TIE)
            hits = self.searcher.search(query, limit=reach, count=False, weight_by_field=STANDING_FIELD).hits
        return total, self._in_order(hits, ask.offset, end)

    def _in_order(self, hits: list[tuple[float, Any]], offset: int, end: int) -> list[tuple[float, Any]]:
        ordered: list[tuple[float, Any]] = []
        for _, alike in groupby(hits, key=itemgetter(0)):
            tied = list(alike)
            is_shown = len(ordered) < end and len(ordered) + len(tied) > offset
            ordered += self._by_id(tied) if is_shown and len(tied) > 1 else tied
        return ordered[offset:end]

    def _by_id(self, tied: list[tuple[float, Any]]) -> list[tuple[float, Any]]:
        """By the number made of the id's beginning; the id itself is read only where that is not enough."""
        numbers = self.searcher.fast_field_values("tie", [address for _, address in tied])
        ordered: list[tuple[float, Any]] = []
        for _, alike in groupby(sorted(zip(numbers, tied, strict=True), key=itemgetter(0)), key=itemgetter(0)):
            same = [hit for _, hit in alike]
            ordered += sorted(same, key=lambda hit: _read(self.searcher, hit[1]).id) if len(same) > 1 else same
        return ordered


class _Found(NamedTuple):
    """A document that is read whenever it is looked at: remembered, it is small. It knows no view, since a view
    remembers it."""

    score: float
    address: Any
    searcher: tantivy.Searcher
    folder: Path

    @property
    def document(self) -> Document:
        """What the index says of it."""
        with guarded(self.folder):
            return _read(self.searcher, self.address)

    @property
    def group(self) -> str:
        """The code that near-duplicates share."""
        with guarded(self.folder):
            [number] = self.searcher.fast_field_values(GROUP_FIELD, [self.address])
        return _code(number or 0)


def _read(searcher: tantivy.Searcher, address: Any) -> Document:
    return _DECODER.decode(searcher.doc(address)["document"][0])


def _code(number: float) -> str:
    """A code of near-duplicates, from the number that stands for it."""
    return f"{int(number):0{CODE_LENGTH}x}"


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # tantivy's stub leaves it out


def _all_pieces(spans: Iterable[Between]) -> dict[str, Any]:
    """`_pieces` of the spans of each field."""
    by_place = groupby(sorted(spans, key=_place), key=_place)
    return {place: _pieces(place.removeprefix(IN), found) for place, found in by_place}


def _place(span: Between) -> str:
    """The name under which a span is counted."""
    return f"{IN}{span.field}"


def _pieces(field: str, spans: Iterable[Between]) -> dict[str, Any]:
    """What counts the documents between all the bounds of spans: tantivy takes no ranges that overlap."""
    bounds = sorted({bound for span in spans for bound in (span.low, _end(span)) if bound is not None})
    ranges = [{"from": float(low), "to": float(high)} for low, high in pairwise(bounds)]
    return {"range": {"field": field, "ranges": [*ranges, {"from": float(bounds[-1])}]}}


def _count_inside(span: Between, pieces: list[dict[str, Any]]) -> int:
    """The documents in the pieces that lie within a span."""
    return sum(int(one["doc_count"]) for one in _inside(span, pieces))


def _alike_inside(span: Between, pieces: list[dict[str, Any]]) -> int:
    """The documents there beyond one of each group of near-duplicates, which may lie in several pieces."""
    found = [each for one in _inside(span, pieces) for each in one["groups"]["buckets"]]
    return sum(int(each["doc_count"]) for each in found) - len({each["key"] for each in found})


def _inside(span: Between, pieces: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The pieces that lie within a span."""
    low, end = -inf if span.low is None else span.low, inf if (after := _end(span)) is None else after
    return (one for one in pieces if one.get("from", -inf) >= low and one.get("to", inf) <= end)


def _end(span: Between) -> float | None:
    return None if span.high is None else span.high + 1


def _apart(buckets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Counts of values, from counts of their combinations."""
    counted: Counter[str] = Counter()
    for one in buckets:
        for value in one["key"].split(JOINT):
            counted[value] += one["doc_count"]
    return [{"key": value, "doc_count": count} for value, count in counted.items()]


def _most_frequent(buckets: list[dict[str, Any]], limit: int) -> list[tuple[str, int]]:
    counted = sorted(((one["key"], one["doc_count"]) for one in buckets), key=lambda pair: (-pair[1], pair[0]))
    return counted[:limit]


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """Translates what tantivy and the disk raise."""
    try:
        with told(folder):
            yield
    except BaseException as error:
        if not _is_from_tantivy(error):
            raise
        if trouble := disk.in_words(str(error)):
            raise SearchUnavailable(f"The search index in {folder} cannot be read or written: {trouble}.") from error
        raise SearchUnavailable(f"The search index in {folder} is damaged ({error}). {REBUILD}") from error


def _is_from_tantivy(error: BaseException) -> bool:
    """tantivy raises ValueError; a panic of its is a BaseException of a type that cannot be imported."""
    return isinstance(error, ValueError) or type(error).__name__ == "PanicException"
