"""Every value of every node, cleaned by its type: the gate that makes publishing safe, whatever a source sends."""

from collections.abc import Callable
from functools import cache, lru_cache
from operator import is_
from typing import Any, TypeVar

import msgspec

from ..model import (
    Agent,
    Concept,
    Contact,
    Date,
    Decimal,
    Distribution,
    Document,
    Duration,
    Field,
    Hex,
    Integer,
    Iri,
    LegalResource,
    LicenseDocument,
    Location,
    Node,
    Resource,
    Standard,
    Text,
    Wkt,
    properties,
)
from ..vocab import concepts, scheme_titles
from . import dates, geometries, iris, numbers, wording
from .bare import PREPARE
from .notes import Context, Log, Note, Repair
from .written import keep_dropped

N = TypeVar("N", bound=Node)

MOST_NODES = 500
"""Values of one field that are kept; a dataset with more keywords or agents than this is a mistake."""

MOST_DISTRIBUTIONS = 2_000
"""Files of one dataset that are kept."""

_LINKS = frozenset(
    {"dcat:accessURL", "dcat:downloadURL", "dcat:endpointURL", "dcat:endpointDescription", "vcard:hasURL"}
)


Cleaner = Callable[[Any, str, Log], Any]
"""(value, property, log) → clean value, None or () when nothing is left."""


def clean(node: N, log: Log) -> N | None:
    """The node with clean values in canonical order; None when nothing is left of it."""
    if prepare := PREPARE.get(type(node)):
        node = prepare(node)
    before = len(log.notes)
    changes: dict[str, Any] = {}
    alive = False
    for name, curie, cleaner in _plan(type(node)):
        value = getattr(node, name)
        if not value and value != "":
            continue
        new = cleaner(value, curie, log)
        if new is not value:
            changes[name] = new
        alive = alive or bool(new)
    if node.iri is not None:
        iri = _own_iri(node, log)
        alive = alive or iri is not None
        if iri != node.iri:
            changes["iri"] = iri
    if not alive:
        return None
    done = msgspec.structs.replace(node, **changes) if changes else node
    if isinstance(done, Resource | Distribution) and len(log.notes) > before:
        return keep_dropped(done, log.notes[before:], "/".join(log.place))
    return done


def _own_iri(node: Node, log: Log) -> Iri | None:
    given = node.iri or ""
    value, rule = _link(given, log) if isinstance(node, Document) else iris.name(given, _may_be_local(given, log))
    if rule:
        log.note(node.CLASS, node.iri, rule, value or "")
    return Iri(value) if value else None


@cache
def _plan(struct: type[Node]) -> tuple[tuple[str, str, Cleaner], ...]:
    """Name, property and cleaner of each field."""
    return tuple((field.name, field.property.curie, _cleaner(struct, field)) for field in properties(struct))


def _cleaner(struct: type[Node], field: Field) -> Cleaner:
    item, curie = field.item, field.property.curie
    if item is Text:
        return wording.cleaner(struct, curie) if field.many else wording.one_plain_text
    if isinstance(item, type) and issubclass(item, Node):
        limit = MOST_DISTRIBUTIONS if field.name in {"distribution", "sample"} else MOST_NODES
        return _nodes(limit) if field.many else _node
    if item is Iri:
        return _addresses(curie) if field.many else _address(curie)
    literal = _literal(_LITERALS[item])
    return _each(literal) if field.many else literal


# --- addresses ------------------------------------------------------------------------------------------------------


def _scheme(text: str) -> Repair:
    """A concept scheme needs a title in the graph, and only those of our tables can be given one."""
    return Repair(text) if text in scheme_titles() else Repair(None, "scheme-dropped")


def _address_repair(curie: str) -> Callable[[str, Log], Repair]:
    if curie in _LINKS:
        return _link
    repair = _ADDRESSES.get(curie, iris.iri)
    return lambda text, _: repair(text)


_ADDRESSES: dict[str, Callable[[str], Repair]] = {
    "vcard:hasEmail": iris.mail,
    "foaf:mbox": iris.mail,
    "vcard:hasTelephone": iris.telephone,
    "spdx:algorithm": numbers.algorithm,
    "skos:inScheme": _scheme,
}


