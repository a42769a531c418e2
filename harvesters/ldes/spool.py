"""What holds of each object, kept beside memory: in a database without a name, which is gone when it is closed."""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import NamedTuple

from dcat import rdf
from dcat.namespaces import RDF_TYPE, expand
from dcat.rdf import ENTRY_CLASSES, Graph, Term, is_blank

from .members import Change, name_of

MOST_MARKS = 1000
"""Changes of one moment that are remembered one by one."""

_ACCESS_SERVICE = expand("dcat:accessService")
_N_TRIPLES = "application/n-triples"

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -4096;
CREATE TABLE objects (name TEXT PRIMARY KEY, time TEXT NOT NULL, kind TEXT NOT NULL, payload BLOB NOT NULL);
CREATE TABLE latest (mark TEXT PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""
"""Of one run and of no other: nothing need outlive the process, and at most 4 MB of it stand in memory."""

_PUT = """
INSERT INTO objects (name, time, kind, payload) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
SET time = excluded.time, kind = excluded.kind, payload = excluded.payload WHERE excluded.time >= time
"""


class Held(NamedTuple):
    """An object as the latest change left it."""

    name: str
    kind: str
    """Of an entry (`dataset`, `series`, `service`); empty for what entries are made of."""
    is_there: bool
    """False when it was deleted."""


class Spool:
    """The latest state of every object of a stream, in whichever order its changes came."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)
        self._count = 0
        self.latest = ""
        """The time of the latest change."""

    def close(self) -> None:
        """Gives the room back."""
        self._database.close()

    def put(self, change: Change) -> None:
        """Takes a change, unless a later one is known; of two at one moment the one that came last."""
        self._count += 1
        body = zlib.compress(rdf.ntriples(self._relabelled(change)).encode(), 1) if change.payload else b""
        self._database.execute(_PUT, (change.object, change.time, _kind(change), body))

    def mark(self, change: Change) -> None:
        """Notes what changed at the latest moment, of which more may come."""
        if change.time > self.latest:
            self.latest = change.time
            self._database.execute("DELETE FROM latest")
        if change.time and change.time == self.latest:
            self._database.execute("INSERT OR IGNORE INTO latest VALUES (?)", (name_of(change),))

    def marks(self) -> str:
        """What changed at the latest moment, in order; of very much only what tells it from other."""
        (count,) = self._database.execute("SELECT count(*) FROM latest").fetchone()
        names = (name for (name,) in self._database.execute("SELECT mark FROM latest ORDER BY mark"))
        return " ".join(names) if count <= MOST_MARKS else _digest(names)

    def objects(self) -> Iterator[Held]:
        """Every object, in the order in which they came first."""
        rows = self._database.execute("SELECT name, kind, length(payload) > 0 FROM objects ORDER BY rowid")
        return (Held(name, kind, bool(is_there)) for name, kind, is_there in rows)

    def has(self, name: str) -> bool:
        """True for an object that changed."""
        return self._database.execute("SELECT 1 FROM objects WHERE name = ?", (name,)).fetchone() is not None

    def entry(self, held: Held) -> tuple[bytes, str]:
        """An entry with everything that it is made of, as sorted N-Triples, and when any of it changed last."""
        graph, latest, seen = Graph(), "", {held.name}
        waiting = [self._read(held.name)]
        while waiting:
            time, said = waiting.pop()
            latest = max(latest, time)
            for subject, predicate, value in said.triples():
                graph.add(subject, predicate, value)
                if isinstance(value, str) and value not in seen and self._belongs(predicate, value):
                    seen.add(value)
                    waiting.append(self._read(value))
        return rdf.subgraph(graph, held.name, held.kind), latest

    def is_whole(self, name: str) -> bool:
        """True for an entry whose files are all described with it."""
        _, graph = self._read(name)
        return all(str(file) in graph for file in graph.objects(name, expand("dcat:distribution")))

    def _belongs(self, predicate: str, value: str) -> bool:
        """True for an object of its own that an entry is made of: a file, an agent, the service that gives a file."""
        found = self._database.execute("SELECT kind FROM objects WHERE name = ? AND length(payload) > 0", (value,))
        row = found.fetchone()
        return row is not None and (not row[0] or predicate == _ACCESS_SERVICE)

    def _read(self, name: str) -> tuple[str, Graph]:
        """When an object changed last, and what has been said of it since."""
        time, body = self._database.execute("SELECT time, payload FROM objects WHERE name = ?", (name,)).fetchone()
        return time, rdf.parse(zlib.decompress(body), _N_TRIPLES)

    def _relabelled(self, change: Change) -> Iterator[tuple[str, str, Term]]:
        """With blank nodes that no other payload has."""
        for subject, predicate, value in change.payload:
            yield self._label(subject), predicate, self._label(value) if isinstance(value, str) else value

    def _label(self, term: str) -> str:
        return f"_:m{self._count}x{term[2:]}" if is_blank(term) else term


def _digest(names: Iterable[str]) -> str:
    digest = blake2b(digest_size=16)
    for name in names:
        digest.update(name.encode())
    return digest.hexdigest()


def _kind(change: Change) -> str:
    own = (value for subject, predicate, value in change.payload if (subject, predicate) == (change.object, RDF_TYPE))
    kinds = {ENTRY_CLASSES[type] for type in own if isinstance(type, str) and type in ENTRY_CLASSES}
    return next((kind for kind in ("series", "service", "dataset") if kind in kinds), "")
