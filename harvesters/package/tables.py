"""What becomes of the fields of a package, for people: pages in docs/reference/sources/ are made of it.

A field may stand in the package or in its extras, and its list may be JSON in a text.
"""

from ..mapping import Mapped, fields_left_out
from .nodes import INTERNAL

MAPPING = (
    Mapped("uri", "dct:identifier", "the IRI, when it is an address on the web"),
    Mapped("identifier, guid, id", "dct:identifier", "the first of them"),
    Mapped("alternate_identifier, digital_object_identifier, doi", "adms:identifier"),
    Mapped("title, title_translated", "dct:title"),
    Mapped("notes, notes_translated", "dct:description"),
    Mapped("publisher, publisher_…, organization", "dct:publisher", "objects, flat fields, else the organisation"),
    Mapped("creator, creator_…, author", "dct:creator"),
    Mapped("contact, contact_…, maintainer, author", "dcat:contactPoint", "the first of them"),
    Mapped("qualified_attribution", "prov:qualifiedAttribution"),
    Mapped("tags, tags_translated, keywords", "dcat:keyword", "by language first; plain tags are a copy of them"),
    Mapped("theme, groups", "dcat:theme", "groups by the code of the EU's theme, else by their title"),
    Mapped(
        "issued, date_published, release_date, dataset_reference_date",
        "dct:issued",
        "metadata_created is that of the record",
    ),
    Mapped("modified, date_modified, date_updated", "dct:modified", "metadata_modified is that of the record"),
    Mapped("language", "dct:language"),
    Mapped("url, landing_page", "dcat:landingPage", "else the page at the portal"),
    Mapped("documentation", "foaf:page"),
    Mapped("access_rights", "dct:accessRights"),
    Mapped("private, state", "", "what is private, a draft or deleted is left aside, with the reason"),
    Mapped("type", "", "`dataset_series` is a dcat:DatasetSeries; showcases and harvest sources are left aside"),
    Mapped("conforms_to", "dct:conformsTo"),
    Mapped("spatial, spatial_…, spatial_coverage, bbox_…", "dct:spatial", "GeoJSON becomes a box"),
    Mapped("temporal_start, temporal_end, temporal_coverage, temporal_extent_…, temporal", "dct:temporal"),
    Mapped("frequency, accrual_periodicity, update_frequency, frequency_of_update", "dct:accrualPeriodicity"),
    Mapped("version, dcat_version", "dcat:version"),
    Mapped("version_notes", "adms:versionNotes"),
    Mapped("provenance, lineage", "dct:provenance"),
    Mapped("provenance_activity", "prov:wasGeneratedBy"),
    Mapped("dcat_type", "dct:type"),
    Mapped("in_series", "dcat:inSeries"),
    Mapped("has_version", "dcat:hasVersion"),
    Mapped("source", "dct:source"),
    Mapped("sample", "adms:sample"),
    Mapped("related_resource", "dct:relation"),
    Mapped("is_referenced_by", "dct:isReferencedBy"),
    Mapped("spatial_resolution_in_meters", "dcat:spatialResolutionInMeters"),
    Mapped("temporal_resolution", "dcat:temporalResolution"),
    Mapped("applicable_legislation", "dcatap:applicableLegislation"),
    Mapped("hvd_category", "dcatap:hvdCategory"),
    Mapped("license_id, license_url, license_title", "dct:license", "on each file without one of its own"),
    Mapped("resources", "dcat:distribution", "those that are not deleted"),
    Mapped("resources: uri, id", "dct:identifier", "the IRI of the file"),
    Mapped("resources: name, description", "dct:title, dct:description"),
    Mapped("resources: access_url, url", "dcat:accessURL"),
    Mapped("resources: download_url, url", "dcat:downloadURL", "url, when the portal keeps the file or it ends as one"),
    Mapped("resources: format, mimetype", "dct:format, dcat:mediaType"),
    Mapped("resources: compress_format, package_format", "dcat:compressFormat, dcat:packageFormat"),
    Mapped("resources: size", "dcat:byteSize"),
    Mapped("resources: hash, hash_algorithm", "spdx:checksum"),
    Mapped("resources: created, issued", "dct:issued"),
    Mapped("resources: last_modified, modified, metadata_modified", "dct:modified"),
    Mapped("resources: license, rights, policy", "dct:license, dct:rights, odrl:hasPolicy"),
    Mapped("resources: status, availability", "adms:status, dcatap:availability"),
    Mapped("resources: access_services", "dcat:accessService"),
)

LEFT_OUT = fields_left_out(
    "how the portal keeps it", *INTERNAL, "harvest_…", "tracking_summary", "organization: all others"
)
