"""The technical sheet: every field that an entry has, with its name in plain words, its property and its values."""

from collections.abc import Callable
from typing import Any, NamedTuple

from dcat.model import (
    Activity,
    Agent,
    Attribution,
    Checksum,
    Concept,
    Contact,
    DataService,
    Distribution,
    Document,
    Identifier,
    LegalResource,
    LicenseDocument,
    Location,
    Node,
    Period,
    Policy,
    ProvenanceStatement,
    Relationship,
    RightsStatement,
    Standard,
    Text,
    properties,
)

from . import facts, labels, words, writing
from .words import gettext, message

NAMES = {
    "title": message("Title"),
    "description": message("Description"),
    "publisher": message("Publisher"),
    "contact": message("Contact"),
    "keyword": message("Keywords"),
    "theme": message("Themes"),
    "identifier": message("Identifier"),
    "issued": message("First published"),
    "modified": message("Last update"),
    "language": message("Languages of the data"),
    "landing_page": message("Page at the publisher's site"),
    "page": message("Documentation"),
    "access_rights": message("Access"),
    "conforms_to": message("Follows the standard"),
    "spatial": message("Area"),
    "temporal": message("Period"),
    "frequency": message("Update frequency"),
    "applicable_legislation": message("Required by law"),
    "hvd_category": message("Category of high-value data"),
    "endpoint_url": message("Address of the service"),
    "endpoint_description": message("Description for machines"),
    "serves_dataset": message("Gives access to"),
    "format": message("Format"),
    "license": message("Licence"),
    "rights": message("Rights"),
    "access_url": message("Where to find it"),
    "download_url": message("Download address"),
    "media_type": message("Media type"),
    "compress_format": message("Compression"),
    "package_format": message("Package"),
    "policy": message("Policy"),
    "availability": message("Planned availability"),
    "status": message("Status"),
    "byte_size": message("Size in bytes"),
    "checksum": message("Checksum"),
    "access_service": message("Through the service"),
    "spatial_resolution": message("Smallest distance, in metres"),
    "temporal_resolution": message("Smallest time step"),
    "sample": message("Sample"),
    "creator": message("Made by"),
    "type": message("Kind of data"),
    "in_series": message("Part of the series"),
    "other_identifier": message("Other identifiers"),
    "version": message("Version"),
    "version_notes": message("What changed in this version"),
    "has_version": message("Other versions"),
    "source": message("Made from"),
    "relation": message("Related to"),
    "qualified_relation": message("Relations"),
    "is_referenced_by": message("Cited by"),
    "qualified_attribution": message("Other people involved"),
    "provenance": message("Where the data comes from"),
    "was_generated_by": message("Made during"),
}
"""What each field is called on the page."""

SHOWN_ABOVE = {"distribution"}
"""Fields with a part of the page of their own."""

WRITTEN: dict[str, Callable[[str], Text]] = {
    "issued": lambda value: Text(writing.dated(value), words.language()),
    "modified": lambda value: Text(writing.dated(value), words.language()),
    "temporal_resolution": lambda value: Text(writing.duration(value), words.language()),
}
"""Fields whose values are put into the words of the reader."""

LIMIT = 25
"""Values of a field that are shown; the data files have all of them."""


class Value(NamedTuple):
    """One value: words, or words that lead somewhere."""

    text: Text
    address: str = ""


class Row(NamedTuple):
    """One field."""

    name: str
    property: str
    values: tuple[Value, ...]
    hidden: int
    """How many values are left out."""


def rows(node: Node) -> list[Row]:
    """The fields that say something, in the order of the model."""
    found = []
    for field in properties(type(node)):
        given = getattr(node, field.name)
        if field.name in SHOWN_ABOVE:
            continue
        if given in (None, ()):
            given = Text(facts.as_written(node, field.property.curie))
        values = tuple(value_of(one, field.name) for one in (given if isinstance(given, tuple) else (given,)))
        shown = tuple(value for value in values if value.text.value)
        if shown:
            name = gettext(NAMES[field.name]) if field.name in NAMES else field.name
            found.append(Row(name, field.property.curie, shown[:LIMIT], len(shown) - LIMIT))
    return found


