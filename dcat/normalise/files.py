"""Distributions: an address that works, sizes and checksums that hold, services with what the profile demands."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from ..model import Checksum, DataService, Dataset, DatasetSeries, Distribution, Iri, Publication
from . import numbers
from .endpoints import find_endpoint, of_file, with_endpoints
from .formats import name_format, name_service_formats
from .iris import link
from .licences import name_license, one_rights
from .notes import Log
from .parties import name_publisher, without_personal_agents, without_persons
from .periods import doubt_dates
from .terms import name_access_rights, name_status
from .themes import name_themes, split_keywords
from .titles import give_title

D = TypeVar("D", Dataset, DatasetSeries, Publication)
FileStep = Callable[[Distribution, Log], Distribution]
ServiceStep = Callable[[DataService, Log], DataService]


def check_sum(file: Distribution, log: Log) -> Distribution:
    """spdx:checksum needs its algorithm and its value, and a value of the algorithm's length."""
    given = file.checksum
    if given is None:
        return file
    algorithm = given.algorithm
    if given.value and algorithm is None and (inferred := numbers.algorithm_of_length(given.value)):
        log.note("spdx:checksum", given.value, "checksum-inferred", inferred)
        algorithm = Iri(inferred)
    if given.value is None or algorithm is None or not numbers.fits(algorithm, given.value):
        log.note("spdx:checksum", given.value or algorithm or "", "checksum-incomplete")
        return msgspec.structs.replace(file, checksum=None)
    if algorithm == given.algorithm:
        return file
    return msgspec.structs.replace(file, checksum=Checksum(iri=given.iri, algorithm=algorithm, value=given.value))


def give_address(file: Distribution, log: Log) -> Distribution:
    """dcat:accessURL is a must: the download address, that of the service, or an IRI that is a file's says where."""
    if file.access_url:
        return file
    endpoints = tuple(sorted({url for service in file.access_service for url in service.endpoint_url}))
    addresses = file.download_url or endpoints or _own_address(file, log)
    if not addresses:
        return file
    log.note("dcat:accessURL", "", "access-url-copied", addresses[0])
    return msgspec.structs.replace(file, access_url=addresses)


def _own_address(file: Distribution, log: Log) -> tuple[Iri, ...]:
    """The IRI of a file that is no more than named, where it is an address that ends as data files do."""
    if file.iri is None or not _is_file(file.iri):
        return ()
    address = link(file.iri, log.context.allow_local).value
    return (Iri(address),) if address else ()


def give_download(file: Distribution, log: Log) -> Distribution:
    """dcat:downloadURL: an access address that ends in the name of a data file is the file itself."""
    if file.download_url or len(file.access_url) != 1 or file.access_service:
        return file
    address = file.access_url[0]
    if not _is_file(address):
        return file
    log.note("dcat:downloadURL", "", "download-url-copied", address)
    return msgspec.structs.replace(file, download_url=(address,))


_FILE_ENDINGS = (
    *(".csv", ".tsv", ".xls", ".xlsx", ".ods", ".json", ".geojson", ".xml", ".zip", ".gz", ".pdf", ".parquet", ".gpkg"),
    *(".kml", ".kmz", ".gml", ".ttl", ".rdf", ".nt", ".jsonld", ".shp", ".txt", ".docx", ".doc", ".odt"),
)


def _is_file(address: str) -> bool:
    return "?" not in address and "#" not in address and address.casefold().endswith(_FILE_ENDINGS)


def mend_services(file: Distribution, log: Log) -> Distribution:
    """Services that are described within the file's own entry."""
    if not file.access_service:
        return file
    services = tuple(mend_service(service, log) for service in file.access_service)
    if all(one is other for one, other in zip(services, file.access_service, strict=True)):
        return file
    return msgspec.structs.replace(file, access_service=services)


def mend_service(service: DataService, log: Log) -> DataService:
    """All steps for a service within a file; one that is only named is described elsewhere, or nowhere."""
    if _is_named(service):
        return service
    for step in SERVICE_STEPS:
        service = step(service, log)
    return service


def lend_address(file: Distribution, log: Log) -> Distribution:
    """A service within a file answers where the file is had: dcat:accessURL is its endpoint (DCAT 3, 6.7.3)."""
    if all(service.endpoint_url for service in file.access_service):
        return file
    services = tuple(_with_address(service, file, log) for service in file.access_service)
    return msgspec.structs.replace(file, access_service=services)


def _is_named(service: DataService) -> bool:
    return service == DataService(iri=service.iri)


def _with_address(service: DataService, file: Distribution, log: Log) -> DataService:
    if _is_named(service):
        return service
    service = find_endpoint(service, log)
    addresses = of_file(file) or [address for address in file.access_url if not _is_file(address)]
    if service.endpoint_url or not addresses:
        return service
    log.place.append("dcat:accessService")
    service = with_endpoints(service, "dcat:accessURL", tuple(addresses), log)
    log.place.pop()
    return service


SERVICE_STEPS: tuple[ServiceStep, ...] = (
    find_endpoint,
    give_title,
    split_keywords,
    name_themes,
    without_personal_agents,
    name_publisher,
    without_persons,
    name_access_rights,
    name_service_formats,
    name_license,
    one_rights,
)

FILE_STEPS: tuple[FileStep, ...] = (
    lend_address,
    give_address,
    give_download,
    name_format,
    name_license,
    one_rights,
    name_status,
    doubt_dates,
    check_sum,
    mend_services,
)


def mend_files(entry: D, log: Log) -> D:
    """All steps for every file; one that cannot be reached at all is dropped. The terms of an entry without files."""
    files = _mended(entry.distribution, "dcat:distribution", entry, log)
    if files is not entry.distribution:
        entry = msgspec.structs.replace(entry, distribution=files)
    if isinstance(entry, Dataset) and (samples := _mended(entry.sample, "adms:sample", entry, log)) is not entry.sample:
        entry = msgspec.structs.replace(entry, sample=samples)
    return one_rights(name_license(entry, log), log) if entry.license or entry.rights else entry


def _mended(files: tuple[Distribution, ...], field: str, entry: D, log: Log) -> tuple[Distribution, ...]:
    kept: list[Distribution] = []
    for number, file in enumerate(files, start=1):
        log.place.append(f"{field}[{number}]")
        mended = _reachable(_mend(file, log), entry, log)
        log.place.pop()
        if mended is not None:
            kept.append(mended)
    unchanged = len(kept) == len(files) and all(one is other for one, other in zip(kept, files, strict=True))
    return files if unchanged else tuple(kept)


def _mend(file: Distribution, log: Log) -> Distribution:
    for step in FILE_STEPS:
        file = step(file, log)
    return file


def _reachable(file: Distribution, entry: D, log: Log) -> Distribution | None:
    if file.access_url:
        return file
    pages = tuple(page.iri for page in entry.landing_page if page.iri)
    if not pages:
        log.note("dcat:accessURL", file.iri or next((text.value for text in file.title), ""), "file-dropped")
        return None
    log.note("dcat:accessURL", "", "access-url-page", pages[0])
    return msgspec.structs.replace(file, access_url=pages[:1])
