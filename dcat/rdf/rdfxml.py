"""RDF/XML on its way in: read by lxml with its limits, and handed on as XML in which nothing dangerous is left.

Both RDF libraries fall over entities that multiply and over depth (one hangs, the other ends the process); libxml2 has
limits for both. Entities that a document defines for itself (`&xsd;`) are resolved; nothing is fetched, no DTD loaded.
"""

import re
from typing import cast

from lxml import etree

from ..findings import Finding, finding
from ..namespaces import PREFIXES
from .formats import ParseError, clean_text, to_utf8

_RDF = "{" + PREFIXES["rdf"] + "}"
_DECLARED_ENCODING = re.compile(rb"^\s*<\?xml[^>]*\?>")
_FORBIDDEN_BYTES = bytes(set(range(0x20)) - set(b"\t\n\r"))


def prepare(data: bytes, declared: str = "") -> tuple[etree._Element, list[Finding]]:
    """The root of an RDF/XML document; raises `ParseError` with the line for one that is not well-formed."""
    data, findings = _without_controls(data)
    try:
        root = _parse(data)
    except etree.XMLSyntaxError as error:
        if not _is_encoding_error(error):
            raise _explained(error) from error
        data, found = to_utf8(data, declared)
        findings += found
        try:
            root = _parse(_DECLARED_ENCODING.sub(b"", data))
        except etree.XMLSyntaxError as second:
            raise _explained(second) from second
    if etree.QName(root).localname.lower() == "html":
        raise ParseError("This is a web page (HTML), not RDF. Give the address of the feed itself.")
    etree.strip_attributes(root, "{http://www.w3.org/2001/XMLSchema-instance}*")
    return root, findings


def explain(root: etree._Element, message: str) -> ParseError:
    """What is wrong with well-formed XML that is not RDF: the first element that breaks the turns of node, property."""
    stack = [(root, root.tag == f"{_RDF}RDF")]
    while stack:
        element, holds_nodes = stack.pop()
        children = list(element)
        if reason := _reason(element, children, holds_nodes):
            return ParseError(f"{reason} This is not RDF/XML.", cast("int", element.sourceline))
        if element.get(f"{_RDF}parseType") != "Literal":
            stack.extend((child, not holds_nodes) for child in reversed(children))
    return ParseError(f"This is not RDF/XML: {message}.")


def _reason(element: etree._Element, children: list[etree._Element], holds_nodes: bool) -> str:
    name = etree.QName(element)
    if not name.namespace:
        return f"The element <{name.localname}> has no namespace."
    if not children or element.get(f"{_RDF}parseType") is not None:
        return ""
    has_text = bool((element.text or "").strip()) or any((child.tail or "").strip() for child in children)
    if has_text:
        return f"The element <{name.localname}> holds text and elements at once."
    if holds_nodes and len(children) > 1 and element.tag != f"{_RDF}RDF":
        return f"The property <{name.localname}> holds {len(children)} elements where one is allowed."
    return ""


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs know only bool
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    if root is None:
        raise ParseError("The document is empty.")
    return root


def _without_controls(data: bytes) -> tuple[bytes, list[Finding]]:
    """Without the control characters that no XML may hold; documents in UTF-16 are left to the parser."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")):
        return data, []
    clean = data.translate(None, _FORBIDDEN_BYTES)
    return clean, [] if len(clean) == len(data) else [finding("text-invalid", value="control characters")]


def _is_encoding_error(error: etree.XMLSyntaxError) -> bool:
    return error.code in {  # type: ignore[attr-defined]  # not in the stubs
        etree.ErrorTypes.ERR_INVALID_ENCODING,
        etree.ErrorTypes.ERR_INVALID_CHAR,
        etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
        etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
        etree.ErrorTypes.I18N_CONV_FAILED,
    }


def _explained(error: etree.XMLSyntaxError) -> ParseError:
    line, column = error.position
    message = clean_text(re.sub(r", line \d+, column \d+.*$", "", error.msg or "it is not well-formed"))
    if "XML_PARSE_HUGE" in message or "amplification" in message:
        message = "elements nested too deeply, a text above 10 MB, or entities that multiply"
        return ParseError(f"This XML goes beyond what is read: {message}.", line, column)
    return ParseError(f"This is not well-formed XML: {message}.", line, column)
