"""JSON as sources send it: asked for, read whatever its encoding, and said in words when it is none.

RFC 8259 asks for UTF-8; portals send other encodings, byte-order marks, NaN, cut answers, and pages for people.
"""

import json
from collections.abc import Container, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from dcat.findings import Finding, finding
from dcat.rdf import clean_text
from dcat.rdf.formats import to_utf8, without_lone_surrogates

from .base import Crawl, HarvestError, RawRecord
from .fields import Fields, what_it_is
from .http import Client, Response, not_what_was_asked, status_error
from .sniff import start_of

JSON = "application/json"

MOST_VALUES = 3_000_000
"""Values of one answer. Each takes some sixty bytes of memory, however short it is written: 200 MB in the worst case. A
page of a thousand datasets has 300,000."""

ACCEPT = "application/json, */*;q=0.1"

_LONGEST_NUMBER = 20

_SAYS_WHY = ("message", "detail", "error_description", "description", "title", "error")
"""Where APIs say what is wrong, the most telling first (RFC 9457 has `detail` and `title`)."""


def get(client: Client, url: str, crawl: Crawl, headers: Mapping[str, str] | None = None, **asked: Any) -> Any:
    """What a GET of JSON answers: an object or a list. `asked`: parameters; those that are None are left out.

    Raises `HarvestError`: what the client raises, `HTTP_STATUS` with what the API said about it, `NOT_A_FEED` for what
    is no JSON, `NOT_WELL_FORMED` with line and column for what is not whole.
    """
    response = client.ask(address(url, **asked), accept=ACCEPT, headers=headers)
    if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        raise refused(response)
    return read(response, crawl)


def address(url: str, **asked: Any) -> str:
    """An address with these parameters after its own."""
    parts = urlsplit(url)
    query = urlencode({name: value for name, value in asked.items() if value is not None}, doseq=True)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, query)))))


def read(response: Response, crawl: Crawl) -> Any:
    """The object or list in an answer. Raises `HarvestError` `NOT_A_FEED` or `NOT_WELL_FORMED`, in words."""
    body, found = to_utf8(response.body, response.headers.get("Content-Type", ""))
    if not start_of(body).startswith((b"{", b"[")):
        raise not_what_was_asked(response, "a JSON object or list")
    body, halves = without_lone_surrogates(body)
    crawl.findings += (msgspec.structs.replace(one, subject=response.url) for one in (*found, *halves))
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        sentence = (
            f"{response.url} holds more than {MOST_VALUES:,} values. Ask for smaller pages, or split the document."
        )
        raise HarvestError("TOO_LARGE", sentence, response.url)
    try:
        return json.loads(body, strict=False)  # with a tab or another control character in a text
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _broken(response.url, f"{error.msg} at {where}. It may have been cut off", where) from error
    except ValueError as error:
        raise _broken(response.url, f"{error}") from error
    except RecursionError as error:
        raise _broken(response.url, "it is nested too deeply") from error


def listed(said: Any, name: str, where: str, whose: str) -> list[Any]:
    """The list in the field `name` of an answer. Raises `HarvestError` `NOT_A_FEED` when there is none.

    `where`: the address that was asked. `whose`: what answers so, such as `an Opendatasoft portal`.
    """
    found = said.get(name) if isinstance(said, Mapping) else None
    if isinstance(found, list):
        return found
    if isinstance(said, Mapping) and name in said and found is None and not said.get("error"):
        return []  # as some languages write an empty list
    told = f" It said: {why}" if (why := reason(said)) else ""
    raise HarvestError(
        "NOT_A_FEED",
        f"{where} answered {what_it_is(said)}, without a list `{name}`.{told} Check that it is {whose}.",
        where,
    )


def identifier(said: Any, *names: str) -> str:
    """What tells an object from others: the first of these fields that is a text or a whole number; empty when none
    is."""
    values = [said.get(name) for name in names] if isinstance(said, Mapping) else []
    texts = (str(value).strip() for value in values if isinstance(value, str | int) and not isinstance(value, bool))
    return next(filter(None, texts), "")


def number(said: Any, name: str) -> int | None:
    """The number in the field `name` of an answer, also in quotes; None for none that could count anything."""
    found = said.get(name) if isinstance(said, Mapping) else None
    if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < _LONGEST_NUMBER:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None


def asked(client: Client, url: str, **asked: Any) -> Mapping[str, Any]:
    """The object that an address answers with; an empty one for anything else, when we ask who answers there."""
    try:
        said = get(client, url, Crawl(), **asked)
    except HarvestError:
        return {}
    return said if isinstance(said, Mapping) else {}


def missing(client: Client, url: str, what: str) -> str:
    """That an address has nothing, as a sentence; empty when it has something, and when nobody can tell.

    `what`: what is asked for there, such as `organisation`.
    """
    try:
        status = client.ask(url, accept=ACCEPT).status
    except HarvestError:
        return ""
    return f"There is no such {what}: {url} answered 404." if status == HTTPStatus.NOT_FOUND else ""


def refused(response: Response) -> HarvestError:
    """The error for an answer that is no 2xx, with the reason that the API gives in its JSON."""
    error = status_error(response)
    try:
        said = json.loads(to_utf8(response.body)[0])
    except (ValueError, RecursionError):
        return error
    if why := reason(said):
        return HarvestError(error.code, f"{error} It said: {why}", error.where, status=error.status)
    return error


def reason(said: Any) -> str:
    """What is wrong, out of what an API answered; empty when it does not say."""
    if isinstance(said, str):
        return clean_text(said).strip()[:300].rstrip(".") + "." if said.strip() else ""
    if isinstance(said, Mapping):
        return next(filter(None, (reason(said[name]) for name in _SAYS_WHY if name in said)), "")
    return ""


def record(identifier: str, value: Any, crawl: Crawl, *, address: str, version: str = "") -> RawRecord:
    """A raw record of what JSON said, of one answer or put together from several: the same content has the same bytes.

    `address`: where people or programs find it. `version`: see `RawRecord`.
    """
    body, found = encoded(value, address)
    crawl.findings += found
    return RawRecord(identifier=identifier, body=body, media_type=JSON, address=address, version=version)


def encoded(value: Any, address: str) -> tuple[bytes, list[Finding]]:
    """A value as JSON with its keys in order, and a remark where it held what no encoding can."""
    try:
        return msgspec.json.encode(value, order="sorted"), []
    except UnicodeEncodeError:  # half a character
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return clean_text(text).encode(), [finding("text-invalid", address, "", "half characters")]


def opened(raw: RawRecord, what: str) -> dict[str, Any]:
    """The object that a raw record holds. Raises `ValueError` with a sentence; `what` names it: `a CKAN package`."""
    try:
        said = json.loads(raw.body, strict=False)
    except RecursionError as error:
        raise ValueError(f"{what.capitalize()} that is nested too deeply to be read.") from error
    if not isinstance(said, dict):
        raise ValueError(f"Expected {what}, which is an object, found {what_it_is(said)}.")
    return said


def fields(raw: RawRecord, what: str, left_out: Container[str] = ()) -> Fields:
    """The fields of the object that a raw record holds. Raises `ValueError` with a sentence.

    `left_out`: fields that nobody need read.
    """
    return Fields(opened(raw, what), left_out=left_out)


def _broken(url: str, why: str, where: str = "") -> HarvestError:
    return HarvestError("NOT_WELL_FORMED", f"{url} is not JSON: {why}.", f"{url}, {where}" if where else url)
