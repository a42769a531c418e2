"""Counts of facets: each under everything chosen but its own values, so that a count is what a click will find.

Near-duplicates among what a value counts are told beside it, so that what folds them can say how many are left.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .base import FacetCount, Query
from .clauses import Between, Clause, narrowed
from .facets import FACETS
from .plan import Plan
from .view import BUCKET_LIMIT, Alike, Answer, Ask, View

SHORT = 25
"""Results of a first page that is kept."""
MATCHES = ""
"""The name under which the matches are counted, and with them every facet that is not chosen from."""


class Counted(NamedTuple):
    """What was asked, and the answer."""

    ask: Ask
    answer: Answer


def asks(plan: Plan, names: tuple[str, ...], buckets: int = BUCKET_LIMIT, *, alike: bool = False) -> dict[str, Ask]:
    """What counts the matches and the named facets, in as few requests as can be; `alike`: near-duplicates too."""
    free = tuple(name for name in names if name not in plan.filters)
    found = {MATCHES: _ask(narrowed(plan.match, *plan.filters.values()), free, buckets)} | {
        name: _ask(narrowed(plan.match, *_others(plan, name)), (name,), buckets)
        for name in names
        if name in plan.filters
    }
    return {name: one._replace(alike=alike) for name, one in found.items()}


def remembered(view: View, wanted: Sequence[Ask]) -> list[Answer]:
    """The answers; those that only count or find nothing, or give a first page, are kept as long as the index stays as
    it is."""
    known: dict[Ask, Answer] = {one: answer for one in wanted if (answer := view.memory.get(one))}
    missing = [one for one in dict.fromkeys(wanted) if one not in known]
    known |= zip(missing, view.ask(missing), strict=True)
    for one in missing:
        if not (one.limit and known[one].total) or (not one.offset and one.limit <= SHORT):
            view.memory.keep(one, known[one])
    return [known[one] for one in wanted]


def facets(query: Query, plan: Plan, answers: Mapping[str, Counted], view: View) -> dict[str, tuple[FacetCount, ...]]:
    """The values of the facets asked for, most frequent first, options in their own order; chosen ones always.
    `answers`: those to `asks`."""
    found: dict[str, tuple[FacetCount, ...]] = {}
    for name in query.facets:
        ask, answer = answers[name if name in answers else MATCHES]
        counted, chosen = _counts(name, answer), query.filters.get(name, ())
        folded = _folded(name, answer.alike) if answer.alike else {}
        for value in chosen:
            if value not in counted:  # rarer than the values that were counted, or not there at all
                clause = narrowed(plan.match, FACETS[name].clause(name, (value,)), *_others(plan, name))
                [rare] = remembered(view, [Ask(clause, alike=ask.alike)])
                counted[value] = rare.total
                if rare.alike:
                    folded = {**folded, value: rare.alike.beyond_one}
        found[name] = tuple(
            FacetCount(value, count, value in chosen, folded.get(value, 0))
            for value, count in counted.items()
            if count or value in chosen
        )
    return found


def _folded(name: str, alike: Alike) -> Mapping[str, int]:
    """Value → how many of its documents are near-duplicates of others of them."""
    if FACETS[name].options:
        return {option: alike.spans.get(span, 0) for option, span in _spans(name).items()}
    return alike.values.get(name, {})


def _ask(clause: Clause, names: tuple[str, ...], buckets: int) -> Ask:
    fields = tuple(name for name in names if not FACETS[name].options)
    spans = tuple(span for name in names for span in _spans(name).values())
    return Ask(clause, fields=fields, buckets=buckets, spans=spans)


def _spans(name: str) -> dict[str, Between]:
    """The options of a facet: spans of days, the only options there are."""
    clauses = {option: FACETS[name].clause(name, (option,)) for option in FACETS[name].options}
    return {option: clause for option, clause in clauses.items() if isinstance(clause, Between)}


def _others(plan: Plan, name: str) -> list[Clause]:
    return [clause for other, clause in plan.filters.items() if other != name]


def _counts(name: str, answer: Answer) -> dict[str, int]:
    if FACETS[name].options:
        return {option: answer.spans[span] for option, span in _spans(name).items()}
    return dict(answer.values[name])
