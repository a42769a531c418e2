"""The embedded index: tantivy, in a folder beside the database. The only file that knows tantivy.

Any number of threads and processes read while one writes: before every search a reader looks which index is in use
(`folder`) and whether there is a newer commit in it.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from importlib.metadata import version
from itertools import groupby, pairwise
from math import inf
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import tantivy
from tantivy import Occur, Order
from tantivy import Query as Native

from .asking import answer
from .base import Document, Query, Results, SearchUnavailable
from .clauses import All, AnyOf, Best, Between, Boosted, Clause, Constant, Prefix, Sum, Term, Without
from .fields import DAY_FIELDS, DEGREE_FIELDS, KEYWORD_FIELDS, MOMENT_FIELD, SORT_FIELDS, SPELLING_FIELD, TEXT_FIELDS
from .fields import shadow as shadow_of
from .folder import REBUILD, IndexFolder
from .memory import Memory
from .params import DEPTH_LIMIT
from .view import BUCKET_LIMIT, GROUP_LIMIT, Answer, Ask

UNCOUNTED = {"exact", "signals", "place"}
"""Keyword fields that are only searched."""
WHOLE_NUMBERS = (*DAY_FIELDS, MOMENT_FIELD)
FEW_TERMS = 8
"""Terms that are looked up one by one; more are looked up in one pass over the dictionary."""
WRITER_MEMORY = 64_000_000
"""Bytes that a writer fills before it writes a segment."""
LARGEST_TIE = 2 * DEPTH_LIMIT
"""Documents of one score that are put in order of id; beyond, the engine's own order stands."""

BUCKETS_READ = 10 * BUCKET_LIMIT
"""Values of a facet that tantivy gives; it breaks ties by chance, so more are read than are shown."""


def schema() -> tantivy.Schema:
    """The fields of an index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("revision", fast=True)
    builder.add_unsigned_field("tie", fast=True)
    builder.add_bytes_field("document", stored=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in KEYWORD_FIELDS:
        builder.add_text_field(name, fast=name not in UNCOUNTED, tokenizer_name="raw", index_option="basic")
    for name in WHOLE_NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in DEGREE_FIELDS:
        builder.add_float_field(name, indexed=True, fast=True)
    for name in SORT_FIELDS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(SPELLING_FIELD, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = schema()


# --- clauses → queries -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)  # the same clause stands in several tiers, and in the next query again
def to_query(clause: Clause) -> Native:
    """A clause as tantivy's query."""
    return _TRANSLATIONS[type(clause)](clause)


def _term(clause: Term) -> Native:
    return Native.boost_query(Native.term_query(SCHEMA, clause.field, clause.term, "freq"), clause.weight)


def _prefix(clause: Prefix) -> Native:
    """Without a letter's difference: made a hundred times faster than a regular expression."""
    begins = Native.fuzzy_term_query(
        SCHEMA, clause.field, clause.prefix, distance=0, transposition_cost_one=False, prefix=True
    )
    return Native.const_score_query(begins, clause.score)


def _any_of(clause: AnyOf) -> Native:
    if len(clause.values) > FEW_TERMS:
        return Native.const_score_query(Native.term_set_query(SCHEMA, clause.field, list(clause.values)), 0.0)
    terms = [Native.term_query(SCHEMA, clause.field, value, "basic") for value in clause.values]
    found = terms[0] if len(terms) == 1 else Native.boolean_query([(Occur.Should, term) for term in terms])
    return Native.const_score_query(found, 0.0)


def _between(clause: Between) -> Native:
    is_whole = clause.field in WHOLE_NUMBERS
    kind = tantivy.FieldType.Integer if is_whole else tantivy.FieldType.Float
    low, high = (None if bound is None else (int if is_whole else float)(bound) for bound in (clause.low, clause.high))
    bounded = Native.all_query() if low is high is None else Native.range_query(SCHEMA, clause.field, kind, low, high)
    return Native.const_score_query(bounded, 0.0)


def _boolean(must: Iterable[Clause], should: Iterable[Clause] = (), must_not: Iterable[Clause] = ()) -> Native:
    parts = ((Occur.Must, must), (Occur.Should, should), (Occur.MustNot, must_not))
    return Native.boolean_query([(occur, to_query(clause)) for occur, clauses in parts for clause in clauses])


