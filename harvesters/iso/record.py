"""A record of ISO 19139 or 19115-3 → DCAT: a dataset, a series or a service, topic by topic.

Follows https://github.com/SEMICeu/iso-19139-to-dcat-ap as far as DCAT-AP 3 has a property; what differs is told in
docs/reference/iso.md.
"""

from typing import Any

from lxml import etree

from dcat.model import Concept, DataService, Dataset, DatasetSeries, Duration, Entry, Iri, Text

from .. import xml
from ..base import Normalised
from ..errors import SkipRecord
from . import citation, constraints, contacts, distribution, extent, keywords, quality, service
from .contacts import Party
from .distribution import Terms
from .tree import Item, class_of, item_of

METADATA = frozenset({"MD_Metadata", "MI_Metadata"})
"""Classes of a whole record."""

_GEOSPATIAL = Iri("http://publications.europa.eu/resource/authority/dataset-type/GEOSPATIAL")
_NOT_DATA = frozenset({"application", "software", "fieldSession", "collectionHardware"})
"""Levels of what is no data."""
_NOT_ON_MAPS = frozenset({"nonGeographicDataset", "document", "model"})
_HOUSEKEEPING = (
    *("characterSet", "contentInfo", "dataSetURI", "dateInfo", "dateStamp", "hierarchyLevelName", "language", "locale"),
    *("metadataStandard", "metadataStandardName", "metadataStandardVersion", "otherLocale", "defaultLocale"),
    *("metadataIdentifier", "metadataScope", "metadataProfile", "metadataMaintenance", "spatialRepresentationInfo"),
    *(
        "alternativeMetadataReference",
        "metadataConstraints",
        "contact",
        "distributionInfo/distributor/distributorContact",
    ),
    *("dataQualityInfo/scope", "dataQualityInfo/report/measureIdentification"),
    *("dataQualityInfo/report/result/explanation", "dataQualityInfo/report/result/specification"),
    *("referenceSystemInfo", "resourceLineage/scope", "metadataLinkage", "distributionInfo/distributionFormat"),
    "distributionInfo/distributor/distributorFormat",
)
"""Properties of a record about itself, and what stands around values that were read."""
_AROUND = (
    *("descriptiveKeywords/type", "descriptiveKeywords/thesaurusName", "citation/date", "citation/identifier"),
    *("resourceConstraints/accessConstraints", "resourceConstraints/useConstraints", "pointOfContact/contactInfo"),
    *("citation/citedResponsibleParty", "resourceConstraints/reference", "characterSet", "status"),
)
"""The same of a resource."""
_NO_RHYTHM = frozenset({"", "unknown"})
"""Codes of a frequency beside which a duration says it (`P0Y6M0D`)."""
_OF_SERVICES = ("couplingType", "coupledResource", "serviceType", "serviceTypeVersion", "containsOperations")
"""What is known of a service by where it answers."""


def is_record(root: etree._Element) -> bool:
    """True for the root of a record, also in a profile that calls it otherwise."""
    return class_of(root) in METADATA


def records_in(root: etree._Element) -> list[etree._Element]:
    """The records of a document: its root, or those that an answer of a catalogue holds."""
    return [root] if is_record(root) else [each for each in root.iter("*") if is_record(each)]


def identifier_of(root: etree._Element) -> str:
    """The identifier of the record; that of its resource when it has none, and empty when neither has."""
    record = item_of(root)
    resource = record.item("identificationInfo")
    return _own_identifier(record) or (citation.identifier(resource) if resource else "")


def _own_identifier(record: Item) -> str:
    return record.text("fileIdentifier", "metadataIdentifier/code") or record.id


def leads_elsewhere(root: etree._Element) -> bool:
    """True for a record that names others which the catalogue must know first: a service with its datasets."""
    return next(xml.descendants(root, "operatesOn"), None) is not None


def changed_of(root: etree._Element) -> str:
    """When the record last changed, as it says; empty when it does not."""
    record = item_of(root)
    dates = {one.code("dateType"): one.text("date") for one in record.items("dateInfo")}
    return record.text("dateStamp") or dates.get("revision") or dates.get("lastUpdate") or dates.get("creation") or ""


