"""The findings of a run as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from catalogue.checking.finding_report import described
from catalogue.publishing.export import harmless
from catalogue.service import Catalogue
from catalogue.store.rows import OutcomeRow

COLUMNS = ("identifier", "outcome", "name", "severity", "rule", "field", "value", "message", "fix", "section")
BATCH = 1_000
"""Records that are read at a time."""


def table(source: Catalogue, run: int, lang: str) -> Iterator[bytes]:
    """The rows for a spreadsheet: UTF-8 with a byte order mark, and no cell that would be computed."""
    yield b"\xef\xbb\xbf" + line(COLUMNS)
    offset = 0
    while rows := source.runs.outcomes(run, offset=offset, limit=BATCH):
        for row in rows:
            yield b"".join(line(cells) for cells in remarks(row, lang))
        offset += len(rows)


def remarks(row: OutcomeRow, lang: str) -> Iterator[tuple[str, ...]]:
    """One row for each remark, and one for a record that was not taken at all."""
    about = (row.identifier, row.outcome, row.name)
    if row.reason:
        yield (*about, "violation", "", "", "", row.reason, "", "")
    for remark in row.findings:
        one = described(remark)
        said = (one.message.get(lang, ""), one.fix.get(lang, ""))
        yield (*about, one.severity, one.rule, one.field, one.value, *said, one.section)


def line(cells: tuple[str, ...]) -> bytes:
    """One line of CSV (RFC 4180)."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return buffer.getvalue().encode("utf-8", "replace")
