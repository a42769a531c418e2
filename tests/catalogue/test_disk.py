"""Days on which the machine refuses: a full disk, a lock of somebody else, no right, a damaged file (F-34, F-35).

Each is told in a sentence with what to do, never as a fault of ours, and what was saved before is whole.
"""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import environment, invoke
from loopback import Answer, Server, pages, running
from sqlalchemy import text

from benchmarks.feeds import feed
from catalogue import disk
from catalogue.errors import Unavailable, for_operators
from catalogue.indexing.turns import Turns
from catalogue.search.base import SearchUnavailable
from catalogue.search.embedded.index import EmbeddedIndex
from catalogue.store import troubles
from catalogue.store.database import Database

NO_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
"""The superuser without what makes it one."""
ROOM = 800_000
SMALL_FILES = ("prlimit", f"--fsize={ROOM}")
"""A disk on which files have no more room than that: writing beyond fails as on a full one."""


@pytest.fixture(scope="module")
def agency() -> Iterator[Server]:
    with running(
        pages({"/few": Answer(feed(3, "ttl"), "text/turtle"), "/many": Answer(feed(200, "ttl"), "text/turtle")})
    ) as server:
        yield server


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, agency: Server) -> Path:
    """A catalogue with three datasets, and a source of two hundred that was never harvested."""
    folder = tmp_path_factory.mktemp("made")
    invoke(folder, "init")
    for name in ("few", "many"):
        invoke(folder, "source", "add", agency.url(f"/{name}"), "--kind", "dcat", "--title", name)
    invoke(folder, "harvest", "few")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """The same for one test."""
    shutil.copytree(made / "var", tmp_path / "var")
    return tmp_path


def told(folder: Path, prefix: tuple[str, ...], *arguments: str) -> str:
    """What a command says that does not work, on a machine with less."""
    if prefix and not shutil.which(prefix[0]):
        pytest.skip(f"needs {prefix[0]} (util-linux)")
    command = [*prefix, sys.executable, "-m", "catalogue", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=120, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "fault of Datastore" not in said
    assert "Traceback" not in said
    return said


def test_a_full_disk_is_told_and_what_was_saved_is_whole(folder: Path) -> None:
    said = told(folder, SMALL_FILES, "harvest", "many")
    assert "The database cannot be used: its disk" in said
    assert "Make room" in said
    assert str(folder) not in said  # it is in the report of the run, which is public
    with sqlite3.connect(folder / "var" / "catalogue.sqlite") as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()
    assert "200 new" in invoke(folder, "harvest", "many")[0]


def test_a_database_without_room_is_told(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path}/full.sqlite")
    with opened.write() as tx:
        tx.execute(text("CREATE TABLE notes (note TEXT)"))
        tx.execute(text("PRAGMA max_page_count = 3"))
    with pytest.raises(Unavailable, match=r"The database cannot be used: no room is left on its disk\. Make room"):
        write(opened, "x" * 100_000)
    opened.close()


def write(opened: Database, note: str) -> None:
    with opened.write() as tx:
        tx.execute(text("INSERT INTO notes VALUES (:note)"), {"note": note})


def test_a_lock_of_another_program_is_told(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path}/locked.sqlite")
    other = sqlite3.connect(tmp_path / "locked.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="another program has kept it locked all the while"), opened.write(0.01):
        pytest.fail("the lock is somebody else's")
    other.execute("ROLLBACK")
    other.close()
    with opened.write(0.01):
        pass
    opened.close()


@pytest.mark.parametrize(("mode", "what"), [(0o400, "it can only be read here"), (0o000, "it cannot be opened")])
def test_a_database_that_may_not_be_written_or_read_is_told(folder: Path, mode: int, what: str) -> None:
    file = folder / "var" / "catalogue.sqlite"
    for left in file.parent.glob("catalogue.sqlite-*"):
        left.unlink()
    file.chmod(mode)
    said = told(folder, NO_RIGHTS, "harvest", "few")
    assert f"The database cannot be used: {what}" in said
    assert f"It is {file}." in said
    assert "he user that runs Datastore" in said


def test_an_index_that_may_not_be_written_is_told(folder: Path) -> None:
    (folder / "var" / "search" / "LOCK").chmod(0)
    assert "var/search/LOCK cannot be read or written: this user has no right to it" in told(
        folder, NO_RIGHTS, "index", "rebuild"
    )


@pytest.mark.against("F-34")
def test_a_disk_that_is_full_cuts_off_nobody_who_was_erased(folder: Path) -> None:
    """The list of them has grown to where a file has no more room, but for the beginning of a line."""
    invoke(folder, "erase", "Godelieve Vandersmissen")
    file = folder / "var" / "erased.list"
    file.write_text("".join(f"name 2 {n:064x}\n" for n in range(11_110)) + f"name 2 {0:070x}\n", "ascii")
    assert file.stat().st_size == ROOM - 2
    assert "Raise the limit" in told(folder, SMALL_FILES, "erase", "Wilhelmina Peeters")
    assert len(file.read_text("ascii").splitlines()) == 11_111
    invoke(folder, "erase", "Wilhelmina Peeters")
    assert len(file.read_text("ascii").splitlines()) == 11_112


@pytest.mark.parametrize("command", [("export", "out.nt"), ("backup", "out.backup")])
def test_a_file_for_which_there_is_no_room_is_named_and_leaves_nothing(folder: Path, command: tuple[str, str]) -> None:
    for left in (folder / "var").glob("catalogue.sqlite-*"):
        left.unlink()
    (folder / "closed").mkdir(mode=0o500)
    said = told(folder, NO_RIGHTS, command[0], f"closed/{command[1]}")
    assert "cannot be read or written: this user has no right to it" in said
    assert list((folder / "closed").iterdir()) == []


def test_a_file_system_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(tmp_path / "search")
    index.rebuild([])

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refuse)
    told = "cannot be read or written: its file system gives no locks"
    with pytest.raises(SearchUnavailable, match=told):
        index.put([])
    with pytest.raises(SearchUnavailable, match=f"indexing.lock {told}"), Turns(tmp_path / "indexing.lock").taken():
        pytest.fail("nobody holds it")


def test_a_damaged_database_is_told(folder: Path) -> None:
    file = folder / "var" / "catalogue.sqlite"
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"x" * 100_000)
    assert "it is damaged. Keep the file, and bring back the last backup" in told(folder, (), "source", "list")
    file.write_bytes(b"hello")
    assert "the file is no database" in told(folder, (), "source", "list")


