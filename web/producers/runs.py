"""A run of a source of one's own: what everybody reads of it, and what it holds for its publisher to decide."""

from flask import render_template
from flask.typing import ResponseReturnValue

from catalogue.errors import Invalid
from catalogue.store.outcome import Outcome

from ..api.auth import own_source
from ..current import catalogue
from ..pages.sources import RECORDS, report
from .door import DO, asked, here, producer


def show(name: str, number: int) -> ResponseReturnValue:
    """The report, with the entries that wait and the two buttons."""
    source = own_source(producer(), name)
    told = report(source, number, "producers")
    rows = catalogue().runs.outcomes(number, outcome=Outcome.HELD, limit=RECORDS) if told["is_waiting"] else []
    return render_template("producers/run.html", **told, held=rows)


def act(name: str, number: int) -> ResponseReturnValue:
    """Removes exactly what that run missed, or keeps exactly that published."""
    own_source(producer(), name)
    if asked() == "approve":
        catalogue().runs.approve_removals(name, number)
    elif asked() == "keep":
        catalogue().runs.keep_removals(name, number)
    else:
        raise Invalid("Remove them, or keep them.", DO)
    return here()
