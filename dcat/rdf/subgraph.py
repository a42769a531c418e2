"""One record cut out of a feed: its triples and those of the nodes it is made of; same content, same bytes."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import msgspec

from ..model import Node, properties, structs
from ..namespaces import RDF_TYPE, expand
from ..near_names import meant
from .graph import Graph, Literal, Statements, Term
from .ntriples import exact_token, literal_token, node_token
from .terms import digest

PUBLICATIONS = tuple(
    expand(f"{prefix}:{name}")
    for prefix, names in (
        ("bibo", "AcademicArticle Article Book Document Issue Manual Proceedings Report Thesis"),
        ("fabio", "Article Book ConferencePaper Expression JournalArticle PolicyDocument Report Thesis WorkingPaper"),
        ("schema", "Article Book Report ScholarlyArticle TechArticle Thesis"),
        ("sdo", "Article Book Report ScholarlyArticle TechArticle Thesis"),
    )
    for name in names.split()
)
"""Classes of publications beside `dct:BibliographicResource`, in the ontologies that catalogues use for them
(http://purl.org/ontology/bibo/, http://purl.org/spar/fabio/, https://schema.org/CreativeWork)."""

ENTRY_CLASSES = {
    expand("dcat:Dataset"): "dataset",
    expand("dcat:DatasetSeries"): "series",
    expand("dcat:DataService"): "service",
    **dict.fromkeys(PUBLICATIONS, "publication"),
    expand("dct:BibliographicResource"): "publication",
}
"""Classes of entries, with the word for their kind."""

_CLASSES = {kind: iri for iri, kind in ENTRY_CLASSES.items()}
_RECORDS = frozenset({*ENTRY_CLASSES, expand("dcat:Catalog"), expand("dcat:CatalogRecord")})
_ACCESS_SERVICE = expand("dcat:accessService")


MOST_TIMES, AND_MORE = 10, 50_000
"""The records of a graph may hold its statements so many times, and so many more. Those of real feeds hold them 1.5
times; one large node that thousands of records share took 494 MB out of 190 kB."""


class TooMuch(ValueError):
    """The records of a document hold so much more than the document that they cannot all be cut out of it."""


_Members = dict[str, set[str]]
"""The subjects that a record is made of, each with its properties that lead to blank nodes."""


def subgraph(graph: Graph, subject: str, kind: str = "dataset") -> bytes:
    """The record of a subject as sorted N-Triples.

    It goes on through blank nodes, and through the properties that hold a struct in `dcat.model`; it ends at other
    datasets, series, services, catalogues and records, except that a service reached by dcat:accessService is described
    with it (what the service serves is not). A subject that no class calls an entry (a catalogue listed it) is given
    the class of `kind`.

    Blank nodes in it are named after their content: the same record gives the same bytes wherever a source keeps it,
    and two blank nodes that say the same are one. Raises `TooMuch`.
    """
    members = _members(graph, subject)
    names = _names(graph, members)
    for member, predicates in members.items():
        for predicate in predicates:
            for left in _blanks_among(graph.nodes[member][predicate]):
                names.setdefault(left, _LEFT)
    lines: set[str] = set()
    for member in members:
        lines.update(_lines(graph, member, names))
    is_typed = any(type in ENTRY_CLASSES for type in graph.types(subject))
    if not is_typed:
        lines.add(f"{names.get(subject) or node_token(subject)} <{RDF_TYPE}> <{_CLASSES[kind]}> .\n")
    _spend(graph, len(lines))
    record = "".join(sorted(lines)).encode()
    if is_typed:
        _remember(record, graph, members, names)
    return record


_LEFT = f"_:{digest('a node of another record')}"
"""Stands for blank nodes where a record ends: a feed may give them new names whenever it is read."""

_REMEMBERED = 1000
_records: OrderedDict[bytes, Graph] = OrderedDict()
"""The graphs of records that were cut last: what is read a moment later need not be parsed again."""


def _remember(record: bytes, graph: Graph, members: _Members, names: Mapping[str, str]) -> None:
    part = Graph()
    for member, predicates in members.items():
        if statements := graph.nodes.get(member):
            renamed = {
                one: [names.get(o, o) if isinstance(o, str) else o for o in statements[one]] for one in predicates
            }
            part.nodes[names.get(member, member)] = {**statements, **renamed} if renamed else statements
    _put(record, part)


def _put(record: bytes, part: Graph) -> None:
    if len(_records) >= _REMEMBERED:
        _records.popitem(last=False)
    _records[record] = part


def remembered(record: bytes) -> Graph | None:
    """The graph of a record that `subgraph` gave not long ago; asked for once."""
    return _records.pop(record, None)


def hand_on(record: bytes) -> bytes:
    """The same for another process, which unpacks it in a fifth of the time of a parse; empty when it is forgotten."""
    part = remembered(record)
    return _pack(part.nodes) if part is not None else b""


def take_over(record: bytes, handed: bytes) -> None:
    """Remembers what another process, or this one, handed on."""
    if handed:
        part = Graph()
        part.nodes = _unpack(handed)
        _put(record, part)


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(dict[str, Statements]).decode


@cache
def _followed() -> frozenset[str]:
    """Properties whose objects are described with a record: those that hold a struct in the model."""
    fields = (field for struct in structs() for field in properties(struct))
    return frozenset(
        expand(field.property.curie)
        for field in fields
        if isinstance(field.item, type) and issubclass(field.item, Node)
    )


@lru_cache(maxsize=4_096)
def _is_followed(predicate: str) -> bool:
    """True for such a property, also under a name that is not the profile's."""
    return predicate in _followed() or any(
        (curie := meant(one, predicate)) and expand(curie) in _followed() for one in structs()
    )


def _members(graph: Graph, subject: str) -> _Members:
    members: _Members = {subject: set()}
    waiting = [subject]
    while waiting:
        member = waiting.pop()
        for predicate, objects in graph.nodes.get(member, {}).items():
            for object in objects:
                if not isinstance(object, str):
                    continue
                is_blank = object.startswith("_:")
                if is_blank:
                    members[member].add(predicate)
                if object in members or not (is_blank or _is_followed(predicate)):
                    continue
                if _belongs(graph, predicate, object):
                    members[object] = set()
                    waiting.append(object)
    return members


def _spend(graph: Graph, lines: int) -> None:
    """Takes a record of so many lines from what may still be cut out of the graph."""
    if graph.left is None:
        graph.left = MOST_TIMES * len(graph) + AND_MORE
    if lines > graph.left:
        raise TooMuch("The records of this document share so much that together they hold far more than it says.")
    graph.left -= lines


def _belongs(graph: Graph, predicate: str, object: str) -> bool:
    if object not in graph.nodes:
        return object.startswith("_:")
    return predicate == _ACCESS_SERVICE or _RECORDS.isdisjoint(graph.types(object))


def _lines(graph: Graph, subject: str, names: dict[str, str]) -> list[str]:
    """The lines about a subject; those of an agent or concept that a second record refers to are kept."""
    if kept := graph.lines.get(subject):
        return kept
    lines = []
    start = names.get(subject) or node_token(subject)
    for predicate, objects in graph.nodes.get(subject, {}).items():
        property = node_token(predicate)
        for object in objects:
            if isinstance(object, Literal):
                lines.append(f"{start} {property} {literal_token(object)} .\n")
            else:
                lines.append(f"{start} {property} {names.get(object) or node_token(object)} .\n")
    if subject in graph.lines:
        graph.lines[subject] = lines
        return lines
    if len(graph.lines) >= _WATCHED:
        graph.lines.clear()
    graph.lines[subject] = []
    return lines


_WATCHED = 10_000
"""Subjects that are watched at a time for being part of several records."""


def _names(graph: Graph, members: Iterable[str]) -> dict[str, str]:
    """A label for each blank node, made from what it says; innermost nodes first, without recursion.

    A node that leads back to itself counts as a word at the point where the circle closes.
    """
    names: dict[str, str] = {}
    begun: set[str] = set()
    stack = [member for member in members if member.startswith("_:")]
    while stack:
        node = stack[-1]
        statements = graph.nodes.get(node, {})
        inner = [] if node in names else [o for o in _blanks(statements) if o not in names and o not in begun]
        if inner:
            begun.add(node)
            stack += inner
            continue
        stack.pop()
        begun.discard(node)
        if node not in names:
            names[node] = f"_:{digest(_content(statements, names))}"
    return names


def _blanks(statements: Mapping[str, list[Term]]) -> list[str]:
    return [blank for objects in statements.values() for blank in _blanks_among(objects)]


def _blanks_among(objects: Iterable[Term]) -> list[str]:
    return [object for object in objects if isinstance(object, str) and object.startswith("_:")]


def _content(statements: Mapping[str, list[Term]], names: Mapping[str, str]) -> str:
    """What a blank node says, in one order."""
    lines = set()
    for predicate, objects in statements.items():
        for object in objects:
            if isinstance(object, str) and object.startswith("_:"):
                lines.add(f"{predicate} {names.get(object, '_:')}")
            else:
                lines.add(f"{predicate} {exact_token(object)}")
    return "\n".join(sorted(lines))
