"""The one polite, guarded way out to the network.

One `Client` serves one run of one source, in one thread. Every address is checked when it is connected to, redirects
are followed by hand, sizes and times are bounded, and whatever goes wrong is one `HarvestError` with a sentence.
"""

import io
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, NamedTuple, Self
from urllib.parse import urljoin, urlsplit

import requests
import urllib3.exceptions
from requests.structures import CaseInsensitiveDict

from dcat.findings import Finding
from dcat.rdf.formats import to_utf8

from ..errors import HarvestError, Stopped
from ..sniff import start_of
from .addresses import check_url, networks, origin
from .answers import Response, a_part_only, not_what_was_asked, retry_after, status_error, whole
from .credentials import Credentials
from .faults import explain, out_of_time
from .guard import Deadline, Guard, GuardedSession
from .unpack import GZIP, gather, gunzip, start, start_unpacked

log = logging.getLogger(__name__)

USER_AGENT = "datastore-portal (open-data catalogue)"
"""How we present ourselves when nobody says better; the conductor adds the portal's address and a contact."""

MAX_BYTES = 200_000_000
"""Bytes of one answer, unpacked."""

MAX_REDIRECTS = 5

REDIRECTS = frozenset({301, 302, 303, 307, 308})

FOR_GOOD = frozenset({301, 308})
"""Redirects after which the new address is the one to ask (RFC 9110, 15.4)."""

CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
"""Header fields after which a 304 is an answer."""

TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
"""Statuses of a source that may be well again in a moment."""

TRY_AGAIN_CODES = frozenset({"TIMEOUT", "BROKEN_OFF"})
"""Codes of faults that may be gone in a moment."""

NOT_PACKED = frozenset({"", "identity", "none", "binary", "8bit", "utf-8", "utf8", "iso-8859-1", "us-ascii"})
"""What is said of a body as it is: nothing, or what servers put there that take the field for that of the charset or of
a mail's transfer; browsers pass over it too."""

_IS_TEXT = re.compile(r"\b(?:json|xml)\b", re.IGNORECASE)
"""Of a media type whose content never begins as gzip does: some servers pack it and do not say so."""

PATIENCE = 10.0
"""Seconds of `Retry-After` that are waited for; a longer time is for the conductor to plan."""

WATCH = 0.2
"""Seconds between two looks whether who waits for a host is told to stop."""


class Pace:
    """One connection at a time to a host, with a pause between; clients of several runs may share it."""

    def __init__(self, interval: float = 1.0) -> None:
        self.interval = interval
        self._lock = threading.Lock()
        self._hosts: dict[str, threading.Lock] = {}
        self._next: dict[str, float] = {}

    @contextmanager
    def turn(
        self, host: str, seconds: float, pause: float = 0.0, *, stopped: threading.Event | None = None
    ) -> Iterator[None]:
        """Waits until the host may be asked again, at most so many seconds; `pause`: seconds after it before the next,
        when more are agreed than usual. Raises `Stopped` as soon as `stopped` is set while it waits."""
        stopped = stopped or threading.Event()
        with self._lock:
            lock = self._hosts.setdefault(host, threading.Lock())
        end = time.monotonic() + seconds
        while not lock.acquire(timeout=max(0.0, min(WATCH, end - time.monotonic()))):
            _go_on(stopped)
            if time.monotonic() >= end:
                raise HarvestError("DEADLINE", f"{host} is busy with other runs. The next run tries again.", host)
        try:
            stopped.wait(max(0.0, self._next.get(host, 0.0) - time.monotonic()))
            _go_on(stopped)
            yield
        finally:
            self._next[host] = time.monotonic() + max(self.interval, pause)
            lock.release()


def _go_on(stopped: threading.Event) -> None:
    if stopped.is_set():
        raise Stopped


class Asking(NamedTuple):
    """How something is asked for."""

    method: str = "GET"
    accept: str = "*/*"
    headers: Mapping[str, str] = {}
    """For the host of the address only."""
    coding: str = "gzip"
    range: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """The header fields that every host is sent."""
        fields = {"Accept": self.accept, "Accept-Encoding": self.coding}
        return fields | {"Range": self.range} if self.range else fields