def _link(text: str, log: Log) -> Repair:
    """An address that a reader can follow."""
    return iris.link(text, _may_be_local(text, log))


def _may_be_local(text: str, log: Log) -> bool:
    """Our own addresses may be as local as we are."""
    site = log.context.site
    return log.context.allow_local or bool(site and text.startswith(f"{site}/"))


def _address(curie: str) -> Cleaner:
    repair = _address_repair(curie)

    def clean_address(value: Iri, curie: str, log: Log) -> Iri | None:
        new, rule = repair(value, log)
        if rule:
            log.note(curie, value, rule, new or "")
        return Iri(new) if new else None

    return clean_address


_IN_ORDER = "vcard:hasEmail"
"""Of several mailboxes in one value the first is the one to write to, and the one that is published."""


def _addresses(curie: str) -> Cleaner:
    repair = _address_repair(curie)

    def clean_addresses(values: tuple[Iri, ...], curie: str, log: Log) -> tuple[Iri, ...]:
        if len(values) == 1 and repair(values[0], log) == (values[0], ""):  # as most are
            return values
        kept: dict[str, None] = {}
        for value in values[:MOST_NODES]:
            new, rule = repair(value, log)
            found: tuple[str | None, ...] = (new,)
            if rule == "iri-glued":
                found = tuple(repair(part, log).value for part in iris.glued(value))
            if rule:
                log.note(curie, value, rule, " ".join(filter(None, found)))
            kept |= dict.fromkeys(filter(None, found))
        if len(values) > MOST_NODES:
            log.note(curie, len(values), "list-cut", MOST_NODES)
        result = tuple(map(Iri, kept if curie == _IN_ORDER else sorted(kept)))
        return values if result == values else result

    return clean_addresses


# --- literals -------------------------------------------------------------------------------------------------------

_LITERALS: dict[Any, Callable[[str], Repair]] = {
    Date: dates.date,
    Duration: dates.duration,
    Decimal: numbers.metres,
    Integer: numbers.byte_size,
    Hex: numbers.hexadecimal,
    Wkt: geometries.geometry,
}


def _literal(repair: Callable[[str], Repair]) -> Cleaner:
    def clean_literal(value: str, curie: str, log: Log) -> str | None:
        new, rule = repair(value)
        if rule:
            log.note(curie, value, rule, new or "")
        return value if new == value else new

    return clean_literal


def _each(literal: Cleaner) -> Cleaner:
    def clean_each(values: tuple[str, ...], curie: str, log: Log) -> tuple[str, ...]:
        kept = {new for value in values[:MOST_NODES] if (new := literal(value, curie, log)) is not None}
        result = tuple(sorted(kept))
        return values if result == values else result

    return clean_each


# --- nodes ----------------------------------------------------------------------------------------------------------


_SHARED = (Agent, Contact, Location, LicenseDocument, LegalResource, Standard)
"""What is said again in record after record: cleaned once."""


def _node(node: Node, curie: str, log: Log) -> Node | None:
    if type(node) is Concept and (known := concepts().get(node.iri or "")):
        return known
    log.place.append(curie)
    kept = _once(node, log) if isinstance(node, _SHARED) else clean(node, log)
    log.place.pop()
    return kept


def _nodes(limit: int) -> Cleaner:
    def clean_nodes(nodes: tuple[Node, ...], curie: str, log: Log) -> tuple[Node, ...]:
        kept = [
            new for number, node in enumerate(nodes[:limit], start=1) if (new := _node(node, f"{curie}[{number}]", log))
        ]
        if len(nodes) > limit:
            log.note(curie, len(nodes), "list-cut", limit)
        unchanged = len(kept) == len(nodes) and all(map(is_, kept, nodes))
        return nodes if unchanged else tuple(kept)

    return clean_nodes


def _once(node: Node, log: Log) -> Node | None:
    """The clean node, with what was said when it was first cleaned."""
    kept, notes = _remembered(node, log.context.allow_local, log.language)
    log.repeat(notes)
    return kept


@lru_cache(maxsize=4_096)
def _remembered(node: Node, allow_local: bool, language: str) -> tuple[Node | None, tuple[Note, ...]]:
    log = Log(Context(allow_local=allow_local), "", language=language)
    return clean(node, log), tuple(log.notes)
