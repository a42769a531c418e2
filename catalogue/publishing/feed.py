"""The stored pieces joined into one graph: every entry as a member of the catalogue, every node described once.

Some things can only be said when entries meet. A reference from one entry to another is said while the catalogue has
the other one, so that none leads outside, whoever comes, goes or returns. A dataset is called high-value where a
service gives it, and leads to the services that serve it. And a node of which two entries say different things keeps
what was said first, since the profile allows one licence, one publisher, one text in a language, however many sources
there are.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from dcat import rdf
from dcat.model import DATA, Catalog, Dataset, DatasetSeries, Node, references
from dcat.namespaces import expand
from dcat.quality import Score
from dcat.write import Reference, own_and_shared

from .. import memory
from ..batches import batched, steady
from ..settings import Settings
from ..store.rows import EntryRow, Piece
from .assessments import Assessments
from .catalog_description import describe
from .copies import Copies
from .entries import Entries
from .graph import Graph
from .measures import Measures, only, without
from .pieces import Pieces
from .service_access import Doors

MEMBERSHIP = {"dataset": "dcat:dataset", "service": "dcat:service"} | dict.fromkeys(
    ("series", "publication"), "dcat:resource"
)
"""How the catalogue names each kind of entry. The profile has no property for series and none for publications;
`dcat:resource` is DCAT 3's."""
BY_PUBLICATIONS = "uses"
"""The references that only publications make: a feed of data, which has none of them, leaves these out."""
BATCH = 100
"""Pieces whose shared nodes are asked for together."""
GIVING_BACK = 10
"""Batches after which what is free goes back to the system."""
PROPERTIES = {name: property.curie for name, property in references().items()}
"""The property of each kind of reference."""


class Known(NamedTuple):
    """What the description of the catalogue is made of, besides the settings."""

    site: str
    modified: datetime | None
    score: Score | None


class Feed:
    """Joins what the store holds; memory holds names of nodes and a few pieces."""

    def __init__(
        self,
        settings: Settings,
        minted_at: Callable[[], str],
        *,
        pieces: Pieces,
        entries: Entries,
        copies: Copies,
        assessments: Assessments,
    ) -> None:
        """`minted_at`: tells the public address under which everything was named."""
        self.pieces, self.entries, self.minted_at = pieces, entries, minted_at
        self.settings, self.copies, self._assessments = settings, copies, assessments
        self._written: tuple[Known, str] | None = None
        """The description of the catalogue as N-Triples, with what it was made of: each page of the feed has it."""

    def catalog(self) -> Catalog:
        """The description of this catalogue itself."""
        return describe(self.settings, *self._known())

    def _known(self) -> "Known":
        return Known(self.minted_at(), self.entries.changed(), self._assessments.scores().whole)

    def description(self, measures: Measures = Measures.SCORE) -> str:
        """The same as N-Triples: what each page of the feed has, and the whole."""
        return without(self._description(), self.minted_at(), measures)

    def _description(self) -> str:
        known, written = self._known(), self._written
        if written is None or written[0] != known:
            written = self._written = known, "".join(own_and_shared(describe(self.settings, *known)))
        return written[1]

    def whole(self, measures: Measures = Measures.SCORE) -> Iterator[str]:
        """The description of the catalogue and everything in it, as N-Triples, an entry or a node at a time."""
        return self.joined(self.pieces.by_kind(), measures=measures)

    def joined(
        self, pieces: Iterable[Piece], *, is_part: bool = False, measures: Measures = Measures.SCORE
    ) -> Iterator[str]:
        """A description of the catalogue and some pieces as one graph.

        References stand where the entry to which they lead is described. In a part of the whole, such as a page or what
        changed, they stand with the entry that has them too: what reads part after part keeps nothing back.
        """
        description = self.description(measures)
        yield description
        yield from self.members(pieces, description, is_part=is_part, measures=measures)

    def members(
        self, pieces: Iterable[Piece], description: str, *, is_part: bool, measures: Measures = Measures.SCORE
    ) -> Iterator[str]:
        """The same without the description, which stands before them: what it says of a node is not said again."""
        site_url = self.minted_at()
        graph, doors = Graph(), Doors(self.entries, site_url)
        graph.describe(description)
        known: set[int] = set()
        batches = batched(pieces, BATCH) if is_part else steady(pieces, BATCH, attrgetter("id"))
        for number, batch in enumerate(batches, 1):
            if number % GIVING_BACK == 0:
                memory.give_back()
            leading = [one for piece in batch for one in piece.references]
            if is_part:
                leading += chain.from_iterable(self.pieces.references(piece.id for piece in batch).values())
            leading = [one for one in leading if one.property != BY_PUBLICATIONS]
            for piece in sorted(batch, key=_is_dataset):
                yield membership(piece, site_url) + without(graph.own(piece), site_url, measures)
            originals = self._originals(batch)
            yield "".join((lines(leading), *(relation(piece, originals) for piece in batch)))
            yield from graph.shared(doors.described(batch, graph.entries))
            yield "".join(link(piece.iri, "dcat:distribution", node) for piece in batch for node in doors.to(piece))
            fresh = {key for piece in batch for key in piece.shared} - known
            known |= fresh
            yield from graph.shared(without(node, site_url, measures) for node in self.pieces.shared(fresh))

    def measured(self, pieces: Iterable[Piece]) -> Iterator[str]:
        """What was measured of some entries and what could be better, without the entries."""
        site_url, graph, known = self.minted_at(), Graph(), set[int]()
        for batch in batched(pieces, BATCH):
            yield "".join(only(piece.own, site_url) for piece in batch)
            fresh = {key for piece in batch for key in piece.shared} - known
            known |= fresh
            yield from graph.shared(only(node, site_url) for node in self.pieces.shared(fresh))

    def alone(self, id: str) -> Iterator[str]:
        """One live entry as a graph of its own, with the names of the entries that it refers to; empty when gone."""
        return (said for _, said in self.each([id], Measures.ALL))

    def each(self, ids: Iterable[str], measures: Measures = Measures.SCORE) -> Iterator[tuple[str, str]]:
        """Live entries, each by its id as a graph of its own; those that are gone are left out."""
        return ((one.id, one.lines()) for one in self.graphs(ids, measures))

    def graphs(self, ids: Iterable[str], measures: Measures = Measures.SCORE) -> Iterator["OwnGraph"]:
        """The same, each before it is joined."""
        found, site_url = self.pieces.of(ids), self.minted_at()
        leading = self.pieces.references(piece.id for piece in found)
        nodes = self.pieces.nodes({key for piece in found for key in piece.shared})
        mentioned = self.entries.with_iris({one.target for some in leading.values() for one in some})
        originals = self._originals(found)
        for piece in found:
            led = leading.get(piece.id, [])
            others = sorted({one.target for one in led} - {piece.iri} & mentioned.keys())
            yield OwnGraph(
                piece=piece,
                led=led,
                relation=relation(piece, originals),
                nodes=[nodes[key] for key in sorted(piece.shared) if key in nodes],
                mentioned=[mentioned[iri] for iri in others],
                site_url=site_url,
                measures=measures,
            )

    def _originals(self, pieces: Iterable[Piece]) -> dict[str, str]:
        """By id, of datasets that are the same as another one which counts in its place, the IRI of that one
        (`catalogue.ingest.twins`)."""
        return self.copies.originals(piece.id for piece in pieces if piece.kind == "dataset")


