"""The drill: empty machine → restore → the same catalogue; and everything that must not be restored."""

import hashlib
import io
import json
import os
import threading
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import services
from commands import datastore, invoke, started
from factory import Feed, Memory, open_catalogue, record, texts
from sqlalchemy import column, insert, select, table, update

from catalogue import clock
from catalogue.backups import archive
from catalogue.backups.archive import Manifest
from catalogue.errors import Conflict, DatastoreError, Invalid
from catalogue.search.params import query_from_params
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.store import dump
from catalogue.store.tables import metadata
from dcat import rdf
from dcat.model import Dataset

URL = "https://agency.example/feed"

REMEMBERED = ("audit", "counters")

Opener = Callable[[str, str], tuple[Catalogue, Memory]]


def hash_of(catalogue: Catalogue) -> str:
    """Of every byte that the whole catalogue is published with."""
    return hashlib.sha256(b"".join(rdf.stream(catalogue.feed.whole(), "nt"))).hexdigest()


def stored(catalogue: Catalogue) -> dict[str, list[str]]:
    """Every row of what a backup holds, but for the audit, in which a restore is remembered."""
    with catalogue._database.read() as tx:
        return {name: sorted(map(repr, dump.rows(tx, name))) for name in dump.columns() if name not in REMEMBERED}


def fill(catalogue: Catalogue, memory: Memory, *names: str) -> str:
    """A source with datasets, one of which was removed again, and a producer's key; gives the key."""
    said = [record(name, Dataset(title=texts(fr=name), description=texts(fr=f"Les {name}."))) for name in names]
    memory.feeds[URL] = Feed(said)
    catalogue.sources.add(URL, "memory", title="Agency", publisher="Ville", schedule="0 3 * * *")
    catalogue.runs.harvest("agency")
    catalogue.records.withdraw("agency", names[0])
    return catalogue.keys.create("Ville")[0]


@pytest.fixture
def opener(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Opens an empty catalogue on a machine of that name, with a database of that kind."""
    with ExitStack() as stack:

        def opened(machine: str, kind: str) -> tuple[Catalogue, Memory]:
            more = {}
            if kind == "postgresql":
                server, tables = request.getfixturevalue("postgresql"), request.getfixturevalue("tables")
                more["database_url"] = stack.enter_context(services.database(server, tables))
            catalogue, memory = open_catalogue(tmp_path / machine, **more)
            stack.callback(catalogue.close)
            return catalogue, memory

        yield opened


postgresql = pytest.mark.service("postgresql")


@pytest.mark.against("F-43")
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("sqlite", "sqlite"),
        pytest.param("sqlite", "postgresql", marks=postgresql),
        pytest.param("postgresql", "sqlite", marks=postgresql),
        pytest.param("postgresql", "postgresql", marks=postgresql),
    ],
)
def test_the_same_catalogue_stands_on_an_empty_machine(ours: str, theirs: str, opener: Opener, tmp_path: Path) -> None:
    catalogue, memory = opener("ours", ours)
    key = fill(catalogue, memory, "arbres", "parcs", "bancs")
    before = hash_of(catalogue), stored(catalogue)
    catalogue.backups.save(tmp_path / "saved.zip")

    restored, feeds = opener("theirs", theirs)
    manifest = restored.backups.restore(tmp_path / "saved.zip")
    assert (hash_of(restored), stored(restored)) == before
    assert restored.backups.is_key_of(manifest)
    assert restored.keys.authenticate(key).publisher == "ville"
    newest, *others = restored.audit.all()
    assert (newest.what, others) == ("catalogue.restore", list(catalogue.audit.all()))
    assert restored.audit.first_broken() is None
    assert restored.index.rebuild() == 2
    assert restored.index.search(query_from_params([("q", "parcs")])).count == 1
    feeds.feeds = memory.feeds  # it goes on: the same records are the same, numbers follow on the highest
    run = restored.runs.harvest("agency")
    assert (run.id, run.same, run.skipped) == (2, 2, 1)
    assert restored.keys.create("Ville")[1].id == 2


def test_a_backup_is_one_moment_while_others_write(catalogue: Catalogue, memory: Memory, tmp_path: Path) -> None:
    fill(catalogue, memory, "arbres", "parcs")
    before = hash_of(catalogue), stored(catalogue)
    reading, written = dump.rows, threading.Event()

    def slow(tx: Any, name: str) -> Iterator[dump.Row]:
        if name == "entries":
            others = threading.Thread(target=push)
            others.start()
            others.join(60)
        yield from reading(tx, name)

    def push() -> None:
        body = record("bancs", Dataset(title=texts(fr="Bancs"), description=texts(fr="Les bancs."))).body
        catalogue.records.push("agency", "bancs", body, "application/json")
        written.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dump, "rows", slow)
        catalogue.backups.save(tmp_path / "saved.zip")
    assert written.is_set()
    assert hash_of(catalogue) != before[0]
    restored, _ = open_catalogue(tmp_path / "theirs")
    restored.backups.restore(tmp_path / "saved.zip")
    assert (hash_of(restored), stored(restored)) == before
    restored.close()


def test_a_run_that_went_on_is_taken_up_where_it_is_restored(
    catalogue: Catalogue, memory: Memory, tmp_path: Path
) -> None:
    fill(catalogue, memory, "arbres", "parcs")
    catalogue.runs.request("agency")
    order = catalogue.runs.take()
    assert order
    catalogue.backups.save(tmp_path / "saved.zip")
    restored, _ = open_catalogue(tmp_path / "theirs")
    restored.backups.restore(tmp_path / "saved.zip")
    assert restored.runs.reap() == [order.id]
    assert [run.state for run in restored.runs.of_source("agency")[:2]] == ["queued", "aborted"]
    restored.close()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A backup of a small catalogue."""
    catalogue, memory = open_catalogue(tmp_path / "var")
    fill(catalogue, memory, "arbres", "parcs")
    catalogue.backups.save(tmp_path / "saved.zip")
    catalogue.close()
    return tmp_path / "saved.zip"


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Catalogue]:
    """An empty catalogue beside it."""
    url = database_url.replace("catalogue.sqlite", "empty.sqlite")
    catalogue, _ = open_catalogue(tmp_path / "empty", database_url=url)
    yield catalogue
    catalogue.close()


