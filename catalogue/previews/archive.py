"""Files that were packed: what is in a ZIP, and the one table in it; what gzip holds.

Nothing is unpacked without end."""

import gzip
import zipfile
import zlib
from pathlib import Path
from typing import Protocol

from .preview import Member, Unseen

MOST_MEMBERS = 10_000
TOLD = 100
"""Members that are told."""
MOST_TIMES = 100
"""How many times as large as packed a file may be, from `FREE` on."""
FREE = 10_000_000
"""Bytes."""
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json", ".geojson", ".parquet", ".jsonl", ".ndjson")
LIKELY = (".csv", ".tsv", ".geojson", ".xlsx", ".ods", ".parquet", ".xls")
"""What a table is rather in than in the others."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What reading a member raises that is not as the archive says."""
_STEP = 1 << 20


class Readable(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> bytes:
        """At most so many."""


def kind_of(file: Path) -> str:
    """What a file in a ZIP container is: `xlsx`, `ods`, `zip`, or something of an office that is no table. Raises
    `Unseen`."""
    with opened(file) as archive:
        names = set(archive.namelist()[:MOST_MEMBERS])
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        try:
            with opened(file) as archive, archive.open("mimetype") as said:
                return "ods" if b"spreadsheet" in said.read(100) else "document"
        except DAMAGED as error:
            raise Unseen("damaged") from error
    return "document" if any(name.startswith(("word/", "ppt/")) for name in names) else "zip"


def opened(file: Path) -> zipfile.ZipFile:
    """The archive. Raises `Unseen` for one that is damaged, or has too many members."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise Unseen("damaged") from error
    if len(archive.infolist()) > MOST_MEMBERS:
        archive.close()
        raise Unseen("too-many")
    return archive


def check_size(file: Path, most: int) -> None:
    """Raises `Unseen` for an archive whose parts are more than so many bytes together, or many times as large as it."""
    with opened(file) as archive:
        size = sum(one.file_size for one in archive.infolist())
    if size > most or (size > FREE and size > MOST_TIMES * file.stat().st_size):
        raise Unseen("too-large")


def members(archive: zipfile.ZipFile) -> list[Member]:
    """The files in it, without what operating systems add."""
    every = (one for one in archive.infolist() if not one.is_dir())
    return [Member(one.filename, one.file_size) for one in every if not _is_added(one.filename)]


def _is_added(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def the_table(names: list[str]) -> str:
    """The one file that may be a table; empty when there is none, or when several are as likely."""
    for endings in (LIKELY, TABLES):
        found = [name for name in names if name.lower().endswith(endings)]
        if len(found) == 1:
            return found[0]
        if found:
            return ""
    return ""


def unpack(archive: zipfile.ZipFile, name: str, to: Path, most: int) -> None:
    """Writes a member into a file. Raises `Unseen`."""
    one = archive.getinfo(name)
    if one.flag_bits & 1:
        raise Unseen("locked")
    try:
        with archive.open(one) as packed:
            _copy(packed, to, one.compress_size, most)
    except DAMAGED as error:
        raise Unseen("damaged") from error


def gunzip(file: Path, to: Path, most: int) -> None:
    """Writes what gzip holds into a file. Raises `Unseen`."""
    try:
        with gzip.open(file) as packed:
            _copy(packed, to, file.stat().st_size, most)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Unseen("damaged") from error


def _copy(packed: Readable, to: Path, size: int, most: int) -> None:
    written = 0
    with to.open("wb") as out:
        while piece := packed.read(_STEP):
            written += len(piece)
            if written > most or (written > FREE and written > MOST_TIMES * size):
                raise Unseen("too-large")
            out.write(piece)
