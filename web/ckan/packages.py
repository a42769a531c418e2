"""An entry as a CKAN package, in the fields that ckanext-dcat reads and writes with its scheming profile.

https://docs.ckan.org/projects/ckanext-dcat/en/latest/mapping/. Texts stand twice: in one language, as every client
expects, and by language (`title_translated`) for those that know ckanext-fluent.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from catalogue.errors import NotFound
from catalogue.ingest.identity import digest
from catalogue.publishing.texts_by_language import by_language, lists_by_language
from catalogue.store.rows import EntryRow, Tombstone
from dcat import vocab
from dcat.model import (
    Agent,
    Concept,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Distribution,
    Entry,
    LicenseDocument,
    Location,
    Node,
    Period,
    RightsStatement,
    Texts,
)
from dcat.our_languages import best_along

from ..current import catalogue, settings
from ..http.kept_records import kept
from ..json.entry_shapes import page_address

TYPES = {"dataset": "dataset", "series": "dataset_series"}
"""Kinds of entries that are packages, with CKAN's word."""

Json = dict[str, Any]


def live(name: str, sought: str) -> EntryRow:
    """The entry of a package, by slug or id. Raises `NotFound`, which calls it as it was `sought`."""
    try:
        found = catalogue().entries.find(name)
    except NotFound as error:
        raise NotFound(f"There is no {sought}.") from error
    if isinstance(found, Tombstone) or found.kind not in TYPES:
        raise NotFound(f"There is no {sought}.")
    return found


def package(row: EntryRow) -> Json:
    """One package."""
    entry = row.entry
    files = () if isinstance(entry, DataService) else entry.distribution
    resources = [resource(row, file, place) for place, file in enumerate(files)]
    tags = [tag(word) for word in dict.fromkeys(text.value for text in entry.keyword)]
    found = {
        "id": row.id,
        "name": row.name,
        "type": TYPES[row.kind],
        "state": "active",
        "private": False,
        "isopen": None,
        "uri": row.iri,
        "url": first(page.iri for page in entry.landing_page) or page_address(row.kind, row.name),
        "owner_org": row.publisher_name or None,
        "organization": organisation(entry.publisher, row.publisher_name) if entry.publisher else None,
        "groups": [group(code) for code in _theme_codes(entry)],
        "tags": tags,
        "num_tags": len(tags),
        "resources": resources,
        "num_resources": len(resources),
        "metadata_created": moment(row.created),
        "metadata_modified": moment(row.updated),
        "extras": [],
        **_licence_of(entry, files),
        **_maintainer(entry),
        **_resource(entry),
        **(_dataset(entry) if isinstance(entry, Dataset) else {}),
    }
    return {name: value for name, value in found.items() if value is not None}


def written(row: EntryRow) -> msgspec.Raw:
    """The same as JSON, as it was written before if nothing changed."""
    made_of = ("package", row.version, row.iri, row.name, row.publisher_name)
    return msgspec.Raw(kept(lambda: msgspec.json.encode(package(row)), *made_of))


def activity(row: EntryRow) -> Json:
    """That a package came in, or changed last, as CKAN's activities tell it."""
    return {
        "id": f"{row.id}-{row.updated:%Y%m%dT%H%M%S%f}",
        "timestamp": moment(row.updated),
        "activity_type": "new package" if row.created == row.updated else "changed package",
        "object_id": row.id,
        "user_id": None,
        "data": {"package": written(row)},
    }


def resource_id(row: EntryRow, file: Distribution, place: int) -> str:
    """What a file is called here: the entry's id and what tells the file from its others."""
    said = file.iri or first((*file.download_url, *file.access_url)) or str(place)
    return f"{row.id}-{digest(said, size=5)}"


