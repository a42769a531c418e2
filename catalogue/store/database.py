"""The one door to the database: opening it, transactions, schema upgrades."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import Any, TypeVar, cast

import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
    StatementError,
)
from sqlalchemy.pool import QueuePool

from .. import disk
from ..errors import SettingsError, Unavailable
from . import damage, troubles, version
from .glances import Glances
from .packing import Damaged

log = structlog.get_logger(__name__)

Transaction = Connection
"""What every function of the store works in; nobody outside the store asks it anything."""

Result = TypeVar("Result")

Hold = Callable[[Transaction], None]
"""Makes sure, in a transaction, that what is done is still ours to do; raises otherwise."""

BUSY_SECONDS = 15
"""How long a writer of SQLite waits for another one."""
PAGE = 16_384
"""Bytes of a page of a new embedded database. What is kept of an entry takes some thousand, so that a page of the usual
four holds one of them and is else empty."""
ATTEMPTS = 4
"""Times a transaction is tried when the database says that another try may help (deadlock, lost connection)."""


class Rejected(Exception):
    """The database refuses a value or a row: the fault is in what was to be written, and trying again will not help."""


class Database:
    """An open database. `read` gives a stable view, `write` the right to change it."""

    def __init__(self, url: str) -> None:
        self._engine = _open(url)
        self._glances = Glances(self._engine)
        self._mark = "?" if self.is_sqlite else "%s"
        """What stands for a value in a statement of its driver."""
        self._place = self._engine.url.database or "" if self.is_sqlite else self._engine.url.render_as_string()
        """Which database it is, for people; without the password."""
        self.hold: Hold = _nobody
        """What each transaction that writes begins with (`fenced`)."""

    @property
    def is_sqlite(self) -> bool:
        """True for the embedded database."""
        return self._engine.dialect.name == "sqlite"

    @property
    def url(self) -> str:
        """Where it is, for a process that is to open it too; with the password."""
        return self._engine.url.render_as_string(hide_password=False)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one moment of the store and changes nothing. Raises `Unavailable`."""
        with _translated(self._place), self._engine.connect() as connection, connection.begin(), _told(connection):
            yield connection

    def glance(self, statement: str, values: Sequence[str] = ()) -> list[Any]:
        """The first column of what a statement of a moment gives, read outside of a transaction, which costs several
        times as much; `{}` in it stands for the list of values. Raises `Unavailable`."""
        asked = statement.format(", ".join([self._mark] * len(values)))
        try:
            return self._glances.read(asked, values)
        except (DBAPIError, self._engine.dialect.loaded_dbapi.Error):  # said in words by a transaction
            with self.read() as tx:
                return list(tx.exec_driver_sql(asked, tuple(values)).scalars())

    @contextmanager
    def write(self, patience: float = BUSY_SECONDS) -> Iterator[Transaction]:
        """A transaction that is kept when the block ends and undone when it raises. Raises `Unavailable`, with the
        embedded database when another one writes for longer than so many seconds."""
        options = {"store_writes": patience} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        with (
            _translated(self._place),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
            _told(connection),
        ):
            self.hold(connection)
            yield connection

    def fenced(self, hold: Hold) -> "Database":
        """The same database for whoever holds a lease: each transaction that writes begins with `hold`, which raises
        when the lease is somebody else's."""
        fenced = copy(self)
        fenced.hold = hold
        return fenced

    def write_again(self, work: Callable[[Transaction], Result]) -> Result:
        """Runs `work` in a write transaction, again after a failure that may pass (F-35): at most `ATTEMPTS` times."""
        for attempt in range(1, ATTEMPTS):
            try:
                with self.write() as tx:
                    return work(tx)
            except Unavailable:
                time.sleep(random.uniform(0.05, 0.2) * 2**attempt)  # noqa: S311 (jitter, no secret)
        with self.write() as tx:
            return work(tx)

    def upgrade(self) -> None:
        """Creates the tables or brings them to this version of the software."""
        with _translated(self._place), self._engine.connect() as connection, connection.begin():
            from .schema import upgrade, versions  # noqa: PLC0415 (only `init` waits for Alembic)

            before, now = versions(connection)
            if before is not None:
                version.refuse_newer(before)
            upgrade(connection)
        if before is not None and before != now:
            self._give_back()

    def schema(self) -> tuple[str | None, str | None]:
        """The schema's version in the database and the one this software needs."""
        from .schema import versions  # noqa: PLC0415 (as above)

        with self.read() as tx:
            return versions(tx)

    def compact(self) -> None:
        """Leaves nothing in the file of the embedded database that was deleted. PostgreSQL does so by itself."""
        if self.is_sqlite:
            self._do("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")

    def _do(self, *statements: str, patience: float = BUSY_SECONDS) -> None:
        """What SQLite does outside of a transaction only."""
        with _translated(self._place), self._engine.connect() as connection:
            raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
            try:
                for statement in (f"PRAGMA busy_timeout = {int(patience * 1000)}", *statements):
                    raw.execute(statement).close()
            except sqlite3.Error as error:
                raise Unavailable(troubles.sentence(error), self._place) from error

    def _give_back(self) -> None:
        """Makes the file as small as what is in it, if it can be done now; it is as well without."""
        try:
            if self.is_sqlite and not self._is_paged():
                self._page_anew()
            else:
                self.compact()
        except Unavailable as error:
            log.warning("schema.room_not_given_back", reason=str(error))

    def _is_paged(self) -> bool:
        with self.read() as tx:
            return int(tx.exec_driver_sql("PRAGMA page_size").scalar_one()) == PAGE

    def _page_anew(self) -> None:
        """Gives a database of before the pages of a new one. While somebody else has it open it keeps its own: SQLite
        changes them only when nothing is written ahead."""
        steps = ("PRAGMA journal_mode = DELETE", f"PRAGMA page_size = {PAGE}", "VACUUM", "PRAGMA journal_mode = WAL")
        try:
            self._do(*steps, patience=1)
        except Unavailable:
            self.compact()

    def close(self) -> None:
        """Gives back all connections."""
        self._glances.close()
        self._engine.dispose()


