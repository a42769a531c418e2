"""Reading one state of the embedded index."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, pairwise
from math import inf
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
import tantivy
from tantivy import Order
from tantivy import Query as Native

from ... import disk
from ..base import Document, SearchUnavailable
from ..clauses import Between, Clause, is_narrower
from ..fields import SPELLING_FIELD, STANDING_FIELD
from ..memory import Memory
from ..near_duplicates import CODE_LENGTH
from ..params import DEPTH_LIMIT
from ..view import GROUP_LIMIT, Alike, Answer, Ask, alike_values
from .folder import REBUILD, told
from .words import GROUP_FIELD, JOINT, TOGETHER, spelt_out, to_filter, to_query

FIRST_LOOK = 100
"""Documents that are looked at at least: no slower than ten, and mostly a tie that begins on the page ends there."""
FURTHER = 4
"""How many times as many are looked at when those were not enough."""
CLAUSES = 8
"""Clauses whose documents are remembered as far as they were looked at: a page takes them stretch by stretch."""
TOTALS = 32
"""Clauses of which it is remembered how many documents they have: one question asks of the same clause more than once,
and of what it is made of."""
LARGEST_TIE = 2 * DEPTH_LIMIT
"""Documents of one score that are put in order of id; beyond, the engine's own order stands."""
BUCKETS_READ = 10_000
"""Values of a facet, or combinations of them, that tantivy gives; it breaks ties by chance, so more are read than are
shown."""
COMBINATIONS = BUCKETS_READ // 2
"""Different combinations of values up to which they are counted together, so that all of them are read."""
EACH = {"groups": {"terms": {"field": GROUP_FIELD, "size": GROUP_LIMIT}}}
SEVERAL = {"groups": {"terms": {"field": GROUP_FIELD, "size": GROUP_LIMIT, "min_doc_count": 2}}}
"""Groups of near-duplicates: each of them, and those that have several documents."""
TOTAL = {"": {"value_count": {"field": "revision"}}}
"""How many documents there are: each has a revision."""
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
        self._looked_at = Memory(CLAUSES)
        self._totals = Memory(TOTALS)
        self._columns: dict[str, str] = {}

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        """Answers, in the order of the asks."""
        answers: list[Answer] = []
        with guarded(self.folder):
            for ask in asks:
                before = zip(asks, answers, strict=False)
                fewer = (answer.total for one, answer in before if is_narrower(one.clause, ask.clause))
                answers.append(self._noted(ask, max(fewer, default=0)))
        return answers

    def spellings(self, beginning: str) -> list[tuple[str, int]]:
        """Terms of the spelling field that begin so."""
        with guarded(self.folder):
            return self.searcher.terms_with_prefix(SPELLING_FIELD, beginning)

    def _noted(self, ask: Ask, least: int) -> Answer:
        """The answer, whose total is remembered. `least`: so many there are at least."""
        answer = self._answer(ask, least)
        self._totals.keep(ask.clause, answer.total)
        return answer

    def _answer(self, ask: Ask, least: int) -> Answer:
        if not ask.limit:
            return self._counted(ask, least)
        total, hits = self._hits(ask)
        found = self._found(hits)
        is_counted = ask.counts or ask.alike
        return self._counted(ask, total)._replace(total=total, found=found) if is_counted else Answer(total, found)

    def _found(self, hits: list[tuple[float, Any]]) -> "tuple[_Found, ...]":
        """Documents with the codes of their near-duplicates, which are read for all of them at once."""
        codes = self.searcher.fast_field_values(GROUP_FIELD, [address for _, address in hits])
        return tuple(
            _Found(score, address, int(code or 0), self.searcher, self.folder)
            for (score, address), code in zip(hits, codes, strict=True)
        )

    def _hits(self, ask: Ask) -> tuple[int, list[tuple[float, Any]]]:
        """How many there are, and those asked for."""
        if not ask.sort:
            return self._ranked(to_query(ask.clause), ask)
        found = self.searcher.search(
            self._filter(ask.clause), limit=ask.limit, offset=ask.offset, order_by_field=ask.sort, order=Order.Asc
        )
        return _total(found), [(0.0, address) for _, address in found.hits]

    def _counted(self, ask: Ask, least: int) -> Answer:
        """How many there are, what is counted of them, and near-duplicates among them, where few enough may be."""
        query = Native.const_score_query(self._filter(ask.clause), 0.0)
        total = self._known_total(ask)
        if ask.counts and (not ask.alike or max(least, total or 0) > GROUP_LIMIT):
            return self._values(query, ask, total)
        if total is None:
            total = self._count(query)
        is_told = ask.alike and total <= GROUP_LIMIT
        groups = self._groups(query) if is_told and total > 1 else {}
        found = self._values(query, ask, total, groups) if ask.counts else Answer(total)
        return found._replace(alike=Alike(groups)) if is_told and not found.alike else found

    def _filter(self, clause: Clause) -> Native:
        """The documents of a clause, whatever they score."""
        return to_filter(spelt_out(clause, self._terms))

    def _terms(self, field: str, beginning: str, most: int) -> tuple[str, ...]:
        """Terms of a field that begin so, at most so many."""
        return tuple([term for term, _ in self.searcher.terms_with_prefix(field, beginning, limit=most)])

    def _known_total(self, ask: Ask) -> int | None:
        """How many there are, where what was asked before tells."""
        known = [self._totals.get(one) for one in ask.parts or (ask.clause,)]
        return None if None in known else sum(known)

    def _count(self, query: Native) -> int:
        """How many there are. Of many documents the search for one of them would take half as long again."""
        return int(self.searcher.aggregate(query, TOTAL)[""]["value"])

    def _groups(self, query: Native) -> dict[str, int]:
        """Sizes of the groups of near-duplicates."""
        counted = self.searcher.aggregate(query, SEVERAL)
        return {_code(one["key"]): one["doc_count"] for one in counted["groups"]["buckets"]}

    def _values(
        self, query: Native, ask: Ask, total: int | None, groups: Mapping[str, int] = MappingProxyType({})
    ) -> Answer:
        """How many there are, unless it is known, and have each value, in one pass; and, where there are groups of
        near-duplicates, how many of them are alike, for which the values that several have are read."""
        columns = {name: name if groups else self._column(name) for name in ask.fields}
        wanted: dict[str, Any] = {
            name: {"terms": {"field": column, "size": max(BUCKETS_READ, ask.buckets)}}
            for name, column in columns.items()
        }
        pieces = _all_pieces(ask.spans)
        if groups:
            wanted = {name: {**one, "aggs": SEVERAL} for name, one in wanted.items()}
            pieces = {place: {**one, "aggs": EACH} for place, one in pieces.items()}
        if total is None:
            wanted |= TOTAL
        counted = self.searcher.aggregate(query, wanted | pieces)
        buckets = {name: counted[name]["buckets"] for name in ask.fields}
        inside = {span: list(_inside(span, counted[_place(span)]["buckets"])) for span in ask.spans}
        values = {
            name: _most_frequent(found if columns[name] == name else _apart(found), ask.buckets)
            for name, found in buckets.items()
        }
        spans = {span: sum(int(one["doc_count"]) for one in found) for span, found in inside.items()}
        alike = groups and Alike(
            groups,
            {name: alike_values(found) for name, found in buckets.items()},
            {span: _alike(found) for span, found in inside.items()},
        )
        count = int(counted[""]["value"]) if total is None else total
        return Answer(count, values=values, spans=spans, alike=alike or None)

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
        looked: _Looked | None = self._looked_at.get(ask.clause)
        if not looked or not looked.tells(end):
            looked = self._looked(query, end, looked)
            self._looked_at.keep(ask.clause, looked)
        return looked.total, self._in_order(looked.hits, ask.offset, end)

    def _looked(self, query: Native, end: int, before: "_Looked | None") -> "_Looked":
        """So many of the best documents that those up to an end are told."""
        reach = max(end + 1, min(len(before.hits) * FURTHER, LARGEST_TIE) if before else FIRST_LOOK)
        found = self.searcher.search(query, limit=reach, count=not before, weight_by_field=STANDING_FIELD)
        looked = _Looked(before.total if before else _total(found), found.hits, reach)
        return looked if looked.tells(end) else self._looked(query, end, looked)

    def _in_order(self, hits: list[tuple[float, Any]], offset: int, end: int) -> list[tuple[float, Any]]:
        """Those of a stretch; ties by the number made of the id's beginning, by the id itself only where that is not
        enough."""
        stretch = hits[offset:end]
        if not stretch:
            return []
        first = bisect_left(hits, -stretch[0][0], hi=offset, key=_negative)
        last = bisect_right(hits, -stretch[-1][0], lo=offset, key=_negative)
        numbers = self.searcher.fast_field_values("tie", [address for _, address in hits[first:last]])
        placed = sorted(
            ((-hit[0], number, hit) for number, hit in zip(numbers, hits[first:last], strict=True)), key=_BY_NUMBER
        )
        ordered: list[tuple[float, Any]] = []
        for _, alike in groupby(placed, key=_BY_NUMBER):
            same = [hit for _, _, hit in alike]
            ordered += sorted(same, key=lambda hit: _read(self.searcher, hit[1]).id) if len(same) > 1 else same
        return ordered[offset - first : end - first]


