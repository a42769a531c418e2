"""The frame of the door to the network: connections that check where they go and stop when the time is up.

The address is checked where the connection is made: the name is resolved once, every answer is checked, and the
connection goes to the number that was checked, so that nothing can change in between (DNS rebinding). Host header and
TLS keep the name. A refusal is a `HarvestError` and not an `OSError`, which urllib3 would take for a network fault.
"""

import http.client
import logging
import os
import socket
import threading
import time
from collections.abc import Iterable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from .addresses import Network, may_connect, refusal

log = logging.getLogger(__name__)

Answer = tuple[int, str]
"""Address family and number."""


class Deadline:
    """A total time for everything between two moments, which no slow server can stretch.

    When it passes, the connection in use is shut. A shut connection looks like a clean end of the answer, so whoever
    reads must look at `passed` before trusting what was read.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._timer = threading.Timer(seconds, self.cut)
        self._timer.daemon = True
        self._timer.start()

    def __enter__(self) -> "Deadline":
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._hold(None)

    def remaining(self) -> float:
        """Seconds left, never less than a thousandth."""
        return 0.001 if self.passed else max(self._end - time.monotonic(), 0.001)

    def watch(self, sock: socket.socket) -> None:
        """From now on this is the connection to shut.

        A copy of its handle is kept, because wrapping a socket in TLS takes the original away, and because http.client
        gives up a connection that ends with its answer while that answer is still being read.
        """
        self._hold(socket.socket(fileno=os.dup(sock.fileno())))

    def _hold(self, handle: socket.socket | None) -> None:
        with self._lock:
            if self._handle is not None:
                self._handle.close()
            self._handle = handle
            self._shut()

    def cut(self) -> None:
        """Lets the time be up now; another thread may do so."""
        with self._lock:
            self.passed = True
            self._shut()

    def _shut(self) -> None:
        if self.passed and self._handle is not None:
            try:
                self._handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("the connection was closed before its deadline shut it")


class Guard:
    """What the connections of one client obey."""

    def __init__(self, allow: Iterable[Network] = (), deny: Iterable[str] = ()) -> None:
        self.allow = tuple(allow)
        self.deny = frozenset(host.lower().rstrip(".") for host in deny)
        self.deadline: Deadline | None = None

    def remaining(self, seconds: float) -> float:
        """The given time, or what is left of the deadline when that is less."""
        return min(seconds, self.deadline.remaining()) if self.deadline else seconds

    def watch(self, sock: socket.socket) -> None:
        """Tells the deadline which connection is in use."""
        if self.deadline:
            self.deadline.watch(sock)

    def answers(self, host: str, port: int, seconds: float) -> list[Answer]:
        """Every address of a name, all of them allowed; raises `HarvestError` when one is not."""
        if host.lower().rstrip(".") in self.deny:
            log.warning("refused %r: it is one of our own", host)
            raise refusal(host)
        found = list(dict.fromkeys((family, str(sockaddr[0])) for family, sockaddr in _resolve(host, port, seconds)))
        for _, number in found:
            if not may_connect(number, port, self.allow):
                log.warning("refused %r: it resolves to %s, port %d", host, number, port)
                raise refusal(host)
        return found


def _resolve(host: str, port: int, seconds: float) -> list[tuple[int, tuple[Any, ...]]]:
    """Asks for the addresses of a name in a thread of its own, because the resolver knows no deadline."""
    result: list[list[tuple[int, tuple[Any, ...]]] | Exception] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            result.append([(family, sockaddr) for family, _, _, _, sockaddr in found])
        except (OSError, UnicodeError) as error:
            result.append(error)

    thread = threading.Thread(target=ask, name="resolve", daemon=True)
    thread.start()
    thread.join(seconds)
    if not result:
        raise TimeoutError(f"the name {host!r} was not resolved within {seconds:.0f} s")
    if isinstance(result[0], Exception):
        raise result[0]
    return result[0]


class _Answer(http.client.HTTPResponse):
    """An answer whose pieces have a length: of one that says -1 urllib3 reads on to the end, however far that is."""

    def _safe_read(self, amt: int) -> bytes:
        if amt < 0:
            raise http.client.HTTPException(f"a piece of {amt} bytes")
        return super()._safe_read(amt)  # type: ignore[misc,no-any-return]


class _GuardedHTTP(HTTPConnection):
    response_class = _Answer
    guard: Guard

    def _new_conn(self) -> socket.socket:
        seconds = self.guard.remaining(float(self.timeout or 30))
        try:
            answers = self.guard.answers(self._dns_host.strip("[]"), self.port, seconds)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, str(error)) from error
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except UnicodeError as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        return self._connect_to(answers)

    def _connect_to(self, answers: list[Answer]) -> socket.socket:
        last: OSError = OSError("the name has no address")
        for family, number in answers:
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(self.guard.remaining(float(self.timeout or 30)))
                self.guard.watch(sock)
                sock.connect((number, self.port))
            except OSError as error:
                sock.close()
                last = error
            else:
                return sock
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, f"no connection to {self.host} in time") from last
        raise NewConnectionError(self, str(last)) from last

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is not None:  # a connection that is used again
            self.guard.watch(self.sock)
        super().request(*args, **options)


class _GuardedHTTPS(_GuardedHTTP, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTP
    guard: Guard

    def _new_conn(self) -> Any:
        connection = super()._new_conn()
        connection.guard = self.guard  # type: ignore[attr-defined]
        return connection


class _HTTPSPool(_HTTPPool, HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPS


class _Pools(PoolManager):
    def __init__(self, guard: Guard) -> None:
        super().__init__(num_pools=4, maxsize=1)
        self.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
        self._guard = guard

    def _new_pool(self, *args: Any, **options: Any) -> HTTPConnectionPool:
        pool = super()._new_pool(*args, **options)
        pool.guard = self._guard  # type: ignore[attr-defined]
        return pool


class _Adapter(HTTPAdapter):
    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__()

    def init_poolmanager(self, *_: Any, **__: Any) -> None:
        self.poolmanager = _Pools(self._guard)


class GuardedSession(requests.Session):
    """A session whose every connection obeys a guard; no cookie, proxy or password of the surroundings is used."""

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self.trust_env = False
        self.adapters.clear()
        self.mount("http://", _Adapter(guard))
        self.mount("https://", _Adapter(guard))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None always: requests would read and unpack the whole body of a redirect before we could refuse it."""
