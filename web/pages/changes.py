"""What changed of an entry, since it is in the catalogue."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..current import catalogue
from ..http.caching import cached
from ..wording import history, words
from .entry_pages import live, page_of

CHANGES = 50
"""Of a page: more of them would make it heavy."""


@cached()
def show(kind: str, name: str) -> ResponseReturnValue:
    """The page of all changes that are kept."""
    row = live(kind, name)
    if row.name != name:
        return redirect(url_for("pages.changes", kind=kind, name=row.name), 301)
    count, _rows = catalogue().history.of_entry(row.id, limit=0)
    page, last = page_of(count, CHANGES)
    _count, rows = catalogue().history.of_entry(row.id, offset=(page - 1) * CHANGES, limit=CHANGES)
    return render_template(
        "changes.html",
        row=row,
        title=words.pick(row.entry.title),
        told=history.told(rows, row.entry),
        against=history.against(row.entry, catalogue().links.of_entry(row.id)),
        page=page,
        last=last,
    )
