"""What becomes of the fields of data.json, for people: its page in docs/reference/sources/ is made of it."""

from ..mapping import Mapped, fields_left_out

MAPPING = (
    Mapped("identifier", "dct:identifier, adms:identifier", "the IRI of the dataset when it is a web address"),
    Mapped("title", "dct:title"),
    Mapped("description", "dct:description"),
    Mapped("keyword", "dcat:keyword"),
    Mapped("theme", "dcat:theme"),
    Mapped("superTheme", "dcat:theme", "datos.gob.ar"),
    Mapped("publisher", "dct:publisher"),
    Mapped("contactPoint", "dcat:contactPoint"),
    Mapped("person", "vcard:fn", "1.0"),
    Mapped("mbox", "vcard:hasEmail", "1.0"),
    Mapped("accessLevel", "dct:accessRights"),
    Mapped("accessRights", "dct:accessRights", "3"),
    Mapped("rights", "dct:rights", "on each file"),
    Mapped("license", "dct:license", "on each file without one of its own"),
    Mapped("modified", "dct:modified", "one such as `R/P1D` is how often it changes"),
    Mapped("issued", "dct:issued"),
    Mapped("accrualPeriodicity", "dct:accrualPeriodicity"),
    Mapped("spatial", "dct:spatial", "a box, GeoJSON, a name, or an object of these"),
    Mapped("temporal", "dct:temporal", "`start/end`, or objects"),
    Mapped("language", "dct:language"),
    Mapped("landingPage", "dcat:landingPage"),
    Mapped("references", "foaf:page"),
    Mapped("page", "foaf:page", "3"),
    Mapped("describedBy", "foaf:page"),
    Mapped("dataDictionary", "foaf:page", "1.0"),
    Mapped("conformsTo", "dct:conformsTo"),
    Mapped("isPartOf", "dcat:inSeries", "when what it names stands in the file without files of its own"),
    Mapped("inSeries", "dcat:inSeries", "3"),
    Mapped("version", "dcat:version"),
    Mapped("versionNotes", "adms:versionNotes", "3"),
    Mapped("creator", "dct:creator", "3"),
    Mapped("provenance", "dct:provenance", "3"),
    Mapped("source", "dct:provenance", "datos.gob.ar: words"),
    Mapped("spatialResolutionInMeters", "dcat:spatialResolutionInMeters", "3"),
    Mapped("applicableLegislation", "dcatap:applicableLegislation", "3"),
    Mapped("hvdCategory", "dcatap:hvdCategory", "3"),
    Mapped("accessURL", "dcat:accessURL", "1.0: the file of the dataset"),
    Mapped("webService", "dcat:endpointURL", "1.0: a service of its own"),
    Mapped("format", "dct:format", "1.0: of the file; 3: of a service"),
    Mapped("distribution", "dcat:distribution"),
    Mapped("distribution.title", "dct:title"),
    Mapped("distribution.description", "dct:description"),
    Mapped("distribution.accessURL", "dcat:accessURL", "one of format `API` is a service too"),
    Mapped("distribution.downloadURL", "dcat:downloadURL"),
    Mapped("distribution.format", "dct:format"),
    Mapped("distribution.mediaType", "dcat:mediaType"),
    Mapped("distribution.byteSize", "dcat:byteSize"),
    Mapped("distribution.license", "dct:license"),
    Mapped("distribution.rights", "dct:rights"),
    Mapped("distribution.issued", "dct:issued"),
    Mapped("distribution.modified", "dct:modified"),
    Mapped("distribution.conformsTo", "dct:conformsTo"),
    Mapped("distribution.describedBy", "foaf:page"),
    Mapped("distribution.language", "dct:language"),
    Mapped("distribution.checksum", "spdx:checksum", "3"),
    Mapped("endpointURL", "dcat:endpointURL", "3: of a service"),
    Mapped("endpointDescription", "dcat:endpointDescription", "3: of a service"),
    Mapped("servesDataset", "dcat:servesDataset", "3: of a service"),
)

LEFT_OUT = (
    fields_left_out("says what the object is", "@type", "@id", "is", "distribution.@type", "distribution.@id")
    | fields_left_out("budget of the United States", "bureauCode", "programCode", "primaryITInvestmentUII")
    | fields_left_out("law of the United States", "systemOfRecords")
    | fields_left_out("true or false, without saying of what", "dataQuality")
    | fields_left_out("media type of a page", "describedByType", "distribution.describedByType")
    | fields_left_out("the portal's own", "distribution.identifier", "distribution.dataset_identifier")
    | fields_left_out("the portal's own", "distribution.fileName", "distribution.type")
    | fields_left_out("columns of the file", "distribution.field")
    | fields_left_out("records of their own", "seriesMember", "first", "last")
)
