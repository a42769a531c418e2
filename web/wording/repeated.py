"""What cards and filters say again and again: made once for all that say the same in one language on one day."""

from collections.abc import Container
from datetime import date
from functools import lru_cache
from typing import Protocol

from flask import current_app
from markupsafe import Markup

from catalogue import clock
from catalogue.search.base import Document
from dcat.model import Text

from .words import language


class Choice(Protocol):
    """A value of a facet."""

    @property
    def value(self) -> str:
        """What an address says for it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def lang(self) -> str:
        """The language of that."""

    @property
    def selected(self) -> bool:
        """Whether it is chosen."""


def line(document: Document, broken: Container[str]) -> Markup:
    """What stands below the title of a result: of whom it is and how fresh. `broken`: entries (ids) with a broken
    link."""
    said = document.type, document.publisher, document.modified, document.frequency, document.late
    return _made("line", language(), clock.now().date(), *said, document.id in broken)


def box(choice: Choice, facet: str) -> Markup:
    """The box of a value of a facet, with its name."""
    return _made("box", language(), None, facet, choice.value, Text(choice.name, choice.lang), choice.selected)


@lru_cache(maxsize=4096)  # of some hundred bytes each
def _made(part: str, _language: str, _today: date | None, *given: object) -> Markup:
    """A macro of `repeated.html`: whatever it says depends on these alone."""
    macros = current_app.jinja_env.get_template("repeated.html").module
    made: Markup = getattr(macros, part)(*given)
    return made
