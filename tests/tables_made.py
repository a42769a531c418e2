"""Files with tables, as people publish them: built here, so that nothing is copied from anybody."""

import gzip
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

COUNTS = "date;commune;code postal;passages;vitesse (km/h)\n" + "".join(
    f"{day:02d}/03/2026;Sch{'æ' if day % 2 else 'ae'}rbeek;1030;{1000 + day};{day},5\n" for day in range(1, 21)
)


def workbook(rows: Sequence[Sequence[Any]], title: str = "Feuille") -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def archive(**members: bytes | str) -> bytes:
    """A ZIP; `__` in a name stands for its last dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in members.items():
            packed.writestr(name.replace("__", "."), body)
    return out.getvalue()


def opendocument(content: str, type: str = "spreadsheet", before: str = "") -> bytes:
    """An OpenDocument file whose body is that XML."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content xmlns:office="{space}office:1.0" '
        f'xmlns:table="{space}table:1.0" xmlns:text="{space}text:1.0" office:version="1.3"><office:body>'
        f"<office:{type}>{content}</office:{type}></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/x"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", f"application/vnd.oasis.opendocument.{type}")
        packed.writestr("content.xml", text)
        packed.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def sheet(*rows: Sequence[str]) -> str:
    """A table of OpenDocument."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = (f"<table:table-row>{''.join(cell.format(one) for one in row)}</table:table-row>" for row in rows)
    return f'<table:table table:name="Blad">{"".join(lines)}</table:table>'


def features(*points: tuple[float, float]) -> bytes:
    """GeoJSON of trees."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": point},
                    "properties": {"espèce": "Tilia", "hauteur (m)": 10 + place},
                }
                for place, point in enumerate(points)
            ],
        }
    ).encode()


def packed(body: bytes) -> bytes:
    """Packed with gzip."""
    return gzip.compress(body)


def write(folder: Path, body: bytes | str) -> Path:
    """A file with that content."""
    file = folder / "file"
    file.write_bytes(body.encode() if isinstance(body, str) else body)
    return file
