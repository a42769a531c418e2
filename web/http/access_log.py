"""One line in the log for each request: what was asked, what was answered, how long it took.

Of the visitor only a network is written, never the whole address, and of the address only the path: what somebody
searches for is nobody's business.
"""

import time

import structlog
from flask import Flask, Response, g, request

from ..current import settings
from . import origin

log = structlog.get_logger("web.access")


def register(app: Flask) -> None:
    """Names each request and writes it down when it is answered."""
    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(forget)


def begin() -> None:
    """From now on every line in the log names this request."""
    g.began = time.perf_counter()
    structlog.contextvars.bind_contextvars(request=origin.request_id())


def end(response: Response) -> Response:
    """The line; a body that is streamed goes on after it."""
    response.headers["X-Request-ID"] = origin.request_id()
    if settings().access_log:
        place = origin.network(origin.KEPT)
        log.info(
            "request.answered",
            method=request.method,
            path=request.path,
            status=response.status_code,
            bytes=response.content_length,
            ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            visitor=str(place) if place else "",
        )
    return response


def forget(_error: BaseException | None) -> None:
    """The next request of this thread is another one."""
    structlog.contextvars.unbind_contextvars("request")
