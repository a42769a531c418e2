"""The kind of source `table`: a list of datasets as a person keeps it, one dataset a row."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

from dcat.findings import Finding, finding
from dcat.our_languages import OUR_LANGUAGES

from .. import document, json, options
from ..base import Crawl, Harvester, HarvestError, Mapped, Normalised, Option, RawRecord, Source
from ..http import Client, Response, not_what_was_asked
from ..sniff import is_binary, is_empty, is_html, start_of
from .entry import entry_of, headed, places
from .headings import fields
from .page import HEADINGS, READING
from .rows import Row, Table, column, table_of, text_rows
from .workbook import is_workbook, workbook_table, written

ACCEPT = "text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.1"

INSTEAD = ("landing page", "download URL", "access URL", "link", "title")
"""By what a row without identifier is known, the least likely to change first."""

ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
"""What a spreadsheet shows where a formula has no value."""

_SEPARATORS = {"": "", "semicolon": ";", "comma": ",", "tab": "\t", "bar": "|"}


class TableList(Harvester):
    """A list in CSV or Excel."""

    kind: ClassVar[str] = "table"
    title: ClassVar[str] = "List of datasets in a table (CSV or Excel), one dataset a row"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "separator",
            str,
            "",
            "What divides the cells of CSV: semicolon, comma, tab or bar; empty finds out.",
            options.one_of(*_SEPARATORS),
        ),
        Option("sheet", str, "", "Name of the sheet of a workbook; empty takes the first one with headings."),
    )
    documents: ClassVar[str] = "a list in CSV or Excel"
    reading: ClassVar[str] = READING
    formats: ClassVar[dict[str, tuple[Mapped, ...]]] = {"The headings": HEADINGS}

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
        """Yields every row with anything in it; of those with the same identifier the first."""
        response = document.fetched(
            source.url, client, crawl, accept=ACCEPT, ends_itself=lambda found: is_workbook(found.body)
        )
        if response is None:
            return
        table = self._table(response, source, crawl)
        columns = _unique(table.headings)
        for identifier, row in _told_apart(table.rows, columns, crawl):
            said = {"row": row.number, "columns": columns, "cells": row.cells}
            yield json.record(identifier, said, crawl, address=response.url)

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one row; what a producer sends as one object of headings and cells, too."""
        said = json.opened(raw, "a row of a list")
        if not isinstance(said.get("cells"), list):
            entry, unread = entry_of({name: written(value) for name, value in said.items()}, source.url)
            return Normalised(entry=entry, unread=unread)
        row, columns = _opened(said)
        entry, unread = entry_of(_without_errors(row, columns), raw.address)
        where = {"": row.place(len(columns)), **places(columns, row.number)}
        return Normalised(entry=entry, unread=unread, places=where, findings=tuple(_remarks(row, columns)))

    def recognises(self, document: Response) -> bool:
        """True for a workbook with headings, and for a text that has them or is called CSV."""
        if is_workbook(document.body):
            return b"xl/" in document.body or not document.body.startswith(b"PK")
        if _is_other(document.body):
            return False
        if document.media_type in {"text/csv", "text/tab-separated-values"}:
            return True
        try:
            return table_of(text_rows(_start(document))[0]) is not None
        except HarvestError:
            return False

    def _table(self, response: Response, source: Source, crawl: Crawl) -> Table:
        """The list in a document. Raises `HarvestError` in words for whoever keeps it."""
        config = self.config(source)
        if is_workbook(response.body):
            table = workbook_table(response, config["sheet"])
        elif is_empty(response.body) or _is_other(response.body):
            raise not_what_was_asked(response, "a list in CSV or Excel")
        else:
            rows, remarks = text_rows(response, _SEPARATORS[config["separator"]])
            crawl.findings += (_about(one, response.url) for one in remarks)
            table = table_of(rows)
            if table is not None and table.ends_short and not response.body.endswith((b"\n", b"\r", b"\0")):
                crawl.incomplete.append(f"{response.url} ends in the middle of row {table.rows[-1].number}.")
        if table is None:
            raise _without_headings(response)
        return table


