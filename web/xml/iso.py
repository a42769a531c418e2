"""An entry as a record of ISO 19139 (gmd:MD_Metadata), as INSPIRE's catalogues exchange them.

https://schemas.opengis.net/iso/19139/20070417/gmd/; what each element means for DCAT follows
https://github.com/SEMICeu/iso-19139-to-dcat-ap, read the other way round.
"""

from collections.abc import Iterable, Mapping

from catalogue.publishing.texts_by_language import values
from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.model import (
    Agent,
    Concept,
    Contact,
    DataService,
    Dataset,
    Entry,
    LicenseDocument,
    Location,
    Period,
    RightsStatement,
    Text,
    Texts,
)
from dcat.normalise.geometries import box_of
from dcat.our_languages import best_along

from ..current import settings
from ..json.entry_shapes import page_address
from . import dublin_core
from .iso_distribution import add_distribution
from .iso_values import (
    XLINK,
    add_anchor,
    add_code,
    add_date,
    add_language,
    add_plain,
    add_text,
    locale_id,
    tags,
)
from .tree import Element, add, root

FREQUENCIES = {
    "CONT": "continual",
    "DAILY": "daily",
    "WEEKLY": "weekly",
    "BIWEEKLY": "fortnightly",
    "MONTHLY": "monthly",
    "QUARTERLY": "quarterly",
    "ANNUAL_2": "biannually",
    "ANNUAL": "annually",
    "AS_NEEDED": "asNeeded",
    "IRREG": "irregular",
    "NOT_PLANNED": "notPlanned",
    "UNKNOWN": "unknown",
}
"""EU frequency → MD_MaintenanceFrequencyCode; others are written as EU codes."""
SCOPES = {"publication": "nonGeographicDataset"}
"""Kind of entry → MD_ScopeCode, where ISO 19139 has no such word."""
CLASSES = {"PUBLIC": "unclassified", "RESTRICTED": "restricted", "NON_PUBLIC": "confidential"}
"""EU access right → MD_ClassificationCode."""


def record(row: EntryRow, ids: Mapping[str, str]) -> Element:
    """One record. `ids`: those of the entries that it refers to, by their IRIs."""
    entry = row.entry
    language = language_of(entry)
    top = root("gmd:MD_Metadata", "gco", "gmx", "gml", "srv", "xlink")
    add_plain(top, "gmd:fileIdentifier", row.id)
    add_language(top, "gmd:language", language)
    add_code(top, "gmd:characterSet", "MD_CharacterSetCode", "utf8")
    parents = [ids[iri] for iri in entry.in_series if iri in ids] if isinstance(entry, Dataset) else []
    if parents:
        add_plain(top, "gmd:parentIdentifier", parents[0])
    add_code(top, "gmd:hierarchyLevel", "MD_ScopeCode", SCOPES.get(row.kind, row.kind))
    _add_party(top, "gmd:contact", (Text(settings().title),), "pointOfContact", language=language, emails=_mailbox())
    add(add(top, "gmd:dateStamp"), "gco:DateTime", row.updated.strftime("%Y-%m-%dT%H:%M:%SZ"))
    add_plain(top, "gmd:metadataStandardName", "ISO 19115:2003/19139")
    add_plain(top, "gmd:metadataStandardVersion", "1.0")
    for tag in tags(entry.title, entry.description, entry.keyword):
        _add_locale(top, tag)
    _add_identification(add(top, "gmd:identificationInfo"), row, language, ids)
    add_distribution(top, entry, language, page_address(row.kind, row.name))
    if isinstance(entry, Dataset) and entry.provenance:
        _add_lineage(top, row.kind, entry, language)
    return top


def language_of(entry: Entry) -> str:
    """The language of a record: that of the title that readers of our first languages get."""
    best = best_along(settings().languages, entry.title)
    return best.lang if best and best.lang and not best.is_machine_translated else settings().languages[0]


def _mailbox() -> tuple[str, ...]:
    contact = settings().contact.removeprefix("mailto:")
    return (contact,) if "@" in contact else ()


def _add_locale(top: Element, tag: str) -> None:
    locale = add(add(top, "gmd:locale"), "gmd:PT_Locale", id=locale_id(tag))
    add_language(locale, "gmd:languageCode", tag.partition("-")[0])
    add_code(locale, "gmd:characterEncoding", "MD_CharacterSetCode", "utf8")


