"""What entries say about each other: which references lead to an entry of the catalogue, and which lead outside.

Nothing is ever changed when entries come and go: whether a reference holds is asked when something is published.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select

from dcat.model import references
from dcat.write import Reference

from .database import Transaction
from .entries import LIVE
from .tables import contents, entries, links

_TARGETS = entries.alias("targets")
_IS_LIVE = _TARGETS.c.removed.is_(None)


def to(tx: Transaction, kinds: dict[str, str]) -> dict[str, tuple[Reference, ...]]:
    """The references of live entries to these IRIs, by IRI; only those that may lead to an entry of its kind."""
    found: dict[str, dict[Reference, None]] = {}
    for row in tx.execute(_TO, {"targets": list(kinds)}):
        if references()[row.property].target == kinds[row.target]:
            found.setdefault(row.target, {})[Reference(*row)] = None
    return {target: tuple(said) for target, said in found.items()}


_TO = (  # made once: each page of a feed asks it
    select(links.c.subject, links.c.property, links.c.target)
    .join(entries, entries.c.id == links.c.entry_id)
    .where(LIVE, links.c.target.in_(bindparam("targets", expanding=True)))
    .order_by(links.c.subject, links.c.property)
)


def of(tx: Transaction, ids: Iterable[str]) -> dict[str, list[Reference]]:
    """The references of these entries that lead to live entries of the right kind, by id."""
    found: dict[str, list[Reference]] = {}
    for id, *reference in tx.execute(_of_entries(), {"ids": list(ids)}):
        found.setdefault(id, []).append(Reference(*reference))
    return found


@cache
def _of_entries() -> Select[Any]:
    """Made once, as the one above."""
    columns = (links.c.entry_id, links.c.subject, links.c.property, links.c.target)
    some = links.c.entry_id.in_(bindparam("ids", expanding=True))
    return select(*columns).join(_TARGETS, _leads()).where(some).order_by(links.c.entry_id, links.c.position)


def outside(tx: Transaction, source_id: str, identifier: str = "", limit: int = 100) -> list[tuple[str, Reference]]:
    """References that lead to no entry or to one of another kind, each with the IRI of its entry; of a source, or of
    one record of it."""
    query = (
        select(entries.c.iri, links.c.subject, links.c.property, links.c.target)
        .join(entries, entries.c.id == links.c.entry_id)
        .where(LIVE, ~exists().where(_leads()).correlate(links), *_of(source_id, identifier))
        .order_by(entries.c.iri, links.c.position)
    )
    return [(iri, Reference(*reference)) for iri, *reference in tx.execute(query.limit(limit))]


def unserved(tx: Transaction, source_id: str, identifier: str = "", limit: int = 100) -> list[str]:
    """IRIs of datasets that claim to be of high value and that no service gives."""
    owner = entries.alias("owners")
    given = (
        exists()
        .where(links.c.target == entries.c.iri, links.c.property == "serves_dataset")
        .where(owner.c.id == links.c.entry_id, owner.c.removed.is_(None))
        .correlate(entries)
    )
    query = select(entries.c.iri).join(contents, contents.c.entry_id == entries.c.id)
    waiting = query.where(LIVE, contents.c.pending != "", ~given, *_of(source_id, identifier))
    return list(tx.execute(waiting.order_by(entries.c.iri).limit(limit)).scalars())


def _of(source_id: str, identifier: str) -> list[ColumnElement[bool]]:
    whole = [entries.c.source_id == source_id]
    return [*whole, entries.c.identifier == identifier] if identifier else whole


def _leads() -> ColumnElement[bool]:
    """True where a link leads to a live entry of the kind that its property wants."""
    kinds: list[Any] = [
        and_(links.c.property == name, _TARGETS.c.kind == property.target) for name, property in references().items()
    ]
    return and_(_TARGETS.c.iri == links.c.target, _IS_LIVE, or_(*kinds))
