"""Lists: what is asked, the token that says where to go on, and the part that is given.

A token holds the question and the last id given, and nothing is kept here: it never expires, and goes on after that id
wherever it stands by then.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

from catalogue.publishing.headers import Range
from catalogue.store.rows import Header

from ..current import catalogue
from . import dates, sets
from .refusal import Refusal

SIZE = 100
"""Records of one part."""


class Question(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What is asked, and how far the answer has come."""

    verb: str
    prefix: str
    set: str = ""
    since: str = ""
    until: str = ""
    after: str = ""
    """The last id given; empty at the beginning."""
    given: int = 0
    """How many were given before."""

    @property
    def token(self) -> str:
        """With which the list goes on."""
        return urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


class Part(msgspec.Struct, frozen=True):
    """A part of a list."""

    headers: list[Header]
    total: int | None
    """How many there are in the whole list; None where counting would mean reading it."""
    following: str
    """Token of the next part; empty on the last one."""


def asked(verb: str, arguments: dict[str, str]) -> Question:
    """What the arguments of a list ask. Raises `Refusal`."""
    if "resumptionToken" in arguments:
        return resumed(verb, arguments["resumptionToken"])
    return Question(
        verb=verb,
        prefix=arguments["metadataPrefix"],
        set=arguments.get("set", ""),
        since=arguments.get("from", ""),
        until=arguments.get("until", ""),
    )


def resumed(verb: str, token: str) -> Question:
    """What a token says. Raises `Refusal`."""
    try:
        body = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        question = msgspec.json.decode(body, type=Question)
    except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError):
        raise _bad_token() from None
    if question.verb != verb or not question.after.isalnum() or question.given < 0 or question.token != token:
        raise _bad_token()
    return question


def part(question: Question) -> Part:
    """What comes next. Raises `Refusal`: `noRecordsMatch` when there is nothing at all. What a token promised may be
    gone from the list by now; then the last part is empty, since an error would spoil the parts before it."""
    since, before = dates.bounds(question.since, question.until)
    chosen = Range(since=since, before=before)
    chosen, theme = sets.within(question.set, chosen) if question.set else (chosen, "")
    found = catalogue().headers.after(question.after, SIZE + 1, chosen, theme)
    if not found and not question.after:
        raise Refusal("noRecordsMatch", "Nothing was found by that.")
    some, total = found[:SIZE], None if theme else catalogue().headers.count(chosen)
    if len(found) <= SIZE:
        return Part(some, total, "")
    return Part(some, total, msgspec.structs.replace(question, after=some[-1].id, given=question.given + SIZE).token)


def _bad_token() -> Refusal:
    return Refusal("badResumptionToken", "That is no token that this repository gave for this verb.")
