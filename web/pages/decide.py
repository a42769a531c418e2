"""What is held of a source, decided by whoever was sent the link in a letter.

Opening the link decides nothing; a button does."""

from http import HTTPStatus

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue.audit import acting
from catalogue.errors import Conflict, Forbidden, Invalid, found
from catalogue.notices.decision import SIGNATURE, UNTIL
from catalogue.store.outcome import Outcome

from ..current import catalogue
from . import frame
from .sources import RECORDS, report


def show(name: str) -> ResponseReturnValue:
    """The report of the run that holds something, with the two buttons. Raises `Forbidden` without a link of ours."""
    refuse_strangers(name)
    return page(name)


def act(name: str) -> ResponseReturnValue:
    """Removes exactly what the run of the form missed, or keeps exactly that published."""
    refuse_strangers(name)
    decisions = {"approve": catalogue().runs.approve_removals, "keep": catalogue().runs.keep_removals}
    decide, number = decisions.get(request.form.get("do", "")), request.form.get("run", type=int)
    if decide is None or number is None:
        raise Invalid("Remove them, or keep them.", "do")
    try:
        with acting("link in a letter"):
            decide(name, number)
    except Conflict as error:
        return page(name, error)
    return redirect(url_for("pages.run", name=name, number=number), HTTPStatus.SEE_OTHER)


def link() -> tuple[tuple[str, str], ...]:
    """What the address must hold."""
    return tuple((field, request.args.get(field, "")[:100]) for field in (UNTIL, SIGNATURE))


def refuse_strangers(name: str) -> None:
    """Raises `Forbidden` for an address that we did not write, or long ago."""
    if not catalogue().notices.may_decide(name, **dict(link())):
        raise Forbidden("This link is not one of ours, or it is too old. Sign in with your key to decide.")


def page(name: str, problem: Conflict | None = None) -> Response:
    """The page, for nobody but whoever has the link."""
    source, last = catalogue().sources.named(name), catalogue().runs.of_source(name, 1)
    run = catalogue().runs.held(name) or found(next(iter(last), None), f"run of {name!r}")
    told = report(source, run.id, "pages")
    held = catalogue().runs.outcomes(run.id, outcome=Outcome.HELD, limit=RECORDS) if told["is_waiting"] else []
    frame.keep(link(), indexed=False)
    response = make_response(render_template("decide.html", **told, held=held, problem=problem))
    response.status_code = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    response.headers["Cache-Control"] = "no-store"
    return response
