"""From a query to its results, the same way for every engine: count, page through the tiers, count facets, show, help.

An engine gives a `View`: one consistent state of its index that answers small requests. Everything that people notice
(order, counts, help when nothing is found) is decided here, so that engines cannot disagree about it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from . import operators
from .base import Hit, Listing, Query, Results
from .clauses import AnyOf, Clause, narrowed
from .counting import MATCHES, Counted, asks, facets, remembered
from .hits import Placed, hit
from .language.analysis import key
from .language.concepts import is_place, other_words
from .nearby import near, wider, word_for
from .params import DEPTH_LIMIT, check
from .plan import Plan, plan
from .snippets import Wanted
from .spelling import corrected
from .view import ALL_BUCKETS, BUCKET_LIMIT, Answer, Ask, Known, View

LISTED, FILLING = "listed", "filling"
"""Values of `Query.partly`; the third needs no name."""
CLOSEST = 3
"""Results, concepts and values of a facet that are shown in place of none."""
NEARBY = ("theme", "publisher")
"""Facets whose values are told of what is near."""


class Counts(NamedTuple):
    """How many documents there are, all filters applied; each number includes the one before."""

    exact: int
    all_words: int
    match: int
    """Those that are listed."""
    some_words: int
    """Those that have some of the words, listed or not."""


class Question(NamedTuple):
    """A query on its way: what is asked, how it was understood, of what."""

    query: Query
    plan: Plan
    view: View
    counts: Counts
    counted: dict[str, Counted]
    """The `counting.asks`, answered."""
    best: tuple[Placed, ...] = ()
    """The first of those that have all the words without being named exactly, as far as they were asked for."""


def answer(query: Query, view: View) -> Results:
    """The results of a query. Raises `BadQuery`."""
    check(query)
    question = _question(query, view, query.facets, is_folding=query.collapse or query.count_alike)
    understood, counts = question.plan, question.counts
    alike = question.counted[MATCHES].answer.alike
    groups = alike.groups if alike else {}
    different = counts.match - alike.beyond_one if alike else 0
    shown = _collapsed(question, different) if query.collapse and groups else _page(question)
    results = Results(
        count=counts.match,
        count_all_words=counts.all_words,
        looser=counts.some_words - counts.all_words,
        groups=different,
        hits=_hits(question, _filled(question, shown), groups if query.collapse else {}),
        facets=facets(query, understood, question.counted, view),
        generation=view.generation,
        also_searched=other_words(understood.concepts, list(understood.words)),
        left_out=operators.read(query.text).left_out,
    )
    return results if counts.all_words else _helped(question, results)


def listed(query: Query, view: View) -> Listing:
    """The documents of the page asked for, and nothing of what a reader sees of them. Raises `BadQuery`."""
    check(query)
    question = _question(query, view, query.facets)
    return Listing(
        count=question.counts.match,
        documents=tuple(one.document for one in _page(question)),
        facets=facets(query, question.plan, question.counted, view),
    )


def _question(
    query: Query, view: View, names: tuple[str, ...] = (), known: Plan | None = None, *, is_folding: bool = False
) -> Question:
    """Counts, also the named facets, and takes the best of those that have all the words along: mostly they are the
    first page. `known`: the plan, where it was made already; `is_folding`: near-duplicates are counted too."""
    full = known or plan(query)
    understood = full if query.partly == LISTED else full._replace(match=full.all_words)
    filters = understood.filters.values()
    counting = asks(understood, names, ALL_BUCKETS if query.all_values else BUCKET_LIMIT, alike=is_folding)
    if not understood.words:
        counted = _counted(counting, remembered(view, list(counting.values())))
        total = counted[MATCHES].answer.total
        return Question(query, understood, view, Counts(0, total, total, total), counted)
    is_ranked = query.sort == "relevance" and query.page == 1
    tiers = (
        Ask(narrowed(understood.exact, *filters)),
        Ask(narrowed(understood.tiers[1], *filters), limit=_first_stretch(query) if is_ranked else 0),
    )
    beyond = () if query.partly == LISTED else (Ask(narrowed(full.match, *filters)),)
    if beyond:  # what is listed is what the tiers have
        counting[MATCHES] = counting[MATCHES]._replace(parts=tuple(tier.clause for tier in tiers))
    further = {name: one for name, one in counting.items() if not (beyond and _only_counts_matches(name, one))}
    exact, every, *found = remembered(view, [*tiers, *further.values(), *beyond])
    having_all = exact.total + every.total
    answers = {MATCHES: Answer(having_all), **dict(zip(further, found, strict=False))}
    counted = _counted(counting, [answers[name] for name in counting])
    listed = counted[MATCHES].answer.total
    some = found[-1].total if beyond else listed
    if query.partly == FILLING and some and not having_all:
        return _question(msgspec.structs.replace(query, partly=LISTED), view, names, full, is_folding=is_folding)
    counts = Counts(exact.total, having_all, listed, some)
    return Question(query, understood, view, counts, counted, tuple(map(Placed, every.found)))


def _only_counts_matches(name: str, ask: Ask) -> bool:
    """Whether the tiers tell as much: where only what has all the words is listed, they are all of it."""
    return name == MATCHES and not (ask.counts or ask.alike)


def _counted(counting: dict[str, Ask], answers: list[Answer]) -> dict[str, Counted]:
    return dict(zip(counting, map(Counted, counting.values(), answers), strict=True))


def _hits(question: Question, found: list[Placed], groups: Mapping[str, int]) -> tuple[Hit, ...]:
    what = Wanted(question.plan)
    similar = (groups.get(one.match.group, 1) - 1 if groups else 0 for one in found)
    return tuple(hit(one, question.query.language, what, more) for one, more in zip(found, similar, strict=True))


# --- pages -----------------------------------------------------------------------------------------------------------


def _page(question: Question) -> list[Placed]:
    """The documents of the page asked for."""
    query = question.query
    return _stretch(question, (query.page - 1) * query.per_page, query.per_page)


def _stretch(question: Question, offset: int, limit: int) -> list[Placed]:
    """Documents in order, tier by tier, from one place on."""
    query, understood, counts = question.query, question.plan, question.counts
    filters = understood.filters.values()
    limit = min(limit, min(counts.match, DEPTH_LIMIT) - offset)  # no engine is asked beyond what there is
    if limit <= 0:
        return []
    if query.sort != "relevance" or not understood.words:
        wanted = Ask(narrowed(understood.match, *filters), offset, limit, _sort_field(query))
        [one] = remembered(question.view, [wanted])
        return list(map(Placed, one.found))
    found: list[Placed] = []
    sizes = (counts.exact, counts.all_words - counts.exact, counts.match - counts.all_words)
    for tier, size in zip(understood.tiers, sizes, strict=True):
        taken = max(0, min(limit, size - offset))
        if taken:
            found += _of_tier(question, tier, offset, taken)
        limit -= taken
        offset = max(0, offset - size)
    return found


def _first_stretch(query: Query) -> int:
    """How many documents fill a first page; of near-duplicates only one is shown."""
    return query.per_page * 2 if query.collapse else query.per_page


def _of_tier(question: Question, tier: Clause, offset: int, limit: int) -> list[Placed]:
    if tier is question.plan.tiers[1] and offset + limit <= len(question.best):
        return list(question.best[offset : offset + limit])
    [one] = remembered(question.view, [Ask(narrowed(tier, *question.plan.filters.values()), offset, limit)])
    has_all_words = tier is not question.plan.tiers[-1]
    return [Placed(match, has_all_words) for match in one.found]


def _sort_field(query: Query) -> str:
    """What sorts the answer; without words, the newest is the best match."""
    fields = {"-issued": "by_issued", "-updated": "by_updated", "id": "by_id", "title": f"by_title_{query.language}"}
    return fields.get(query.sort, "by_modified")


def _listed(question: Question) -> Clause:
    """The documents that are listed, page by page."""
    return question.counted[MATCHES].ask.clause


def _collapsed(question: Question, different: int) -> list[Placed]:
    """The page asked for, when of each group of near-duplicates only the first is shown; `different`: how many groups
    there are.

    Each stretch is as long as all before, or as long as those let expect that the rest of the page takes: few are
    asked for, also where the best results have hundreds of copies.
    """
    query = question.query
    end, offset = query.page * query.per_page, 0
    limit = max(_first_stretch(query), end)
    first: dict[str, Placed] = {}
    while len(first) < min(end, different) and offset < min(question.counts.match, DEPTH_LIMIT):
        if not (stretch := _stretch(question, offset, limit)):  # something went since they were counted
            break
        for one in stretch:
            first.setdefault(one.match.group, one)
        offset += len(stretch)
        limit = max(offset, (end - len(first)) * offset // len(first))
    return _originals_first(question, list(first.values())[end - query.per_page : end])


def _originals_first(question: Question, shown: list[Placed]) -> list[Placed]:
    """Copies give their place to the entry that counts, where that one matches too."""
    shown = [one._replace(match=Known(one.document, one.match.score, one.match.group)) for one in shown]
    wanted = [one.document.copy_of for one in shown if one.document.copy_of]
    clause = _listed(question)
    asks = [Ask(narrowed(clause, AnyOf("exact", (key(id),))), limit=1) for id in wanted]
    answers = question.view.ask(asks) if asks else []
    found = {match.document.id: match.document for answer in answers for match in answer.found}
    originals = (found.get(one.document.copy_of) for one in shown)
    return [
        one._replace(match=Known(original, one.match.score)) if original else one
        for one, original in zip(shown, originals, strict=True)
    ]


def _filled(question: Question, shown: list[Placed]) -> list[Placed]:
    """The last page, filled up with the best of those that have only some of the words."""
    query, counts = question.query, question.counts
    room = query.per_page - len(shown)
    if query.partly != FILLING or query.sort != "relevance" or not shown or counts.some_words == counts.match:
        return shown
    clause = narrowed(question.plan.tiers[-1], *question.plan.filters.values())
    [more] = remembered(question.view, [Ask(clause, limit=room)]) if room > 0 else [Answer(0)]
    seen = {one.match.group for one in shown} if query.collapse else set()
    found = {match.group if query.collapse else match.document.id: match for match in more.found}
    return [*shown, *(Placed(match, False) for code, match in found.items() if code not in seen)]


# --- help ------------------------------------------------------------------------------------------------------------


def _helped(question: Question, results: Results) -> Results:
    """With ways on, when no document has all the words."""
    query, understood = question.query, question.plan
    text = corrected(query.text, understood, question.view)
    better = _question(msgspec.structs.replace(query, text=text), question.view) if text else None
    if better and (better.counts.all_words or better.counts.some_words > question.counts.some_words):
        results = msgspec.structs.replace(results, did_you_mean=text)
    elif query.page == 1:
        results = msgspec.structs.replace(results, wider=_wider(question), **_near(question))
    if results.count or query.page > 1:
        return results
    closest = better if better and better.counts.all_words else _question(_unfiltered(query), question.view)
    found = _stretch(closest, 0, CLOSEST) if closest.counts.match and closest.plan.words else []
    return msgspec.structs.replace(results, without=_without(question), closest=_hits(closest, found, {}))


def _wider(question: Question) -> str:
    """The words without places or times, where something has them all."""
    asked = operators.read(question.query.text)
    texts = [asked.again(text) for text in wider(asked.text, question.query.language)]
    plans = [plan(msgspec.structs.replace(question.query, text=text)) for text in texts]
    asks = [Ask(narrowed(understood.all_words, *understood.filters.values())) for understood in plans]
    found = zip(texts, remembered(question.view, asks) if asks else (), strict=True)
    return next((text for text, answer in found if answer.total), "")


def _near(question: Question) -> dict[str, Any]:
    """What is near to the meanings that no document has."""
    meant = [one for one in question.plan.concepts if not is_place(one)]
    missing = [one for one, count in _documents(question.view, meant).items() if not count]
    candidates = dict.fromkeys(one for concept in missing for one in near(concept))
    there = [one for one, count in _documents(question.view, candidates).items() if count][:CLOSEST]
    if not there:
        return {}
    [answer] = question.view.ask([Ask(AnyOf("concepts", tuple(there)), fields=NEARBY)])
    return {
        "nearest": tuple(word_for(one, question.query.language) for one in there),
        "nearby": {name: tuple(value for value, _ in answer.values[name][:CLOSEST]) for name in NEARBY},
    }


def _documents(view: View, meant: Iterable[str]) -> dict[str, int]:
    """Concept → how many documents have it."""
    asks = {one: Ask(AnyOf("concepts", (one,))) for one in meant}
    return {one: answer.total for one, answer in zip(asks, remembered(view, list(asks.values())), strict=True)}


def _unfiltered(query: Query) -> Query:
    return msgspec.structs.replace(query, filters={}, condition=None)


def _without(question: Question) -> dict[str, int]:
    """Name of a filter → how many documents there would be without it."""
    filters = question.plan.filters
    others = {name: [clause for other, clause in filters.items() if other != name] for name in filters}
    answers = question.view.ask([Ask(narrowed(question.plan.match, *kept)) for kept in others.values()])
    return {name: one.total for name, one in zip(others, answers, strict=True) if one.total}
