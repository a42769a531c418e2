"""Writing: every document goes through pyoxigraph's checks, so that no value can break out of its place.

N-Triples are the form in which pieces are stored and joined; the other formats are made from them, part by part, so
that a whole catalogue streams through a bounded memory.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec
import pyoxigraph as ox

from ..namespaces import PREFIXES
from .flat_jsonld import Writer
from .formats import Format
from .graph import Triple
from .ntriples import ntriples
from .parsing import checked_graph

WRITER = f"pyoxigraph {ox.__version__}"
"""What writes: another version may write the same triples otherwise."""
SMALLEST, LARGEST = 150_000, 500_000
"""Characters of N-Triples after which a part may end, and after which it does."""
_ONE_IN = 4
"""Beyond the smallest size a part ends after one piece in so many."""
_BEGINNING = 256
"""Characters of a piece that tell whether it is one of those; they hold its name."""


class Form(NamedTuple):
    """How a document is written in a format: what stands around its parts, and how one is made."""

    head: bytes
    body: Callable[[str], bytes]
    """The triples of a part of N-Triples that is not empty; the same for the same text, whatever stands before it.
    `SyntaxError` for what is no N-Triples."""
    between: bytes
    """Stands between two parts."""
    foot: bytes


def form(format: str, prefixes: Mapping[str, str] = PREFIXES) -> Form:
    """How a document is written in Turtle, RDF/XML, JSON-LD or N-Triples (a `Format` or its file ending). Raises
    `ValueError` for another one."""
    if format not in _FORMS:
        raise ValueError(f"{format!r} is not written. Formats: {', '.join(_FORMS)}.")
    return _FORMS[Format(format)](prefixes)


def serialise(triples: Iterable[Triple], format: str, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """A document in Turtle, RDF/XML, JSON-LD or N-Triples (a `Format` or its file ending).

    Raises `ValueError` for a term that is none, and in RDF/XML for a property that has no name in XML.
    """
    text = ntriples(triples)
    return b"".join(stream([text], format, {prefix: iri for prefix, iri in prefixes.items() if iri in text}))


def stream(pieces: Iterable[str], format: str, prefixes: Mapping[str, str] = PREFIXES) -> Iterator[bytes]:
    """One document made of the triples of all pieces of N-Triples, in `parts`.

    Memory stays bounded however many pieces there are. The pieces are ours (`ntriples`, `dcat.write`): one that is no
    N-Triples is a `SyntaxError`.
    """
    return filter(None, _blocks(form(format, prefixes), pieces))


def _blocks(form: Form, pieces: Iterable[str]) -> Iterator[bytes]:
    lead = b""
    yield form.head
    for part in parts(pieces):
        yield lead + form.body(part)
        lead = form.between
    yield form.foot


def parts(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces joined until they are worth a call; none is empty.

    Where one ends is told by the piece that ends it, not by a count from the beginning: after a piece more or less the
    next ones are soon the same as before, so that whoever has made something of them need not make it again.
    """
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= LARGEST or (size >= SMALLEST and _is_end(piece)):
            yield "".join(waiting)
            waiting, size = [], 0
    if size:
        yield "".join(waiting)


def _is_end(piece: str) -> bool:
    return zlib.crc32(piece[:_BEGINNING].encode()) % _ONE_IN == 0


def _ntriples(prefixes: Mapping[str, str]) -> Form:  # noqa: ARG001
    return Form(b"", str.encode, b"", b"")


def _transcoded(part: str, format: ox.RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    statements = ox.parse(part, ox.RdfFormat.N_TRIPLES)
    return ox.serialize(statements, format=format, prefixes=dict(prefixes)) or b""


def _turtle(prefixes: Mapping[str, str]) -> Form:
    named = {"rdf": PREFIXES["rdf"], **prefixes}  # never without: a reader knows Turtle by its first word
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(named.items()))

    def body(part: str) -> bytes:
        written, start = _transcoded(part, ox.RdfFormat.TURTLE, named), 0
        while written.startswith(b"@prefix ", start):
            start = written.index(b"\n", start) + 1
        return written[start:]

    return Form(head.encode(), body, b"", b"")


def _rdf_xml(prefixes: Mapping[str, str]) -> Form:
    names = "".join(f' xmlns:{prefix}="{iri}"' for prefix, iri in sorted({**prefixes, "rdf": PREFIXES["rdf"]}.items()))

    def body(part: str) -> bytes:
        written = _transcoded(part, ox.RdfFormat.RDF_XML, prefixes)
        if b"<oxprefix: " in written:
            raise ValueError("A property ends in no name that XML allows: it cannot be written as RDF/XML.")
        start = written.index(b">\n", written.index(b"<rdf:RDF")) + 2
        inner = written[start : written.rindex(b"</rdf:RDF>")]
        return inner.replace(b"\r", b"&#13;")  # a bare one would be read as a new line

    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n'
    return Form(head.encode(), body, b"", b"</rdf:RDF>\n")


def _jsonld(prefixes: Mapping[str, str]) -> Form:
    writer = Writer(prefixes)

    def body(part: str) -> bytes:
        nodes = writer.nodes(checked_graph(ox.parse(part, ox.RdfFormat.N_TRIPLES)))
        return b",\n".join(map(msgspec.json.encode, nodes))

    head = b'{"@context":' + msgspec.json.encode(writer.context()) + b',"@graph":[\n'
    return Form(head, body, b",\n", b"\n]}\n")


_FORMS: Mapping[Format, Callable[[Mapping[str, str]], Form]] = {
    Format.N_TRIPLES: _ntriples,
    Format.TURTLE: _turtle,
    Format.RDF_XML: _rdf_xml,
    Format.JSON_LD: _jsonld,
}
