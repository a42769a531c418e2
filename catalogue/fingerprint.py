"""Which software, with which settings, read a record: while it is the same, an unchanged record need not be read."""

from functools import cache
from hashlib import blake2b
from importlib import resources

import msgspec

from harvesters.base import Source

from .settings import Settings

READERS = ("dcat", "harvesters", "catalogue")
"""Packages whose code and tables decide what becomes of a raw record."""
_SUFFIXES = (".py", ".csv", ".toml", ".txt", ".json", ".jsonld")
_OF_CATALOGUE = (
    "freshness.py",
    "identity.py",
    "ingest.py",
    "publishing.py",
    "reading.py",
    "recording.py",
    "sameness.py",
)


def of(source: Source, settings: Settings) -> bytes:
    """16 bytes that differ whenever another result could come out of the same raw record."""
    of_source = (source.id, source.kind, source.publisher, source.config)
    what = (*of_source, settings.site_url, settings.languages, settings.show_persons, bool(settings.fetch_allow))
    return blake2b(_code() + msgspec.json.encode(what), digest_size=16).digest()


@cache
def _code() -> bytes:
    total = blake2b(digest_size=16)
    for package in READERS:
        for name, data in _files(package):
            if package != "catalogue" or name in _OF_CATALOGUE:
                total.update(name.encode() + b"\x00" + data)
    return total.digest()


def _files(package: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    folders = [("", resources.files(package))]
    while folders:
        above, folder = folders.pop()
        for item in folder.iterdir():
            name = above + item.name
            if item.is_dir() and item.name != "__pycache__" and package != "catalogue":
                folders.append((f"{name}/", item))
            elif item.is_file() and item.name.endswith(_SUFFIXES):
                found.append((name, item.read_bytes()))
    return sorted(found)
