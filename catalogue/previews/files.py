"""Which files of a dataset can be looked into, and by what each is known."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from dcat import vocab
from dcat.model import Dataset, Distribution, Standard
from dcat.normalise.formats import from_address

TABLES = frozenset({"CSV", "TSV", "XLSX", "XLSM", "XLSB", "XLS", "ODS", "JSON", "GEOJSON", "PARQUET"})
"""Codes of formats that are tables, or may be."""
PACKED = frozenset({"ZIP", "GZIP"})
LONGEST = 2_000
"""Characters of an address that is fetched."""
DOCUMENTS = 2
"""Documents on one file that are fetched to know what its columns mean."""
MOST = 50
"""Files of one dataset that are looked into."""


class Lookable(NamedTuple):
    """A file that can be looked into."""

    key: str
    address: str
    is_table: bool
    """The publisher says that it is a table."""
    size: int
    """Bytes, as the publisher says; 0 when he does not."""
    standards: tuple[str, ...] = ()
    """Documents that the dataset names as what its files follow, which may say what columns mean."""


def file_key(file: Distribution) -> str:
    """By what a file is known in its dataset: the last step of the address of its page."""
    text = file.iri or "".join((*file.download_url, *file.access_url))
    return blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()


def file_id(entry_id: str, key: str) -> str:
    """By what a file is known in the whole catalogue."""
    return f"{entry_id}-{key}"


def lookable(entry: Dataset) -> list[Lookable]:
    """The files of a dataset that can be looked into, each once."""
    found = {one.key: one for file in entry.distribution for one in _of(file, entry.conforms_to)}
    return list(found.values())[:MOST]


def _of(file: Distribution, standards: tuple[Standard, ...]) -> Iterator[Lookable]:
    if file.access_service:
        return
    format = vocab.FORMATS.by_iri.get(file.format.iri or "") if file.format else None
    for address in (*file.download_url, *file.access_url):
        ending, archive = from_address(address)
        code = format.code if format else ending.code if ending else ""
        is_file = address in file.download_url or ending is not None or bool(archive)
        if is_file and (code in TABLES | PACKED or archive) and _is_web(address):
            named = (one.iri or "" for one in (*file.conforms_to, *standards))
            told = tuple(iri for iri in named if iri.endswith(".json") and _is_web(iri))[:DOCUMENTS]
            yield Lookable(file_key(file), address, code in TABLES, _size(file.byte_size), told)
            return


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://")) and len(address) <= LONGEST


def _size(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0
