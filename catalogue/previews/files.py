"""Which files of a dataset can be looked into, and by what each is known."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from slugify import slugify

from dcat import vocab
from dcat.model import Dataset, Distribution
from dcat.normalise.formats import from_address

TABLES = frozenset({"CSV", "TSV", "XLSX", "XLSM", "XLSB", "XLS", "ODS", "JSON", "GEOJSON", "PARQUET"})
"""Codes of formats that are tables, or may be."""
PACKED = frozenset({"ZIP", "GZIP"})
LONGEST = 2_000
"""Characters of an address that is fetched."""
DOCUMENTS = 2
"""Documents on one file that are fetched to know what its columns mean."""
ENDINGS = (".json", ".csv")
"""Of documents that may say it."""
MOST = 50
"""Files of one dataset that are looked into."""

_DICTIONARY = re.compile(
    r"data-?dictionary|codebook|dictionnaire-d|description-des-(champs|colonnes|variables)"
    r"|(data|gegevens)woordenboek|(veld|kolom)beschrijving|beschrijving-van-de-(velden|kolommen)"
    r"|daten(satz)?beschreibung|feldbeschreibung|spaltenbeschreibung"
)


class Lookable(NamedTuple):
    """A file that can be looked into."""

    key: str
    address: str
    is_table: bool
    """The publisher says that it is a table."""
    size: int
    """Bytes, as the publisher says; 0 when he does not."""
    documents: tuple[str, ...] = ()
    """What may say what its columns mean: what the dataset names as followed, as documentation or as a dictionary."""


def file_key(file: Distribution) -> str:
    """By what a file is known in its dataset: the last step of the address of its page."""
    text = file.iri or "".join((*file.download_url, *file.access_url))
    return blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()


def file_id(entry_id: str, key: str) -> str:
    """By what a file is known in the whole catalogue."""
    return f"{entry_id}-{key}"


def lookable(entry: Dataset) -> list[Lookable]:
    """The files of a dataset that can be looked into, each once."""
    shared = [*(one.iri or "" for one in (*entry.conforms_to, *entry.page)), *_dictionaries(entry)]
    found = {one.key: one for file in entry.distribution for one in _of(file, shared)}
    return list(found.values())[:MOST]


def _dictionaries(entry: Dataset) -> Iterator[str]:
    """Addresses of the files that are called a data dictionary."""
    for file in entry.distribution:
        if any(_DICTIONARY.search(slugify(one.value)) for one in file.title):
            yield from (*file.download_url, *file.access_url)


def _of(file: Distribution, shared: list[str]) -> Iterator[Lookable]:
    if file.access_service:
        return
    format = vocab.FORMATS.by_iri.get(file.format.iri or "") if file.format else None
    for address in (*file.download_url, *file.access_url):
        ending, archive = from_address(address)
        code = format.code if format else ending.code if ending else ""
        is_file = address in file.download_url or ending is not None or bool(archive)
        if is_file and (code in TABLES | PACKED or archive) and _is_web(address):
            named = dict.fromkeys((*(one.iri or "" for one in (*file.conforms_to, *file.page)), *shared))
            told = [iri for iri in named if _is_web(iri) and iri.lower().endswith(ENDINGS) and iri != address]
            yield Lookable(file_key(file), address, code in TABLES, _size(file.byte_size), tuple(told[:DOCUMENTS]))
            return


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://")) and len(address) <= LONGEST


def _size(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0