def _add_identification(parent: Element, row: EntryRow, language: str, ids: Mapping[str, str]) -> None:
    entry = row.entry
    kind = "srv:SV_ServiceIdentification" if isinstance(entry, DataService) else "gmd:MD_DataIdentification"
    made = add(parent, kind)
    _add_citation(made, row, language)
    add_text(made, "gmd:abstract", entry.description or entry.title, language)
    if entry.publisher:
        _add_agent(made, entry.publisher, "publisher", language)
    for contact in entry.contact:
        _add_contact(made, contact, language)
    for creator in entry.creator if isinstance(entry, Dataset) else ():
        _add_agent(made, creator, "author", language)
    _add_frequency(made, entry)
    _add_keywords(made, entry, language)
    _add_constraints(made, entry, language)
    if isinstance(entry, DataService):
        _add_operations(made, entry, language, ids)
        return
    for metres in entry.spatial_resolution if isinstance(entry, Dataset) else ():
        add(add(add(made, "gmd:spatialResolution"), "gmd:MD_Resolution"), "gmd:distance")
        add(made[-1][0][0], "gco:Distance", metres, uom="m")
    for code in [dublin_core.language(term) for term in entry.language] or [language]:
        add_language(made, "gmd:language", code)
    _add_extent(made, "gmd:extent", entry.spatial, entry.temporal, language)


def _add_citation(parent: Element, row: EntryRow, language: str) -> None:
    entry = row.entry
    made = add(add(parent, "gmd:citation"), "gmd:CI_Citation")
    add_text(made, "gmd:title", entry.title or (Text(row.name),), language)
    for when, kind in ((entry.issued, "publication"), (entry.modified, "revision")):
        if when:
            add_date(made, when, kind)
    if not (entry.issued or entry.modified):
        add(made, "gmd:date", **{"{http://www.isotc211.org/2005/gco}nilReason": "unknown"})
    if isinstance(entry, Dataset) and entry.version:
        add_plain(made, "gmd:edition", entry.version.value)
    for code in dict.fromkeys((row.iri, *values(entry.identifier))):
        add_plain(add(add(made, "gmd:identifier"), "gmd:MD_Identifier"), "gmd:code", code)


def _add_agent(parent: Element, agent: Agent, role: str, language: str) -> None:
    emails = (agent.mbox.removeprefix("mailto:"),) if agent.mbox else ()
    pages = (str(agent.homepage.iri),) if agent.homepage and agent.homepage.iri else ()
    _add_party(parent, "gmd:pointOfContact", agent.name, role, language=language, emails=emails, pages=pages)


def _add_contact(parent: Element, contact: Contact, language: str) -> None:
    emails = tuple(address.removeprefix("mailto:") for address in contact.email)
    phones = tuple(number.removeprefix("tel:") for number in contact.telephone)
    _add_party(
        parent,
        "gmd:pointOfContact",
        contact.organization or contact.name,
        "pointOfContact",
        language=language,
        emails=emails,
        phones=phones,
        pages=contact.url,
    )


def _add_party(
    parent: Element,
    name: str,
    organisation: Texts,
    role: str,
    *,
    language: str,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    pages: Iterable[str] = (),
) -> None:
    made = add(add(parent, name), "gmd:CI_ResponsibleParty")
    add_text(made, "gmd:organisationName", organisation, language)
    emails, phones, pages = list(emails), list(phones), list(pages)
    if emails or phones or pages:
        info = add(add(made, "gmd:contactInfo"), "gmd:CI_Contact")
        if phones:
            telephone = add(add(info, "gmd:phone"), "gmd:CI_Telephone")
            for number in phones:
                add_plain(telephone, "gmd:voice", number)
        if emails:
            address = add(add(info, "gmd:address"), "gmd:CI_Address")
            for email in emails:
                add_plain(address, "gmd:electronicMailAddress", email)
        if pages:
            online = add(add(info, "gmd:onlineResource"), "gmd:CI_OnlineResource")
            add(add(online, "gmd:linkage"), "gmd:URL", pages[0])
    add_code(made, "gmd:role", "CI_RoleCode", role)


def _add_frequency(parent: Element, entry: Entry) -> None:
    term = vocab.FREQUENCIES.by_iri.get(entry.frequency.iri or "") if entry.frequency else None
    if term:
        made = add(add(parent, "gmd:resourceMaintenance"), "gmd:MD_MaintenanceInformation")
        code = FREQUENCIES.get(term.code, term.code)
        add_code(made, "gmd:maintenanceAndUpdateFrequency", "MD_MaintenanceFrequencyCode", code)


def _add_keywords(parent: Element, entry: Entry, language: str) -> None:
    """Words, then terms of vocabularies by their addresses."""
    words = [text for text in entry.keyword if not text.is_machine_translated]
    if words:
        made = add(add(parent, "gmd:descriptiveKeywords"), "gmd:MD_Keywords")
        for text in words:
            add_text(made, "gmd:keyword", (text,), language)
    terms = [*entry.theme, *entry.hvd_category]
    known = [(term.iri, _label(term)) for term in terms if term.iri]
    known += [(law.iri, "") for law in entry.applicable_legislation if law.iri]
    if known:
        made = add(add(parent, "gmd:descriptiveKeywords"), "gmd:MD_Keywords")
        for iri, label in known:
            add_anchor(made, "gmd:keyword", iri, label)


def _label(term: Concept) -> str:
    for table in (vocab.THEMES, vocab.HVD_CATEGORIES, vocab.INSPIRE_THEMES):
        if known := table.by_iri.get(term.iri or ""):
            return vocab.label(known, settings().languages[0])
    return next(iter(values(term.labels)), "")


