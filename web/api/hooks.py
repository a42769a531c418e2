"""Who is told what happens to a publisher's sources: mailboxes, and programs by a signed POST."""

from typing import Annotated, Literal

import msgspec
from flask import Response, request

from catalogue.errors import NotFound
from catalogue.store.rows import DeliveryRow, SubscriptionRow, TokenRow
from dcat.our_languages import OUR_LANGUAGES

from ..current import catalogue
from .bodies import read
from .harvest import answer
from .operations import Operation, path

SCOPE = "harvest"

Wanted = Literal["always", "on_error", "never"]
Language = Annotated[str, msgspec.Meta(extra_json_schema={"enum": ["", *OUR_LANGUAGES]})]


class NewHook(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to tell what happens to the sources of the key's publisher."""

    url: Annotated[str, msgspec.Meta(extra_json_schema={"pattern": "^(https?://|mailto:)"})]
    """An http(s) address, or `mailto:` and a mailbox."""
    when: Wanted = "on_error"
    language: Language = ""
    """Of letters; the first of the portal's when empty."""


class HookChange(msgspec.Struct, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    when: Wanted | None = None
    language: Language = ""


class HookShape(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told what."""

    id: int
    url: str
    when: str
    language: str
    created: str
    secret: str | None = None
    """With what messages to a program are signed; shown once, when it is made."""


class DeliveryShape(msgspec.Struct, frozen=True, kw_only=True):
    """What was or is to be told."""

    id: str
    """As `X-Datastore-Delivery` has it; the same at every try."""
    event: str
    source: str | None
    job: int | None
    at: str
    state: str
    """`waiting`, `sent` or `given-up`."""
    attempts: int
    next_attempt: str | None
    answer: str
    """What the other side said last."""


def list_hooks(token: TokenRow) -> Response:
    """Whom the publisher of the key lets be told."""
    return answer([shape(row) for row in catalogue().subscriptions.all(token.publisher)])


def create_hook(token: TokenRow) -> Response:
    """Tells a mailbox or a program what happens to the publisher's sources. The secret is shown this once."""
    new = read(NewHook)
    row, secret = catalogue().subscriptions.add(
        new.url, publisher=token.publisher, wanted=new.when, language=new.language
    )
    where = f"{request.script_root}/api/1/hooks/{row.id}/"
    return answer(msgspec.structs.replace(shape(row), secret=secret or None), 201, Location=where)


def show_hook(token: TokenRow, hook: str) -> Response:
    """One of them."""
    return answer(shape(own_hook(token, hook)))


def change_hook(token: TokenRow, hook: str) -> Response:
    """Changes what they are told, or in which language."""
    row, change = own_hook(token, hook), read(HookChange)
    return answer(shape(catalogue().subscriptions.change(row.id, wanted=change.when or "", language=change.language)))


def delete_hook(token: TokenRow, hook: str) -> Response:
    """They are told nothing any more."""
    return answer(shape(catalogue().subscriptions.remove(own_hook(token, hook).id)))


def try_hook(token: TokenRow, hook: str) -> Response:
    """Tells them now that this is a test; what came of it."""
    return answer(delivery_shape(catalogue().notices.trial(own_hook(token, hook).id)))


def list_deliveries(token: TokenRow, hook: str) -> Response:
    """The last things that they were told, newest first, and how it went."""
    return answer([delivery_shape(row) for row in catalogue().subscriptions.deliveries(own_hook(token, hook).id)])


def own_hook(token: TokenRow, number: str) -> SubscriptionRow:
    """The hook, when it is this publisher's; raises `NotFound` in the same words for none and for another's."""
    absent = NotFound(f"You have no hook with the number {number[:20]!r}.")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise absent
    try:
        row = catalogue().subscriptions.one(int(number))
    except NotFound as error:
        raise absent from error
    if not token.publisher or row.publisher != token.publisher:
        raise absent
    return row


def shape(row: SubscriptionRow) -> HookShape:
    """One as JSON."""
    created = row.created.isoformat()
    return HookShape(id=row.id, url=row.address, when=row.wanted, language=row.language, created=created)


def delivery_shape(row: DeliveryRow) -> DeliveryShape:
    """A delivery as JSON."""
    return DeliveryShape(
        id=row.number,
        event=row.event,
        source=row.source or None,
        job=row.run,
        at=row.at.isoformat(),
        state=row.state,
        attempts=row.attempts,
        next_attempt=row.due.isoformat() if row.due else None,
        answer=row.answer,
    )


_HOOKS, _HOOK = "/api/1/hooks/", "/api/1/hooks/{hook}/"
HOOK = path("hook", "Number of the hook, as `id` gives it.")

OPERATIONS = (
    Operation("GET", _HOOKS, list_hooks, "Who is told what", SCOPE, answers={200: list[HookShape]}),
    Operation(
        "POST", _HOOKS, create_hook, "Tell a mailbox or a program", SCOPE, body=NewHook, answers={201: HookShape}
    ),
    Operation("GET", _HOOK, show_hook, "One hook", SCOPE, (HOOK,), answers={200: HookShape}),
    Operation(
        "PATCH", _HOOK, change_hook, "Change what they are told", SCOPE, (HOOK,), body=HookChange,
        answers={200: HookShape},
    ),
    Operation("DELETE", _HOOK, delete_hook, "Tell them nothing any more", SCOPE, (HOOK,), answers={200: HookShape}),
    Operation(
        "POST", _HOOK + "try/", try_hook, "Tell them that this is a test", SCOPE, (HOOK,),
        answers={200: DeliveryShape},
    ),
    Operation(
        "GET", _HOOK + "deliveries/", list_deliveries, "What they were told", SCOPE, (HOOK,),
        answers={200: list[DeliveryShape]},
    ),
)  # fmt: skip
"""Operations of this file."""
