"""JSON-LD on its way out: a flat document that needs no network to be read.

Its context stands in the document; keys are compact names (`dct:title`), texts are grouped by language, addresses are
plain strings.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from ..model import Iri, Node, Text, properties, structs
from ..namespaces import RDF_TYPE
from .graph import Graph, Literal, Term

_CODES = frozenset({"dct:identifier", "skos:notation", "dcat:version"})
"""Texts that are codes: written as they are, not grouped by language."""

_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)


@cache
def _ways() -> Mapping[str, str]:
    """How the values of each property of the profile are written: `@language`, `@id`, or as they are."""
    ways: dict[str, str] = {}
    for struct in structs():
        for field in properties(struct):
            if field.item is Text and field.property.curie not in _CODES:
                ways[field.property.curie] = "@language"
            elif field.item is Iri or (isinstance(field.item, type) and issubclass(field.item, Node)):
                ways[field.property.curie] = "@id"
    return ways


class Writer:
    """Writes the nodes of graphs under one context."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self._starts = sorted(((iri, prefix) for prefix, iri in prefixes.items()), reverse=True)
        self._names: dict[str, str] = {}

    def context(self) -> dict[str, Any]:
        """The context of the document."""
        terms: dict[str, Any] = dict(self.prefixes)
        for curie, way in sorted(_ways().items()):
            if curie.partition(":")[0] in self.prefixes:
                terms[curie] = {"@container": way} if way == "@language" else {"@type": "@id", "@container": "@set"}
        return terms

    def nodes(self, graph: Graph) -> Iterator[dict[str, Any]]:
        """One object for each subject."""
        for subject, predicates in graph.nodes.items():
            yield self._node(subject, predicates)

    def _node(self, subject: str, predicates: Mapping[str, list[Term]]) -> dict[str, Any]:
        if clashing := {_scheme(iri) for iri in (subject, *predicates) if self._clashes(iri)}:
            plain = {predicate: [self._value(term) for term in terms] for predicate, terms in predicates.items()}
            return {"@context": dict.fromkeys(sorted(clashing)), "@id": subject} | plain
        node: dict[str, Any] = {"@id": subject}
        for predicate, terms in predicates.items():
            if predicate == RDF_TYPE and not any(isinstance(term, Literal) or self._clashes(term) for term in terms):
                node["@type"] = [self._name(str(term)) for term in terms]
            else:
                key, value = self._property(predicate, terms)
                node[key] = value
        return node

    def _property(self, predicate: str, terms: list[Term]) -> tuple[str, Any]:
        key = self._name(predicate)
        way = _ways().get(key)
        if way == "@id":
            return key, [self._value(term) if self._is_spelled_out(term) else term for term in terms]
        texts = [term for term in terms if isinstance(term, Literal) and not term.datatype]
        if way == "@language" and len(texts) == len(terms):
            return key, _by_language(texts)
        return predicate if way == "@language" else key, [self._value(term) for term in terms]

    def _is_spelled_out(self, term: Term) -> bool:
        return isinstance(term, Literal) or self._clashes(term)

    def _value(self, term: Term) -> Any:
        """A value as an object of its own; a plain text as itself."""
        if isinstance(term, str):
            return {"@context": {_scheme(term): None}, "@id": term} if self._clashes(term) else {"@id": term}
        if term.lang:
            return {"@language": term.lang, "@value": term.value}
        if not term.datatype:
            return {"@value": term.value}
        guard = {"@context": {_scheme(term.datatype): None}} if self._clashes(term.datatype) else {}
        return guard | {"@type": term.datatype, "@value": term.value}

    def _clashes(self, iri: str) -> bool:
        """True for an IRI such as `geo:50.8,4.3`, which a reader would take for a compact name."""
        return _scheme(iri) in self.prefixes

    def _name(self, iri: str) -> str:
        if iri not in self._names:
            self._names[iri] = self._compact(iri)
        return self._names[iri]

    def _compact(self, iri: str) -> str:
        for start, prefix in self._starts:
            if iri.startswith(start) and _NAME.fullmatch(iri, len(start)):
                return f"{prefix}:{iri[len(start) :]}"
        return iri


def _scheme(iri: str) -> str:
    return iri.partition(":")[0]


def _by_language(texts: Iterable[Literal]) -> dict[str, Any]:
    """`{"fr": "…", "nl": ["…", "…"]}`; texts without language under `@none`."""
    grouped: dict[str, list[str]] = {}
    for text in texts:
        grouped.setdefault(text.lang or "@none", []).append(text.value)
    return {lang: values[0] if len(values) == 1 else values for lang, values in grouped.items()}
