"""What was seen of a file, in the words of the reader."""

from collections.abc import Iterator, Mapping, Sequence

from babel import numbers

from catalogue.previews import values
from catalogue.previews.preview import DAY, MOMENT, NUMBERS, Chart, Column, Preview, Value
from catalogue.previews.previews import Seen

from . import areas, words, writing
from .words import gettext as _
from .words import message, ngettext

CELL = 80
"""Characters of a cell that a page shows."""

REASONS: Mapping[str, str] = {
    "too-large": message("This file is too large to be shown here. Download it to look at it."),
    "too-heavy": message("Showing this file takes more memory or time than we give to one file."),
    "too-many": message("This archive holds too many files to be shown here."),
    "empty": message("This file is empty."),
    "web-page": message("This link leads to a web page, not to a file."),
    "locked": message("This file is locked with a password."),
    "damaged": message("This file cannot be read: it is damaged, or ends before its end."),
    "no-table": message("There is no table in this file that could be shown."),
    "unknown-format": message("This is a file of a kind that is not shown here."),
    "no-parquet": message("Files of the kind Parquet are not read on this portal."),
    "gone": message("The publisher's server has no file at this address."),
    "refused": message("The publisher's server does not let us fetch this file."),
    "unreachable": message("The publisher's server does not answer."),
    "not-fetched": message("This address may not be fetched."),
}
"""Why there is nothing to see, by code."""

REMARKS: Mapping[str, str] = {
    "no-headings": message("The table has no headings: its columns are numbered here."),
    "double-headings": message("Several columns have the same heading."),
    "bad-characters": message("Some characters of the file cannot be read."),
    "uneven-rows": message("Some rows have more or fewer cells than the heading."),
    "open-quote": message("A quotation mark is opened and never closed; quotation marks are shown as they stand."),
    "many-columns": message("The table has very many columns; only the first ones are kept here."),
}
"""What a reader should know of a table, by code."""

SEPARATORS: Mapping[str, str] = {
    ";": message("Semicolons separate the cells."),
    ",": message("Commas separate the cells."),
    "\t": message("Tabs separate the cells."),
    "|": message("Vertical bars separate the cells."),
}
DECIMALS: Mapping[str, str] = {
    ",": message("Decimals are written with a comma."),
    ".": message("Decimals are written with a point."),
}
TYPES: Mapping[str, str] = {
    "integer": message("whole number"),
    "decimal": message("number"),
    "date": message("day"),
    "datetime": message("day and time"),
    "boolean": message("yes or no"),
    "text": message("text"),
}
FROM: Mapping[str, str] = {
    "dictionary": message("What the columns mean is told by the publisher's data dictionary."),
    "csvw": message("What the columns mean is told by the publisher's description of this table (CSVW)."),
    "table-schema": message(
        "What the columns mean is told by the publisher's description of this table (Table Schema)."
    ),
}


def why(seen: Seen) -> str:
    """Why there is nothing to see, or nothing newer; empty when nothing was the matter."""
    if not seen.code:
        return ""
    sentence = _(REASONS[seen.code])
    if seen.preview is None:
        return sentence
    since = _("What is shown is from %(date)s.", date=writing.day(seen.at.date()))
    return f"{sentence} {since}"


def written(preview: Preview) -> Iterator[str]:
    """How the file is written, in sentences."""
    if preview.encoding:
        yield _("The text is in the encoding %(name)s.", name=preview.encoding)
    if preview.separator:
        yield _(SEPARATORS[preview.separator])
    if preview.decimal and preview.encoding:
        yield _(DECIMALS[preview.decimal])
    if preview.sheets:
        count = writing.number(len(preview.sheets))
        yield _("The workbook has %(count)s sheets; this one is “%(name)s”.", count=count, name=preview.sheet)
    if preview.member:
        yield _("In the archive, this is the file “%(name)s”.", name=preview.member)
    for code in preview.remarks:
        if code in REMARKS:
            yield _(REMARKS[code])
    if preview.described_by:
        yield _(FROM[preview.described_by])


def extent(preview: Preview, rows: int, columns: int) -> str:
    """What part of the table is shown, for its caption."""
    return _(
        "The first %(rows)s of %(total)s rows, %(columns)s of %(width)s columns",
        rows=writing.number(rows),
        total=writing.number(preview.rows),
        columns=writing.number(columns),
        width=writing.number(preview.width),
    )


def extents(preview: Preview) -> str:
    """How long and wide a table is."""
    rows, columns = writing.number(preview.rows), writing.number(preview.width)
    return ", ".join(
        (
            ngettext("%(n)s row", "%(n)s rows", preview.rows, n=rows),
            ngettext("%(n)s column", "%(n)s columns", preview.width, n=columns),
        )
    )


def heading(column: Column, place: int) -> str:
    """What a column is called: by its place when it has no heading."""
    return column.name or _("Column %(number)s", number=writing.number(place + 1))


def cell(value: Value, length: int = CELL) -> str:
    """A cell: numbers with the reader's decimal sign and without blanks between thousands, lest a code looks like a
    number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return values.as_text(value).replace(".", numbers.get_decimal_symbol(words.language()))
    text = str(value)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def alignment(column: Column) -> str:
    """How the cells of a column stand: numbers under each other, days on one line."""
    return "figure" if column.type in NUMBERS else "when" if column.type in {DAY, MOMENT} else ""


def amount(value: Value) -> str:
    """A number as one reads it in a sentence."""
    if isinstance(value, float) and not value.is_integer():
        return str(numbers.format_decimal(round(value, 3), locale=words.language()))
    return writing.number(int(value)) if isinstance(value, int | float) else cell(value)


def type_of(column: Column) -> str:
    """What the values of a column are."""
    return _(TYPES[column.type])


def emptiness(column: Column, rows: int) -> str:
    """How much of a column is empty, in percent."""
    if not column.empty or not rows:
        return _("never")
    share = 100 * column.empty / rows
    if column.empty == rows:
        return _("always")
    return f"{max(1, min(99, round(share)))}\N{NO-BREAK SPACE}%"


def ends(column: Column) -> str:
    """The least and the most that a column holds."""
    if column.least is None:
        return ""
    least, most = (cell(one) for one in (column.least, column.most))
    return least if least == most else _("%(least)s to %(most)s", least=least, most=most)


def examples(column: Column) -> str:
    """A few of its values."""
    of_numbers = column.type in NUMBERS
    given = (
        one.replace(".", numbers.get_decimal_symbol(words.language())) if of_numbers else one for one in column.examples
    )
    return " · ".join(cell(one, 30) for one in given)


def step(label: str) -> str:
    """A day, a moment or a year of a drawing."""
    return label.replace("T", " ") if "T" in label else writing.day(label)


def told_by(chart: Chart, columns: Sequence[Column]) -> str:
    """What a drawing shows, in a sentence."""
    by_key = {one.key: (heading(one, place), one.unit) for place, one in enumerate(columns)}
    least, most = (pick(chart.points, key=lambda one: one[1]) for pick in (min, max))
    told = {"most": step(most[0]), "least": step(least[0])} if chart.kind == "line" else {}
    measure, unit = by_key[chart.measure]
    return _(
        "%(measure)s: most for %(most)s (%(high)s), least for %(least)s (%(low)s).",
        measure=f"{measure} ({unit})" if unit and unit not in measure else measure,
        high=amount(most[1]),
        low=amount(least[1]),
        **({"most": most[0], "least": least[0]} | told),
    )


def places(preview: Preview) -> str:
    """Where the things of a table are, in a sentence."""
    return areas.degrees(*preview.bounds) if preview.bounds else ""
