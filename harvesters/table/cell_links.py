"""Addresses behind the cells of a workbook, which show something else (`Download`): links, and HYPERLINK formulas."""

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from lxml import etree
from openpyxl.utils.cell import column_index_from_string

from .entry import headed
from .rows import Row, Table

_FORMULA = re.compile(r"\s*HYPERLINK\(\s*\"((?:https?://|mailto:)[^\"]+)\"", re.IGNORECASE)
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?![0-9A-Z])")
"""The first cell of a reference: `B2`, `B2:B9`."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_BOOK = "xl/workbook.xml"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_AT_ONCE = 65_536

ADDRESSES = frozenset({"landing page", "download URL", "access URL", "link", "documentation"})
"""Fields that hold addresses."""

Links = Mapping[int, Mapping[int, str]]
"""Addresses by row and column, both from 1."""


def behind_cells(parts: zipfile.ZipFile, name: str) -> Links:
    """The addresses behind the cells of the sheet of that name."""
    sheet = _part(parts, name)
    body = parts.read(sheet) if sheet else b""
    if b"<hyperlink" not in body and b"HYPERLINK(" not in body.upper():
        return {}
    targets = _related(parts, sheet)
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for element in _elements(body, f"{_MAIN}c", f"{_MAIN}hyperlink"):
        formula = _FORMULA.match(element.findtext(f"{_MAIN}f") or "")
        address = formula[1] if formula else targets.get(element.get(_ID, ""), "")
        if address and (place := _PLACE.match(element.get("ref") or element.get("r") or "")):
            found[int(place[2])][column_index_from_string(place[1])] = address
    return found


def _elements(body: bytes, *tags: str) -> Iterator[etree._Element]:
    """The elements of these names, each emptied when the next one is asked for: a sheet may be large."""
    parser = etree.XMLPullParser(("end",), tag=tags, resolve_entities=False, no_network=True)
    for start in range(0, len(body), _AT_ONCE):
        parser.feed(body[start : start + _AT_ONCE])
        ended = cast("Iterator[tuple[str, Any]]", parser.read_events())  # other events are not asked for
        for _, element in ended:
            yield element
            element.clear()


def with_links(table: Table, links: Links) -> Table:
    """The table with the addresses behind its cells: instead of a text where a column holds addresses, behind the name
    of a contact where it is a mailbox."""
    if not links:
        return table
    meant = headed(filter(None, table.headings.cells))
    fields = [meant.get(heading, "") for heading in table.headings.cells]
    rows = (Row(row.number, tuple(_cells(row.cells, fields, links.get(row.number, {})))) for row in table.rows)
    return table._replace(rows=list(rows))


def _cells(shown: Sequence[str], fields: list[str], addresses: Mapping[int, str]) -> list[str]:
    wanted = min(max(addresses, default=0), len(fields))
    cells = [*shown, *[""] * (wanted - len(shown))]
    for index, (cell, field) in enumerate(zip(cells, fields, strict=False)):
        address = addresses.get(index + 1, "")
        if address.startswith("mailto:") and field == "contact" and "@" not in cell:
            cells[index] = f"{cell} <{address.removeprefix('mailto:').partition('?')[0]}>"
        elif address.startswith("http") and field in ADDRESSES and "://" not in cell:
            cells[index] = address
    return cells


def _part(parts: zipfile.ZipFile, name: str) -> str:
    """The part that holds a sheet, such as `xl/worksheets/sheet1.xml`; empty when the book does not tell."""
    if _BOOK not in parts.namelist():
        return ""
    sheets = _read(parts, _BOOK).iter(f"{_MAIN}sheet")
    key = next((one.get(_ID, "") for one in sheets if one.get("name") == name), "")
    target = _related(parts, _BOOK).get(key, "")
    part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return part if target and part in parts.namelist() else ""


def _related(parts: zipfile.ZipFile, part: str) -> dict[str, str]:
    """What a part names by a key: other parts, and addresses."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in parts.namelist():
        return {}
    return {one.get("Id", ""): one.get("Target", "") for one in _read(parts, relations).iter(_RELATION)}


def _read(parts: zipfile.ZipFile, part: str) -> etree._Element:
    return etree.fromstring(parts.read(part), etree.XMLParser(resolve_entities=False, no_network=True))
