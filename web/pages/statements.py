"""What we say of ourselves: accessibility and eco-design, with figures that a run of the tests wrote.

`proof.json` is written by `make proof` from real pages in a real browser; nobody writes a figure by hand.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from flask import render_template
from flask.typing import ResponseReturnValue

from ..current import settings
from ..http.caching import cached
from ..wording.words import gettext as _
from ..wording.words import message
from ..wording.writing import link

FILE = Path(__file__).parent / "proof.json"


class Measured(msgspec.Struct, frozen=True):
    """One page as a browser met it for the first time."""

    page: str
    """Key of `NAMES`."""
    elements: int
    bytes: int
    """What went over the network, with headers."""
    requests: int
    ecoindex: float
    """0 to 100; above 80 is A (https://www.ecoindex.fr/en/how-it-works/)."""
    grade: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What the tests measured."""

    date: date
    browser: str
    axe: str
    """Version of axe-core."""
    states: int
    """Pages times languages times screens and colours that axe looked at."""
    violations: int
    foreign_hosts: int
    cookies: int
    scripts: int
    """Bytes of scripts of all pages."""
    fonts: int
    budget_elements: int
    budget_kilobytes: int
    budget_requests: int
    pages: tuple[Measured, ...]


class Defect(NamedTuple):
    """Something that is not as it should be."""

    found: date
    criterion: str
    """Of WCAG 2.2, or why it is outside of it."""
    words: str
    reason: str


NAMES = {
    "home": message("Home"),
    "search": message("Search"),
    "dataset": message("Dataset"),
    "file": message("File"),
    "publisher": message("Publisher"),
    "theme": message("Theme"),
    "publishers": message("Publishers"),
    "quality": message("Quality of the descriptions"),
    "sources": message("Where the data comes from"),
    "developers": message("For developers"),
    "help": message("Help and words"),
    "nothing": message("Page not found"),
}
"""The pages that are measured."""

DEFECTS = (
    Defect(
        date(2026, 11, 29),
        "3.1.5",
        message(
            "Titles and descriptions are written by the publishers: they can be long, technical, or in one language."
        ),
        message(
            "They are not ours to change. We mark the language of each text, and tell publishers what could be better."
        ),
    ),
    Defect(
        date(2026, 11, 29),
        "1.1.1, 1.3.1",
        message("The files that you download belong to their publishers, and may not be accessible."),
        message(
            "Where we could look into a file, its page shows the rows as a table. Ask the publisher for another form."
        ),
    ),
    Defect(
        date(2026, 11, 29),
        "3.1.5",
        message("Some descriptions are automatic translations."),
        message("They are marked as such, and the text of the publisher stands beside them."),
    ),
    Defect(
        date(2026, 11, 29),
        "3.1.1",
        message(
            "Technical details in reports on readings, and reasons on pages about wrong addresses, are in English only."
        ),
        message("They are marked as English. They are for programs and for those who run catalogues."),
    ),
    Defect(
        date(2026, 11, 29),
        "–",
        message("Nobody with a disability has tested the site yet, and no independent audit was made."),
        message("Both are to be done before the status can be more than “not yet audited”."),
    ),
)
"""What is known to be open, with the day since which it is known."""


@cache
def proof() -> Proof:
    """The figures."""
    return msgspec.convert(json.loads(FILE.read_text("utf-8")), Proof)


@cached()
def accessibility() -> ResponseReturnValue:
    """The accessibility statement, by the model of Decision (EU) 2018/1523."""
    body = settings().accessibility_body
    address = f"mailto:{body}" if "@" in body and "://" not in body else link(body)
    return render_template(
        "texts/accessibility.html",
        proof=proof(),
        defects=[one._replace(words=_(one.words), reason=_(one.reason)) for one in DEFECTS],
        body=body,
        body_address=address,
    )


@cached()
def eco_design() -> ResponseReturnValue:
    """The eco-design declaration, along the general policy for eco-design of digital services (RGESN 2024)."""
    return render_template(
        "texts/eco_design.html", proof=proof(), named=[(_(NAMES[one.page]), one) for one in proof().pages]
    )
