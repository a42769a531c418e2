"""One dataset, service, series or publisher as a document of its own."""

from typing import Any

import msgspec
from flask import Response
from flask.typing import ResponseReturnValue

from catalogue.store.rows import EntryRow, PublisherRow, Tombstone
from dcat import vocab
from dcat.model import Agent, Concept, Document, Iri

from ..current import catalogue
from ..errors import Removed
from ..http import negotiate
from ..http.caching import of_its_own
from ..json import copies
from ..json.entry_shapes import assessment_shape, page_address, publisher_iri, whole_publisher_shape
from . import profiles
from .documents import lines_of, rdf_document
from .formats import ENTRY, Format, by_accept, by_ending, links
from .redirects import moved, see_other

KINDS = ("dataset", "service", "series", "publication")


def by_name(kind: str, name: str) -> ResponseReturnValue:
    """`/dataset/{name}`: its page in the reader's language, or the document in the format asked for."""
    return choose(kind, live(kind, name).name)


def choose(kind: str, name: str) -> ResponseReturnValue:
    """To the page or the document of what has that name."""
    format = by_accept(ENTRY, html_first=True)
    if format is None:
        return see_other(f"/{negotiate.language()}/{kind}/{name}")
    return see_other(f"/{kind}/{name}.{format.ending}")


@of_its_own(copies.CHECKED)
def entry(kind: str, name: str, ending: str) -> ResponseReturnValue:
    """`/dataset/{name}.ttl` and its neighbours. A renamed entry answers 301, one that is gone 410."""
    format = by_ending(ending, ENTRY)
    row = live(kind, name)
    if row.name != name:
        return moved(f"/{kind}/{row.name}.{ending}")
    return described(_entry_document(row, format), kind, name)


@of_its_own()
def publisher(name: str, ending: str) -> ResponseReturnValue:
    """`/publisher/{name}.ttl` and its neighbours."""
    format = by_ending(ending, ENTRY)
    row = catalogue().publishers.named(name)
    return described(_publisher_document(row, format), "publisher", row.name)


def publisher_by_name(name: str) -> ResponseReturnValue:
    """`/publisher/{name}`: as for an entry."""
    return choose("publisher", catalogue().publishers.named(name).name)


def live(kind: str, name: str) -> EntryRow:
    """The entry with that name. Raises `NotFound`, or `Removed` when it was there once."""
    return there(catalogue().entries.named(kind, name))


def there(found: EntryRow | Tombstone) -> EntryRow:
    """The entry itself; raises `Removed` for what is left of one that is gone."""
    if isinstance(found, Tombstone):
        raise Removed(found)
    return found


def described(response: Response, kind: str, name: str) -> Response:
    """The document with links to its page and to its other formats."""
    response.headers["Link"] = links(f"/{kind}/{name}", ENTRY, page_address(kind, name))
    return response


def json_document(shape: object) -> Response:
    """A struct or dictionary as JSON."""
    return Response(msgspec.json.encode(shape), mimetype="application/json")


def whole_shape(row: EntryRow) -> dict[str, Any]:
    """An entry as JSON with everything that is known of it."""
    findings = catalogue().records.outcome(row.source, row.identifier).findings
    return copies.whole_shape(row) | assessment_shape(row, findings)


def _entry_document(row: EntryRow, format: Format) -> Response:
    if not format.rdf:
        return json_document(whole_shape(row))
    profiles.check()
    return rdf_document(catalogue().feed.alone(row.id), format)


def _publisher_document(row: PublisherRow, format: Format) -> Response:
    if not format.rdf:
        return json_document(whole_publisher_shape(row, catalogue().assessments.scores().by_publisher.get(row.name)))
    return rdf_document([lines_of(agent(row))], format)


def agent(row: PublisherRow) -> Agent:
    """A publisher as RDF has it."""
    kind = vocab.PUBLISHER_TYPES.by_code.get(row.type)
    concept: Concept | None = vocab.PUBLISHER_TYPES.concept(kind) if kind else None
    homepage = Document(iri=Iri(row.homepage)) if row.homepage else None
    return Agent(
        iri=Iri(publisher_iri(row)),
        name=row.title,
        type=concept,
        homepage=homepage,
        mbox=Iri(row.mbox) if row.mbox else None,
    )
