"""What search is told about an entry: a function of the store's row, and of that of the entry whose copy it is."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import parse_qsl

from dcat import vocab
from dcat.model import (
    Concept,
    DataService,
    Dataset,
    Distribution,
    Entry,
    LicenseDocument,
    Location,
    Period,
    Publication,
    Text,
    Texts,
)
from dcat.normalise.geometries import Box, box_of
from dcat.vocab import Vocabulary

from ..ingest.lateness import frequency_code
from ..search.base import Document
from ..search.near_duplicates import group
from ..search.ranges import TURN
from ..store.rows import EntryRow

OTHER = "OTHER"
"""Code of a licence or category that is in none of the tables."""
NO_LICENCE = "NONE"
UNDETERMINED = "und"
"""The tag that says that nobody knows the language (ISO 639-2)."""
FILE_TEXT_LIMIT = 20_000
"""Characters of what is said of files that are indexed, but for the last text."""
LAYERS = frozenset({"layer", "layers", "typename", "typenames", "coverage", "coverageid", "coverages"})
"""Parameters of WMS, WFS, WMTS and WCS that name them, in small letters."""

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)?)?\Z")


def document(row: EntryRow, original: EntryRow | None = None, columns: Iterable[str] = (), *, today: date) -> Document:
    """The row as search knows it; `original`: the canonical entry, when this one is the same in another catalogue;
    `columns`: headings of the tables in its files.

    What becomes late later on is indexed again on that day (`indexing.put_back_late`).
    """
    entry = row.entry
    start, end = span(entry.temporal)
    return Document(
        id=row.id,
        revision=row.revision,
        iri=row.iri,
        name=row.name,
        type=row.kind,
        title=entry.title,
        description=entry.description,
        keyword=entry.keyword,
        file=tuple(text for file in files(entry) for text in file.title),
        file_text=_file_texts(entry),
        layer=_layers(entry),
        publisher_name=row.publisher_name,
        publisher=entry.publisher.name if entry.publisher else (),
        theme=_codes(vocab.THEMES, entry.theme),
        format=_codes(vocab.FORMATS, _formats(entry)),
        licence=_licences(entry),
        language=_languages(row),
        frequency=frequency_code(entry),
        issued=_date(entry.issued),
        modified=_date(entry.modified),
        updated=row.updated.isoformat(),
        identifier=(*(text.value for text in entry.identifier), *_other_identifiers(entry), row.identifier),
        column=tuple(dict.fromkeys(columns)),
        spatial=tuple(text for place in entry.spatial for text in place.labels),
        area=_areas(entry.spatial),
        bbox=extent(entry.spatial),
        start=start,
        end=end,
        hvd=_hvd(entry),
        quality=row.score.points if row.score else None,
        late=row.late_from is not None and row.late_from <= today,
        copy_of=original.id if original else "",
        group=group(document(original, today=today)) if original else "",
    )


def _codes(vocabulary: Vocabulary, concepts: Iterable[Concept]) -> tuple[str, ...]:
    terms = (vocabulary.by_iri.get(concept.iri) for concept in concepts if concept.iri)
    return tuple(dict.fromkeys(term.code for term in terms if term))


def files(entry: Entry) -> tuple[Distribution, ...]:
    """The files of a dataset or series; a service has none."""
    return () if isinstance(entry, DataService) else entry.distribution


def _file_texts(entry: Entry) -> Texts:
    """What is said of the files, and of the services that give them; each text once, as far as they are indexed."""
    found: dict[Text, None] = {}
    room = FILE_TEXT_LIMIT
    for file in files(entry):
        services = (text for one in file.access_service for text in (*one.title, *one.description))
        for text in (*file.description, *services):
            if text not in found and room > 0:
                found[text] = None
                room -= len(text.value)
    return tuple(found)


def _other_identifiers(entry: Entry) -> Iterator[str]:
    """What else it is called, such as its DOI, which articles cite."""
    for one in entry.other_identifier if isinstance(entry, Dataset | Publication) else ():
        yield from (text.value for text in one.notation)
        yield from filter(None, (one.iri,))


def _layers(entry: Entry) -> tuple[str, ...]:
    """The layers, kinds of features and coverages that addresses of services name."""
    given = (url for file in files(entry) for url in file.access_url)
    urls = entry.endpoint_url if isinstance(entry, DataService) else given
    asked = (pair for url in urls for pair in parse_qsl(url.partition("?")[2]))
    named = (name for key, names in asked if key.lower() in LAYERS for name in names.split(","))
    return tuple(dict.fromkeys(filter(None, named)))


def _formats(entry: Entry) -> tuple[Concept, ...]:
    if isinstance(entry, DataService):
        return entry.format
    return tuple(one.format for one in files(entry) if one.format)


def _licences(entry: Entry) -> tuple[str, ...]:
    """Of files and services, and of what has none of them."""
    licences = tuple(one.license for one in files(entry)) or (entry.license,)
    found = dict.fromkeys(_licence(licence) for licence in licences)
    if len(found) > 1:
        found.pop(NO_LICENCE, None)
    return tuple(found) or (NO_LICENCE,)


def _licence(licence: LicenseDocument | None) -> str:
    if licence is None:
        return NO_LICENCE
    term = vocab.LICENCES.by_iri.get(licence.iri or "")
    return term.code if term else OTHER


def _languages(row: EntryRow) -> tuple[str, ...]:
    terms = (vocab.LANGUAGES.by_iri.get(concept.iri or "") for concept in row.entry.language)
    said = (term.extra.get("tag", "") for term in terms if term)
    written = (text.language for text in (*row.entry.title, *row.entry.description) if not text.is_machine_translated)
    return tuple(sorted({*said, *written} - {"", UNDETERMINED}))


def _date(text: str | None) -> str:
    return text if text and _DATE.match(text) else ""


def span(periods: tuple[Period, ...]) -> tuple[str, str]:
    """The span from the first beginning to the last end; open where a period is."""
    spans = [(_date(_begins(one)), _date(_ends(one))) for one in periods]
    spans = [span for span in spans if any(span)]
    if not spans:
        return "", ""
    starts, ends = zip(*spans, strict=True)
    return min(starts), max(ends) if all(ends) else ""


def _begins(period: Period) -> str | None:
    instant = period.beginning
    return period.start or (instant and (instant.date or instant.date_time)) or None


def _ends(period: Period) -> str | None:
    instant = period.ending
    return period.end or (instant and (instant.date or instant.date_time)) or None


def _areas(places: tuple[Location, ...]) -> tuple[str, ...]:
    iris = (iri for place in places for iri in (place.iri, *place.exact_match) if iri)
    terms = (vocab.PLACES.find(iri) for iri in iris)
    return tuple(dict.fromkeys(term.code for term in terms if term))


def extent(places: tuple[Location, ...]) -> tuple[float, float, float, float] | None:
    """The smallest box around all the boxes, or around the points when there is no box. When one of them lies across
    180°, degrees go on beyond it, and the others are counted from its side."""
    boxes = [*_boxes(place.bbox for place in places)] or [*_boxes(place.centroid for place in places)]
    if not boxes:
        return None
    turn = TURN * any(box.west > box.east for box in boxes)
    wests = [box.west + turn * (box.west < 0) for box in boxes]
    easts = [box.east + turn * (box.east < 0 or box.west > box.east) for box in boxes]
    return min(wests), min(box.south for box in boxes), max(easts), max(box.north for box in boxes)


def _boxes(geometries: Iterable[str | None]) -> Iterator[Box]:
    return (box for geometry in geometries if geometry and (box := box_of(geometry)[0]))


def _hvd(entry: Entry) -> tuple[str, ...]:
    codes = _codes(vocab.HVD_CATEGORIES, entry.hvd_category)
    laws = {law.iri for law in entry.applicable_legislation}
    return codes or ((OTHER,) if entry.hvd_category or vocab.HVD_REGULATION in laws else ())