def _all(clause: All) -> Native:
    return _boolean(clause.clauses) if clause.clauses else Native.const_score_query(Native.all_query(), 0.0)


_TRANSLATIONS: dict[type, Callable[[Any], Native]] = {
    Term: _term,
    Prefix: _prefix,
    AnyOf: _any_of,
    Between: _between,
    All: _all,
    Sum: lambda clause: _boolean((), clause.clauses),
    Best: lambda clause: Native.disjunction_max_query([to_query(one) for one in clause.clauses]),
    Constant: lambda clause: Native.const_score_query(to_query(clause.clause), clause.score),
    Without: lambda clause: _boolean((clause.clause,), (), (clause.excluded,)),
    Boosted: lambda clause: _boolean((clause.clause,), (clause.boost,)),
}


# --- reading ---------------------------------------------------------------------------------------------------------


class _View:
    """One state of the index."""

    def __init__(self, searcher: tantivy.Searcher, generation: str, folder: Path) -> None:
        self.searcher = searcher
        self.folder = folder
        self.generation = generation
        self.memory = Memory()

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        """Answers, in the order of the asks."""
        with _guarded(self.folder):
            return [self._answer(one) for one in asks]

    def groups(self, clause: Clause) -> dict[str, int]:
        """Sizes of the largest groups of near-duplicates."""
        wanted = {"groups": {"terms": {"field": "similar", "size": GROUP_LIMIT}}}
        with _guarded(self.folder):
            counted = self.searcher.aggregate(Native.const_score_query(to_query(clause), 0.0), wanted)
        return {one["key"]: one["doc_count"] for one in counted["groups"]["buckets"]}

    def spellings(self, beginning: str) -> list[tuple[str, int]]:
        """Terms of the spelling field that begin so."""
        with _guarded(self.folder):
            return self.searcher.terms_with_prefix(SPELLING_FIELD, beginning)

    def _answer(self, ask: Ask) -> Answer:
        query = to_query(ask.clause)
        if not ask.limit:
            return self._counted(query, ask)
        total, hits = self._hits(query, ask)
        found = tuple((self.document(address), score) for score, address in hits)
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
        if not ask.counts:
            return Answer(_total(self.searcher.search(query, limit=1)))
        wanted: dict[str, Any] = {name: {"terms": {"field": name, "size": BUCKETS_READ}} for name in ask.fields}
        fields = {span.field for span in ask.spans}
        wanted |= {f"in {field}": _pieces(field, (one for one in ask.spans if one.field == field)) for field in fields}
        counted = self.searcher.aggregate(query, wanted | {"": {"value_count": {"field": "revision"}}})
        values = {name: _most_frequent(counted[name]["buckets"]) for name in ask.fields}
        spans = {span: _inside(span, counted[f"in {span.field}"]["buckets"]) for span in ask.spans}
        return Answer(int(counted[""]["value"]), values=values, spans=spans)

    def _ranked(self, query: Native, ask: Ask) -> tuple[int, list[tuple[float, Any]]]:
        """Best score first; documents of one score in order of id, also those that the page's end cuts apart."""
        end = ask.offset + ask.limit
        reach = end + 1
        found = self.searcher.search(query, limit=reach)
        total, hits = _total(found), found.hits
        while len(hits) == reach and hits[-1][0] == hits[end - 1][0] and reach < LARGEST_TIE:
            reach = min(reach * 4, LARGEST_TIE)
            hits = self.searcher.search(query, limit=reach, count=False).hits
        return total, self._in_order(hits, ask.offset, end)

    def _in_order(self, hits: list[tuple[float, Any]], offset: int, end: int) -> list[tuple[float, Any]]:
        ordered: list[tuple[float, Any]] = []
        for _, group in groupby(hits, key=itemgetter(0)):
            tied = list(group)
            is_shown = len(ordered) < end and len(ordered) + len(tied) > offset
            ordered += self._by_id(tied) if is_shown and len(tied) > 1 else tied
        return ordered[offset:end]

    def _by_id(self, tied: list[tuple[float, Any]]) -> list[tuple[float, Any]]:
        """By the number made of the id's beginning; the id itself is read only where that is not enough."""
        numbers = self.searcher.fast_field_values("tie", [address for _, address in tied])
        ordered: list[tuple[float, Any]] = []
        for _, group in groupby(sorted(zip(numbers, tied, strict=True), key=itemgetter(0)), key=itemgetter(0)):
            same = [hit for _, hit in group]
            ordered += sorted(same, key=lambda hit: self.document(hit[1]).id) if len(same) > 1 else same
        return ordered

    def document(self, address: Any) -> Document:
        """The document at an address."""
        return _DECODER.decode(self.searcher.doc(address)["document"][0])


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # tantivy's stub leaves it out


