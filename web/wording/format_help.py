"""What to open a file of a format with, in one line."""

from collections.abc import Callable

from catalogue.store.addresses import AddressRow
from dcat import vocab
from dcat.model import Distribution

from .words import gettext as _

LINES: dict[str, Callable[[], str]] = {
    "CSV": lambda: _("a table: opens in Excel, LibreOffice or any text editor"),
    "TSV": lambda: _("a table: opens in Excel, LibreOffice or any text editor"),
    "XLSX": lambda: _("a table: opens in Excel or LibreOffice"),
    "XLS": lambda: _("a table: opens in Excel or LibreOffice"),
    "ODS": lambda: _("a table: opens in Excel or LibreOffice"),
    "GEOJSON": lambda: _("a map: opens in QGIS or geojson.io"),
    "SHP": lambda: _("a map: opens in QGIS or ArcGIS"),
    "GPKG": lambda: _("a map: opens in QGIS or ArcGIS"),
    "GML": lambda: _("a map: opens in QGIS or ArcGIS"),
    "KML": lambda: _("a map: opens in Google Earth or QGIS"),
    "KMZ": lambda: _("a map: opens in Google Earth or QGIS"),
    "JSON": lambda: _("for programs; a browser shows it as text"),
    "XML": lambda: _("for programs; a browser shows it as text"),
    "PARQUET": lambda: _("a table for programs, such as DuckDB or Python"),
    "ZIP": lambda: _("several files in one: unpack it first"),
    "PDF": lambda: _("a document to read; programs cannot use it well"),
    "WFS_SRVC": lambda: _("a map service: add its address in QGIS or ArcGIS"),
    "WMS_SRVC": lambda: _("a map service: add its address in QGIS or ArcGIS"),
    "WMTS_SRVC": lambda: _("a map service: add its address in QGIS or ArcGIS"),
    "GTFS": lambda: _("a timetable for route planners"),
    "RDF_TURTLE": lambda: _("linked data for programs"),
    "RDF_XML": lambda: _("linked data for programs"),
    "JSON_LD": lambda: _("linked data for programs"),
}
"""Codes of `dcat/tables/file-type.csv`."""


def of_file(file: Distribution, row: AddressRow | None = None) -> str:
    """One line for whoever does not know the format; empty when there is none for it."""
    term = vocab.FORMATS.by_iri.get(file.format.iri or "") if file.format else None
    code = term.code if term else row.format if row else ""
    return LINES[code]() if code in LINES else ""
