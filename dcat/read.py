"""RDF → model. Every field is read as `dcat.model` declares it; what the model has no field for is counted.

Reading never guesses and never drops in silence:

- a literal where the profile wants a node becomes a node that holds the text in its naming field (`"CSV"` → a `Concept`
  with a label), except that an `xsd:anyURI` is what it says, an IRI;
- names of earlier profile versions and common slips are read as today's (`dcat.renamed`);
- where the profile allows one value and there are more, the one that says most (`dcat.telling`), else the first in
  canonical order, is read; the others are findings.
  Canonical order is by language and value for texts, by IRI for nodes, those without IRI last;
- licence and rights of a dataset, which the profile wants on its distributions, are read into those that have none; a
  dataset without distributions keeps them.

Findings made here: `iri-invalid`, `value-repeated`, `property-renamed`, `node-without-iri`, `node-without-text`,
`licence-on-dataset`. A harvest needs no more; whoever checks a feed for others is also told what reading evens out:
`value-misplaced`, `datatype-other`, `class-other`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from . import rdf
from .entries import entries, only_entry
from .findings import Finding, finding
from .from_rdf import Step, steps_of
from .model import (
    KINDS,
    Agent,
    Catalog,
    CatalogRecord,
    Concept,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Entry,
    Iri,
    Node,
    Period,
    Publication,
    Text,
    Texts,
)
from .namespaces import RDF_TYPE, compact, expand
from .normalise.persons import UNNAMED
from .order import in_order
from .owl_time import flat
from .rdf import Graph, Literal, Term
from .renamed import SYNONYMS
from .telling import most_telling
from .wgs84 import in_parts

D = TypeVar("D", bound=Dataset | DatasetSeries | Publication)


class Reading(NamedTuple):
    """What a graph says, in the language of the catalogue."""

    catalogs: tuple[Catalog, ...]
    datasets: tuple[Dataset, ...]
    services: tuple[DataService, ...]
    series: tuple[DatasetSeries, ...]
    records: tuple[CatalogRecord, ...]
    findings: tuple[Finding, ...]
    """Those of the graph, then those made here."""
    unread: dict[str, int]
    """Properties of entries, and of the nodes they are made of, that the model has no field for, with their number."""
    publications: tuple[Publication, ...] = ()


def read(graph: Graph) -> Reading:
    """Reads everything that a graph describes, in the order of the graph."""
    reader = Reader(graph)
    found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for subject, kind in entries(graph).items():
        found[kind].append(reader.node(subject, KINDS[kind]))
    return Reading(
        catalogs=tuple(reader.instances(Catalog)),
        datasets=tuple(found["dataset"]),
        services=tuple(found["service"]),
        series=tuple(found["series"]),
        publications=tuple(found["publication"]),
        records=_without_mentions(reader.instances(CatalogRecord)),
        findings=(*graph.findings, *reader.findings),
        unread=reader.unread(),
    )


def evened_out(graph: Graph) -> tuple[Finding, ...]:
    """What a graph says in another way than the profile wants and reading evens out, in all that it describes."""
    reader = Reader(graph, is_strict=True)
    for subject, kind in entries(graph).items():
        reader.node(subject, KINDS[kind])
    for struct in (Catalog, CatalogRecord):
        list(reader.instances(struct))
    return tuple(dict.fromkeys(one for one in reader.findings if one.rule in EVENED_OUT))


EVENED_OUT = frozenset({"value-misplaced", "datatype-other", "class-other"})
"""The remarks of a strict reader that others do not make."""


def _without_mentions(records: Iterable[CatalogRecord]) -> tuple[CatalogRecord, ...]:
    """The records without those that are only named, as the source of another."""
    found = tuple(records)
    sources = {record.source for record in found if record.source}
    return tuple(record for record in found if record.iri not in sources or record != CatalogRecord(iri=record.iri))


def read_entry(
    data: bytes, declared: str = "application/n-triples", base: str = ""
) -> tuple[Entry, tuple[Finding, ...], dict[str, int]]:
    """The one entry of a record, with its findings and unread properties.

    Services that its distributions name (dcat:accessService) are part of it. Raises `ValueError` with a sentence when
    the record cannot be parsed (`ParseError`), or describes no entry or several.
    """
    graph = rdf.remembered(data) or rdf.parse(data, declared, base)
    subject, kind = only_entry(graph)
    reader = Reader(graph)
    entry: Any = reader.node(subject, KINDS[kind])
    return entry, (*graph.findings, *sorted(reader.findings)), reader.unread()


class Reader:
    """Reads nodes of one graph, each once however often it is referred to."""

    def __init__(self, graph: Graph, *, is_strict: bool = False) -> None:
        self.graph = graph
        self.is_strict = is_strict
        self.findings: list[Finding] = []
        self._read: dict[tuple[str, type[Node]], Any] = {}
        self._begun: set[tuple[str, type[Node]]] = set()
        self._left: dict[tuple[str, str], int] = {}
        """Number of values by subject and property that some struct had no field for."""
        self._whole = ""
        """IRI or identifier of the entry, catalogue or record that is being read."""
        self._about: str | None = None
        """What a finding is about: the node that is being read, or the whole when that has no IRI."""

    def node(self, subject: str, struct: type[Node]) -> Any:
        """A subject as an instance of a struct; only its name where it is a part of itself."""
        key = (subject, struct)
        node = self._read.get(key)
        if key in self._begun and node is None:
            return struct(iri=None if subject.startswith("_:") else Iri(subject))
        if node is None:
            self._begun.add(key)
            outer = self._about
            if outer is None:
                self._whole = self._known_as(subject)
            self._about = self._whole if subject.startswith("_:") else subject
            node = self._read[key] = self._node(subject, struct)
            self._about = outer
        return node

    def unread(self) -> dict[str, int]:
        """Properties that no struct a subject was read as has a field for, with the number of their values."""
        structs: dict[str, list[type[Node]]] = {}
        for subject, struct in self._read:
            structs.setdefault(subject, []).append(struct)
        unread: Counter[str] = Counter()
        for (subject, predicate), number in self._left.items():
            if not any(steps_of(struct)[predicate] for struct in structs[subject]):
                unread[compact(predicate)] += number
        return dict(unread)

    def _known_as(self, subject: str) -> str:
        if not subject.startswith("_:"):
            return subject
        return min((t.value for t in self.graph.objects(subject, _IDENTIFIER) if isinstance(t, Literal)), default="")

    def instances(self, struct: type[Node]) -> Iterable[Any]:
        """The subjects typed with the class of a struct."""
        iri = expand(struct.CLASS)
        for subject, statements in self.graph.nodes.items():
            if iri in statements.get(RDF_TYPE, ()):
                yield self.node(subject, struct)

    def found(self, rule: str, field: str, value: object) -> None:
        """Makes a remark about a value of the node that is being read."""
        self.findings.append(finding(rule, self._about or "", field, value))

    def _node(self, subject: str, struct: type[Node]) -> Any:
        values: dict[str, Any] = {} if subject.startswith("_:") else {"iri": subject}
        given = self.graph.nodes.get(subject)
        if not given:
            return struct(**values)
        if struct is Concept and not subject.startswith(_EU) and (term := _term_of_eu(given)):
            return Concept(iri=term)
        statements = in_parts(self.graph, struct, flat(self.graph, struct, given))
        known = steps_of(struct)
        renamed: list[tuple[Step, list[Term]]] = []
        for predicate, terms in statements.items():
            step = known[predicate]
            if step is None:
                if predicate != RDF_TYPE:
                    self._left[subject, predicate] = len(set(terms))
            elif step.other:
                renamed.append((step, terms))
            else:
                self._set(values, step, terms)
        for step, terms in renamed:
            self._set_renamed(values, step, terms)
        if struct is Period and statements.keys() <= _ONLY_CALLED and "start" in values:
            values["end"] = values["start"]  # as of a text that stands in its place
        persons = _PERSONS.get(struct)
        if persons and not persons.isdisjoint(map(str, statements.get(RDF_TYPE, ()))):
            values["is_individual"] = True
        node: Any = struct(**values)
        return self._with_terms_shared(node) if struct in _WITH_FILES else node

    def _set(self, values: dict[str, Any], step: Step, terms: list[Term]) -> None:
        """Reads the values of a field."""
        read = step.convert(self, terms, step)
        if step.many:
            values[step.name] = tuple(read)
        elif read:
            values[step.name] = self._one(read, step)

    def _one(self, read: list[Any], step: Step) -> Any:
        """The value that says most; the others are remarked on."""
        if len(read) == 1:
            return read[0]
        chosen = most_telling(step.curie, read)
        for other in read:
            if other is not chosen:
                self.found("value-repeated", step.curie, _shown(other))
        return chosen

    def _set_renamed(self, values: dict[str, Any], step: Step, terms: list[Term]) -> None:
        """Reads values that stand under another name: beside those under the name itself, or for want of one."""
        if step.is_outdated:
            self.found("property-renamed", step.other, step.curie)
        if step.many:
            own = values.get(step.name, ())
            if not (own and step.curie in _OF_ONE_NAME):
                values[step.name] = tuple(in_order((*own, *step.convert(self, terms, step))))
        elif step.name not in values:
            self._set(values, step, terms)

    def _with_terms_shared(self, entry: D) -> D:
        """The entry with its own licence and rights on the distributions that have none; without any they stay."""
        for name, curie in _TERMS.items():
            if value := getattr(entry, name):
                self.found("licence-on-dataset", curie, _shown(value[0] if isinstance(value, tuple) else value))
        given = {name: value for name in _TERMS if (value := getattr(entry, name))}
        if not given or not entry.distribution:
            return entry
        files = [
            msgspec.structs.replace(
                file, **{name: value for name, value in given.items() if _is_silent(getattr(file, name))}
            )
            for file in entry.distribution
        ]
        return msgspec.structs.replace(entry, distribution=tuple(in_order(files)), license=None, rights=())


def _term_of_eu(statements: Mapping[str, list[Term]]) -> Iri | None:
    """The term of the EU's tables that a source says its own one is the same as."""
    same = (term for property in _SAME for term in statements.get(property, ()))
    return next((Iri(term) for term in same if isinstance(term, str) and term.startswith(_EU)), None)


