"""What every page has around it: menus, and the addresses of the same page in the other languages."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, request, url_for
from markupsafe import Markup

from catalogue.search.facets import keyword_value

from ..current import absolute, catalogue, is_reduced, settings
from ..http.params import Pairs, address
from ..wording.words import NAMES, language, pgettext
from ..wording.words import gettext as _
from ..wording.writing import link

Menu = tuple[tuple[str, str], ...]
MAIN = ("pages.search", "pages.themes", "pages.publishers", "pages.money", "pages.developers")
"""The main pages, in the order of the menu."""
PAGES = ("pages.", "producers.")
"""The beginning of the endpoints of what is a page in every language."""
ADDRESSES = "addresses of pages"
"""Where the application keeps those that never change."""
AROUND = "what is around pages"
"""Where it keeps what is the same on all pages of a language."""


def register(app: Flask) -> None:
    """Gives templates what every page has around it."""
    app.extensions[ADDRESSES], app.extensions[AROUND] = {}, {}
    app.jinja_env.globals.update(FUNCTIONS)
    app.context_processor(context)


def context() -> dict[str, Any]:
    """What all templates may use besides those functions."""
    return {
        "settings": settings(),
        "page_language": language(),
        "language_names": NAMES,
        "contact": contact(),
        "indexed": g.get("indexed", True) and is_page(),
    }


def around(part: str, *given: str) -> Markup:
    """A part of `around.html` in the language of the page, made once for each language and what it is given.

    Nothing else of a page or its reader is known to it, and what it is given must be one of a few.
    """
    known: dict[tuple[str, ...], Markup] = current_app.extensions[AROUND]
    key = part, language(), *given
    if key not in known:
        macros = current_app.jinja_env.get_template("around.html").module
        known[key] = getattr(macros, part)(*given)
    return known[key]


def current_in_menu() -> str:
    """The page of the main menu that this is; empty when it is none of them."""
    endpoint = request.endpoint or ""
    return endpoint if endpoint in MAIN else ""


def menu() -> Menu:
    """The main pages, each in one short word: on a phone they stand before everything else."""
    words = pgettext("menu", "Data"), _("Themes"), _("Publishers"), _("Public money"), pgettext("menu", "Developers")
    return tuple(zip(MAIN, words, strict=True))


def footer() -> Menu:
    """The same pages in the same order at the end of every page."""
    return (
        ("pages.about", _("About this site")),
        ("pages.help", _("Help and words")),
        ("pages.sources", _("Where the data comes from")),
        ("pages.area", _("Communes")),
        ("pages.coverage_index", _("Who publishes what")),
        ("pages.quality", _("Quality of the descriptions")),
        ("pages.check", _("Check your catalogue")),
        ("producers.start", _("For publishers of data")),
        ("pages.accessibility", _("Accessibility: not yet audited")),
        ("pages.eco_design", _("Eco-design")),
        ("pages.privacy", _("Privacy")),
        ("pages.terms", _("Terms and licences")),
        ("pages.developers", _("API")),
        ("pages.feeds", _("Feeds")),
        ("pages.sitemap", _("Site map")),
    )


def keep(state: Pairs, *, indexed: bool = True) -> None:
    """Says which parameters belong to this page: links to the other languages and the canonical address keep them."""
    g.state = state
    g.indexed = indexed


def is_page() -> bool:
    """True for an address that exists in every language, not for an error on the way to one."""
    return (request.endpoint or "").startswith(PAGES)


def here(lang: str) -> str:
    """This page in another language; the home page where there is no such page."""
    known: dict[str, str] = g.setdefault("here", {})
    if lang not in known:
        known[lang] = _here(lang)
    return known[lang]


def _here(lang: str) -> str:
    if not is_page():
        return url_for("pages.home", lang=lang)
    return address(_path(str(request.endpoint), lang), g.get("state", ()))


def _path(endpoint: str, lang: str) -> str:
    """The path of this page in a language; of one of a kind it is asked for once."""
    if values := request.view_args:
        return url_for(endpoint, **{**values, "lang": lang})
    return _asked_once(endpoint, lang, lang=lang)


def page_url(endpoint: str, **values: object) -> str:
    """Flask's `url_for`; that of a page which is one of a kind is asked for once in each language."""
    if values:
        return url_for(endpoint, **values)  # type: ignore[arg-type]
    return _asked_once(endpoint, language())


def _asked_once(endpoint: str, lang: str, /, **values: str) -> str:
    """The address of a page in a language, asked for once. `values`: what Flask does not know of this request."""
    known: dict[tuple[str, str], str] = current_app.extensions[ADDRESSES]
    if (endpoint, lang) not in known:
        known[endpoint, lang] = url_for(endpoint, **values)  # type: ignore[arg-type]
    return known[endpoint, lang]


def entry_url(kind: str, name: str) -> str:
    """The page of an entry; its name needs no quoting."""
    return f"{page_url('pages.home')}{kind}/{name}"


def keyword_url(word: str) -> str:
    """The page of a keyword; its search where a browser or server would change the steps of such an address."""
    value = keyword_value(word)
    if any(step in {"", ".", ".."} for step in value.split("/")):
        return address(url_for("pages.search"), [("keyword", value)])
    return url_for("pages.keyword", word=value)


def root(path: str) -> str:
    """A path of this site that is the same in all languages."""
    return request.script_root + path


def letters_go() -> bool:
    """True where entries and searches can be followed by mail."""
    return catalogue().followers.are_possible


def words_of_path() -> str:
    """What an address that leads nowhere seems to be about: its last step as words."""
    last = request.path.rstrip("/").rpartition("/")[2].partition(".")[0]
    return " ".join(re.findall(r"[^\W\d_]{3,}", last))[:100]


def contact() -> str:
    """Where questions go, as a link; nothing when the settings name nobody."""
    known = settings().contact
    return f"mailto:{known}" if "@" in known and "://" not in known else link(known)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "around": around,
    "current_in_menu": current_in_menu,
    "menu": menu,
    "footer": footer,
    "here": here,
    "root": root,
    "absolute": absolute,
    "address": address,
    "url_for": page_url,
    "entry_url": entry_url,
    "keyword_url": keyword_url,
    "letters_go": letters_go,
    "reader_language": language,
    "words_of_path": words_of_path,
    "is_reduced": is_reduced,
}
"""What all templates may call. As names of the environment they are known to what is imported without the context of a
page, which is therefore made ready once, not for each page."""
