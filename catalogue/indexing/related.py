"""Data that belong together, each with the reason: a few questions to store and index, however large they are."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import structlog

from dcat import vocab
from dcat.model import Dataset, Publication, Text, Texts

from .. import clock
from ..search.base import Document, Query, SearchUnavailable
from ..search.facets import column_value, keyword_value
from ..search.params import FILTER_LIMIT
from ..store import entries, previews
from ..store.database import Database, Transaction
from ..store.rows import EntryRow
from .entry_document import document
from .followed_index import FollowedIndex

SERIES, PUBLICATION, COLUMNS, PUBLISHER, COMMUNE = "series", "publication", "columns", "publisher", "commune"
"""Reasons, the strongest first."""
SHOWN, OF_A_REASON = 5, 2
"""Data that are told, and how many for one reason while there are others."""
LOOKED_AT = 25
"""Answers to one question that are looked at."""
ABOVE = 2
"""Series and publications that are looked into."""
_NUMBERS = ("", "id", "fid", "gid", "objectid")
_PLACES = ("x", "y", "lat", "lon", "latitude", "longitude", "geometry", "geo_point_2d", "geo_shape")
EVERYWHERE = frozenset(map(column_value, (*_NUMBERS, *_PLACES)))
"""Headings that make no two tables alike: numbers of lines, and where something is."""

log = structlog.get_logger(__name__)


class Related(NamedTuple):
    """An entry that belongs to another one."""

    id: str
    kind: str
    name: str
    title: Texts
    reason: str
    told: tuple[Text, ...] = ()
    """What is shared: the series, the publication or the columns, as they are called; else codes of the tables."""


class RelatedData:
    """What belongs to datasets."""

    def __init__(self, database: Database, index: FollowedIndex) -> None:
        self._database, self._index = database, index

    def of(self, row: EntryRow) -> list[Related]:
        """What belongs to a dataset, each entry once, for the strongest reason; without the index only what entries say
        of each other."""
        with self._database.read() as tx:
            columns = previews.columns_of(tx, [row.id]).get(row.id, ())
            said = [*_of_series(tx, row), *_of_publications(tx, row)]
        own = document(row, None, columns, today=clock.now().date())
        found: dict[str, Related] = {}
        for one in (*said, *_of_index(self._index, own)):
            found.setdefault(one.id, one)
        found.pop(row.id, None)
        return _varied(list(found.values()))[:SHOWN]


def _varied(found: list[Related]) -> list[Related]:
    """Some for each reason first, then the others."""
    times = Counter[str]()
    first: list[Related] = []
    for one in found:
        times[one.reason] += 1
        first += [one] if times[one.reason] <= OF_A_REASON else []
    return [*first, *(one for one in found if one not in first)]


def _of_series(tx: Transaction, row: EntryRow) -> Iterator[Related]:
    iris = row.entry.in_series if isinstance(row.entry, Dataset) else ()
    for one in entries.by_iris(tx, iris, ABOVE).values():
        for member in entries.linked(tx, "in_series", one.iri, SHOWN + 1):
            yield _entry(member, SERIES, _title(one))


def _of_publications(tx: Transaction, row: EntryRow) -> Iterator[Related]:
    for one in entries.linked(tx, "uses", row.iri, ABOVE):
        uses = one.entry.uses if isinstance(one.entry, Publication) else ()
        for used in entries.by_iris(tx, uses, SHOWN + 1).values():
            yield _entry(used, PUBLICATION, _title(one))


def _of_index(index: FollowedIndex, own: Document) -> list[Related]:
    try:
        return [*_alike(index, own), *_of_publisher(index, own), *_of_commune(index, own)]
    except SearchUnavailable as error:
        log.warning("related.reduced", reason=str(error))
        return []


def _alike(index: FollowedIndex, own: Document) -> Iterator[Related]:
    """Data whose tables have half of their columns in common, and two at least."""
    headings = {column_value(one): one for one in own.column if column_value(one) not in EVERYWHERE}
    if len(headings) < 2:
        return
    asked = {"column": tuple(headings)[:FILTER_LIMIT]}

    def shared(other: Document) -> list[str]:
        theirs = {column_value(one) for one in other.column} - EVERYWHERE
        common = [key for key in headings if key in theirs]
        return common if len(common) >= max(2, min(len(headings), len(theirs)) / 2) else []

    for one in _ranked(index, own, asked, lambda other: len(shared(other))):
        if common := shared(one):
            yield _document(one, COLUMNS, *(Text(headings[key]) for key in common))


def _of_publisher(index: FollowedIndex, own: Document) -> Iterator[Related]:
    if own.publisher_name and own.theme:
        asked = {"publisher": (own.publisher_name,), "theme": own.theme, "type": ("dataset",)}
        for one in _ranked(index, own, asked, _keywords_of(own)):
            yield _document(one, PUBLISHER, *(Text(code) for code in own.theme if code in one.theme))


def _of_commune(index: FollowedIndex, own: Document) -> Iterator[Related]:
    communes = tuple(code for code in own.area if "postcodes" in vocab.PLACES.by_code[code].extra)
    if 0 < len(communes) <= ABOVE:
        asked = {"area": communes, "type": ("dataset",)} | ({"theme": own.theme} if own.theme else {})
        for one in _ranked(index, own, asked, _keywords_of(own)):
            yield _document(one, COMMUNE, *(Text(code) for code in communes if code in one.area))


def _ranked(
    index: FollowedIndex, own: Document, filters: dict[str, tuple[str, ...]], weight: Callable[[Document], int]
) -> list[Document]:
    """What has these values, the heaviest first, without copies of the same."""
    found = index.listed(Query(filters=filters, sort="-modified", per_page=LOOKED_AT))
    weighed = [(weight(one), one) for one in found.documents if one.id != own.id and not one.copy_of]
    return [one for _, one in sorted(weighed, key=lambda pair: -pair[0])]


def _keywords_of(own: Document) -> Callable[[Document], int]:
    """How many keywords another has in common with it."""
    keywords = _keywords(own.keyword)
    return lambda other: len(keywords & _keywords(other.keyword))


def _keywords(texts: Iterable[Text]) -> set[str]:
    return {keyword_value(one.value) for one in texts}


def _title(row: EntryRow) -> tuple[Text, ...]:
    return row.entry.title or (Text(row.name),)


def _entry(row: EntryRow, reason: str, told: tuple[Text, ...]) -> Related:
    return Related(row.id, row.kind, row.name, row.entry.title, reason, told)


def _document(one: Document, reason: str, *told: Text) -> Related:
    return Related(one.id, one.type, one.name, one.title, reason, told)
