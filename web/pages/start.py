"""The front door: to the reader's own language, or a choice of all."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..http import negotiate
from ..http.caching import cached


@cached("Accept-Language")
def choose() -> ResponseReturnValue:
    """To the home page in a language that the browser asks for, else a page with all of them."""
    if lang := negotiate.match_language():
        return redirect(url_for("pages.home", lang=lang), 303)
    return render_template("start.html")
