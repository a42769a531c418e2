"""What there is to do, most useful first, and the sources with how they are."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ..current import catalogue
from ..wording import words
from .door import OPERATORS, producer
from .tasks import of_operators, tasks

SHOWN = 12
"""Tasks and sources of a page; more of them would make it heavy."""


def show() -> ResponseReturnValue:
    """The first page of whoever is signed in."""
    publisher = producer().publisher
    sources = catalogue().sources.all(publisher)
    todo = [*(of_operators() if OPERATORS in producer().scopes else ()), *tasks(sources, publisher)]
    return render_template(
        "producers/start.html",
        name=words.pick(catalogue().publishers.titles([publisher]).get(publisher, ())),
        publisher=publisher,
        tasks=todo[:SHOWN],
        more_tasks=len(todo[SHOWN:]),
        sources=sources,
    )
