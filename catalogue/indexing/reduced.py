"""Search while there is no index: titles and keywords, read from the store.

It finds less than the index does, and says so (`Results.reduced`): a lost index takes nobody the catalogue (robustness
F-37). Facets are counted of everything only. Entries are looked at for a bounded time.
"""

import time
from collections import Counter
from collections.abc import Iterator

import msgspec

from .. import clock
from ..search import operators
from ..search.base import Document, FacetCount, Query, Results, SearchUnavailable
from ..search.conditions import Chosen, Condition, Each, Either, Other, choices
from ..search.facets import FACETS
from ..search.hits import Placed, hit
from ..search.language.analysis import query_words, sort_key, words
from ..search.language.texts import best_text
from ..search.params import check
from ..search.plan import plan
from ..search.snippets import Wanted
from ..search.unneeded import unneeded
from ..search.view import BUCKET_LIMIT, Known
from ..store import outbox
from ..store.database import Database
from .entry_document import document

SECONDS = 1.5
"""How long entries are looked at: some ten thousand of them."""
BATCH = 500


def search(database: Database, query: Query, why: SearchUnavailable) -> Results:
    """The entries that have all the words in title, keywords or name of the publisher, those with all of them in the
    title first. Raises `BadQuery`, and `why` for what only an index can answer."""
    check(query)
    asked = (*query.filters, *(one.name for one in choices(query.condition))) if query.condition else query.filters
    if any(name not in FACETS or FACETS[name].values is None for name in asked):
        raise why
    look = _Look(database, query)
    found = _in_order(list(look.found()), query)
    is_everything = not (query.text or query.filters or query.condition)
    if is_everything and query.facets and not look.is_whole:
        raise why
    what = Wanted(plan(msgspec.structs.replace(query, filters={}, condition=None, only=True)))
    start = (query.page - 1) * query.per_page
    return Results(
        count=len(found),
        count_all_words=len(found),
        hits=tuple(hit(one, query.language, what) for one in found[start : start + query.per_page]),
        facets={name: _counts(name, found) if is_everything else () for name in query.facets},
        left_out=operators.read(query.text).left_out,
        reduced=True,
    )


class _Look:
    """One look at the store, for as long as it may take."""

    def __init__(self, database: Database, query: Query) -> None:
        self._database, self._query = database, query
        asked = operators.read(query.text)
        typed = frozenset(query_words(asked.text))
        self._words = typed - unneeded(asked.text) or typed
        self._left_out = tuple(found for one in asked.left_out if (found := frozenset(query_words(one))))
        self.is_whole = False
        """True when all entries were looked at."""

    def found(self) -> Iterator[Placed]:
        """The entries that are kept, with a score: 2 for all words in the title, 1 for all words."""
        today, end, after = clock.now().date(), time.monotonic() + SECONDS, ""
        while time.monotonic() < end:
            with self._database.read() as tx:
                rows = outbox.live(tx, after, BATCH)
            for one in (document(row, today=today) for row in rows):
                is_left_out = any(_score(one, words) for words in self._left_out)
                if not is_left_out and (score := _score(one, self._words)) and _is_kept(one, self._query):
                    yield Placed(Known(one, score))
            if len(rows) < BATCH:
                self.is_whole = True
                return
            after = rows[-1].id


def _score(one: Document, wanted: frozenset[str]) -> float:
    title = {word for text in one.title for word in words(text.value)}
    if wanted <= title:
        return 2.0
    others = {word for text in (*one.keyword, *one.publisher) for word in words(text.value)}
    return 1.0 if wanted <= title | others else 0.0


def _is_kept(one: Document, query: Query) -> bool:
    """Within a filter any value, between filters all."""
    chosen = (Chosen(name, values) for name, values in query.filters.items() if values)
    return all(_holds(each, one) for each in (*chosen, *([query.condition] if query.condition else ())))


def _holds(condition: Condition, one: Document) -> bool:
    match condition:
        case Chosen(name, values):
            values_of = FACETS[name].values
            return values_of is not None and not {*values}.isdisjoint(values_of(one))
        case Each(parts):
            return all(_holds(part, one) for part in parts)
        case Either(parts):
            return any(_holds(part, one) for part in parts)
        case Other(part):
            return not _holds(part, one)


def _in_order(found: list[Placed], query: Query) -> list[Placed]:
    by_title = sorted(
        found, key=lambda one: (sort_key(best_text(one.document.title, query.language).value), one.document.id)
    )
    if query.sort == "id":
        return sorted(found, key=lambda one: one.document.id)
    if query.sort in {"-modified", "-issued", "-updated"}:
        return sorted(by_title, key=lambda one: getattr(one.document, query.sort[1:]), reverse=True)
    return by_title if query.sort == "title" else sorted(by_title, key=lambda one: -one.match.score)


def _counts(name: str, found: list[Placed]) -> tuple[FacetCount, ...]:
    values_of = FACETS[name].values
    counted = Counter(value for one in found for value in (values_of(one.document) if values_of else ()))
    return tuple(FacetCount(value, count, selected=False) for value, count in counted.most_common(BUCKET_LIMIT))