def resource(row: EntryRow, file: Distribution, place: int) -> Json:
    """One file."""
    term = vocab.FORMATS.by_iri.get(file.format.iri or "") if file.format else None
    found = {
        "id": resource_id(row, file, place),
        "package_id": row.id,
        "position": place,
        "state": "active",
        "uri": file.iri,
        "url": first((*file.download_url, *file.access_url)),
        "access_url": first(file.access_url),
        "download_url": first(file.download_url),
        **texts("name", file.title),
        **texts("description", file.description),
        "format": term.code if term else word(file.format),
        "mimetype": (word(file.media_type) or "").rpartition("/media-types/")[2] or None,
        "compress_format": word(file.compress_format),
        "package_format": word(file.package_format),
        **licence(file.license),
        "rights": word(first(file.rights)),
        "policy": file.policy.iri if file.policy else None,
        "availability": word(file.availability),
        "status": word(file.status),
        "size": int(file.byte_size) if file.byte_size and file.byte_size.isdigit() else None,
        "hash": file.checksum.value if file.checksum else None,
        "hash_algorithm": file.checksum.algorithm if file.checksum else None,
        "access_services": [service(one) for one in file.access_service],
        "conforms_to": named(file.conforms_to),
        "documentation": named(file.page),
        "language": named(file.language),
        "issued": file.issued,
        "modified": file.modified,
        "spatial_resolution_in_meters": file.spatial_resolution,
        "temporal_resolution": file.temporal_resolution,
        "applicable_legislation": named(file.applicable_legislation),
    }
    return {name: value for name, value in found.items() if value not in (None, [], "")}


def service(one: DataService) -> Json:
    """A service that gives a file."""
    found = {
        "uri": one.iri,
        **texts("title", one.title),
        **texts("description", one.description),
        "endpoint_url": list(one.endpoint_url),
        "endpoint_description": list(one.endpoint_description),
        "serves_dataset": list(one.serves_dataset),
        **licence(one.license),
        "access_rights": word(one.access_rights),
        "conforms_to": named(one.conforms_to),
        "documentation": named(one.page),
        "publisher": [agent(one.publisher)] if one.publisher else [],
        "contact": [contact(each) for each in one.contact],
    }
    return {name: value for name, value in found.items() if value not in (None, [], "")}


def organisation(publisher: Agent, name: str) -> Json:
    """Who publishes, as CKAN's organisation."""
    title = plain(publisher.name)
    return {
        "id": name,
        "name": name,
        "title": title,
        "display_name": title,
        "title_translated": by_language(publisher.name),
        "type": "organization",
        "is_organization": True,
        "state": "active",
        "approval_status": "approved",
        "description": "",
        "image_url": "",
        "url": publisher.homepage.iri if publisher.homepage else None,
    }


def group(code: str) -> Json:
    """A theme, as CKAN's group."""
    term = vocab.THEMES.by_code[code]
    title = vocab.label(term, settings().languages[0])
    return {
        "id": code.lower(),
        "name": code.lower(),
        "title": title,
        "display_name": title,
        "description": "",
        "image_display_url": "",
    }


def tag(text: str) -> Json:
    """A keyword."""
    return {"id": text, "name": text, "display_name": text, "state": "active", "vocabulary_id": None}


def _resource(entry: Entry) -> Json:
    """What datasets and series have in common."""
    found = {
        **texts("title", entry.title),
        **texts("notes", entry.description),
        "tags_translated": lists_by_language(entry.keyword),
        "theme": named(entry.theme),
        "identifier": first(text.value for text in entry.identifier),
        "publisher": [agent(entry.publisher)] if entry.publisher else None,
        "contact": [contact(one) for one in entry.contact],
        "issued": entry.issued,
        "modified": entry.modified,
        "language": named(entry.language),
        "documentation": named(entry.page),
        "access_rights": word(entry.access_rights),
        "conforms_to": named(entry.conforms_to),
        "spatial_coverage": [place(one) for one in entry.spatial],
        "temporal_coverage": [period(one) for one in entry.temporal],
        "frequency": word(entry.frequency),
        "applicable_legislation": named(entry.applicable_legislation),
        "hvd_category": named(entry.hvd_category),
    }
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def _dataset(entry: Dataset) -> Json:
    """What only datasets have."""
    found = {
        "creator": [agent(one) for one in entry.creator],
        "dcat_type": named(entry.type),
        "in_series": list(entry.in_series),
        "alternate_identifier": [text.value for one in entry.other_identifier for text in one.notation],
        "version": entry.version.value if entry.version else None,
        **texts("version_notes", entry.version_notes),
        "has_version": list(entry.has_version),
        "source": list(entry.source),
        "related_resource": list(entry.relation),
        "is_referenced_by": list(entry.is_referenced_by),
        "provenance_translated": by_language(tuple(text for one in entry.provenance for text in one.labels)),
        "spatial_resolution_in_meters": list(entry.spatial_resolution),
        "temporal_resolution": entry.temporal_resolution,
    }
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def _theme_codes(entry: Entry) -> list[str]:
    terms = (vocab.THEMES.by_iri.get(theme.iri or "") for theme in entry.theme)
    return [term.code for term in terms if term]


