"""Slips in RDF/XML that cost their own value and not the feed: each is mended in the tree, and told with its line.

Node elements and property elements take turns (https://www.w3.org/TR/rdf-syntax-grammar/#section-Syntax-node-property);
what breaks the turns or the rules of their attributes is dropped, or read as what was plainly meant.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import cast

from lxml import etree

from ..findings import Finding, finding
from ..namespaces import PREFIXES, compact

_RDF = "{" + PREFIXES["rdf"] + "}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_SUBJECTS = (f"{_RDF}about", f"{_RDF}nodeID", f"{_RDF}ID")
"""Attributes that name a node, of which one may stand."""
_OBJECTS = (f"{_RDF}resource", f"{_RDF}nodeID")
_UNKNOWN = frozenset(f"{_RDF}{name}" for name in ("aboutEach", "aboutEachPrefix", "bagID", "li", "RDF", "Description"))
"""Attributes that RDF/XML forbids."""

IsRead = Callable[[etree._Element], bool]  # noqa: SLF001 (the class has no other name)
"""Whether a parser can read a document with this root."""


def nearest(element: etree._Element) -> str:
    """What the record is called that an element stands in: the first name of a node from here to the root."""
    for each in (element, *element.iterancestors()):
        if name := next((each.get(attribute) for attribute in _SUBJECTS if each.get(attribute)), None):
            return str(name)
    return ""


def mend(root: etree._Element) -> list[Finding]:
    """Mends the slips in a document that no parser can read as it is, and says what became of each."""
    return list(_mended_nodes(root) if root.tag == f"{_RDF}RDF" else _mended_node(root))


def prune(root: etree._Element, is_read: IsRead) -> list[Finding]:
    """Takes out the properties that no parser reads, each tried on its own, for slips that nobody foresaw."""
    nodes = list(root) if root.tag == f"{_RDF}RDF" else [root]
    return [found for node in nodes for found in _pruned(node, root, is_read)]


def _told(element: etree._Element, value: str) -> Finding:
    line = f"{element.sourceline}: " if element.sourceline else ""
    return finding(
        "syntax-mended", nearest(element), compact(etree.QName(element).text.strip("{").replace("}", "")), line + value
    )


def _mended_nodes(parent: etree._Element) -> Iterator[Finding]:
    yield from _without_text(parent)
    for node in parent.iterchildren("*"):
        if etree.QName(node).namespace:
            yield from _mended_node(node)
        else:
            yield from _removed(node)


def _mended_node(node: etree._Element) -> Iterator[Finding]:
    yield from _mended_attributes(node)
    for extra in [name for name in _SUBJECTS if name in node.attrib][1:]:
        yield _told(node, str(node.attrib.pop(extra)))
    yield from _without_text(node)
    for property in list(node.iterchildren("*")):
        if etree.QName(property).namespace:
            yield from _mended_property(property)
        else:
            yield from _removed(property)


def _mended_property(property: etree._Element) -> Iterator[Finding]:
    yield from _mended_attributes(property)
    if property.get(f"{_RDF}parseType") in {"Literal", "Collection"}:
        return
    children = list(property.iterchildren("*"))
    if any(_is_markup(child) for child in children):
        property.set(f"{_RDF}parseType", "Literal")
        yield _told(property, "".join(map(str, property.itertext())).strip())
        return
    named = [name for name in _OBJECTS if name in property.attrib]
    if children and named and property.get(f"{_RDF}parseType") is None:
        yield _told(property, str(property.attrib.pop(named[0])))
    if children or named:
        yield from _without_text(property)
    if len(children) > 1 and not named and all(map(_is_property, children)):
        property.set(f"{_RDF}parseType", "Resource")
        yield _told(property, " ".join(f"<{etree.QName(child).localname}>" for child in children))
    if property.get(f"{_RDF}parseType") == "Resource":
        yield from _mended_node(property)
        return
    yield from _one_each(property, children)
    for child in children:
        yield from _mended_node(child)


def _is_markup(element: etree._Element) -> bool:
    """True for HTML within a text."""
    return etree.QName(element).namespace in {None, "", _XHTML.strip("{}")}


def _is_property(element: etree._Element) -> bool:
    """True for a name that begins as those of properties do: the node between it and another was forgotten."""
    return etree.QName(element).localname[:1].islower()


def _one_each(property: etree._Element, children: list[etree._Element]) -> Iterator[Finding]:
    """Several nodes within one property are as many values of it."""
    if len(children) > 1:
        yield _told(property, f"{len(children)} × <{etree.QName(children[0]).localname}>")
    for child in children[1:]:
        another = etree.Element(property.tag, _attributes(property))
        another.append(child)
        property.addnext(another)


def _mended_attributes(element: etree._Element) -> Iterator[Finding]:
    for name in list(element.attrib):
        if name in _UNKNOWN or not etree.QName(name).namespace:
            yield _told(element, f"{etree.QName(name).localname}={element.attrib.pop(name)!r}")


def _without_text(element: etree._Element) -> Iterator[Finding]:
    texts = [element.text, *(child.tail for child in element)]
    if said := " ".join(text.strip() for text in texts if text and text.strip()):
        element.text = None
        for child in element:
            child.tail = None
        yield _told(element, said)


def _removed(element: etree._Element) -> Iterator[Finding]:
    yield _told(element, " ".join("".join(map(str, element.itertext())).split()))
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _pruned(node: etree._Element, root: etree._Element, is_read: IsRead) -> Iterator[Finding]:
    if is_read(_alone(node, root)):
        return
    for property in list(node.iterchildren("*")):
        if is_read(_alone(_shell(node, property), root)):
            continue
        for child in property.iterchildren("*"):
            yield from _pruned(child, root, is_read)
        if not is_read(_alone(_shell(node, property), root)):
            yield from _removed(property)
    if not is_read(_alone(node, root)):
        yield finding("record-unreadable", nearest(node), "", nearest(node) or etree.QName(node).localname)
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)


def _shell(node: etree._Element, property: etree._Element) -> etree._Element:
    """A node with one of its properties."""
    shell = etree.Element(node.tag, _attributes(node), cast("dict[str, str]", node.nsmap))
    shell.append(deepcopy(property))
    return shell


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def _alone(node: etree._Element, root: etree._Element) -> etree._Element:
    """A document that holds one node."""
    document = etree.Element(f"{_RDF}RDF", nsmap=cast("dict[str, str]", root.nsmap))
    document.append(deepcopy(node))
    return document
