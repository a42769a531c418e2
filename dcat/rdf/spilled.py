"""The nodes of a long document while it is parsed: those that are done are put aside, into a database without a name.

The parser hands out statements in the order of the document, and most documents say what they say of a node in one
place. So a few nodes are in memory, and some that the document comes back to, such as a publisher that each dataset
describes.
"""

import sqlite3
from collections.abc import ItemsView, Iterator, MutableMapping, ValuesView

import msgspec

from .graph import Graph, Literal, Statements
from .kept import AT_ONCE, TABLES, Packed, decode
from .references import MARK, Reference

AGAIN = 2_000
"""Nodes in memory that the document came back to: the publishers and places of most feeds."""

_encode = msgspec.msgpack.Encoder().encode


class SpilledGraph(Graph):
    """A graph that is being filled, and whose nodes are looked at one after the other when it is."""

    __slots__ = ("_spilled",)

    def __init__(self) -> None:
        super().__init__()
        self.nodes = self._spilled = _SpilledNodes()

    def packed(self) -> Iterator[list[Packed]]:
        """The nodes in their order, some at a time."""
        return self._spilled.packed()


class _SpilledNodes(MutableMapping[str, Statements]):
    """Node → what is said of it. What `setdefault`, `items` and `values` give may be changed until they give the next
    one; anything else gives copies."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(TABLES)
        self._fresh: dict[str, Statements] = {}
        """Those that were not put aside yet."""
        self._again: dict[str, Statements] = {}
        """Those that were, and that more was said of since."""

    def setdefault(self, name: str, default: Statements | None = None) -> Statements:
        """What is said of a node, to be added to."""
        if (found := self._fresh.get(name)) is None and (found := self._again.get(name)) is None:
            if (found := self._aside(name)) is not None:
                if len(self._again) >= AGAIN:
                    self._put_all_aside()
                self._again[name] = found
            else:
                if len(self._fresh) >= AT_ONCE:
                    self._put_aside()
                found = self._fresh[name] = {} if default is None else default
        return found

    def packed(self) -> Iterator[list[Packed]]:
        """The nodes in their order, some at a time."""
        for rows in self._rows():
            yield [(name, said) for _, name, said in rows]

    def changing(self) -> Iterator[tuple[str, Statements]]:
        """Each node with what is said of it, which may be changed until the next one is asked for."""
        for rows in self._rows():
            for number, name, said in rows:
                statements = _read(said)
                yield name, statements
                if (now := _encode(statements)) != said:
                    self._database.execute("UPDATE nodes SET said = ? WHERE number = ?", (now, number))

    def items(self) -> ItemsView[str, Statements]:
        """Each node with what is said of it."""
        return _Items(self)

    def values(self) -> ValuesView[Statements]:
        """What is said of each node."""
        return _Values(self)

    def __getitem__(self, name: str) -> Statements:
        self._put_all_aside()
        if (found := self._aside(name)) is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        self._put_all_aside()
        return isinstance(name, str) and self._aside(name) is not None

    def __iter__(self) -> Iterator[str]:
        return (name for rows in self._rows() for _, name, _ in rows)

    def __len__(self) -> int:
        self._put_all_aside()
        return int(self._database.execute("SELECT count(*) FROM nodes").fetchone()[0])

    def __setitem__(self, name: str, statements: Statements) -> None:
        kept = self.setdefault(name)
        kept.clear()
        kept.update(statements)

    def __delitem__(self, name: str) -> None:
        self._put_all_aside()
        if not self._database.execute("DELETE FROM nodes WHERE name = ?", (name,)).rowcount:
            raise KeyError(name)

    def _rows(self) -> Iterator[list[tuple[int, str, bytes]]]:
        self._put_all_aside()
        query, last = f"SELECT number, name, said FROM nodes WHERE number > ? ORDER BY number LIMIT {AT_ONCE}", 0  # noqa: S608
        while rows := self._database.execute(query, (last,)).fetchall():
            yield rows
            last = rows[-1][0]

    def _aside(self, name: str) -> Statements | None:
        row = self._database.execute("SELECT said FROM nodes WHERE name = ?", (name,)).fetchone()
        return _read(row[0]) if row else None

    def _put_aside(self) -> None:
        rows = [(name, _encode(statements)) for name, statements in self._fresh.items()]
        self._database.executemany("INSERT INTO nodes (name, said) VALUES (?, ?)", rows)
        self._fresh.clear()

    def _put_all_aside(self) -> None:
        if self._fresh:
            self._put_aside()
        if self._again:
            rows = [(_encode(statements), name) for name, statements in self._again.items()]
            self._database.executemany("UPDATE nodes SET said = ? WHERE name = ?", rows)
            self._again.clear()


def _read(said: bytes) -> Statements:
    statements = decode(said)
    if MARK.encode() in said:  # there may be references among its values
        for values in statements.values():
            values[:] = [_as_it_was(value) for value in values]
    return statements


def _as_it_was(value: str | Literal) -> str | Literal:
    is_reference = isinstance(value, Literal) and value.lang == MARK
    return Reference(value.value, MARK, value.datatype) if is_reference else value  # type: ignore[union-attr]


class _Items(ItemsView[str, Statements]):
    """Read in one go, and not node by node."""

    def __init__(self, nodes: _SpilledNodes) -> None:
        super().__init__(nodes)
        self._nodes = nodes

    def __iter__(self) -> Iterator[tuple[str, Statements]]:
        return self._nodes.changing()


class _Values(ValuesView[Statements]):
    """The same."""

    def __init__(self, nodes: _SpilledNodes) -> None:
        super().__init__(nodes)
        self._nodes = nodes

    def __iter__(self) -> Iterator[Statements]:
        return (statements for _, statements in self._nodes.changing())
