"""What is left of a removed entry, in the format that was asked for: 410 with title, publisher, date and reason."""

from flask import Response, request
from werkzeug.exceptions import HTTPException

from catalogue.store.rows import Tombstone
from dcat.model import CatalogRecord, Date, Iri, Text

from .. import errors
from ..current import minted
from .documents import lines_of, rdf_document
from .formats import ENTRY, Format, by_accept, by_ending


def gone(error: errors.Removed) -> Response:
    """The tombstone as a page, as RDF or as problem details."""
    format = asked_format()
    if format is None or not format.rdf:
        return errors.respond(error)
    response = rdf_document([lines_of(record(error.tombstone))], format)
    response.status_code = 410
    response.cache_control.no_store = True
    return response


def asked_format() -> Format | None:
    """The format of this request; None for a page."""
    try:
        if ending := (request.view_args or {}).get("ending"):
            return by_ending(ending, ENTRY)
        return by_accept(ENTRY, html_first=True)
    except HTTPException:
        return None


def record(tombstone: Tombstone) -> CatalogRecord:
    """The catalogue record of an entry that is gone."""
    return CatalogRecord(
        iri=Iri(minted(f"/id/record/{tombstone.id}")),
        primary_topic=Iri(tombstone.iri),
        title=tombstone.title,
        description=(Text(errors.obituary(tombstone), "en"),),
        modified=Date(tombstone.removed.isoformat()),
    )
