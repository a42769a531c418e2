"""Shapes of others (SHACL), such as the official ones of DCAT-AP, run over a graph and told in plain words.

The profile's shapes ask of every term that it says what it is, although only its own vocabulary knows that. So a graph
as a source sends it is validated together with what our tables know of the terms it names, and with the classes that
are kinds of others, as the test bed of the profile does (https://www.itb.ec.europa.eu/shacl/semic-shacl/upload).
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from . import rdf
from .classes import is_known, subclasses
from .findings import VALUE_LIMIT
from .messages import field_name
from .model import Iri, Node, properties
from .namespaces import RDF_TYPE, expand
from .rdf import Graph, Triple, is_blank
from .rdf.shacl import Result, ShapesError, validate
from .vocab import HVD_REGULATION, concepts, scheme_titles
from .write import write

__all__ = ["Group", "Result", "ShapesError", "groups", "parse_shapes", "results", "violated"]

SUBCLASS = expand("rdfs:subClassOf")
EXAMPLES = 3
"""Nodes that are named for each group."""

HVD_SHAPES = "-hvd#"
"""What the IRIs of the shapes for high-value data hold. They are about every dataset, but meant for those."""


class Group(NamedTuple):
    """What the shapes find alike in several nodes."""

    severity: str
    """`Violation`, `Warning` or `Info`."""
    target: str
    """Class of the nodes, such as `dcat:Distribution`."""
    path: str
    """Property, such as `dct:format`; empty when the node itself is at fault."""
    constraint: str
    """What is not fulfilled, in SHACL's word for it, such as `MinCount`."""
    message: str
    """The same as a sentence."""
    times: int
    nodes: tuple[str, ...]
    """The first nodes, by IRI."""
    values: tuple[str, ...]
    """The first values that are at fault."""


def parse_shapes(documents: Iterable[tuple[bytes, str]]) -> list[Triple]:
    """The shapes of several documents, given with their media types or endings. Raises `ParseError`."""
    return merged(rdf.parse(body, declared) for body, declared in documents)


def merged(graphs: Iterable[Graph]) -> list[Triple]:
    """The triples of several graphs, in which nodes without IRI stay apart."""
    found: dict[Triple, None] = {}
    for number, graph in enumerate(graphs):
        prefix = f"_:g{number}"
        for subject, predicate, object in graph.triples():
            apart = f"{prefix}{subject[2:]}" if is_blank(subject) else subject
            value = f"{prefix}{object[2:]}" if isinstance(object, str) and is_blank(object) else object
            found[apart, predicate, value] = None
    return list(found)


def results(graphs: Iterable[Graph], shapes: Iterable[Triple], *, is_complete: bool = False) -> list[Result]:
    """What the shapes find in some graphs together, each once.

    `is_complete`: the graphs say everything that the shapes need, as what we publish does; else they are completed.
    Raises `ShapesError`.
    """
    data = merged(graphs)
    described = Graph(data)
    kinds = ((kind, SUBCLASS, general) for kind, general in subclasses())
    background = () if is_complete else (*known(described), *kinds)
    hvd = _hvd(described)
    found = validate([*data, *background], shapes)
    return [one for one in dict.fromkeys(found) if (one.focus in described or not one.focus) and _counts(one, hvd)]


def groups(graphs: Iterable[Graph], shapes: Iterable[Triple], *, is_complete: bool = False) -> tuple[Group, ...]:
    """The same with what is alike together, the worst and the most frequent first. Raises `ShapesError`."""
    found: dict[tuple[str, ...], list[Result]] = {}
    for one in results(graphs, shapes, is_complete=is_complete):
        found.setdefault((one.severity, one.target, one.path, one.constraint, one.wanted), []).append(one)
    made = [_group(alike) for alike in found.values()]
    return tuple(sorted(made, key=lambda group: (_SEVERITIES.get(group.severity, 3), -group.times, group)))


def violated(found: Iterable[Group]) -> int:
    """How many violations there are."""
    return sum(group.times for group in found if group.severity == "Violation")


_SEVERITIES = {"Violation": 0, "Warning": 1, "Info": 2}


# --- what a graph need not say itself ---------------------------------------------------------------------------------


