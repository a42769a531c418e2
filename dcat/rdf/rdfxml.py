"""RDF/XML on its way in: read by lxml with its limits, and handed on as XML in which nothing dangerous is left.

Both RDF libraries fall over entities that multiply and over depth (one hangs, the other ends the process); libxml2 has
limits for both. Entities that a document defines for itself (`&xsd;`) are resolved; nothing is fetched, no DTD loaded.
"""

import re
import sys
from html.entities import html5
from typing import cast

from lxml import etree

from ..findings import Finding, finding
from ..namespaces import PREFIXES
from .formats import ParseError, clean_text, is_clean, is_utf8, record_before, to_utf8
from .xml_slips import nearest

_RDF = "{" + PREFIXES["rdf"] + "}"
_DECLARED_ENCODING = re.compile(rb"^\s*<\?xml[^>]*\?>")
_WIDE_IN_BYTES = re.compile(rb"\s*<\?xml[^>]*\bencoding\s*=\s*[\"'](?:utf-?(?:16|32)|ucs-?[24])", re.IGNORECASE)
"""A declaration of two or four bytes a character that is written with one, as programs do that write into a text."""
_SINGLE_BYTE = re.compile(
    rb"(\s*<\?xml[^>]*\bencoding\s*=\s*[\"'])(?:iso-?8859-?1|latin-?1|(?:us-)?ascii)\b", re.IGNORECASE
)
_OPENED = re.compile(rb"<([A-Za-z_][\w.:-]*)")
NEWLINE = b"\n"
LONG, SHORTEST = 1 << 22, 10
"""Bytes of a document whose tags are counted, and for each tag; documents of agencies have twenty and more."""
_FORBIDDEN_BYTES = bytes(set(range(0x20)) - set(b"\t\n\r"))


def prepare(data: bytes, declared: str = "") -> tuple[etree._Element, list[Finding]]:
    """The root of an RDF/XML document; raises `ParseError` with the line for one that is not well-formed."""
    data, findings = _without_controls(_rightly_labelled(data))
    _check_tags(data)
    root, found = _root(data, declared)
    findings += found
    if etree.QName(root).localname.lower() == "html":
        raise ParseError("This is a web page (HTML), not RDF. Give the address of the feed itself.")
    etree.strip_attributes(root, "{http://www.w3.org/2001/XMLSchema-instance}*")
    return root, findings


def _check_tags(data: bytes) -> None:
    """Raises `ParseError` for a long document of nothing but tags: each element takes a hundred bytes and more."""
    if len(data) > LONG and data.count(b"<") * SHORTEST > len(data):
        raise ParseError(f"This XML has a tag for every {SHORTEST} of its bytes and says nothing.")


def _root(data: bytes, declared: str) -> tuple[etree._Element, list[Finding]]:
    found: list[Finding] = []
    try:
        return _parse(data), found
    except etree.XMLSyntaxError as error:
        first = error
    if first.code == etree.ErrorTypes.ERR_NO_MEMORY:  # type: ignore[attr-defined]  # not in the stubs
        raise MemoryError from first
    if _is_encoding_error(first) or _WIDE_IN_BYTES.match(data):
        data, found = to_utf8(data, declared)
        data = _DECLARED_ENCODING.sub(b"", data)
        try:
            return _parse(data), found
        except etree.XMLSyntaxError as error:
            first = error
    root, mended = _mended(data, first)
    return root, [*found, *mended]


def _mended(data: bytes, first: etree.XMLSyntaxError) -> tuple[etree._Element, list[Finding]]:
    """The root of a document whose only faults cost no more than themselves; raises `ParseError` for any other."""
    whole, found = _without_start(data)
    whole, references = _without_references(whole)
    whole, entities = _with_entities(whole)
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(whole, parser)
    except etree.XMLSyntaxError:
        root = None
    faults = list(parser.error_log)
    if root is None or any(fault.type not in _HARMLESS for fault in faults):
        raise _explained(first, data) from first
    try:
        _declare(root)
    except ValueError:  # a name that lxml reads and does not write
        raise _explained(first, data) from first
    told = [finding("syntax-mended", "", "XML", f"{fault.line}: {clean_text(fault.message)}") for fault in faults]
    return root, [*found, *references, *entities, *told]


