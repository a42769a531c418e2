"""Which subjects of a graph are entries, and of which kind."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from .model import references
from .namespaces import RDF_TYPE, compact, expand
from .rdf import ENTRY_CLASSES, Graph, Term, is_blank

_CATALOG = expand("dcat:Catalog")
_ACCESS_SERVICE = expand("dcat:accessService")
_CALLED = frozenset({RDF_TYPE, *map(expand, ("dct:title", "dct:description", "dct:identifier"))})
_RESOURCE = expand("dcat:resource")
_IN_SCHEMA_ORG = frozenset(map(expand, ("schema:Dataset", "sdo:Dataset")))
_LISTS = {
    expand("dcat:dataset"): "dataset",
    expand("dcat:service"): "service",
    _RESOURCE: "dataset",  # unless its class, or one of the two before, says more
}
_REFERRING = frozenset({*_LISTS, _ACCESS_SERVICE})

_MOST_PRECISE = ("series", "service", "dataset", "publication")
"""A series may be called a dataset as well; it is a series then. What is data and a text is data."""


class SeveralEntries(ValueError):
    """What should describe one entry describes several."""


class Overview(NamedTuple):
    """Who is who in a document."""

    entries: dict[str, str]
    """The subjects that are entries, with their kind, in the order of the graph."""
    catalogs: list[str]
    """Catalogues that are also called, or listed as, an entry."""
    listed: dict[str, tuple[str, str]]
    """What catalogues list, by its IRI, with the catalogue and its property that said so last."""


def overview(graph: Graph) -> Overview:
    """Who is who, found in one pass: a long document is not in memory."""
    met = _Met(graph)
    catalogs = [
        subject
        for subject, is_called in met.catalogs.items()
        if (is_called or subject in met.listed) and not is_blank(subject)
    ]
    return Overview(_entries(met, graph, mentioned=False), catalogs, met.listed_by)


def entries(graph: Graph, *, mentioned: bool = False) -> dict[str, str]:
    """The subjects that are entries, with their kind, in the order of the graph.

    An entry has a class of entries or is listed by a catalogue (dcat:dataset, dcat:service, dcat:resource), and
    something is said of it, unless `mentioned` asks for bare mentions too. A catalogue is none (`Overview.catalogs`),
    nor is a service without IRI, which belongs to the distribution that names it.
    """
    return _entries(_Met(graph), graph, mentioned=mentioned)


class _Met:
    """What decides who is who, of all subjects of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.kinds: dict[str, str] = {}
        """The kind that the classes of a subject say."""
        self.bare: set[str] = set()
        """Those of them of which nothing else is said."""
        self.catalogs: dict[str, bool] = {}
        """Each catalogue, and whether it is called an entry too."""
        self.listed: dict[str, str] = {}
        """What catalogues list, with its kind."""
        self.listed_by: dict[str, tuple[str, str]] = {}
        self.parts: set[str] = set()
        """The services without IRI that distributions name."""
        for subject, statements in graph.nodes.items():
            if types := statements.get(RDF_TYPE):
                self._classify(subject, tuple(types), is_bare=len(statements) == 1)
            if not statements.keys().isdisjoint(_REFERRING):
                self._follow(subject, statements)

    def _classify(self, subject: str, types: tuple[Term, ...], *, is_bare: bool) -> None:
        if _CATALOG in types:
            self.catalogs[subject] = not ENTRY_CLASSES.keys().isdisjoint(types)
        elif kind := _kind_of(types):
            self.kinds[subject] = kind
            if is_bare:
                self.bare.add(subject)

    def _follow(self, subject: str, statements: Mapping[str, list[Term]]) -> None:
        for property, kind in _LISTS.items():
            for object in statements.get(property, ()):
                if not isinstance(object, str):
                    continue
                if property != _RESOURCE or object not in self.listed:
                    self.listed[object] = kind
                if not is_blank(object):
                    self.listed_by[object] = subject, compact(property)
        named = statements.get(_ACCESS_SERVICE, ())
        self.parts.update(object for object in named if isinstance(object, str) and is_blank(object))


def _entries(met: _Met, graph: Graph, *, mentioned: bool) -> dict[str, str]:
    unnamed = {  # by a class of entries
        subject: kind
        for subject, kind in met.listed.items()
        if subject not in met.kinds and subject not in met.catalogs and subject in graph.nodes
    }
    found = {
        subject: kind
        for subject, kind in met.kinds.items()
        if subject in met.listed
        or ((mentioned or subject not in met.bare) and not (kind == "service" and subject in met.parts))
    }
    if unnamed:
        found |= unnamed
        found = {subject: found[subject] for subject in graph.nodes if subject in found}
    return found or dict.fromkeys(_called_datasets_elsewhere(graph), "dataset")


def _called_datasets_elsewhere(graph: Graph) -> Iterator[str]:
    """What schema.org calls a dataset, with what is said of it. Only where nothing is an entry: beside datasets it is
    what is said of them in other words."""
    for subject, statements in graph.nodes.items():
        if len(statements) > 1 and not _IN_SCHEMA_ORG.isdisjoint(statements.get(RDF_TYPE, ())):
            yield subject


@lru_cache(maxsize=1_024)
def _kind_of(classes: tuple[Term, ...]) -> str:
    """The kind that classes say, also those written with other capitals (`dcat:DataSet`); empty when they say none."""
    kinds = {ENTRY_CLASSES.get(one) or _LOWER.get(one.lower()) for one in classes if isinstance(one, str)}
    return next((kind for kind in _MOST_PRECISE if kind in kinds), "")


_LOWER = {iri.lower(): kind for iri, kind in ENTRY_CLASSES.items()}


def only_entry(graph: Graph) -> tuple[str, str]:
    """The one entry that a record describes, with its kind; raises `ValueError` when there is none, or more than one.

    Services that its distributions name are not counted, nor are entries that it refers to and of which no more is said
    than what they are called, as in our own documents.
    """
    found = entries(graph) or entries(graph, mentioned=True)
    own = found if len(found) == 1 else _unnamed(found, graph) or found
    if len(own) == 1:
        return next(iter(own.items()))
    if not own:
        classes = ", ".join(compact(iri) for iri in ENTRY_CLASSES)
        raise ValueError(f"The record describes no entry: none of its subjects is typed {classes}.")
    first = ", ".join(list(own)[:3])
    raise SeveralEntries(f"The record describes {len(own)} entries ({first}, …). Send one record at a time.")


def _unnamed(found: dict[str, str], graph: Graph) -> dict[str, str]:
    """Those of the entries that no other subject names."""
    named: set[Term] = set()
    for subject, statements in graph.nodes.items():
        named.update(statements.get(_ACCESS_SERVICE, ()))
        for property in references().values():
            named.update(
                object
                for object in statements.get(expand(property.curie), ())
                if object != subject and isinstance(object, str) and graph.nodes.get(object, {}).keys() <= _CALLED
            )
    return {subject: kind for subject, kind in found.items() if subject not in named}
