"""Other names that feeds use for the properties of the model: of earlier versions, by slip, or as words for a label.

Only pure renames stand here; what changes a value belongs to `dcat.normalise`.
"""

from .model import (
    Activity,
    Agent,
    Checksum,
    Concept,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Distribution,
    Document,
    Instant,
    LicenseDocument,
    Location,
    Node,
    Period,
    ProvenanceStatement,
    Publication,
    RightsStatement,
    Standard,
)

_RESOURCE = {
    "adms:contactPoint": "dcat:contactPoint",
    "foaf:Page": "foaf:page",
    "dct:updated": "dct:modified",
    "schema:dateModified": "dct:modified",
    "schema:datePublished": "dct:issued",
    "schema:name": "dct:title",
    "schema:abstract": "dct:description",
    "schema:inLanguage": "dct:language",
    "schema:url": "dcat:landingPage",
    "dc:subject": "dcat:keyword",
    "dct:subject": "dcat:theme",
}
_CALLED = {
    "rdfs:label": "dct:title",
    "skos:prefLabel": "dct:title",
    "foaf:name": "dct:title",
    "rdfs:comment": "dct:description",
}

RENAMED: dict[type[Node], dict[str, str]] = {
    Dataset: {
        **_RESOURCE,
        "dcat:distributions": "dcat:distribution",
        "dct:hasVersion": "dcat:hasVersion",
        "owl:versionInfo": "dcat:version",
        "adms:version": "dcat:version",
        "pav:version": "dcat:version",
        "schema:version": "dcat:version",
        "schema:spatialCoverage": "dct:spatial",
        "schema:temporalCoverage": "dct:temporal",
        "prov:wasDerivedFrom": "dct:source",
    },
    Distribution: {
        "schema:name": "dct:title",
        "schema:url": "dcat:accessURL",
        "schema:contentUrl": "dcat:downloadURL",
        "schema:encodingFormat": "dcat:mediaType",
        "schema:contentSize": "dcat:byteSize",
    },
    DatasetSeries: _RESOURCE,
    Publication: {**_RESOURCE, "bibo:cites": "dct:references", "schema:citation": "dct:references"},
    DataService: _RESOURCE,
    Period: {
        "schema:startDate": "dcat:startDate",
        "schema:endDate": "dcat:endDate",
        "sdo:startDate": "dcat:startDate",
        "sdo:endDate": "dcat:endDate",
    },
}
"""Old name → name in DCAT-AP 3.0.1, by struct; reading one is a finding (`property-renamed`)."""

SYNONYMS: dict[type[Node], dict[str, str]] = {
    Dataset: _CALLED,
    DatasetSeries: _CALLED,
    Publication: _CALLED,
    DataService: _CALLED,
    Distribution: _CALLED,
    Concept: {"rdfs:label": "skos:prefLabel", "dct:title": "skos:prefLabel"},
    Location: {
        "rdfs:label": "skos:prefLabel",
        "locn:geographicName": "skos:prefLabel",
        "dct:title": "skos:prefLabel",
        "geo:asWKT": "locn:geometry",
    },
    Period: {
        "rdfs:label": "dcat:startDate",
        "skos:prefLabel": "dcat:startDate",
        "dct:title": "dcat:startDate",
        "schema:name": "dcat:startDate",
    },
    Document: {"rdfs:label": "dct:title", "foaf:name": "dct:title", "skos:prefLabel": "dct:title"},
    Standard: {"skos:prefLabel": "rdfs:label"},
    RightsStatement: {"dct:title": "rdfs:label", "dct:description": "rdfs:label"},
    LicenseDocument: {
        "foaf:name": "dct:title",
        "foaf:page": "rdfs:label",
        "foaf:homepage": "rdfs:label",
        "rdfs:seeAlso": "rdfs:label",
        "schema:url": "rdfs:label",
        "skos:exactMatch": "rdfs:label",
        "owl:sameAs": "rdfs:label",
    },
    ProvenanceStatement: {"dct:description": "rdfs:label", "dct:title": "rdfs:label"},
    Activity: {"dct:title": "rdfs:label"},
    Agent: {
        "rdfs:label": "foaf:name",
        "skos:prefLabel": "foaf:name",
        "vcard:fn": "foaf:name",
        "dct:title": "foaf:name",
    },
    Contact: {
        "rdfs:label": "vcard:fn",
        "foaf:name": "vcard:fn",
        "foaf:mbox": "vcard:hasEmail",
        "vcard:email": "vcard:hasEmail",
        "vcard:tel": "vcard:hasTelephone",
    },
    Instant: {
        "time:inXSDDateTimeStamp": "time:inXSDDateTime",
        "time:inXSDgYearMonth": "time:inXSDDate",
        "time:inXSDgYear": "time:inXSDDate",
    },
    Checksum: {"spdx:checksumvalue": "spdx:checksumValue"},
}
"""Other words for the same, which the profile does not forbid; read without a finding."""
