"""Servers on loopback for tests: a site made of routes, and one that behaves as badly as a server can."""

import gzip
import socket
import socketserver
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LOOPBACK = ("127.0.0.0/8",)
"""What a client must allow to reach these servers."""


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """First value of each parameter."""
        return {
            name: values[0] for name, values in parse_qs(urlsplit(self.target).query, keep_blank_values=True).items()
        }


@dataclass(frozen=True)
class Answer:
    """What a well-behaved site says."""

    body: bytes = b""
    media_type: str = "text/plain"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        head = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}", f"Content-Length: {len(self.body)}"]
        if self.media_type:
            head.append(f"Content-Type: {self.media_type}")
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + self.body


class Server(socketserver.ThreadingTCPServer):
    """Counts connections, keeps requests, and lets `behave` write what it likes on the socket."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(
        self, behave: Callable[["Server", Request, socket.socket], bool], host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)
        self.behave = behave
        self.host = f"[{host}]" if ":" in host else host
        self.requests: list[Request] = []
        self.connections = 0
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://{self.host}:{self.port}{path}"

    def asked(self) -> list[str]:
        """Paths with queries, in the order asked for."""
        return [request.target for request in self.requests]


class _Handler(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.server.connections += 1
        try:
            while (request := self._request()) is not None:
                self.server.requests.append(request)
                if not self.server.behave(self.server, request, self.connection):
                    return
        except OSError:
            return  # the client went away, as it should from most of these

    def _request(self) -> Request | None:
        first = self.rfile.readline(65536).decode("latin-1").split()
        if len(first) < 2:
            return None
        headers = {}
        while (line := self.rfile.readline(65536).decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Request(first[0], first[1], headers)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Serves until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()


def site(routes: Callable[[Request], Answer | None], host: str = "127.0.0.1") -> Server:
    """A site that answers what `routes` says, 404 for None."""

    def behave(server: Server, request: Request, sock: socket.socket) -> bool:
        answer = routes(request) or Answer(b"nothing here", status=404)
        sock.sendall(answer.encode())
        return True

    return Server(behave, host)


def pages(answers: Mapping[str, Answer]) -> Server:
    """A site of fixed answers by path with query."""
    return site(lambda request: answers.get(request.target))


def always(answer: Answer) -> Server:
    """A site that answers the same to everything."""

    def routes(request: Request) -> Answer:
        return answer

    return site(routes)


Behaviour = Callable[[Server, Request, socket.socket], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n"


def evil(host: str = "127.0.0.1") -> Server:
    """A server whose paths are the names of `BEHAVIOURS`; other paths are not found."""

    def behave(server: Server, request: Request, sock: socket.socket) -> bool:
        name = request.path.strip("/").partition("/")[0]
        BEHAVIOURS.get(name, BEHAVIOURS["404"])(server, request, sock)
        return False

    return Server(behave, host)


def _fixed(*pieces: bytes) -> Behaviour:
    def behave(server: Server, request: Request, sock: socket.socket) -> None:
        sock.sendall(b"".join(pieces))

    return behave


def _drip(server: Server, sock: socket.socket, piece: bytes) -> None:
    while not server.closing.wait(0.1):
        sock.sendall(piece)


def _drip_body(server: Server, request: Request, sock: socket.socket) -> None:
    sock.sendall(OK + b"Content-Length: 100000\r\n\r\n")
    _drip(server, sock, b".")


def _drip_body_without_length(server: Server, request: Request, sock: socket.socket) -> None:
    sock.sendall(OK + b"\r\n")
    _drip(server, sock, b".")


def _drip_headers(server: Server, request: Request, sock: socket.socket) -> None:
    sock.sendall(OK)
    _drip(server, sock, b"X-Slow: yes\r\n")


def _hang(server: Server, request: Request, sock: socket.socket) -> None:
    server.closing.wait(30)


def _first_then(failures: int, bad: bytes, good: bytes) -> Behaviour:
    def behave(server: Server, request: Request, sock: socket.socket) -> None:
        sock.sendall(bad if len([r for r in server.requests if r.target == request.target]) <= failures else good)

    return behave


def _redirect(location: str, status: int = 302) -> Behaviour:
    return _fixed(f"HTTP/1.1 {status} Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())


def _redirect_chain(server: Server, request: Request, sock: socket.socket) -> None:
    hops = int(request.path.rpartition("/")[2])
    target = f"/redirect-chain/{hops - 1}" if hops > 1 else "/fine"
    _redirect(target)(server, request, sock)


def _redirect_to(server: Server, request: Request, sock: socket.socket) -> None:
    _redirect(request.query["url"], int(request.query.get("status", "302")))(server, request, sock)


def zeros(megabytes: int) -> bytes:
    """A gzip stream that unpacks to so many MB; its checksum is wrong, but nobody should come that far."""
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(b"\0" * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"\0" * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (megabytes - 1) + packer.flush()


def _brotli_zeros(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    blocks = [packer.process(bytes(1_000_000)) for _ in range(megabytes)]
    return b"".join((*blocks, packer.finish()))


def _zstd_zeros(megabytes: int) -> bytes:
    packer = zstd.ZstdCompressor(level=1)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()


ZEROS = {"gzip": zeros, "br": _brotli_zeros, "zstd": _zstd_zeros}
"""Streams that unpack to so many MB, by coding."""


def _bomb(head: bytes, coding: str = "gzip") -> Behaviour:
    def behave(server: Server, request: Request, sock: socket.socket) -> None:
        bomb = ZEROS[coding](300)
        fields = f"Content-Encoding: {coding}\r\nContent-Length: {len(bomb)}\r\n\r\n"
        sock.sendall(head + fields.encode() + bomb)

    return behave


def _endless(server: Server, request: Request, sock: socket.socket) -> None:
    sock.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    while not server.closing.is_set():
        sock.sendall(piece)


def _headers(count: int, size: int) -> Behaviour:
    lines = b"".join(b"X-%d: %s\r\n" % (number, b"y" * size) for number in range(count))
    return _fixed(OK, lines, b"Content-Length: 0\r\n\r\n")


def _retry_after(server: Server, request: Request, sock: socket.socket) -> None:
    value = request.query["value"]
    sock.sendall(f"HTTP/1.1 429 Too Many\r\nRetry-After: {value}\r\nContent-Length: 0\r\n\r\n".encode())


def _reset(server: Server, request: Request, sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    sock.close()
    time.sleep(0.01)


HELLO = b"<http://e/s> <http://e/p> <http://e/o> ."
FINE = OK + b"Content-Length: %d\r\n\r\n" % len(HELLO) + HELLO
ERROR_500 = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body>Please log in</body></html>"

BEHAVIOURS: dict[str, Behaviour] = {
    "fine": _fixed(FINE),
    "until-close": _fixed(OK, b"\r\n", HELLO),
    "drip-body": _drip_body,
    "drip-body-without-length": _drip_body_without_length,
    "drip-headers": _drip_headers,
    "hang": _hang,
    "reset": _reset,
    "cut-body": _fixed(OK, b"Content-Length: 100000\r\n\r\n", HELLO),
    "cut-chunked": _fixed(OK, b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
    "cut-gzip": _fixed(OK, b"Content-Encoding: gzip\r\n\r\n", gzip.compress(HELLO * 100)[:-12]),
    "cut-once": _first_then(1, OK + b"Content-Length: 100000\r\n\r\n", FINE),
    "broken-gzip": _fixed(OK, b"Content-Encoding: gzip\r\n\r\n", b"this is no gzip"),
    "brotli": _fixed(OK, b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nabc"),
    "two-codings": _fixed(OK, b"Content-Encoding: gzip, gzip\r\nContent-Length: 3\r\n\r\nabc"),
    "gzip": _fixed(OK, b"Content-Encoding: gzip\r\n\r\n", gzip.compress(HELLO)),
    "gzip-bomb": _bomb(OK),
    "br-bomb": _bomb(OK, "br"),
    "zstd-bomb": _bomb(OK, "zstd"),
    "endless": _endless,
    "piece-to-the-end": _fixed(OK, b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", b"x" * 100_000_000),
    "piece-less-than-nothing": _fixed(OK, b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n"),
    "two-lengths": _fixed(OK, b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello"),
    "many-headers": _headers(150, 10),
    "long-header": _headers(1, 1_000_000),
    "bad-status": _fixed(b"HTTP/1.1 abc\r\n\r\n"),
    "http-0.9": _fixed(HELLO),
    "html": _fixed(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", PAGE),
    "500": _fixed(ERROR_500),
    "500-twice": _first_then(2, ERROR_500, FINE),
    "404": _fixed(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
    "403": _fixed(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
    "retry-after": _retry_after,
    "redirect-chain": _redirect_chain,
    "redirect-loop": _redirect("/redirect-loop"),
    "redirect-to": _redirect_to,
    "redirect-nowhere": _fixed(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
    "redirect-with-bomb": _bomb(b"HTTP/1.1 302 Found\r\nLocation: /fine\r\n"),
    "redirect-with-zstd-bomb": _bomb(b"HTTP/1.1 302 Found\r\nLocation: /fine\r\n", "zstd"),
    "redirect-with-endless-body": _fixed(b"HTTP/1.1 302 Found\r\nLocation: /fine\r\n\r\n", b"x" * 100_000),
    "cookie": _fixed(b"HTTP/1.1 302 Found\r\nLocation: /fine\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"),
}
"""What each path of `evil` does."""
