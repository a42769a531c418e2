"""CKAN package → DCAT, field by field, by the convention of ckanext-dcat.

A field may stand in the package (scheming) or in its extras (legacy), and its list may be JSON inside a text; `Fields`
evens that out. Values stay as they are written: `dcat.normalise` mends them.
https://docs.ckan.org/projects/ckanext-dcat/en/latest/mapping/
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from dcat.model import (
    Activity,
    Agent,
    Attribution,
    Checksum,
    Concept,
    DataService,
    Dataset,
    DatasetSeries,
    Date,
    Decimal,
    Distribution,
    Document,
    Duration,
    Entry,
    Hex,
    Identifier,
    Integer,
    Iri,
    LicenseDocument,
    Policy,
    ProvenanceStatement,
    Text,
    Texts,
)
from dcat.vocab import FORMATS, THEMES

from .ckan_fields import Fields, shape
from .ckan_nodes import (
    agent,
    agents,
    concept,
    concepts,
    contacts,
    date,
    documents,
    iris,
    labelled,
    laws,
    licence,
    organisation,
    periods,
    places,
    standards,
    statement,
)
from .errors import SkipRecord

SERIES = frozenset({"dataset_series", "dataset-series"})
"""Types of packages that are series (ckanext-dataset-series)."""

OTHER_TYPES = frozenset({"harvest", "showcase", "application"})
"""Types of packages that describe no data."""

HARVEST_EXTRAS = ("harvest_object_id", "harvest_source_id", "harvest_source_title")
"""What ckanext-harvest adds to a package that a portal took from elsewhere."""

ISSUED = ("issued", "dcat_issued", "date_published", "date_released", "release_date")
MODIFIED = ("modified", "dcat_modified", "date_modified", "date_updated")

INTERNAL = (
    "archiver",
    "cache_last_updated",
    "cache_url",
    "creator_user_id",
    "datastore_active",
    "display_flags",
    "guid",
    "id",
    "isopen",
    "metadata_created",
    "metadata_modified",
    "name",
    "notes_rendered",
    "num_resources",
    "num_tags",
    "on_same_domain",
    "owner_org",
    "package_id",
    "position",
    "private",
    "qa",
    "ratings_average",
    "ratings_count",
    "relationships",
    "relationships_as_object",
    "relationships_as_subject",
    "resource_group_id",
    "revision_id",
    "state",
    "tracking_summary",
    "type",
    "url_type",
    "webstore_last_updated",
    "webstore_url",
)
"""Fields about CKAN's own housekeeping. The dates among them are those of the record, not of the data."""


def entry_of(package: Mapping[str, Any], site: str) -> tuple[Entry, dict[str, int]]:
    """What a package says, and the fields that nobody read with how often each was seen.

    `site` is the address of the portal. Raises `SkipRecord` for a package that is not to be published, `ValueError`
    naming the field for what is no package.
    """
    fields = Fields(package)
    _check(package, fields)
    entry: Entry
    if fields.text("type") in SERIES:
        entry = DatasetSeries(**_resource(fields, site))
    else:
        entry = Dataset(**_resource(fields, site), **_dataset(fields), distribution=_distributions(fields, site))
    fields.ignore((*INTERNAL, *HARVEST_EXTRAS))
    return entry, dict(fields.unread())


def is_harvested(package: Mapping[str, Any]) -> bool:
    """True for a package that the portal took from elsewhere."""
    fields = Fields(package)
    return any(name in fields for name in HARVEST_EXTRAS)


def _check(package: Mapping[str, Any], fields: Fields) -> None:
    """Raises for what is no package, or none that is to be published."""
    for name in ("id", "name", "type", "state"):
        if not isinstance(package.get(name) or "", str):
            raise ValueError(f"{name}: expected a text, found {shape(package[name])}. This is no CKAN package.")
    for name in ("resources", "tags", "groups"):
        if not isinstance(package.get(name) or [], list):
            raise ValueError(f"{name}: expected a list, found {shape(package[name])}. This is no CKAN package.")
    if fields.flag("private"):
        raise SkipRecord("It is private at its source.")
    if (state := fields.text("state") or "active") != "active":
        raise SkipRecord(f"Its state at the source is {state!r}.")
    if (type := fields.text("type")) in OTHER_TYPES:
        raise SkipRecord(f"It is a {type}, which describes no data.")


