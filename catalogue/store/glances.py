"""Short answers read at a glance: outside of a transaction, over connections that are kept for that and nothing else.

Taking a connection out of the pool and giving it back costs more than such an answer, and a PostgreSQL that is asked
first whether it is still there, then to begin and to end a transaction, answers four times instead of once."""

from collections import deque
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.pool import PoolProxiedConnection

KEPT = 2
"""Connections; whoever finds all of them in use takes one out of the pool."""


class Glances:
    """What reads them; any number of threads may."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._free: deque[PoolProxiedConnection | None] = deque([None] * KEPT)
        """Places for connections that nobody uses now; None where none is open yet."""

    def read(self, statement: str, values: Sequence[str] = ()) -> list[Any]:
        """The first column of what a statement gives, in which the driver's marks stand for values. Raises what the
        driver raises; the next one begins anew."""
        try:
            connection = self._free.pop()
        except IndexError:
            with closing(self._engine.raw_connection()) as pooled:
                return _column(pooled, statement, values)
        try:
            connection = connection or self._opened()
            column = _column(connection, statement, values)
        except BaseException:
            self._free.appendleft(None)
            if connection:
                _close(connection)
            raise
        self._free.append(connection)
        return column

    def close(self) -> None:
        """Gives the connections back."""
        for place, connection in enumerate(self._free):
            if connection:
                self._free[place] = None
                _close(connection)

    def _opened(self) -> PoolProxiedConnection:
        connection = self._engine.raw_connection()
        connection.detach()
        if self._engine.dialect.name != "sqlite":  # there, each statement is one by itself already
            connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]
        return connection


def _column(connection: PoolProxiedConnection, statement: str, values: Sequence[str]) -> list[Any]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def _close(connection: PoolProxiedConnection) -> None:
    """Closes it itself: the pool would first undo what was begun, and log that it cannot where the server is away."""
    driver = connection.dbapi_connection
    connection.invalidate()
    with suppress(Exception):  # one that the server closed already
        driver.close()  # type: ignore[union-attr]
