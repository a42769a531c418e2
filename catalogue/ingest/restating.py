"""A published entry said anew from what is held of it, without its record being read again."""

from dcat.model import Entry, Texts
from dcat.quality import Reachable

from .. import clock
from ..store.codec import unpack
from ..store.minted import Minted
from ..store.records import Contents, EntryChange, Known
from . import catalog_record, identity
from .catalog_record import Topic
from .edition import edition


def restated(
    stored: Minted, known: Known, entry: Entry, keys: frozenset[str], *, iri: str, site: str, reachable: Reachable
) -> EntryChange:
    """What is to be published of an entry that has all its names, under that public address."""
    id, base = known.entry_id, identity.minted_iri(site, known.kind, known.entry_id)
    made, created = edition(entry, base, keys), known.created or clock.now()
    topic = Topic(identity.minted_iri(site, "record", id), entry, known.findings, stored.address, created)
    found = catalog_record.quality_of(topic, site, reachable)
    return EntryChange(
        id=id,
        kind=known.kind,
        name=known.name,
        iri=iri,
        title=entry.title,
        publisher=stored.publisher,
        publisher_title=unpack(stored.publisher_title, Texts),
        hash=made.hash,
        contents=Contents.of(made.body, made.said, catalog_record.written(topic, found, clock.now())),
        references=made.said.references,
        keys=keys,
        agent=None,
        registers=None,
        releases=None,
        created=created,
        assessment=catalog_record.assessment(topic, found),
    )
