"""Numbers read at a glance: outside of a transaction, over connections that are kept for that and nothing else.

Taking a connection out of the pool and giving it back costs more than such a number, and a PostgreSQL that is asked
first whether it is still there, then to begin and to end a transaction, answers four times instead of once."""

from collections import deque
from contextlib import closing, suppress

from sqlalchemy import Engine
from sqlalchemy.pool import PoolProxiedConnection

KEPT = 2
"""Connections; whoever finds all of them in use takes one out of the pool."""


class Glances:
    """What reads such numbers; any number of threads may."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._free: deque[PoolProxiedConnection | None] = deque([None] * KEPT)
        """Places for connections that nobody uses now; None where none is open yet."""

    def read(self, statement: str) -> int:
        """The number that a statement gives. Raises what the driver raises; the next one begins anew."""
        try:
            connection = self._free.pop()
        except IndexError:
            with closing(self._engine.raw_connection()) as pooled:
                return _number(pooled, statement)
        try:
            connection = connection or self._opened()
            number = _number(connection, statement)
        except BaseException:
            self._free.appendleft(None)
            if connection:
                _close(connection)
            raise
        self._free.append(connection)
        return number

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


def _number(connection: PoolProxiedConnection, statement: str) -> int:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement)
        return int(cursor.fetchall()[0][0])


def _close(connection: PoolProxiedConnection) -> None:
    """Closes it itself: the pool would first undo what was begun, and log that it cannot where the server is away."""
    driver = connection.dbapi_connection
    connection.invalidate()
    with suppress(Exception):  # one that the server closed already
        driver.close()  # type: ignore[union-attr]
