"""Sources that producers registered or moved, and that wait for who runs the catalogue."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from catalogue.errors import Invalid

from ..current import catalogue
from .door import DO, OPERATORS, asked, check_scope, here

SHOWN = 20
"""Sources of a page, those that wait longest."""


def show() -> ResponseReturnValue:
    """Each with its address and the two answers."""
    check_scope(OPERATORS)
    rows = catalogue().sources.waiting()
    return render_template("producers/waiting.html", sources=rows[:SHOWN], more=len(rows[SHOWN:]))


def act() -> ResponseReturnValue:
    """Lets one be read, or says why not."""
    name = request.form.get("id", "")
    if asked() == "approve":
        catalogue().sources.approve(name)
    elif asked() == "decline":
        catalogue().sources.decline(name, request.form.get("reason", ""))
    else:
        raise Invalid("Approve it, or decline it.", DO)
    return here()