def _add_constraints(parent: Element, entry: Entry, language: str) -> None:
    rights = entry.rights if isinstance(entry, DataService | Dataset) else ()
    files = () if isinstance(entry, DataService) else entry.distribution
    terms: list[LicenseDocument | RightsStatement] = [*dublin_core.licences(entry), *rights]
    said = dict.fromkeys([*terms, *(one for file in files for one in file.rights)])
    if said:
        made = add(add(parent, "gmd:resourceConstraints"), "gmd:MD_LegalConstraints")
        add_code(made, "gmd:useConstraints", "MD_RestrictionCode", "otherRestrictions")
        for one in said:
            _add_terms(made, one, language)
    access = vocab.ACCESS_RIGHTS.by_iri.get(entry.access_rights.iri or "") if entry.access_rights else None
    if access and access.code in CLASSES:
        made = add(add(parent, "gmd:resourceConstraints"), "gmd:MD_SecurityConstraints")
        add_code(made, "gmd:classification", "MD_ClassificationCode", CLASSES[access.code])


def _add_terms(parent: Element, one: LicenseDocument | RightsStatement, language: str) -> None:
    words = one.titles or one.labels if isinstance(one, LicenseDocument) else one.labels
    if one.iri:
        add_anchor(parent, "gmd:otherConstraints", one.iri, next(iter(values(words)), ""))
    else:
        add_text(parent, "gmd:otherConstraints", words, language)


def _add_operations(parent: Element, service: DataService, language: str, ids: Mapping[str, str]) -> None:
    """Where a service answers, and which datasets it gives."""
    add(add(parent, "srv:serviceType"), "gco:LocalName", "other")
    _add_extent(parent, "srv:extent", service.spatial, service.temporal, language)
    coupling = "tight" if service.serves_dataset else "loose"
    made = add(add(parent, "srv:couplingType"), "srv:SV_CouplingType", coupling)
    made.set("codeList", "http://standards.iso.org/iso/19119/resources/codelists.xml#SV_CouplingType")
    made.set("codeListValue", coupling)
    for number, address in enumerate(service.endpoint_url):
        operation = add(add(parent, "srv:containsOperations"), "srv:SV_OperationMetadata")
        add_plain(operation, "srv:operationName", "GetCapabilities" if not number else "Request")
        web = add(add(operation, "srv:DCP"), "srv:DCPList", "WebServices")
        web.set("codeList", "http://standards.iso.org/iso/19119/resources/codelists.xml#DCPList")
        web.set("codeListValue", "WebServices")
        online = add(add(operation, "srv:connectPoint"), "gmd:CI_OnlineResource")
        add(add(online, "gmd:linkage"), "gmd:URL", address)
    for iri in service.serves_dataset:
        add(parent, "srv:operatesOn", **({"uuidref": ids[iri]} if iri in ids else {}), **{XLINK: iri})


def _add_extent(
    parent: Element, name: str, places: tuple[Location, ...], periods: tuple[Period, ...], language: str
) -> None:
    for place in places:
        made = add(add(parent, name), "gmd:EX_Extent")
        add_text(made, "gmd:description", place.labels, language)
        box = box_of(place.bbox)[0] if place.bbox else None
        if box:
            area = add(add(made, "gmd:geographicElement"), "gmd:EX_GeographicBoundingBox")
            for side, degrees in (
                ("westBoundLongitude", box.west),
                ("eastBoundLongitude", box.east),
                ("southBoundLatitude", box.south),
                ("northBoundLatitude", box.north),
            ):
                add(add(area, f"gmd:{side}"), "gco:Decimal", degrees)
        if place.iri and not box:
            area = add(add(made, "gmd:geographicElement"), "gmd:EX_GeographicDescription")
            identifier = add(add(area, "gmd:geographicIdentifier"), "gmd:MD_Identifier")
            add_anchor(identifier, "gmd:code", place.iri)
    for number, period in enumerate(periods):
        if period.start or period.end:
            made = add(add(parent, name), "gmd:EX_Extent")
            _add_period(add(add(made, "gmd:temporalElement"), "gmd:EX_TemporalExtent"), period, f"period-{number}")


def _add_period(parent: Element, period: Period, id: str) -> None:
    made = add(add(parent, "gmd:extent"), "gml:TimePeriod", **{"{http://www.opengis.net/gml/3.2}id": id})
    for name, when in (("gml:beginPosition", period.start), ("gml:endPosition", period.end)):
        add(made, name, when or "", **({} if when else {"indeterminatePosition": "unknown"}))


def _add_lineage(top: Element, kind: str, entry: Dataset, language: str) -> None:
    made = add(add(top, "gmd:dataQualityInfo"), "gmd:DQ_DataQuality")
    add_code(add(add(made, "gmd:scope"), "gmd:DQ_Scope"), "gmd:level", "MD_ScopeCode", kind)
    lineage = add(add(made, "gmd:lineage"), "gmd:LI_Lineage")
    add_text(lineage, "gmd:statement", tuple(text for one in entry.provenance for text in one.labels), language)
