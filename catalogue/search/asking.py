"""From a query to its results, the same way for every engine: count, page through the tiers, count facets, show.

An engine gives a `View`: one consistent state of its index that answers small requests. Everything that people notice
(order, counts, help when nothing is found) is decided here, so that engines cannot disagree about it.
"""

from typing import NamedTuple

from .base import Document, Query, Results
from .clauses import narrowed
from .concepts import other_words
from .counting import facets
from .params import check
from .plan import Plan, plan
from .snippets import hit, wanted
from .view import Ask, View


class Counts(NamedTuple):
    """How many documents there are, all filters applied; each number includes the one before."""

    exact: int
    all_words: int
    match: int


def answer(query: Query, view: View) -> Results:
    """The results of a query. Raises `BadQuery`."""
    check(query)
    understood = plan(query)
    counts = _counts(understood, view)
    what = wanted(understood)
    found = _page(query, understood, counts, view)
    return Results(
        count=counts.match,
        count_all_words=counts.all_words,
        hits=tuple(hit(document, score, query.language, what) for document, score in found),
        facets=facets(understood.match, understood.filters, query.filters, query.facets, view) if query.facets else {},
        generation=view.generation,
        also_searched=other_words((one.concept for one in understood.meanings), list(understood.words)),
    )


def _counts(understood: Plan, view: View) -> Counts:
    clauses = (understood.exact, understood.all_words, understood.match) if understood.words else (understood.match,)
    answers = view.ask([Ask(narrowed(clause, *understood.filters.values())) for clause in clauses])
    numbers = [one.total for one in answers]
    return Counts(*numbers) if understood.words else Counts(0, numbers[0], numbers[0])


def _page(query: Query, understood: Plan, counts: Counts, view: View) -> list[tuple[Document, float]]:
    """The documents of the page asked for, tier by tier."""
    filters = understood.filters.values()
    offset, limit = (query.page - 1) * query.per_page, query.per_page
    if query.sort != "relevance" or not understood.words:
        [one] = view.ask([Ask(narrowed(understood.match, *filters), offset, limit, _sort_field(query))])
        return list(one.found)
    asks = []
    sizes = (counts.exact, counts.all_words - counts.exact, counts.match - counts.all_words)
    for tier, size in zip(understood.tiers, sizes, strict=True):
        taken = max(0, min(limit, size - offset))
        if taken:
            asks.append(Ask(narrowed(tier, *filters), offset, taken))
        limit -= taken
        offset = max(0, offset - size)
    return [pair for one in view.ask(asks) for pair in one.found]


def _sort_field(query: Query) -> str:
    """What sorts the answer; without words, the newest is the best match."""
    return {"-issued": "by_issued", "title": f"by_title_{query.language}"}.get(query.sort, "by_modified")
