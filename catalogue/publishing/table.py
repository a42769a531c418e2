"""All entries as one table: one entry a row, for spreadsheets and for what reads columns."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain

from dcat.model import DataService, Entry, Text, Texts

from .. import clock
from ..indexing.entry_document import document, files
from ..store.rows import EntryRow
from .feed import Feed

FACTS = ("id", "type", "iri", "name", "publisher")
CODES = ("themes", "formats", "licences", "languages")
DATES = ("frequency", "issued", "modified")
ADDRESSES = ("download_url", "access_url", "landing_page")
TEXTS = ("title", "description", "publisher")
WORDS = ("keyword",)
"""Texts of which there are several."""
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""First characters that make a spreadsheet compute a cell."""

Value = str | Sequence[str]
"""What stands in a column: one text, or a list of them."""


def columns(languages: Sequence[str]) -> dict[str, type]:
    """The columns in their order, and whether each holds a text or a list of them."""
    texts, words = ([f"{name}_{language}" for name in names for language in languages] for names in (TEXTS, WORDS))
    kinds = ((FACTS, str), (CODES, list), (DATES, str), (ADDRESSES, list), (texts, str), (words, list))
    return {name: kind for names, kind in kinds for name in names}


def rows(feed: Feed) -> Iterator[dict[str, Value]]:
    """The value of each column, an entry at a time."""
    languages = feed.settings.languages
    names = tuple(columns(languages))
    for row in feed.entries.all():
        yield dict(zip(names, values(row, languages), strict=True))


def values(row: EntryRow, languages: Sequence[str]) -> Iterator[Value]:
    """What an entry says, in the order of the columns."""
    known = document(row, today=clock.now().date())
    yield from (row.id, row.kind, row.iri, row.name, row.publisher_name)
    yield from (list(codes) for codes in (known.theme, known.format, known.licence, known.language))
    yield from (known.frequency, known.issued, known.modified)
    yield from addresses(row.entry)
    for texts in (known.title, known.description, known.publisher):
        yield from (next(in_language(texts, language), "") for language in languages)
    yield from (list(in_language(known.keyword, language)) for language in languages)


def addresses(entry: Entry) -> Iterator[Sequence[str]]:
    """Where the files are, where they are explained or a service answers, and the page of the source."""
    access = entry.endpoint_url if isinstance(entry, DataService) else chain(*(one.access_url for one in files(entry)))
    download = chain(*(one.download_url for one in files(entry)))
    pages = (page.iri for page in entry.landing_page if page.iri)
    yield from (list(dict.fromkeys(found)) for found in (download, access, pages))


def in_language(texts: Texts, language: str) -> Iterator[str]:
    """The texts that people wrote in a language."""
    return (text.value for text in texts if is_written_in(text, language))


def is_written_in(text: Text, language: str) -> bool:
    """True for a text of that language that is no machine translation."""
    return text.language == language and not text.is_machine_translated


def csv_table(feed: Feed) -> Iterator[bytes]:
    """The table for spreadsheets: UTF-8 with a byte order mark. Of several values, codes and addresses are apart by a
    blank, keywords by a semicolon.

    A text that a spreadsheet would compute gets an apostrophe in front of it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(columns(feed.settings.languages))
    for row in rows(feed):
        writer.writerow(harmless(cell(name, value)) for name, value in row.items())
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def cell(name: str, value: Value) -> str:
    """A value as one text."""
    return value if isinstance(value, str) else ("; " if name.startswith(WORDS) else " ").join(value)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
