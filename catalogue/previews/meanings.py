"""What the publisher says that columns mean: CSVW (https://www.w3.org/TR/tabular-metadata/) and Table Schema
(https://specs.frictionlessdata.io/table-schema/), alone or in a data package, or a data dictionary in CSV."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from dcat.model import Text, Texts

from . import dictionaries
from .preview import NUMBERS, Column, Preview

CSVW, TABLE_SCHEMA, DICTIONARY = "csvw", "table-schema", "dictionary"
LONGEST = 1_000
"""Characters of a meaning that are kept."""
MOST = 1_000
"""Columns of a description that are looked at."""
DEEPEST = 3
"""Lists and objects within each other that hold texts; CSVW needs two."""


class Said(NamedTuple):
    """What is said of a column."""

    title: Texts
    meaning: Texts
    unit: str


def described(preview: Preview, body: bytes) -> Preview:
    """The preview with what a description says of its columns; as it was when the document describes none of them."""
    kind, said = _read(body)
    if not any(name in said for one in preview.columns for name in (one.name, one.key)):
        return preview
    columns = tuple(_told(one, said.get(one.name) or said.get(one.key)) for one in preview.columns)
    return msgspec.structs.replace(preview, columns=columns, described_by=kind)


def _told(column: Column, said: Said | None) -> Column:
    if said is None:
        return column
    unit = column.unit or (said.unit if column.type in NUMBERS else "")
    return msgspec.structs.replace(column, title=said.title, meaning=said.meaning, unit=unit)


def _read(body: bytes) -> tuple[str, dict[str, Said]]:
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return DICTIONARY, {
            name: Said(titles, said, unit[:12]) for name, titles, said, unit in dictionaries.lines(body)
        }
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "", {}
    if not isinstance(document, dict):
        return "", {}
    tables = [document, *_objects(document.get("tables"))]
    if columns := [one for table in tables for one in _objects(_object(table.get("tableSchema")).get("columns"))]:
        return CSVW, dict(_of_csvw(columns[:MOST], _language(document)))
    schemas = [document, *(_object(one.get("schema")) for one in _objects(document.get("resources")))]
    fields = [one for schema in schemas for one in _objects(schema.get("fields"))]
    return TABLE_SCHEMA, dict(_of_table_schema(fields[:MOST]))


def _of_csvw(columns: list[dict[str, Any]], language: str) -> Iterator[tuple[str, Said]]:
    """Each column by its name and by each of its titles."""
    for one in columns:
        titles = _texts(one.get("titles"), language)
        meaning = _texts(one.get("dc:description") or one.get("dct:description") or one.get("rdfs:comment"), language)
        unit = next((one[name] for name in ("schema:unitText", "unit") if isinstance(one.get(name), str)), "")
        said = Said(titles, meaning, unit[:12])
        for name in (one.get("name"), *(text.value for text in titles)):
            if isinstance(name, str):
                yield name, said


def _of_table_schema(fields: list[dict[str, Any]]) -> Iterator[tuple[str, Said]]:
    for one in fields:
        if isinstance(name := one.get("name"), str):
            unit = one["unit"] if isinstance(one.get("unit"), str) else ""
            title, meaning = (_localised(one, word) for word in ("title", "description"))
            yield name, Said(title, meaning, unit[:12])


def _localised(field: Mapping[str, Any], word: str) -> Texts:
    """A text, or one for each language: as an object, or in fields such as `description_nl`."""
    found = _texts(field.get(word), "")
    more = (_texts(field.get(f"{word}{mark}{lang}"), lang) for lang in ("fr", "nl", "de", "en") for mark in "_-@")
    return tuple(dict.fromkeys((*found, *(text for texts in more for text in texts))))


def _texts(said: object, language: str, depth: int = 0) -> Texts:
    """Texts as CSVW writes them: a text, several, or some by language; one with a language of its own (`@value`)."""
    if depth > DEEPEST:
        return ()
    if isinstance(said, str):
        return (Text(said.strip()[:LONGEST], language),) if said.strip() else ()
    if isinstance(said, list):
        return tuple(text for one in said[:20] for text in _texts(one, language, depth + 1))
    if isinstance(said, dict) and isinstance(said.get("@value"), str):
        return _texts(said["@value"], str(said.get("@language") or language))
    if isinstance(said, dict):
        return tuple(text for lang, one in list(said.items())[:20] for text in _texts(one, lang[:20], depth + 1))
    return ()


def _language(document: Mapping[str, Any]) -> str:
    context = document.get("@context")
    own = next((one.get("@language") for one in _objects(context) if one.get("@language")), None)
    found = own or document.get("lang")
    return found[:20] if isinstance(found, str) and found != "und" else ""


def _object(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}


def _objects(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
