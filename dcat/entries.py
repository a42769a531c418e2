"""Which subjects of a graph are entries, and of which kind."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

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

_MOST_PRECISE = ("series", "service", "dataset", "publication")
"""A series may be called a dataset as well; it is a series then. What is data and a text is data."""


class SeveralEntries(ValueError):
    """What should describe one entry describes several."""


def entries(graph: Graph, *, mentioned: bool = False) -> dict[str, str]:
    """The subjects that are entries, with their kind, in the order of the graph.

    An entry has a class of entries or is listed by a catalogue (dcat:dataset, dcat:service, dcat:resource), and
    something is said of it, unless `mentioned` asks for bare mentions too. A catalogue is none (`catalogs_among`), nor
    is a service without IRI, which belongs to the distribution that names it.
    """
    listed, parts = _referenced(graph)
    found = {}
    for subject, statements in graph.nodes.items():
        is_catalog = _CATALOG in statements.get(RDF_TYPE, ())
        kind = "" if is_catalog else _kind(statements) or listed.get(subject, "")
        is_said = mentioned or subject in listed or len(statements) > 1 or RDF_TYPE not in statements
        if kind and is_said and not (kind == "service" and subject in parts and subject not in listed):
            found[subject] = kind
    return found or dict.fromkeys(_called_datasets_elsewhere(graph), "dataset")


def _called_datasets_elsewhere(graph: Graph) -> Iterator[str]:
    """What schema.org calls a dataset, with what is said of it. Only where nothing is an entry: beside datasets it is
    what is said of them in other words."""
    for subject, statements in graph.nodes.items():
        if len(statements) > 1 and not _IN_SCHEMA_ORG.isdisjoint(statements.get(RDF_TYPE, ())):
            yield subject


def catalogs_among(graph: Graph) -> list[str]:
    """Catalogues that are also called, or listed as, an entry."""
    listed, _ = _referenced(graph)
    return [
        subject
        for subject, statements in graph.nodes.items()
        if _CATALOG in (types := statements.get(RDF_TYPE, ()))
        and (subject in listed or not ENTRY_CLASSES.keys().isdisjoint(types))
        and not is_blank(subject)
    ]


def listed_by(graph: Graph) -> Iterator[tuple[str, str, str]]:
    """What catalogues list: the catalogue, the property and the IRI of the entry."""
    for subject, statements in graph.saying(*_LISTS):
        for property in _LISTS:
            for object in statements.get(property, ()):
                if isinstance(object, str) and not is_blank(object):
                    yield subject, compact(property), object


def _kind(statements: Mapping[str, list[Term]]) -> str:
    """The kind that the classes of a subject say."""
    return _kind_of(tuple(statements.get(RDF_TYPE, ())))


@lru_cache(maxsize=1_024)
def _kind_of(classes: tuple[Term, ...]) -> str:
    """The kind that classes say, also those written with other capitals (`dcat:DataSet`); empty when they say none."""
    kinds = {ENTRY_CLASSES.get(one) or _LOWER.get(one.lower()) for one in classes if isinstance(one, str)}
    return next((kind for kind in _MOST_PRECISE if kind in kinds), "")


_LOWER = {iri.lower(): kind for iri, kind in ENTRY_CLASSES.items()}


def _referenced(graph: Graph) -> tuple[dict[str, str], set[str]]:
    """What catalogues list, with its kind, and the services without IRI that distributions name."""
    listed: dict[str, str] = {}
    parts: set[str] = set()
    for _, statements in graph.saying(*_LISTS, _ACCESS_SERVICE):
        for property, kind in _LISTS.items():
            for object in statements.get(property, ()):
                if isinstance(object, str) and (property != _RESOURCE or object not in listed):
                    listed[object] = kind
        parts |= {
            object for object in statements.get(_ACCESS_SERVICE, ()) if isinstance(object, str) and is_blank(object)
        }
    return listed, parts


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
