"""Following an entry by mail: the form, and what the links of letters do. Opening one does nothing; a button does."""

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from catalogue.errors import Invalid, NotFound
from catalogue.followers.followers import CONFIRM
from catalogue.store.codec import unpack
from catalogue.store.follows import FollowRow
from dcat.model import Texts

from ..current import catalogue
from ..http import allowances
from ..wording import words
from ..wording.words import language
from . import frame
from .entry_pages import live

A_MINUTE = 5
"""Addresses that one visitor may give in a minute."""
LONGEST = 254
"""Characters of a mailbox (RFC 5321, 4.5.3.1)."""


def show(kind: str, name: str) -> ResponseReturnValue:
    """The form."""
    return form(kind, name)


def ask(kind: str, name: str) -> ResponseReturnValue:
    """Has the first letter sent. The answer is the same whether the address follows already or not."""
    allowances.spend("follow", allowances.visitor(), A_MINUTE)
    row, address = live(kind, name), request.form.get("address", "")[: LONGEST + 1]
    refuse_without_mail()
    try:
        catalogue().followers.ask(row.id, address, language())
    except Invalid:
        return form(kind, name, address, is_wrong=True)
    return form(kind, name, is_done=True)


def form(
    kind: str, name: str, address: str = "", *, is_wrong: bool = False, is_done: bool = False
) -> ResponseReturnValue:
    """The page with the form, or with what was done."""
    row = live(kind, name)
    refuse_without_mail()
    frame.keep((), indexed=False)
    page = render_template(
        "follow.html",
        row=row,
        title=words.pick(row.entry.title),
        address_given=address,
        is_wrong=is_wrong,
        is_done=is_done,
        longest=LONGEST,
    )
    return private(page, 400 if is_wrong else 200)


def refuse_without_mail() -> None:
    """Raises `NotFound` where no mail can be sent."""
    if not catalogue().followers.are_possible:
        raise NotFound("No letters are sent from this portal.")


def letter(number: int, what: str, token: str) -> ResponseReturnValue:
    """What the link of a letter leads to: a button."""
    return answered(catalogue().followers.of_link(number, what, token), what, is_done=False)


def act(number: int, what: str, token: str) -> ResponseReturnValue:
    """Confirms, or ends it, as a button or the program that reads the mail asks (RFC 8058)."""
    row = catalogue().followers.of_link(number, what, token)
    if what == CONFIRM:
        catalogue().followers.confirm(number, token)
    else:
        catalogue().followers.end(number, token)
    return answered(row, what, is_done=True)


def answered(row: FollowRow, what: str, *, is_done: bool) -> ResponseReturnValue:
    """The page of a link, for nobody but whoever has it."""
    frame.keep((), indexed=False)
    title = words.pick(unpack(row.title, Texts))
    return private(render_template("followed.html", row=row, title=title, what=what, is_done=is_done))


def private(page: str, status: int = 200) -> Response:
    """An answer that nobody keeps."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
