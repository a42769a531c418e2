"""Entries and publishers in the words of one language, always with where they come from, licence and date."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from dcat import vocab
from dcat.markup import without_html
from dcat.model import Concept, DataService, Distribution, LicenseDocument, Location, Texts
from dcat.our_languages import CHAINS, best_along

from .. import clock
from ..indexing.entry_document import files
from ..previews.files import file_id, file_key
from ..previews.previews import Seen
from ..service import Catalogue
from ..store.rows import EntryRow, PublisherRow

Json = dict[str, Any]

SHORT, LONG = 300, 5_000
"""Characters of a description in a list, and of one entry."""
FILES = 50
"""Files of one entry that are told; `file_count` says how many there are."""


def table_in(file: Distribution, row: EntryRow, seen: Mapping[str, Seen]) -> Json:
    """By what a file is known whose table can be read; nothing for any other."""
    found = seen.get(file_key(file))
    return {"file": file_id(row.id, found.file)} if found and found.has_rows else {}


class Teller:
    """Tells in one language."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        """`language`: empty for the first of the portal."""
        self._catalogue, self._settings = catalogue, catalogue.settings
        self.language = language or catalogue.settings.languages[0]

    def result(self, row: EntryRow) -> Json:
        """An entry in a list."""
        return {
            "name": row.name,
            "type": row.kind,
            "title": self.title(row),
            "description": self._text(row.entry.description, SHORT),
            **self.source(row),
            "formats": sorted({term for file in files(row.entry) if (term := self.term(file.format, vocab.FORMATS))}),
        }

    def whole(self, row: EntryRow) -> Json:
        """Everything of an entry that an assistant needs."""
        entry, given = row.entry, list(files(row.entry))
        seen = self._catalogue.previews.of_entry(row.id)
        told = {
            "id": row.id,
            "name": row.name,
            "iri": row.iri,
            "type": row.kind,
            "title": self.title(row),
            "description": self._text(entry.description, LONG),
            **self.source(row),
            "frequency": self.term(entry.frequency, vocab.FREQUENCIES),
            "themes": self.terms(entry.theme, vocab.THEMES),
            "keywords": sorted({text.value for text in entry.keyword if text.language in {self.language, ""}}),
            "places": [name for one in entry.spatial if (name := self.place(one))],
            "periods": [f"{one.start or '..'}/{one.end or '..'}" for one in entry.temporal if one.start or one.end],
            "contact": [address for one in entry.contact for address in (*one.email, *one.url)],
            "landing_page": next((page.iri for page in entry.landing_page if page.iri), None),
            "endpoints": list(entry.endpoint_url) if isinstance(entry, DataService) else [],
            "file_count": len(given),
            "files": [self.file(file) | table_in(file, row, seen) for file in given[:FILES]],
        }
        return {name: value for name, value in told.items() if value not in (None, "", [])}

    def source(self, row: EntryRow) -> Json:
        """Where an entry comes from, under which licence, of which day, and how to say so."""
        given = row.entry.publisher
        publisher = (self._text(given.name) if given else "") or row.publisher_name
        licences, date = self.licences(row), row.entry.modified or row.entry.issued or ""
        return {
            "publisher": publisher,
            "licence": licences,
            "modified": row.entry.modified,
            "issued": row.entry.issued,
            "described_on": row.updated.date().isoformat(),
            "harvested_from": row.source,
            "url": self.page(row),
            "citation": ". ".join(
                part
                for part in (
                    self.title(row),
                    f"{publisher}, {date or 'no date is given'}",
                    f"Licence: {', '.join(licences)}" if licences else "No licence is given",
                    f"{self.page(row)} ({self._settings.title}, {clock.now().date().isoformat()})",
                )
                if part
            ),
        }

    def file(self, file: Distribution) -> Json:
        """One file."""
        told = {
            "title": self._text(file.title, SHORT),
            "format": self.term(file.format, vocab.FORMATS),
            "download": next(iter(file.download_url), None),
            "access": next(iter(file.access_url), None),
            "bytes": int(file.byte_size) if file.byte_size and file.byte_size.isdigit() else None,
            "licence": self.licence(file.license),
            "modified": file.modified,
        }
        return {name: value for name, value in told.items() if value not in (None, "")}

    def publisher(self, row: PublisherRow) -> Json:
        """A publisher."""
        return {
            "name": row.name,
            "title": self._text(row.title) or row.name,
            "datasets": row.datasets,
            "services": row.services,
            "url": self.address(f"/publisher/{row.name}"),
        }

    def title(self, row: EntryRow) -> str:
        """What an entry is called."""
        return self._text(row.entry.title) or row.name

    def page(self, row: EntryRow) -> str:
        """Its page."""
        return self.address(f"/{row.kind}/{row.name}")

    def address(self, path: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
        """The public address of a page."""
        query = urlencode(list(parameters))
        return f"{self._settings.site_url}/{self.language}{path}{'?' if query else ''}{query}"

    def licences(self, row: EntryRow) -> list[str]:
        """The different licences of the files, of a service, or of what has no files."""
        given = [file.license for file in files(row.entry)] or [row.entry.license]
        return list(dict.fromkeys(name for one in given if (name := self.licence(one))))

    def licence(self, one: LicenseDocument | None) -> str:
        """A licence in a word: of the vocabulary, else as it is said."""
        if one is None:
            return ""
        term = vocab.LICENCES.by_iri.get(one.iri or "")
        return vocab.label(term, self.language) if term else self._text(one.titles or one.labels) or one.iri or ""

    def terms(self, given: Iterable[Concept], table: vocab.Vocabulary) -> list[str]:
        """Terms in words."""
        return [word for one in given if (word := self.term(one, table))]

    def term(self, one: Concept | None, table: vocab.Vocabulary) -> str:
        """A term in a word: of the vocabulary, else as it is said."""
        if one is None:
            return ""
        term = table.by_iri.get(one.iri or "")
        return vocab.label(term, self.language) if term else self._text(one.labels) or one.iri or ""

    def place(self, one: Location) -> str:
        """A place by its name."""
        return self._text(one.labels) or one.iri or ""

    def _text(self, said: Texts, most: int = LONG) -> str:
        best = best_along(CHAINS[self.language], said)
        plain = " ".join(without_html(best.value).split()) if best else ""
        return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"
