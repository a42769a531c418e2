"""The table of a subject: who publishes it, for which years."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .. import clock
from ..errors import NotFound
from ..indexing.followed_index import FollowedIndex
from ..search.base import Document, Query
from ..search.params import DEPTH_LIMIT, PER_PAGE
from ..search.subjects import Subject, subjects
from . import years
from .bodies import COMMUNE, Body, bodies, by_slug, named
from .communes import communes

TOGETHER = max(PER_PAGE)


class Answer(NamedTuple):
    """A dataset, service, series or publication of a subject that is of a body."""

    document: Document
    years: frozenset[int]
    """Empty where nothing says it."""
    is_own: bool
    """False where another body publishes it, about the territory of this one."""


class Row(NamedTuple):
    """One body."""

    body: Body
    answers: tuple[Answer, ...] = ()

    def of_year(self, year: int) -> tuple[Answer, ...]:
        """What is of a year."""
        return tuple(one for one in self.answers if year in one.years)

    @property
    def undated(self) -> tuple[Answer, ...]:
        """What says nothing of its years."""
        return tuple(one for one in self.answers if not one.years)

    def is_gap(self, subject: Subject, year: int) -> bool:
        """True when a year should be there, and is not."""
        return years.is_due(year, subject.due, clock.now().date()) and not self.of_year(year)

    def has_gap(self, subject: Subject, among: range) -> bool:
        """True when something is to be asked for: a year that is due, or, where none ever is, anything at all."""
        if subject.due is None:
            return not self.answers
        return any(self.is_gap(subject, year) for year in among)


class Table(NamedTuple):
    """One subject."""

    subject: Subject
    rows: tuple[Row, ...]
    """Every body that is asked, whether it publishes or not."""
    others: tuple[Answer, ...]
    """What cannot be told to be of one of them: mostly of the whole region."""

    @property
    def is_filled(self) -> bool:
        """True when anybody publishes anything of it."""
        return bool(self.others) or any(row.answers for row in self.rows)

    def of_kind(self, kind: str) -> tuple[Row, ...]:
        """The bodies of a kind."""
        return tuple(row for row in self.rows if row.body.kind == kind)

    def row(self, body: Body) -> Row:
        """One body; empty where it is not asked."""
        return next((row for row in self.rows if row.body == body), Row(body))

    def first_year(self) -> int | None:
        """The earliest year of which there is anything."""
        return min((year for row in self.rows for one in row.answers for year in one.years), default=None)


class Coverage:
    """Counts who publishes what. Everything raises `SearchUnavailable` while the index does not answer."""

    def __init__(self, index: FollowedIndex) -> None:
        self._index = index

    def table(self, subject: str) -> Table:
        """One subject; raises `NotFound`."""
        if subject not in subjects():
            raise NotFound(f"There is no subject {subject[:40]!r}.")
        return _table(self._index, self._index.generation(), subject)

    def money(self) -> tuple[Table, ...]:
        """The subjects of money."""
        return tuple(self.table(one.id) for one in subjects().values() if one.is_money)


def body(slug: str) -> Body:
    """The body of that name; raises `NotFound`."""
    if slug not in by_slug():
        raise NotFound(f"There is no local body {slug[:60]!r}.")
    return by_slug()[slug]


@lru_cache(maxsize=20)  # little more than the subjects: tables of former states hold whole documents
def _table(index: FollowedIndex, _generation: str, subject: str) -> Table:
    """Once for each state of the catalogue."""
    asked, found, others = subjects()[subject], defaultdict(list), []
    for document in _documents(index, subject):
        own, of = named(document.publisher), years.of(document)
        concerned = (own,) if own else _about(document)
        answers = [(body, Answer(document, of, body == own)) for body in concerned if body.kind in asked.bodies]
        for body, answer in answers:
            found[body].append(answer)
        if not answers:
            others.append(Answer(document, of, is_own=False))
    rows = (Row(body, _latest_first(found[body])) for body in bodies() if body.kind in asked.bodies)
    return Table(asked, tuple(rows), _latest_first(others))


def _latest_first(answers: list[Answer]) -> tuple[Answer, ...]:
    return tuple(sorted(answers, key=lambda one: (-max(one.years, default=0), one.document.name)))


def _about(document: Document) -> tuple[Body, ...]:
    """The communes on whose territory it is, where it names them."""
    return tuple(Body(COMMUNE, one) for one in communes() if one.code in document.area)


def _documents(index: FollowedIndex, subject: str) -> Iterator[Document]:
    """What is of a subject, each dataset once, whatever catalogues have it."""
    page = 1
    while True:
        found = index.listed(Query(filters={"subject": (subject,)}, sort="id", page=page, per_page=TOGETHER))
        yield from (one for one in found.documents if not one.copy_of)
        if page * TOGETHER >= min(found.count, DEPTH_LIMIT):
            return
        page += 1
