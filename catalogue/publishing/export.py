"""The whole catalogue as one file, streamed from the store: RDF, a table, or one JSON object a line."""

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

import msgspec

from dcat import rdf
from dcat.model import DataService, Entry, Text, Texts
from harvesters.errors import Stopped

from .. import clock
from ..batches import batched
from ..errors import Invalid
from ..indexing.entry_document import document, files
from ..stopping import Stop
from ..store.rows import EntryRow
from ..whole_file import appearing
from .entry_shapes import entry_shapes
from .feed import Feed

BATCH = 100
"""Entries read together."""
LEVEL = 6
"""How hard files are compressed: what gzip itself takes, at a third of the time of its best."""
COLUMNS = ("id", "type", "iri", "name", "publisher", "themes", "formats", "licences", "languages", "frequency")
DATES = ("issued", "modified")
ADDRESSES = ("download_url", "access_url", "landing_page")
TEXTS = ("title", "description", "publisher", "keyword")
"""What has a column for each language of the portal."""
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""First characters that make a spreadsheet compute a cell."""

Writer = Callable[[Feed], Iterator[bytes]]
"""Bytes of the catalogue."""


def export(feed: Feed, file: Path, stop: Stop | None = None) -> int:
    """Writes the catalogue to a file whose ending names the format. Returns its size in bytes.

    The file appears when it is whole: an export that breaks leaves what was there before. Raises `Invalid` for an
    unknown ending or folder, `OSError` when the file cannot be written, `Stopped` when it is told to stop.
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


def until(stop: Stop, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks; raises `Stopped` as soon as it is asked for."""
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
    for batch in batched(entries(feed), BATCH):
        shapes = entry_shapes(batch, feed.copies, lambda kind, name: f"{base}/{kind}/{name}")
        yield b"".join(msgspec.json.encode(shape) + b"\n" for shape in shapes)


def table(feed: Feed) -> Iterator[bytes]:
    """One entry a row, for spreadsheets: UTF-8 with a byte order mark. Of several values, codes and addresses are apart
    by a blank, keywords by a semicolon.

    A text that a spreadsheet would compute gets an apostrophe in front of it.
    """
    languages = feed.settings.languages
    texts = [f"{field}_{language}" for field in TEXTS for language in languages]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([*COLUMNS, *DATES, *ADDRESSES, *texts])
    for row in entries(feed):
        writer.writerow([harmless(cell) for cell in cells(row, languages)])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def cells(row: EntryRow, languages: Iterable[str]) -> list[str]:
    """One row of the table."""
    known = document(row, today=clock.now().date())
    codes = [" ".join(values) for values in (known.theme, known.format, known.licence, known.language)]
    plain = [row.id, row.kind, row.iri, row.name, row.publisher_name]
    said = [*plain, *codes, known.frequency, known.issued, known.modified, *addresses(row.entry)]
    one, several = (known.title, known.description, known.publisher), [known.keyword]
    said += [next(in_language(texts, language), "") for texts in one for language in languages]
    return said + ["; ".join(in_language(texts, language)) for texts in several for language in languages]


def addresses(entry: Entry) -> Iterator[str]:
    """Where the files are, where they are explained or a service answers, and the page of the source."""
    access = entry.endpoint_url if isinstance(entry, DataService) else chain(*(one.access_url for one in files(entry)))
    download = chain(*(one.download_url for one in files(entry)))
    pages = (page.iri for page in entry.landing_page if page.iri)
    yield from (" ".join(dict.fromkeys(found)) for found in (download, access, pages))


def in_language(texts: Texts, language: str) -> Iterator[str]:
    """The texts that people wrote in a language."""
    return (text.value for text in texts if is_written_in(text, language))


def is_written_in(text: Text, language: str) -> bool:
    """True for a text of that language that is no machine translation."""
    return text.language == language and not text.is_machine_translated


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def entries(feed: Feed) -> Iterator[EntryRow]:
    """Every live entry, in order of id."""
    last = ""
    while batch := feed.entries.after(last, BATCH):
        yield from batch
        last = batch[-1].id


FORMATS: dict[str, Writer] = {
    "nt.gz": zipped(rdf_in("nt")),
    "ttl.gz": zipped(rdf_in("ttl")),
    "jsonl.gz": zipped(json_lines),
    "ttl": rdf_in("ttl"),
    "rdf": rdf_in("rdf"),
    "jsonld": rdf_in("jsonld"),
    "nt": rdf_in("nt"),
    "csv": table,
    "jsonl": json_lines,
}
"""Every format of `datastore export`, by the ending of the file."""