def _resource(fields: Fields, site: str) -> dict[str, Any]:
    """What datasets and series have in common."""
    own = fields.text("uri")
    publishers = agents(fields, "publisher")
    identifier = fields.text("identifier", "guid", "id")
    return {
        "iri": Iri(own) if own.startswith(("http://", "https://")) else None,
        "title": fields.texts("title"),
        "description": fields.texts("notes"),
        "publisher": publishers[0] if publishers else organisation(fields),
        "contact": contacts(fields),
        "keyword": _keywords(fields),
        "theme": _themes(fields),
        "identifier": (Text(identifier),) if identifier else (),
        "issued": date(fields.text(*ISSUED)),
        "modified": date(fields.text(*MODIFIED)),
        "language": concepts(fields.words("language")),
        "landing_page": _landing_page(fields, site),
        "page": documents(fields.words("documentation")),
        "access_rights": statement(fields.text("access_rights")),
        "conforms_to": standards(fields.words("conforms_to")),
        "spatial": places(fields),
        "temporal": periods(fields),
        "frequency": concept(fields.text("frequency", "accrual_periodicity", "update_frequency")),
        "applicable_legislation": laws(fields.words("applicable_legislation")),
        "hvd_category": concepts(fields.words("hvd_category")),
    }


def _dataset(fields: Fields) -> dict[str, Any]:
    """What only datasets have."""
    version = fields.text("version", "dcat_version")
    provenance = fields.texts("provenance")
    other = fields.words("alternate_identifier", "digital_object_identifier", "doi")
    return {
        "creator": agents(fields, "creator") or agents(fields, "author"),
        "type": concepts(fields.words("dcat_type")),
        "in_series": iris(word for word in fields.words("in_series") if word.startswith("http")),
        "other_identifier": tuple(Identifier(notation=(Text(word),)) for word in other),
        "version": Text(version) if version else None,
        "version_notes": fields.texts("version_notes"),
        "has_version": iris(fields.words("has_version")),
        "source": iris(fields.words("source")),
        "sample": tuple(Distribution(access_url=(Iri(word),)) for word in fields.words("sample")),
        "relation": iris(fields.words("related_resource")),
        "is_referenced_by": iris(fields.words("is_referenced_by")),
        "qualified_attribution": _attributions(fields),
        "provenance": (ProvenanceStatement(labels=provenance),) if provenance else (),
        "was_generated_by": _activities(fields),
        "spatial_resolution": tuple(Decimal(word) for word in fields.words("spatial_resolution_in_meters")),
        "temporal_resolution": _duration(fields),
    }


def _landing_page(fields: Fields, site: str) -> tuple[Document, ...]:
    """The page that the package names, else its page at the portal."""
    name = fields.text("name")
    pages = fields.words("url") or ([f"{site}/dataset/{name}"] if site and name else [])
    return tuple(Document(iri=Iri(page)) for page in pages)


def _keywords(fields: Fields) -> Texts:
    """Keywords by language first; plain tags are a copy of them in one language."""
    found = (*fields.by_language("tags_translated"), *fields.texts("keywords"))
    known = {text.value for text in found}
    tags = fields.words("tags")
    for tag in fields.objects("tags"):
        if tag.text("state") != "deleted":
            tags.append(tag.text("display_name", "name"))
        tag.ignore(("id", "name", "revision_timestamp", "vocabulary_id"))
    return (*found, *(Text(tag) for tag in dict.fromkeys(tags) if tag and tag not in known))


def _themes(fields: Fields) -> tuple[Concept, ...]:
    """`theme`, and groups: by the code of the EU theme that many portals name them with, else by their title."""
    found = list(concepts(fields.words("theme")))
    for group in fields.objects("groups"):
        found.append(_theme(group.text("name")) or Concept(labels=group.texts("title", "display_name", "name")))
        group.ignore(("description", "display_name", "id", "image_display_url", "image_url", "name", "title"))
    found += [_theme(word) or Concept(labels=(Text(word),)) for word in fields.words("groups")]
    return tuple(dict.fromkeys(theme for theme in found if theme != Concept()))


def _theme(code: str) -> Concept | None:
    term = THEMES.by_code.get(code.upper())
    return Concept(iri=term.iri) if term else None


def _attributions(fields: Fields) -> tuple[Attribution, ...]:
    found = []
    for each in fields.objects("qualified_attribution"):
        whom = [agent(one) for one in each.objects("agent")] or [labelled(Agent, "name", each.text("agent"))]
        found.append(Attribution(agent=tuple(filter(None, whom)), role=concepts(each.words("role"))))
    return tuple(found)


def _activities(fields: Fields) -> tuple[Activity, ...]:
    found = [
        Activity(iri=Iri(each.text("uri")) if each.text("uri") else None, labels=each.texts("label", "title"))
        for each in fields.objects("provenance_activity")
    ]
    return (*found, *(labelled(Activity, "labels", word) for word in fields.words("provenance_activity")))


def _duration(fields: Fields) -> Duration | None:
    text = fields.text("temporal_resolution")
    return Duration(text) if text else None


# --- resources --------------------------------------------------------------------------------------------------------


