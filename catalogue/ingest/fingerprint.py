"""Which software, with which settings, read a record: while it is the same, an unchanged record need not be read."""

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

from harvesters import HARVESTERS
from harvesters.base import Source

from ..settings import Settings

READERS = ("dcat", "harvesters", "catalogue.ingest", "catalogue.store", "catalogue.search.language")
"""Packages whose code and tables decide what becomes of a raw record: this room and what it stands on."""
_SUFFIXES = (".py", ".csv", ".toml", ".txt", ".json", ".jsonld")


def of(source: Source, settings: Settings, site: str) -> bytes:
    """16 bytes that differ whenever another result could come out of the same raw record. `site`: the public address
    under which its names are minted."""
    of_source = (source.id, source.kind, source.url, source.publisher, source.config)
    what = (
        *of_source,
        HARVESTERS.origin(source.kind),
        site,
        settings.languages,
        settings.show_persons,
        bool(settings.fetch_allow),
    )
    return blake2b(_code() + msgspec.json.encode(what), digest_size=16).digest()


def software() -> bytes:
    """What tells this version of our own software from others."""
    return _code()


@cache
def _code() -> bytes:
    total = blake2b(digest_size=16)
    for package in READERS:
        for name, data in _files(resources.files(package), f"{package}/"):
            total.update(name.encode() + b"\x00" + data)
    return total.digest()


def _files(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir() and item.name != "__pycache__":
            yield from _files(item, f"{above}{item.name}/")
        elif item.is_file() and item.name.endswith(_SUFFIXES):
            yield above + item.name, item.read_bytes()
