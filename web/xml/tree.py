"""Elements by their usual prefixes, and documents of them."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from lxml import etree

from dcat import rdf
from dcat.namespaces import PREFIXES

Element = etree._Element  # noqa: SLF001 (the name that it has in the stubs)
"""An element."""

NAMESPACES: Mapping[str, str] = {
    "oai": "http://www.openarchives.org/OAI/2.0/",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "csw": "http://www.opengis.net/cat/csw/2.0.2",
    "dct": "http://purl.org/dc/terms/",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gml": "http://www.opengis.net/gml/3.2",
    "gml31": "http://www.opengis.net/gml",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "ogc": "http://www.opengis.net/ogc",
    "ows": "http://www.opengis.net/ows",
    "srv": "http://www.isotc211.org/2005/srv",
    "xlink": "http://www.w3.org/1999/xlink",
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
"""Prefix → namespace."""

_PLACE = "written"
"""A processing instruction where something that is written already is to stand."""


@cache
def tag(name: str) -> str:
    """The full name of `prefix:name`; a name without prefix is itself."""
    prefix, colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name


def root(name: str, *prefixes: str, schemas: tuple[str, ...] = (), is_bare: bool = False) -> Element:
    """The root of a document with the prefix of its own name, or none when `is_bare`, and further ones declared.
    `schemas`: namespaces, each followed by where its schema is."""
    own = name.partition(":")[0]
    declared: dict[Any, str] = {None if is_bare else own: NAMESPACES[own]} | {
        each: NAMESPACES[each] for each in prefixes
    }
    made = etree.Element(tag(name), nsmap=declared | {"xsi": NAMESPACES["xsi"]})
    if schemas:
        made.set(tag("xsi:schemaLocation"), " ".join(schemas))
    return made


def add(parent: Element, name: str, text: object = "", lang: str = "", /, **attributes: str) -> Element:
    """A new last element of `parent`."""
    made = etree.SubElement(parent, tag(name), {key: rdf.clean_text(value) for key, value in attributes.items()})
    if text != "":
        made.text = rdf.clean_text(str(text))
    if lang:
        made.set(tag("xml:lang"), lang)
    return made


def place(parent: Element) -> None:
    """Leaves a place for an element that is written already."""
    parent.append(etree.ProcessingInstruction(_PLACE))


def document(top: Element, written: Sequence[bytes] = ()) -> bytes:
    """An element as a document, with what is written already in the places that were left."""
    before, *after = etree.tostring(top, xml_declaration=True, encoding="UTF-8").split(f"<?{_PLACE} ?>".encode())
    return b"".join((before, *chain.from_iterable(zip(written, after, strict=True))))


def written(top: Element) -> bytes:
    """An element to stand in a document."""
    return etree.tostring(top, encoding="UTF-8", xml_declaration=False)


def rdf_xml(lines: str) -> bytes:
    """N-Triples as `rdf:RDF`, to stand in a document."""
    used = {prefix: iri for prefix, iri in PREFIXES.items() if iri in lines}
    return b"".join(rdf.stream([lines], rdf.Format.RDF_XML, used)).partition(b"?>\n")[2]
