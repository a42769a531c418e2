"""Who publishes what, and who does not: a table of bodies and years for each subject, and for money all at once."""

from typing import NamedTuple

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.coverage.bodies import KINDS, Body, named
from catalogue.coverage.coverage import Answer, Row, Table, body
from catalogue.errors import NotFound
from catalogue.search.subjects import Subject, subjects
from catalogue.store.rows import PublisherRow

from ..current import absolute, catalogue
from ..http import params
from ..http.caching import cached
from ..wording import bodies, words
from ..wording.words import gettext as _
from . import frame

WINDOW, OF_MONEY = 3, 4
"""Years beside each other: more of them, for 19 or 38 bodies, would make the page heavy."""
HISTORY = 12
"""Years on the page of one body."""
EARLIEST = 1995
LISTED = 3
"""Entries named in one cell of the page of one body."""
OTHERS = 5
"""Entries named that are of no body of the table."""


class Cell(NamedTuple):
    """What there is of a body and a year."""

    text: str
    address: str = ""
    label: str = ""
    """The words of the link where they are heard without the table."""
    is_gap: bool = False


class Line(NamedTuple):
    """A body with its cells: what says no year, then each year."""

    body: Body
    cells: list[Cell]


@cached()
def index() -> ResponseReturnValue:
    """The subjects."""
    tables = [catalogue().coverage.table(id) for id in subjects()]
    return render_template("coverage_index.html", tables=[(one, counts(one)) for one in tables])


@cached()
def show(subject: str) -> ResponseReturnValue:
    """Bodies and years of one subject."""
    table = catalogue().coverage.table(subject)
    kind, until = params.choice("bodies", table.subject.bodies), last_year()
    among = years(until)
    frame.keep(state(kind, until, table.subject.bodies[0]), indexed=until == this_year())
    return render_template(
        "coverage.html",
        table=table,
        kind=kind,
        kinds=[(one, url_for("pages.coverage", subject=subject, bodies=one)) for one in table.subject.bodies],
        counts=counts(table),
        years=among,
        lines=[line(row, table.subject, among) for row in table.of_kind(kind)],
        has_others=any(not one.is_own for row in table.of_kind(kind) for one in row.answers),
        others=table.others[:OTHERS],
        **around(until, WINDOW),
    )


@cached()
def row(subject: str, name: str) -> ResponseReturnValue:
    """One body: what there is of each year, and a letter that asks for what is not there."""
    table, asked = catalogue().coverage.table(subject), body(name)
    if asked.kind not in table.subject.bodies:
        raise NotFound(f"Of a {asked.kind} nobody asks {subject}.")
    own = table.row(asked)
    among = range(this_year() - HISTORY + 1, this_year() + 1)
    gaps = [year for year in among if own.is_gap(table.subject, year)][-OF_MONEY:]
    publishers = publishers_of(asked)
    entries = catalogue().entries.with_ids(one.document.id for one in own.answers[:LISTED] if one.is_own)
    letter = bodies.letter(
        asked,
        table.subject,
        gaps,
        [*bodies.mailboxes(publishers, entries), frame.contact()],
        absolute(url_for("pages.coverage_row", subject=subject, name=name)),
    )
    return render_template(
        "coverage_row.html",
        subject=table.subject,
        body=asked,
        row=own,
        years=[year for year in reversed(among) if own.of_year(year) or own.is_gap(table.subject, year)],
        listed=LISTED,
        publishers=publishers,
        letter=letter if own.has_gap(table.subject, among) else None,
    )


@cached()
def money() -> ResponseReturnValue:
    """Budget, accounts and public contracts of all local bodies, year by year."""
    tables, until = catalogue().coverage.money(), last_year()
    frame.keep((("until", str(until)),) if until != this_year() else (), indexed=until == this_year())
    among = years(until, OF_MONEY)
    return render_template(
        "money.html",
        tables=[(one, counts(one)) for one in tables],
        years=among,
        groups=[
            (kind, [(row.body, summary(tables, row.body, among)) for row in tables[0].of_kind(kind)]) for kind in KINDS
        ],
        **around(until, OF_MONEY),
    )


def summary(tables: tuple[Table, ...], of: Body, among: range) -> list[str]:
    """Of each year what is published, in words."""
    rows = [(one.subject, one.row(of)) for one in tables]
    return [", ".join(said(subject) for subject, row in rows if row.of_year(year)) for year in among]


def line(row: Row, subject: Subject, among: range) -> Line:
    """A body as the table of a subject shows it. Where nothing is due by year, it is asked for today's."""
    here = url_for("pages.coverage_row", subject=subject.id, name=row.body.slug)
    undated = gap("", here) if not row.answers and subject.due is None else cell(row.undated, _("yes"), here)
    dated = (
        gap(str(year), here) if row.is_gap(subject, year) else cell(row.of_year(year), str(year), here)
        for year in among
    )
    return Line(row.body, [undated, *dated])


def gap(year: str, here: str) -> Cell:
    """What is missing leads to the letter that asks for it."""
    text = _("missing")
    return Cell(text, f"{here}#ask", " ".join(filter(None, (text, year))) + f": {_('Ask for it')}", is_gap=True)


def cell(answers: tuple[Answer, ...], text: str, here: str) -> Cell:
    """A link to the only entry, or to the page that lists several; a star marks what only others publish."""
    if not answers:
        return Cell("")
    mark = "" if any(one.is_own for one in answers) else " *"
    if len(answers) > 1:
        return Cell(f"{text} ({len(answers)}){mark}", here)
    document = answers[0].document
    title = words.pick(document.title)
    name = title.text.value if title else document.name
    return Cell(text + mark, frame.entry_url(document.type, document.name), f"{text}{mark}: {name}")


def counts(table: Table) -> list[tuple[str, int, int]]:
    """For each kind of body how many publish something, of how many."""
    groups = [(kind, table.of_kind(kind)) for kind in table.subject.bodies]
    return [(kind, sum(any(one.is_own for one in row.answers) for row in rows), len(rows)) for kind, rows in groups]


def publishers_of(asked: Body) -> list[PublisherRow]:
    """The publishers that a body is, under whatever names its sources give it."""
    return [row for row in catalogue().publishers.all() if named(row.title) == asked]


def said(subject: Subject) -> str:
    """What a subject is called."""
    return subject.name[words.language()]


def this_year() -> int:
    """The year of today."""
    return clock.now().year


def last_year() -> int:
    """The latest year that the address asks for."""
    return params.whole("until", this_year(), EARLIEST, this_year())


def years(until: int, number: int = WINDOW) -> range:
    """So many years beside each other."""
    return range(until - number + 1, until + 1)


def around(until: int, number: int) -> dict[str, int | None]:
    """Where the pages of the years before and after end."""
    return {
        "earlier": until - number if until - number >= EARLIEST else None,
        "later": min(until + number, this_year()) if until < this_year() else None,
    }


def state(kind: str, until: int, usual: str) -> params.Pairs:
    """The parameters that belong to the page."""
    chosen = (("bodies", kind),) if kind != usual else ()
    return (*chosen, ("until", str(until))) if until != this_year() else chosen
