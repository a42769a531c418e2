"""Pages, style sheets, feeds and what else is a text go out packed to whoever reads a coding that we have: a fifth of
the bytes for a fraction of a millisecond.

What is streamed is packed while it is made. Nothing secret stands on a page, so its length gives nothing away.
"""

from collections.abc import Iterable, Iterator

from flask import Flask, Response, request

from .codings import CODINGS, GZIP, Coding

TEXTS = ("text/", "image/svg+xml")
"""How the media types begin that are texts."""
LANGUAGES = ("json", "xml", "n-triples", "n-quads", "trig")
"""How those end that are documents in these."""
LEAST = 500
"""Bytes below which compressing makes an answer longer."""
LONG = 256 * 1024
"""Bytes from which on an answer is packed as one that is streamed is: what programs read page by page is so long, and
each page is made once for each that reads it."""
BLOCK = 64 * 1024
"""Bytes gathered before they are sent: small writes cost more than their bytes."""


def register(app: Flask) -> None:
    """Must be registered before whatever changes a body: what is registered first runs last."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """The answer, compressed when that helps and is understood."""
    if response.direct_passthrough or not is_text(response.mimetype or "") or response.content_encoding:
        return response
    response.vary.add("Accept-Encoding")
    if coding := chosen():
        if response.is_streamed:
            response.response = gathered(coding.packing(response.iter_encoded()))
        elif len(body := response.get_data()) > (0 if is_refused("identity") else LEAST):
            response.set_data(coding.packed(body) if len(body) < LONG else b"".join(coding.packing([body])))
        else:
            return response
        response.content_encoding = coding.name
    return response


def chosen(known: Iterable[Coding] = CODINGS) -> Coding | None:
    """The coding that the client likes best; None for the answer as it is (RFC 9110, section 12.5.3).

    Of those that it likes alike, the first. Who takes anything (`*`) without a name is sent what everybody reads. Who
    refuses all that we have, and the answer as it is too, is sent that: it can at least be looked at.
    """
    likes = asked()
    likes = {name: likes.get("*", 0) for name in (GZIP.name, "identity")} | likes
    best = max(known, key=lambda one: likes.get(one.name, 0))
    return best if 0 < likes.get(best.name, 0) >= likes["identity"] else None


def is_refused(name: str) -> bool:
    """True when the client says that it does not read that coding."""
    return asked().get(name, asked().get("*", 1)) == 0


def asked() -> dict[str, float]:
    """How much the client likes each coding that it names, from 0 to 1."""
    return {name.lower(): quality for name, quality in request.accept_encodings}


def gathered(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks of a size worth sending."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def is_text(media_type: str) -> bool:
    """True for what is written in words."""
    return media_type.startswith(TEXTS) or media_type.partition(";")[0].endswith(LANGUAGES)
