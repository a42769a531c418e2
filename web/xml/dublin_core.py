"""An entry in the fifteen elements of Dublin Core.

https://www.dublincore.org/specifications/dublin-core/dces/
"""

from collections.abc import Iterable, Iterator

from catalogue.publishing.texts_by_language import values
from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.model import (
    Concept,
    DataService,
    Dataset,
    Entry,
    LicenseDocument,
    Period,
    RightsStatement,
    Text,
    Texts,
)

from ..current import settings
from ..json.entry_shapes import page_address

TYPES = {"dataset": "Dataset", "series": "Collection", "service": "Service", "publication": "Text"}
"""Kind of entry → term of the DCMI Type Vocabulary."""


def elements(row: EntryRow) -> Iterator[tuple[str, Text]]:
    """Names of elements with what each says, in the order in which readers want them. A text of our own and a term in
    several languages stand in the first language of the portal."""
    entry = row.entry
    yield from _each("title", entry.title)
    yield from _each("creator", (name for agent in _creators(entry) for name in agent))
    yield from _each("subject", entry.keyword)
    yield from _each("subject", (label for theme in entry.theme for label in _labels(theme)))
    yield from _each("description", entry.description)
    yield from _each("publisher", entry.publisher.name if entry.publisher else ())
    yield from _plain("date", (entry.issued, entry.modified))
    yield "type", Text(TYPES[row.kind])
    yield from _each("format", (label for term in formats(entry) for label in _labels(term)))
    yield from _plain("identifier", (row.iri, *values(entry.identifier), page_address(row.kind, row.name)))
    yield from _plain("source", files(entry))
    yield from _plain("language", filter(None, map(language, entry.language)))
    yield from _plain("relation", relations(entry))
    yield from _each("coverage", (label for place in entry.spatial for label in place.labels))
    yield from _plain("coverage", filter(None, map(span, entry.temporal)))
    yield from _each("rights", (text for one in licences(entry) for text in _words(one)))
    yield from _each("rights", _words(entry.access_rights) if entry.access_rights else ())


def files(entry: Entry) -> list[str]:
    """Where its data are: files, else accesses; the endpoints of a service."""
    if isinstance(entry, DataService):
        return list(dict.fromkeys(entry.endpoint_url))
    found = (file.download_url or file.access_url for file in entry.distribution)
    return list(dict.fromkeys(str(address) for some in found for address in some))


def formats(entry: Entry) -> list[Concept]:
    """The formats of its files, each once."""
    given = entry.format if isinstance(entry, DataService) else [file.format for file in entry.distribution]
    return list({term.iri or str(term.labels): term for term in given if term}.values())


def licences(entry: Entry) -> list[LicenseDocument]:
    """Its licence, or those of its files, each once."""
    ours = () if isinstance(entry, DataService) else (file.license for file in entry.distribution)
    return list(dict.fromkeys(one for one in (entry.license, *ours) if one))


def relations(entry: Entry) -> list[str]:
    """What it is part of, derived from, or gives."""
    if isinstance(entry, DataService):
        return list(map(str, entry.serves_dataset))
    return list(map(str, (*entry.in_series, *entry.source, *entry.relation))) if isinstance(entry, Dataset) else []


def language(term: Concept) -> str:
    """A language by its tag, else as it is called."""
    known = vocab.LANGUAGES.by_iri.get(term.iri or "")
    return known.extra.get("tag", known.code.lower()) if known else next(iter(values(term.labels)), term.iri or "")


def span(period: Period) -> str:
    """A period as `start/end`; empty for one without dates."""
    start, end = period.start or "", period.end or ""
    return f"{start}/{end}" if start or end else ""


def _creators(entry: Entry) -> list[Texts]:
    return [agent.name for agent in entry.creator] if isinstance(entry, Dataset) else []


def _labels(term: Concept) -> Texts:
    """What a term is called: a format by its code, a theme in our first language, another as its source says."""
    if known := vocab.FORMATS.by_iri.get(term.iri or ""):
        return (Text(known.code),)
    if known := vocab.THEMES.by_iri.get(term.iri or ""):
        first = settings().languages[0]
        return (Text(vocab.label(known, first), first),)
    return term.labels or ((Text(term.iri),) if term.iri else ())


def _words(one: LicenseDocument | RightsStatement) -> Texts:
    """A licence or statement by its address, else its words."""
    if one.iri:
        return (Text(one.iri),)
    return one.titles or one.labels if isinstance(one, LicenseDocument) else one.labels


def _each(name: str, texts: Iterable[Text]) -> Iterator[tuple[str, Text]]:
    yield from ((name, text) for text in dict.fromkeys(texts) if text.value.strip())


def _plain(name: str, said: Iterable[str | None]) -> Iterator[tuple[str, Text]]:
    yield from _each(name, (Text(value) for value in said if value))
