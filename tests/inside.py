"""Addresses that lead inside, servers that count whoever comes, and names that lead where a test wants them to.

The numbers S01 to S60 are those of the list of vectors in the project's threat list. Sinks listen on every address of
this machine, on a port that the tests make a usual one, so that only the check of the address stands in the way.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import loopback
import pytest
from loopback import Answer, Request, Server

from harvesters.http import addresses

AGENCY = "127.0.0.9"
"""The only address that these clients may go to."""

LITERALS = {
    "S01": "127.0.0.1",
    "S02": "127.0.0.2",
    "S03": "0.0.0.0",
    "S04": "10.0.0.1",
    "S05": "172.16.0.1",
    "S06": "192.168.0.1",
    "S07": "169.254.169.254",
    "S08": "100.64.0.1",
    "S08b": "100.100.100.200",
    "S09": "192.0.0.8",
    "S10": "198.18.0.1",
    "S11": "224.0.0.1",
    "S12": "255.255.255.255",
    "S13": "192.88.99.1",
    "S14": "::1",
    "S15": "::",
    "S16": "::ffff:127.0.0.1",
    "S17": "::ffff:7f00:1",
    "S18": "::127.0.0.1",
    "S19": "64:ff9b::7f00:1",
    "S20": "64:ff9b:1::1",
    "S21": "2002:7f00:1::",
    "S22": "2001:0:7f00:1::",
    "S23": "fd00:ec2::254",
    "S24": "fe80::1",
    "S25": "fec0::1",
    "S26": "ff02::1",
    "S27": "3fff::1",
}

SPELLINGS = {
    "S29": "http://2130706433:{port}/",
    "S30": "http://0x7f000001:{port}/",
    "S31": "http://017700000001:{port}/",
    "S32": "http://0177.0.0.1:{port}/",
    "S33": "http://127.1:{port}/",
    "S34": "http://0:{port}/",
    "S35": "http://0x7f.1:{port}/",
    "S36": "http://①②⑦.⓪.⓪.①:{port}/",
    "S37": "http://１２７.０.０.１:{port}/",
    "S38": "http://127。0。0。1:{port}/",
    "S39": "http://ⓛocalhost:{port}/",
    "S40": "http://localhost:{port}/",
    "S40b": "http://LOCALHOST:{port}/",
    "S41": "http://%31%32%37.0.0.1:{port}/",
    "S42": "http://localhost\x00.example.com:{port}/",
    "S43": "http://127.0.0.1:{port}\\@example.org/",
    "S44": "http://example.org\\@127.0.0.1:{port}/",
    "S45": "http://user:pw@127.0.0.1:{port}/",
    "S46": "http://127.0.0.1:{port}@example.org/",
    "S47": "http://127.0.0.1:{port}#@example.org/",
    "S47b": "http://127.0.0.1:{port}?@example.org/",
    "S48": "http://127.0.\t0.1:{port}/",
    "S48b": "http://127.0.0.1\n:{port}/",
    "S49": " http://127.0.0.1:{port}/",
    "S50": "http:127.0.0.1:{port}",
    "S50b": "http:///127.0.0.1:{port}/",
    "S51": "http://127.0.0.1:{port}/\r\nX-Evil: 1",
    "S52": "http://[::1%25lo]:{port}/",
    "S54": "file:///etc/passwd",
    "S55": "ftp://127.0.0.1:{port}/",
    "S56": "gopher://127.0.0.1:{port}/",
    "S57": "data:text/turtle,<a><b><c>.",
    "S58": "ldap://127.0.0.1:{port}/",
    "S59": "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "S60": "//127.0.0.1:{port}/",
}


@contextmanager
def sinks_on_all(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Listens on all IPv4 and IPv6 addresses of this machine, on one port; gives the first, which counts for both."""

    def behave(server: Server, request: Request, sock: socket.socket) -> bool:
        sock.sendall(Answer(b"secret").encode())
        return True

    with ExitStack() as stack:
        sink = stack.enter_context(loopback.running(Server(behave, "0.0.0.0")))
        if socket.has_ipv6:
            stack.enter_context(loopback.running(_Second(sink, behave)))
        monkeypatch.setattr(addresses, "PORTS", frozenset({80, 443, sink.port}))
        yield sink


class _Second(Server):
    """The same port on IPv6."""

    def __init__(self, first: Server, behave: Any) -> None:
        super().__init__(behave, "::1", first.port)
        self.first = first

    def process_request(self, *args: Any) -> None:
        self.first.connections += 1
        super().process_request(*args)


def resolved(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Names that resolve, each to one list of numbers after the other; no other name does. The network is not asked."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        if host in known:
            answers = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
            return [answer for number in answers for answer in real(number, port, type=socket.SOCK_STREAM)]
        if host.lower() == "localhost":
            return real(host, port, *args, **options)
        return real(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)

    monkeypatch.setattr("harvesters.http.guard.socket.getaddrinfo", resolve)
    return known


def urls(sinks: Server) -> dict[str, str]:
    literal = {
        name: f"http://{f'[{number}]' if ':' in number else number}:{sinks.port}/" for name, number in LITERALS.items()
    }
    return literal | {name: url.format(port=sinks.port) for name, url in SPELLINGS.items()}
