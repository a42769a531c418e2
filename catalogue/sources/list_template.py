"""The template of a list of datasets, for whoever has no catalogue to harvest."""

from harvesters.table.template import FORMATS

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""By the ending of the file."""


def list_template(language: str, ending: str) -> bytes:
    """The template in one of our languages, as `csv` or `xlsx`."""
    return FORMATS[ending](language)