def changed(file: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The backup with each of its files changed, or left out."""
    other = file.with_name("changed.zip")
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(other, "w") as after:
        for name in before.namelist():
            if (data := change(name, before.read(name))) is not None:
                after.writestr(name, data)
    return other


def manifest_with(**values: object) -> Callable[[str, bytes], bytes]:
    return lambda name, data: json.dumps(json.loads(data) | values).encode() if name == archive.MANIFEST else data


def altered(name: str, data: bytes) -> bytes:
    """One title is another one."""
    return data.replace(b"Agency", b"Agents") if name == "tables/sources.jsonl" else data


def forged(name: str, data: bytes) -> bytes:
    """A row that fits in no table, with a checksum that is right."""
    row = b"[1]\n"
    if name == "tables/tokens.jsonl":
        return row
    if name == archive.MANIFEST:
        told = json.loads(data)
        told["tables"]["tokens"] |= {"rows": 1, "sha256": hashlib.sha256(row).hexdigest()}
        return json.dumps(told).encode()
    return data


def with_a_stranger(name: str, data: bytes) -> bytes:
    """A table that never was."""
    if name == archive.MANIFEST:
        told = json.loads(data)
        told["tables"]["strangers"] = {"columns": ["id"], "rows": 0, "sha256": hashlib.sha256(b"").hexdigest()}
        return json.dumps(told).encode()
    return data


SPOILT: dict[str, tuple[Callable[[str, bytes], bytes | None], str]] = {
    "altered": (altered, "damaged"),
    "a table missing": (lambda name, data: None if name == "tables/nodes.jsonl" else data, "damaged"),
    "no manifest": (lambda name, data: None if name == archive.MANIFEST else data, "no backup of Datastore"),
    "a manifest of others": (manifest_with(format="other"), "no backup of Datastore"),
    "a newer form": (manifest_with(version=2), "newer version of Datastore"),
    "newer tables": (manifest_with(tables_version="9999"), "newer version of Datastore"),
    "another key": (lambda name, data: b"guessed" if name == archive.KEY else data, "damaged"),
    "forged": (forged, "cannot be restored"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_spoilt_is_refused_whole(name: str, saved: Path, empty: Catalogue) -> None:
    change, sentence = SPOILT[name]
    before = stored(empty)
    with pytest.raises(Invalid, match=sentence):
        empty.backups.restore(changed(saved, change))
    assert stored(empty) == before
    assert not (empty.settings.data_dir / "secret.key").exists()


def test_a_table_that_never_was_is_refused(saved: Path, empty: Catalogue) -> None:
    other = changed(saved, with_a_stranger)
    with zipfile.ZipFile(other, "a") as archived:
        archived.writestr("tables/strangers.jsonl", b"")
    with pytest.raises(Invalid, match=r"never had: strangers\.id"):
        empty.backups.restore(other)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_breaks_off_is_refused(share: float, saved: Path, empty: Catalogue) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Invalid, match="no backup of Datastore, or only a part"):
        empty.backups.restore(saved)


def turned_over(saved: Path, name: str) -> bytes:
    """The archive with a byte of one file turned over, the first from its middle on that makes another file of it: what
    is packed refers to what came before, and may refer to the same words in another place."""
    with zipfile.ZipFile(saved) as archived:
        member, kept = archived.getinfo(name), archived.read(name)
    start = member.header_offset + 30 + len(name)
    for place in range(start + member.compress_size // 2, start + member.compress_size):
        data = bytearray(saved.read_bytes())
        data[place] ^= 0xFF
        try:
            if zipfile.ZipFile(io.BytesIO(data)).read(name) != kept:
                return bytes(data)
        except (zipfile.BadZipFile, zlib.error):
            return bytes(data)
    raise AssertionError(f"No byte of {name} makes a difference.")


@pytest.mark.parametrize("name", ["tables/entries.jsonl", "tables/contents.jsonl", archive.KEY, archive.MANIFEST])
def test_a_byte_that_turned_over_is_found(name: str, saved: Path, empty: Catalogue) -> None:
    saved.write_bytes(turned_over(saved, name))
    before = stored(empty)
    with pytest.raises(Invalid):
        empty.backups.restore(saved)
    assert stored(empty) == before


def test_nothing_is_lost_unless_it_is_said(saved: Path, empty: Catalogue) -> None:
    empty.sources.add("https://other.example/", "dcat", title="Other")
    before = stored(empty)
    with pytest.raises(Conflict, match="holds a catalogue already"):
        empty.backups.restore(saved)
    assert stored(empty) == before
    manifest = empty.backups.restore(saved, replace=True)
    assert [row.name for row in empty.sources.all()] == ["agency"]
    assert empty.backups.is_key_of(manifest)


def test_what_was_remembered_of_the_store_before_is_never_taken_for_the_restored_one(
    catalogue: Catalogue, memory: Memory, tmp_path: Path
) -> None:
    def publish(name: str) -> str:
        memory.feeds[URL].records.append(record(name, Dataset(title=texts(fr=name))))
        catalogue.runs.harvest("agency")
        while catalogue.feed_files.write(lambda _: None, Stop()):
            pass
        found = catalogue.feed_files.find("nt", packed=False)
        assert found
        return found.path.read_text("utf-8")

    fill(catalogue, memory, "arbres", "parcs")
    catalogue.backups.save(tmp_path / "saved.zip")
    assert "bancs" in publish("bancs")
    catalogue.backups.restore(tmp_path / "saved.zip", replace=True)
    memory.feeds[URL].records.pop()
    assert catalogue.entries.counts().datasets == 1
    after = publish("ponts")
    assert ("ponts" in after, "bancs" in after) == (True, False)


def test_the_key_of_another_installation_stays_unless_it_is_said(saved: Path, empty: Catalogue) -> None:
    file = empty.settings.data_dir / "secret.key"
    file.write_bytes(b"the key of another installation")
    with pytest.raises(Conflict, match="another installation"):
        empty.backups.restore(saved)
    assert empty.sources.all() == []
    assert file.read_bytes() == b"the key of another installation"
    assert empty.backups.is_key_of(empty.backups.restore(saved, replace=True))
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_backup_of_older_tables_is_brought_up_to_date(empty: Catalogue, tmp_path: Path) -> None:
    row = {"id": "a", "name": "old", "title": "Old", "url": "https://old.example/", "url_key": "old.example/"}
    row |= {"kind": "dcat", "publisher": "", "schedule": "", "config": "e30=", "created": "2025-01-01T00:00:00Z"}
    values = row | {"active": True, "failures": 0}  # as they were before sources knew of `changes`
    with (tmp_path / "old.zip").open("w+b") as out, archive.begun(out) as writer:
        writer.add_table("sources", tuple(values), [tuple(values.values())])
        about = {"made": clock.now(), "site_url": "https://old.example", "secret": "", "tables": writer.tables}
        writer.add_manifest(Manifest(format=archive.FORMAT, version=1, tables_version="0001", **about))
    empty.backups.restore(tmp_path / "old.zip")
    assert [source.name for source in empty.sources.all()] == ["old"]
    assert empty._database.schema()[0] == empty._database.schema()[1]


def test_little_memory_is_needed_however_much_there_is(catalogue: Catalogue, memory: Memory, tmp_path: Path) -> None:
    fill(catalogue, memory, "arbres")
    with catalogue._database.write() as tx:
        records = metadata.tables["records"]
        first = dict(tx.execute(select(records)).mappings().one())
        for n in range(60):
            many = [first | {"identifier": f"{n}-{m}", "body": os.urandom(20_000)} for m in range(50)]
            tx.execute(insert(records), many)
    tracemalloc.start()
    catalogue.backups.save(tmp_path / "saved.zip")
    restored, _ = open_catalogue(tmp_path / "theirs")
    restored.backups.restore(tmp_path / "saved.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    restored.close()
    size = (tmp_path / "saved.zip").stat().st_size
    assert size > 60_000_000
    assert peak < 30_000_000


def test_the_age_of_the_last_backup_is_known(catalogue: Catalogue, tmp_path: Path) -> None:
    assert catalogue.backups.last() is None
    manifest = catalogue.backups.save(tmp_path / "saved.zip")
    assert catalogue.backups.last() == manifest.made.replace(microsecond=0)
    with pytest.raises(DatastoreError):
        catalogue.backups.save(tmp_path / "nowhere" / "saved.zip")


def test_tables_of_another_version_are_not_saved(catalogue: Catalogue, tmp_path: Path) -> None:
    with catalogue._database.write() as tx:
        tx.execute(update(table("alembic_version", column("version_num"))).values(version_num="0001"))
    with pytest.raises(DatastoreError, match="datastore init"):
        catalogue.backups.save(tmp_path / "saved.zip")
    assert not (tmp_path / "saved.zip").exists()


# --- by command -------------------------------------------------------------------------------------------------------


def test_saved_while_it_serves_and_restored_elsewhere(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir(), there.mkdir()
    invoke(here, "init")
    invoke(here, "source", "add", URL, "--kind", "dcat", "--title", "Agency")
    with started(here, "serve", "--port", "0") as portal:
        portal.wait_for(r"worker.started")
        _, said = datastore(here, "backup", str(tmp_path / "saved.zip"))
    assert "1 source and 0 entries" in said
    assert "keep it where only operators read" in said
    assert (tmp_path / "saved.zip").stat().st_mode & 0o777 == 0o600
    out, _ = invoke(there, "restore", str(tmp_path / "saved.zip"), "--check")
    assert "is whole: 1 source and" in out
    _, said = invoke(there, "restore", str(tmp_path / "saved.zip"), SITE_URL="https://other.example.org")
    assert "It was saved at https://data.example.org; DATASTORE_SITE_URL says https://other.example.org." in said
    assert "The index holds 0 documents." in said
    assert invoke(there, "source", "list")[0] == invoke(here, "source", "list")[0]
    _, said = invoke(there, "restore", str(tmp_path / "saved.zip"), expect=1)
    assert "--replace" in said


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    _, said = invoke(tmp_path, "backup", "saved.zip", "--without-key")
    assert "Keep secret.key in the data folder as well" in said
    _, said = invoke(tmp_path, "backup", "saved.zip", SECRET_KEY="a secret of good length")
    assert "Keep DATASTORE_SECRET_KEY as well" in said
    _, said = invoke(tmp_path, "restore", "saved.zip", "--replace", SECRET_KEY="another secret of good length")
    assert "every producer needs a new key" in said


def test_what_is_no_backup_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8\xff" + os.urandom(5000))
    _, said = invoke(tmp_path, "restore", "holiday.jpg", expect=2)
    assert said.startswith("Error: holiday.jpg is no backup of Datastore, or only a part of one.")