def _negative(hit: tuple[float, Any]) -> float:
    return -hit[0]


_BY_NUMBER = itemgetter(0, 1)
"""The score and the number of a hit in its place."""


class _Looked(NamedTuple):
    """The best documents of a clause, best score first, as far as they were looked at."""

    total: int
    """How many there are."""
    hits: list[tuple[float, Any]]
    reach: int
    """How many were asked for."""

    def tells(self, end: int) -> bool:
        """True when those up to an end are among them, with all that have the score of the last of them."""
        return len(self.hits) < self.reach or (
            end < self.reach and (self.hits[-1][0] != self.hits[end - 1][0] or self.reach >= LARGEST_TIE)
        )


class _Found(NamedTuple):
    """A document that is read whenever it is looked at: remembered, it is small. It knows no view, since a view
    remembers it."""

    score: float
    address: Any
    code: int
    """The number that stands for its near-duplicates."""
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
        return _code(self.code)


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


def _alike(pieces: Iterable[dict[str, Any]]) -> int:
    """The documents in pieces beyond one of each group of near-duplicates, which may lie in several pieces."""
    found = [each for one in pieces for each in one["groups"]["buckets"]]
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
        if _WRITER_ENDED in str(error):
            raise SearchUnavailable(f"The search index in {folder} cannot be written: {_DISK}.") from error
        raise SearchUnavailable(f"The search index in {folder} is damaged ({error}). {REBUILD}") from error


_WRITER_ENDED = "An index writer was killed"
"""What tantivy says when one of its threads could not go on; what that met is lost."""
_DISK = "most likely its disk is full or fails. Look at it, then do the same again; what was saved before is whole"


def _is_from_tantivy(error: BaseException) -> bool:
    """tantivy raises ValueError; a panic of its is a BaseException of a type that cannot be imported."""
    return isinstance(error, ValueError) or type(error).__name__ == "PanicException"
