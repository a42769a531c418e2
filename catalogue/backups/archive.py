"""The file of a backup: a ZIP of one file of JSON lines for each table, the key, and a manifest that sums them up.

A row is a JSON array in the order of the columns that the manifest names; bytes are base64, moments ISO 8601 in UTC.
The manifest is written last, and a ZIP has its table of contents at its end, so half a file is never taken for a whole.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from ..errors import Invalid

FORMAT, VERSION = "datastore-backup", 1
MANIFEST, KEY = "manifest.json", "secret.key"
BLOCK = 1 << 20
"""Bytes that are read together."""
LONGEST_MANIFEST, LONGEST_KEY = 1 << 20, 1 << 12
FASTEST = 1
"""Raw records are compressed already: more effort takes three times as long and saves a twentieth."""

_ENCODER = msgspec.json.Encoder()


class TableSum(msgspec.Struct, frozen=True):
    """What a backup holds of a table."""

    columns: tuple[str, ...]
    rows: int
    sha256: str
    """Of the file of its rows, in hexadecimal digits."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is."""

    format: str
    version: int
    """Of the form of this file."""
    tables_version: str
    """Of the tables that it was made from."""
    made: datetime
    site_url: str
    """Where the portal was: what was minted has it in its name."""
    secret: str
    """Tells one key of an installation from another, and nothing about it."""
    tables: dict[str, TableSum]


class _Form(msgspec.Struct):
    format: str = ""
    version: int = 0


class Writer:
    """A backup that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self.tables: dict[str, TableSum] = {}

    def add_table(self, name: str, columns: tuple[str, ...], rows: Iterable[Sequence[Any]]) -> None:
        """Writes rows as they come."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(_member(name), "w", force_zip64=True) as out:
            for row in rows:
                line = _ENCODER.encode(row) + b"\n"
                digest.update(line)
                out.write(line)
                count += 1
        self.tables[name] = TableSum(columns, count, digest.hexdigest())

    def add_key(self, key: bytes) -> None:
        """Writes the key that hashes are made with."""
        self._zip.writestr(KEY, key)

    def add_manifest(self, manifest: Manifest) -> None:
        """Writes what sums up the rest, in the end."""
        self._zip.writestr(MANIFEST, msgspec.json.format(_ENCODER.encode(manifest), indent=1))


class Reader:
    """A backup that is read."""

    def __init__(self, file: Path, archive: zipfile.ZipFile) -> None:
        self._file, self._zip = file, archive
        self.manifest = self._manifest()

    @property
    def key(self) -> bytes | None:
        """The key that hashes were made with, when the backup holds it."""
        return self._small(KEY, LONGEST_KEY) if KEY in self._zip.namelist() else None

    def verify(self) -> None:
        """Reads everything. Raises `Invalid` when a file is not what the manifest says of it."""
        for name, told in self.manifest.tables.items():
            digest, lines = hashlib.sha256(), 0
            with self._whole(name), self._zip.open(_member(name)) as member:
                while block := member.read(BLOCK):
                    digest.update(block)
                    lines += block.count(b"\n")
            if (digest.hexdigest(), lines) != (told.sha256, told.rows):
                raise self.damaged(name)

    def rows(self, name: str) -> Iterator[tuple[list[Any], int]]:
        """The rows of a table, each with its size in bytes."""
        with self._whole(name), self._zip.open(_member(name)) as member:
            for line in member:
                yield msgspec.json.decode(line, type=list[Any]), len(line)

    def _manifest(self) -> Manifest:
        data = self._small(MANIFEST, LONGEST_MANIFEST) if MANIFEST in self._zip.namelist() else b"{}"
        try:
            form = msgspec.json.decode(data, type=_Form)
            if form.format == FORMAT and form.version > VERSION:
                raise Invalid(
                    f"{self._file} was made by a newer version of Datastore: restore it with that one.", "file"
                )
            if form.format != FORMAT:
                raise _foreign(self._file)
            return msgspec.json.decode(data, type=Manifest)
        except msgspec.DecodeError as error:
            raise _foreign(self._file) from error

    def _small(self, member: str, most: int) -> bytes:
        with self._whole(member), self._zip.open(member) as opened:
            return opened.read(most)

    @contextmanager
    def _whole(self, name: str) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
            raise self.damaged(name) from error

    def damaged(self, name: str) -> Invalid:
        """What is raised for a file in it that is not what was saved."""
        return Invalid(f"{self._file} is damaged: {name} is not what was saved. Nothing of it was restored.", "file")


@contextmanager
def begun(out: BinaryIO) -> Iterator[Writer]:
    """A backup, to be written into a file that can be read and written."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as archive:
        yield Writer(archive)


@contextmanager
def opened(file: Path) -> Iterator[Reader]:
    """A backup, to be read. Raises `Invalid` for what is none, was made by a newer version or breaks off."""
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise _foreign(file) from error
    with archive:
        yield Reader(file, archive)


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _foreign(file: Path) -> Invalid:
    return Invalid(
        f"{file} is no backup of Datastore, or only a part of one. One is made with: datastore backup FILE", "file"
    )
