"""What a file really is, told from its first bytes, and from its media type where bytes tell nothing."""

import re
from functools import cache

from dcat import vocab
from harvesters.sniff import is_html, start_of

MAGIC = (
    (b"%PDF-", "PDF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf'\x1c", "7Z"),
    (b"Rar!", "RAR"),
    (b"PAR1", "PARQUET"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"SQLite format 3\0", "GPKG"),
)
"""How files of a format begin; a GeoPackage is a database of SQLite (https://www.geopackage.org/spec/)."""
_PACKED = (
    (b"xl/", "XLSX"),
    (b"word/", "DOCX"),
    (b"ppt/", "PPTX"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ODS"),
    (b"application/vnd.oasis.opendocument.text", "ODT"),
)
"""What stands near the beginning of a ZIP archive that is the file of an office program."""
_OFFICE = b"\xd0\xcf\x11\xe0"
_XML = ((b"<kml", "KML"), (b"<rdf:RDF", "RDF_XML"), (b"FeatureCollection", "GML"), (b"<gpx", "GPX"))
_FEATURES = re.compile(rb'"type"\s*:\s*"(?:FeatureCollection|Feature)"')
_FIRST = {
    "text/xml": "XML",
    "application/xml": "XML",
    "application/json": "JSON",
    "text/html": "HTML",
    "application/xhtml+xml": "HTML",
    "application/pdf": "PDF",
    "application/zip": "ZIP",
    "application/gzip": "GZIP",
    "application/rdf+xml": "RDF_XML",
    "image/tiff": "TIFF",
}
"""Media types of several formats, with the one that is meant when nothing tells more."""
_VAGUE = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream", "application/force-download"})


def real_format(start: bytes, media_type: str) -> str:
    """The code of the format (`dcat/tables/file-type.csv`); empty when nothing tells it. `start`: the first bytes, none
    when they were not read."""
    return _of_bytes(start, media_type) or _of_text(start, media_type)


def _of_bytes(start: bytes, media_type: str) -> str:
    """The format of a file that no person reads."""
    if start.startswith(b"PK\x03\x04"):
        return next((code for mark, code in _PACKED if mark in start), "ZIP")
    if start.startswith(_OFFICE):
        return "DOC" if media_type == "application/msword" else "XLS"
    return next((code for magic, code in MAGIC if start.startswith(magic)), "")


def _of_text(start: bytes, media_type: str) -> str:
    text = start_of(start)
    if is_html(start):
        return "HTML"
    if text.startswith((b"{", b"[")):
        return "GEOJSON" if _FEATURES.search(start) else _said(media_type, "JSON")
    if text.startswith(b"<?xml"):
        return next((code for mark, code in _XML if mark in start), _said(media_type, "XML"))
    return _said(media_type, "")


def _said(media_type: str, otherwise: str) -> str:
    """What the media type says, where it says something."""
    return otherwise if media_type in _VAGUE else _by_media_type().get(media_type, otherwise)


@cache
def _by_media_type() -> dict[str, str]:
    """The format of each media type that is that of one format only, or of one before all others."""
    found: dict[str, list[str]] = {}
    for term in vocab.FORMATS.by_code.values():
        found.setdefault(term.extra.get("media_type", ""), []).append(term.code)
    return {media_type: codes[0] for media_type, codes in found.items() if media_type and len(codes) == 1} | _FIRST