def _declare(root: etree._Element) -> None:
    for element in root.iter("*"):
        attributes = {_declared(str(name)): str(value) for name, value in element.attrib.items()}  # each once
        element.attrib.clear()
        for name, value in attributes.items():
            element.set(name, value)
        element.tag = _declared(element.tag)


def _declared(name: str) -> str:
    """A name whose prefix nobody declared, under the namespace that it usually stands for, else under none."""
    prefix, _, local = name.rpartition(":")
    if name.startswith("{") or not prefix:
        return name
    namespace = PREFIXES.get(_USUAL.get(prefix, prefix))
    return f"{{{namespace}}}{local}" if namespace else local


_USUAL = {"dcterms": "dct", "terms": "dct"}
_HARMLESS = frozenset(
    {
        etree.ErrorTypes.ERR_ATTRIBUTE_REDEFINED,
        etree.ErrorTypes.NS_ERR_XML_NAMESPACE,
        etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE,
        etree.ErrorTypes.NS_ERR_ATTRIBUTE_REDEFINED,
        etree.ErrorTypes.NS_ERR_EMPTY,
        etree.ErrorTypes.WAR_NS_URI,
        etree.ErrorTypes.WAR_NS_URI_RELATIVE,
    }
)
"""Faults after which libxml2 reads on without losing anything else; a document that was cut off has others."""


def _without_start(data: bytes) -> tuple[bytes, list[Finding]]:
    """Without blank lines, or the output of a program, before the XML declaration."""
    start = data.find(b"<?xml")
    before = data[:start]
    if start <= 0 or b"<" in before:
        return data, []
    return data[start:], [finding("syntax-mended", "", "XML", before.decode("utf-8", "replace").strip() or "\\n")]


_CDATA = rb"<!\[CDATA\[.*?(?:\]\]>|\Z)"
"""What is a text as it stands. One that is not closed goes to the end, or many of them would take the square of a
document."""
_REFERENCE = re.compile(_CDATA + rb"|&#(?:x([0-9a-f]{1,8})|([0-9]{1,10}));", re.DOTALL | re.IGNORECASE)


