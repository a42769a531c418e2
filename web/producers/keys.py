"""Keys of one's own: made, replaced by new ones, revoked. A key is shown once, on the page that answers."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.errors import Invalid, NotFound

from ..current import catalogue
from .door import DO, asked, here, open_session, producer, with_cookie

SHOWN = 15
"""Keys of a page, the newest ones."""


def show(made: str = "") -> ResponseReturnValue:
    """All keys of this publisher; with the one that was just made."""
    keys = catalogue().keys.of(producer().publisher)
    now = clock.now()
    alive = [key for key in keys if key.revoked is None and key.expires > now]
    ended = [key for key in keys if key not in alive]
    return render_template("producers/keys.html", keys=alive[:SHOWN], ended=ended[:SHOWN], made=made)


def act() -> ResponseReturnValue:
    """Makes one, puts a new one in the place of another, or ends one."""
    if asked() == "make":
        made, _row = catalogue().keys.another(producer())
        return show(made)
    if asked() == "rotate":
        return rotate(number())
    if asked() == "revoke":
        catalogue().keys.revoke_own(producer().publisher, number())
        is_own = number() == producer().id
        return make_response(redirect(url_for("producers.start"), 303)) if is_own else here()
    raise Invalid("Make a key, rotate one or revoke one.", DO)


def rotate(id: int) -> ResponseReturnValue:
    """A new key in the place of another; who is signed in with that one stays so, with the new one."""
    made, row = catalogue().keys.another(producer(), replaced=id)
    if id != producer().id:
        return show(made)
    open_session(row)
    return with_cookie(make_response(show(made)))


def number() -> int:
    """Which key a form is about. Raises `NotFound`."""
    text = request.form.get("id", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound(f"There is no key {text[:20]!r}.")
    return int(text)
