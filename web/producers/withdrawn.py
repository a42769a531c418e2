"""Records of a source of one's own that were withdrawn, and that can come back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from catalogue.errors import Invalid

from ..api.auth import own_source
from ..current import catalogue
from .door import DO, asked, here, producer

SHOWN = 20
"""Records of a page, those that went last."""


def show(name: str) -> ResponseReturnValue:
    """Each with a button."""
    source = own_source(producer(), name)
    total, rows = catalogue().records.withdrawn(name, limit=SHOWN)
    return render_template("producers/withdrawn.html", source=source, rows=rows, more=total - len(rows))


def act(name: str) -> ResponseReturnValue:
    """Lets one come back with the next reading."""
    own_source(producer(), name)
    if asked() != "put-back":
        raise Invalid("Put a record back.", DO)
    catalogue().records.put_back(name, request.form.get("id", ""))
    return here()
