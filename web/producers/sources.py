"""A source of one's own: how it is, what was read of it, and what can be done with it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from catalogue.errors import Invalid
from catalogue.store.addresses import BROKEN

from ..api.auth import own_source
from ..current import catalogue
from ..pages.sources import RUNS
from .door import DO, asked, here, producer

LINKS = 20
"""Broken links of a page; more of them would make it heavy."""


def show(name: str) -> ResponseReturnValue:
    """The source with its last readings and its buttons."""
    source = own_source(producer(), name)
    return render_template(
        "producers/source.html",
        source=source,
        runs=catalogue().runs.of_source(name, RUNS),
        broken=catalogue().links.standing(BROKEN, source=name, limit=LINKS),
    )


def act(name: str) -> ResponseReturnValue:
    """Reads it now, pauses it, or lets it run again."""
    own_source(producer(), name)
    if asked() == "read":
        catalogue().runs.request(name)
    elif asked() == "pause":
        catalogue().sources.pause(name)
    elif asked() == "resume":
        catalogue().sources.resume(name)
    else:
        raise Invalid("Read now, pause or resume.", DO)
    return here()
