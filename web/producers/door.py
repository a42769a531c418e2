"""The door: a key opens a session, and what a form sends is looked at before anything is done.

The cookie is for these addresses alone, no script reads it, and no other site can send it (RFC 6265bis). Whoever comes
without a session sees the form to sign in, at whichever address; what was typed meanwhile is kept.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from catalogue.audit import acting
from catalogue.errors import Conflict, Forbidden, Invalid
from catalogue.sources.sessions import LASTS
from catalogue.store.rows import TokenRow

from ..current import catalogue, settings
from ..http import allowances
from ..pages import frame
from ..wording.words import gettext as _
from .secret_fields import SECRET

Show = Callable[..., ResponseReturnValue]
Act = Callable[..., ResponseReturnValue]

COOKIE = "producer"
KEY, FORM, DO = "key", "form", "do"
"""Fields of forms: the key to sign in with, what proves that the form is ours, what is to be done."""
PRODUCERS, OPERATORS = "harvest", "operator"
"""What a key must have been made for to do something on the pages of producers, and on those of who runs the
catalogue."""
LONGEST = 512
"""Characters of the longest key or cookie that is looked at."""


def guarded(show: Show, act: Act | None, scope: str) -> Callable[..., ResponseReturnValue]:
    """The view of a page: the form to sign in, the page itself, or what was done by one of its forms."""

    @wraps(show)
    def view(**steps: str) -> ResponseReturnValue:
        frame.keep((), indexed=False)
        g.session = request.cookies.get(COOKIE, "")[:LONGEST]
        g.key = catalogue().sessions.key(g.session)
        g.scope = scope
        response = make_response(_answer(show, act, steps))
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
        return response

    return view


def _answer(show: Show, act: Act | None, steps: dict[str, str]) -> ResponseReturnValue:
    if request.method != "POST":
        return show(**steps) if g.key else sign_in_form()
    refuse_from_elsewhere()
    if KEY in request.form:
        return sign_in(show, steps)
    if g.key is None:
        return sign_in_form(_("You were signed out. Sign in again: what you typed is kept."))
    if not catalogue().sessions.is_form_token(g.session, request.form.get(FORM, "")):
        raise Forbidden("This form was not sent from our page, or is too old. Open the page again.")
    allowances.write(g.key.id)
    with acting(f"key {g.key.prefix}…"):
        return sign_out() if asked() == "sign-out" else done(show, act, steps)


def done(show: Show, act: Act | None, steps: dict[str, str]) -> ResponseReturnValue:
    """What a form asked for; or the page again, with why it could not be done."""
    if act is None:
        raise Invalid("There is nothing to do at this address.", DO)
    check_scope(g.scope)
    try:
        return act(**steps)
    except (Conflict, Invalid) as error:
        g.problem = error
        return make_response(show(**steps), HTTPStatus.UNPROCESSABLE_ENTITY)


def check_scope(scope: str) -> None:
    """Raises `Forbidden` for a key that was made for something else."""
    if scope not in g.key.scopes:
        raise Forbidden(f"This key may not be used for “{scope}”; it was made for: {', '.join(g.key.scopes)}.")


def asked() -> str:
    """What a form asks for."""
    return request.form.get(DO, "")


def typed() -> bool:
    """True when a form of this page was filled in, and is to be shown again as it was."""
    return bool(set(request.form) - {KEY, FORM, DO})


def producer() -> TokenRow:
    """The key of whoever is signed in."""
    key: TokenRow = g.key
    return key


def here() -> Response:
    """The same page, asked for anew: sending a form twice does nothing twice."""
    return make_response(redirect(request.script_root + request.path, HTTPStatus.SEE_OTHER))


def refuse_from_elsewhere() -> None:
    """Raises `Forbidden` for a form that a page of another site sends (https://www.w3.org/TR/fetch-metadata/)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = urlsplit(request.headers.get("Origin", "")).netloc
    if site != "same-origin" or origin not in {"", request.host, urlsplit(settings().site_url).netloc}:
        raise Forbidden("This form was sent by a page of another site.")


# --- signing in and out ----------------------------------------------------------------------------------------------


def sign_in_form(problem: str = "", status: int = HTTPStatus.OK) -> Response:
    """The form, which keeps what another form held."""
    kept = [(name, value) for name, value in request.form.items() if name not in {KEY, FORM, DO, SECRET}]
    return make_response(render_template("producers/sign_in.html", problem=problem, kept=kept), status)


def sign_in(show: Show, steps: dict[str, str]) -> Response:
    """Opens a session, and shows the page that was asked for; or the form again."""
    try:
        allowances.hold_up()
        key = catalogue().keys.authenticate(request.form[KEY].strip()[:LONGEST])
    except TooManyRequests as error:
        response = sign_in_form(_("Too many keys were tried. Wait a minute."), HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    except Forbidden:
        allowances.wrong_key()
        words = _("This key is not known here, or it has expired or was revoked. Check that you copied all of it.")
        return sign_in_form(words, HTTPStatus.FORBIDDEN)
    open_session(key)
    return with_cookie(make_response(show(**steps)) if typed() else here())


def open_session(key: TokenRow) -> None:
    """Lets whoever showed that key in: a new session, whatever the browser held before."""
    g.session, g.key = catalogue().sessions.open(key, g.session), key


def with_cookie(response: Response) -> Response:
    """An answer that gives the session to the browser."""
    for path in paths():
        response.set_cookie(
            COOKIE,
            g.session,
            max_age=LASTS,
            path=path,
            secure=settings().site_url.startswith("https://"),
            httponly=True,
            samesite="Strict",
        )
    return response


def sign_out() -> Response:
    """Ends the session, here and in the browser."""
    catalogue().sessions.close(g.session)
    g.key = None
    response = make_response(redirect(url_for("producers.start"), HTTPStatus.SEE_OTHER))
    for path in paths():
        response.delete_cookie(COOKIE, path=path)
    return response


def paths() -> list[str]:
    """Where the cookie is sent: this part of the site, in each language."""
    return [f"{request.script_root}/{lang}/producers" for lang in settings().languages]
