"""A dataset whose tables were looked into, for programs that learn from data: Croissant 1.0 as JSON-LD.

https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from catalogue.previews.preview import DAY, DECIMAL, MOMENT, TEXT, WHOLE, YES_NO, Column, Preview
from catalogue.previews.previews import Seen
from catalogue.store.rows import EntryRow

from ..current import absolute
from . import schema_org
from .file_shapes import all_rows_address

VERSION = "http://mlcommons.org/croissant/1.0"
_NAMES = (
    *("citeAs", "column", "conformsTo", "data", "dataBiases", "dataCollection", "dataType", "examples", "extract"),
    *("field", "fileProperty", "fileObject", "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key"),
    *("md5", "parentField", "path", "personalSensitiveInformation", "recordSet", "references", "regex", "repeated"),
    *("replace", "separator", "source", "subField", "transform"),
)
_OTHERWISE: dict[str, Any] = {
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    **{name: _OTHERWISE.get(name, f"cr:{name}") for name in _NAMES},
}
"""The context that the specification wants in every document, as it stands there."""
TYPES = {
    WHOLE: "sc:Integer",
    DECIMAL: "sc:Float",
    DAY: "sc:Date",
    MOMENT: "sc:DateTime",
    YES_NO: "sc:Boolean",
    TEXT: "sc:Text",
}
"""What all values of a column are → its type."""
MEDIA_TYPES = {
    "CSV": "text/csv",
    "TSV": "text/tab-separated-values",
    "JSON": "application/json",
    "GEOJSON": "application/geo+json",
    "PARQUET": "application/vnd.apache.parquet",
}
"""By the code of the format that a file turned out to have; programs read others as they are."""
SEPARATORS = {"CSV": ",", "TSV": "\t"}
"""What programs of Croissant take to stand between columns."""


class Table(NamedTuple):
    """A table that was looked into, and the file in which programs find its columns by their headings."""

    key: str
    seen: Seen
    rows: str | None
    """Address of all its rows as plain CSV; None where one answer cannot have them."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those that programs can find: without our rows, by the headings of the file itself."""
        preview = self.seen.preview
        if self.rows and preview:
            return preview.columns
        return tuple(one for one in preview.columns if one.name) if preview and is_plain(preview) else ()

    @property
    def source(self) -> str:
        """Key of that file."""
        return f"{self.key}-csv" if self.rows else self.key


def described(row: EntryRow, seen: Mapping[str, Seen]) -> dict[str, Any]:
    """A dataset in the words of Croissant, with a set of records for each table, by the keys of its files."""
    said = schema_org.data(row)
    tables = [Table(key, one, all_rows_address(one)) for key, one in seen.items()]
    return {
        **said,
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "isLiveDataset": True,
        "creator": said.get("publisher"),
        "distribution": [*map(_file, tables), *(_rows_file(one) for one in tables if one.rows)],
        "recordSet": [_records(one) for one in tables if one.columns],
    }


def is_plain(preview: Preview) -> bool:
    """True for a table that every program reads in the same way: numbers, days and letters too."""
    is_read = preview.format == "PARQUET" or preview.separator == SEPARATORS.get(preview.format, "none")
    return is_read and not preview.member and preview.encoding in {"", "UTF-8"} and preview.decimal != ","


def _file(table: Table) -> dict[str, Any]:
    """The publisher's own file."""
    seen = table.seen
    format = seen.preview.format if seen.preview else ""
    return {
        "@type": "cr:FileObject",
        "@id": table.key,
        "name": table.key,
        "contentUrl": seen.address,
        "contentSize": f"{seen.size} B",
        "encodingFormat": MEDIA_TYPES.get(format, "application/octet-stream"),
    }


def _rows_file(table: Table) -> dict[str, Any]:
    """Its rows as we read them: programs read no workbook, map or archive, no semicolons and no decimal commas."""
    return {
        "@type": "cr:FileObject",
        "@id": table.source,
        "name": table.source,
        "contentUrl": absolute(table.rows or ""),
        "encodingFormat": "text/csv",
    }


def _records(table: Table) -> dict[str, Any]:
    name = f"{table.key}-rows"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [_field(name, table.source, column) for column in table.columns],
    }


def _field(records: str, file: str, column: Column) -> dict[str, Any]:
    """A column, found by its heading."""
    heading = column.name or column.key
    return {
        "@type": "cr:Field",
        "@id": f"{records}/{column.key}",
        "name": column.key,
        "description": schema_org.best(column.meaning or column.title) or heading,
        "dataType": TYPES[column.type],
        "source": {"fileObject": {"@id": file}, "extract": {"column": heading}},
    }
