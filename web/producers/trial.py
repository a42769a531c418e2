"""Trying all of a source of one's own before it counts: asked for here, made by a worker, looked at here."""

from flask import render_template
from flask.typing import ResponseReturnValue

from catalogue.errors import Invalid
from dcat.messages import field_name

from ..api.auth import own_source
from ..current import catalogue
from ..wording import run_words
from ..wording.words import language
from .door import DO, asked, here, producer

REMARKS = 20
"""Of a page: more of them would make it heavy."""


def show(name: str) -> ResponseReturnValue:
    """What the last try came to, or how far it is, and the button for another one."""
    source, last = own_source(producer(), name), catalogue().rehearsals.last(name)
    told = last.told if last else None
    remarks = told.run.findings[:REMARKS] if told else ()
    return render_template(
        "producers/trial.html",
        source=source,
        trial=last,
        told=told,
        remarks=[run_words.cause(one.rule, one.field, 1, one.value, language()) for one in remarks],
        differences=[(one, field_name(one.field, language())) for one in told.differences] if told else [],
    )


def act(name: str) -> ResponseReturnValue:
    """Asks for one of the source as it is."""
    own_source(producer(), name)
    if asked() != "try":
        raise Invalid("Try the source.", DO)
    catalogue().rehearsals.request(name)
    return here()
