"""The pages of one dataset, one service and one series."""

from typing import Any, cast

from babel.lists import format_list
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from catalogue.store import differences
from catalogue.store.rows import EntryRow, Label, Tombstone
from dcat.model import DataService, Dataset, Entry, Publication, Text, Texts

from ..current import absolute, catalogue, settings
from ..errors import Removed
from ..http import params
from ..http.caching import cached
from ..json import copies, schema_org
from ..wording import facts, freshness, history, judged, labels, relations, request_letter, sheet, words, writing
from ..wording.words import gettext as _
from . import frame
from .results import steps_between

FILES = 9
"""Files on one page: more of them would make the page heavy for old devices."""
CHANGES = 3
"""Moments at which something changed."""
ANSWERS = 2
"""Answers shown with the entry; its page of questions has all."""
AUTHORS = 10
REUSES = 5
"""Articles and apps that are shown with the entry; a page has all."""
LISTED = 30
"""Entries listed on the page of another one."""


@cached()
def dataset(name: str) -> ResponseReturnValue:
    """A dataset: key facts, files, technical sheet."""
    row = live("dataset", name)
    if row.name != name:
        return redirect(url_for("pages.dataset", name=row.name), 301)
    entry = cast("Dataset", row.entry)
    number, last = page_of(len(entry.distribution), FILES)
    files = facts.by_name(entry.distribution) if last > 1 else entry.distribution
    return render_template(
        "dataset.html",
        **described(row),
        files=files[(number - 1) * FILES : number * FILES],
        page_number=number,
        steps=steps_between(number, last, lambda page: page_address("pages.dataset", page, name=row.name)),
        seen=catalogue().previews.of_entry(row.id),
        downloaded=sum(catalogue().downloads.of_entry(row.id).values()),
        services=catalogue().entries.serving(row.iri, FILES),
        series=list(catalogue().entries.with_iris(entry.in_series, FILES).values()),
        publications=publications(row, entry)[:FILES],
        related=relations.told(catalogue().related.of(row)),
    )


@cached()
def service(name: str) -> ResponseReturnValue:
    """A service: its address, its documentation, the datasets that it gives."""
    row = live("service", name)
    if row.name != name:
        return redirect(url_for("pages.service", name=row.name), 301)
    given = cast("DataService", row.entry).serves_dataset
    served = list(catalogue().entries.with_iris(given, LISTED).values())
    more = catalogue().entries.count_of(given) - len(served)
    return render_template("service.html", **described(row), served=served, more=more)


@cached()
def publication(name: str) -> ResponseReturnValue:
    """A publication: its files, and the data that it uses."""
    row = live("publication", name)
    if row.name != name:
        return redirect(url_for("pages.publication", name=row.name), 301)
    entry = cast("Publication", row.entry)
    return render_template(
        "publication.html",
        **described(row),
        files=entry.distribution[:LISTED],
        used=list(catalogue().entries.with_iris(entry.uses, LISTED).values()),
        authors=[label.text for agent in entry.creator if (label := words.pick(agent.name))][:AUTHORS],
    )


def publications(row: EntryRow, entry: Dataset) -> list[EntryRow]:
    """The publications that use a dataset: as they say, or as it says."""
    named = catalogue().entries.with_iris((*entry.is_referenced_by, *entry.relation), LISTED).values()
    found = [*catalogue().entries.using(row.iri, LISTED), *(one for one in named if one.kind == "publication")]
    return list({one.id: one for one in found}.values())


@cached()
def series(name: str) -> ResponseReturnValue:
    """A series: its latest issue, then all of them."""
    row = live("series", name)
    if row.name != name:
        return redirect(url_for("pages.series", name=row.name), 301)
    issues = catalogue().entries.issues(row.iri)
    number, last = page_of(len(issues), LISTED)
    shown = issues[(number - 1) * LISTED : number * LISTED]
    rows = catalogue().entries.with_ids([*issues[:1], *shown])
    return render_template(
        "series.html",
        **described(row),
        files=facts.files(row.entry)[:LISTED],
        latest=rows[:1],
        issues=rows[1:],
        count=len(issues),
        page_number=number,
        steps=steps_between(number, last, lambda page: page_address("pages.series", page, name=row.name)),
    )


