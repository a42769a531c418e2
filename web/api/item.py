"""One record of a report, from what its source said to what is published of it. For the publisher of the source."""

from typing import Any

from flask import Response

from catalogue.errors import NotFound
from catalogue.publishing.entry_shapes import entry_shape
from catalogue.store.rows import EntryRow, TokenRow
from dcat.findings import Finding
from dcat.messages import explain
from dcat.normalise import Note
from dcat.our_languages import OUR_LANGUAGES

from ..current import catalogue
from ..json.entry_shapes import page_address
from ..json.harvest_shapes import NoteShape, TraceReport
from .auth import own_source
from .harvest import SCOPE, answer
from .operations import Operation, path


def show_raw(token: TokenRow, item: str) -> Response:
    """The record as its source gave it last, in the source's own format."""
    raw = catalogue().records.raw(*own_item(token, item))
    if not raw.body:
        raise NotFound("Nothing is kept of what the source says of this record.")
    response = Response(raw.body, mimetype=raw.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="item-{item}"'
    response.cache_control.no_store = True
    return response


def show_mapped(token: TokenRow, item: str) -> Response:
    """What is published of the record, in JSON."""
    source, identifier = own_item(token, item)
    name = catalogue().records.outcome(source, identifier).name
    row = catalogue().entries.find(name) if name else None
    if not isinstance(row, EntryRow):
        raise NotFound("Nothing is published of this record.")
    return answer(entry_shape(row, page_address))


def show_trace(token: TokenRow, item: str) -> Response:
    """What became of each value of the record: raw, rule, published."""
    source, identifier = own_item(token, item)
    notes = catalogue().records.trace(source, identifier)
    return answer(TraceReport(identifier, source, tuple(map(note_shape, notes))))


def note_shape(note: Note) -> NoteShape:
    """A note with its sentence in each language."""
    said = Finding(note.rule, "", note.field, note.raw or note.published)
    words = {lang: explain(said, lang).message for lang in OUR_LANGUAGES}
    return NoteShape(field=note.field, raw=note.raw, rule=note.rule, published=note.published, message=words)


def own_item(token: TokenRow, item: str) -> tuple[str, str]:
    """The source and the identifier of a record of this producer; raises `NotFound` in the same words for none and for
    another's."""
    absent = NotFound(f"You have no item with the number {item[:20]!r}.")
    if not (item.isascii() and item.isdigit() and len(item) <= 18):
        raise absent
    try:
        source, identifier = catalogue().runs.place(int(item))
        own_source(token, source)
    except NotFound as error:
        raise absent from error
    return source, identifier


ITEM = path("item", "Number of the item, as `id` gives it.")
_ITEM = "/api/1/harvest/item/{item}/"

OPERATIONS = (
    Operation(
        "GET", _ITEM + "raw", show_raw, "A record as its source gave it", SCOPE, (ITEM,), answers={200: None},
        produces="application/octet-stream",
    ),
    Operation(
        "GET", _ITEM + "mapped", show_mapped, "What is published of a record", SCOPE, (ITEM,),
        answers={200: dict[str, Any]},
    ),
    Operation(
        "GET", _ITEM + "trace", show_trace, "What became of each value", SCOPE, (ITEM,), answers={200: TraceReport}
    ),
)  # fmt: skip
"""Operations of this file."""
