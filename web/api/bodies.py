"""Bodies of requests: bounded, of a known media type, in a known shape."""

from typing import TypeVar

import msgspec
from flask import request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from catalogue.errors import Invalid

from .operations import JSON

Shape = TypeVar("Shape")

MEGABYTE = 1024 * 1024
PACKED = {b"\x1f\x8b": "packed with gzip", b"PK\x03\x04": "a ZIP archive"}
"""Beginnings of bodies that nobody can read as what they are said to be."""


def raw(media_types: tuple[str, ...], also: tuple[str, ...] = ()) -> tuple[bytes, str]:
    """The body and its media type, one of those given, or of those that are taken `also` and not asked for.

    Raises `UnsupportedMediaType`, `RequestEntityTooLarge`.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("A compressed body is not read here; send it as it is.")
    media_type = request.mimetype
    if (request.content_length or 0) > (request.max_content_length or 0) > 0:
        raise too_large()
    if media_type not in media_types and media_type not in also:
        raise UnsupportedMediaType(f"Send {' or '.join(media_types)}, not {media_type[:80] or 'an unnamed format'}.")
    body, most = request.get_data(cache=False), request.max_content_length
    if request.content_length is None and most is not None and len(body) >= most:
        raise too_large()  # what comes in pieces is cut at the limit without a word
    return body, media_type


def plain(media_types: tuple[str, ...]) -> tuple[bytes, str]:
    """The same. Raises `UnsupportedMediaType` for an archive as well, which no content type makes readable."""
    body, media_type = raw(media_types)
    if packed := next((words for start, words in PACKED.items() if body.startswith(start)), ""):
        raise UnsupportedMediaType(f"The body is {packed}; send what is in it, as it is.")
    return body, media_type


def too_large() -> RequestEntityTooLarge:
    """A 413 that says how much is read."""
    most = (request.max_content_length or 0) / MEGABYTE
    said = f"The body is larger than {most:.3g} MiB, which is all that is read."
    steps = request.path.split("/dataset/")[1:]
    together = (
        f" Many records go to /api/1/dataset/{steps[0].partition('/')[0]}/ by POST, some at a time." if steps else ""
    )
    return RequestEntityTooLarge(said + together)


def read(shape: type[Shape], also: tuple[str, ...] = ()) -> Shape:
    """The JSON body as that struct. Raises `BadRequest` for what is no JSON, `Invalid` for what has another shape."""
    body, _ = raw((JSON,), also)
    return decoded(body, shape)


def decoded(body: bytes, shape: type[Shape]) -> Shape:
    """JSON as that struct. Raises `BadRequest` for what is no JSON, `Invalid` for what has another shape."""
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        sentence, _, place = str(error).partition(" - at `$")
        raise Invalid(f"The body cannot be used: {sentence[:1].lower()}{sentence[1:]}.", place.strip("`.")) from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadRequest("The body is not JSON, or is nested too deeply.") from error