class Client:
    """Fetches for one run of one source. Not for several threads at once."""

    def __init__(
        self,
        *,
        allow: Iterable[str] = (),
        deny: Iterable[str] = (),
        user_agent: str = USER_AGENT,
        connect_timeout: float = 10.0,
        read_timeout: float = 30.0,
        page_deadline: float = 120.0,
        deadline: float = 7200.0,
        max_bytes: int = MAX_BYTES,
        tries: int = 3,
        backoff: float = 1.0,
        pace: Pace | None = None,
        pause: float = 0.0,
        ca_file: str = "",
        credentials: Credentials | None = None,
    ) -> None:
        """Times in seconds.

        `allow`: networks that may be fetched although they are private, on any port. `deny`: host names that are never
        fetched (our own). `page_deadline` is the total for one answer with its redirects and retries, `deadline` the
        total for the run, counted from here. `pace` is shared by clients that must be polite together, `pause` what is
        agreed with this source beyond it. `ca_file`: the
        certificates to trust instead of the usual ones. `credentials`: what lets us in at the source; nothing that is
        given back or raised holds them.
        """
        self.user_agent = re.sub(r"[^\x20-\x7e]+", " ", user_agent)
        self.timeout = (connect_timeout, read_timeout)
        self.page_deadline = page_deadline
        self.max_bytes = max_bytes
        self.tries = tries
        self.backoff = backoff
        self.pace, self.pause = pace or Pace(), pause
        self.moved: dict[str, str] = {}
        """Addresses that answered from another one for good (301, 308), with that one."""
        self._credentials = credentials
        self._end = time.monotonic() + deadline
        self._stopped = threading.Event()
        self._guard = Guard(networks(allow), deny)
        self._session = GuardedSession(self._guard)
        self._session.verify = ca_file or True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()

    def stop(self) -> None:
        """Ends at once what is being fetched, and lets nothing more be fetched: `Stopped` is raised where it would be.
        For another thread, and for ever."""
        self._stopped.set()
        if (deadline := self._guard.deadline) is not None:
            deadline.cut()

    def hide(self, text: str) -> str:
        """What may be told of a text: what is secret of the source stands in it no more."""
        return self._credentials.hide(text) if self._credentials else text

    def hide_in(self, body: bytes) -> bytes:
        """The same of the bytes of a record, which may have come packed."""
        return self._credentials.hide_in(body) if self._credentials else body

    def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        """The answer to a GET, when its status is 2xx; raises `HarvestError` otherwise.

        `headers` (credentials, conditions) go to the host of `url` only, never to where it redirects. With a condition
        (If-None-Match, If-Modified-Since) the answer may be a 304 without body.
        """
        response = self.ask(url, accept=accept, headers=headers, max_bytes=max_bytes)
        if response.status == HTTPStatus.NOT_MODIFIED and CONDITIONS & {name.lower() for name in headers or ()}:
            return response
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            raise status_error(response)
        if response.status == HTTPStatus.PARTIAL_CONTENT:
            raise a_part_only(response)
        return response

    def ask(
        self,
        url: str,
        *,
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        """Like `get`, but an answer of any status is given back (after redirects and retries)."""
        limit = max_bytes or self.max_bytes
        return self._try(
            url, Asking(accept=accept, headers=headers or {}), lambda answer, here: self._read(answer, here, limit)
        )

    def head(self, url: str) -> Response:
        """The answer to a HEAD, of any status: what a GET would give, told by its header fields (RFC 9110, 9.3.2)."""
        return self._try(
            url,
            Asking("HEAD", coding="identity"),
            lambda answer, here: Response(here, answer.status_code, answer.headers, b"", False),
        )

    def beginning(self, url: str, size: int) -> Response:
        """The answer, of any status, to a GET of the first bytes (RFC 9110, 14.2), whatever the server makes of that:
        its body holds at most so many bytes, as they are sent. `proven` is true when that is all of it."""
        asking = Asking(coding="identity", range=f"bytes=0-{size - 1}")
        return self._try(url, asking, lambda answer, here: _cut(answer, here, size))

    def start(self, url: str, size: int, *, accept: str = "*/*", headers: Mapping[str, str] | None = None) -> Response:
        """The answer to a GET with the first bytes of its body only, unpacked; the connection ends there.

        For what can be told from its beginning: a page's head, the heading of a table, the kind of a document.
        """
        asking = Asking(accept=accept, headers=headers or {})
        response = self._try(url, asking, lambda answer, here: _begun(answer, here, size))
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            raise status_error(response)
        return response

    def _try(self, url: str, asking: "Asking", read: "Reading") -> Response:
        url = self._credentials.off(url) if self._credentials else url
        with self._deadline(url) as deadline:
            self._guard.deadline = deadline
            for attempt in range(1, self.tries + 1):
                is_last = attempt == self.tries
                try:
                    _go_on(self._stopped)
                    response = self._follow(url, asking, read, deadline)
                except HarvestError as error:
                    _go_on(self._stopped)
                    if is_last or error.code not in TRY_AGAIN_CODES:
                        raise
                    log.info("try %d of %r: %s", attempt, url, error)
                    pause = self.backoff * 2 ** (attempt - 1)
                else:
                    if response.status not in TRY_AGAIN:
                        return response
                    pause = self._pause(response, attempt, is_last=is_last)
                    if is_last:
                        return response
                self._stopped.wait(min(pause, deadline.remaining()))
        raise AssertionError("unreachable: the last try returns or raises")

    def json_session(self) -> "JsonSession":
        """A session for client libraries of JSON APIs, behind the same guard.

        GET only. An answer that is a JSON object reaches the library whatever its status, because APIs explain their
        errors so; every other answer raises `HarvestError`.
        """
        return JsonSession(self)

    def _deadline(self, url: str) -> Deadline:
        left = self._end - time.monotonic()
        if left <= 0:
            raise HarvestError("DEADLINE", f"The run took longer than it may; {url} was not fetched any more.", url)
        return Deadline(min(left, self.page_deadline))

    def _follow(self, url: str, asking: "Asking", read: "Reading", deadline: Deadline) -> Response:
        here, lasting = url, True
        self._session.cookies.clear()  # they hold from one redirect to the next, and no longer
        for _ in range(MAX_REDIRECTS + 1):
            host = check_url(here, where=url).hostname or ""
            sent = {**asking.fields, "User-Agent": self.user_agent}
            if origin(here) == origin(url):
                sent |= asking.headers
            turn = self.pace.turn(host, deadline.remaining(), self.pause, stopped=self._stopped)
            with turn, closing(self._send(asking.method, here, sent, deadline)) as answer:
                if answer.status_code not in REDIRECTS:
                    if lasting and here != url and answer.ok:
                        self.moved[url] = here
                    return self._told(_read_in_time(answer, here, read, deadline))
                lasting &= answer.status_code in FOR_GOOD
                here = self._target(answer, here)
        raise HarvestError(
            "TOO_MANY_REDIRECTS", f"{url} redirects more than {MAX_REDIRECTS} times. Give the final address.", url
        )

    def _send(self, method: str, url: str, headers: Mapping[str, str], deadline: Deadline) -> requests.Response:
        sent, fields = url, dict(headers)
        if self._credentials and self._credentials.belong_to(url):
            sent, fields = self._credentials.on(url), fields | self._credentials.headers
        try:
            request = requests.Request(method, sent, headers=fields, cookies=self._session.cookies).prepare()
            return self._session.send(request, stream=True, timeout=self.timeout, allow_redirects=False)
        except HarvestError as refused:
            refused.where = url
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise explain(error, url, deadline) from error

    def _told(self, response: Response) -> Response:
        """An answer as it may be told: sources repeat in links and errors what they were asked with."""
        if self._credentials is None:
            return response
        fields = {name: self._credentials.hide(value) for name, value in response.headers.items()}
        return response._replace(
            headers=CaseInsensitiveDict(fields),
            body=self._credentials.hide_in(response.body),
            shown=self._credentials.belong_to(response.url),
        )

    def _target(self, answer: requests.Response, here: str) -> str:
        target = _target(answer, here)
        return self._credentials.off(target) if self._credentials else target

    def _read(self, answer: requests.Response, url: str, limit: int) -> Response:
        chunks, is_packed, proven = _chunks(answer, url)
        body = gunzip(chunks, limit, url) if is_packed else gather(chunks, limit, url)
        if not is_packed and body.startswith(GZIP) and _IS_TEXT.search(answer.headers.get("Content-Type", "")):
            is_packed, body = True, gunzip([body], limit, url)
        return Response(url, answer.status_code, answer.headers, body, proven or is_packed)

    def _pause(self, response: Response, attempt: int, *, is_last: bool) -> float:
        asked = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
        if asked is None or (asked <= PATIENCE and not is_last):
            return asked or self.backoff * 2 ** (attempt - 1)
        at = datetime.now(UTC) + timedelta(seconds=asked)
        raise HarvestError(
            "RETRY_LATER",
            f"{response.url} answered {response.status} and asks to come back after {at:%Y-%m-%d %H:%M} UTC.",
            response.url,
            status=response.status,
            retry_at=at,
        )


class JsonSession(requests.Session):
    """Sends every request of a library through a `Client`."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.trust_env = False
        self.findings: list[Finding] = []
        """Remarks about answers that were not in UTF-8, as JSON must be (RFC 8259)."""
        self.last = Response("", 0, {}, b"", False)
        """The answer that came last, whatever the library made of it."""
        self._client = client

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        url = request.url or ""
        if request.method != "GET":
            raise HarvestError("METHOD", f"{request.method} {url}: a harvest only reads.", url)
        keys = {name: str(value) for name, value in request.headers.items() if name.lower() in _KEYS}
        self.last = response = self._client.ask(url, accept="application/json", headers=keys)
        if response.status == HTTPStatus.PARTIAL_CONTENT:
            raise a_part_only(response)
        if not start_of(response.body).startswith(b"{"):
            raise not_what_was_asked(response, "JSON")
        body, found = to_utf8(response.body, response.headers.get("Content-Type", ""))
        self.findings += found
        return _as_requests(response, body.translate(_WITHOUT_CONTROLS))


_WITHOUT_CONTROLS = bytes(max(byte, 0x20) for byte in range(256))
"""JSON has no control character within a text, and a blank may stand wherever one stands between texts."""
_KEYS = frozenset({"authorization", "x-ckan-api-key"})


def _as_requests(response: Response, body: bytes) -> requests.Response:
    answer = requests.Response()
    answer.status_code = response.status
    answer.url = response.url
    answer.headers = CaseInsensitiveDict(response.headers)
    answer.raw = io.BytesIO(body)
    answer.encoding = "utf-8"
    return answer


Reading = Callable[[requests.Response, str], Response]
"""Takes the body of an answer that came from an address."""


def _read_in_time(answer: requests.Response, url: str, read: Reading, deadline: Deadline) -> Response:
    try:
        response = read(answer, url)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise explain(error, url, deadline) from error
    if deadline.passed:  # the shut connection looked like a clean end
        raise out_of_time(url, deadline)
    return response


def _begun(answer: requests.Response, url: str, size: int) -> Response:
    chunks, is_packed, _ = _chunks(answer, url)
    body = start_unpacked(chunks, size, url) if is_packed else start(chunks, size)
    return Response(url, answer.status_code, answer.headers, body, False)


def _cut(answer: requests.Response, url: str, size: int) -> Response:
    """At most so many bytes. They are all when the body ended within them: where it ends was told, or it was cut by the
    server to what it says that the whole has."""
    chunks, _, proven = _chunks(answer, url)
    body = start(chunks, size + 1)
    is_all = len(body) <= size and proven and whole(answer.headers, answer.status_code) in {None, len(body)}
    return Response(url, answer.status_code, answer.headers, body[:size], is_all)


def _chunks(answer: requests.Response, url: str) -> tuple[Iterator[bytes], bool, bool]:
    """The body in pieces, whether they are packed with gzip, and whether the answer says where it ends."""
    coding = answer.headers.get("Content-Encoding", "").strip().lower()
    if coding not in {*NOT_PACKED, "gzip", "x-gzip"}:
        raise HarvestError("ENCODING", f"{url} answered in the coding {coding[:40]!r}, which was not asked for.", url)
    proven = answer.raw.chunked or answer.raw.length_remaining is not None
    return answer.raw.stream(65536, decode_content=False), coding.endswith("gzip"), proven


def _target(answer: requests.Response, here: str) -> str:
    location = answer.headers.get("Location", "").strip()
    if not location:
        raise HarvestError("REDIRECT", f"{here} answered {answer.status_code} without saying where to.", here)
    # Header fields come as latin-1, but servers write UTF-8, and the blanks in names of files.
    location = location.encode("latin-1", "replace").decode("utf-8", "replace").replace(" ", "%20")
    try:
        target = urljoin(here, location)
    except ValueError:
        raise HarvestError("REDIRECT", f"{here} redirects to {location[:200]!r}, which is no address.", here) from None
    if urlsplit(here).scheme == "https" and urlsplit(target).scheme == "http":
        raise HarvestError("REDIRECT", f"{here} redirects from https to http, which is not followed.", here)
    return target
