"""What becomes of the words of schema.org, for people: its page in docs/reference/sources/ is made of it."""

from ..mapping import Mapped, fields_left_out

MAPPING = (
    Mapped("@id", "dct:identifier", "the IRI of the dataset when it is a web address"),
    Mapped("name", "dct:title"),
    Mapped("description", "dct:description"),
    Mapped("abstract", "dct:description", "where there is no description"),
    Mapped("identifier", "dct:identifier, adms:identifier", "a text, or a PropertyValue"),
    Mapped("url", "dcat:landingPage", "where there is none, the page itself"),
    Mapped("sameAs", "foaf:page"),
    Mapped("keywords", "dcat:keyword", "a list, words with commas, or DefinedTerms"),
    Mapped("license", "dct:license", "on each file without one of its own"),
    Mapped("publisher", "dct:publisher"),
    Mapped("provider", "dct:publisher", "where there is no publisher"),
    Mapped("creator", "dct:creator"),
    Mapped("author", "dct:creator", "where there is no creator"),
    Mapped("contactPoint", "dcat:contactPoint", "also of the publisher or creator"),
    Mapped("datePublished", "dct:issued"),
    Mapped("dateCreated", "dct:issued", "where there is no datePublished"),
    Mapped("dateModified", "dct:modified"),
    Mapped("version", "dcat:version"),
    Mapped("inLanguage", "dct:language"),
    Mapped("temporalCoverage", "dct:temporal", "`2019-01-01/2026-12-31`, open with `..`"),
    Mapped("spatialCoverage", "dct:spatial", "a name, a box `S W N E`, a polygon or a point"),
    Mapped("isAccessibleForFree", "dct:accessRights", "public when it is true"),
    Mapped("conditionsOfAccess", "dct:rights", "on each file"),
    Mapped("isBasedOn", "dct:relation"),
    Mapped("isPartOf", "dct:relation"),
    Mapped("hasPart", "dct:relation"),
    Mapped("distribution", "dcat:distribution"),
    Mapped("distribution.contentUrl", "dcat:downloadURL"),
    Mapped("distribution.url", "dcat:accessURL"),
    Mapped("distribution.name", "dct:title"),
    Mapped("distribution.description", "dct:description"),
    Mapped("distribution.encodingFormat", "dcat:mediaType, dct:format"),
    Mapped("distribution.fileFormat", "dcat:mediaType, dct:format", "where there is no encodingFormat"),
    Mapped("distribution.contentSize", "dcat:byteSize", "a number alone, or with `B`"),
    Mapped("distribution.license", "dct:license"),
    Mapped("distribution.datePublished", "dct:issued"),
    Mapped("distribution.dateModified", "dct:modified"),
    Mapped("distribution.sha256", "spdx:checksum"),
    Mapped("contentUrl", "dcat:downloadURL", "of a dataset without distribution"),
    Mapped("language-of-page", "dct:language", "of the texts: put there by us, from `html lang`"),
)

LEFT_OUT = (
    fields_left_out("says what the object is", "@context", "@type", "additionalType")
    | fields_left_out("says what the object is", "distribution.@type", "distribution.@id")
    | fields_left_out("the catalogue that the page belongs to", "includedInDataCatalog", "sdPublisher", "sdLicense")
    | fields_left_out("who paid", "funder", "funding", "sponsor")
    | fields_left_out("only for those who know the method", "variableMeasured", "measurementTechnique")
    | fields_left_out("other names", "alternateName")
    | fields_left_out("words for search engines", "image", "thumbnailUrl", "potentialAction", "interactionStatistic")
    | fields_left_out("a page of the page", "mainEntityOfPage", "subjectOf", "citation", "schemaVersion")
)