def normalised(root: etree._Element) -> Normalised:
    """What a record says. Raises `SkipRecord` for what describes no data, `ValueError` for what is no record."""
    record = item_of(root)
    if record.kind not in METADATA:
        raise ValueError(f"Expected a record of ISO 19115, found <{record.kind}>.")
    resource = record.item("identificationInfo")
    if resource is None:
        raise ValueError("The record identifies no resource (identificationInfo).")
    level = record.code("hierarchyLevel", "metadataScope/resourceScope")
    if level in _NOT_DATA:
        raise SkipRecord(f"It describes no data but {level} (hierarchyLevel).", "NOT_DATA")
    is_service = resource.kind == "SV_ServiceIdentification" or level == "service"
    entry, linked = _service(record, resource) if is_service else _data(record, resource, level)
    record.ignore(*_HOUSEKEEPING)
    resource.ignore(*_AROUND)
    return Normalised(entry=entry, linked=linked, unread=dict(record.unread()))


def _data(record: Item, resource: Item, level: str) -> tuple[Entry, dict[str, tuple[str, ...]]]:
    """A dataset, or a series of them."""
    may = constraints.constraints(resource)
    ways = distribution.access(record, Terms(may.license, may.rights))
    parties = contacts.parties(record, resource)
    common = _common(record, resource, parties) | {"access_rights": may.access}
    common |= {"distribution": ways.files, "landing_page": ways.landing_pages, "page": ways.pages}
    if not ways.files:
        common |= {"license": may.license, "rights": may.rights}
    if level == "series":
        return DatasetSeries(**common), {}
    edition, resolution = resource.texts("citation/edition"), resource.text("temporalResolution")
    dataset = Dataset(
        **common,
        creator=contacts.creators(parties),
        qualified_attribution=contacts.attributions(parties),
        type=() if level in _NOT_ON_MAPS else (Concept(iri=_GEOSPATIAL),),
        other_identifier=citation.other_identifiers(resource, common["iri"], _own_identifier(record)),
        version=Text(edition[0].value) if edition else None,
        provenance=quality.provenance(record),
        spatial_resolution=quality.resolution(resource),
        temporal_resolution=Duration(resolution) if resolution else None,
    )
    return dataset, {"in_series": _parents(record)}


def _parents(record: Item) -> tuple[str, ...]:
    """The identifiers of the records that it is a part of: as words, by reference, or within an address."""
    said = record.values("parentIdentifier", "parentMetadata/code")
    named = [service.identifier_in(value.href) or value.text for value in said]
    referred = record.attributes("parentMetadata")
    named += [one.get("uuidref", "") or service.identifier_in(one.get("href", "")) for one in referred]
    return tuple(dict.fromkeys(filter(None, named)))


def _service(record: Item, resource: Item) -> tuple[Entry, dict[str, tuple[str, ...]]]:
    """A service, with the datasets that it names."""
    may = constraints.constraints(resource)
    answers = service.endpoints(resource, distribution.onlines(record))
    ways = distribution.access(record, Terms(may.license, may.rights))
    given = service.served(resource)
    common = _common(record, resource, contacts.parties(record, resource))
    common["conforms_to"] = tuple(dict.fromkeys((*answers.standards, *common["conforms_to"])))
    resource.ignore(*_OF_SERVICES)
    entry = DataService(
        **common,
        endpoint_url=answers.addresses,
        endpoint_description=answers.descriptions,
        serves_dataset=given.iris,
        landing_page=ways.landing_pages,
        page=ways.pages,
        access_rights=may.access,
        license=may.license,
        rights=may.rights,
    )
    return entry, {"serves_dataset": given.identifiers}


def _common(record: Item, resource: Item, parties: list[Party]) -> dict[str, Any]:
    """What datasets, series and services have in common."""
    when = citation.dates(resource)
    about = keywords.subjects(resource)
    identifier = _own_identifier(record)
    frequency = resource.code("resourceMaintenance/maintenanceAndUpdateFrequency")
    own = resource.text("resourceMaintenance/userDefinedMaintenanceFrequency")
    frequency = own if own and frequency in _NO_RHYTHM else frequency
    languages = resource.codes("language", "defaultLocale/language", "otherLocale/language")
    return {
        "iri": citation.iri(resource),
        "title": resource.texts("citation/title"),
        "description": resource.texts("abstract"),
        "publisher": contacts.publisher(parties),
        "contact": contacts.contacts(parties),
        "keyword": about.keywords,
        "theme": about.themes,
        "hvd_category": about.hvd_categories,
        "applicable_legislation": about.legislation,
        "identifier": (Text(identifier),) if identifier else (),
        "issued": when.issued,
        "modified": when.modified,
        "language": tuple(Concept(labels=(Text(xml.language(code) or code),)) for code in languages),
        "conforms_to": quality.conformance(record),
        "spatial": extent.places(resource),
        "temporal": extent.periods(resource),
        "frequency": Concept(labels=(Text(frequency),)) if frequency else None,
    }
