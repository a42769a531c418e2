"""The whole catalogue as one file, streamed from the store: RDF, a table, or one JSON object a line."""

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from dcat import rdf
from harvesters.errors import Stopped

from ..batches import batched
from ..errors import Invalid
from ..stopping import Stop
from ..whole_file import appearing
from .entry_shapes import known
from .feed import Feed
from .parquet import parquet
from .table import csv_table

T = TypeVar("T")

BATCH = 100
"""Entries read together."""
LEVEL = 6
"""How hard files are compressed: what gzip itself takes, at a third of the time of its best."""

Writer = Callable[[Feed], Iterator[bytes]]
"""Bytes of the catalogue."""


def export(feed: Feed, file: Path, stop: Stop | None = None) -> int:
    """Writes the catalogue to a file whose ending names the format. Returns its size in bytes.

    The file appears when it is whole: an export that breaks leaves what was there before. Raises `Invalid` for an
    unknown ending or folder and where what writes it is not installed, `OSError` when the file cannot be written,
    `Stopped` when it is told to stop.
    """
    writer = writer_of(file)
    with appearing(file) as out:
        out.writelines(until(stop or Stop(), writer(feed)))
    return file.stat().st_size


def writer_of(file: Path) -> Writer:
    """What writes files of this ending, the longest one first. Raises `Invalid`."""
    for ending, writer in FORMATS.items():
        if file.name.lower().endswith(f".{ending}"):
            return writer
    raise Invalid(f"{file.name}: the ending must be one of {', '.join(FORMATS)}.", "file")


def until(stop: Stop, blocks: Iterable[T]) -> Iterator[T]:
    """The blocks of what is written; raises `Stopped` as soon as it is asked for."""
    for block in blocks:
        if stop.asked:
            raise Stopped
        yield block


def rdf_in(format: str) -> Writer:
    """The catalogue as one RDF document in a format."""
    return lambda feed: rdf.stream(feed.whole(), format)


def zipped(writer: Writer) -> Writer:
    """The same, compressed. The same catalogue gives the same bytes."""

    def blocks(feed: Feed) -> Iterator[bytes]:
        buffer = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=buffer, mtime=0) as archive:
            for block in writer(feed):
                archive.write(block)
                yield taken(buffer)
        yield taken(buffer)

    return blocks


def taken(buffer: io.BytesIO) -> bytes:
    """What is in the buffer, which is empty then."""
    content = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return content


def json_lines(feed: Feed) -> Iterator[bytes]:
    """One entry a line, as `/api/1/datasets/` lists it."""
    base = f"{feed.settings.site_url}/{feed.settings.languages[0]}"

    def page(kind: str, name: str) -> str:
        return f"{base}/{kind}/{name}"

    for batch in batched(feed.entries.all(), BATCH):
        yield b"".join(msgspec.json.encode(one.shape(page)) + b"\n" for one in known(batch, feed.copies))


FORMATS: dict[str, Writer] = {
    "nt.gz": zipped(rdf_in("nt")),
    "ttl.gz": zipped(rdf_in("ttl")),
    "jsonl.gz": zipped(json_lines),
    "ttl": rdf_in("ttl"),
    "rdf": rdf_in("rdf"),
    "jsonld": rdf_in("jsonld"),
    "nt": rdf_in("nt"),
    "csv": csv_table,
    "parquet": parquet,
    "jsonl": json_lines,
}
"""Every format of `datastore export`, by the ending of the file."""
