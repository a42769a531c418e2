"""A server of the benchmarks' own, on loopback."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def listening(handler: Callable[..., BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """Answers as the handler does, at the address yielded, until the block ends; on any port, or on that one."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


SMALL = 1400
"""Bytes of an answer that is not packed: it fits into one packet as it is."""


def answer(
    asked: BaseHTTPRequestHandler, body: bytes | None, media_type: str, *, tagged: bool, packed: bool = False
) -> int:
    """Answers with a body, or 404 for none, and returns how many bytes of it were sent. `tagged`: with an ETag, and
    nothing to whoever has it (304), as web servers do with files. `packed`: with gzip, as they do with texts."""
    sent = body or b""
    etag = f'"{blake2b(sent, digest_size=8).hexdigest()}"'
    is_held = tagged and asked.headers.get("If-None-Match") == etag
    asked.send_response(404 if body is None else 304 if is_held else 200)
    if tagged:
        asked.send_header("ETag", etag)
    sent = b"" if is_held else sent
    if packed and len(sent) > SMALL and "gzip" in asked.headers.get("Accept-Encoding", ""):
        sent = gzip.compress(sent, 6, mtime=0)
        asked.send_header("Content-Encoding", "gzip")
    asked.send_header("Content-Type", media_type)
    asked.send_header("Content-Length", str(len(sent)))
    asked.end_headers()
    asked.wfile.write(sent)
    return len(sent)
