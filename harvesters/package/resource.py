"""CKAN resource → DCAT distribution, field by field, by the convention of ckanext-dcat."""

from functools import cache
from urllib.parse import urlsplit

import msgspec

from dcat.model import (
    Checksum,
    DataService,
    Decimal,
    Distribution,
    Hex,
    Integer,
    Iri,
    LicenseDocument,
    Policy,
    Text,
)
from dcat.vocab import FORMATS

from ..fields import Fields
from ..nodes import (
    concept,
    concepts,
    date,
    documents,
    iris,
    laws,
    standards,
    statement,
)
from .nodes import (
    INTERNAL,
    ISSUED,
    MODIFIED,
    agents,
    contacts,
    duration,
    licence,
)


def distributions(fields: Fields, site: str) -> tuple[Distribution, ...]:
    """The resources that are not deleted. Each has the licence of the package unless it has its own.

    Of several with one id only the first is called so: they are files of their own all the same.
    """
    terms = licence(fields)
    address = f"{site}/dataset/{fields.text('id')}" if site else ""
    found: dict[Distribution, None] = {}
    named: set[str | None] = set()
    for each in fields.objects("resources"):
        if (each.text("state") or "active").lower() == "active":
            file = _distribution(each, address, terms)
            if file not in found:
                found[msgspec.structs.replace(file, iri=None) if file.iri in named else file] = None
            named.add(file.iri)
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
        issued=date(fields.text("issued", "created", *ISSUED, "resource_date_published")),
        modified=date(fields.text("modified", "last_modified", *MODIFIED, "metadata_modified")),
        spatial_resolution=Decimal(resolution) if resolution else None,
        temporal_resolution=duration(fields),
        applicable_legislation=laws(fields.words("applicable_legislation")),
    )


def _addresses(fields: Fields) -> tuple[tuple[Iri, ...], tuple[Iri, ...]]:
    """Access and download addresses; `url` is a download when CKAN keeps the file or its ending is that of a format."""
    url, download = fields.text("url"), fields.words("download_url")
    if not download and url and (fields.text("url_type") in {"upload", "datastore"} or is_file(url)):
        download = [url]
    return iris(fields.words("access_url") or filter(None, [url])), iris(download)


@cache
def _endings() -> frozenset[str]:
    """Endings of files with data. A page (`html`) is seen, not downloaded."""
    found = {ending.removeprefix(".") for term in FORMATS for ending in term.words("extensions")}
    return frozenset(found - {"html", "htm", "xhtml"})


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