def test_an_index_without_room_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise ValueError("An IO error occurred: 'No space left on device (os error 28) at path \"x\"'")

    monkeypatch.setattr("catalogue.search.embedded.index.tantivy.Index", refuse)
    with pytest.raises(SearchUnavailable, match=r"cannot be read or written: no room is left on its disk\. Make room"):
        index.rebuild([])


@pytest.mark.parametrize("code", ["53100", "53300", "25006", "42501", "57P01", "57P03"])
def test_what_postgresql_says_becomes_a_sentence(code: str) -> None:
    class Refused(Exception):
        sqlstate = code

    said = troubles.sentence(Refused("x\ny"))
    assert said.startswith("The database cannot be used: ")
    assert "does not answer" not in said


def test_a_postgresql_that_is_started_anew_is_told_as_that() -> None:
    """It has no code for whom it does not let in."""
    where = 'connection failed: connection to server at "10.0.0.5", port 5432 failed: '
    said = troubles.sentence(Exception(where + "FATAL:  the database system is starting up"))
    assert said == "The database cannot be used: it is starting or ending. Try again in a minute."


def test_what_is_unknown_is_told_as_it_is() -> None:
    assert troubles.sentence(Exception("odd thing\nmore")) == (
        "The database cannot be used: it does not answer or cannot write (odd thing)."
    )
    assert disk.sentence(OSError(99999, "Odd"), "x") == "x cannot be read or written: the system says: Odd."


def test_no_password_is_told() -> None:
    opened = Database("postgresql+psycopg://user:hush@localhost:4711/name")
    with pytest.raises(Unavailable) as caught, opened.read():
        pytest.fail("nobody answers there")
    assert "hush" not in for_operators(caught.value)
    assert "It is postgresql+psycopg://user:***@localhost:4711/name." in for_operators(caught.value)
    for part in ("localhost", "127.0.0.1", "4711"):
        assert part not in str(caught.value)
    assert "Connection refused" in str(caught.value)
    opened.close()
