"""Who is asking: a producer's key in a header, and what it opens.

A key changes only what is its publisher's; what belongs to somebody else is not there (404) for it. Sources, runs and
reports can be read by everybody, as on the pages, but for the options of a source.
"""

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from catalogue.errors import Forbidden, NotFound
from catalogue.store.questions import QuestionRow
from catalogue.store.rows import RunRow, SourceRow, TokenRow

from ..current import catalogue
from ..http import allowances
from ..http.security import KEY_HEADERS

KEY_LIMIT = 512
"""Characters of the longest key that is looked at."""


def authorise(scope: str) -> TokenRow:
    """The token of this request. Raises `Unauthorized` without a valid key, `Forbidden` when it lacks the
    scope, `TooManyRequests` when it writes too often or too many keys were tried."""
    sent = key()
    allowances.hold_up()
    try:
        token = catalogue().keys.authenticate(sent)
    except Forbidden as error:
        allowances.wrong_key()
        raise unauthorised(str(error)) from error
    allowances.write(token.id)
    if scope not in token.scopes:
        raise Forbidden(f"This key may not be used for “{scope}”; it was made for: {', '.join(token.scopes)}.")
    return token


def key() -> str:
    """The key as it was sent, with or without `Bearer` before it."""
    sent = next((text for name in KEY_HEADERS if (text := request.headers.get(name, "").strip())), "")
    scheme, blank, rest = sent.partition(" ")
    if blank:
        sent = rest.strip() if scheme.lower() == "bearer" else ""
    if not 0 < len(sent) <= KEY_LIMIT:
        raise unauthorised("This needs a producer's key, as in “Authorization: Bearer KEY”.")
    return sent


def unauthorised(sentence: str) -> Unauthorized:
    """A 401 that says how to sign in."""
    return Unauthorized(sentence, www_authenticate=WWWAuthenticate("bearer", {"realm": "datastore"}))


def visitor() -> str:
    """The publisher whose key was sent to an address that needs none; empty without a key that may harvest.

    What else is in the headers, such as the password of a server in front, is nobody's business here.
    """
    try:
        token = catalogue().keys.authenticate(key())
    except (Forbidden, Unauthorized):
        return ""
    return token.publisher if "harvest" in token.scopes else ""


def own_source(token: TokenRow, name: str) -> SourceRow:
    """The source, when it is this producer's; raises `NotFound` in the same words for none and for another's."""
    absent = NotFound(f"You have no harvest source named {name[:100]!r}.")
    try:
        source = catalogue().sources.named(name)
    except NotFound as error:
        raise absent from error
    if not token.publisher or source.publisher != token.publisher:
        raise absent
    return source


def own_run(token: TokenRow, number: str) -> RunRow:
    """The run, when it is of a source of this producer; raises `NotFound` in the same words for none and for
    another's."""
    absent = NotFound(f"You have no harvest job with the number {number[:20]!r}.")
    try:
        run = any_run(number)
        own_source(token, run.source)
    except NotFound as error:
        raise absent from error
    return run


def own_question(token: TokenRow, number: str) -> QuestionRow:
    """The question, when it is about what is this producer's, or the key is an operator's; raises `NotFound` in the
    same words for none and for another's."""
    absent = NotFound(f"You have no question with the number {number[:20]!r}.")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise absent
    try:
        row = catalogue().questions.one(int(number))
    except NotFound as error:
        raise absent from error
    if "operator" not in token.scopes and token.publisher not in {row.publisher, row.owner}:
        raise absent
    return row


def any_source(name: str) -> SourceRow:
    """The source with that name; raises `NotFound`."""
    try:
        return catalogue().sources.named(name)
    except NotFound as error:
        raise NotFound(f"There is no harvest source named {name[:100]!r}.") from error


def any_run(number: str) -> RunRow:
    """The run with that number; raises `NotFound`."""
    absent = NotFound(f"There is no harvest job with the number {number[:20]!r}.")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise absent
    try:
        return catalogue().runs.numbered(int(number))
    except NotFound as error:
        raise absent from error
