"""What holds of each object, kept beside memory: the payloads in a file that has no name, their places here."""

import tempfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from dcat import rdf
from dcat.namespaces import RDF_TYPE, expand
from dcat.rdf import ENTRY_CLASSES, Graph, Term, is_blank

from .members import Change

_ACCESS_SERVICE = expand("dcat:accessService")
_N_TRIPLES = "application/n-triples"


class _Place(NamedTuple):
    time: str
    at: int
    length: int
    """0 for what is deleted."""
    kind: str
    """Of an entry (`dataset`, `series`, `service`); empty for what entries are made of."""


class Spool:
    """The latest state of every object of a stream, in whichever order its changes came."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the spool)
        self._places: dict[str, _Place] = {}
        self._count = 0

    def close(self) -> None:
        """Gives the room back."""
        self._file.close()

    def put(self, change: Change) -> None:
        """Takes a change, unless a later one is known; of two at one moment the one that came last."""
        known = self._places.get(change.object)
        if known is not None and known.time > change.time:
            return
        body, kind = b"", ""
        if change.payload:
            self._count += 1
            body = zlib.compress(rdf.ntriples(self._relabelled(change)).encode(), 1)
            kind = _kind(change)
        at = self._file.seek(0, 2)
        self._file.write(body)
        self._places[change.object] = _Place(change.time, at, len(body), kind)

    def objects(self) -> Iterator[tuple[str, str, bool]]:
        """Every object with its kind, and whether it is there still."""
        return ((name, place.kind, bool(place.length)) for name, place in self._places.items())

    def entry(self, name: str) -> tuple[bytes, str]:
        """An entry with everything that it is made of, as sorted N-Triples, and when any of it changed last."""
        graph, latest = Graph(), ""
        waiting, seen = [name], {name}
        while waiting:
            here = waiting.pop()
            place = self._places[here]
            latest = max(latest, place.time)
            for subject, predicate, value in self._read(place).triples():
                graph.add(subject, predicate, value)
                if isinstance(value, str) and value not in seen and self._belongs(predicate, value):
                    seen.add(value)
                    waiting.append(value)
        return rdf.subgraph(graph, name, self._places[name].kind), latest

    def is_whole(self, name: str) -> bool:
        """True for an entry whose files are all described with it."""
        graph = self._read(self._places[name])
        return all(str(file) in graph for file in graph.objects(name, expand("dcat:distribution")))

    def _belongs(self, predicate: str, value: Term) -> bool:
        """True for an object of its own that an entry is made of: a file, an agent, the service that gives a file."""
        place = self._places.get(str(value))
        return place is not None and place.length > 0 and (not place.kind or predicate == _ACCESS_SERVICE)

    def _read(self, place: _Place) -> Graph:
        self._file.seek(place.at)
        return rdf.parse(zlib.decompress(self._file.read(place.length)), _N_TRIPLES)

    def _relabelled(self, change: Change) -> Iterator[tuple[str, str, Term]]:
        """With blank nodes that no other payload has."""
        for subject, predicate, value in change.payload:
            yield self._label(subject), predicate, self._label(value) if isinstance(value, str) else value

    def _label(self, term: str) -> str:
        return f"_:m{self._count}x{term[2:]}" if is_blank(term) else term


def _kind(change: Change) -> str:
    own = (value for subject, predicate, value in change.payload if (subject, predicate) == (change.object, RDF_TYPE))
    kinds = {ENTRY_CLASSES[type] for type in own if isinstance(type, str) and type in ENTRY_CLASSES}
    return next((kind for kind in ("series", "service", "dataset") if kind in kinds), "")
