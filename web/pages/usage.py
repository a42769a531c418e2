"""How data are used: downloads of the last twelve months, by month and by dataset."""

from typing import NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue

from catalogue.publishing import downloads
from catalogue.store.rows import EntryRow

from ..current import catalogue
from ..http.caching import cached
from ..wording.writing import day

SHOWN = 25
"""Datasets of the page."""


class Used(NamedTuple):
    """A dataset and how often its files were downloaded."""

    row: EntryRow
    times: int


@cached()
def show() -> ResponseReturnValue:
    """The page."""
    counts = catalogue().downloads.by_month()
    most = {one.entry_id: one.times for one in catalogue().downloads.most(SHOWN)}
    return render_template(
        "usage.html",
        months=[(day(name), times) for name, times in counts.items()],
        highest=max(counts.values()),
        total=sum(counts.values()),
        most=[Used(row, most[row.id]) for row in catalogue().entries.with_ids(most)],
        span=downloads.MONTHS,
    )
