"""A dataset or series as Project Open Data 1.1 has it (DCAT-US 1.1): https://resources.data.gov/resources/dcat-us/.

One language, and texts where DCAT has nodes. Where an entry does not say what that schema demands, something that is
known of it is said: its title for a description, its theme for keywords, the day it came in for a date, the operator
for a contact.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from catalogue.settings import Settings
from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.model import Concept, Contact, Dataset, Distribution, LicenseDocument, Location, Texts
from dcat.normalise.geometries import box_of
from dcat.our_languages import CHAINS, best_along

from .schema_org import media_type

Json = dict[str, Any]

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
KINDS = ("dataset", "series")
"""What a catalogue of that schema lists: services stand in the files that they give."""
WITHOUT_PERIOD = {"CONT": "R/PT1S", "IRREG": "irregular"}
ACCESS = {"PUBLIC": "public", "RESTRICTED": "restricted public", "NON_PUBLIC": "non-public"}


class Writer(NamedTuple):
    """What writes entries after the request is over."""

    settings: Settings
    lang: str

    def head(self, iri: str) -> Json:
        """The catalogue, without its datasets."""
        return {
            "@context": f"{SCHEMA}/catalog.jsonld",
            "@id": iri,
            "@type": "dcat:Catalog",
            "conformsTo": SCHEMA,
            "describedBy": f"{SCHEMA}/catalog.json",
        }

    def dataset(self, row: EntryRow) -> Json:
        """One dataset or series."""
        entry = row.entry
        title = self.text(entry.title) or row.name
        themes = [self.term(theme, vocab.THEMES) for theme in entry.theme]
        said = {
            "@type": "dcat:Dataset",
            "@id": row.iri,
            "identifier": row.iri,
            "title": title,
            "description": self.text(entry.description) or title,
            "keyword": self.keywords(entry.keyword) or list(filter(None, themes)) or [title],
            "modified": entry.modified or entry.issued or row.updated.date().isoformat(),
            "issued": entry.issued,
            "publisher": self.publisher(row),
            "contactPoint": self.contact(entry.contact, row),
            "accessLevel": self.access(entry.access_rights.iri if entry.access_rights else None),
            "accrualPeriodicity": period(entry.frequency),
            "theme": list(filter(None, themes)),
            "language": [tag for one in entry.language if (tag := language(one))],
            "landingPage": next((page.iri for page in entry.landing_page if page.iri), None) or self.page(row),
            "references": [page.iri for page in entry.page if page.iri],
            "conformsTo": next((one.iri for one in entry.conforms_to if one.iri), None),
            "spatial": next((place for one in entry.spatial if (place := self.place(one))), None),
            "temporal": next((f"{p.start}/{p.end}" for p in entry.temporal if p.start and p.end), None),
            **(self.own(entry) if isinstance(entry, Dataset) else licence_of(entry.license)),
        }
        return {name: value for name, value in said.items() if value not in (None, "", [])}

    def own(self, entry: Dataset) -> Json:
        """What only datasets have."""
        licences = {file.license.iri for file in entry.distribution if file.license and file.license.iri}
        return {
            "isPartOf": next(iter(entry.in_series), None),
            "license": next(iter(licences)) if len(licences) == 1 else None,
            "distribution": [self.file(file) for file in entry.distribution],
        }

    def file(self, file: Distribution) -> Json:
        """One file."""
        download = next(iter(file.download_url), None)
        kind = media_type(file)
        said = {
            "@type": "dcat:Distribution",
            "@id": file.iri,
            "title": self.text(file.title),
            "description": self.text(file.description),
            "accessURL": next(iter(file.access_url), None),
            "downloadURL": download,
            "mediaType": kind or ("application/octet-stream" if download else None),
            "format": self.term(file.format, vocab.FORMATS),
            "license": file.license.iri if file.license else None,
            "conformsTo": next((one.iri for one in file.conforms_to if one.iri), None),
            "describedBy": next((page.iri for page in file.page if page.iri), None),
        }
        return {name: value for name, value in said.items() if value not in (None, "")}

    def publisher(self, row: EntryRow) -> Json:
        """Who publishes."""
        given = row.entry.publisher
        name = self.text(given.name) if given else ""
        return {"@type": "org:Organization", "name": name or row.publisher_name or self.settings.title}

    def contact(self, given: Iterable[Contact], row: EntryRow) -> Json | None:
        """Whom to ask: the publisher's desk, else those who run this catalogue; none where nobody has an address."""
        desk = next((one for one in given if one.email), None)
        email = desk.email[0] if desk else self.settings.contact
        if not email:
            return None
        name = self.text(desk.name or desk.organization) if desk else self.settings.title
        address = email if ":" in email else f"mailto:{email}"
        return {"@type": "vcard:Contact", "fn": name or self.publisher(row)["name"], "hasEmail": address}

    def access(self, iri: str | None) -> str:
        """Who may have the data; everybody, unless it is said."""
        term = vocab.ACCESS_RIGHTS.by_iri.get(iri or "")
        return ACCESS.get(term.code, "public") if term else "public"

    def place(self, one: Location) -> str:
        """An area by its box, else by its name or IRI."""
        return box(one) or self.text(one.labels) or one.iri or ""

    def page(self, row: EntryRow) -> str:
        """Where the portal shows an entry."""
        return f"{self.settings.site_url}/{self.lang}/{row.kind}/{row.name}"

    def text(self, said: Texts) -> str:
        """A text in the language asked for, or the next best."""
        best = best_along(CHAINS[self.lang], said)
        return best.value if best else ""

    def keywords(self, said: Texts) -> list[str]:
        """The keywords in the language asked for; all of them when there is none in it."""
        own = [text.value for text in said if text.language == self.lang and not text.is_machine_translated]
        return list(dict.fromkeys(own or [text.value for text in said]))

    def term(self, given: Concept | None, table: vocab.Vocabulary) -> str:
        """A term in a word: of the vocabulary, else as it is said."""
        if given is None:
            return ""
        known = table.by_iri.get(given.iri or "")
        return vocab.label(known, self.lang) if known else self.text(given.labels) or given.iri or ""


def licence_of(given: LicenseDocument | None) -> Json:
    """The licence of a series."""
    return {"license": given.iri if given else None}


def box(one: Location) -> str:
    """The box of an area, as west, south, east and north."""
    found = box_of(one.bbox)[0] if one.bbox else None
    return f"{found.west},{found.south},{found.east},{found.north}" if found else ""


def period(given: Concept | None) -> str | None:
    """How often it changes, as ISO 8601 repeats it."""
    term = vocab.FREQUENCIES.by_iri.get(given.iri or "") if given else None
    if term is None:
        return None
    return f"R/{term.extra['period']}" if term.extra.get("period") else WITHOUT_PERIOD.get(term.code)


def language(given: Concept) -> str:
    """A language by its tag."""
    term = vocab.LANGUAGES.by_iri.get(given.iri or "")
    return term.extra.get("tag", "") if term else ""
