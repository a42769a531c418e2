"""What was seen of a file, as it is kept and shown."""

import msgspec

from dcat.model import Texts

WHOLE, DECIMAL, DAY, MOMENT, YES_NO, TEXT = "integer", "decimal", "date", "datetime", "boolean", "text"
"""What all values of a column are."""
NUMBERS = (WHOLE, DECIMAL)

SAMPLE_ROWS, SAMPLE_COLUMNS = 10, 30
"""Of a table that are kept for the page."""
POINTS = 200
"""Points of a map, and of a line, at most."""

Value = str | int | float | bool | None
"""A cell: None for an empty one; days and moments as ISO 8601 has them."""


class Column(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A column, as it was found."""

    key: str
    """What it is called in addresses: `code_postal`."""
    name: str
    """Its heading, as the file has it; empty when it has none."""
    type: str = TEXT
    unit: str = ""
    """In which unit its numbers are, as the heading or the publisher's description of the table says it."""
    empty: int = 0
    """Rows in which it holds nothing."""
    distinct: int = 0
    """How many different values it holds; of more than a thousand, a thousand."""
    least: Value = None
    most: Value = None
    """Of numbers, days and moments."""
    examples: tuple[str, ...] = ()
    title: Texts = ()
    meaning: Texts = ()
    """What the publisher says that it means."""


class Member(msgspec.Struct, frozen=True):
    """A file in an archive."""

    name: str
    size: int
    """Bytes, unpacked."""


class Chart(msgspec.Struct, frozen=True):
    """A drawing that the table is clear about: one number for each step of time, or for each of a few things."""

    kind: str
    """`line` or `bars`."""
    along: str
    """Key of the column of what is counted along."""
    measure: str
    """Key of the column of the numbers."""
    points: tuple[tuple[str, float], ...]


class Preview(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was seen of a file."""

    format: str
    """Code of the EU file-type table, by what the file is, whatever it is said to be."""
    encoding: str = ""
    separator: str = ""
    decimal: str = ""
    """`,` or `.`: what stands before the decimals; empty when there are none."""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    """Of a workbook with several."""
    member: str = ""
    """The table's name in an archive."""
    members: tuple[Member, ...] = ()
    member_count: int = 0
    rows: int = 0
    width: int = 0
    """Columns of the file; more than `columns` when there are very many."""
    columns: tuple[Column, ...] = ()
    sample: tuple[tuple[Value, ...], ...] = ()
    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north in degrees, of what is on the map."""
    points: tuple[tuple[float, float], ...] = ()
    """Longitude and latitude of some of the points."""
    chart: Chart | None = None
    described_by: str = ""
    """`csvw`, `table-schema` or `dictionary`: where the meanings come from."""
    remarks: tuple[str, ...] = ()
    """Codes of what a reader should know."""


class Unseen(Exception):
    """There is nothing to see; `code` says why, in the words of `REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


REASONS = (
    "too-large",
    "too-heavy",
    "too-many",
    "empty",
    "web-page",
    "locked",
    "damaged",
    "no-table",
    "unknown-format",
    "no-parquet",
    "gone",
    "refused",
    "unreachable",
    "not-fetched",
)
"""Why there is nothing to see of a file."""

REMARKS = (
    "no-headings",
    "bad-characters",
    "uneven-rows",
    "open-quote",
    "many-columns",
    "double-headings",
)
"""What a reader of a table should know."""
