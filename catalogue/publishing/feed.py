"""The stored pieces joined into one graph: every entry as a member of the catalogue, every node described once.

Some things can only be said when entries meet. A reference from one entry to another is said where the other one is
described, so that none leads outside, whoever comes, goes or returns. A dataset is called high-value where a service
gives it, and leads to the services that serve it. And a node of which two entries say different things keeps what was
said first, since the profile allows one licence, one publisher, one text in a language, however many sources there are.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from sys import intern

from dcat import rdf
from dcat.model import Dataset, DatasetSeries, Node, references
from dcat.namespaces import RDF_TYPE, expand
from dcat.write import Reference, own_and_shared

from ..service import Catalogue
from ..store.rows import EntryRow, Piece
from .service_access import Doors

MEMBERSHIP = {"dataset": "dcat:dataset", "service": "dcat:service", "series": "dcat:resource"}
"""How the catalogue names each kind of entry. The profile has no property for series; `dcat:resource` is DCAT 3's."""
BATCH = 100
"""Pieces whose shared nodes are asked for together."""
PROPERTIES = {name: property.curie for name, property in references().items()}
"""The property of each kind of reference."""


def whole(catalogue: Catalogue, site_url: str) -> Iterator[str]:
    """The description of the catalogue and everything in it, as N-Triples, an entry at a time."""
    return joined(catalogue, catalogue.pieces_by_kind(), site_url)


def joined(catalogue: Catalogue, pieces: Iterable[Piece], site_url: str, *, changes: bool = False) -> Iterator[str]:
    """A description of the catalogue and some pieces as one graph: memory holds names of nodes and a few pieces.

    With `changes`, for a reader who has the rest of the catalogue already, references lead to all of it.
    """
    graph, doors = _Graph(), Doors(catalogue, site_url)
    yield from graph.shared(["".join(own_and_shared(catalogue.catalog()))])
    known: set[int] = set()
    waiting = iter(pieces)
    while batch := list(islice(waiting, BATCH)):
        leading = [one for piece in batch for one in piece.references]
        if changes:
            leading += chain.from_iterable(catalogue.references(piece.id for piece in batch).values())
        said = (membership(piece, site_url) + graph.own(piece) for piece in sorted(batch, key=_is_dataset))
        yield "".join((*said, lines(leading), *relations(catalogue, batch)))
        yield from graph.shared(doors.described(batch, graph.entries))
        yield "".join(link(piece.iri, "dcat:distribution", node) for piece in batch for node in doors.to(piece))
        fresh = {key for piece in batch for key in piece.shared} - known
        known |= fresh
        yield from graph.shared(catalogue.shared(fresh))


def alone(catalogue: Catalogue, id: str) -> Iterator[str]:
    """One live entry as a graph of its own, with the names of the entries that it refers to; empty when it is gone."""
    graph = _Graph()
    leading = catalogue.references([id]).get(id, [])
    for piece in catalogue.pieces_of([id]):
        yield graph.own(piece)
        yield "".join((lines((*piece.references, *leading)), *relations(catalogue, [piece])))
        yield from graph.shared(catalogue.shared(piece.shared))
    for row in catalogue.entries_by_iri({one.target for one in leading} - graph.entries).values():
        yield from graph.shared(["".join(own_and_shared(brief(row)))])


def brief(row: EntryRow) -> Node:
    """As much of an entry as the profile demands of one that is mentioned."""
    entry = row.entry
    if isinstance(entry, Dataset):
        return Dataset(iri=entry.iri, title=entry.title, description=entry.description, identifier=entry.identifier)
    return DatasetSeries(iri=entry.iri, title=entry.title, description=entry.description)


class _Graph:
    """What was said so far."""

    def __init__(self) -> None:
        self.entries: set[str] = set()
        """IRIs of the entries."""
        self._described: set[str] = set()
        """Subjects that are entries, or own nodes of entries that others could describe too."""
        self._nodes: dict[str, dict[str, int]] = {}
        """What was said of shared nodes: by subject the properties (and classes), each with the node that said it."""
        self._count = 0

    def own(self, piece: Piece) -> str:
        """The lines of an entry, without what was said before of its nodes."""
        text = piece.own
        if piece.pending and any(one.property == "serves_dataset" for one in piece.references):
            text += piece.pending
        subjects = {f"<{iri}>" for iri in (piece.iri, *piece.named)}
        known = {subject for subject in subjects if subject in self._described or subject in self._nodes}
        if known:
            text = "".join(line for line in _split(text) if self._is_new(line, known))
        self.entries.add(piece.iri)
        self._described |= subjects
        return text

    def _is_new(self, line: str, known: set[str]) -> bool:
        subject, what = _cut(line)
        if subject not in known or what.startswith(_FREE):
            return True
        return subject not in self._described and what not in self._nodes[subject]

    def shared(self, nodes: Iterable[str]) -> Iterator[str]:
        """The lines of nodes: for each property of a subject, those of the first node that has it."""
        for text in nodes:
            self._count += 1
            yield "".join(line for line in _split(text) if self._is_first(line))

    def _is_first(self, line: str) -> bool:
        subject, what = _cut(line)
        if subject in self._described and not what.startswith(_TYPE if subject[1:-1] in self.entries else _FREE):
            return False
        return self._nodes.setdefault(subject, {}).setdefault(what, self._count) == self._count


_TYPE = f"<{RDF_TYPE}>"
_FREE = (_TYPE, f"<{expand('dcatap:applicableLegislation')}>")
"""Properties of which everybody's values are true together. Under which law an entry is, it says itself: whoever calls
a service high-value says more of it than that one line."""


def _split(text: str) -> Iterator[str]:
    """The lines of a text, ends included; not `splitlines`, which knows other ends as well."""
    return (f"{line}\n" for line in text.split("\n")[:-1])


def _cut(line: str) -> tuple[str, str]:
    """Subject and property of a line; with the object where values of several count."""
    subject, rest = line.split(" ", 1)
    return subject, intern(rest if rest.startswith(_FREE) else rest[: rest.index(" ")])


def lines(references: Iterable[Reference]) -> str:
    """References as N-Triples, each once."""
    return "".join(link(one.subject, PROPERTIES[one.property], one.target) for one in dict.fromkeys(references))


def relations(catalogue: Catalogue, pieces: Iterable[Piece]) -> Iterator[str]:
    """That datasets are related to those that are the same and count in their place (`catalogue.ingest.twins`)."""
    datasets = {piece.id: piece for piece in pieces if piece.kind == "dataset"}
    for id, original in sorted(catalogue.copies(datasets).items()):
        line = link(datasets[id].iri, "dct:relation", original)
        if line not in datasets[id].own:
            yield line


def membership(piece: Piece, site_url: str) -> str:
    """What the catalogue says of an entry: that it is in it, and where its record is."""
    catalog, record = f"{site_url}/catalog", f"{site_url}/id/record/{piece.id}"
    return link(catalog, MEMBERSHIP[piece.kind], piece.iri) + link(catalog, "dcat:record", record)


def link(subject: str, property: str, target: str) -> str:
    """A triple between two IRIs, which are known to be valid."""
    return rdf.joined([f"<{subject}> <{expand(property)}> <{target}> .\n"])


def _is_dataset(piece: Piece) -> bool:
    """Services and series come first: what they say of themselves counts more than what a dataset says of them."""
    return piece.kind == "dataset"
