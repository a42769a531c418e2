"""A dataset of udata → DCAT, field by field. Values stay as they are written: `dcat.normalise` mends them."""

from collections.abc import Iterator

from dcat.model import (
    Agent,
    Checksum,
    Contact,
    Dataset,
    Distribution,
    Document,
    Hex,
    Identifier,
    Integer,
    Iri,
    LicenseDocument,
    Location,
    Period,
    RightsStatement,
    Standard,
    Text,
)

from ..errors import SkipRecord
from ..fields import Fields
from ..nodes import concept, date, iri, iris, labelled, statement, wkt

_ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
_RIGHTS = {"open": "PUBLIC", "open_with_account": "PUBLIC", "restricted": "RESTRICTED"}

_NO_LICENCE = "notspecified"

_PAGES = frozenset({"documentation", "code"})
"""Types of resources that hold no data."""


def dataset_of(fields: Fields, site: str) -> Dataset:
    """What it says. `site`: the address of the portal. Raises `SkipRecord` for what is not to be published."""
    _check(fields)
    license = _licence(fields)
    resources = fields.objects("resources")
    files = tuple(_file(one, license) for one in resources if one.text("type") not in _PAGES)
    pages = [_page(one) for one in resources if one.text("type") in _PAGES]
    id = fields.text("id")
    rights = fields.text("access_type")
    return Dataset(
        title=fields.texts("title"),
        description=fields.texts("description"),
        publisher=_publisher(fields),
        contact=tuple(_contacts(fields)),
        keyword=tuple(Text(word) for word in fields.words("tags")),
        identifier=(Text(id),),
        other_identifier=tuple(_identifiers(fields, f"{site}/datasets/{id}/")),
        issued=date(fields.text("created_at")),
        modified=date(fields.text("last_update", "last_modified")),
        landing_page=(Document(iri=Iri(fields.text("page") or f"{site}/datasets/{id}/")),),
        page=tuple(page for page in pages if page.iri),
        access_rights=RightsStatement(iri=Iri(_ACCESS + _RIGHTS[rights])) if rights in _RIGHTS else statement(rights),
        spatial=tuple(_places(fields)),
        temporal=tuple(_periods(fields)),
        frequency=concept(fields.text("frequency")),
        distribution=files,
        license=None if files else license,
    )


def _check(fields: Fields) -> None:
    if not fields.text("id"):
        raise ValueError("id: there is none. This is no dataset of udata.")
    if fields.flag("private"):
        raise SkipRecord("It is private at its source.", "PRIVATE")
    for name in ("archived", "deleted"):
        if (since := fields.text(name)) and since.lower() != "false":
            raise SkipRecord(f"It is {name} at its source since {since}.", "NOT_ACTIVE")


def is_harvested(fields: Fields) -> str:
    """Where the portal took it from; empty for its own."""
    return next((one.text("domain", "remote_url", "backend") for one in fields.objects("harvest")), "")


def _publisher(fields: Fields) -> Agent | None:
    """The organisation; a person who publishes alone is named as one."""
    for one in fields.objects("organization"):
        page, number = one.text("url", "page"), one.text("business_number_id")
        return Agent(
            name=one.texts("name"),
            homepage=Document(iri=Iri(page)) if page else None,
            identifier=(Text(number),) if number else (),
        )
    for one in fields.objects("owner"):
        name = " ".join(filter(None, (one.text("first_name"), one.text("last_name"))))
        return Agent(name=(Text(name),), is_individual=True) if name else None
    return None


def _contacts(fields: Fields) -> Iterator[Contact]:
    for one in fields.objects("contact_points"):
        emails, pages = one.words("email"), one.words("contact_form")
        if emails or pages or "name" in one:
            yield Contact(name=one.texts("name"), email=iris(emails), url=iris(pages))


def _identifiers(fields: Fields, own: str) -> Iterator[Identifier]:
    """Its address in the portal's RDF; and how it is called where the portal took it from."""
    found = [own]
    for one in fields.objects("harvest"):
        found += [one.text(name) for name in ("uri", "dct_identifier", "remote_url", "remote_id")]
    yield from (Identifier(notation=(Text(each),)) for each in dict.fromkeys(filter(None, found)))


def _licence(fields: Fields) -> LicenseDocument | None:
    """By the portal's words for its code, else the code."""
    code = fields.text("license")
    for one in fields.objects("license_words"):
        title, address = one.text("title"), one.text("url")
        if code != _NO_LICENCE:
            titles = (Text(title),) if title else ()
            return LicenseDocument(iri=iri(address), titles=titles, labels=(Text(code),) if code else ())
    return LicenseDocument(labels=(Text(code),)) if code and code != _NO_LICENCE else None


def _places(fields: Fields) -> Iterator[Location]:
    """Areas by their names, those without one by their code; and a shape."""
    names = next(iter(fields.objects("zone_names")), Fields({}))
    for one in fields.objects("spatial"):
        for zone in one.words("zones"):
            yield Location(labels=(Text(names.text(zone) or zone),))
        if shape := one.literal("geom"):
            yield Location(geometry=wkt(shape))


def _periods(fields: Fields) -> Iterator[Period]:
    for one in fields.objects("temporal_coverage"):
        yield Period(start=date(one.text("start")), end=date(one.text("end")))


def _file(fields: Fields, license: LicenseDocument | None) -> Distribution:
    url, size = fields.text("url"), fields.text("filesize")
    standard = next((one.text("url", "name") for one in fields.objects("schema")), "") or fields.text("schema")
    return Distribution(
        access_url=iris([url] if url else []),
        download_url=iris([url] if url and fields.text("type") != "api" else []),
        title=fields.texts("title"),
        description=fields.texts("description"),
        format=concept(fields.text("format")),
        media_type=concept(fields.text("mime")),
        byte_size=Integer(size) if size else None,
        checksum=_checksum(fields),
        conforms_to=(labelled(Standard, "titles", standard),) if standard else (),
        issued=date(fields.text("created_at")),
        modified=date(fields.text("last_modified")),
        license=license,
    )


def _page(fields: Fields) -> Document:
    fields.ignore(("description", "format", "mime", "filesize", "checksum", "schema", "created_at", "last_modified"))
    url = fields.text("url")
    return Document(iri=Iri(url) if url else None, titles=fields.texts("title"))


_ALGORITHM = "http://spdx.org/rdf/terms#checksumAlgorithm_"


def _checksum(fields: Fields) -> Checksum | None:
    for one in fields.objects("checksum"):
        kind, value = one.text("type").lower().replace("-", ""), one.text("value")
        return Checksum(algorithm=Iri(_ALGORITHM + kind) if kind else None, value=Hex(value)) if value else None
    return None
