"""What cards and filters say again and again: made once for all that say the same in one language on one day."""

from collections.abc import Container
from datetime import date
from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from catalogue import clock
from catalogue.search.base import Document
from dcat.model import Text

from .words import language


def line(document: Document, broken: Container[str]) -> Markup:
    """What stands below the title of a result: of whom it is and how fresh. `broken`: entries (ids) with a broken
    link."""
    said = document.type, document.publisher, document.modified, document.frequency, document.late
    return _made("line", language(), clock.now().date(), *said, document.id in broken)


def box(value: str, facet: str, name: str, lang: str, *, is_chosen: bool) -> Markup:
    """The box of a value of a facet, with its name, which is in that language."""
    return _made("box", language(), None, facet, value, Text(name, lang), is_chosen)


@lru_cache(maxsize=4096)  # of some hundred bytes each
def _made(part: str, _language: str, _today: date | None, *given: object) -> Markup:
    """A macro of `repeated.html`: whatever it says depends on these alone."""
    macros = current_app.jinja_env.get_template("repeated.html").module
    made: Markup = getattr(macros, part)(*given)
    return made
