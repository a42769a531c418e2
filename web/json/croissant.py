"""A dataset whose tables were looked into, for programs that learn from data: Croissant 1.0 as JSON-LD.

https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from collections.abc import Mapping
from typing import Any

from catalogue.previews.preview import DAY, DECIMAL, MOMENT, TEXT, WHOLE, YES_NO, Column
from catalogue.previews.previews import Seen
from catalogue.store.rows import EntryRow

from . import schema_org

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


def described(row: EntryRow, tables: Mapping[str, Seen]) -> dict[str, Any]:
    """A dataset in the words of Croissant, with a set of records for each table, by the keys of its files."""
    said = schema_org.data(row)
    return {
        **said,
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "isLiveDataset": True,
        "creator": said.get("publisher"),
        "distribution": [_file(key, seen) for key, seen in tables.items()],
        "recordSet": [_records(key, seen) for key, seen in tables.items()],
    }


def _file(key: str, seen: Seen) -> dict[str, Any]:
    format = seen.preview.format if seen.preview else ""
    return {
        "@type": "cr:FileObject",
        "@id": key,
        "name": key,
        "contentUrl": seen.address,
        "contentSize": f"{seen.size} B",
        "encodingFormat": MEDIA_TYPES.get(format, "application/octet-stream"),
    }


def _records(key: str, seen: Seen) -> dict[str, Any]:
    columns = seen.preview.columns if seen.preview else ()
    name = f"{key}-rows"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [_field(name, key, column) for column in columns if column.name],
    }


def _field(records: str, file: str, column: Column) -> dict[str, Any]:
    """A column, found by its heading."""
    return {
        "@type": "cr:Field",
        "@id": f"{records}/{column.key}",
        "name": column.key,
        "description": schema_org.best(column.meaning or column.title) or column.name,
        "dataType": TYPES[column.type],
        "source": {"fileObject": {"@id": file}, "extract": {"column": column.name}},
    }
