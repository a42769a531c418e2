"""Tables in texts: cells with something between them (CSV, RFC 4180, and what people call so)."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from .encodings import Encoding, encoding_of
from .heading import FIRST_ROWS
from .preview import Preview, Unseen
from .table import Table

SEPARATORS = (";", ",", "\t", "|")
LONGEST_CELL = 200_000
"""Characters; a longer one is a quotation mark that is never closed."""
LINES = 200
"""Lines by which the separator is found."""


def separated(file: Path, *, is_said: bool) -> Table:
    """The table in a text; `is_said`: the publisher says that it is one. Raises `Unseen`."""
    encoding = encoding_of(file)
    separator, skip = _separator(file, encoding)
    quoting, remarks = _quoting(file, encoding, separator)
    rows = Lines(file, encoding, separator, quoting, skip)
    first = list(islice(rows, FIRST_ROWS))
    if not first:
        raise Unseen("empty")
    if not is_said and max(map(len, first)) < 2:
        raise Unseen("unknown-format")
    preview = Preview(
        format="TSV" if separator == "\t" else "CSV",
        encoding=encoding.name,
        separator=separator if max(map(len, first)) > 1 else "",
        remarks=(*(["bad-characters"] if encoding.is_damaged else []), *remarks),
    )
    return Table(preview, rows)


class Lines:
    """The rows of a text, which can be gone through again."""

    def __init__(self, file: Path, encoding: Encoding, separator: str, quoting: bool = True, skip: int = 0) -> None:
        self._file, self._codec, self._separator = file, encoding.codec, separator
        self._quoting, self._skip = quoting, skip

    def __iter__(self) -> Iterator[list[str]]:
        csv.field_size_limit(LONGEST_CELL if self._quoting else 1 << 30)
        with _opened(self._file, self._codec) as text:
            reader = csv.reader(text, delimiter=self._separator, quotechar='"' if self._quoting else None)
            for cells in islice(reader, self._skip, None):
                yield [cell.strip() for cell in cells]


def _opened(file: Path, codec: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(file.open("rb"), encoding=codec, errors="replace", newline="")


def _separator(file: Path, encoding: Encoding) -> tuple[str, int]:
    """What stands between cells: that with which most lines have the same number of them; and how many rows before the
    table only say so (`sep=;`)."""
    with _opened(file, encoding.codec) as text:
        start = text.read(LINES * 2000)
    mark = start[:8].partition("\n")[0].strip().strip('"').lower()
    if mark.startswith("sep=") and mark[4:5] in SEPARATORS:
        return mark[4], 1
    return max(SEPARATORS, key=lambda one: _agreement(start, one)), 0


def _agreement(start: str, separator: str) -> tuple[float, int]:
    csv.field_size_limit(1 << 30)
    lines = islice(csv.reader(io.StringIO(start, newline=""), delimiter=separator), LINES)
    counted = Counter(len(cells) for cells in lines if cells)
    several = {width: count for width, count in counted.items() if width > 1}
    if not several:
        return 0.0, 0
    width = max(several, key=lambda one: (several[one], one))
    return several[width] / counted.total(), width


def _quoting(file: Path, encoding: Encoding, separator: str) -> tuple[bool, list[str]]:
    """Whether quotation marks hold cells together: not where one is never closed, which would swallow the rest."""
    csv.field_size_limit(LONGEST_CELL)
    with _opened(file, encoding.codec) as text:
        reader = csv.reader(text, delimiter=separator, strict=True)
        while True:
            try:
                for _ in reader:
                    pass
            except csv.Error as error:
                if "expected after" in str(error):  # a mark within a cell: read as it stands
                    continue
                return False, ["open-quote"]
            return True, []
