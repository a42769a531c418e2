"""gunicorn's worker with threads, patient with slow clients at the cost of none of its threads.

The main thread gathers the head of each request and the first part of its body without waiting for anybody, and only
what is whole goes to a thread; who takes too long is sent away. The rest of a long body is read by a thread, in time,
and by few threads at once; answers are taken so too (`taken`). `/healthz` is answered by the main thread itself, so
that it tells whether the process lives, however busy it is.

Half-open connections cost a thread each in the class that this one extends (gunicorn 27, `gthread`).
"""

import re
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors as faults
from gunicorn.http.errors import ParseException
from gunicorn.http.wsgi import InvalidResponseHeader, InvalidResponseHeaderName
from gunicorn.workers.gthread import TConn, ThreadWorker

from .taken import Taken

HEAD_SECONDS = 10
"""In which the head of a request must be here, counted from its first byte or from the connection."""
LINGER = 2.0
"""Seconds for which a client that was answered may still be sending."""
HEAD_BYTES = 65_536
"""Of the longest head; gunicorn has narrower limits for its lines."""
BODY_BYTES = 65_536
"""Of a body that are gathered before a thread gets it."""
SILENCE = 20
"""Seconds in which something must be sent or taken while a thread waits for it."""
BODY_SECONDS, BODY_RATE = 30.0, 50_000
"""A body must be here in so many seconds, and one more for each so many bytes that it announces."""
BODIES = 4
"""Threads of a process that read the rest of long bodies at once."""

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked[ \t]*\r\n", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:", re.IGNORECASE)
_LAST_CHUNK = b"0\r\n\r\n"
_HEALTHY = b'{"status":"ok"}'


