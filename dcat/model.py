"""The nouns of the catalogue: DCAT-AP 3.0.1 with HVD 3.0.0, as frozen structs.

A struct holds what a source said, in the profile's structure: texts keep their language tag, dates and numbers their
lexical form, an IRI is the text that stood there. Reading never guesses and never drops; `dcat.normalise` turns the
values into valid ones and says what it changed, `dcat.rules` says what is still missing. `read(write(x)) == x` holds
for every struct, clean or dirty.

None of them is looked at by the cycle collector (`gc=False`): what is frozen holds nothing that is younger than itself.

Each field is annotated with its property, so the model *is* the mapping: `dcat.read` and `dcat.write` both follow
`properties()`. Cardinalities are those of https://semiceu.github.io/DCAT-AP/releases/3.0.1/ and, where marked HVD, of
https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/.
"""

from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple, NewType, get_args, get_origin, get_type_hints

import msgspec

Iri = NewType("Iri", str)
"""An IRI as it was written. Valid (absolute, RFC 3987) once `dcat.normalise` has seen it."""

Date = NewType("Date", str)
"""Lexical xsd:date, xsd:dateTime, xsd:gYearMonth or xsd:gYear; which of them follows from its form."""

Duration = NewType("Duration", str)
"""Lexical xsd:duration, such as `P1D`."""

Decimal = NewType("Decimal", str)
"""Lexical xsd:decimal."""

Integer = NewType("Integer", str)
"""Lexical xsd:nonNegativeInteger."""

Hex = NewType("Hex", str)
"""Lexical xsd:hexBinary, lower case once normalised."""

Wkt = NewType("Wkt", str)
"""Well-known text of a geometry in longitude, latitude order (geo:wktLiteral)."""


class Property(NamedTuple):
    """What a field says in RDF."""

    curie: str
    """The property, such as `dct:title`."""
    range: str = ""
    """Class that the object node is typed with, besides its struct's own (`dct:Frequency` for a frequency concept)."""
    target: str = ""
    """Kind of entry, as in `KINDS`, that the object must be: a reference from one entry of a catalogue to another."""


class Text(msgspec.Struct, frozen=True, order=True, gc=False):
    """One literal with its language.

    `lang` is a BCP 47 tag in lower case, or empty when the source gave none. A tag with the `t` extension of RFC 6497
    (`fr-t-nl`) says that a machine translated it; such a text never stands in for a human one.
    """

    value: str
    lang: str = ""

    @property
    def is_machine_translated(self) -> bool:
        """True for a tag such as `fr-t-nl` (RFC 6497)."""
        return "-t-" in self.lang

    @property
    def language(self) -> str:
        """The primary language subtag, such as `fr` for `fr-be` and for `fr-t-nl`; empty when there is no tag."""
        return self.lang.partition("-")[0]


Texts = tuple[Text, ...]


class AsWritten(msgspec.Struct, frozen=True, order=True):
    """A value that nobody could understand, in the source's words."""

    field: str
    """The property it was given for, such as `dct:accrualPeriodicity`."""
    value: str
    """What the source wrote."""


