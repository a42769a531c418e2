"""Counts of facets: each under everything chosen but its own values, so that a count is what a click will find."""

from collections.abc import Iterator, Mapping

from .base import FacetCount
from .clauses import Clause, narrowed
from .facets import FACETS
from .view import Answer, Ask, View

MEMORY_LIMIT = 500
"""Counts that are kept for one state of the index: those without words and filters are asked for again and again."""

Choice = Mapping[str, tuple[str, ...]]


def facets(
    match: Clause, filters: Mapping[str, Clause], chosen: Choice, names: tuple[str, ...], view: View
) -> dict[str, tuple[FacetCount, ...]]:
    """The values of the named facets, most frequent first, options in their own order; chosen ones always."""
    key = (match, tuple(filters.items()), names)
    if key not in view.memory:
        if len(view.memory) >= MEMORY_LIMIT:
            view.memory.clear()
        view.memory[key] = _count(match, filters, chosen, names, view)
    counted: dict[str, tuple[FacetCount, ...]] = view.memory[key]
    return counted


def _count(
    match: Clause, filters: Mapping[str, Clause], chosen: Choice, names: tuple[str, ...], view: View
) -> dict[str, tuple[FacetCount, ...]]:
    asks = dict(_asks(match, filters, names))
    answers = dict(zip(asks, view.ask(list(asks.values())), strict=True))
    counted = {name: _counts(name, answers) for name in names}
    for name in names:
        for value in chosen.get(name, ()):
            if value not in counted[name]:  # rarer than the values that were counted, or not there at all
                counted[name][value] = view.ask([_option(match, filters, name, value)])[0].total
    return {name: _shown(counted[name], chosen.get(name, ())) for name in names}


Key = tuple[str, str]
"""(facet, option): no option where all values of a facet are counted at once, neither where facets share an ask."""


def _asks(match: Clause, filters: Mapping[str, Clause], names: tuple[str, ...]) -> Iterator[tuple[Key, Ask]]:
    counted = [name for name in names if not FACETS[name].options]
    together = tuple(name for name in counted if name not in filters)
    if together:
        yield ("", ""), Ask(narrowed(match, *filters.values()), fields=together)
    for name in counted:
        if name in filters:
            yield (name, ""), Ask(narrowed(match, *_others(filters, name)), fields=(name,))
    for name in names:
        for option in FACETS[name].options:
            yield (name, option), _option(match, filters, name, option)


def _option(match: Clause, filters: Mapping[str, Clause], name: str, value: str) -> Ask:
    return Ask(narrowed(match, FACETS[name].clause(name, (value,)), *_others(filters, name)))


def _others(filters: Mapping[str, Clause], name: str) -> list[Clause]:
    return [clause for other, clause in filters.items() if other != name]


def _counts(name: str, answers: Mapping[Key, Answer]) -> dict[str, int]:
    if options := FACETS[name].options:
        return {option: answers[name, option].total for option in options}
    answer = answers.get((name, "")) or answers["", ""]
    return dict(answer.values[name])


def _shown(counted: Mapping[str, int], chosen: tuple[str, ...]) -> tuple[FacetCount, ...]:
    return tuple(
        FacetCount(value, count, value in chosen) for value, count in counted.items() if count or value in chosen
    )
