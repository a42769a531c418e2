"""Pages, style sheets and what programs read in one piece go out compressed to whoever reads gzip: a fifth of the bytes
for a fraction of a millisecond.

Feeds compress themselves while they stream. Nothing secret stands on a page, so its length gives nothing away.
"""

import gzip

from flask import Flask, Response, request

KINDS = {
    "text/html",
    "text/css",
    "image/svg+xml",
    "application/json",
    "application/xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rss+xml",
    "text/xml",
}
LEAST = 500
"""Bytes below which compressing makes an answer longer."""


def register(app: Flask) -> None:
    """Must be registered before whatever changes a body: what is registered first runs last."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The answer, compressed when that helps and is understood."""
    if response.mimetype not in KINDS or response.direct_passthrough or response.content_encoding:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) > LEAST and request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
        response.content_encoding = "gzip"
    return response
