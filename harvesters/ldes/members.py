"""What the members of a page say: which object, when, and what it is since then.

ActivityStreams (as:Create, as:Update, as:Delete, the object described in a named graph that is called as the activity:
https://semiceu.github.io/LDES-DCAT-AP-feeds/), versions of objects (`dct:isVersionOf`), or the objects themselves.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple

from dcat.namespaces import RDF_TYPE, expand
from dcat.rdf import ENTRY_CLASSES, Graph, Literal, Term, Triple, is_blank

LDES, TREE = "https://w3id.org/ldes#", "https://w3id.org/tree#"
ACTIVITIES = frozenset(expand(f"as:{name}") for name in ("Create", "Add", "Update", "Delete", "Remove"))
DELETIONS = frozenset(expand(f"as:{name}") for name in ("Delete", "Remove"))

_OBJECT, _PUBLISHED = expand("as:object"), expand("as:published")
_VERSION_OF = (expand("dct:isVersionOf"),)
_TIMES = (expand("prov:generatedAtTime"), expand("dct:modified"), expand("dct:issued"))


class Change(NamedTuple):
    """One object since a moment."""

    object: str
    time: str
    """UTC, so that texts stand in the order of time; empty when the stream gives none."""
    payload: tuple[Triple, ...]
    """What is said of it; nothing when it is deleted."""


def changes(graphs: Mapping[str, Graph]) -> Iterator[Change]:
    """What the members of a page say. `graphs`: of the page by name, as `rdf.parse_named` gives them."""
    acted: set[str] = set()
    for graph in graphs.values():
        for subject, statements in graph.nodes.items():
            if ACTIVITIES.intersection(map(str, statements.get(RDF_TYPE, ()))) and subject not in acted:
                acted.add(subject)
                yield from _activity(subject, graph, graphs.get(subject, graph))
    default = graphs[""]
    for member in dict.fromkeys(_iris(graph_objects(default, f"{TREE}member"))):
        if member not in acted and (described := _where(member, graphs)) is not None:
            yield _version(member, described, default)


def name_of(change: Change) -> str:
    """What tells a change from others of the same moment, whatever its blank nodes are called this time."""
    terms = (["_:" if is_blank(term) else str(term) for term in triple] for triple in change.payload)
    said = repr((change.object, sorted(terms)))
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def graph_objects(graph: Graph, predicate: str) -> Iterator[Term]:
    """The objects of a predicate, of whichever subject."""
    for statements in graph.nodes.values():
        yield from statements.get(predicate, ())


def _where(member: str, graphs: Mapping[str, Graph]) -> Graph | None:
    """The graph in which a member is described: that of its name, or the page's own."""
    return next((graph for graph in (graphs.get(member), graphs[""]) if graph and member in graph), None)


def _activity(subject: str, graph: Graph, described: Graph) -> Iterator[Change]:
    """The objects of an activity: activities of one millisecond may share an IRI, and so have several."""
    objects = list(dict.fromkeys(_iris(graph.objects(subject, _OBJECT))))
    deletes = bool(DELETIONS.intersection(map(str, graph.types(subject))))
    time = moment(graph.objects(subject, _PUBLISHED))
    alone = len(objects) == 1 and described is not graph
    for object in objects:
        payload = tuple(described.triples()) if alone else _closure(described, object, frozenset(objects))
        if payload and not (deletes and alone):
            yield Change(object, time, payload)
        elif deletes:
            yield Change(object, time, ())


def _version(member: str, graph: Graph, stream: Graph) -> Change:
    """A version of an object, told of the object itself; a member that is no version is the object."""
    paths = (*map(str, graph_objects(stream, f"{LDES}versionOfPath")), *_VERSION_OF)
    objects = (object for path in paths for object in _iris(graph.objects(member, path)))
    object = next(objects, member)
    times = (*map(str, graph_objects(stream, f"{LDES}timestampPath")), *_TIMES)
    stamps = (found for path in times if (found := moment(graph.objects(member, path))))
    payload = [
        (object if subject == member else subject, predicate, value)
        for subject, predicate, value in _closure(graph, member, frozenset())
        if predicate not in paths
    ]
    return Change(object, next(stamps, ""), tuple(payload))


def _closure(graph: Graph, start: str, others: frozenset[str]) -> tuple[Triple, ...]:
    """What a graph says of a subject and of the nodes that it is made of; not of other objects and entries."""
    found: list[Triple] = []
    waiting, seen = [start], {start}
    while waiting:
        subject = waiting.pop()
        for predicate, values in graph.nodes.get(subject, {}).items():
            for value in values:
                found.append((subject, predicate, value))
                is_node = isinstance(value, str) and value in graph.nodes and value not in seen and value not in others
                if is_node and (is_blank(value) or not is_entry(graph.types(str(value)))):
                    seen.add(str(value))
                    waiting.append(str(value))
    return tuple(found)


def is_entry(types: list[Term]) -> bool:
    """True for the classes of datasets, series and services."""
    return any(type in ENTRY_CLASSES for type in types)


def moment(terms: list[Term]) -> str:
    """The latest of some points in time, in UTC; empty when none is one."""
    found = []
    for term in terms:
        try:
            read = datetime.fromisoformat(term.value if isinstance(term, Literal) else str(term))
        except ValueError:
            continue
        found.append(read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC).isoformat(timespec="microseconds"))
    return max(found, default="")


def _iris(terms: Iterator[Term] | list[Term]) -> Iterator[str]:
    return (term for term in terms if isinstance(term, str) and not is_blank(term))
