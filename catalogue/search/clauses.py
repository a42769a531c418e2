"""A query as both engines understand it: a tree of small clauses, built here once and translated by each engine.

Terms are given to the engines as they are; text that somebody typed never meets a query parser.
"""

from typing import TypeAlias

import msgspec


class Part(msgspec.Struct, frozen=True, cache_hash=True):
    """A part of the tree. Two that say the same are equal, so that what was translated or counted for one is known for
    the other."""


class Term(Part, frozen=True, cache_hash=True):
    """Documents with the term in a text field, scored by BM25 times the weight."""

    field: str
    term: str
    weight: float = 1.0


class Prefix(Part, frozen=True, cache_hash=True):
    """Documents with a term that begins so, all scored alike."""

    field: str
    prefix: str
    score: float


class AnyOf(Part, frozen=True, cache_hash=True):
    """Documents with one of the values in a keyword field; adds nothing to the score."""

    field: str
    values: tuple[str, ...]


class Between(Part, frozen=True, cache_hash=True):
    """Documents whose number lies between two bounds, both included; adds nothing to the score."""

    field: str
    low: float | None = None
    high: float | None = None


class Sum(Part, frozen=True, cache_hash=True):
    """At least one of the clauses; scores of those that match are added."""

    clauses: "tuple[Clause, ...]"


class Best(Part, frozen=True, cache_hash=True):
    """At least one of the clauses; the best score counts."""

    clauses: "tuple[Clause, ...]"


class All(Part, frozen=True, cache_hash=True):
    """Every clause; scores are added. Empty: every document."""

    clauses: "tuple[Clause, ...]"


class Without(Part, frozen=True, cache_hash=True):
    """Documents of the first clause that are not in the second."""

    clause: "Clause"
    excluded: "Clause"


class Fixed(Part, frozen=True, cache_hash=True):
    """Documents of the clause, all scored alike."""

    clause: "Clause"
    score: float


class Boosted(Part, frozen=True, cache_hash=True):
    """Documents of the first clause; the other only adds to their scores."""

    clause: "Clause"
    boost: "Clause"


Clause: TypeAlias = Term | Prefix | AnyOf | Between | Sum | Best | All | Without | Fixed | Boosted

EVERYTHING = All(())
"""Every document."""


def best_of(*clauses: Clause) -> Clause:
    """The best of clauses; a single one stays itself."""
    return clauses[0] if len(clauses) == 1 else Best(clauses)


def narrowed(clause: Clause, *filters: Clause) -> Clause:
    """The documents of a clause that pass all filters."""
    return All((clause, *filters)) if filters else clause


def is_narrower(one: Clause, other: Clause) -> bool:
    """True where a glance tells that no document of one is missing among those of the other: it passes more filters."""
    if not isinstance(one, All):
        return False
    return other in one.clauses or (isinstance(other, All) and set(other.clauses) < set(one.clauses))
