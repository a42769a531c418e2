"""RDF on its way out: lines of N-Triples become the serialisation asked for, compressed when that is accepted."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from flask import Response, request

from dcat import rdf, write
from dcat.model import Node

from .formats import Format

BLOCK = 64 * 1024
"""Bytes gathered before they are sent: small writes cost more than their bytes."""


def lines_of(node: Node) -> str:
    """What a struct says, as N-Triples."""
    return rdf.ntriples(write.write(node))


def rdf_document(lines: Iterable[str], format: Format) -> Response:
    """The triples as a streamed answer.

    What cannot even begin (no database) is an error page; what breaks later cuts the connection, so that nobody takes
    half a catalogue for a whole one.
    """
    return streamed(rdf.stream(lines, format.rdf), format.media_type)


def streamed(body: Iterable[bytes], media_type: str) -> Response:
    """A streamed answer, its first block already made. What makes the others may not ask for the current request."""
    blocks = gathered(compressed(body) if gzip_is_accepted() else body)
    first = next(blocks, b"")
    response = Response(chain((first,), blocks), mimetype=media_type)
    response.vary.add("Accept-Encoding")
    if gzip_is_accepted():
        response.content_encoding = "gzip"
    return response


def held(response: Response) -> Response:
    """What is short enough to be held whole: its tag is of what it says, and what breaks as it is made is an error."""
    response.make_sequence()
    return response


def gzip_is_accepted() -> bool:
    """True when the request says so."""
    return request.accept_encodings.quality("gzip") > 0


def compressed(body: Iterable[bytes]) -> Iterator[bytes]:
    """The body as one gzip member: of several joined ones, many clients read only the first and say nothing."""
    packer = zlib.compressobj(level=3, wbits=31)
    for chunk in body:
        yield packer.compress(chunk)
    yield packer.flush()


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