class _Lines:
    """The lines of places that follow one another, each counted from the one before: from the start, many would take
    the square of a document."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._line = data, 0, 1

    def of(self, at: int) -> int:
        """The line of a place, which is not before the last that was asked for."""
        self._line += self._data.count(NEWLINE, self._at, at)
        self._at = at
        return self._line


def _without_references(data: bytes) -> tuple[bytes, list[Finding]]:
    """Without references to characters that no XML may hold (`&#11;`)."""
    told: dict[str, None] = {}
    lines = _Lines(data)

    def kept(match: re.Match[bytes]) -> bytes:
        if match[0].startswith(b"<!"):
            return match[0]
        number = int(match[1], 16) if match[1] else int(match[2])
        if number <= sys.maxunicode and is_clean(chr(number)):
            return match[0]
        told[f"{lines.of(match.start())}: {match[0].decode()}"] = None
        return b""

    return _REFERENCE.sub(kept, data), [finding("syntax-mended", "", "XML", text) for text in told]


_AMPERSAND = re.compile(
    _CDATA + rb"|<(?=[\s\d=<])|&(?!#\d+;|#x[0-9a-f]+;|(?:amp|lt|gt|quot|apos);)([a-z][a-z0-9]*;)?",
    re.DOTALL | re.IGNORECASE,
)


def _with_entities(data: bytes) -> tuple[bytes, list[Finding]]:
    """With the entities of HTML as the characters that they are, and any other bare `&`, or `<` that opens nothing, as
    one."""
    told: dict[str, None] = {}
    lines = _Lines(data)

    def mended(match: re.Match[bytes]) -> bytes:
        if match[0].startswith(b"<!"):
            return match[0]
        near = " ".join(data[max(match.start() - 10, 0) : match.end() + 10].decode("utf-8", "replace").split())
        written = "&lt;" if match[0] == b"<" else "&amp;"
        told[f"{lines.of(match.start())}: “{near}” ({written})"] = None
        if match[0] == b"<":
            return b"&lt;"
        name = (match[1] or b"").decode()
        return "".join(f"&#{ord(sign)};" for sign in html5.get(name, "&")).encode() + (
            b"" if name in html5 else match[1] or b""
        )

    if b"<!DOCTYPE" in data:  # it may define its own
        return data, []
    return _AMPERSAND.sub(mended, data), [finding("sign-unescaped", "", "XML", text) for text in told]


def explain(root: etree._Element, message: str) -> ParseError:
    """What is wrong with well-formed XML that is not RDF: the first element that breaks the turns of node, property."""
    stack = [(root, root.tag == f"{_RDF}RDF")]
    while stack:
        element, holds_nodes = stack.pop()
        children = list(element)
        if reason := _reason(element, children, holds_nodes):
            line = cast("int", element.sourceline)
            return ParseError(f"{reason} This is not RDF/XML.", line, record=nearest(element))
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


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs know only bool
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def _parse(data: bytes) -> etree._Element:
    root = etree.fromstring(data, _parser(recover=False))
    if root is None:
        raise ParseError("The document is empty.")
    return root


def _rightly_labelled(data: bytes) -> bytes:
    """A document that calls itself Latin-1 with the label of what it is in: UTF-8, or Windows-1252 as browsers read it
    (https://encoding.spec.whatwg.org/#names-and-labels)."""
    label = _SINGLE_BYTE.match(data)
    if label is None or data.isascii():
        return data
    encoding = b"utf-8" if is_utf8(data) else b"windows-1252"
    return label[1] + encoding + data[label.end() :]


def _without_controls(data: bytes) -> tuple[bytes, list[Finding]]:
    """Without the control characters that no XML may hold; documents in UTF-16 are left to the parser."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00")):
        return data, []
    clean = data.translate(None, _FORBIDDEN_BYTES)
    if b"\xef\xbf" in clean:  # U+FFFE and U+FFFF, which are no characters
        clean = clean.replace(b"\xef\xbf\xbe", b"").replace(b"\xef\xbf\xbf", b"")
    return clean, [] if len(clean) == len(data) else [finding("text-invalid", value="control characters")]


def _is_encoding_error(error: etree.XMLSyntaxError) -> bool:
    return error.code in {  # type: ignore[attr-defined]  # not in the stubs
        etree.ErrorTypes.ERR_INVALID_ENCODING,
        etree.ErrorTypes.ERR_INVALID_CHAR,
        etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
        etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
        etree.ErrorTypes.I18N_CONV_FAILED,
    }


def _explained(error: etree.XMLSyntaxError, data: bytes) -> ParseError:
    line, column = error.position
    record = record_before(data, line, column)
    message = clean_text(re.sub(r", line \d+, column \d+.*$", "", error.msg or "it is not well-formed"))
    if "XML_PARSE_HUGE" in message or "amplification" in message:
        message = "elements nested too deeply, a text above 10 MB, or entities that multiply"
        return ParseError(f"This XML goes beyond what is read: {message}.", line, column, record=record)
    if line >= data.count(NEWLINE) and _is_cut(data):
        return ParseError("This XML ends too early: its last part is missing.", line, column, record=record)
    return ParseError(f"This is not well-formed XML: {message}.", line, column, record=record)


def _is_cut(data: bytes) -> bool:
    """True when the first element is never closed; one that is alone may close itself."""
    first = _OPENED.search(data)
    if first is None or b"</" + first[1] in data:
        return False
    is_alone = data.count(b"<", first.start()) == 1
    return not (is_alone and data.rstrip().endswith(b"/>"))