def last_words(status: HTTPStatus, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A whole answer to a request that the application never sees; a sentence is said of an error."""
    body = body or f"{status.phrase}. {_SENTENCES.get(status, status.description)}\n".encode()
    kind = "application/json" if status == HTTPStatus.OK else "text/plain; charset=utf-8"
    said = {"Content-Type": kind, "Content-Length": str(len(body)), "Cache-Control": "no-store", "Connection": "close"}
    lines = (f"{name}: {value}\r\n" for name, value in {**headers, **said}.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{''.join(lines)}\r\n".encode("latin-1") + body


_SENTENCES = {
    HTTPStatus.BAD_REQUEST: "This is no request as HTTP has them.",
    HTTPStatus.REQUEST_TIMEOUT: f"The head of a request must be here within {HEAD_SECONDS} seconds.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong on our side. It has been recorded; try again later.",
}


def status_of(error: BaseException) -> HTTPStatus:
    """What a fault of a request means, by what gunicorn calls it; anything that is none is ours: 500."""
    own = next((status for kind, status in _FAULTS if isinstance(error, kind)), None)
    is_theirs = isinstance(error, ParseException) or type(error).__module__.startswith("gunicorn.http")
    return own or (HTTPStatus.BAD_REQUEST if is_theirs else HTTPStatus.INTERNAL_SERVER_ERROR)


_FAULTS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (faults.LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG),
    (faults.LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (faults.UnsupportedTransferCoding, HTTPStatus.NOT_IMPLEMENTED),
    (faults.ExpectationFailed, HTTPStatus.EXPECTATION_FAILED),
    (InvalidResponseHeader, HTTPStatus.INTERNAL_SERVER_ERROR),
    (InvalidResponseHeaderName, HTTPStatus.INTERNAL_SERVER_ERROR),
)


class Caller(TConn):  # type: ignore[misc]
    """A connection, with as much of the head of its next request as came in."""

    head = b""
    due = 0.0
    """When the rest of the head must be here, or a connection that was answered is closed."""
    drained = 0
    """Bytes that came after the last answer."""

    def __init__(self, leave: Callable[["Caller"], None], *connection: Any) -> None:
        super().__init__(*connection)
        self._leave = leave

    def init(self) -> None:
        """What was read of the head is given to whoever reads the request."""
        super().init()
        if self.head:
            self.parser.unreader.unread(self.head)
            self.head = b""

    def close(self, graceful: bool = False) -> None:
        """At once, or when the client has heard everything: gunicorn waits for that in its main thread."""
        if graceful:
            self._leave(self)
        else:
            super().close()


class Patient(ThreadWorker):  # type: ignore[misc]
    """Takes requests to threads only when their head is whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.callers: dict[socket.socket, Caller] = {}
        """Those whose head is awaited."""
        self.leaving: dict[socket.socket, Caller] = {}
        """Those who were answered for the last time, and may not have heard it yet."""

    def accept(self, listener: socket.socket) -> None:
        """Lets somebody in, and waits for what they want."""
        try:
            accepted, address = listener.accept()
        except OSError:  # another process was first, or they are gone again
            return
        client = Taken(accepted.detach())
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", SILENCE, 0))
        self.nr_conns += 1
        self._await(Caller(self._see_off, self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Caller, client: socket.socket) -> None:
        """Somebody who stayed asks for something more."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)
        self._hear(conn, client)

    def murder_pending(self) -> None:
        """Sends away whose head did not come in time, and who said nothing yet when the process ends; called once a
        second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [one for one in self.callers.values() if one.due < now or not (self.alive or one.head)]:
            self._leave(conn, HTTPStatus.REQUEST_TIMEOUT if conn.head else None)
        for conn in [one for one in self.leaving.values() if one.due < now]:
            self._gone(conn)

    def _see_off(self, conn: Caller) -> None:
        """Says that nothing more comes, and lets pass what still does: a connection that is closed over something
        unread is reset, and the end of the answer lost with it (RFC 9112, 9.6)."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            conn.close()
            return
        self.nr_conns += 1  # gunicorn does not count it any more
        conn.due = time.monotonic() + LINGER
        conn.sock.setblocking(False)
        self.leaving[conn.sock] = conn
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))

    def _drain(self, conn: Caller, client: socket.socket) -> None:
        if (more := heard(client)) is None:
            return
        conn.drained += len(more)
        if not more or conn.drained > HEAD_BYTES:
            self._gone(conn)

    def _gone(self, conn: Caller) -> None:
        del self.leaving[conn.sock]
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def _await(self, conn: Caller) -> None:
        conn.due = time.monotonic() + HEAD_SECONDS
        conn.sock.setblocking(False)
        self.callers[conn.sock] = conn
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._hear, conn))

    def _hear(self, conn: Caller, client: socket.socket) -> None:
        """Takes what is there of a head."""
        if (more := heard(client)) is None:
            return
        was_head, conn.head = _END not in conn.head, conn.head + more
        if not more:
            self._leave(conn)
        elif is_enough(conn.head):
            self._go_on(conn)
        elif was_head and _END in conn.head:
            conn.due = time.monotonic() + BODY_SECONDS
        elif was_head and len(conn.head) >= HEAD_BYTES:
            self._leave(conn, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _go_on(self, conn: Caller) -> None:
        path = conn.head.split(b" ", 2)[1:2]
        if conn.head.startswith(b"GET ") and path and path[0].endswith(b"/healthz"):
            self._leave(conn, HTTPStatus.OK, _HEALTHY)
            return
        self._forget(conn)
        conn.data_ready = True
        if conn.initialized:
            conn.parser.unreader.unread(conn.head)
            conn.head = b""
        self.enqueue_req(conn)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """Answers what is no request, or what the application did not survive; nothing of it is repeated."""
        status = status_of(exc)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.exception("A request could not be answered.")
        with suppress(OSError):
            client.send(last_words(status, self.wsgi.headers))

    def _leave(self, conn: Caller, status: HTTPStatus | None = None, body: bytes = b"") -> None:
        self._forget(conn)
        with suppress(OSError):
            if status:  # so short that it fits into the buffer, or they do not listen
                conn.sock.send(last_words(status, self.wsgi.headers, body))
            conn.sock.shutdown(socket.SHUT_WR)
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: Caller) -> None:
        del self.callers[conn.sock]
        self.poller.unregister(conn.sock)


def heard(client: socket.socket) -> bytes | None:
    """What is there; empty when they are gone, None when nothing has come yet."""
    try:
        return client.recv(HEAD_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def is_enough(received: bytes) -> bool:
    """True when a thread can go on with a request: its head is here, and its body or the first part of it."""
    head, end, body = received.partition(_END)
    if not end:
        return False
    lines = head + _END
    if _EXPECTS.search(lines):  # the client sends nothing before it is told to
        return True
    if _CHUNKED.search(lines):
        return len(body) >= BODY_BYTES or _LAST_CHUNK in body  # another request may follow
    length = _LENGTH.search(lines)
    return len(body) >= min(int(length[1]) if length else 0, BODY_BYTES)


class BodyInTime:
    """The body of a request, which must be here in time: otherwise it ends as if the client had gone away."""

    def __init__(self, body: Any, client: socket.socket, seconds: float) -> None:
        self._body, self._client, self._end = body, client, time.monotonic() + seconds

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; raises `OSError` when they do not come in time."""
        return self._in_time(lambda: self._body.read(size) if size >= 0 else self._body.read())

    def readline(self, size: int = -1) -> bytes:
        """A line."""
        return self._in_time(lambda: self._body.readline(size) if size >= 0 else self._body.readline())

    def __iter__(self) -> "BodyInTime":
        return self

    def __next__(self) -> bytes:
        if line := self.readline():
            return line
        raise StopIteration

    def _in_time(self, read: Callable[[], bytes]) -> bytes:
        left = self._end - time.monotonic()
        late = threading.Event()
        timer = threading.Timer(max(left, 0.0), self._break_off, (late,))
        timer.daemon = True
        timer.start()
        try:
            found = read()
        finally:
            timer.cancel()
        if late.is_set():
            raise TimeoutError("The body of the request did not come in time.")
        return found

    def _break_off(self, late: threading.Event) -> None:
        late.set()
        with suppress(OSError):
            self._client.shutdown(socket.SHUT_RD)


class LongBodies:
    """The application with long bodies that must come in time, and few at once. `headers`: those that every answer
    carries, also where the application is not asked."""

    def __init__(self, app: Any, headers: Mapping[str, str]) -> None:
        self.app, self.headers = app, headers
        self._free = threading.BoundedSemaphore(BODIES)

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """As WSGI wants it (PEP 3333)."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length <= BODY_BYTES and not {"HTTP_TRANSFER_ENCODING", "HTTP_EXPECT"} & environ.keys():
            return self.app(environ, start)
        if not self._free.acquire(blocking=False):
            said = {"Retry-After": "10", "Connection": "close", "Content-Length": "0", "Cache-Control": "no-store"}
            start("503 Service Unavailable", [*self.headers.items(), *said.items()])
            return [b""]
        try:
            seconds = BODY_SECONDS + length / BODY_RATE
            environ["wsgi.input"] = BodyInTime(environ["wsgi.input"], environ["gunicorn.socket"], seconds)
            return self.app(environ, start)
        finally:
            self._free.release()