class Node(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Anything that can be the subject of a triple."""

    CLASS: ClassVar[str] = "rdfs:Resource"

    iri: Iri | None = None
    """Its IRI; None for a blank node, which `catalogue.ingest` replaces by an IRI of ours before it is published."""


class Concept(Node, frozen=True, kw_only=True):
    """A term of a controlled vocabulary (skos:Concept). A bare literal of a source is a concept without IRI."""

    CLASS: ClassVar[str] = "skos:Concept"

    labels: Annotated[Texts, Property("skos:prefLabel")] = ()
    """Its label. 1..*, `skos:prefLabel`."""
    scheme: Annotated[Iri | None, Property("skos:inScheme", "skos:ConceptScheme")] = None
    """The vocabulary it belongs to. `skos:inScheme`."""


class Document(Node, frozen=True, kw_only=True):
    """A page or file for people (foaf:Document)."""

    CLASS: ClassVar[str] = "foaf:Document"

    titles: Annotated[Texts, Property("dct:title")] = ()
    """Its title. `dct:title`."""


class Standard(Node, frozen=True, kw_only=True):
    """A standard, schema or reference system that something conforms to (dct:Standard)."""

    CLASS: ClassVar[str] = "dct:Standard"

    titles: Annotated[Texts, Property("dct:title")] = ()
    """Its title. `dct:title`."""
    labels: Annotated[Texts, Property("rdfs:label")] = ()
    """Its label. `rdfs:label`."""


class LegalResource(Node, frozen=True, kw_only=True):
    """A law, such as http://data.europa.eu/eli/reg_impl/2023/138/oj (eli:LegalResource)."""

    CLASS: ClassVar[str] = "eli:LegalResource"


class RightsStatement(Node, frozen=True, kw_only=True):
    """Words about rights that are not a licence (dct:RightsStatement)."""

    CLASS: ClassVar[str] = "dct:RightsStatement"

    labels: Annotated[Texts, Property("rdfs:label")] = ()
    """The words. `rdfs:label`."""
    pref_labels: Annotated[Texts, Property("skos:prefLabel")] = ()
    """Label when it is a term of the access-right table. `skos:prefLabel`."""
    scheme: Annotated[Iri | None, Property("skos:inScheme", "skos:ConceptScheme")] = None
    """The vocabulary it belongs to. `skos:inScheme`."""


class LicenseDocument(Node, frozen=True, kw_only=True):
    """A licence (dct:LicenseDocument)."""

    CLASS: ClassVar[str] = "dct:LicenseDocument"

    type: Annotated[tuple[Concept, ...], Property("dct:type")] = ()
    """ADMS licence type. 0..*, `dct:type`."""
    titles: Annotated[Texts, Property("dct:title")] = ()
    """Its title. `dct:title`."""
    labels: Annotated[Texts, Property("rdfs:label")] = ()
    """Its label. `rdfs:label`."""
    pref_labels: Annotated[Texts, Property("skos:prefLabel")] = ()
    """Label when it is a term of the licence table. `skos:prefLabel`."""
    scheme: Annotated[Iri | None, Property("skos:inScheme", "skos:ConceptScheme")] = None
    """The vocabulary it belongs to. `skos:inScheme`."""


class ProvenanceStatement(Node, frozen=True, kw_only=True):
    """Words about where the data comes from (dct:ProvenanceStatement)."""

    CLASS: ClassVar[str] = "dct:ProvenanceStatement"

    labels: Annotated[Texts, Property("rdfs:label")] = ()
    """The words. `rdfs:label`."""


class Policy(Node, frozen=True, kw_only=True):
    """An ODRL policy (odrl:Policy)."""

    CLASS: ClassVar[str] = "odrl:Policy"


class Activity(Node, frozen=True, kw_only=True):
    """An activity that made the data (prov:Activity)."""

    CLASS: ClassVar[str] = "prov:Activity"

    labels: Annotated[Texts, Property("rdfs:label")] = ()
    """What it is. `rdfs:label`."""


class Agent(Node, frozen=True, kw_only=True):
    """An organisation or person responsible for something (foaf:Agent)."""

    CLASS: ClassVar[str] = "foaf:Agent"

    name: Annotated[Texts, Property("foaf:name")] = ()
    """Its name. 1..*, `foaf:name`."""
    type: Annotated[Concept | None, Property("dct:type")] = None
    """ADMS publisher type. 0..1, `dct:type`."""
    homepage: Annotated[Document | None, Property("foaf:homepage")] = None
    """Its web site. `foaf:homepage`."""
    mbox: Annotated[Iri | None, Property("foaf:mbox")] = None
    """Its mailbox, a `mailto:` IRI. `foaf:mbox`."""
    identifier: Annotated[tuple[Text, ...], Property("dct:identifier")] = ()
    """Its number in a register. `dct:identifier`."""
    is_individual: bool = False
    """True when the source typed it foaf:Person or the like: whose name is not published unless settings allow."""


class Contact(Node, frozen=True, kw_only=True):
    """Where questions can be sent (vcard:Kind)."""

    CLASS: ClassVar[str] = "vcard:Kind"

    name: Annotated[Texts, Property("vcard:fn")] = ()
    """Name of the desk. `vcard:fn`."""
    organization: Annotated[Texts, Property("vcard:organization-name")] = ()
    """Name of its organisation. `vcard:organization-name`."""
    email: Annotated[tuple[Iri, ...], Property("vcard:hasEmail")] = ()
    """`mailto:` IRI. HVD 0..1, `vcard:hasEmail`."""
    url: Annotated[tuple[Iri, ...], Property("vcard:hasURL")] = ()
    """Page with a contact form. HVD 0..1, `vcard:hasURL`."""
    telephone: Annotated[tuple[Iri, ...], Property("vcard:hasTelephone")] = ()
    """`tel:` IRI. `vcard:hasTelephone`."""
    is_individual: bool = False
    """True when the source typed it vcard:Individual: a person, whose name is not published unless settings allow."""


class Location(Node, frozen=True, kw_only=True):
    """A place (dct:Location)."""

    CLASS: ClassVar[str] = "dct:Location"

    bbox: Annotated[Wkt | None, Property("dcat:bbox")] = None
    """Bounding box, WKT POLYGON. 0..1, `dcat:bbox`."""
    centroid: Annotated[Wkt | None, Property("dcat:centroid")] = None
    """Centre, WKT POINT. 0..1, `dcat:centroid`."""
    geometry: Annotated[Wkt | None, Property("locn:geometry")] = None
    """Geometry in any literal encoding. 0..1, `locn:geometry`; read, but no value satisfies both official shapes."""
    labels: Annotated[Texts, Property("skos:prefLabel")] = ()
    """Its name. `skos:prefLabel`."""
    exact_match: Annotated[tuple[Iri, ...], Property("skos:exactMatch")] = ()
    """The same place in a register. `skos:exactMatch`."""
    scheme: Annotated[Iri | None, Property("skos:inScheme", "skos:ConceptScheme")] = None
    """The vocabulary it belongs to, when it is a term of an EU table of places. `skos:inScheme`."""


class Period(Node, frozen=True, kw_only=True):
    """A span of time, open where an end is missing (dct:PeriodOfTime)."""

    CLASS: ClassVar[str] = "dct:PeriodOfTime"

    start: Annotated[Date | None, Property("dcat:startDate")] = None
    """First day. 0..1, `dcat:startDate`."""
    end: Annotated[Date | None, Property("dcat:endDate")] = None
    """Last day. 0..1, `dcat:endDate`."""
    beginning: Annotated["Instant | None", Property("time:hasBeginning")] = None
    """Beginning as an instant. 0..1, `time:hasBeginning`."""
    ending: Annotated["Instant | None", Property("time:hasEnd")] = None
    """End as an instant. 0..1, `time:hasEnd`."""


class Instant(Node, frozen=True, kw_only=True):
    """A moment (time:Instant)."""

    CLASS: ClassVar[str] = "time:Instant"

    date_time: Annotated[Date | None, Property("time:inXSDDateTime")] = None
    """The moment with its time. `time:inXSDDateTime`."""
    date: Annotated[Date | None, Property("time:inXSDDate")] = None
    """The day. `time:inXSDDate`."""


class Checksum(Node, frozen=True, kw_only=True):
    """A fingerprint of a file (spdx:Checksum)."""

    CLASS: ClassVar[str] = "spdx:Checksum"

    algorithm: Annotated[Iri | None, Property("spdx:algorithm", "spdx:ChecksumAlgorithm")] = None
    """How it was computed. 1, `spdx:algorithm`."""
    value: Annotated[Hex | None, Property("spdx:checksumValue")] = None
    """The fingerprint. 1, `spdx:checksumValue`."""


class Identifier(Node, frozen=True, kw_only=True):
    """A further identifier, such as a DOI (adms:Identifier)."""

    CLASS: ClassVar[str] = "adms:Identifier"

    notation: Annotated[tuple[Text, ...], Property("skos:notation")] = ()
    """The identifier. 1, `skos:notation`."""
    agency: Annotated[Texts, Property("adms:schemaAgency")] = ()
    """Who issued it. `adms:schemaAgency`."""


class Relationship(Node, frozen=True, kw_only=True):
    """A relation to another resource with its role (dcat:Relationship)."""

    CLASS: ClassVar[str] = "dcat:Relationship"

    relation: Annotated[tuple[Iri, ...], Property("dct:relation")] = ()
    """The other resource. 1..*, `dct:relation`."""
    role: Annotated[tuple[Concept, ...], Property("dcat:hadRole", "dcat:Role")] = ()
    """What the other resource is for this one. 1..*, `dcat:hadRole`."""


class Attribution(Node, frozen=True, kw_only=True):
    """An agent with another role than publisher or creator (prov:Attribution)."""

    CLASS: ClassVar[str] = "prov:Attribution"

    agent: Annotated[tuple[Agent, ...], Property("prov:agent")] = ()
    """Who. `prov:agent`."""
    role: Annotated[tuple[Concept, ...], Property("dcat:hadRole", "dcat:Role")] = ()
    """In which role. `dcat:hadRole`."""


class Resource(Node, frozen=True, kw_only=True):
    """What datasets, series and services have in common (dcat:Resource)."""

    CLASS: ClassVar[str] = "dcat:Resource"

    title: Annotated[Texts, Property("dct:title")] = ()
    """Its name. 1..*, `dct:title`."""
    description: Annotated[Texts, Property("dct:description")] = ()
    """What it is, in sentences. 1..* (0..* on a service), `dct:description`."""
    publisher: Annotated[Agent | None, Property("dct:publisher")] = None
    """Who makes it available. 0..1, `dct:publisher`."""
    contact: Annotated[tuple[Contact, ...], Property("dcat:contactPoint")] = ()
    """Where to ask. 0..*, `dcat:contactPoint`."""
    keyword: Annotated[Texts, Property("dcat:keyword")] = ()
    """Words that describe it. 0..*, `dcat:keyword`."""
    theme: Annotated[tuple[Concept, ...], Property("dcat:theme")] = ()
    """Its categories, at least one of the EU data-theme table. 0..*, `dcat:theme`."""
    identifier: Annotated[tuple[Text, ...], Property("dct:identifier")] = ()
    """The source's own identifier. 0..*, `dct:identifier`."""
    issued: Annotated[Date | None, Property("dct:issued")] = None
    """When it was first published. 0..1, `dct:issued`."""
    modified: Annotated[Date | None, Property("dct:modified")] = None
    """When it last changed. 0..1, `dct:modified`."""
    language: Annotated[tuple[Concept, ...], Property("dct:language", "dct:LinguisticSystem")] = ()
    """Languages of the content. 0..*, `dct:language`."""
    landing_page: Annotated[tuple[Document, ...], Property("dcat:landingPage")] = ()
    """Page at the publisher's site. 0..*, `dcat:landingPage`."""
    page: Annotated[tuple[Document, ...], Property("foaf:page")] = ()
    """Documentation. 0..*, HVD services 1..*, `foaf:page`."""
    access_rights: Annotated[RightsStatement | None, Property("dct:accessRights")] = None
    """Public, restricted or non-public. 0..1, `dct:accessRights`."""
    conforms_to: Annotated[tuple[Standard, ...], Property("dct:conformsTo")] = ()
    """Standards it follows. 0..*, `dct:conformsTo`."""
    spatial: Annotated[tuple[Location, ...], Property("dct:spatial")] = ()
    """Area covered. 0..*, `dct:spatial`."""
    temporal: Annotated[tuple[Period, ...], Property("dct:temporal")] = ()
    """Time covered. 0..*, `dct:temporal`."""
    frequency: Annotated[Concept | None, Property("dct:accrualPeriodicity", "dct:Frequency")] = None
    """How often it is updated. 0..1, `dct:accrualPeriodicity`."""
    applicable_legislation: Annotated[tuple[LegalResource, ...], Property("dcatap:applicableLegislation")] = ()
    """Laws that demand it. 0..*, HVD 1..*, `dcatap:applicableLegislation`."""
    hvd_category: Annotated[tuple[Concept, ...], Property("dcatap:hvdCategory")] = ()
    """High-value dataset category. HVD 1..*, `dcatap:hvdCategory`."""
    as_written: tuple[AsWritten, ...] = ()
    """What the source says and `dcat.normalise` did not understand: shown to people as it stands, never put in RDF."""


class DataService(Resource, frozen=True, kw_only=True):
    """An API or service that gives access to data (dcat:DataService)."""

    CLASS: ClassVar[str] = "dcat:DataService"

    endpoint_url: Annotated[tuple[Iri, ...], Property("dcat:endpointURL")] = ()
    """Its address. 1..*, `dcat:endpointURL`."""
    endpoint_description: Annotated[tuple[Iri, ...], Property("dcat:endpointDescription")] = ()
    """Its machine-readable description: OpenAPI, GetCapabilities. 0..*, `dcat:endpointDescription`."""
    serves_dataset: Annotated[tuple[Iri, ...], Property("dcat:servesDataset", target="dataset")] = ()
    """The datasets it gives. 0..*, `dcat:servesDataset`."""
    format: Annotated[tuple[Concept, ...], Property("dct:format", "dct:MediaTypeOrExtent")] = ()
    """Formats it answers in. 0..*, `dct:format`."""
    license: Annotated[LicenseDocument | None, Property("dct:license")] = None
    """Terms of use. 0..1, `dct:license`."""
    rights: Annotated[tuple[RightsStatement, ...], Property("dct:rights")] = ()
    """Further rights. HVD 0..*, `dct:rights`."""
    distribution: Annotated[tuple["Distribution", ...], Property("dcat:distribution")] = ()
    """Files, which the profile has not here: read, since many a source names the service's address in one, and left out
    when it is normalised. `dcat:distribution`."""


class Distribution(Node, frozen=True, kw_only=True):
    """A file, or an access through a service, of a dataset (dcat:Distribution)."""

    CLASS: ClassVar[str] = "dcat:Distribution"

    access_url: Annotated[tuple[Iri, ...], Property("dcat:accessURL")] = ()
    """Where it can be reached. 1..*, `dcat:accessURL`."""
    download_url: Annotated[tuple[Iri, ...], Property("dcat:downloadURL")] = ()
    """The file itself. 0..*, `dcat:downloadURL`."""
    title: Annotated[Texts, Property("dct:title")] = ()
    """Its name. 0..*, `dct:title`."""
    description: Annotated[Texts, Property("dct:description")] = ()
    """What it holds. 0..*, `dct:description`."""
    format: Annotated[Concept | None, Property("dct:format", "dct:MediaTypeOrExtent")] = None
    """Format, of the EU file-type table. 0..1, `dct:format`."""
    media_type: Annotated[Concept | None, Property("dcat:mediaType", "dct:MediaType")] = None
    """IANA media type. 0..1, `dcat:mediaType`."""
    compress_format: Annotated[Concept | None, Property("dcat:compressFormat", "dct:MediaType")] = None
    """Compression, as IANA media type. 0..1, `dcat:compressFormat`."""
    package_format: Annotated[Concept | None, Property("dcat:packageFormat", "dct:MediaType")] = None
    """Package of several files, as IANA media type. 0..1, `dcat:packageFormat`."""
    license: Annotated[LicenseDocument | None, Property("dct:license")] = None
    """Licence. 0..1, `dct:license`."""
    rights: Annotated[tuple[RightsStatement, ...], Property("dct:rights")] = ()
    """Further rights. 0..* (the official shapes still allow one), `dct:rights`."""
    policy: Annotated[Policy | None, Property("odrl:hasPolicy")] = None
    """ODRL policy. 0..1, `odrl:hasPolicy`."""
    availability: Annotated[Concept | None, Property("dcatap:availability")] = None
    """How long it is planned to stay. 0..1, `dcatap:availability`."""
    status: Annotated[Concept | None, Property("adms:status")] = None
    """Maturity. 0..1, `adms:status`."""
    byte_size: Annotated[Integer | None, Property("dcat:byteSize")] = None
    """Size in bytes. 0..1, `dcat:byteSize`."""
    checksum: Annotated[Checksum | None, Property("spdx:checksum")] = None
    """Fingerprint. 0..1, `spdx:checksum`."""
    access_service: Annotated[tuple[DataService, ...], Property("dcat:accessService")] = ()
    """Services that give this data. 0..*, `dcat:accessService`."""
    conforms_to: Annotated[tuple[Standard, ...], Property("dct:conformsTo")] = ()
    """Schemas it follows. 0..*, `dct:conformsTo`."""
    page: Annotated[tuple[Document, ...], Property("foaf:page")] = ()
    """Documentation. 0..*, `foaf:page`."""
    language: Annotated[tuple[Concept, ...], Property("dct:language", "dct:LinguisticSystem")] = ()
    """Languages of the content. 0..*, `dct:language`."""
    issued: Annotated[Date | None, Property("dct:issued")] = None
    """When it was first published. 0..1, `dct:issued`."""
    modified: Annotated[Date | None, Property("dct:modified")] = None
    """When it last changed. 0..1, `dct:modified`."""
    spatial_resolution: Annotated[Decimal | None, Property("dcat:spatialResolutionInMeters")] = None
    """Smallest distance told apart, in metres. 0..1, `dcat:spatialResolutionInMeters`."""
    temporal_resolution: Annotated[Duration | None, Property("dcat:temporalResolution")] = None
    """Smallest span of time told apart. 0..1, `dcat:temporalResolution`."""
    applicable_legislation: Annotated[tuple[LegalResource, ...], Property("dcatap:applicableLegislation")] = ()
    """Laws that demand it. 0..*, HVD 1..*, `dcatap:applicableLegislation`."""
    as_written: tuple[AsWritten, ...] = ()
    """What the source says and `dcat.normalise` did not understand: shown to people as it stands, never put in RDF."""


class Dataset(Resource, frozen=True, kw_only=True):
    """A collection of data, published by one agent (dcat:Dataset)."""

    CLASS: ClassVar[str] = "dcat:Dataset"

    distribution: Annotated[tuple[Distribution, ...], Property("dcat:distribution")] = ()
    """Its files and accesses. 0..*, `dcat:distribution`."""
    sample: Annotated[tuple[Distribution, ...], Property("adms:sample")] = ()
    """A sample of it. 0..*, `adms:sample`."""
    creator: Annotated[tuple[Agent, ...], Property("dct:creator")] = ()
    """Who made the data. 0..*, `dct:creator`."""
    type: Annotated[tuple[Concept, ...], Property("dct:type")] = ()
    """Kind of dataset, of the EU dataset-type table. 0..*, `dct:type`."""
    in_series: Annotated[tuple[Iri, ...], Property("dcat:inSeries", target="series")] = ()
    """Series it is part of. 0..*, `dcat:inSeries`."""
    other_identifier: Annotated[tuple[Identifier, ...], Property("adms:identifier")] = ()
    """Further identifiers, such as a DOI. 0..*, `adms:identifier`."""
    version: Annotated[Text | None, Property("dcat:version")] = None
    """Version number or name. 0..1, `dcat:version`."""
    version_notes: Annotated[Texts, Property("adms:versionNotes")] = ()
    """What changed in this version. 0..*, `adms:versionNotes`."""
    has_version: Annotated[tuple[Iri, ...], Property("dcat:hasVersion", target="dataset")] = ()
    """Other versions. 0..*, `dcat:hasVersion`."""
    source: Annotated[tuple[Iri, ...], Property("dct:source", target="dataset")] = ()
    """Datasets it was derived from. 0..*, `dct:source`."""
    relation: Annotated[tuple[Iri, ...], Property("dct:relation")] = ()
    """Related resources. 0..*, `dct:relation`."""
    qualified_relation: Annotated[tuple[Relationship, ...], Property("dcat:qualifiedRelation")] = ()
    """Related resources with their role. 0..*, `dcat:qualifiedRelation`."""
    is_referenced_by: Annotated[tuple[Iri, ...], Property("dct:isReferencedBy")] = ()
    """Publications that cite it. 0..*, `dct:isReferencedBy`."""
    qualified_attribution: Annotated[tuple[Attribution, ...], Property("prov:qualifiedAttribution")] = ()
    """Agents with other roles. 0..*, `prov:qualifiedAttribution`."""
    provenance: Annotated[tuple[ProvenanceStatement, ...], Property("dct:provenance")] = ()
    """Where the data comes from. 0..*, `dct:provenance`."""
    was_generated_by: Annotated[tuple[Activity, ...], Property("prov:wasGeneratedBy")] = ()
    """Activities that made it. 0..*, `prov:wasGeneratedBy`."""
    spatial_resolution: Annotated[tuple[Decimal, ...], Property("dcat:spatialResolutionInMeters")] = ()
    """Smallest distance told apart, in metres. 0..* (shapes: one), `dcat:spatialResolutionInMeters`."""
    temporal_resolution: Annotated[Duration | None, Property("dcat:temporalResolution")] = None
    """Smallest span of time told apart. 0..1, `dcat:temporalResolution`."""
    license: Annotated[LicenseDocument | None, Property("dct:license")] = None
    """Licence of a dataset without files; the profile has it on them. `dct:license`."""
    rights: Annotated[tuple[RightsStatement, ...], Property("dct:rights")] = ()
    """Rights on a dataset without files; the profile has them on those. `dct:rights`."""


class Publication(Resource, frozen=True, kw_only=True):
    """A report, an article, a book or another text (dct:BibliographicResource), which may tell what data it uses. No
    profile of DCAT has it: it is no dataset, and stands in no feed of datasets."""

    CLASS: ClassVar[str] = "dct:BibliographicResource"

    creator: Annotated[tuple[Agent, ...], Property("dct:creator")] = ()
    """Who wrote it. 0..*, `dct:creator`."""
    type: Annotated[tuple[Concept, ...], Property("dct:type")] = ()
    """Kind of publication: report, article, thesis. 0..*, `dct:type`."""
    other_identifier: Annotated[tuple[Identifier, ...], Property("adms:identifier")] = ()
    """Further identifiers, such as a DOI or ISBN. 0..*, `adms:identifier`."""
    uses: Annotated[tuple[Iri, ...], Property("dct:references", target="dataset")] = ()
    """The data that it uses or cites. 0..*, `dct:references`."""
    relation: Annotated[tuple[Iri, ...], Property("dct:relation")] = ()
    """Related resources. 0..*, `dct:relation`."""
    distribution: Annotated[tuple[Distribution, ...], Property("dcat:distribution")] = ()
    """Its files. 0..*, `dcat:distribution`."""
    license: Annotated[LicenseDocument | None, Property("dct:license")] = None
    """Licence of a publication without files. `dct:license`."""
    rights: Annotated[tuple[RightsStatement, ...], Property("dct:rights")] = ()
    """Rights on a publication without files. `dct:rights`."""


class DatasetSeries(Resource, frozen=True, kw_only=True):
    """Datasets that belong together, such as the yearly issues of one (dcat:DatasetSeries)."""

    CLASS: ClassVar[str] = "dcat:DatasetSeries"

    distribution: Annotated[tuple[Distribution, ...], Property("dcat:distribution")] = ()
    """Files of the series as a whole, which is a dataset in DCAT 3. `dcat:distribution`."""
    license: Annotated[LicenseDocument | None, Property("dct:license")] = None
    """Licence of a series without files. `dct:license`."""
    rights: Annotated[tuple[RightsStatement, ...], Property("dct:rights")] = ()
    """Rights on a series without files. `dct:rights`."""


class Metric(Node, frozen=True, kw_only=True):
    """What is measured of quality, and how (dqv:Metric, https://www.w3.org/TR/vocab-dqv/)."""

    CLASS: ClassVar[str] = "dqv:Metric"

    labels: Annotated[Texts, Property("skos:prefLabel")] = ()
    """Its name. `skos:prefLabel`."""
    definition: Annotated[Texts, Property("skos:definition")] = ()
    """What is counted. `skos:definition`."""
    dimension: Annotated[Iri | None, Property("dqv:inDimension", "dqv:Dimension")] = None
    """The aspect of quality that it belongs to. `dqv:inDimension`."""
    data_type: Annotated[Iri | None, Property("dqv:expectedDataType")] = None
    """Datatype of its values. `dqv:expectedDataType`."""


class Measurement(Node, frozen=True, kw_only=True):
    """One value of one metric (dqv:QualityMeasurement)."""

    CLASS: ClassVar[str] = "dqv:QualityMeasurement"

    computed_on: Annotated[Iri | None, Property("dqv:computedOn")] = None
    """What was measured. 1, `dqv:computedOn`."""
    metric: Annotated[Metric | None, Property("dqv:isMeasurementOf")] = None
    """What it is a value of. 1, `dqv:isMeasurementOf`."""
    value: Annotated[Integer | None, Property("dqv:value")] = None
    """The value. 1, `dqv:value`."""


class Shape(Node, frozen=True, kw_only=True):
    """A rule that a description breaks, in the words of SHACL (sh:Shape)."""

    CLASS: ClassVar[str] = "sh:Shape"

    messages: Annotated[Texts, Property("sh:message")] = ()
    """What is the matter. `sh:message`."""
    severity: Annotated[Iri | None, Property("sh:severity")] = None
    """How bad it is. `sh:severity`."""
    path: Annotated[Iri | None, Property("sh:path")] = None
    """The property that it is about. `sh:path`."""


class Annotation(Node, frozen=True, kw_only=True):
    """A remark about quality (dqv:QualityAnnotation), whose body is the rule that is broken."""

    CLASS: ClassVar[str] = "dqv:QualityAnnotation"

    target: Annotated[Iri | None, Property("oa:hasTarget")] = None
    """What it is about. 1, `oa:hasTarget`."""
    body: Annotated[Shape | None, Property("oa:hasBody")] = None
    """What is the matter. 1, `oa:hasBody`."""
    value: Annotated[Texts, Property("sh:value")] = ()
    """The value as the source gave it. `sh:value`."""


class CatalogRecord(Node, frozen=True, kw_only=True):
    """What a catalogue says about its own entry, as opposed to the resource (dcat:CatalogRecord)."""

    CLASS: ClassVar[str] = "dcat:CatalogRecord"

    primary_topic: Annotated[Iri | None, Property("foaf:primaryTopic")] = None
    """The resource described. 1, `foaf:primaryTopic`."""
    modified: Annotated[Date | None, Property("dct:modified")] = None
    """When the entry last changed. 1, `dct:modified`."""
    issued: Annotated[Date | None, Property("dct:issued")] = None
    """When the entry was made. 0..1, `dct:issued`."""
    title: Annotated[Texts, Property("dct:title")] = ()
    """Name of the entry. 0..*, `dct:title`."""
    description: Annotated[Texts, Property("dct:description")] = ()
    """Words about the entry. 0..*, `dct:description`."""
    language: Annotated[tuple[Concept, ...], Property("dct:language", "dct:LinguisticSystem")] = ()
    """Languages of the entry. 0..*, `dct:language`."""
    conforms_to: Annotated[tuple[Standard, ...], Property("dct:conformsTo")] = ()
    """Profile the entry follows. 0..*, `dct:conformsTo`."""
    status: Annotated[Concept | None, Property("adms:status")] = None
    """Kind of the last change. 0..1, `adms:status`."""
    source: Annotated[Iri | None, Property("dct:source", "dcat:CatalogRecord")] = None
    """The entry it was harvested from. 0..1, `dct:source`."""
    derived_from: Annotated[Iri | None, Property("prov:wasDerivedFrom")] = None
    """Where the record was read that the entry was made of. `prov:wasDerivedFrom`."""
    generated: Annotated[Date | None, Property("prov:generatedAtTime")] = None
    """When it was made of that record. `prov:generatedAtTime`."""
    measurements: Annotated[tuple[Measurement, ...], Property("dqv:hasQualityMeasurement")] = ()
    """How good the description is. `dqv:hasQualityMeasurement`."""
    annotations: Annotated[tuple[Annotation, ...], Property("dqv:hasQualityAnnotation")] = ()
    """What could be better in the description. `dqv:hasQualityAnnotation`."""


class Catalog(Node, frozen=True, kw_only=True):
    """A catalogue itself; its members are read and written as resources of their own (dcat:Catalog)."""

    CLASS: ClassVar[str] = "dcat:Catalog"

    title: Annotated[Texts, Property("dct:title")] = ()
    """Its name. 1..*, `dct:title`."""
    description: Annotated[Texts, Property("dct:description")] = ()
    """What it is. 1..*, `dct:description`."""
    publisher: Annotated[Agent | None, Property("dct:publisher")] = None
    """Who publishes the catalogue. 1, `dct:publisher`."""
    creator: Annotated[Agent | None, Property("dct:creator")] = None
    """Who made the catalogue. 0..1, `dct:creator`."""
    homepage: Annotated[Document | None, Property("foaf:homepage")] = None
    """Its main page. 0..1, `foaf:homepage`."""
    theme_taxonomy: Annotated[tuple[Iri, ...], Property("dcat:themeTaxonomy", "skos:ConceptScheme")] = ()
    """Vocabularies of its themes. 0..*, `dcat:themeTaxonomy`."""
    license: Annotated[LicenseDocument | None, Property("dct:license")] = None
    """Licence of the metadata. 0..1, `dct:license`."""
    rights: Annotated[tuple[RightsStatement, ...], Property("dct:rights")] = ()
    """Rights on the metadata. 0..* (the official shapes still allow one), `dct:rights`."""
    issued: Annotated[Date | None, Property("dct:issued")] = None
    """When it was first published. 0..1, `dct:issued`."""
    modified: Annotated[Date | None, Property("dct:modified")] = None
    """When it last changed. 0..1, `dct:modified`."""
    language: Annotated[tuple[Concept, ...], Property("dct:language", "dct:LinguisticSystem")] = ()
    """Languages of the metadata. 0..*, `dct:language`."""
    spatial: Annotated[tuple[Location, ...], Property("dct:spatial")] = ()
    """Area covered. 0..*, `dct:spatial`."""
    temporal: Annotated[tuple[Period, ...], Property("dct:temporal")] = ()
    """Time covered. 0..*, `dct:temporal`."""
    applicable_legislation: Annotated[tuple[LegalResource, ...], Property("dcatap:applicableLegislation")] = ()
    """Laws that demand the catalogue. 0..*, `dcatap:applicableLegislation`."""
    dataset: Annotated[tuple[Iri, ...], Property("dcat:dataset")] = ()
    """Its datasets. 0..*, `dcat:dataset`."""
    service: Annotated[tuple[Iri, ...], Property("dcat:service")] = ()
    """Its services. 0..*, `dcat:service`."""
    record: Annotated[tuple[Iri, ...], Property("dcat:record")] = ()
    """Its records. 0..*, `dcat:record`."""
    catalog: Annotated[tuple[Iri, ...], Property("dcat:catalog")] = ()
    """Catalogues of interest in it. 0..*, `dcat:catalog`."""
    has_part: Annotated[tuple[Iri, ...], Property("dct:hasPart")] = ()
    """Catalogues that are part of it. 0..*, `dct:hasPart`."""
    measurements: Annotated[tuple[Measurement, ...], Property("dqv:hasQualityMeasurement")] = ()
    """How good the descriptions of its datasets are. `dqv:hasQualityMeasurement`."""


Entry = Dataset | DatasetSeries | DataService | Publication
"""What a record of the catalogue describes."""

KINDS: dict[str, type[Entry]] = {
    "dataset": Dataset,
    "series": DatasetSeries,
    "service": DataService,
    "publication": Publication,
}
"""The word for each kind of entry, in addresses, in the store and in search."""

DATA = ("dataset", "series", "service")
"""The kinds that a catalogue of DCAT-AP holds."""


def kind_of(entry: Entry) -> str:
    """The word in `KINDS` for an entry."""
    return next(word for word, struct in KINDS.items() if isinstance(entry, struct))


class Field(NamedTuple):
    """One field of a struct with its property and Python type."""

    name: str
    property: Property
    type: Any

    @property
    def many(self) -> bool:
        """True when the field holds any number of values."""
        return get_origin(self.type) is tuple

    @property
    def item(self) -> Any:
        """What one value is: `Text`, `Iri`, `Date` and the like, or a struct."""
        return get_args(self.type)[0]


@cache
def properties(struct: type[Node]) -> tuple[Field, ...]:
    """The fields of a struct that are properties, in order of declaration."""
    hints = get_type_hints(struct, include_extras=True)
    marked = ((name, getattr(hints[name], "__metadata__", ())) for name in struct.__struct_fields__)
    return tuple(Field(name, marks[0], hints[name].__origin__) for name, marks in marked if marks)


@cache
def references() -> dict[str, Property]:
    """The fields that lead from one entry to another (`serves_dataset`, `in_series`, …), with their property."""
    fields = (field for struct in structs() for field in properties(struct))
    return {field.name: field.property for field in fields if field.property.target}


@cache
def structs() -> tuple[type[Node], ...]:
    """Every struct that entries, catalogues and records are made of, each once."""
    found: dict[type[Node], None] = {}
    waiting: list[type[Node]] = [*KINDS.values(), Catalog, CatalogRecord]
    while waiting:
        struct = waiting.pop(0)
        if struct not in found:
            found[struct] = None
            items = (field.item for field in properties(struct))
            waiting += [item for item in items if isinstance(item, type) and issubclass(item, Node)]
    return tuple(found)
