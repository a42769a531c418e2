"""What somebody must mend after a run, as a table that a Belgian Excel opens: the worst first."""

import csv
import io
from collections.abc import Iterator

from catalogue.checking.finding_report import described
from catalogue.publishing.table import harmless
from catalogue.service import Catalogue
from catalogue.store.outcome import Outcome
from catalogue.store.rows import OutcomeRow
from dcat.findings import Severity
from dcat.messages import field_name

COLUMNS = (
    "severity",
    "identifier",
    "name",
    "outcome",
    "field",
    "value",
    "message",
    "fix",
    "rule",
    "property",
    "section",
)
WEIGHT: dict[str, Severity] = {
    Outcome.REFUSED: Severity.VIOLATION,
    Outcome.FAILED: Severity.VIOLATION,
    Outcome.HELD: Severity.WARNING,
}
"""How bad it is that a record was not taken or is to go; what its source keeps to itself is as it should be."""
BATCH = 1_000
"""Records that are read at a time."""
TO_MEND = (Severity.VIOLATION, Severity.WARNING)
"""What is told unless somebody asks for all."""


def table(source: Catalogue, run: int, lang: str, *, whole: bool = False) -> Iterator[bytes]:
    """The rows for a spreadsheet: semicolons, UTF-8 with a byte order mark, and no cell that would be computed. The
    report is read once for each severity, so that it may be as long as it likes."""
    yield b"\xef\xbb\xbf" + line(COLUMNS)
    for severity in Severity if whole else TO_MEND:
        offset = 0
        while rows := source.runs.outcomes(run, offset=offset, limit=BATCH):
            for row in rows:
                yield b"".join(line(cells) for cells in remarks(row, lang) if cells[0] == severity)
            offset += len(rows)


def remarks(row: OutcomeRow, lang: str) -> Iterator[tuple[str, ...]]:
    """One row for each remark, and one for a record that was not taken at all."""
    about = (row.identifier, row.name, row.outcome)
    if row.reason:
        yield (WEIGHT.get(row.outcome, Severity.INFO), *about, "", "", row.reason, "", "", "", "")
    for remark in row.findings:
        one = described(remark)
        said = (one.message.get(lang, ""), one.fix.get(lang, ""))
        field = field_name(one.field, lang)
        yield (one.severity, *about, field, one.value, *said, one.rule, one.field, one.section)


def line(cells: tuple[str, ...]) -> bytes:
    """One line of CSV (RFC 4180), divided by semicolons as spreadsheets in Belgium read it."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return buffer.getvalue().encode("utf-8", "replace")