def _nobody(_tx: Transaction) -> None:
    """Who needs no lease."""


def _open(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _open_sqlite(url, address.database)
        return create_engine(address, isolation_level="REPEATABLE READ", pool_pre_ping=True, max_overflow=-1)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise SettingsError(
            f"database_url: {url.partition('@')[2] or url!r} cannot be opened ({error}). "
            "Use sqlite:///path/to/file or postgresql+psycopg://user:password@host/name."
        ) from error


def _open_sqlite(url: str, file: str | None) -> Engine:
    if not file or file == ":memory:":
        raise SettingsError("database_url: the database must be a file, so that every process sees the same one.")
    _make_folder(Path(file).parent)
    options = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, poolclass=QueuePool, max_overflow=-1, connect_args=options)
    event.listen(engine, "do_connect", lambda *_: _make(Path(file)))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(disk.sentence(error)) from error


def _make(file: Path) -> None:
    """A new database is for its owner alone, as the key is; SQLite makes its other files with the same rights."""
    with suppress(OSError):  # SQLite says what is wrong
        if not file.exists():
            file.touch(mode=0o600)


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = (
        None  # we say BEGIN ourselves: Python's own rule would leave reads outside transactions
    )
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


_PRAGMAS = (
    f"page_size = {PAGE}",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "temp_store = MEMORY",
)
"""The first is for a new file, and must come before it is one."""


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: one that first reads and then writes cannot wait for another, it fails.
    patience = connection.get_execution_options().get("store_writes")
    if patience is not None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience * 1000)}")
    connection.exec_driver_sql("BEGIN" if patience is None else "BEGIN IMMEDIATE")


@contextmanager
def _told(connection: Connection) -> Iterator[None]:
    """A packed value that is damaged, as `Unavailable` that names its row."""
    try:
        yield
    except Damaged as error:
        raise Unavailable(damage.sentence(connection, error.value)) from error


@contextmanager
def _translated(place: str) -> Iterator[None]:
    """Failures of the database that are nobody's fault here, as `Unavailable`."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        if "no such table" in str(error.orig) or type(error.orig).__name__ == "UndefinedTable":
            raise SettingsError(version.NONE) from error
        if "no such column" in str(error.orig) or type(error.orig).__name__ == "UndefinedColumn":
            raise SettingsError(
                "The tables are of an older version. Bring them up to date with: datastore init"
            ) from error
        if isinstance(error, ProgrammingError):
            raise Rejected(str(error.orig)) from error
        raise Unavailable(troubles.sentence(error.orig), place) from error
    except InterfaceError as error:
        raise Unavailable(troubles.sentence(error.orig), place) from error
    except DBAPIError as error:
        if troubles.is_damage(error.orig):
            raise Unavailable(troubles.sentence(error.orig), place) from error
        if error.connection_invalidated:
            raise Unavailable("The connection to the database was lost.") from error
        raise Rejected(str(error.orig)) from error
    except (StatementError, UnicodeError, OverflowError) as error:
        raise Rejected(str(error)) from error