def _distributions(fields: Fields, site: str) -> tuple[Distribution, ...]:
    """The resources that are not deleted. Each has the licence of the package unless it has its own."""
    terms = licence(fields)
    address = f"{site}/dataset/{fields.text('id')}" if site else ""
    found = []
    for each in fields.objects("resources"):
        if (each.text("state") or "active") == "active":
            found.append(_distribution(each, address, terms))
        each.ignore(INTERNAL)
    return tuple(found)


def _distribution(fields: Fields, address: str, terms: LicenseDocument | None) -> Distribution:
    own, id = fields.text("uri"), fields.text("id")
    if not own and address and id:
        own = f"{address}/resource/{id}"
    size = fields.text("size", "byte_size")
    access, download = _addresses(fields)
    resolution = fields.text("spatial_resolution_in_meters")
    policy = fields.text("policy", "has_policy")
    return Distribution(
        iri=Iri(own) if own else None,
        access_url=access,
        download_url=download,
        title=fields.texts("name"),
        description=fields.texts("description"),
        format=concept(fields.text("format")),
        media_type=concept(fields.text("mimetype", "mimetype_inner")),
        compress_format=concept(fields.text("compress_format")),
        package_format=concept(fields.text("package_format")),
        license=licence(fields) or terms,
        rights=tuple(filter(None, [statement(fields.text("rights"))])),
        policy=Policy(iri=Iri(policy)) if policy else None,
        availability=concept(fields.text("availability")),
        status=concept(fields.text("status")),
        byte_size=Integer(size) if size else None,
        checksum=_checksum(fields),
        access_service=tuple(_service(each) for each in fields.objects("access_services")),
        conforms_to=standards(fields.words("conforms_to")),
        page=documents(fields.words("documentation")),
        language=concepts(fields.words("language")),
        issued=_date(fields, ("issued", "created", *ISSUED, "resource_date_published")),
        modified=_date(fields, ("modified", "last_modified", *MODIFIED, "metadata_modified")),
        spatial_resolution=Decimal(resolution) if resolution else None,
        temporal_resolution=_duration(fields),
        applicable_legislation=laws(fields.words("applicable_legislation")),
    )


def _date(fields: Fields, names: tuple[str, ...]) -> Date | None:
    return date(fields.text(*names))


def _addresses(fields: Fields) -> tuple[tuple[Iri, ...], tuple[Iri, ...]]:
    """Access and download addresses; `url` is a download when CKAN keeps the file or its ending is that of a format."""
    url, download = fields.text("url"), fields.words("download_url")
    if not download and url and (fields.text("url_type") in {"upload", "datastore"} or is_file(url)):
        download = [url]
    return iris(fields.words("access_url") or filter(None, [url])), iris(download)


@cache
def _endings() -> frozenset[str]:
    """Endings of files with data. A page (`html`) is seen, not downloaded."""
    return frozenset(ending for term in FORMATS for ending in term.words("extensions")) - {"html", "htm", "xhtml"}


def is_file(url: str) -> bool:
    """True when an address ends as a file of a known format does."""
    try:
        name = urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return False
    return "." in name and name.rpartition(".")[2].lower() in _endings()


def _checksum(fields: Fields) -> Checksum | None:
    """`hash`, alone or as `sha1:…`."""
    algorithm, _, value = fields.text("hash").rpartition(":")
    algorithm = fields.text("hash_algorithm") or algorithm
    return Checksum(algorithm=Iri(algorithm) if algorithm else None, value=Hex(value)) if value else None


def _service(fields: Fields) -> DataService:
    """A service of `access_services`."""
    own = fields.text("uri")
    publishers = agents(fields, "publisher")
    return DataService(
        iri=Iri(own) if own else None,
        title=fields.texts("title"),
        description=fields.texts("description"),
        publisher=publishers[0] if publishers else None,
        contact=contacts(fields),
        keyword=fields.texts("keyword"),
        theme=concepts(fields.words("theme")),
        identifier=tuple(Text(word) for word in fields.words("identifier")),
        issued=date(fields.text("issued")),
        modified=date(fields.text("modified")),
        language=concepts(fields.words("language")),
        landing_page=documents(fields.words("landing_page")),
        page=documents(fields.words("documentation")),
        access_rights=statement(fields.text("access_rights")),
        conforms_to=standards(fields.words("conforms_to")),
        endpoint_url=iris(fields.words("endpoint_url")),
        endpoint_description=iris(fields.words("endpoint_description")),
        serves_dataset=iris(fields.words("serves_dataset")),
        format=concepts(fields.words("format")),
        license=licence(fields),
        rights=tuple(filter(None, [statement(fields.text("rights"))])),
        applicable_legislation=laws(fields.words("applicable_legislation")),
        hvd_category=concepts(fields.words("hvd_category")),
    )
