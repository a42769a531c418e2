"""A request in either of its forms, keys and values or XML, as one: the operation, its parameters, a filter.

XML is read without entities, document types and the network: a request needs none, and each has been a way in.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

from lxml import etree

from ..xml.tree import NAMESPACES, Element, tag
from .exceptions import Refusal, invalid, missing

LARGEST = 256 * 1024
"""Bytes of a body."""

OPERATIONS = ("GetCapabilities", "DescribeRecord", "GetDomain", "GetRecords", "GetRecordById")
VERSION = "2.0.2"

_SOAP = ("http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/")


class Asked(NamedTuple):
    """One request."""

    operation: str
    parameters: dict[str, str]
    """By names in small letters; several values with commas between them."""
    filter: Element | None = None
    """An `ogc:Filter`."""

    def get(self, name: str, default: str = "") -> str:
        """A parameter by its name in the specification."""
        return self.parameters.get(name.lower(), "").strip() or default

    def several(self, name: str) -> list[str]:
        """The values of a parameter."""
        return [value.strip() for value in self.get(name).split(",") if value.strip()]

    def whole(self, name: str, default: int, most: int) -> int:
        """A whole number from 0. Raises `Refusal`."""
        text = self.get(name, str(default))
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
            raise invalid(name, f"{name} must be a whole number from 0 to {most}, not {text[:40]!r}.")
        return int(text)


def of_pairs(pairs: list[tuple[str, str]]) -> Asked:
    """A request in keys and values. Raises `Refusal`."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if given.setdefault(name.lower(), value) != value:
            raise invalid(name[:40], f"{name[:40]} is given more than once.")
    given.setdefault(
        "version", "" if given.get("request", "").lower() == "getcapabilities" else given.get("version", "")
    )
    known = {name.lower(): name for name in OPERATIONS}
    if not given.get("request"):
        raise missing("request")
    operation = known.get(given["request"].lower())
    if operation is None:
        raise _unsupported(given["request"])
    return _checked(Asked(operation, given, of_text(given)))


def of_text(given: dict[str, str]) -> Element | None:
    """The filter in a parameter. Raises `Refusal`."""
    language = given.get("constraintlanguage", "").upper()
    if not given.get("constraint"):
        return None
    if language == "CQL_TEXT":
        given["cqltext"] = given["constraint"]
        return None
    if language != "FILTER":
        raise invalid("constraintLanguage", "constraintLanguage must be CQL_TEXT or FILTER.")
    return opened(given["constraint"].encode(), "constraint")


def of_body(body: bytes) -> Asked:
    """A request in XML. Raises `Refusal`."""
    root = opened(body, "request")
    name = etree.QName(root)
    if name.namespace in _SOAP:
        raise Refusal("OperationNotSupported", "SOAP", "Requests come as plain XML, not in SOAP.")
    if name.namespace != NAMESPACES["csw"] or name.localname not in OPERATIONS:
        raise _unsupported(name.localname)
    given = {etree.QName(key).localname.lower(): str(value) for key, value in root.attrib.items()}
    given.pop("schemalocation", None)
    return _checked(Asked(name.localname, *_READERS[name.localname](root, given)))


def opened(body: bytes, locator: str) -> Element:
    """The root of a document in XML. Raises `Refusal`."""
    if len(body) > LARGEST:
        raise invalid(locator, f"A request has at most {LARGEST} bytes.")
    if b"<!DOCTYPE" in body.replace(b"\0", b"").upper():
        raise invalid(locator, "A request has no document type.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise invalid(locator, f"The XML cannot be read: {str(error)[:200]}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise invalid(locator, "A request has no document type.")
    return root


def _checked(asked: Asked) -> Asked:
    if not asked.get("service"):
        raise missing("service")
    if asked.get("service").upper() != "CSW":
        raise invalid("service", "service must be CSW.")
    if asked.operation == "GetCapabilities":
        versions = asked.several("acceptVersions")
        if versions and VERSION not in versions:
            raise Refusal("VersionNegotiationFailed", "acceptVersions", f"The version here is {VERSION}.")
    elif not asked.get("version"):
        raise missing("version")
    elif asked.get("version") != VERSION:
        raise invalid("version", f"version must be {VERSION}.")
    if asked.get("outputFormat", "application/xml") not in {"application/xml", "text/xml"}:
        raise invalid("outputFormat", "outputFormat must be application/xml.")
    return asked


def _unsupported(name: str) -> Refusal:
    return Refusal(
        "OperationNotSupported", "request", f"{name[:60]} is not done here. There are {', '.join(OPERATIONS)}."
    )


Given = dict[str, str]


def _capabilities(root: Element, given: Given) -> tuple[Given, Element | None]:
    versions = ",".join(each.text or "" for each in root.iter(tag("ows:Version")))
    sections = ",".join(each.text or "" for each in root.iter(tag("ows:Section")))
    return given | {"acceptversions": versions, "sections": sections}, None


def _described(root: Element, given: Given) -> tuple[Given, Element | None]:
    return given | {"typename": _joined(root, "csw:TypeName")}, None


def _domain(root: Element, given: Given) -> tuple[Given, Element | None]:
    names = {"parametername": _joined(root, "csw:ParameterName"), "propertyname": _joined(root, "csw:PropertyName")}
    return given | names, None


def _by_id(root: Element, given: Given) -> tuple[Given, Element | None]:
    return given | {"id": _joined(root, "csw:Id"), "elementsetname": _joined(root, "csw:ElementSetName")}, None


def _records(root: Element, given: Given) -> tuple[Given, Element | None]:
    """GetRecords; what is not understood in it is refused."""
    known = {"csw:Query", "csw:ElementSetName", "csw:Constraint", "ogc:SortBy"}
    queries = root.findall(tag("csw:Query"))
    if len(queries) != 1 or len(root) != 1:
        raise invalid("Query", "GetRecords has one csw:Query and nothing beside it.")
    query = queries[0]
    for each in query:
        if each.tag not in set(map(tag, known)):
            raise invalid(etree.QName(each).localname, f"{etree.QName(each).localname} is not understood in csw:Query.")
    given |= {"typenames": query.get("typeNames") or "", "elementsetname": _joined(query, "csw:ElementSetName")}
    given |= {"sortby": ",".join(map(_order, query.iter(tag("ogc:SortProperty"))))}
    constraint = query.find(tag("csw:Constraint"))
    if constraint is None:
        return given, None
    return given | {"cqltext": _joined(constraint, "csw:CqlText")}, constraint.find(tag("ogc:Filter"))


def _order(one: Element) -> str:
    direction = (one.findtext(tag("ogc:SortOrder")) or "ASC").strip().upper()
    return f"{(one.findtext(tag('ogc:PropertyName')) or '').strip()}:{'D' if direction.startswith('D') else 'A'}"


def _joined(root: Element, name: str) -> str:
    separator = " " if name == "csw:CqlText" else ","
    return separator.join((each.text or "").strip() for each in root.iter(tag(name)))


_READERS: MappingProxyType[str, Callable[[Element, Given], tuple[Given, Element | None]]] = MappingProxyType(
    {
        "GetCapabilities": _capabilities,
        "DescribeRecord": _described,
        "GetDomain": _domain,
        "GetRecords": _records,
        "GetRecordById": _by_id,
    }
)
