"""The nodes of a long document, beside memory: in a database without a name, which is gone with the graph.

In memory they take seven times what they take in a document: 164 MB of a feed of 22 MB. Whoever cuts records out of it
needs a few of them at a time.
"""

import sqlite3
import weakref
from collections.abc import ItemsView, Iterable, Iterator, MutableMapping, ValuesView
from functools import lru_cache, partial
from typing import Any, NoReturn

import msgspec

from .graph import Graph, Literal, Statements

Packed = tuple[str, bytes]
"""A node and what is said of it, as MessagePack."""

AT_ONCE = 500
"""Nodes that are handed on together."""

TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -8192;
CREATE TABLE nodes (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, said BLOB NOT NULL);
BEGIN;
"""
"""Nothing need outlive the process, and at most 8 MB of it stand in memory."""

decode = msgspec.msgpack.Decoder(dict[str, list[str | Literal]]).decode


class KeptGraph(Graph):
    """A graph that was read and is not changed any more. Its nodes are `put` into it."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        super().__init__()
        self.nodes = self._kept = _KeptNodes()

    def put(self, nodes: Iterable[Packed]) -> None:
        """Takes more nodes, each once. Raises `sqlite3.Error` when there is no room for them."""
        self._kept.put(nodes)

    def saying(self, *properties: str) -> Iterator[tuple[str, Statements]]:
        """As of any graph; nodes that cannot have them are not unpacked."""
        for name, statements in self._kept.holding(*properties):
            if not statements.keys().isdisjoint(properties):
                yield name, statements


class _KeptNodes(MutableMapping[str, Statements]):
    """Node → what is said of it, in the order in which they came."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(TABLES)
        self._said = lru_cache(maxsize=512)(partial(_said, self._database))
        """Nodes that were asked for last: a record is made of few, and the next one names the same agents."""
        weakref.finalize(self, self._database.close)

    def put(self, nodes: Iterable[Packed]) -> None:
        """Takes more nodes."""
        self._database.executemany("INSERT INTO nodes (name, said) VALUES (?, ?)", nodes)

    def holding(self, *texts: str) -> Iterator[tuple[str, Statements]]:
        """The nodes of which something is said with one of these texts in it; all without."""
        where = " OR ".join("instr(said, ?)" for _ in texts) or "true"
        query = f"SELECT name, said FROM nodes WHERE {where} ORDER BY number"  # noqa: S608 (nothing of anybody's in it)
        rows = self._database.execute(query, [text.encode() for text in texts])
        for name, said in rows:  # a generator of ours, which keeps the nodes for as long as it is read
            yield name, decode(said)

    def items(self) -> ItemsView[str, Statements]:
        """Each node with what is said of it."""
        return _Items(self)

    def values(self) -> ValuesView[Statements]:
        """What is said of each node."""
        return _Values(self)

    def __getitem__(self, name: str) -> Statements:
        if (found := self._said(name)) is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._said(name) is not None

    def __iter__(self) -> Iterator[str]:
        for (name,) in self._database.execute("SELECT name FROM nodes ORDER BY number"):
            yield name

    def __len__(self) -> int:
        (count,) = self._database.execute("SELECT count(*) FROM nodes").fetchone()
        return int(count)

    def __setitem__(self, name: str, statements: Statements) -> NoReturn:
        raise TypeError(_FIXED)

    def __delitem__(self, name: str) -> NoReturn:
        raise TypeError(_FIXED)

    def setdefault(self, *_: Any) -> NoReturn:
        """What it gave would be a copy: what is added to it would be lost."""
        raise TypeError(_FIXED)


_FIXED = "What was read of a long document is not changed any more."


def _said(database: sqlite3.Connection, name: str) -> Statements | None:
    row = database.execute("SELECT said FROM nodes WHERE name = ?", (name,)).fetchone()
    return decode(row[0]) if row else None


class _Items(ItemsView[str, Statements]):
    """Read in one go, and not node by node."""

    def __init__(self, nodes: _KeptNodes) -> None:
        super().__init__(nodes)
        self._nodes = nodes

    def __iter__(self) -> Iterator[tuple[str, Statements]]:
        yield from self._nodes.holding()


class _Values(ValuesView[Statements]):
    """The same."""

    def __init__(self, nodes: _KeptNodes) -> None:
        super().__init__(nodes)
        self._nodes = nodes

    def __iter__(self) -> Iterator[Statements]:
        for _, statements in self._nodes.holding():
            yield statements