class OwnGraph(NamedTuple):
    """One entry, with everything that its own graph is joined of."""

    piece: Piece
    led: list[Reference]
    """Where it leads."""
    relation: str
    nodes: list[str]
    mentioned: list[EntryRow]
    """The entries to which it leads."""
    site_url: str
    measures: Measures

    @property
    def id(self) -> str:
        """The id of the entry."""
        return self.piece.id

    @property
    def made_of(self) -> tuple[object, ...]:
        """What makes another graph when it is another one."""
        versions = [one.version for one in self.mentioned]
        return (self.piece, self.led, self.relation, self.nodes, versions, self.site_url, self.measures)

    def lines(self) -> str:
        """The graph, as N-Triples."""
        graph, piece = Graph(), self.piece
        said = [graph.own(piece), lines((*piece.references, *self.led)), self.relation]
        briefs = ["".join(own_and_shared(brief(one))) for one in self.mentioned]
        said += graph.shared([*self.nodes, *briefs])
        return without("".join(said), self.site_url, self.measures)


def relation(piece: Piece, originals: dict[str, str]) -> str:
    """That a dataset is related to the one that counts in its place."""
    line = link(piece.iri, "dct:relation", originals[piece.id]) if piece.id in originals else ""
    return "" if line in piece.own else line


def brief(row: EntryRow) -> Node:
    """As much of an entry as the profile demands of one that is mentioned."""
    entry = row.entry
    if isinstance(entry, Dataset):
        return Dataset(iri=entry.iri, title=entry.title, description=entry.description, identifier=entry.identifier)
    return DatasetSeries(iri=entry.iri, title=entry.title, description=entry.description)


def lines(references: Iterable[Reference]) -> str:
    """References as N-Triples, each once."""
    return "".join(link(one.subject, PROPERTIES[one.property], one.target) for one in dict.fromkeys(references))


def membership(piece: Piece, site_url: str) -> str:
    """What the catalogue says of an entry: that it is in it, and where its record is, if it has one."""
    catalog, record = f"{site_url}/catalog", f"{site_url}/id/record/{piece.id}"
    listed = link(catalog, MEMBERSHIP[piece.kind], piece.iri)
    return listed + link(catalog, "dcat:record", record) if piece.kind in DATA else listed


def link(subject: str, property: str, target: str) -> str:
    """A triple between two IRIs, which are known to be valid."""
    return rdf.joined([f"<{subject}> <{expand(property)}> <{target}> .\n"])


def _is_dataset(piece: Piece) -> bool:
    """Services and series come first: what they say of themselves counts more than what a dataset says of them."""
    return piece.kind == "dataset"
