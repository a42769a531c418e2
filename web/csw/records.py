"""Entries in the schemas that records can be had in: csw:Record, ISO 19139, DCAT-AP."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from catalogue.indexing.entry_document import extent
from catalogue.publishing.feed import OwnGraph
from catalogue.publishing.texts_by_language import values
from catalogue.store.rows import EntryRow
from dcat.model import DataService, Dataset, Entry, Texts
from dcat.namespaces import expand
from dcat.our_languages import best_along

from ..current import catalogue, minted, settings
from ..http.kept_records import kept
from ..json.entry_shapes import page_address
from ..xml import dublin_core, iso, tree
from ..xml.tree import Element, add

CSW, GMD, DCAT = (
    "http://www.opengis.net/cat/csw/2.0.2",
    "http://www.isotc211.org/2005/gmd",
    "http://data.europa.eu/r5r/",
)

SETS = ("brief", "summary", "full")
"""How much of a record is given."""

_NAMES = {"brief": "BriefRecord", "summary": "SummaryRecord", "full": "Record"}


class Schema(NamedTuple):
    """A schema of records."""

    type_name: str
    write: Callable[[Sequence[str], str], list[bytes]]
    """Entries by their ids, and how much of each, as elements that are written already; what is gone is left out."""


def plain(ids: Sequence[str], elements: str) -> list[bytes]:
    """csw:Record and its shorter kin. Texts stand in one language, as the schema wants it."""
    ours = minted("")
    return [_plain(row, elements, ours) for row in catalogue().entries.with_ids(ids)]


def _plain(row: EntryRow, elements: str, ours: str) -> bytes:
    return kept(lambda: tree.written(_record(row, elements)), CSW, ours, elements, row.version, row.name)


def geographic(ids: Sequence[str], elements: str) -> list[bytes]:  # noqa: ARG001 (the whole record, as others do)
    """gmd:MD_Metadata."""
    rows = catalogue().entries.with_ids(ids)
    named = catalogue().entries.with_iris({iri for row in rows for iri in _references(row.entry)})
    led, ours = {iri: row.id for iri, row in named.items()}, minted("")
    return [_geographic(row, {iri: led[iri] for iri in _references(row.entry) if iri in led}, ours) for row in rows]


def _geographic(row: EntryRow, ids: dict[str, str], ours: str) -> bytes:
    return kept(lambda: tree.written(iso.record(row, ids)), GMD, ours, row.version, row.name, ids)


def described(ids: Sequence[str], elements: str) -> list[bytes]:  # noqa: ARG001 (as above)
    """rdf:RDF; the catalogue record says by which identifier it is asked for."""
    return [_described(one) for one in catalogue().feed.graphs(ids)]


def _described(graph: OwnGraph) -> bytes:
    says = f'<{graph.site_url}/id/record/{graph.id}> <{expand("dct:identifier")}> "{graph.id}" .\n'
    return kept(lambda: tree.rdf_xml(graph.lines() + says), DCAT, graph.made_of)


SCHEMAS = {
    CSW: Schema("csw:Record", plain),
    GMD: Schema("gmd:MD_Metadata", geographic),
    DCAT: Schema("dcat:Resource", described),
}
"""By outputSchema."""


def _record(row: EntryRow, elements: str) -> Element:
    top = tree.root(f"csw:{_NAMES[elements]}", "dc", "dct", "ows")
    add(top, "dc:identifier", row.id)
    if elements == "full":
        add(top, "dc:identifier", row.iri)
    add(top, "dc:title", one(row.entry.title) or row.name)
    add(top, "dc:type", row.kind)
    if elements != "brief":
        _add_summary(top, row)
    if elements == "full":
        _add_rest(top, row)
    _add_box(top, row.entry)
    return top


def _add_summary(top: Element, row: EntryRow) -> None:
    entry = row.entry
    said = [(name, text.value) for name, text in dublin_core.elements(row)]
    _add_all(top, "dc:subject", (value for name, value in said if name == "subject"))
    _add_all(top, "dc:format", (value for name, value in said if name == "format"))
    _add_all(top, "dc:relation", dublin_core.relations(entry))
    add(top, "dct:modified", row.updated.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _add_all(top, "dct:abstract", [one(entry.description)])
    _add_all(top, "dct:spatial", (one(place.labels) for place in entry.spatial))


def _add_rest(top: Element, row: EntryRow) -> None:
    entry = row.entry
    _add_all(top, "dc:creator", [one(agent.name) for agent in entry.creator] if isinstance(entry, Dataset) else [])
    _add_all(top, "dc:publisher", [one(entry.publisher.name)] if entry.publisher else [])
    _add_all(top, "dct:issued", [entry.issued or ""])
    _add_all(top, "dc:date", [entry.modified or ""])
    _add_all(top, "dc:language", map(dublin_core.language, entry.language))
    _add_all(
        top, "dct:license", (terms.iri or one(terms.titles or terms.labels) for terms in dublin_core.licences(entry))
    )
    _add_all(top, "dct:temporal", map(dublin_core.span, entry.temporal))
    _add_all(top, "dct:references", [*dublin_core.files(entry), page_address(row.kind, row.name)])


def _add_box(top: Element, entry: Entry) -> None:
    """The area covered, latitudes first as its reference system has them."""
    box = extent(entry.spatial)
    if box:
        west, south, east, north = box
        made = add(top, "ows:BoundingBox", crs="urn:ogc:def:crs:EPSG::4326", dimensions="2")
        add(made, "ows:LowerCorner", f"{south} {west}")
        add(made, "ows:UpperCorner", f"{north} {east}")


def _add_all(top: Element, name: str, texts: Iterable[str]) -> None:
    for text in dict.fromkeys(texts):
        if text:
            add(top, name, text)


def _references(entry: Entry) -> tuple[str, ...]:
    if isinstance(entry, DataService):
        return tuple(map(str, entry.serves_dataset))
    return tuple(map(str, entry.in_series)) if isinstance(entry, Dataset) else ()


def one(texts: Texts) -> str:
    """The text for readers of our first languages."""
    best = best_along(settings().languages, texts)
    return best.value if best else next(iter(values(texts)), "")
