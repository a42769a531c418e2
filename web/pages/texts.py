"""The pages that we wrote: about, help, how the search works, privacy, terms."""

from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue

from ..http.caching import cached
from ..wording.glossary import glossary


@cached()
def show(template: str) -> ResponseReturnValue:
    """A page of our own words."""
    return render_template(f"texts/{template}.html")


@cached()
def help() -> ResponseReturnValue:
    """How to use the site, and its words."""
    return render_template("texts/help.html", glossary=glossary())


about = partial(show, "about")
privacy = partial(show, "privacy")
search_how = partial(show, "search_how")
terms = partial(show, "terms")
