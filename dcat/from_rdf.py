"""How each field of the model is read from RDF: one small function for each kind of value."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple, Protocol, cast

from .classes import ENTRIES, accepted, is_known
from .datatypes import TYPED
from .model import (
    Activity,
    Agent,
    Attribution,
    Checksum,
    Concept,
    Contact,
    DataService,
    Date,
    Distribution,
    Document,
    Field,
    Identifier,
    Instant,
    Iri,
    LicenseDocument,
    Location,
    Measurement,
    Metric,
    Node,
    Period,
    ProvenanceStatement,
    Relationship,
    RightsStatement,
    Shape,
    Standard,
    Text,
    Wkt,
    properties,
)
from .namespaces import ANY_URI, RDF_TYPE, compact, expand
from .near_names import known_key, meant
from .order import in_order
from .rdf import Graph, Literal, Term, is_blank, is_iri
from .renamed import RENAMED, SYNONYMS


class Reader(Protocol):
    """What reads the nodes of a graph (`dcat.read`)."""

    graph: Graph
    is_strict: bool
    """True when what reading evens out is remarked on as well."""

    def node(self, subject: str, struct: type[Node]) -> Any:
        """A subject as an instance of a struct."""

    def found(self, rule: str, field: str, value: object) -> None:
        """Makes a remark about a value of the node that is being read."""


class Step(NamedTuple):
    """How one field is read."""

    name: str
    curie: str
    convert: Callable[[Reader, list[Term], "Step"], list[Any]]
    many: bool
    struct: type[Node] = Node
    """What its values are, when they are nodes."""
    classes: tuple[str, ...] = ()
    """The class that a value must have, when it is a node or an address, and those that are kinds of it."""
    typed: Callable[[str], Literal] | None = None
    """How its values are written, when they are dates, numbers or geometries."""
    other: str = ""
    """The other name under which it stands."""
    is_outdated: bool = False
    """True when that is a name of an earlier version, or a slip (`dcat.near_names`)."""


@cache
def steps(struct: type[Node]) -> dict[str, Step]:
    """How the properties of a struct are read, by IRI."""
    own = {field.property.curie: step_of(field) for field in properties(struct)}
    steps = {expand(curie): step for curie, step in own.items()}
    for old, curie in RENAMED.get(struct, {}).items():
        steps[expand(old)] = own[curie]._replace(other=old, is_outdated=True)
    for other, curie in SYNONYMS.get(struct, {}).items():
        steps.setdefault(expand(other), own[curie]._replace(other=other))
    return steps


class _Steps(dict[str, Step | None]):
    """How the properties of a struct are read, found out once for each."""

    def __init__(self, struct: type[Node]) -> None:
        super().__init__(steps(struct))
        self._struct = struct
        self._most = len(self) + MOST_STRANGE

    def __missing__(self, property: str) -> Step | None:
        step = _step_for(self._struct, property)
        if len(self) < self._most:
            self[property] = step
        return step


MOST_STRANGE = 1_000
"""Properties that are not the profile's and are remembered with what they mean for a struct."""

steps_of = cache(_Steps)
"""How the properties of a struct are read, also under a name that is not the profile's; None for those that are not."""


def _step_for(struct: type[Node], property: str) -> Step | None:
    known = steps(struct)
    if not (name := known_key(property)):
        return None
    curie = meant(struct, property)
    step = known[expand(curie)] if curie else _by_key(struct).get(name)
    return step and step._replace(other=compact(property), is_outdated=True)


@cache
def _by_key(struct: type[Node]) -> dict[str, Step]:
    """How names that stand for others (`dcat.renamed`) are read, by their key."""
    return {known_key(iri): step for iri, step in steps(struct).items() if step.other}


