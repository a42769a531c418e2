"""Headers and records, each in the formats of `FORMATS`."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from catalogue.publishing.feed import OwnGraph
from catalogue.store.rows import EntryRow, Header
from dcat.namespaces import PREFIXES

from ..current import catalogue, minted
from ..http.kept_records import found, kept
from ..xml import dublin_core, tree
from ..xml.tree import Element
from . import sets
from .dates import stamp


class Format(NamedTuple):
    """What the metadata of a record are given as."""

    schema: str
    namespace: str
    write: Callable[[Sequence[Header]], dict[str, bytes]]
    """Live entries by id as elements that are written already."""


def namespace() -> str:
    """What the names of our records begin with; the id of the entry follows
    (https://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm)."""
    return f"oai:{urlsplit(minted('')).hostname}:"


def id_of(name: str) -> str:
    """The id of the entry with that identifier; empty for what is none of ours."""
    ours = namespace()
    id = name.removeprefix(ours) if name.startswith(ours) else ""
    return id if id.isalnum() else ""  # PostgreSQL does not even take the question for NUL


def add_header(parent: Element, header: Header, namespace: str, *, is_deleted: bool) -> None:
    """The header of a record."""
    status = {"status": "deleted"} if is_deleted else {}
    made = tree.add(parent, "oai:header", **status)
    tree.add(made, "oai:identifier", namespace + header.id)
    tree.add(made, "oai:datestamp", stamp(header.at))
    for name in sets.of(header):
        tree.add(made, "oai:setSpec", name)


def add_headers(parent: Element, headers: Sequence[Header], prefix: str) -> None:  # noqa: ARG001 (as `add_records`)
    """Headers alone."""
    ours = namespace()
    for header in headers:
        add_header(parent, header, ours, is_deleted=header.is_removed)


def add_records(parent: Element, headers: Sequence[Header], prefix: str) -> list[bytes]:
    """Headers with places for their metadata, which are given back; what went since the headers were read is told as
    deleted."""
    written = FORMATS[prefix].write([header for header in headers if not header.is_removed])
    ours = namespace()
    for header in headers:
        made = tree.add(parent, "oai:record")
        add_header(made, header, ours, is_deleted=header.id not in written)
        if header.id in written:
            tree.place(tree.add(made, "oai:metadata"))
    return [written[header.id] for header in headers if header.id in written]


def dublin_core_of(headers: Sequence[Header]) -> dict[str, bytes]:
    """Entries in Dublin Core. A header tells what a record is made of, so only entries without a kept one are read."""
    ours = minted("")
    held = {header.id: found(*_made_of(header, ours)) for header in headers}
    rows = catalogue().entries.with_ids(id for id, body in held.items() if body is None)
    written = {row.id: kept(partial(_dublin_core, row), *_made_of(row, ours)) for row in rows}
    return {id: body for id, body in held.items() if body is not None} | written


def _made_of(one: Header | EntryRow, ours: str) -> tuple[object, ...]:
    return "oai_dc", ours, one.id, one.revision, one.name


def _dublin_core(row: EntryRow) -> bytes:
    top = tree.root("oai_dc:dc", "dc", schemas=(FORMATS["oai_dc"].namespace, FORMATS["oai_dc"].schema))
    for name, text in dublin_core.elements(row):
        tree.add(top, f"dc:{name}", text.value, text.lang)
    return tree.written(top)


def dcat_of(headers: Sequence[Header]) -> dict[str, bytes]:
    """Entries in DCAT-AP, with their catalogue records, as their own documents have them."""
    return {one.id: _dcat(one) for one in catalogue().feed.graphs(header.id for header in headers)}


def _dcat(graph: OwnGraph) -> bytes:
    return kept(lambda: tree.rdf_xml(graph.lines()), "dcat_ap", graph.made_of)


FORMATS: dict[str, Format] = {
    "oai_dc": Format(
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/", dublin_core_of
    ),
    "dcat_ap": Format("http://www.openarchives.org/OAI/2.0/rdf.xsd", PREFIXES["dcat"], dcat_of),
}
"""By metadataPrefix."""
