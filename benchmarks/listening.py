"""A server of the benchmarks' own, on loopback."""

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


def answer(asked: BaseHTTPRequestHandler, body: bytes | None, media_type: str, *, tagged: bool) -> int:
    """Answers with a body, or 404 for none, and returns how many bytes of it were sent. `tagged`: with an ETag, and
    nothing to whoever has it (304), as web servers do with files."""
    sent = body or b""
    etag = f'"{blake2b(sent, digest_size=8).hexdigest()}"'
    is_held = tagged and asked.headers.get("If-None-Match") == etag
    asked.send_response(404 if body is None else 304 if is_held else 200)
    if tagged:
        asked.send_header("ETag", etag)
    sent = b"" if is_held else sent
    asked.send_header("Content-Type", media_type)
    asked.send_header("Content-Length", str(len(sent)))
    asked.end_headers()
    asked.wfile.write(sent)
    return len(sent)
