"""Fields, documents and clauses as Elasticsearch says them. Pure: the client is in `elastic`."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from ..base import Document
from ..clauses import All, AnyOf, Best, Between, Boosted, Clause, Fixed, Prefix, Sum, Term, Without
from ..fields import (
    DAY_FIELDS,
    DEFINITION,
    DEGREE_FIELDS,
    KEYWORD_FIELDS,
    MOMENT_FIELD,
    SORT_FIELDS,
    SPELLING_FIELD,
    STANDING_FIELD,
    TEXT_FIELDS,
)
from ..fields import shadow as shadow_of


def mapping() -> dict[str, Any]:
    """The fields of an index. Texts are terms already; the source keeps only the document."""
    text = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
    fields: dict[str, dict[str, Any]] = {
        "id": {"type": "keyword"},
        "revision": {"type": "long", "index": False},
        "document": {"type": "object", "enabled": False},
        SPELLING_FIELD: {"type": "keyword"},
        **dict.fromkeys(TEXT_FIELDS, text),
        **{name: {"type": "keyword"} for name in KEYWORD_FIELDS},
        **{name: {"type": "integer"} for name in DAY_FIELDS},
        MOMENT_FIELD: {"type": "long"},
        **{name: {"type": "double"} for name in DEGREE_FIELDS},
        STANDING_FIELD: {"type": "double", "index": False},
        **{name: {"type": "keyword", "index": False} for name in SORT_FIELDS},
    }
    return {
        "dynamic": "strict",
        "_meta": {"definition": DEFINITION},
        "_source": {"includes": ["document"]},
        "properties": fields,
    }


def source_of(document: Document) -> dict[str, Any]:
    """What is sent of a document."""
    held = shadow_of(document)
    return {
        "id": document.id,
        "revision": document.revision,
        "document": msgspec.to_builtins(document),
        SPELLING_FIELD: held.spelling,
        STANDING_FIELD: held.standing,
        **held.texts,
        **held.keywords,
        **held.days,
        **held.moments,
        **held.degrees,
        **held.sorts,
    }


# --- clauses → queries -----------------------------------------------------------------------------------------------


def to_query(clause: Clause) -> dict[str, Any]:
    """A clause as Elasticsearch's query."""
    return _TRANSLATIONS[type(clause)](clause)


def ranked(clause: Clause) -> dict[str, Any]:
    """A clause with the scores that order its documents: those of its texts, times the standing."""
    factor = {"field": STANDING_FIELD}
    return {"function_score": {"query": to_query(clause), "field_value_factor": factor, "boost_mode": "multiply"}}


def _bool(**parts: Iterable[Clause]) -> dict[str, Any]:
    return {"bool": {name: [to_query(clause) for clause in clauses] for name, clauses in parts.items()}}


def _unscored(query: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"filter": query}}


def _between(clause: Between) -> dict[str, Any]:
    bounds = {"gte": clause.low, "lte": clause.high}
    return _unscored({"range": {clause.field: {name: bound for name, bound in bounds.items() if bound is not None}}})


_TRANSLATIONS: dict[type, Callable[[Any], dict[str, Any]]] = {
    Term: lambda one: {"term": {one.field: {"value": one.term, "boost": one.weight}}},
    Prefix: lambda one: {"constant_score": {"filter": {"prefix": {one.field: one.prefix}}, "boost": one.score}},
    AnyOf: lambda one: _unscored({"terms": {one.field: one.values}}),
    Between: _between,
    All: lambda one: _bool(must=one.clauses) if one.clauses else _unscored({"match_all": {}}),
    Sum: lambda one: {"bool": {**_bool(should=one.clauses)["bool"], "minimum_should_match": 1}},
    Best: lambda one: {"dis_max": {"queries": [to_query(clause) for clause in one.clauses], "tie_breaker": 0.0}},
    Without: lambda one: _bool(must=(one.clause,), must_not=(one.excluded,)),
    Fixed: lambda one: {"constant_score": {"filter": to_query(one.clause), "boost": one.score}},
    Boosted: lambda one: _bool(must=(one.clause,), should=(one.boost,)),
}
