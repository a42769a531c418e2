"""Following an entry or a search by mail: the form, and what the links of letters do. Opening one does nothing; a
button does."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from catalogue.errors import Invalid, NotFound
from catalogue.followers.followers import CONFIRM
from catalogue.followers.lists import MOST
from catalogue.search.base import Query
from catalogue.store.codec import unpack
from catalogue.store.follows import FollowRow
from dcat.model import Text, Texts

from ..current import catalogue, searched
from ..http import allowances, params
from ..wording import labels, words
from ..wording.words import gettext as _
from ..wording.words import language, pgettext
from ..wording.writing import number
from . import frame
from .entry_pages import live

A_MINUTE = 5
"""Addresses that one visitor may give in a minute."""
LONGEST = 254
"""Characters of a mailbox (RFC 5321, 4.5.3.1)."""


class Followed(NamedTuple):
    """What the form is about."""

    kind: str
    title: Text
    page: str
    feed: str
    promise: str
    """When a letter comes."""
    obstacle: str = ""
    """Why it cannot be followed by mail; empty when it can."""


def show(kind: str, name: str) -> ResponseReturnValue:
    """The form about an entry."""
    return form(of_entry(kind, name)[1])


def ask(kind: str, name: str) -> ResponseReturnValue:
    """Has the first letter sent. The answer is the same whether the address follows already or not."""
    id, about = of_entry(kind, name)
    return asked(about, lambda address: catalogue().followers.ask(id, address, language()))


def show_list() -> ResponseReturnValue:
    """The form about what a search finds."""
    return form(of_search()[1])


def ask_list() -> ResponseReturnValue:
    """The same as `ask`, for it."""
    query, about = of_search()
    return asked(about, lambda address: catalogue().followers.ask_for(query, address, language()))


def of_entry(kind: str, name: str) -> tuple[str, Followed]:
    """Its id, and what the form says of it."""
    refuse_without_mail()
    row = live(kind, name)
    frame.keep((), indexed=False)
    title = words.pick(row.entry.title)
    feed = f"{frame.root(f'/{kind}/{name}/changes.atom')}?lang={language()}"
    promise = _("We write to you when it changes, is late or is removed: once a day at most.")
    text = title.text if title else Text(name)
    return row.id, Followed(labels.code(kind, "type"), text, frame.entry_url(kind, name), feed, promise)


def of_search() -> tuple[Query, Followed]:
    """The search of the address, and what the form says of it."""
    refuse_without_mail()
    query = msgspec.structs.replace(params.asked(language()), page=1)
    state = params.pairs(query)
    frame.keep(state, indexed=False)
    found = searched(msgspec.structs.replace(query, partly="left", per_page=10))
    title = Text(catalogue().followers.name(query, language()), language())
    promise = _("We write to you when something in it is new, changes, is late or is removed: once a day at most.")
    obstacle = (
        _("This search finds %(n)s results, too many for letters. Narrow it, or take the feed.", n=number(found.count))
        if found.count > MOST
        else ""
    )
    feed = params.address(frame.root("/search.atom"), state)
    page = params.address(url_for("pages.search"), state)
    return query, Followed(pgettext("page", "Search"), title, page, feed, promise, obstacle)


def asked(about: Followed, ask: Callable[[str], None]) -> ResponseReturnValue:
    """Asks with the address that was typed."""
    allowances.spend("follow", allowances.visitor(), A_MINUTE)
    address = request.form.get("address", "")[: LONGEST + 1]
    if about.obstacle:
        return form(about)
    try:
        ask(address)
    except Invalid as error:
        if error.field == "address":
            return form(about, address, wrong=_("That is no e-mail address. Write it like name@example.org."))
        return form(about, address, wrong=_("This search is too long to be followed by e-mail."))
    return form(about, is_done=True)


def form(about: Followed, address: str = "", *, wrong: str = "", is_done: bool = False) -> ResponseReturnValue:
    """The page with the form, or with what was done."""
    page = render_template(
        "follow.html", about=about, address_given=address, wrong=wrong, is_done=is_done, longest=LONGEST
    )
    return private(page, 400 if wrong else 200)


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
        catalogue().followers.end(number, what, token)
    return answered(row, what, is_done=True)


def answered(row: FollowRow, what: str, *, is_done: bool) -> ResponseReturnValue:
    """The page of a link, for nobody but whoever has it."""
    frame.keep((), indexed=False)
    followers = catalogue().followers
    title = words.pick(unpack(row.title, Texts)) if row.title else None
    page = render_template(
        "followed.html",
        title=title.text if title else Text(followers.title(row), language()),
        page=frame.root(followers.page(row)),
        is_list=bool(row.query),
        what=what,
        is_done=is_done,
    )
    return private(page)


def private(page: str, status: int = 200) -> Response:
    """An answer that nobody keeps."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
