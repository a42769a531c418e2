"""What only the catalogue can find out about a record: where its references lead, and who gives its data.

Both may change without the record, so nothing of it is kept: it is asked when the record is shown and when a run ends.
"""

from dcat.findings import Finding, finding
from dcat.model import references

from ..store import references as stored
from ..store.database import Transaction

RULES = frozenset({"reference-outside", "hvd-incomplete"})
"""Rules of these remarks."""
MOST = 100
"""Remarks of each kind about one source."""


def remarks(tx: Transaction, source_id: str, identifier: str = "") -> tuple[Finding, ...]:
    """What to say about the references of a source, or of one of its records."""
    outside = stored.outside(tx, source_id, identifier, MOST)
    unserved = stored.unserved(tx, source_id, identifier, MOST)
    return (
        *(
            finding("reference-outside", iri, _field(iri, one.subject, one.property), one.target)
            for iri, one in outside
        ),
        *(finding("hvd-incomplete", iri, "dcat:accessService") for iri in unserved),
    )


def _field(iri: str, subject: str, property: str) -> str:
    curie = references()[property].curie
    return curie if subject == iri else f"dcat:distribution/dcat:accessService/{curie}"
