"""The whole catalogue as one file, streamed from the store: RDF, a table, or one JSON object a line."""

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from dcat import rdf
from dcat.model import Text, Texts

from .. import clock
from ..errors import Invalid
from ..indexing.entry_document import document
from ..store.rows import EntryRow
from ..whole_file import appearing
from .feed import Feed

BATCH = 100
"""Entries read together."""
COLUMNS = ("id", "type", "iri", "name", "publisher", "themes", "formats", "licences", "languages", "frequency")
DATES = ("issued", "modified")
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""First characters that make a spreadsheet compute a cell."""

Writer = Callable[[Feed, tuple[str, ...]], Iterator[bytes]]
"""Bytes of the catalogue, with the languages that tables have columns for."""


def export(feed: Feed, languages: tuple[str, ...], file: Path) -> int:
    """Writes the catalogue to a file whose ending names the format. Returns its size in bytes.

    The file appears when it is whole: an export that breaks leaves what was there before. Raises `Invalid` for an
    unknown ending or folder, `OSError` when the file cannot be written.
    """
    writer = writer_of(file)
    with appearing(file) as out:
        out.writelines(writer(feed, languages))
    return file.stat().st_size


def writer_of(file: Path) -> Writer:
    """What writes files of this ending, the longest one first. Raises `Invalid`."""
    for ending, writer in FORMATS.items():
        if file.name.lower().endswith(f".{ending}"):
            return writer
    raise Invalid(f"{file.name}: the ending must be one of {', '.join(FORMATS)}.", "file")


def rdf_in(format: str) -> Writer:
    """The catalogue as one RDF document in a format."""
    return lambda feed, _: rdf.stream(feed.whole(), format)


def zipped(writer: Writer) -> Writer:
    """The same, compressed. The same catalogue gives the same bytes."""

    def blocks(feed: Feed, languages: tuple[str, ...]) -> Iterator[bytes]:
        buffer = io.BytesIO()
        with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as archive:
            for block in writer(feed, languages):
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


def json_lines(feed: Feed, _languages: tuple[str, ...]) -> Iterator[bytes]:
    """One entry a line, with everything that the store knows of it."""
    for row in entries(feed):
        yield msgspec.json.encode(row) + b"\n"


def table(feed: Feed, languages: tuple[str, ...]) -> Iterator[bytes]:
    """One entry a row, for spreadsheets: UTF-8 with a byte order mark, codes of several values apart by a blank.

    A text that a spreadsheet would compute gets an apostrophe in front of it.
    """
    texts = [f"{field}_{language}" for field in ("title", "description") for language in languages]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([*COLUMNS, *DATES, *texts])
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
    said = [in_language(texts, language) for texts in (known.title, known.description) for language in languages]
    plain = [row.id, row.kind, row.iri, row.name, row.publisher_name]
    return [*plain, *codes, known.frequency, known.issued, known.modified, *said]


def in_language(texts: Texts, language: str) -> str:
    """The text that people wrote in a language, or nothing."""
    return next((text.value for text in texts if is_written_in(text, language)), "")


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
    "ttl": rdf_in("ttl"),
    "rdf": rdf_in("rdf"),
    "jsonld": rdf_in("jsonld"),
    "nt": rdf_in("nt"),
    "csv": table,
    "jsonl": json_lines,
}
"""Every format of `datastore export`, by the ending of the file."""
