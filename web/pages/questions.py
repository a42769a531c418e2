"""Telling what is wrong with data, and asking about them: the form, what was answered, and the links of letters."""

from typing import NamedTuple

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from catalogue.audit import acting
from catalogue.errors import Conflict, Forbidden, Invalid
from catalogue.questions.forms import TooSoon
from catalogue.questions.questions import ANSWER, LONGEST, SHORTEST, Answer, Asked
from catalogue.store.codec import unpack
from catalogue.store.questions import QuestionRow
from dcat.model import Texts

from ..current import catalogue
from ..http import allowances, params
from ..wording import words
from ..wording.words import gettext as _
from ..wording.words import language
from . import frame
from .entry_pages import live, mailboxes, page_address, write_to
from .results import steps_between

A_MINUTE = 3
"""Questions that one visitor may ask in a minute."""
SHOWN = 10
"""Answers on one page."""
TRAP = "website"
"""A field that no person sees: who fills it in is a program."""
FIELDS = ("text", "address", "form")
CUT = 10_000
"""Characters of a field that are looked at."""


class Problem(NamedTuple):
    """What is wrong with what was sent."""

    field: str
    """Where to mend it."""
    words: str


def show(kind: str, name: str) -> ResponseReturnValue:
    """What was answered, and the form."""
    return page(kind, name, {})


def ask(kind: str, name: str) -> ResponseReturnValue:
    """Takes a question; or the form again, with what is wrong and everything that was typed."""
    allowances.spend("ask", allowances.visitor(), A_MINUTE)
    row = live(kind, name)
    given = {field: request.form.get(field, "")[:CUT] for field in FIELDS}
    if request.form.get(TRAP, ""):
        words = _("A hidden field was filled in, as programs do it. Send the form again, and leave that field empty.")
        return page(kind, name, given, Problem("text", words))
    try:
        asked = Asked(given["text"], given["address"], language())
        catalogue().questions.ask(row.id, asked, given["form"])
    except (Conflict, Forbidden, Invalid) as error:
        return page(kind, name, given, problem(error))
    return page(kind, name, given, is_done=True)


def problem(error: Exception) -> Problem:
    """What is wrong, in the reader's language."""
    if isinstance(error, Invalid) and error.field == "address":
        return Problem("address", _("That is no e-mail address. Write it like name@example.org."))
    if isinstance(error, Invalid):
        return Problem("text", _("Write between %(least)s and %(most)s characters.", least=SHORTEST, most=LONGEST))
    if isinstance(error, TooSoon):
        return Problem("text", _("That was faster than anybody types. Look at it once more, and send it again."))
    if isinstance(error, Conflict):
        return Problem("text", _("Many questions about these data wait for an answer. Try again another day."))
    return Problem("text", _("This form is too old. Send it again: what you typed is kept."))


def page(
    kind: str, name: str, given: dict[str, str], wrong: Problem | None = None, *, is_done: bool = False
) -> ResponseReturnValue:
    """The page of all questions about an entry."""
    row, number = live(kind, name), params.page_number()
    count, rows = catalogue().questions.shown(row.id, (number - 1) * SHOWN, SHOWN)
    frame.keep((("page", str(number)),) if number > 1 else (), indexed=count > 0)
    last = -(-count // SHOWN)
    rendered = render_template(
        "questions.html",
        row=row,
        title=words.pick(row.entry.title),
        given=given,
        wrong=wrong,
        is_done=is_done,
        answers=rows,
        count=count,
        page_number=number,
        steps=steps_between(number, last, lambda to: page_address("pages.questions", to, kind=kind, name=name)),
        code=catalogue().questions.form(row.id, given.get("form", "")),
        mailbox=write_to(mailboxes(row)).partition("?")[0],
        by_mail=catalogue().questions.go_by_mail,
        trap=TRAP,
        longest=LONGEST,
    )
    return private(rendered, 400 if wrong else 200)


# --- links of letters ------------------------------------------------------------------------------------------------


def letter(number: int, what: str, token: str) -> ResponseReturnValue:
    """What the link of a letter leads to: a button, or the form for the answer. Opening it does nothing."""
    return answered(catalogue().questions.of_link(number, what, token), what)


def act(number: int, what: str, token: str) -> ResponseReturnValue:
    """Confirms an address; or answers, as whoever was sent the link."""
    catalogue().questions.of_link(number, what, token)
    if what == ANSWER:
        try:
            with acting(f"letter about question {number}"):
                decide(number, language())
        except Invalid as error:
            return answered(catalogue().questions.one(number), what, wrong=error)
    else:
        catalogue().questions.confirm(number, token)
    return answered(catalogue().questions.of_link(number, what, token), what, is_done=True)


def decide(number: int, lang: str) -> QuestionRow:
    """Does what the form under a question asks for: answer it, or close it. Raises `Invalid`."""
    if request.form.get("do") == "close":
        return catalogue().questions.close(number)
    said = Answer(
        request.form.get("answer", "")[:CUT],
        lang,
        is_shown=request.form.get("show") == "yes",
        wording=request.form.get("wording", "")[:CUT],
    )
    return catalogue().questions.answer(number, said)


def answered(
    row: QuestionRow, what: str, *, is_done: bool = False, wrong: Invalid | None = None
) -> ResponseReturnValue:
    """The page of a link, for nobody but whoever has it."""
    frame.keep((), indexed=False)
    title = words.pick(unpack(row.title, Texts))
    rendered = render_template("question.html", row=row, title=title, what=what, is_done=is_done, wrong=wrong)
    return private(rendered, 422 if wrong else 200)


def private(rendered: str, status: int) -> Response:
    """An answer that nobody keeps."""
    response = make_response(rendered, status)
    response.headers["Cache-Control"] = "no-store"
    return response