def _is_silent(value: Any) -> bool:
    """True for no licence or right, and for one without a word: `""`."""
    nodes = value if isinstance(value, tuple) else (value,)
    return not any(node and (node.iri or any(text.value.strip() for text in _words_of(node))) for node in nodes)


def _words_of(node: Node) -> Texts:
    return next((texts for name in _WORDS if (texts := getattr(node, name, ()))), ())


def _shown(value: Any) -> str:
    """A value as a finding shows it."""
    if isinstance(value, Text):
        return value.value
    if isinstance(value, Agent | Contact) and value.is_individual:
        return UNNAMED
    if isinstance(value, Node):
        return value.iri or ", ".join(text.value for text in _words_of(value)) or msgspec.json.encode(value).decode()
    return str(value)


_OF_ONE_NAME = frozenset({"foaf:name", "vcard:fn", "dct:title", "dct:description"})
"""A node that is publisher and contact has a name as each; what it is called as the other is no second one. Nor is a
label beside a title."""
_ONLY_CALLED = frozenset({RDF_TYPE, *map(expand, SYNONYMS[Period])})
"""What is said of a period of which only the name is given."""
_WORDS = ("titles", "labels", "name", "pref_labels")
"""The fields that say what a node is called."""
_SAME = (expand("skos:exactMatch"), expand("owl:sameAs"))
_EU = "http://publications.europa.eu/resource/authority/"
_IDENTIFIER = expand("dct:identifier")
_WITH_FILES = frozenset({Dataset, DatasetSeries, Publication})
"""What has distributions, which licence and rights are said of."""
_PERSONS: dict[type[Node], frozenset[str]] = {
    Contact: frozenset({expand("vcard:Individual")}),
    Agent: frozenset(map(expand, ("foaf:Person", "vcard:Individual", "schema:Person", "sdo:Person"))),
}
"""The classes that say that somebody is a person."""
_TERMS = {"license": "dct:license", "rights": "dct:rights"}
"""What the profile wants on distributions and many a source says of the dataset."""