def _pieces(field: str, spans: Iterable[Between]) -> dict[str, Any]:
    """What counts the documents between all the bounds of spans: tantivy takes no ranges that overlap."""
    bounds = sorted({bound for span in spans for bound in (span.low, _end(span)) if bound is not None})
    ranges = [{"from": float(low), "to": float(high)} for low, high in pairwise(bounds)]
    return {"range": {"field": field, "ranges": [*ranges, {"from": float(bounds[-1])}]}}


def _inside(span: Between, pieces: list[dict[str, Any]]) -> int:
    """The documents in the pieces that lie within a span."""
    low, end = -inf if span.low is None else span.low, inf if span.high is None else span.high + 1
    return sum(int(one["doc_count"]) for one in pieces if one.get("from", -inf) >= low and one.get("to", inf) <= end)


def _end(span: Between) -> float | None:
    return None if span.high is None else span.high + 1


def _most_frequent(buckets: list[dict[str, Any]]) -> list[tuple[str, int]]:
    counted = sorted(((one["key"], one["doc_count"]) for one in buckets), key=lambda pair: (-pair[1], pair[0]))
    return counted[:BUCKET_LIMIT]


_DECODER = msgspec.json.Decoder(Document)
_ENCODER = msgspec.json.Encoder()


def tie_number(id: str) -> int:
    """The first eight bytes of an id as a number that sorts as they do."""
    return int.from_bytes(id.encode()[:8].ljust(8, b"\0"))


# --- the index -------------------------------------------------------------------------------------------------------


class _Open(NamedTuple):
    """An index that is open for reading."""

    native: tantivy.Index
    path: Path
    stamp: tuple[int, int]
    """Time and size of its commit file when it was last read."""
    view: _View


