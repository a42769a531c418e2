"""What the elements of a page say in their attributes, as JSON-LD would: microdata and RDFa Lite.

https://html.spec.whatwg.org/multipage/microdata.html, https://www.w3.org/TR/rdfa-lite/
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

from lxml import etree


class _Syntax(NamedTuple):
    """The attributes by which things are described."""

    thing: str
    """Begins a thing."""
    type: str
    names: tuple[str, ...]
    """Any of them names the thing."""
    property: str


_MICRODATA = _Syntax("itemscope", "itemtype", ("itemid",), "itemprop")
_RDFA = _Syntax("typeof", "typeof", ("resource", "about"), "property")

_ADDRESSES = {"a": "href", "area": "href", "link": "href", "object": "data"} | dict.fromkeys(
    ("audio", "embed", "iframe", "img", "source", "track", "video"), "src"
)
_VALUES = ("content", "datetime", "value")
"""Attributes that say of an element what people do not read, the first that is there."""


def described(tree: etree._Element, page: str) -> list[dict[str, Any]]:
    """The things that a page describes with schema.org and that are no part of others. `page`: its address."""
    return [thing for syntax in (_MICRODATA, _RDFA) for thing in _things(tree, page, syntax)]


def _things(tree: etree._Element, page: str, syntax: _Syntax) -> Iterator[dict[str, Any]]:
    within: dict[Any, dict[str, Any] | None] = {}
    """The thing that each element is a part of the description of."""
    for element in tree.iter(etree.Element):
        outer = within.get(element.getparent())
        thing = _begun(element, page, syntax)
        within[element] = outer if thing is None else thing
        properties = element.get(syntax.property, "").split()
        if outer is not None:
            value = _value(element, page) if properties and thing is None else thing
            for name in properties:
                outer.setdefault(name, []).append(value)
        if thing is not None and (outer is None or not properties) and _is_of_schema_org(element, syntax):
            yield thing


def _begun(element: etree._Element, page: str, syntax: _Syntax) -> dict[str, Any] | None:
    """The thing that an element begins to describe; None when it begins none."""
    if element.get(syntax.thing) is None:
        return None
    name = next((element.get(name, "") for name in syntax.names if element.get(name)), "")
    said: dict[str, Any] = {"@type": element.get(syntax.type, "").split()}
    return said | ({"@id": urljoin(page, name)} if name else {})


def _is_of_schema_org(element: etree._Element, syntax: _Syntax) -> bool:
    """True for a type of schema.org; in RDFa it may be without prefix, below a `vocab`."""
    types = element.get(syntax.type, "")
    around = (each.get("vocab", "") for each in (element, *element.iterancestors()))
    return "schema" in types or (syntax is _RDFA and "schema.org" in next(filter(None, around), ""))


def _value(element: etree._Element, page: str) -> str:
    if address := element.get(_ADDRESSES.get(str(element.tag), "resource")):
        return urljoin(page, address.strip())
    said = (element.get(name) for name in _VALUES)
    return next((text for text in said if text is not None), " ".join("".join(map(str, element.itertext())).split()))
