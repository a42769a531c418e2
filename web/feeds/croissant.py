"""`/dataset/{name}/croissant.json`: a dataset with its tables, for programs that learn from data."""

from flask.typing import ResponseReturnValue

from catalogue.errors import NotFound

from ..current import catalogue
from ..http.caching import of_its_own
from ..json import croissant
from .entry_documents import json_document, live
from .redirects import moved


@of_its_own()
def of_dataset(name: str) -> ResponseReturnValue:
    """Its description with the columns of each table that was looked into. 404 where none was."""
    row = live("dataset", name)
    if row.name != name:
        return moved(f"/dataset/{row.name}/croissant.json")
    tables = {key: seen for key, seen in catalogue().previews.of_entry(row.id).items() if seen.has_rows}
    if not tables:
        raise NotFound(f"No table of {name!r} was looked into, so there is nothing that Croissant could describe.")
    response = json_document(croissant.described(row, tables))
    response.mimetype = "application/ld+json"
    return response
