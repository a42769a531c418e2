"""The publishers, and the page of one of them."""

from typing import NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue

from catalogue.coverage import bodies
from catalogue.store.rows import PublisherRow
from dcat import vocab
from dcat.model import Text
from dcat.quality import MAXIMUM

from ..current import catalogue
from ..http import params
from ..http.caching import cached
from ..json import quality_shapes
from ..wording import measured, words
from ..wording.words import gettext as _
from ..wording.writing import folded
from . import frame, listing

LOCAL = "LocalAuthority"
BROKEN_LISTED = 5
"""Broken links that are named: those that have been so longest."""
ADVICE = 3
"""Improvements that are named: those that would bring most."""


class Named(NamedTuple):
    """A publisher with its name for this reader."""

    row: PublisherRow
    name: Text


@cached(kept=True)
def index() -> ResponseReturnValue:
    """All publishers by kind, narrowed to those whose name in any language holds what was typed."""
    wanted = params.word("find")
    frame.keep((("find", wanted),) if wanted else (), indexed=not wanted)
    everybody = catalogue().publishers.all()
    shown = [named(row) for row in everybody if matches(row, wanted)]
    return render_template("publishers.html", groups=grouped(shown), wanted=wanted, count=len(shown))


@cached()
def show(name: str) -> ResponseReturnValue:
    """One publisher and what it publishes."""
    row = catalogue().publishers.named(name)
    score = catalogue().assessments.scores().by_publisher.get(name)
    return listing.show(
        "publisher.html",
        ("publisher", name),
        ("theme", "type"),
        publisher=named(row),
        kind=kind(row),
        body=bodies.named(row.title),
        sources=catalogue().sources.all(publisher=name),
        score=score,
        maximum=MAXIMUM,
        advice=list(quality_shapes.advice(score))[:ADVICE] if score else [],
        links=measured.share(catalogue().links.counts(publisher=name)),
        broken_links=catalogue().links.broken_of(name, BROKEN_LISTED),
    )


def named(row: PublisherRow) -> Named:
    """The publisher with the best of its names."""
    label = words.pick(row.title)
    return Named(row, label.text if label else Text(row.name))


def matches(row: PublisherRow, wanted: str) -> bool:
    """True when one of its names, in any language, holds the text; capitals and accents do not matter."""
    return not wanted or any(folded(wanted) in folded(text.value) for text in row.title)


def grouped(shown: list[Named]) -> list[tuple[str, list[Named]]]:
    """Publishers by kind, each kind by name."""
    groups: dict[str, list[Named]] = {_("Region and public bodies"): [], _("Municipalities and local bodies"): []}
    region, local = groups
    for one in sorted(shown, key=lambda one: folded(one.name.value)):
        groups[local if one.row.type == LOCAL else region].append(one)
    return [(title, rows) for title, rows in groups.items() if rows]


def kind(row: PublisherRow) -> str:
    """What kind of body it is."""
    term = vocab.PUBLISHER_TYPES.by_code.get(row.type)
    return vocab.label(term, words.language()) if term else ""
