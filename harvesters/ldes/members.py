"""What the members of a page say: which object, when, and what it is since then.

ActivityStreams (as:Create, as:Update, as:Delete, the object described in a named graph that is called as the activity:
https://semiceu.github.io/LDES-DCAT-AP-feeds/), versions of objects (`dct:isVersionOf`), or the objects themselves.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import NamedTuple

from dcat.namespaces import RDF_TYPE, expand
from dcat.rdf import ENTRY_CLASSES, Graph, Literal, Term, Triple, is_blank, is_iri

LDES, TREE = "https://w3id.org/ldes#", "https://w3id.org/tree#"
ACTIVITIES = frozenset(expand(f"as:{name}") for name in ("Create", "Add", "Update", "Delete", "Remove"))
DELETIONS = frozenset(expand(f"as:{name}") for name in ("Delete", "Remove"))
GONE = DELETIONS | {expand("as:Tombstone")}
"""Classes of a version that says that its object is no more, beside the stream's own (`ldes:versionDeleteObject`)."""

_OBJECT, _PUBLISHED = expand("as:object"), expand("as:published")
_VERSION_OF = (expand("dct:isVersionOf"),)
_TIMES = (expand("prov:generatedAtTime"), expand("dct:modified"), expand("dct:issued"))


class Change(NamedTuple):
    """One object since a moment."""

    object: str
    """Its IRI; empty for a member that has none and is a version of nothing."""
    time: str
    """UTC, so that texts stand in the order of time; empty when the stream gives none."""
    payload: tuple[Triple, ...]
    """What is said of it; nothing when it is deleted."""


def changes(graphs: Mapping[str, Graph]) -> Iterator[Change]:
    """What the members of a page say. `graphs`: of the page by name, as `rdf.parse_named` gives them."""
    acted: set[str] = set()
    for graph in graphs.values():
        for subject, statements in graph.nodes.items():
            is_activity = ACTIVITIES.intersection(map(str, statements.get(RDF_TYPE, ()))) and _OBJECT in statements
            if is_activity and subject not in acted:
                acted.add(subject)
                yield from _activity(subject, graph, graphs.get(subject, graph))
    default = graphs[""]
    words = _words_of(default)
    for member in dict.fromkeys(one for one in graph_objects(default, f"{TREE}member") if isinstance(one, str)):
        if member not in acted and (described := _where(member, graphs)) is not None:
            yield _version(member, described, words)


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


class _Words(NamedTuple):
    """How a stream says of a member what it is a version of, since when, and that its object is no more."""

    version_of: tuple[str, ...]
    times: tuple[str, ...]
    gone: frozenset[str]


def _words_of(stream: Graph) -> _Words:
    """Its own words, then those that all know. `stream`: the graph of a page without a name."""
    version_of, times, gone = (
        tuple(map(str, graph_objects(stream, f"{LDES}{name}")))
        for name in ("versionOfPath", "timestampPath", "versionDeleteObject")
    )
    return _Words((*version_of, *_VERSION_OF), (*times, *_TIMES), GONE.union(gone))


def _version(member: str, graph: Graph, words: _Words) -> Change:
    """A version of an object, told of the object itself; a member that is no version is the object."""
    objects = (object for path in words.version_of for object in _iris(map(_as_iri, graph.objects(member, path))))
    object = next(objects, "" if is_blank(member) else member)
    stamps = (found for path in words.times if (found := moment(graph.objects(member, path))))
    if not object or words.gone.intersection(map(str, graph.types(member))):
        return Change(object, next(stamps, ""), ())
    payload = [
        (object if subject == member else subject, predicate, value)
        for subject, predicate, value in _closure(graph, member, frozenset())
        if predicate not in words.version_of
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


def _as_iri(term: Term) -> Term:
    """An address that was written as a text, as the address."""
    return term.value.strip() if isinstance(term, Literal) and is_iri(term.value.strip()) else term


def _iris(terms: Iterator[Term] | list[Term]) -> Iterator[str]:
    return (term for term in terms if isinstance(term, str) and not is_blank(term))
