"""Lexical forms and their datatypes: a value is typed when its form is the datatype's, else it stays a plain text.

The forms are those of XML Schema 1.1 as strict readers have them: a dateTime has seconds, a year four digits.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from .model import Date, Decimal, Duration, Hex, Integer, Wkt
from .namespaces import expand
from .rdf import Literal

_ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_DATE_TIME = re.compile(rf"(\d{{4}}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d+)?{_ZONE}", re.ASCII)
_DAY = re.compile(rf"(\d{{4}}-\d\d-\d\d){_ZONE}", re.ASCII)
_MONTH = re.compile(rf"\d{{4}}-(0[1-9]|1[0-2]){_ZONE}", re.ASCII)
_YEAR = re.compile(rf"\d{{4}}{_ZONE}", re.ASCII)
_DURATION = re.compile(r"-?P(?=\d|T)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_INTEGER = re.compile(r"\+?\d+", re.ASCII)
_HEX = re.compile(r"([0-9a-fA-F]{2})+")
_WKT = re.compile(
    r"\s*(<[^<>\s]+>\s+)?(POINT|LINESTRING|POLYGON|MULTI\w+|GEOMETRYCOLLECTION)\s*[ZM]{0,2}\s*(\(|EMPTY)", re.IGNORECASE
)

DIGITS = 100
"""Digits of the longest number that is typed: many a reader converts typed numbers, and some fall over long ones."""

_DATATYPES = {
    name: expand(name)
    for name in (
        "xsd:date",
        "xsd:dateTime",
        "xsd:gYearMonth",
        "xsd:gYear",
        "xsd:duration",
        "xsd:decimal",
        "xsd:nonNegativeInteger",
        "xsd:hexBinary",
        "geo:wktLiteral",
        "geo:gmlLiteral",
        "geo:geoJSONLiteral",
    )
}


def date_to_rdf(value: str) -> Literal:
    """xsd:dateTime, xsd:date, xsd:gYearMonth or xsd:gYear, whichever the form says."""
    return _typed(value, date_form(value))


def date_form(value: str) -> str:
    """The datatype of a date's form, such as `xsd:date`; empty when it is no date there is."""
    if found := _DATE_TIME.fullmatch(value):
        return "xsd:dateTime" if _exists(datetime.fromisoformat, found[1]) else ""
    if found := _DAY.fullmatch(value):
        return "xsd:date" if _exists(date.fromisoformat, found[1]) else ""
    if _MONTH.fullmatch(value):
        return "xsd:gYearMonth"
    return "xsd:gYear" if _YEAR.fullmatch(value) else ""


def _exists(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def duration_to_rdf(value: str) -> Literal:
    """xsd:duration."""
    return _typed(value, "xsd:duration" if _DURATION.fullmatch(value) else "")


def decimal_to_rdf(value: str) -> Literal:
    """xsd:decimal."""
    return _typed(value, "xsd:decimal" if len(value) <= DIGITS and _DECIMAL.fullmatch(value) else "")


def integer_to_rdf(value: str) -> Literal:
    """xsd:nonNegativeInteger."""
    return _typed(value, "xsd:nonNegativeInteger" if len(value) <= DIGITS and _INTEGER.fullmatch(value) else "")


def hex_to_rdf(value: str) -> Literal:
    """xsd:hexBinary."""
    return _typed(value, "xsd:hexBinary" if _HEX.fullmatch(value) else "")


def wkt_to_rdf(value: str) -> Literal:
    """geo:wktLiteral, or GML or GeoJSON when it begins like them."""
    if _WKT.match(value):
        return _typed(value, "geo:wktLiteral")
    start = value.lstrip()
    return _typed(
        value, "geo:geoJSONLiteral" if start.startswith("{") else "geo:gmlLiteral" if start[:1] == "<" else ""
    )


def _typed(value: str, datatype: str) -> Literal:
    return Literal(value, "", _DATATYPES[datatype]) if datatype else Literal(value)


TYPED: Mapping[Any, Callable[[str], Literal]] = {
    Date: date_to_rdf,
    Duration: duration_to_rdf,
    Decimal: decimal_to_rdf,
    Integer: integer_to_rdf,
    Hex: hex_to_rdf,
    Wkt: wkt_to_rdf,
}
"""How a value of each kind is written."""
