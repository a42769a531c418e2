"""Elements by their usual prefixes, and documents of them."""

from collections.abc import Mapping
from functools import cache
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
    "xml": "http://www.w3.org/XML/1998/namespace",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
"""Prefix → namespace."""

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


@cache
def tag(name: str) -> str:
    """The full name of `prefix:name`; a name without prefix is itself."""
    prefix, colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name


def root(name: str, *prefixes: str, schemas: tuple[str, ...] = ()) -> Element:
    """The root of a document in the namespace of its own name, with further prefixes declared. `schemas`: namespaces,
    each followed by where its schema is."""
    own = name.partition(":")[0]
    declared: dict[Any, str] = {None: NAMESPACES[own]} | {each: NAMESPACES[each] for each in prefixes if each != own}
    made = etree.Element(tag(name), nsmap=declared | {"xsi": NAMESPACES["xsi"]})
    if schemas:
        made.set(tag("xsi:schemaLocation"), " ".join(schemas))
    return made


def add(parent: Element, name: str, text: object = "", lang: str = "", **attributes: str) -> Element:
    """A new last element of `parent`."""
    made = etree.SubElement(parent, tag(name), {key: rdf.clean_text(value) for key, value in attributes.items()})
    if text != "":
        made.text = rdf.clean_text(str(text))
    if lang:
        made.set(tag("xml:lang"), lang)
    return made


def document(top: Element) -> bytes:
    """An element as a document."""
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8")


def rdf_xml(lines: str) -> Element:
    """N-Triples as `rdf:RDF`."""
    used = {prefix: iri for prefix, iri in PREFIXES.items() if iri in lines}
    return etree.fromstring(b"".join(rdf.stream([lines], rdf.Format.RDF_XML, used)), _PARSER)
