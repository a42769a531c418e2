"""What changed of one entry, for programs: as an Atom feed (RFC 4287) and as JSON."""

from datetime import datetime

import msgspec
from flask import Response, g
from flask.typing import ResponseReturnValue

from catalogue.errors import NotFound
from catalogue.store.history import HistoryRow
from catalogue.store.rows import EntryRow

from ..current import absolute, catalogue
from ..http.caching import cached
from ..wording import history
from ..xml.rendered import rendered
from .atom import stamp
from .entry_documents import json_document, live
from .formats import ATOM
from .redirects import moved
from .search import asked_language

CHANGES = 50
ALL = 1_000


class ChangeShape(msgspec.Struct, frozen=True):
    """One change."""

    id: int
    at: datetime
    what: str
    """CHANGED, RESTORED, REMOVED, or DATA: not the description changed, but a file."""
    field: str
    """The property; the address of the file for DATA."""
    before: str
    """The beginning of what was said; bytes for DATA."""
    after: str
    run: str | None
    """The reading that saw it, while its report is kept."""


@cached()
def changes(kind: str, name: str, ending: str) -> ResponseReturnValue:
    """`/dataset/{name}/changes.atom` and `.json`."""
    row = live(kind, name)
    if row.name != name:
        return moved(f"/{kind}/{row.name}/changes.{ending}")
    if ending == "atom":
        return feed(row)
    if ending == "json":
        total, rows = catalogue().history.of_entry(row.id, limit=ALL)
        return json_document({"total": total, "changes": [shape(one) for one in rows]})
    raise NotFound(f"There is no {ending!r} of changes: ask for atom or json.")


def feed(row: EntryRow) -> Response:
    """The newest changes, in the language of `lang`."""
    g.lang = asked_language()
    _total, rows = catalogue().history.of_entry(row.id, limit=CHANGES)
    told = history.told(rows, row.entry)
    title = next((text.value for text in row.entry.title if text.lang == g.lang), "")
    return rendered(
        "feeds/changes.atom.xml",
        ATOM.media_type,
        title=title or next((text.value for text in row.entry.title), row.name),
        id=absolute(f"/{row.kind}/{row.name}/changes.atom"),
        page=absolute(f"/{g.lang}/{row.kind}/{row.name}/changes"),
        updated=stamp(told[0].event.at if told else row.created),
        told=[(one, stamp(one.event.at), one.sentences) for one in told],
    )


def shape(one: HistoryRow) -> ChangeShape:
    """A change as JSON."""
    run = absolute(f"/api/1/harvest/job/{one.run}") if one.run is not None else None
    return ChangeShape(one.id, one.at, one.what, one.field, one.before, one.after, run)
