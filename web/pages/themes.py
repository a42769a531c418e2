"""The themes, one theme, and one keyword."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from catalogue.errors import NotFound
from catalogue.search.base import FacetCount, Query
from catalogue.search.facets import keyword_value
from dcat import vocab

from ..current import searched
from ..http.caching import cached
from ..wording import words
from ..wording.writing import folded
from . import listing


@cached(kept=True)
def index() -> ResponseReturnValue:
    """The themes that hold something."""
    return render_template("themes.html", themes=counted())


def counted() -> tuple[FacetCount, ...]:
    """The themes with the number of entries in each."""
    found = searched(Query(language=words.language(), facets=("theme",)))
    return sorted_by_name(found.facets.get("theme", ()))


def sorted_by_name(counts: tuple[FacetCount, ...]) -> tuple[FacetCount, ...]:
    """Themes that hold something, in the order of the alphabet."""
    return tuple(sorted((count for count in counts if count.count), key=lambda count: folded(name(count.value))))


def name(code: str) -> str:
    """What a theme is called."""
    return vocab.label(vocab.THEMES.by_code[code], words.language()) if code in vocab.THEMES.by_code else code


@cached()
def show(code: str) -> ResponseReturnValue:
    """What is in a theme."""
    if code.upper() in vocab.THEMES.by_code.keys() - {code}:
        return redirect(url_for("pages.theme", code=code.upper()), 301)
    if code not in vocab.THEMES.by_code:
        raise NotFound(f"There is no theme {code[:40]!r}.")
    return listing.show("theme.html", ("theme", code), ("publisher", "keyword"), name=name(code))


@cached()
def keyword(word: str) -> ResponseReturnValue:
    """What has a keyword."""
    return listing.show("keyword.html", ("keyword", keyword_value(word)), ("theme", "publisher"), word=word)
