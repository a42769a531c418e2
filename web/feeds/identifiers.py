"""`/id/…`: the names of things. A name is not a document, so it answers 303 to one that describes the thing.

Nodes inside an entry are named by fragments of its IRI, so a browser asks for the entry itself; longer paths below an
entry's IRI lead to the entry as well.
"""

from flask.typing import ResponseReturnValue

from catalogue.errors import NotFound
from catalogue.store.rows import PublisherRow

from ..current import catalogue, minted
from . import quality_document
from .entry_documents import KINDS, choose, there
from .redirects import see_other

AGENTS = ("publisher", "agent")
QUALITY = ("metric", "remark")
"""What is measured of descriptions and what is remarked of them: one page tells of both."""


def identifier(kind: str, id: str, part: str = "") -> ResponseReturnValue:  # noqa: ARG001
    """To the page or document of the thing with that name. A part of it is described there too."""
    if kind in KINDS:
        return choose(kind, there(catalogue().entries.with_id(kind, id)).name)
    if kind == "record":
        found = there(catalogue().entries.find(id))
        return choose(found.kind, found.name)
    if kind in AGENTS:
        return choose("publisher", agent(kind, id).name)
    if kind == "catalog":
        return see_other("/catalog")
    if kind in QUALITY:
        return quality_document.choose()
    raise NotFound(f"There is nothing of the kind {kind[:40]!r} here.")


def agent(kind: str, id: str) -> PublisherRow:
    """The publisher with that IRI of ours, or with that slug."""
    try:
        return catalogue().publishers.with_iri(minted(f"/id/{kind}/{id}"))
    except NotFound:
        return catalogue().publishers.named(id)
