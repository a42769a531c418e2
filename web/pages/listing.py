"""A list of results under a heading of its own: what a publisher, a theme or a keyword holds."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from .. import params
from ..current import catalogue
from ..words import language
from . import frame, results


def show(template: str, fixed: tuple[str, str], facets: tuple[str, ...] = (), **context: Any) -> ResponseReturnValue:
    """Results that all have the fixed filter; the page's form narrows them."""
    asked = params.asked(language(), facets, fixed=(fixed,))
    path = url_for(str(request.endpoint), **(request.view_args or {}))
    own = (fixed,)
    if params.has_empty():
        return redirect(params.address(path, results.without_fixed(asked, own)), 303)
    found = catalogue().search(asked)
    last = results.pages(asked, found)
    if asked.page > last:
        return redirect(params.address(path, results.without_fixed(asked, own, last)), 303)
    frame.keep(results.without_fixed(asked, own), indexed=not asked.text and found.count > 0)
    return render_template(
        template,
        asked=asked,
        found=found,
        heading=results.heading(asked, found, last),
        path=path,
        steps=results.steps(asked, last, path, own),
        suffix=params.address("", params.pairs(asked)),
        **context,
    )
