"""The pages that we wrote: about and help, accessibility, privacy, terms."""

from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue

from ..http.caching import cached


@cached()
def show(template: str) -> ResponseReturnValue:
    """A page of our own words."""
    return render_template(f"texts/{template}.html")


about = partial(show, "about")
accessibility = partial(show, "accessibility")
privacy = partial(show, "privacy")
terms = partial(show, "terms")
