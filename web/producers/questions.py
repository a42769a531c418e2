"""What readers asked about a publisher's data, or about all data for who runs the catalogue, each with its form."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from catalogue.errors import Invalid
from catalogue.store.questions import ANSWERED, OPEN

from ..api.auth import own_question
from ..current import catalogue
from ..pages import questions
from ..wording.words import language
from .door import DO, OPERATORS, asked, check_scope, here, producer

SHOWN = 6
"""Questions of a page that wait, and that were answered; each has a form."""


def show() -> ResponseReturnValue:
    """Those about what is one's own."""
    return listed(producer().publisher)


def act() -> ResponseReturnValue:
    """Answers one, or closes it."""
    if asked() not in {"answer", "close"}:
        raise Invalid("Answer the question, or close it.", DO)
    row = own_question(producer(), request.form.get("id", ""))
    questions.decide(row.id, language())
    return here()


def show_all() -> ResponseReturnValue:
    """All of them."""
    check_scope(OPERATORS)
    return listed("")


def listed(publisher: str) -> ResponseReturnValue:
    """The page."""
    count, waiting = catalogue().questions.listed(publisher, OPEN, limit=SHOWN)
    _total, answered = catalogue().questions.listed(publisher, ANSWERED, limit=SHOWN)
    return render_template("producers/questions.html", waiting=waiting, more=count - len(waiting), answered=answered)
