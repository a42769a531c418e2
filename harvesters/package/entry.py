"""CKAN package → DCAT, field by field, by the convention of ckanext-dcat.

A field may stand in the package (scheming) or in its extras (legacy), and its list may be JSON inside a text; `Fields`
evens that out. Values stay as they are written: `dcat.normalise` mends them.
https://docs.ckan.org/projects/ckanext-dcat/en/latest/mapping/
"""

from collections.abc import Mapping
from typing import Any

from dcat.model import (
    Activity,
    Agent,
    Attribution,
    Concept,
    Dataset,
    DatasetSeries,
    Decimal,
    Distribution,
    Document,
    Entry,
    Identifier,
    Iri,
    ProvenanceStatement,
    Text,
    Texts,
)
from dcat.vocab import THEMES

from ..errors import SkipRecord
from ..fields import Fields, opened, what_it_is
from ..nodes import (
    concept,
    concepts,
    date,
    documents,
    iris,
    labelled,
    laws,
    standards,
    statement,
)
from .nodes import (
    INTERNAL,
    ISSUED,
    MODIFIED,
    agent,
    agents,
    contacts,
    duration,
    licence,
    organisation,
    periods,
    places,
)
from .resource import distributions

FREQUENCY = ("frequency", "accrual_periodicity", "update_frequency", "frequency_of_update")
"""The last is that of ckanext-spatial, which harvests records of ISO 19115."""

SERIES = frozenset({"dataset_series", "dataset-series"})
"""Types of packages that are series (ckanext-dataset-series)."""

OTHER_TYPES = frozenset({"harvest", "showcase", "application"})
"""Types of packages that describe no data."""

HARVEST_EXTRAS = ("harvest_object_id", "harvest_source_id", "harvest_source_title")
"""What ckanext-harvest adds to a package that a portal took from elsewhere."""


def entry_of(package: Mapping[str, Any], site: str) -> tuple[Entry, dict[str, int]]:
    """What a package says, and the fields that nobody read with how often each was seen.

    `site` is the address of the portal. Raises `SkipRecord` for a package that is not to be published, `ValueError`
    naming the field for what is no package.
    """
    fields = Fields(package, pairs="extras")
    type = _check(package)
    common = {**_resource(fields, site), **_files(fields, site)}
    is_series = type in SERIES
    entry = DatasetSeries(**common) if is_series else Dataset(**common, **_dataset(fields))
    fields.ignore((*INTERNAL, *HARVEST_EXTRAS))
    return entry, dict(fields.unread())


def is_harvested(package: Mapping[str, Any]) -> bool:
    """True for a package that the portal took from elsewhere."""
    fields = Fields(package, pairs="extras")
    return any(name in fields for name in HARVEST_EXTRAS)


def _check(package: Mapping[str, Any]) -> str:
    """The type of a package, of its own and not of its extras, which are about the data; raises for what is no package,
    or none that is to be published."""
    fields = Fields(package)
    for name in ("id", "name", "type", "state"):
        if not isinstance(package.get(name) or "", str):
            raise ValueError(f"{name}: expected a text, found {what_it_is(package[name])}. This is no CKAN package.")
    if not isinstance(opened(package.get("resources")) or [], list):
        raise ValueError(
            f"resources: expected a list, found {what_it_is(package['resources'])}. This is no CKAN package."
        )
    if fields.flag("private"):
        raise SkipRecord("It is private at its source.", "PRIVATE")
    if (state := fields.text("state") or "active").lower() != "active":
        raise SkipRecord(f"Its state at the source is {state!r}.", "NOT_ACTIVE")
    if (type := fields.text("type")) in OTHER_TYPES:
        raise SkipRecord(f"It is a {type}, which describes no data.", "NOT_DATA")
    return type


def _resource(fields: Fields, site: str) -> dict[str, Any]:
    """What datasets and series have in common."""
    own = fields.text("uri")
    publishers = (*agents(fields, "publisher"), organisation(fields))
    identifier = fields.text("identifier", "guid", "id")
    return {
        "iri": Iri(own) if own.startswith(("http://", "https://")) else None,
        "title": fields.texts("title"),
        "description": fields.texts("notes"),
        "publisher": publishers[0],
        "contact": contacts(fields),
        "keyword": _keywords(fields),
        "theme": _themes(fields),
        "identifier": (Text(identifier),) if identifier else (),
        "issued": date(fields.text(*ISSUED) or _dated(fields, "publication", "creation")),
        "modified": date(fields.text(*MODIFIED) or _dated(fields, "revision")),
        "language": concepts(fields.words("language")),
        "landing_page": _landing_page(fields, site),
        "page": documents(fields.words("documentation")),
        "access_rights": statement(fields.text("access_rights")),
        "conforms_to": standards(fields.words("conforms_to")),
        "spatial": places(fields),
        "temporal": periods(fields),
        "frequency": concept(fields.text(*FREQUENCY)),
        "applicable_legislation": laws(fields.words("applicable_legislation")),
        "hvd_category": concepts(fields.words("hvd_category")),
    }


def _dated(fields: Fields, *types: str) -> str:
    """The date of these types that ckanext-spatial keeps as `[{"type": "publication", "value": "2019-05-05"}]`."""
    dates = {one.text("type"): one.text("value") for one in fields.objects("dataset_reference_date")}
    return next(filter(None, map(dates.get, types)), "") or ""


def _files(fields: Fields, site: str) -> dict[str, Any]:
    """The files, which have the licence; a package without files keeps it."""
    files = distributions(fields, site)
    return {"distribution": files} if files else {"license": licence(fields)}


def _dataset(fields: Fields) -> dict[str, Any]:
    """What only datasets have."""
    version = fields.text("version", "dcat_version")
    provenance = fields.texts("provenance", "lineage")
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
        "temporal_resolution": duration(fields),
    }


def _landing_page(fields: Fields, site: str) -> tuple[Document, ...]:
    """The page that the package names, else its page at the portal."""
    name = fields.text("name")
    pages = fields.words("url", "landing_page") or ([f"{site}/dataset/{name}"] if site and name else [])
    return tuple(Document(iri=Iri(page)) for page in pages)


def _keywords(fields: Fields) -> Texts:
    """Keywords by language first; plain tags are a copy of them in one language."""
    found = (*fields.by_language("tags_translated"), *fields.texts("keywords"), *_tags_by_language(fields))
    known = {text.value for text in found}
    tags = fields.words("tags")
    for tag in fields.objects("tags"):
        if tag.text("state") != "deleted":
            tags.append(tag.text("display_name", "name"))
        tag.ignore(("id", "name", "revision_timestamp", "vocabulary_id"))
    return (*found, *(Text(tag) for tag in dict.fromkeys(tags) if tag and tag not in known))


def _tags_by_language(fields: Fields) -> Texts:
    """Tags as `{"fr": […], "nl": […]}`, which no CKAN writes itself."""
    return fields.by_language("tags") if isinstance(fields.value("tags"), Mapping) else ()


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