def _opened(said: dict[str, Any]) -> tuple[Row, tuple[str, ...]]:
    """A row and the headings of its columns, as `fetch` put them together. Raises `ValueError`."""
    number, columns = said.get("row"), said.get("columns")
    if not isinstance(number, int) or not isinstance(columns, list):
        raise ValueError("row, columns: expected a number and a list beside the cells. This is no row of a list.")
    return Row(number, tuple(map(written, said["cells"]))), tuple(map(written, columns))


def _told_apart(rows: list[Row], columns: tuple[str, ...], crawl: Crawl) -> Iterator[tuple[str, Row]]:
    """Each row under what tells it from all others: its identifier, else an address or title that no other row has."""
    keyed = [_by_field(row, columns) for row in rows]
    seen = {name: Counter(_first(keys, name) for keys in keyed) for name in INSTEAD}
    first: dict[str, int] = {}
    for row, keys in zip(rows, keyed, strict=True):
        place, given = row.place(len(columns)), keys.get("identifier", "")
        alone = (_first(keys, name) for name in INSTEAD if seen[name][_first(keys, name)] == 1)
        identifier = given or next(filter(None, alone), "") or _first(keys, "title")
        if not identifier:
            crawl.findings.append(finding("record-unreadable", place, "dct:identifier", place))
            crawl.incomplete.append(
                f"Row {row.number} could not be told apart: it has no identifier, address or title."
            )
        elif identifier in first:
            value = f"{identifier} (A{first[identifier]}, A{row.number})"
            crawl.findings.append(finding("duplicate-identifier", place, "dct:identifier", value))
            crawl.doubles += 1
        else:
            if not given:
                crawl.findings.append(finding("identifier-weak", place, "dct:identifier", identifier))
            first[identifier] = row.number
            yield identifier, row


def _by_field(row: Row, columns: tuple[str, ...]) -> dict[str, str]:
    """The cells of a row by the field that they hold."""
    meant = headed(columns)
    return {meant[heading]: cell for heading, cell in _without_errors(row, columns).items()}


def _first(keys: dict[str, str], name: str) -> str:
    """A field in whichever language it is given first."""
    return next(filter(None, (keys.get(key, "") for key in (name, *(f"{name}_{tag}" for tag in OUR_LANGUAGES)))), "")


def _unique(headings: Row) -> tuple[str, ...]:
    """The headings, each different: of two that are the same the later one is called by its column too, as is one that
    is empty."""
    found: list[str] = []
    for index, heading in enumerate(headings.cells):
        found.append(heading if heading and heading not in found else f"{heading} ({column(index)})".strip())
    return tuple(found)


def _without_errors(row: Row, columns: tuple[str, ...]) -> dict[str, str]:
    """The cells that hold something, by their heading."""
    return {heading: cell for heading, cell in zip(columns, row.cells, strict=False) if cell and cell not in ERRORS}


def _remarks(row: Row, columns: tuple[str, ...]) -> Iterator[Finding]:
    """What is wrong with a row as a row."""
    for index, (heading, cell) in enumerate(zip(columns, row.cells, strict=False)):
        if cell in ERRORS:
            yield finding("cell-error", f"{column(index)}{row.number}", heading, cell)
    if spare := [cell for cell in row.cells[len(columns) :] if cell]:
        yield finding("row-too-long", row.place(len(columns)), "", " | ".join(spare))


def _about(remark: Finding, url: str) -> Finding:
    return remark if remark.subject else finding(remark.rule, url, remark.field, remark.value)


def _is_other(body: bytes) -> bool:
    """True for what is no text of cells: a page, JSON, XML, RDF, something packed."""
    return is_html(body) or is_binary(body) or start_of(body).startswith((b"{", b"[", b"<", b"@prefix", b"%PDF"))


def _start(document: Response) -> Response:
    return document._replace(body=document.body[:65536])


def _without_headings(response: Response) -> HarvestError:
    """What is told to a person whose list we do not understand: what we looked for, and where to begin."""
    words = ", ".join(f"{fields()['title'].words[language]!r} ({language})" for language in OUR_LANGUAGES)
    return HarvestError(
        "NOT_A_FEED",
        f"{response.url} has no row of headings that we know: among its first rows none has a column for the title, "
        f"such as {words}. Give the columns headings of our template for lists, or start from that template.",
        response.url,
    )
