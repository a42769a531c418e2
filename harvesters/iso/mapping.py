"""What becomes of a record of ISO 19139 or 19115-3, for people: pages in docs/reference/sources/ are made of it.

A path names properties alone (`citation/title`), so that one line holds for both encodings.
"""

from ..mapping import Mapped, fields_left_out

MAPPING = (
    Mapped(
        "fileIdentifier · metadataIdentifier",
        "dct:identifier",
        "and what the record is known by; without one, the first identifier of the resource",
    ),
    Mapped(
        "hierarchyLevel · metadataScope",
        "",
        "`series` is a dcat:DatasetSeries, `service` a dcat:DataService; applications and software are left aside; "
        "anything else is a dataset",
    ),
    Mapped(
        "locale · defaultLocale, PT_FreeText",
        "",
        "the language of every text, each once; a text that names none has the record's own",
    ),
    Mapped("citation/title, abstract", "dct:title, dct:description", "in all languages"),
    Mapped(
        "citation/date",
        "dct:issued, dct:modified",
        "published, else made; last revised. The date of the record is none of the data",
    ),
    Mapped("citation/edition", "dcat:version"),
    Mapped(
        "citation/identifier",
        "adms:identifier",
        "the IRI, when it is an address on the web; else with its namespace: `BE.JARDIN/TREES`",
    ),
    Mapped(
        "pointOfContact, citedResponsibleParty, distributorContact",
        "dct:publisher",
        "the first of publisher, distributor, resourceProvider, owner, pointOfContact, custodian",
    ),
    Mapped("the same: author, originator, principalInvestigator", "dct:creator"),
    Mapped("the same, other roles", "prov:qualifiedAttribution", "with INSPIRE's IRI of the role"),
    Mapped(
        "the same: pointOfContact, else who has a mailbox",
        "dcat:contactPoint",
        "a desk before a person; names of persons are left out as [settings](../settings.md) say",
    ),
    Mapped(
        "descriptiveKeywords",
        "dcat:keyword, dcat:theme, dcatap:hvdCategory",
        "with an address (Anchor) a theme as well; INSPIRE themes also by their names; terms of `data.europa.eu/bna/` "
        "are HVD categories",
    ),
    Mapped("topicCategory", "dcat:theme", "the EU themes that it stands for"),
    Mapped("resourceMaintenance", "dct:accrualPeriodicity"),
    Mapped(
        "extent: boxes, descriptions, identifiers",
        "dct:spatial",
        "south and north in order; a description and the only box beside it are one place",
    ),
    Mapped("extent: temporalElement", "dct:temporal", "`now` leaves it open"),
    Mapped("language", "dct:language"),
    Mapped("spatialResolution/distance", "dcat:spatialResolutionInMeters", "m, km, cm; degrees have no length"),
    Mapped("temporalResolution", "dcat:temporalResolution", "of ISO 19115-3"),
    Mapped("resourceConstraints", "dct:license", "in whichever field a sentence or an address names a licence"),
    Mapped("the same: every other sentence", "dct:rights"),
    Mapped(
        "the same: LimitationsOnPublicAccess, classification, accessConstraints",
        "dct:accessRights",
        "`noLimitations` public, any reason restricted",
    ),
    Mapped("lineage/statement", "dct:provenance"),
    Mapped("dataQualityInfo, passed", "dct:conformsTo"),
    Mapped("referenceSystemInfo", "dct:conformsTo", "by OGC's IRI of the EPSG number"),
    Mapped(
        "distributionInfo: a service by protocol or address",
        "dcat:distribution, dcat:accessService",
        "base address and GetCapabilities told apart; several addresses of one service are one distribution",
    ),
    Mapped(
        "distributionInfo: a download, or an address that ends as a data file does",
        "dcat:distribution, dcat:downloadURL",
        "size when it is that of one file alone",
    ),
    Mapped(
        "distributionInfo: a download whose protocol is a link or whose address is a page",
        "dcat:distribution, dcat:accessURL",
    ),
    Mapped("distributionInfo: information, search", "foaf:page"),
    Mapped("distributionInfo: no function", "dcat:landingPage"),
    Mapped("metadataLinkage", "foaf:page"),
    Mapped(
        "srv: containsOperations, or the service among the online resources",
        "dcat:endpointURL, dcat:endpointDescription",
        "GetCapabilities first",
    ),
    Mapped(
        "srv: operatesOn",
        "dcat:servesDataset",
        "by `uuidref`, or the identifier in its address; a dataset of the same source",
    ),
    Mapped("parentIdentifier · parentMetadata", "dcat:inSeries", "when that is a series of the same source"),
)

LEFT_OUT = (
    fields_left_out("no property of DCAT-AP", "purpose", "supplementalInformation", "equivalentScale")
    | fields_left_out("no property of DCAT-AP", "spatialRepresentationType", "offLine")
    | fields_left_out("pictures", "graphicOverview")
    | fields_left_out("leads to records of other sources", "aggregationInfo", "associatedResource")
)