class EmbeddedIndex:
    """A `SearchIndex` in a folder."""

    def __init__(self, path: Path) -> None:
        self.folder = IndexFolder(path)
        self._open: _Open | None = None
        self._opening = threading.Lock()

    def search(self, query: Query) -> Results:
        """The entries that match."""
        return answer(query, self._view())

    def revisions(self) -> dict[str, int]:
        """Every id in the index with its revision."""
        searcher = self._view().searcher
        with _guarded(self.folder.path):
            if not searcher.num_docs:
                return {}
            hits = searcher.search(Native.all_query(), limit=searcher.num_docs, count=False, order_by_field="id").hits
            numbers = searcher.fast_field_values("revision", [address for _, address in hits])
            return {id: int(number or 0) for (id, _), number in zip(hits, numbers, strict=True)}

    def generation(self) -> str:
        """Changes with every commit and every rebuild."""
        return self._view().generation

    def status(self) -> dict[str, object]:
        """What `datastore doctor` and `index status` tell; what is wrong with the index is told, not raised."""
        told: dict[str, object] = {"engine": "embedded", "version": version("tantivy"), "where": str(self.folder.path)}
        try:
            view, path = self._view(), self.folder.current()
        except SearchUnavailable as error:
            return {**told, "state": "unavailable", "problem": str(error)}
        size = sum(file.stat().st_size for file in path.iterdir())
        documents = view.searcher.num_docs
        return {**told, "state": "ready", "documents": documents, "bytes": size, "generation": view.generation}

    def close(self) -> None:
        """Forgets what is open; the next search opens it again."""
        with self._opening:
            self._open = None

    def put(self, documents: Iterable[Document]) -> int:
        """Adds or replaces documents, in one commit; those that are older than what stands are passed over."""
        with self.folder.writing():
            searcher = self._view().searcher
            newest = _newest(documents)
            with _guarded(self.folder.path):
                fresh = [one for one in newest if one.revision >= _revision(searcher, one.id)]
                with self._writer() as writer:
                    for document in fresh:
                        writer.delete_documents_by_term("id", document.id)
                        writer.add_document(_row(document))
        return len(fresh)

    def remove(self, ids: Iterable[str]) -> int:
        """Takes documents out, in one commit."""
        asked = list(dict.fromkeys(ids))
        with self.folder.writing(), _guarded(self.folder.path), self._writer() as writer:
            for id in asked:
                writer.delete_documents_by_term("id", id)
        return len(asked)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Fills a new index and swaps it in; what is left over from rebuilds that were killed goes."""
        count = 0
        with self.folder.replacing() as path, _writer(tantivy.Index(SCHEMA, path=str(path))) as writer:
            for document in documents:
                row = _row(document)
                with _guarded(self.folder.path):
                    writer.add_document(row)
                count += 1
        return count

    def _writer(self) -> AbstractContextManager[tantivy.IndexWriter]:
        return _writer(tantivy.Index.open(str(self.folder.current())))

    def _view(self) -> _View:
        """The newest state. A rebuild may swap indexes between two looks, so a look that failed is repeated."""
        while True:
            path = self.folder.current()
            try:
                with _guarded(self.folder.path):
                    return self._view_of(path)
            except SearchUnavailable:
                if self.folder.current() == path:
                    raise

    def _view_of(self, path: Path) -> _View:
        stamp = _stamp(path)
        state = self._open
        if state and state.path == path and state.stamp == stamp:
            return state.view
        with self._opening:
            native = state.native if state and state.path == path else _opened(path)
            native.reload()
            view = _View(native.searcher(), f"{path.name}-{_opstamp(path)}", self.folder.path)
            self._open = _Open(native, path, stamp, view)
            return view


def _opened(path: Path) -> tantivy.Index:
    native = tantivy.Index.open(str(path))
    native.config_reader("manual")
    return native


def _newest(documents: Iterable[Document]) -> list[Document]:
    newest: dict[str, Document] = {}
    for document in documents:
        if document.id not in newest or newest[document.id].revision <= document.revision:
            newest[document.id] = document
    return list(newest.values())


@contextmanager
def _writer(index: tantivy.Index) -> Iterator[tantivy.IndexWriter]:
    """A writer that commits at the end, or leaves everything as it was."""
    writer = index.writer(WRITER_MEMORY, num_threads=1)
    try:
        yield writer
    except BaseException:
        writer.rollback()
        raise
    writer.commit()
    writer.wait_merging_threads()


def _revision(searcher: tantivy.Searcher, id: str) -> int:
    """The revision that stands; -1 when there is none."""
    hits = searcher.search(Native.term_query(SCHEMA, "id", id, "basic"), limit=1, count=False).hits
    return int(searcher.fast_field_values("revision", [hits[0][1]])[0] or 0) if hits else -1


def _row(document: Document) -> tantivy.Document:
    held = shadow_of(document)
    row = tantivy.Document()
    row.add_text("id", document.id)
    row.add_unsigned("revision", document.revision)
    row.add_unsigned("tie", tie_number(document.id))
    row.add_bytes("document", _ENCODER.encode(document))
    for name, text in (*held.texts.items(), *held.sorts.items()):
        row.add_text(name, text)
    for name, values in (*held.keywords.items(), (SPELLING_FIELD, held.spelling)):
        for value in values:
            row.add_text(name, value)
    for name, number in (*held.days.items(), *held.moments.items()):
        row.add_integer(name, number)
    for name, degrees in held.degrees.items():
        row.add_float(name, degrees)
    return row


def _stamp(folder: Path) -> tuple[int, int]:
    found = (folder / "meta.json").stat()
    return found.st_mtime_ns, found.st_size


def _opstamp(folder: Path) -> int:
    """The number of the last commit; merging segments does not change it."""
    return int(msgspec.json.decode((folder / "meta.json").read_bytes())["opstamp"])


@contextmanager
def _guarded(folder: Path) -> Iterator[None]:
    """Translates what tantivy and the disk raise."""
    try:
        yield
    except OSError as error:
        raise SearchUnavailable(f"The search index in {folder} cannot be read or written: {error}.") from error
    except BaseException as error:
        if not _is_from_tantivy(error):
            raise
        raise SearchUnavailable(f"The search index in {folder} is damaged ({error}). {REBUILD}") from error


def _is_from_tantivy(error: BaseException) -> bool:
    """tantivy raises ValueError; a panic of its is a BaseException of a type that cannot be imported."""
    return isinstance(error, ValueError) or type(error).__name__ == "PanicException"
