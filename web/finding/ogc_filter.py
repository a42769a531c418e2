"""The part of OGC's Filter Encoding 1.1 (OGC 04-095) that clients write, read into a tree."""

from collections.abc import Callable, Iterator
from types import MappingProxyType

from lxml import etree

from ..xml.tree import NAMESPACES, Element
from .tree import DEEPEST, AllOf, AnyOf, Equal, Expression, Like, Not, Overlaps, Since, Unsupported, following, words_of

_TURNED = ("urn:ogc:def:crs:epsg:", "urn:x-ogc:def:crs:epsg:", "http://www.opengis.net/def/crs/epsg/")
"""How a reference system begins whose first axis is the latitude (OGC 05-010)."""
_DEGREES = ("4326", "4258", "crs84", "crs:84")
_GML = ("http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2")


def read(filter: Element) -> Expression:
    """The expression in an `ogc:Filter`. Raises `Unsupported`."""
    if _name(filter) != "Filter":
        raise Unsupported(f"Expected ogc:Filter, found {_name(filter)[:40]}.")
    return _only(filter, 0)


def _only(parent: Element, depth: int) -> Expression:
    (found,) = _inner(parent, depth, 1)
    return found


def _inner(parent: Element, depth: int, most: int = 100) -> tuple[Expression, ...]:
    if not 1 <= len(parent) <= most:
        raise Unsupported(f"{_name(parent)} holds 1 to {most} expressions, not {len(parent)}.")
    return tuple(_expression(each, depth + 1) for each in parent)


def _expression(element: Element, depth: int) -> Expression:
    name = _name(element)
    if depth > DEEPEST:
        raise Unsupported(f"A filter has at most {DEEPEST} expressions within one another.")
    if name == "And":
        return AllOf(_inner(element, depth))
    if name == "Or":
        return AnyOf(_inner(element, depth))
    if name == "Not":
        return Not(_only(element, depth))
    if name in _PREDICATES:
        return _PREDICATES[name](element)
    known = ", ".join(("And", "Or", "Not", *_PREDICATES))
    raise Unsupported(f"{name[:60]} is not understood. There are {known}.")


def _equal(element: Element) -> Expression:
    property, literal = _compared(element)
    return Equal(property, (literal,))


def _unequal(element: Element) -> Expression:
    return Not(_equal(element))


def _since(element: Element) -> Expression:
    return Since(*_compared(element))


def _before(element: Element) -> Expression:
    return Not(_since(element))


def _later(element: Element) -> Expression:
    property, moment = _compared(element)
    return Since(property, following(moment))


def _until(element: Element) -> Expression:
    return Not(_later(element))


def _between(element: Element) -> Expression:
    """From a lower boundary to an upper one, both within it."""
    property = _text(element, "PropertyName")
    ends = [_text(each, "Literal") for each in element if _name(each) in {"LowerBoundary", "UpperBoundary"}]
    if not property or len(ends) != 2:
        raise Unsupported("PropertyIsBetween holds a PropertyName, a LowerBoundary and an UpperBoundary.")
    return AllOf((Since(property, ends[0]), Not(Since(property, following(ends[1])))))


def _like(element: Element) -> Expression:
    property, pattern = _compared(element)
    escape = element.get("escapeChar") or element.get("escape") or ""
    signs = (element.get("wildCard") or "", element.get("singleChar") or "", escape)
    return Like(property, words_of(pattern, *signs, f"PropertyIsLike {pattern[:40]!r}"))


def _compared(element: Element) -> tuple[str, str]:
    """The property and the literal of a comparison."""
    property, literal = _text(element, "PropertyName"), _text(element, "Literal")
    if len(element) != 2 or not property:
        raise Unsupported(f"{_name(element)} holds a PropertyName and a Literal.")
    return property, literal


def _box(element: Element) -> Expression:
    """A box as an Envelope of corners, or as a Box of coordinates."""
    property = _text(element, "PropertyName")
    shape = next((each for each in element if _name(each) in {"Envelope", "Box"}), None)
    if not property or shape is None:
        raise Unsupported("BBOX holds a PropertyName and a gml:Envelope.")
    system = (shape.get("srsName") or "").lower()
    if system and not any(known in system for known in _DEGREES):
        raise Unsupported(f"A box is in degrees (EPSG:4326), not in {system[:60]}.")
    numbers = " ".join(_texts(shape)).replace(",", " ").split()
    if len(numbers) != 4:
        raise Unsupported("A box has two corners of two numbers.")
    first, second, third, fourth = numbers
    if system.startswith(_TURNED):
        return Overlaps(property, (second, first, fourth, third))
    return Overlaps(property, (first, second, third, fourth))


def _texts(shape: Element) -> Iterator[str]:
    return (str(text).strip() for text in shape.itertext() if str(text).strip())


def _text(element: Element, name: str) -> str:
    return next(((each.text or "").strip() for each in element if _name(each) == name), "")


def _name(element: Element) -> str:
    """The name of an element of OGC's filters or of GML; with its namespace for any other."""
    name = etree.QName(element)
    return name.localname if name.namespace in {NAMESPACES["ogc"], *_GML} else str(element.tag)


_PREDICATES: MappingProxyType[str, Callable[[Element], Expression]] = MappingProxyType(
    {
        "PropertyIsEqualTo": _equal,
        "PropertyIsNotEqualTo": _unequal,
        "PropertyIsLike": _like,
        "PropertyIsGreaterThanOrEqualTo": _since,
        "PropertyIsLessThan": _before,
        "PropertyIsGreaterThan": _later,
        "PropertyIsLessThanOrEqualTo": _until,
        "PropertyIsBetween": _between,
        "BBOX": _box,
    }
)
