"""Serves the example agencies on the loopback address: a CKAN API, a paged Turtle feed, files of RDF, and files."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from . import ckan
from .fresh import AS_OF, moved

DATA = Path(__file__).parent / "data"
PLACEHOLDER = "http://agencies.example"
PAGES = "communes/dataset/"
"""Where the packages have pages for people."""
BODY_LIMIT = 1_000_000
MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".json": "application/json",
    ".rdf": "application/rdf+xml; charset=utf-8",
    ".ttl": "text/turtle; charset=utf-8",
}


class Answer(NamedTuple):
    """What goes back."""

    status: int
    media_type: str
    body: bytes


NOT_FOUND = Answer(404, "text/plain; charset=utf-8", b"There is nothing at this address.\n")


class Agencies:
    """All answers of the agencies under one base address."""

    def __init__(self, base: str, today: date = AS_OF) -> None:
        self.base, self.today = base, today
        self.files = {path.relative_to(DATA).as_posix(): path for path in (DATA / "files").rglob("*") if path.is_file()}
        self.site = ckan.Site(*(json.loads(self.text(f"communes/{name}.json")) for name in SITE_FILES))

    def text(self, name: str) -> str:
        """A file of `data/` with the addresses of this server, and fresh dates."""
        return moved((DATA / name).read_text("utf-8").replace(PLACEHOLDER, self.base), self.today)

    def answer(self, address: str, body: bytes = b"") -> Answer:
        """The answer to a request for a path with its query, with the JSON body of a POST."""
        url = urlsplit(address)
        query = dict(parse_qsl(url.query))
        path = url.path.strip("/")
        if (file := self.files.get(path)) is not None:
            return Answer(200, MEDIA_TYPES[file.suffix], file.read_bytes())
        for prefix in ("communes/api/3/action/", "communes/api/action/"):
            if path.startswith(prefix):
                return self.action(path.removeprefix(prefix), query, body)
        if path.startswith(PAGES) and (page := ckan.page(self.site, path.removeprefix(PAGES))):
            return Answer(200, "text/html; charset=utf-8", page.encode())
        feed = FEEDS.get(path)
        return NOT_FOUND if feed is None else self.page(feed, query.get("page", "1"))

    def action(self, name: str, query: dict[str, str], body: bytes) -> Answer:
        """One call of the CKAN API; parameters come in the query or as a JSON body."""
        try:
            params = json.loads(body) if body else query
        except ValueError:
            params = None
        if not isinstance(params, dict):
            return Answer(400, "application/json", b'"Bad request - JSON Error: the body is not a JSON object"')
        status, result = ckan.answer(self.site, name, params, f"{self.base}/communes")
        return Answer(status, "application/json;charset=utf-8", json.dumps(result, ensure_ascii=False).encode())

    def page(self, feed: str, page: str) -> Answer:
        """One page of a feed. Its links to the next page are in the file itself."""
        file = DATA / feed.format(page=page if page.isdecimal() else "none")
        if not file.exists():
            return NOT_FOUND
        return Answer(200, MEDIA_TYPES[file.suffix], self.text(file.relative_to(DATA).as_posix()).encode())


SITE_FILES = ("site", "organizations", "packages")
FEEDS = {
    "mobility/catalog.ttl": "mobility/catalog-{page}.ttl",
    "finances/catalogue.rdf": "finances/catalogue.rdf",
    "local/catalogue.ttl": "local/catalogue.ttl",
}
"""Address of each feed, and its file or files."""


class Server(ThreadingHTTPServer):
    """Says nothing about a client that hung up; any other error is shown as usual."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Called by `socketserver` while the exception is being handled."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve_agencies(port: int = 0, today: date = AS_OF) -> Iterator[str]:
    """Serves until the block ends and gives the base address; port 0 is any free one. What is dated is as fresh on that
    day as it was when it was written. Raises `OSError` when the port is taken."""
    server = Server(("127.0.0.1", port), BaseHTTPRequestHandler)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    server.RequestHandlerClass = handler(Agencies(base, today).answer)
    thread = Thread(target=server.serve_forever, name="agencies", daemon=True)
    thread.start()
    try:
        yield base
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def handler(answer: Callable[[str, bytes], Answer]) -> type[BaseHTTPRequestHandler]:
    """A request handler that gives these answers to GET, HEAD and POST."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send(answer(self.path, b""))

        def do_HEAD(self) -> None:
            self.send(answer(self.path, b""), with_body=False)

        def do_POST(self) -> None:
            said = self.headers.get("Content-Length", "0")
            length = int(said) if said.isdecimal() else BODY_LIMIT + 1
            if length > BODY_LIMIT:
                self.close_connection = True
                return self.send(Answer(413, "text/plain", b"Too large.\n"))
            return self.send(answer(self.path, self.rfile.read(length)))

        def send(self, reply: Answer, *, with_body: bool = True) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            if with_body:
                self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: the harvest that asks is reported by its own run."""

    return Handler