def page_address(endpoint: str, page: int, **values: Any) -> str:
    """The address of one page of a list."""
    return params.address(url_for(endpoint, **values), (("page", str(page)),) if page > 1 else ())


def live(kind: str, name: str) -> EntryRow:
    """The entry with that name; raises `NotFound`, or `Removed` for one that is gone."""
    found = catalogue().entries.named(kind, name)
    if isinstance(found, Tombstone):
        raise Removed(found)
    return found


def page_of(count: int, size: int) -> tuple[int, int]:
    """The page that the address asks for, and the last one; a page that does not exist is the last."""
    last = max(1, -(-count // size))
    number = min(params.page_number(), last)
    frame.keep((("page", str(number)),) if number > 1 else ())
    return number, last


def described(row: EntryRow) -> dict[str, Any]:
    """What the page of any kind of entry shows."""
    entry, links = row.entry, catalogue().links.of_entry(row.id)
    return {
        "row": row,
        "entry": entry,
        "title": words.pick(entry.title),
        "automatic": words.translated(entry.title),
        "description": described_by(entry),
        "automatic_description": words.translated(entry.description),
        "only_in": only_in(entry.title),
        "written": [lang for lang in words.written_in(entry.title) if lang in settings().languages],
        "licences": facts.licences(entry),
        "fresh": freshness.of(row),
        "judged": judged.of(row, links),
        "missing": {one.field for one in request_letter.missing(row, words.language())},
        "letter": request_letter.letter(row, mailboxes(row), frame.contact(), absolute(f"/id/{row.kind}/{row.id}")),
        "sheet": sheet.rows(entry),
        "structured": schema_org.data(row),
        "publisher": publisher(row),
        "citation": citation(row),
        "reuses": catalogue().reuses.listed(entry_id=row.id, limit=REUSES),
        "answers": catalogue().questions.shown(row.id, limit=ANSWERS),
        "source": catalogue().sources.title(row.source),
        "links": links,
        "changes": changes(row),
        "copies": copies.of(row),
    }


def changes(row: EntryRow) -> list[history.Told]:
    """The last changes."""
    _count, rows = catalogue().history.of_entry(row.id, limit=CHANGES * differences.OF_RECORD)
    return history.told(rows, row.entry)[:CHANGES]


def described_by(entry: Entry) -> Label | None:
    """Its description; one that only repeats the title describes nothing."""
    titles = {text.value.strip().casefold() for text in entry.title}
    return words.pick(tuple(text for text in entry.description if text.value.strip().casefold() not in titles))


def publisher(row: EntryRow) -> tuple[str, Text | None]:
    """Slug and name of the publisher."""
    name = words.pick(row.entry.publisher.name) if row.entry.publisher else None
    return row.publisher_name, name.text if name else None


def only_in(texts: Texts) -> str:
    """A sentence that says in which languages it is described, for a reader of another one."""
    names = [labels.code(lang, "language") for lang in words.written_in(texts)]
    return _("Described in %(languages)s only.", languages=format_list(names, locale=words.language())) if names else ""


def citation(row: EntryRow) -> str:
    """How to name the source."""
    _slug, name = publisher(row)
    title = words.pick(row.entry.title)
    return facts.citation(
        name.value if name else "",
        title.text.value if title else row.name,
        row.entry,
        absolute(f"/id/{row.kind}/{row.id}"),
    )


def mailboxes(row: EntryRow) -> list[str]:
    """Where the publisher can be written to."""
    return [mail for contact in row.entry.contact for mail in contact.email]


def write_to(mailboxes: list[str]) -> str:
    """The publisher's desk, else where questions to us go, as a link; empty without either."""
    return next((mail for mail in mailboxes if writing.link(mail)), frame.contact())
