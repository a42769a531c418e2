"""Fields, documents and clauses as tantivy says them."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import msgspec
import tantivy
from tantivy import Occur
from tantivy import Query as Native

from ..base import Document
from ..clauses import All, AnyOf, Best, Between, Boosted, Clause, Fixed, Prefix, Sum, Term, Without
from ..fields import (
    DAY_FIELDS,
    DEGREE_FIELDS,
    KEYWORD_FIELDS,
    MOMENT_FIELD,
    SORT_FIELDS,
    SPELLING_FIELD,
    STANDING_FIELD,
    TEXT_FIELDS,
)
from ..fields import shadow as shadow_of
from ..near_duplicates import group

GROUP_FIELD = "group"
"""The code of near-duplicates as a number, which is counted thirty times faster than a text."""
UNCOUNTED = {"exact", "similar", "place", "column"}
"""Keyword fields that are only searched."""
TOGETHER = {
    name: f"{name}_together"
    for name in ("theme", "format", "format_family", "licence", "licence_family", "language", "area", "hvd")
}
"""Keyword fields of several values → the field that holds all values of a document as one: tantivy counts ten times
faster where a document has one value."""
JOINT = "\n"
"""Stands between values that are held as one."""
WHOLE_NUMBERS = (*DAY_FIELDS, MOMENT_FIELD)
FEW_TERMS = 8
"""Terms that are looked up one by one; more are looked up in one pass over the dictionary."""
Terms = Callable[[str, str, int], tuple[str, ...]]
"""From a field, how a term begins, and how many are wanted at most, to those that there are."""


def schema() -> tantivy.Schema:
    """The fields of an index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("revision", fast=True)
    builder.add_unsigned_field("tie", fast=True)
    builder.add_unsigned_field(GROUP_FIELD, fast=True)
    builder.add_bytes_field("document", stored=True)
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in KEYWORD_FIELDS:
        builder.add_text_field(name, fast=name not in UNCOUNTED, tokenizer_name="raw", index_option="basic")
    for name in TOGETHER.values():
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in WHOLE_NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in DEGREE_FIELDS:
        builder.add_float_field(name, indexed=True, fast=True)
    builder.add_float_field(STANDING_FIELD, fast=True)
    for name in SORT_FIELDS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(SPELLING_FIELD, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = schema()


# --- clauses → queries -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)  # the same clause stands in several tiers, and in the next query again
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


@lru_cache(maxsize=1024)
def _has(field: str, value: str) -> Native:
    """Documents with a value; how often they have it does not count."""
    return Native.term_query(SCHEMA, field, value, "basic")


def _any_of(clause: AnyOf) -> Native:
    if len(clause.values) > FEW_TERMS:
        found = Native.term_set_query(SCHEMA, clause.field, list(clause.values))
    elif len(clause.values) == 1:
        found = _has(clause.field, clause.values[0])
    else:
        found = to_filter(clause)
    return Native.const_score_query(found, 0.0)


def _between(clause: Between) -> Native:
    is_whole = clause.field in WHOLE_NUMBERS
    kind = tantivy.FieldType.Integer if is_whole else tantivy.FieldType.Float
    low, high = (None if bound is None else (int if is_whole else float)(bound) for bound in (clause.low, clause.high))
    bounded = Native.all_query() if low is high is None else Native.range_query(SCHEMA, clause.field, kind, low, high)
    return Native.const_score_query(bounded, 0.0)


def _boolean(
    must: Iterable[Clause],
    should: Iterable[Clause] = (),
    must_not: Iterable[Clause] = (),
    said: Callable[[Clause], Native] = to_query,
) -> Native:
    parts = ((Occur.Must, said, must), (Occur.Should, said, should), (Occur.MustNot, to_filter, must_not))
    return Native.boolean_query([(occur, how(clause)) for occur, how, clauses in parts for clause in clauses])


def _all(clause: All) -> Native:
    return _boolean(clause.clauses) if clause.clauses else Native.const_score_query(Native.all_query(), 0.0)


def _fixed(clause: Fixed) -> Native:
    return Native.const_score_query(to_filter(clause.clause), clause.score)


_TRANSLATIONS: dict[type, Callable[[Any], Native]] = {
    Term: _term,
    Prefix: _prefix,
    AnyOf: _any_of,
    Between: _between,
    All: _all,
    Sum: lambda clause: _boolean((), clause.clauses),
    Best: lambda clause: Native.disjunction_max_query([to_query(one) for one in clause.clauses]),
    Without: lambda clause: _boolean((clause.clause,), (), (clause.excluded,)),
    Fixed: _fixed,
    Boosted: lambda clause: _boolean((clause.clause,), (clause.boost,)),
}


@lru_cache(maxsize=1024)
def to_filter(clause: Clause) -> Native:
    """The documents of a clause, whatever they score. Sums inside of sums are taken apart and each term is looked up
    once: tantivy joins what many terms have faster than what sums of a few have."""
    found = [make(*said) for make, *said in dict.fromkeys(_alternatives(clause))]
    return found[0] if len(found) == 1 else Native.boolean_query([(Occur.Should, one) for one in found])


def spelt_out(clause: Clause, terms: Terms) -> Clause:
    """The same documents, with the few terms that begin so in the place of a beginning: mostly it is that of one term,
    which is looked for beside it anyway. `terms`: those of a field with a beginning, at most so many."""
    how = _SPELT_OUT.get(type(clause))
    return how(clause, terms) if how else clause


def _by_terms(clause: Prefix, terms: Terms) -> Clause:
    found = terms(clause.field, clause.prefix, FEW_TERMS + 1)
    return clause if len(found) > FEW_TERMS else AnyOf(clause.field, found)


_SPELT_OUT: dict[type, Callable[[Any, Terms], Clause]] = {
    Prefix: _by_terms,
    Sum: lambda clause, terms: Sum(tuple([spelt_out(one, terms) for one in clause.clauses])),
    All: lambda clause, terms: All(tuple([spelt_out(one, terms) for one in clause.clauses])),
}

_FILTERS: dict[type, Callable[[Any], Native]] = {
    All: lambda clause: _boolean(clause.clauses, said=to_filter) if clause.clauses else to_query(clause),
    Without: lambda clause: _boolean((clause.clause,), (), (clause.excluded,), to_filter),
}


def _alternatives(clause: Clause) -> list[tuple[Any, ...]]:
    """Of which each document has one at least: what makes a query, and of what it makes it."""
    apart = _APART.get(type(clause))
    return apart(clause) if apart else [(_FILTERS.get(type(clause), to_query), clause)]


def _one_by_one(clause: AnyOf) -> list[tuple[Any, ...]]:
    if len(clause.values) > FEW_TERMS:
        return [(to_query, clause)]
    return [(_has, clause.field, value) for value in clause.values]


def _of_each(clause: Sum | Best) -> list[tuple[Any, ...]]:
    return [one for inner in clause.clauses for one in _alternatives(inner)]


_APART: dict[type, Callable[[Any], list[tuple[Any, ...]]]] = {
    Term: lambda clause: [(_has, clause.field, clause.term)],
    AnyOf: _one_by_one,
    Sum: _of_each,
    Best: _of_each,
    Fixed: lambda clause: _alternatives(clause.clause),
    Boosted: lambda clause: _alternatives(clause.clause),
}


# --- documents → rows ------------------------------------------------------------------------------------------------


_ENCODER = msgspec.json.Encoder()


def tie_number(id: str) -> int:
    """The first eight bytes of an id as a number that sorts as they do."""
    return int.from_bytes(id.encode()[:8].ljust(8, b"\0"))


def row_of(document: Document) -> tantivy.Document:
    """What is added to the index for a document."""
    held = shadow_of(document)
    row = tantivy.Document()
    row.add_text("id", document.id)
    row.add_unsigned("revision", document.revision)
    row.add_unsigned("tie", tie_number(document.id))
    row.add_unsigned(GROUP_FIELD, int(group(document), 16))
    row.add_bytes("document", _ENCODER.encode(document))
    for name, text in (*held.texts.items(), *held.sorts.items()):
        row.add_text(name, text)
    for name, values in (*held.keywords.items(), (SPELLING_FIELD, held.spelling)):
        for value in values:
            row.add_text(name, value)
    for name, together in TOGETHER.items():
        if name in held.keywords:
            row.add_text(together, JOINT.join(held.keywords[name]))
    row.add_float(STANDING_FIELD, 2**held.standing - 2)  # tantivy multiplies by the logarithm of 2 and the value
    for name, number in (*held.days.items(), *held.moments.items()):
        row.add_integer(name, number)
    for name, degrees in held.degrees.items():
        row.add_float(name, degrees)
    return row
