"""Where the data comes from: the catalogues that are read, and what became of their records."""

from flask import render_template
from flask.typing import ResponseReturnValue

from .. import params, runs
from ..caching import cached
from ..current import catalogue
from ..words import language
from . import frame

RUNS = 15
RECORDS = 50


def state() -> object:
    """What these pages show beside the catalogue: the sources, how far their runs are, and how the last ones ended."""
    return catalogue().sources()


@cached(also=state)
def index() -> ResponseReturnValue:
    """All sources with their last run."""
    return render_template("sources.html", sources=catalogue().sources())


@cached(also=state)
def show(name: str) -> ResponseReturnValue:
    """One source with its history."""
    return render_template("source.html", source=catalogue().source(name), runs=catalogue().runs(name, RUNS))


@cached(also=state)
def run(name: str, number: int) -> ResponseReturnValue:
    """One run: its problems by cause, then its records."""
    source, found = catalogue().source(name), catalogue().run(number)
    page = params.page_number()
    frame.keep((("page", str(page)),) if page > 1 else ())
    return render_template(
        "run.html",
        source=source,
        run=found,
        problems=runs.problems(catalogue().finding_groups(number), language()),
        outcomes=catalogue().outcomes(number, offset=(page - 1) * RECORDS, limit=RECORDS),
        page=page,
        last=max(1, -(-found.seen // RECORDS)),
    )