def value_of(value: Any, field: str = "") -> Value:
    """One value in words."""
    if isinstance(value, Text):
        return Value(value)
    if isinstance(value, str):
        return Value(WRITTEN[field](value), "") if field in WRITTEN else Value(Text(value), writing.link(value))
    describe = next((words_of for kind, words_of in DESCRIBED.items() if isinstance(value, kind)), address)
    return describe(value)


def address(node: Node) -> Value:
    """A node of which only its address says what it is."""
    return Value(Text(node.iri or ""), writing.link(node.iri))


def named(*fields: str) -> Callable[[Any], Value]:
    """A node that is called by one of its fields, else by its address."""

    def describe(node: Any) -> Value:
        for field in fields:
            if own := words.pick(getattr(node, field)):
                return Value(own.text, writing.link(node.iri))
        return address(node)

    return describe


def concept(value: Concept) -> Value:
    """A term of a vocabulary."""
    return Value(labels.concept(value) or Text(""), writing.link(value.iri))


def agent(value: Agent) -> Value:
    """An organisation, leading to its web site."""
    home = value.homepage.iri if value.homepage else None
    return Value(named("name")(value).text, writing.link(home or value.iri))


def contact(value: Contact) -> Value:
    """A desk, leading to its mailbox or page."""
    where = next(iter((*value.email, *value.url, *value.telephone)), "")
    own = words.pick(value.name or value.organization)
    return Value(own.text if own else Text(writing.spoken(where)), writing.link(where))


def further_ways(value: Contact) -> list[Value]:
    """Numbers of a desk that can be called, then its pages, but for what `contact` leads to."""
    ways = [Value(Text(writing.spoken(one)), writing.link(one)) for one in (*value.telephone, *value.url)]
    return [one for one in ways if one.address and one.address != contact(value).address]


def location(value: Location) -> Value:
    """A place by its name, else by its geometry."""
    geometry = value.bbox or value.geometry or value.centroid or ""
    return Value(facts.place(value) or Text(geometry or value.iri or ""), writing.link(value.iri))


def rights(value: RightsStatement) -> Value:
    """Access rights by their vocabulary, else the words of the source."""
    term = labels.known(value.iri)
    if term:
        return concept(Concept(iri=value.iri))
    return named("labels", "pref_labels")(value)


def licence(value: LicenseDocument) -> Value:
    """A licence by its name."""
    known = facts.licence(value)
    return Value(known.name or Text(value.iri or ""), writing.link(known.address))


def checksum(value: Checksum) -> Value:
    """Algorithm and fingerprint."""
    algorithm = labels.tail(value.algorithm or "").removeprefix("checksumAlgorithm_")
    return Value(Text(f"{algorithm} {value.value or ''}".strip()))


def identifier(value: Identifier) -> Value:
    """A further identifier."""
    return Value(value.notation[0] if value.notation else Text(value.iri or ""), writing.link(value.iri))


def relationship(value: Relationship) -> Value:
    """The other resource with its role."""
    role = labels.concept(value.role[0]) if value.role else None
    where = value.relation[0] if value.relation else ""
    return Value(Text(f"{role.value}: {where}" if role else where), writing.link(where))


def attribution(value: Attribution) -> Value:
    """An agent with its role."""
    who = agent(value.agent[0]) if value.agent else Value(Text(""))
    role = labels.concept(value.role[0]) if value.role else None
    return Value(Text(f"{who.text.value} ({role.value})", who.text.lang), who.address) if role else who


DESCRIBED: dict[type[Node], Callable[[Any], Value]] = {
    Concept: concept,
    Document: named("titles"),
    Standard: named("titles", "labels"),
    LegalResource: address,
    RightsStatement: rights,
    LicenseDocument: licence,
    ProvenanceStatement: named("labels"),
    Policy: address,
    Activity: named("labels"),
    Agent: agent,
    Contact: contact,
    Location: location,
    Period: lambda value: Value(Text(facts.period(value), words.language())),
    Checksum: checksum,
    Identifier: identifier,
    Relationship: relationship,
    Attribution: attribution,
    Distribution: named("title"),
    DataService: named("title"),
}
"""How a node of each kind is put into words."""