def step_of(field: Field) -> Step:
    if field.item is Text:
        return Step(field.name, field.property.curie, texts_from_rdf, field.many)
    if field.item is Iri:
        classes = accepted(field.property.range or ENTRIES.get(field.property.curie, ""))
        return Step(field.name, field.property.curie, iris_from_rdf, field.many, classes=classes)
    if isinstance(field.item, type) and issubclass(field.item, Node):
        classes = accepted(field.property.range or field.item.CLASS)
        return Step(field.name, field.property.curie, nodes_from_rdf, field.many, field.item, classes)
    read = geometries_from_rdf if field.item is Wkt else values_from_rdf
    return Step(field.name, field.property.curie, read, field.many, typed=TYPED[field.item])


def texts_from_rdf(reader: Reader, terms: list[Term], step: Step) -> list[Text]:
    """Literals with their language; a node gives its label, or its IRI."""
    if len(terms) == 1 and isinstance(only := terms[0], Literal):  # as most are
        return [Text(only.value, only.lang)]
    texts = [(term.lang, term.value) for term in terms if isinstance(term, Literal)]
    if len(texts) < len(terms):
        for term in terms:
            if isinstance(term, str):
                if reader.is_strict:
                    reader.found("value-misplaced", step.curie, term)
                texts += _label(reader, term, step)
    return [Text(value, lang) for lang, value in (texts if len(texts) < 2 else sorted(set(texts)))]


def _label(reader: Reader, node: str, step: Step) -> list[tuple[str, str]]:
    for property in _LABELS:
        if labels := [(t.lang, t.value) for t in reader.graph.objects(node, property) if isinstance(t, Literal)]:
            return labels
    if not node.startswith("_:"):
        return [("", node)]
    reader.found("node-without-text", step.curie, "")
    return []


def iris_from_rdf(reader: Reader, terms: list[Term], step: Step) -> list[Iri]:
    """IRIs, and texts that stand where one should; a blank node gives the value it wraps (`[vcard:hasValue <…>]`)."""
    iris: list[str] = []
    for term in terms:
        if isinstance(term, Literal):
            iris.append(term.value)
            _misplaced(reader, term, step)
        elif not term.startswith("_:"):
            iris.append(term)
            if reader.is_strict:
                _classify(reader, term, step)
        else:
            iris += _wrapped(reader, term, step, _VALUES)
    return cast("list[Iri]", iris if len(iris) < 2 else sorted(set(iris)))


def values_from_rdf(reader: Reader, terms: list[Term], step: Step) -> list[str]:
    """Dates, numbers, durations and checksums as they are written."""
    values: list[str] = []
    for term in terms:
        if isinstance(term, Literal):
            values.append(term.value)
            _compare(reader, term, step)
        else:
            values += _wrapped(reader, term, step, _VALUES_AND_MOMENTS)
    return values if len(values) < 2 else sorted(set(values))


def _misplaced(reader: Reader, literal: Literal, step: Step) -> None:
    """Remarks on a text that stands where an address or a node should; an address that is none is no other fault.

    Words in the place of an IRI are read by `dcat.normalise`, which says what became of them.
    """
    if literal.datatype == ANY_URI and not is_iri(literal.value) and step.struct not in _WORDED:
        reader.found("iri-invalid", step.curie, literal.value)
    elif reader.is_strict:
        reader.found("value-misplaced", step.curie, literal.value)


def _compare(reader: Reader, literal: Literal, step: Step) -> None:
    """Remarks on a value that says it is of another data type than it should be, or of none."""
    if not reader.is_strict or step.typed is None:
        return
    if (wanted := step.typed(literal.value).datatype) and wanted != literal.datatype:
        reader.found("datatype-other", step.curie, literal.value)


def _classify(reader: Reader, node: str, step: Step) -> None:
    """Remarks on a node that is described, but not as what it must be; terms of our tables are known."""
    described = reader.graph.nodes.get(node) if step.classes else None
    if described and not any(one in step.classes for one in described.get(RDF_TYPE, ())) and not is_known(node):
        reader.found("class-other", step.curie, compact(step.classes[0]))


