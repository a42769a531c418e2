"""`/data.json`: the datasets as Project Open Data 1.1 lists them, streamed, for clients of DCAT-US and ArcGIS."""

from collections.abc import Iterator

import msgspec
from flask.typing import ResponseReturnValue

from catalogue.batches import batched
from catalogue.service import Catalogue

from ..current import catalogue, minted, settings
from ..http.caching import cached
from ..json.pod import KINDS, Writer
from . import profiles
from .catalog import Selection, every, selection
from .documents import streamed
from .search import asked_language

BATCH = 100
"""Entries that are read together."""


@cached()
def project_open_data() -> ResponseReturnValue:
    """All datasets and series, or those that match; `lang` chooses the language of texts."""
    profiles.check(("dcat-us", "dcat-us-1.1"), ())
    writer = Writer(settings(), asked_language())
    chosen = selection()._replace(page=None)
    return streamed(document(writer, minted("/catalog"), chosen, catalogue()), "application/json")


def document(writer: Writer, iri: str, chosen: Selection, source: Catalogue) -> Iterator[bytes]:
    """The document, some datasets at a time."""
    before = msgspec.json.encode(writer.head(iri))[:-1] + b',"dataset":['
    for batch in batched((piece.id for piece in every(chosen, source)), BATCH):
        for row in source.entries.with_ids(batch):
            if row.kind in KINDS:
                yield before + msgspec.json.encode(writer.dataset(row))
                before = b","
    yield (b"" if before == b"," else before) + b"]}"
