"""Every feed that a reader may follow, on a page and as OPML, which feed readers take in at once (http://opml.org/spec2)."""

from typing import NamedTuple

from flask import g
from flask.typing import ResponseReturnValue

from dcat import vocab

from ..current import absolute, catalogue
from ..http.caching import cached
from ..wording import words
from ..wording.words import gettext as _
from ..wording.writing import folded
from ..xml.rendered import rendered
from .search import asked_language


class Feed(NamedTuple):
    """A feed."""

    title: str
    lang: str
    """Of the title; empty when nobody knows."""
    address: str
    """Below the root of the site."""
    page: str
    """Where people read the same."""


class Group(NamedTuple):
    """Feeds of one kind."""

    name: str
    feeds: tuple[Feed, ...]


def groups(lang: str) -> tuple[Group, ...]:
    """The feeds in a reader's language."""
    return (
        Group(_("All data"), of_all(lang)),
        Group(_("Themes"), of_themes(lang)),
        Group(_("Publishers"), of_publishers(lang)),
        Group(_("Readings of each source"), of_sources(lang)),
    )


def of_all(lang: str) -> tuple[Feed, ...]:
    """What changed, and what is new."""
    search = f"/{lang}/search"
    return (
        Feed(_("Recently updated"), lang, f"/search.atom?lang={lang}", f"{search}?sort=-modified"),
        Feed(_("Recently added"), lang, f"/search.atom?sort=-issued&lang={lang}", f"{search}?sort=-issued"),
    )


def of_themes(lang: str) -> tuple[Feed, ...]:
    """Of each theme."""
    named = ((vocab.label(term, lang), code) for code, term in vocab.THEMES.by_code.items())
    return tuple(
        Feed(name, lang, f"/search.atom?theme={code}&lang={lang}", f"/{lang}/theme/{code}")
        for name, code in sorted(named, key=lambda one: folded(one[0]))
    )


def of_publishers(lang: str) -> tuple[Feed, ...]:
    """Of each publisher."""
    found = []
    for row in catalogue().publishers.all():
        label = words.pick(row.title, lang)
        text, tag = (label.text.value, label.text.lang) if label else (row.name, "")
        address = f"/search.atom?publisher={row.name}&lang={lang}"
        found.append(Feed(text, tag, address, f"/{lang}/publisher/{row.name}"))
    return tuple(sorted(found, key=lambda one: folded(one.title)))


def of_sources(lang: str) -> tuple[Feed, ...]:
    """What each reading of a source brought."""
    return tuple(
        Feed(row.title or row.name, "", f"/source/{row.name}/runs.atom?lang={lang}", f"/{lang}/source/{row.name}")
        for row in catalogue().sources.all()
        if row.approved
    )


@cached()
def outline() -> ResponseReturnValue:
    """All of them as one file, in the language `lang`."""
    g.lang = asked_language()
    return rendered("feeds/feeds.opml.xml", "text/x-opml", groups=groups(g.lang), lang=g.lang, absolute=absolute)