def geometries_from_rdf(reader: Reader, terms: list[Term], step: Step) -> list[str]:
    """Geometries as they are written; a geometry node gives the literals it holds.

    GML and GeoJSON that stand beside well-known text say the same once more (GeoDCAT-AP) and are left out.
    """
    values: list[str] = []
    for term in terms:
        if isinstance(term, Literal):
            values.append(term.value)
            _compare(reader, term, step)
        else:
            values += _wrapped(reader, term, step, _GEOMETRIES)
    plain = {value for value in values if value.lstrip()[:1] not in {"{", "<"}}
    return sorted(plain or set(values))


def _wrapped(reader: Reader, node: str, step: Step, properties: Iterable[str]) -> list[str]:
    """What a node holds that stands where its value should; of a node without IRI that holds nothing, a remark."""
    for property in properties:
        terms = [term for term in reader.graph.objects(node, property) if not is_blank(term)]
        if terms:
            return [term.value if isinstance(term, Literal) else term for term in terms]
    if not node.startswith("_:"):
        return [node]
    if step.curie not in _LISTS:
        reader.found("node-without-iri" if step.convert is iris_from_rdf else "node-without-text", step.curie, "")
    return []


def nodes_from_rdf(reader: Reader, terms: list[Term], step: Step) -> list[Any]:
    """Nodes as instances of the struct of the field."""
    nodes = []
    for term in terms:
        if isinstance(term, str):
            nodes.append(reader.node(term, step.struct))
            if reader.is_strict:
                _classify(reader, term, step)
        elif term.datatype == ANY_URI:
            nodes.append(step.struct(iri=Iri(term.value)))
            _misplaced(reader, term, step)
        else:
            nodes.append(named(step.struct, Text(term.value, term.lang)))
            _misplaced(reader, term, step)
    return nodes if len(nodes) < 2 else in_order(nodes)


_NAMING = {
    Concept: "labels",
    Document: "titles",
    Standard: "titles",
    RightsStatement: "labels",
    LicenseDocument: "titles",
    ProvenanceStatement: "labels",
    Activity: "labels",
    Agent: "name",
    Contact: "name",
    Location: "labels",
    Instant: "date_time",
    Checksum: "value",
    Identifier: "notation",
    Relationship: "relation",
    Attribution: "agent",
    Distribution: "access_url",
    DataService: "title",
    Metric: "labels",
    Measurement: "value",
    Shape: "messages",
}
"""The field that takes a bare text given in place of a node. A law, a policy or an annotation has none: the text is its
IRI then."""


def named(struct: Any, text: Text) -> Any:
    """A node of which only a text is known: `Concept` with that label, `Period` that begins and ends with it."""
    if struct is Period:
        return Period(start=Date(text.value), end=Date(text.value))
    name = _NAMING.get(struct)
    if name is None:
        return struct(iri=Iri(text.value))
    field = next(field for field in properties(struct) if field.name == name)
    value: Any = text.value
    if field.item is Text:
        value = text
    elif isinstance(field.item, type) and issubclass(field.item, Node):
        value = named(field.item, text)
    return struct(**{name: (value,) if field.many else value})


_WORDED = frozenset({Agent, Concept, Contact, LicenseDocument, Location, Period, RightsStatement, Standard})
"""What may be called by a word that stands in the place of its IRI."""
_LISTS = frozenset({"dcat:dataset", "dcat:service", "dcat:record", "dcat:catalog"})
"""What a catalogue lists is read on its own, with or without an IRI."""
_LABELS = tuple(map(expand, ("skos:prefLabel", "rdfs:label", "foaf:name", "vcard:fn", "dct:title", "rdf:value")))
_VALUES = tuple(map(expand, ("vcard:hasValue", "vcard:value", "rdf:value")))
_MOMENTS = (
    "time:inXSDDateTimeStamp",
    "time:inXSDDateTime",
    "time:inXSDDate",
    "time:inXSDgYearMonth",
    "time:inXSDgYear",
)
_VALUES_AND_MOMENTS = (*_VALUES, *map(expand, _MOMENTS))
"""Where a node holds its value that stands in the place of a date or number; a date also as OWL-Time has it."""
_GEOMETRIES = tuple(map(expand, ("geo:asWKT", "geo:asGeoJSON", "geo:asGML", "locn:geometry", "rdf:value")))
