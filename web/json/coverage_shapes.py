"""Who publishes what, and who does not, as programs read it."""

from collections.abc import Iterator

import msgspec

from catalogue import clock
from catalogue.coverage.communes import OFFICIAL
from catalogue.coverage.coverage import Answer, Row, Table
from catalogue.publishing.texts_by_language import Tagged, by_language
from catalogue.search.subjects import Subject

from .entry_shapes import page_address

LONGEST = 20
"""Years back that are told: of what is older, only what there is."""


class AnswerShape(msgspec.Struct, frozen=True):
    """An entry of a subject."""

    id: str
    type: str
    title: Tagged
    publisher: Tagged
    years: tuple[int, ...]
    """Empty where nothing says it."""
    own: bool
    """False where another body publishes it."""
    url: str


class RowShape(msgspec.Struct, frozen=True):
    """One body."""

    body: str
    kind: str
    commune: dict[str, str]
    nis: str
    answers: tuple[AnswerShape, ...]
    missing: tuple[int, ...]
    """Years that are due, and are not there."""


class TableShape(msgspec.Struct, frozen=True):
    """One subject."""

    subject: str
    label: dict[str, str]
    years: tuple[int, ...]
    """Those that were looked at for what is missing."""
    rows: tuple[RowShape, ...]
    others: tuple[AnswerShape, ...]
    """What is of no body of the table."""


HEADINGS = ("subject", "body", "kind", "nis", "name_fr", "name_nl", "year", "state", "own", "publisher", "title", "url")
"""Of the table. `state`: `published`, `missing` or `not-due`; `year` is empty where nothing says it."""


def shape(table: Table) -> TableShape:
    """A table as JSON."""
    years = looked_at(table)
    return TableShape(
        table.subject.id,
        dict(table.subject.name),
        tuple(years),
        tuple(_row(row, table.subject, years) for row in table.rows),
        tuple(map(_answer, table.others)),
    )


def looked_at(table: Table) -> range:
    """From the first year of which there is anything, or the last four, until this one."""
    last = clock.now().year
    first = min(table.first_year() or last, last - 3)
    return range(max(first, last - LONGEST + 1), last + 1)


def lines(table: Table) -> Iterator[tuple[str, ...]]:
    """The rows under the headings: one for each body, year and entry, and one for each body and year without any."""
    for row in table.rows:
        commune = row.body.commune
        begin = (table.subject.id, row.body.slug, row.body.kind, commune.code, *map(commune.name, OFFICIAL))
        yield from ((*begin, "", "published", *_told(one)) for one in row.undated)
        for year in looked_at(table):
            state = "missing" if row.is_gap(table.subject, year) else "not-due"
            found = [("published", *_told(one)) for one in row.of_year(year)] or [(state, "", "", "", "")]
            yield from ((*begin, str(year), *one) for one in found)


def _told(answer: Answer) -> tuple[str, str, str, str]:
    document = answer.document
    title = next((text.value for text in document.title), "")
    publisher = next((text.value for text in document.publisher), "")
    return "yes" if answer.is_own else "no", publisher, title, page_address(document.type, document.name)


def _row(row: Row, subject: Subject, years: range) -> RowShape:
    commune = row.body.commune
    return RowShape(
        row.body.slug,
        row.body.kind,
        {lang: commune.name(lang) for lang in OFFICIAL},
        commune.code,
        tuple(map(_answer, row.answers)),
        tuple(year for year in years if row.is_gap(subject, year)),
    )


def _answer(answer: Answer) -> AnswerShape:
    document = answer.document
    return AnswerShape(
        document.id,
        document.type,
        by_language(document.title),
        by_language(document.publisher),
        tuple(sorted(answer.years)),
        answer.is_own,
        page_address(document.type, document.name),
    )
