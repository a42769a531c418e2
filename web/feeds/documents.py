"""RDF on its way out: lines of N-Triples become the serialisation asked for."""

from collections.abc import Iterable
from itertools import chain

from flask import Response

from dcat import rdf, write
from dcat.model import Node

from ..http.compression import gathered
from .formats import Format


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
    blocks = gathered(body)
    first = next(blocks, b"")
    return Response(chain((first,), blocks), mimetype=media_type)


def held(response: Response) -> Response:
    """What is short enough to be held whole: its tag is of what it says, and what breaks as it is made is an error."""
    response.make_sequence()
    return response