def known(graph: Graph) -> Iterator[Triple]:
    """What our tables know of the terms that a graph names: their class where they stand, label and vocabulary."""
    told: set[tuple[str, str]] = set()
    for _, predicate, term in graph.triples():
        if not isinstance(term, str) or predicate == RDF_TYPE or not is_known(term):
            continue
        for range in _ranges().get(predicate, ()):
            if (term, range) not in told:
                told.add((term, range))
                yield term, RDF_TYPE, range
        if term in concepts():
            yield from write(concepts()[term])
        for title in scheme_titles().get(Iri(term), ()):
            yield term, expand("dct:title"), rdf.Literal(title.value, title.lang)


@cache
def _ranges() -> dict[str, frozenset[str]]:
    """The classes that the profile wants for the values of each property."""
    found: dict[str, set[str]] = {}
    for struct in _structs(Node):
        for field in properties(struct):
            own = field.item.CLASS if isinstance(field.item, type) and issubclass(field.item, Node) else ""
            if curie := field.property.range or own:
                found.setdefault(expand(field.property.curie), set()).add(expand(curie))
    return {predicate: frozenset(classes) for predicate, classes in found.items()}


def _structs(struct: type[Node]) -> Iterator[type[Node]]:
    for one in struct.__subclasses__():
        yield one
        yield from _structs(one)


# --- high-value data --------------------------------------------------------------------------------------------------


def _hvd(graph: Graph) -> set[str]:
    """The nodes that shapes for high-value data are about: what names the law, and files and contacts of it."""
    law = expand("dcatap:applicableLegislation")
    marked = {subject for subject in graph.nodes if HVD_REGULATION in graph.objects(subject, law)}
    files = {str(file) for subject in marked for file in graph.objects(subject, expand("dcat:distribution"))}
    resources = marked | files
    parts = (expand("dcat:contactPoint"), expand("dct:license"))
    return resources | {str(part) for one in resources for path in parts for part in graph.objects(one, path)}


def _counts(result: Result, hvd: set[str]) -> bool:
    return HVD_SHAPES not in result.shape or result.focus in hvd


# --- plain words ------------------------------------------------------------------------------------------------------


def _group(alike: list[Result]) -> Group:
    first = alike[0]
    nodes = dict.fromkeys(one.focus for one in alike if one.focus)
    values = dict.fromkeys(_short(one.value) for one in alike if one.value)
    return Group(
        severity=first.severity,
        target=first.target,
        path=first.path,
        constraint=first.constraint,
        message=sentence(first),
        times=len(alike),
        nodes=tuple(nodes)[:EXAMPLES],
        values=tuple(values)[:EXAMPLES],
    )


def _short(text: str) -> str:
    return text if len(text) <= VALUE_LIMIT else text[: VALUE_LIMIT - 1] + "…"


_SENTENCES = {
    "MinCount": "{field} is missing (at least {wanted})",
    "MaxCount": "{field} has more than {wanted} value(s)",
    "Class": "{field} refers to something that is not described as {wanted}",
    "Datatype": "{field} is not of the data type {wanted}",
    "NodeKind": "{field} is not {wanted}",
    "Pattern": "{field} does not have the form {wanted}",
    "MinLength": "{field} is shorter than {wanted} character(s)",
    "MaxLength": "{field} is longer than {wanted} character(s)",
    "HasValue": "{field} lacks the value {wanted}",
    "In": "{field} is not one of the values that are allowed",
    "LanguageIn": "{field} is in a language that is not allowed",
    "UniqueLang": "{field} has two texts in one language",
    "Node": "{field} does not satisfy {wanted}",
    "Or": "{field} satisfies none of the alternatives",
    "Xone": "{field} satisfies none, or more than one, of the alternatives",
    "Not": "{field} is what it must not be",
}
_KINDS = {
    "sh:IRI": "an address (IRI)",
    "sh:BlankNodeOrIRI": "an address or a node, but a text",
    "sh:Literal": "a text",
    "sh:BlankNode": "a node without address",
}


def sentence(result: Result) -> str:
    """What is the matter, in plain words; the shape's own message where it has one."""
    field = field_name(result.path, "en") if result.path else "this node"
    wanted = _KINDS.get(result.wanted, result.wanted.rpartition("#")[2] or "another shape")
    plain = _SENTENCES.get(result.constraint, "{field} does not fulfil " + (result.constraint or "the shape"))
    said = plain.format(field=field, wanted=wanted)
    said = f"{said[:1].upper()}{said[1:]}."
    return f"{said} {result.message}".rstrip()