def _licence_of(entry: Entry, files: Iterable[Distribution]) -> Json:
    """The licence of a package is that of its files, when they all have the same."""
    own = entry.license if isinstance(entry, DataService | DatasetSeries) else None
    all_of = {file.license for file in files}
    return licence(own or (all_of.pop() if len(all_of) == 1 else None))


def _maintainer(entry: Entry) -> Json:
    """Where to ask, as clients look for it that know no `contact`."""
    desk = first(entry.contact)
    if desk is None:
        return {}
    email = (first(desk.email) or "").removeprefix("mailto:")
    return {"maintainer": plain(desk.name) or plain(desk.organization), "maintainer_email": email or None}


# --- nodes -----------------------------------------------------------------------------------------------------------


def agent(one: Agent) -> Json:
    """An agent."""
    found = {
        "uri": one.iri,
        **texts("name", one.name),
        "email": one.mbox,
        "url": one.homepage.iri if one.homepage else None,
        "type": word(one.type),
        "identifier": first(text.value for text in one.identifier),
    }
    return {name: value for name, value in found.items() if value not in (None, {})}


def contact(one: Contact) -> Json:
    """A contact point."""
    found = {
        "uri": one.iri,
        **texts("name", one.name or one.organization),
        "email": list(one.email),
        "url": list(one.url),
        "telephone": list(one.telephone),
    }
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def place(one: Location) -> Json:
    """An area covered."""
    found = {"uri": one.iri, **texts("text", one.labels), "bbox": one.bbox, "centroid": one.centroid}
    return {name: value for name, value in found.items() if value not in (None, {})}


def period(one: Period) -> Json:
    """A time covered."""
    return {name: value for name, value in (("start", one.start), ("end", one.end)) if value}


def licence(one: LicenseDocument | None) -> Json:
    """A licence, by CKAN's three fields."""
    if one is None:
        return {}
    term = vocab.LICENCES.by_iri.get(one.iri or "")
    title = vocab.label(term, settings().languages[0]) if term else plain(one.titles or one.pref_labels or one.labels)
    found = {"license_id": term.code if term else None, "license_url": one.iri, "license_title": title}
    return {name: value for name, value in found.items() if value}


def named(nodes: Iterable[Node]) -> list[str]:
    """Terms, pages, laws and standards by their IRIs, else by their words."""
    return [text for text in map(word, nodes) if text]


def word(node: Node | None) -> str | None:
    """A node by its IRI, else by its words."""
    if node is None or node.iri:
        return node.iri if node else None
    labels = getattr(node, "labels", ()) if isinstance(node, Concept | RightsStatement) else getattr(node, "titles", ())
    return plain(labels) or None


# --- texts -----------------------------------------------------------------------------------------------------------


def texts(name: str, said: Texts) -> Json:
    """A text in one language, and in all of them."""
    return {name: plain(said), f"{name}_translated": by_language(said)} if said else {}


def plain(said: Texts) -> str:
    """The text for those who read one language only."""
    best = best_along(settings().languages, said)
    return best.value if best else ""


def moment(at: datetime) -> str:
    """A moment as CKAN writes it: UTC, without saying so."""
    return at.replace(tzinfo=None).isoformat()


def first(values: Iterable[Any]) -> Any:
    """The first of several; None when there is none."""
    return next(iter(values), None)
