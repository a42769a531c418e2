"""What was made with data, on a page of its own."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ..current import catalogue
from ..http.caching import cached
from .entry_pages import page_address, page_of
from .results import steps_between

SHOWN = 20


@cached()
def show() -> ResponseReturnValue:
    """Articles and apps, the newest first."""
    count, _rows = catalogue().reuses.listed(limit=1)
    number, last = page_of(count, SHOWN)
    _count, rows = catalogue().reuses.listed(offset=(number - 1) * SHOWN, limit=SHOWN)
    return render_template(
        "reuses.html",
        reuses=rows,
        page_number=number,
        steps=steps_between(number, last, lambda page: page_address("pages.reuses", page)),
    )
