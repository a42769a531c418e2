"""The nodes that CKAN packages and resources have in common: agents, contacts, places, periods, terms, licences."""

import re

import msgspec

from dcat.model import (
    Agent,
    Contact,
    Date,
    Document,
    Duration,
    Iri,
    LicenseDocument,
    Location,
    Period,
    Text,
    Wkt,
)

from ..fields import Fields
from ..nodes import concept, date, iri, iris, is_iri, labelled, wkt

AGENT = ("uri", "name", "email", "url", "type", "identifier")
"""Fields of an agent or contact in ckanext-dcat, alone or after `publisher_`, `creator_`, `contact_`."""

ORGANISATION_INTERNAL = (
    "approval_status",
    "created",
    "description",
    "description_translated",
    "display_name",
    "id",
    "image_display_url",
    "image_url",
    "is_organization",
    "name",
    "package_count",
    "revision_id",
    "state",
    "type",
)

ISSUED = ("issued", "dcat_issued", "date_published", "date_released", "release_date")
STARTS = ("temporal_start", "temporal_coverage_from", "temporal_extent_begin", "time_period_coverage_start")
ENDS = ("temporal_end", "temporal_coverage_to", "temporal_extent_end", "time_period_coverage_end")
MODIFIED = ("modified", "dcat_modified", "date_modified", "date_updated")
"""Where the dates of the data stand."""

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

NO_LICENCE = frozenset({"notspecified", "not-specified", "none"})
"""Identifiers of CKAN that say that there is no licence."""

_GEOMETRY = re.compile(r"\s*(\{|POINT|POLYGON|MULTI|LINESTRING|ENVELOPE|BBOX|<gml)", re.IGNORECASE)


def duration(fields: Fields) -> Duration | None:
    """The shortest span of time told apart, as it is written; None for none."""
    text = fields.text("temporal_resolution")
    return Duration(text) if text else None


def agent(fields: Fields) -> Agent | None:
    """An agent from its fields; None when they hold nothing."""
    homepage = fields.text("url", "homepage")
    identifier = fields.text("identifier")
    found = Agent(
        iri=iri(fields.text("uri")),
        name=fields.texts("name", "title"),
        mbox=iri(fields.text("email")),
        homepage=Document(iri=Iri(homepage)) if homepage else None,
        type=concept(fields.text("type")),
        identifier=(Text(identifier),) if identifier else (),
    )
    return found if found != Agent() else None


def agents(fields: Fields, name: str) -> tuple[Agent, ...]:
    """Agents in a role: objects, or one in fields that stand flat (`publisher`, `publisher_name`, `publisher_url`)."""
    found = [agent(each) for each in fields.objects(name)]
    flat = _flat_agent(fields, name)
    if not any(found):
        found = [flat]
    return tuple(each for each in found if each is not None and (each.iri or each.name))


def _flat_agent(fields: Fields, name: str) -> Agent:
    whole = agent(fields.part((f"{name}_", f"dcat_{name}_"), AGENT)) or Agent()
    # `texts` would refuse the objects that `publisher` may hold as well.
    is_named = fields.words(name) or fields.by_language(f"{name}_translated")
    texts = fields.texts(name) if is_named else ()
    if whole.name or not texts:
        return whole
    if len(texts) == 1 and is_iri(texts[0].value):
        return msgspec.structs.replace(whole, iri=Iri(texts[0].value))
    return msgspec.structs.replace(whole, name=texts)


def organisation(fields: Fields) -> Agent | None:
    """The organisation that owns a package."""
    for each in fields.objects("organization"):
        each.ignore(ORGANISATION_INTERNAL)
        homepage = each.text("url", "homepage")
        return Agent(
            iri=iri(each.text("uri")),
            name=each.texts("title", "display_name", "name"),
            mbox=iri(each.text("email")),
            homepage=Document(iri=Iri(homepage)) if homepage else None,
        )
    return None


def contacts(fields: Fields) -> tuple[Contact, ...]:
    """Where to ask: `contact`, else the maintainer, else the author."""
    found = [contact(each) for each in fields.objects("contact", "contact_point")]
    flat = contact(fields.part(("contact_", "contact_point_"), AGENT))
    found = found or [flat]
    for role in ("maintainer", "author"):
        name, email = fields.text(role), fields.text(f"{role}_email")
        if not any(found) and (name or email):
            found = [Contact(name=(Text(name),) if name else (), email=iris(filter(None, [email])))]
    return tuple(each for each in found if each is not None)


def contact(fields: Fields) -> Contact | None:
    """A contact point from its fields; None when they hold nothing."""
    found = Contact(
        iri=iri(fields.text("uri")),
        name=fields.texts("name", "fn"),
        email=iris(fields.words("email", "hasEmail")),
        url=iris(fields.words("url")),
        telephone=iris(fields.words("telephone", "phone")),
    )
    return found if found != Contact() else None


def places(fields: Fields) -> tuple[Location, ...]:
    """Areas covered: `spatial_coverage` objects, or one area in fields that stand flat."""
    found = [_place(each, "") for each in fields.objects("spatial_coverage")]
    found = found or [_place(fields, "spatial_"), _box(fields)]
    names = (fields.words(name) for name in ("spatial_coverage", "geographical_coverage") if name in fields)
    found += [labelled(Location, "labels", word) for words in names for word in words]
    return tuple(each for each in found if each != Location())


def _box(fields: Fields) -> Location:
    """The four sides that ckanext-spatial keeps, where there is no other geometry."""
    sides = [fields.text(f"bbox_{name}") for name in ("west_long", "south_lat", "east_long", "north_lat")]
    return Location(bbox=Wkt(",".join(sides))) if all(sides) and "spatial" not in fields else Location()


def _place(fields: Fields, prefix: str) -> Location:
    where = fields.text(f"{prefix}uri")
    words = fields.texts(f"{prefix}text")
    geometry = fields.literal(f"{prefix}geom", "spatial")
    if geometry and not _GEOMETRY.match(geometry):
        where, words, geometry = (geometry, words, "") if is_iri(geometry) else (where, (*words, Text(geometry)), "")
    return Location(
        iri=iri(where),
        labels=words,
        geometry=wkt(geometry),
        bbox=wkt(fields.literal(f"{prefix}bbox")),
        centroid=wkt(fields.literal(f"{prefix}centroid")),
    )


def periods(fields: Fields) -> tuple[Period, ...]:
    """Times covered: `temporal_coverage` objects, or one period in fields that stand flat, or in one text."""
    found = [
        Period(start=date(each.text("start", "start_date")), end=date(each.text("end", "end_date")))
        for each in fields.objects("temporal_coverage")
    ]
    flat = Period(
        start=date(fields.text(*STARTS)),
        end=date(fields.text(*ENDS)),
    )
    whole = fields.text("temporal")
    if whole and flat == Period():
        flat = Period(start=Date(whole), end=Date(whole))  # `2010/2012`: parted where all such texts are
    return tuple(each for each in (found or [flat]) if each != Period())


def licence(fields: Fields) -> LicenseDocument | None:
    """The licence by address, title and CKAN's identifier; None when there is none."""
    id = fields.text("license_id")
    address = fields.text("license_url")
    title = fields.texts("license_title", "license") or tuple(map(Text, fields.words("licence")[:1]))
    if not address and id.lower() in NO_LICENCE:
        return None
    if not address and title and is_iri(title[0].value):
        address, title = title[0].value, ()
    labels = (Text(id),) if id and not any(text.value == id for text in title) else ()
    found = LicenseDocument(iri=iri(address), titles=title, labels=labels)
    return found if found != LicenseDocument() else None
