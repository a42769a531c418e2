"""Writing: every document goes through pyoxigraph's checks, so that no value can break out of its place.

N-Triples are the form in which pieces are stored and joined; the other formats are made from them, batch by batch, so
that a whole catalogue streams through a bounded memory.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter

import msgspec
import pyoxigraph as ox

from ..namespaces import PREFIXES
from .flat_jsonld import Writer
from .formats import Format
from .graph import Triple
from .ntriples import ntriples
from .parsing import checked_graph

BATCH = 500_000
"""Characters of N-Triples that are turned into another format at a time."""


def serialise(triples: Iterable[Triple], format: str, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """A document in Turtle, RDF/XML, JSON-LD or N-Triples (a `Format` or its file ending).

    Raises `ValueError` for a term that is none, and in RDF/XML for a property that has no name in XML.
    """
    text = ntriples(triples)
    return b"".join(stream([text], format, {prefix: iri for prefix, iri in prefixes.items() if iri in text}))


def stream(pieces: Iterable[str], format: str, prefixes: Mapping[str, str] = PREFIXES) -> Iterator[bytes]:
    """One document made of the triples of all pieces of N-Triples, in parts of about `BATCH` characters.

    Memory stays bounded however many pieces there are. The pieces are ours (`ntriples`, `dcat.write`): one that is no
    N-Triples is a `SyntaxError`.
    """
    if format not in _STREAMS:
        raise ValueError(f"{format!r} is not written. Formats: {', '.join(_STREAMS)}.")
    return _STREAMS[Format(format)](_batches(pieces), prefixes)


def _batches(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces joined until they are worth a call."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= BATCH:
            yield "".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting)


def _stream_ntriples(batches: Iterable[str], prefixes: Mapping[str, str]) -> Iterator[bytes]:  # noqa: ARG001
    return (batch.encode() for batch in batches)


def _transcoded(batch: str, format: ox.RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    statements = map(attrgetter("triple"), ox.parse(batch, ox.RdfFormat.N_TRIPLES))
    return ox.serialize(statements, format=format, prefixes=dict(prefixes)) or b""


def _stream_turtle(batches: Iterable[str], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    named = {"rdf": PREFIXES["rdf"], **prefixes}  # never without: a reader knows Turtle by its first word
    yield "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(named.items())).encode()
    for batch in filter(None, batches):
        body = _transcoded(batch, ox.RdfFormat.TURTLE, named)
        while body.startswith(b"@prefix "):
            body = body.partition(b"\n")[2]
        yield body


def _stream_rdf_xml(batches: Iterable[str], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    names = "".join(f' xmlns:{prefix}="{iri}"' for prefix, iri in sorted({**prefixes, "rdf": PREFIXES["rdf"]}.items()))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n'.encode()
    for batch in filter(None, batches):
        body = _transcoded(batch, ox.RdfFormat.RDF_XML, prefixes)
        if b"<oxprefix: " in body:
            raise ValueError("A property ends in no name that XML allows: it cannot be written as RDF/XML.")
        start = body.index(b">\n", body.index(b"<rdf:RDF")) + 2
        yield body[start : body.rindex(b"</rdf:RDF>")].replace(
            b"\r", b"&#13;"
        )  # a bare one would be read as a new line
    yield b"</rdf:RDF>\n"


def _stream_jsonld(batches: Iterable[str], prefixes: Mapping[str, str]) -> Iterator[bytes]:
    writer = Writer(prefixes)
    yield b'{"@context":' + msgspec.json.encode(writer.context()) + b',"@graph":[\n'
    separator = b""
    for batch in filter(None, batches):
        nodes = writer.nodes(checked_graph(ox.parse(batch, ox.RdfFormat.N_TRIPLES)))
        yield separator + b",\n".join(map(msgspec.json.encode, nodes))
        separator = b",\n"
    yield b"\n]}\n"


_STREAMS: Mapping[Format, Callable[[Iterable[str], Mapping[str, str]], Iterator[bytes]]] = {
    Format.N_TRIPLES: _stream_ntriples,
    Format.TURTLE: _stream_turtle,
    Format.RDF_XML: _stream_rdf_xml,
    Format.JSON_LD: _stream_jsonld,
}
