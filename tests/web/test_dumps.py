"""The dumps: written by the worker, handed out as they lie there, in parts on request, and never half."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from commands import datastore
from factory import filled_catalogue, open_catalogue
from flask.testing import FlaskClient
from pages import reader

from catalogue import clock
from catalogue.errors import DatastoreError
from catalogue.publishing import export
from catalogue.publishing.dumps import FILES, KEPT, STATE, SUMS, Dumps, written
from catalogue.publishing.feed import Feed
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.work.worker import Worker
from web.app import create_app

NAMES = [*written(), SUMS]


def on(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    """It is that day of May."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 5, day, 1, tzinfo=UTC))


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = filled_catalogue(tmp_path / "var")
    yield catalogue
    catalogue.close()


@pytest.fixture
def dumps(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Dumps:
    on(monkeypatch, 1)
    assert filled.dumps.make(lambda _: None, Stop()) == "2026-05-01"
    return filled.dumps


@pytest.fixture
def portal(filled: Catalogue, dumps: Dumps) -> FlaskClient:
    assert dumps.days() == ["2026-05-01"]
    return reader(filled)


def test_a_worker_writes_them_and_their_sums_are_right(filled: Catalogue) -> None:
    Worker(filled).once()
    (day,) = filled.dumps.days()
    folder = filled.dumps.folder / day
    assert sorted(path.name for path in folder.iterdir()) == sorted([*NAMES, STATE])
    told = subprocess.run(["sha256sum", "-c", SUMS], cwd=folder, capture_output=True, text=True, check=True)
    assert told.stdout.count(": OK") == len(written())


def test_the_same_catalogue_gives_the_same_bytes(dumps: Dumps) -> None:
    first = dumps.file("latest", SUMS).path.read_bytes()
    (dumps.folder / "2026-05-01").rename(dumps.folder / ".part-away")
    dumps.make(lambda _: None, Stop())
    assert dumps.file("latest", SUMS).path.read_bytes() == first


def test_a_day_without_change_has_the_same_files(dumps: Dumps, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, 2)
    dumps.make(lambda _: None, Stop())
    for name in NAMES:
        assert dumps.file("2026-05-02", name).path.samefile(dumps.file("2026-05-01", name).path)


def test_a_change_is_written(filled: Catalogue, dumps: Dumps, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = filled.entries.recent(1)[0]
    filled.records.withdraw(gone.source, gone.identifier)
    on(monkeypatch, 2)
    dumps.make(lambda _: None, Stop())
    old, new = (dumps.file(day, "datasets.csv").path.read_text("utf-8") for day in ("2026-05-01", "2026-05-02"))
    assert gone.id in old
    assert gone.id not in new


def test_the_eighth_day_takes_the_oldest_away(dumps: Dumps, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(2, KEPT + 2):
        on(monkeypatch, day)
        dumps.make(lambda _: None, Stop())
    assert dumps.days() == [f"2026-05-0{day}" for day in range(8, 1, -1)]
    assert [path for path in dumps.folder.iterdir() if path.name not in dumps.days()] == []


def write_slowly(folder: str, is_at_it: Event) -> None:
    """What the killed worker does."""
    catalogue, _ = open_catalogue(Path(folder))

    def slow(_: object) -> Iterator[bytes]:
        yield b"half"
        is_at_it.set()
        time.sleep(300)

    export.FORMATS["csv"] = slow
    Worker(catalogue).once()


@pytest.mark.against("F-44")
def test_a_worker_that_is_killed_leaves_what_was_there(filled: Catalogue, tmp_path: Path) -> None:
    Worker(filled).once()
    (today,) = filled.dumps.days()
    (filled.dumps.folder / today).rename(filled.dumps.folder / "2026-05-01")
    (filled.dumps.folder / "2026-05-01" / STATE).write_text("another catalogue")
    context = multiprocessing.get_context("forkserver")
    is_at_it = context.Event()
    process = context.Process(target=write_slowly, args=(str(tmp_path / "var"), is_at_it))
    process.start()
    assert is_at_it.wait(60)
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join(60)
    assert filled.dumps.days() == ["2026-05-01"]
    assert [one.name for one in filled.dumps.files("2026-05-01")] == NAMES
    Worker(filled).once()
    assert filled.dumps.days() == [today, "2026-05-01"]
    assert sorted(path.name for path in filled.dumps.folder.iterdir()) == ["2026-05-01", today]


def test_what_is_being_written_while_all_are_deleted_never_appears(
    filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def and_another_process_erases(feed: Feed, file: Path, stop: Stop) -> int:
        filled.dumps.forget_all()
        return export.export(feed, file, stop)

    monkeypatch.setattr("catalogue.publishing.dumps.export", and_another_process_erases)
    with pytest.raises(DatastoreError):
        filled.dumps.make(lambda _: None, Stop())
    assert filled.dumps.days() == []
    assert [*filled.dumps.folder.iterdir()] == []


def test_who_is_told_to_stop_leaves_nothing(filled: Catalogue) -> None:
    stop = Stop()
    stop.ask()
    assert filled.dumps.make(lambda _: None, stop) == ""
    assert list(filled.dumps.folder.iterdir()) == []


def test_the_command_writes_none_of_an_empty_catalogue(tmp_path: Path) -> None:
    datastore(tmp_path, "init")
    datastore(tmp_path, "worker", "--once")
    assert not list(tmp_path.rglob("dumps/*"))


@pytest.mark.parametrize("day", ["latest", "2026-05-01"])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_handed_out_as_it_lies_there(portal: FlaskClient, dumps: Dumps, day: str, name: str) -> None:
    body = dumps.file("latest", name).path.read_bytes()
    answer = portal.get(f"/dumps/{day}/{name}", headers={"Accept-Encoding": "gzip"})
    assert answer.data == body
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Last-Modified"]
    types = {
        "gz": "application/gzip",
        "csv": "text/csv; charset=utf-8",
        "parquet": "application/vnd.apache.parquet",
    }
    assert answer.content_type == types.get(name.rpartition(".")[2], "text/plain; charset=utf-8")
    head = portal.head(f"/dumps/{day}/{name}", headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.data, head.content_length) == (200, b"", len(body))
    for known in ({"If-None-Match": answer.headers["ETag"]}, {"If-Modified-Since": answer.headers["Last-Modified"]}):
        assert portal.get(f"/dumps/{day}/{name}", headers=known).status_code == 304


@pytest.mark.parametrize(
    ("asked", "part"), [("bytes=0-9", slice(0, 10)), ("bytes=20-", slice(20, None)), ("bytes=-7", slice(-7, None))]
)
def test_a_part_is_handed_out(portal: FlaskClient, dumps: Dumps, asked: str, part: slice) -> None:
    body = dumps.file("latest", "datasets.nt.gz").path.read_bytes()
    answer = portal.get("/dumps/latest/datasets.nt.gz", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (206, body[part])
    assert answer.headers["Content-Range"].endswith(f"/{len(body)}")
    fresh = {"Range": asked, "If-Range": '"another"'}
    assert portal.get("/dumps/latest/datasets.nt.gz", headers=fresh).status_code == 200


def test_each_file_holds_every_entry(portal: FlaskClient, filled: Catalogue, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    ids = sorted(row.id for row in filled.entries.all())
    for name in ("datasets.csv", "datasets.jsonl.gz", "datasets.parquet"):
        (tmp_path / name).write_bytes(portal.get(f"/dumps/{name}").data)
        found = duckdb.sql(f"SELECT id FROM '{tmp_path / name}' ORDER BY id").fetchall()
        assert [id for (id,) in found] == ids, name


def test_parquet_is_left_out_where_nothing_writes_it(
    filled: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    day = filled.dumps.make(lambda _: None, Stop())
    assert [one.name for one in filled.dumps.files(day)] == [*FILES[:-1], SUMS]
    page = create_app(filled.settings, filled).test_client().get("/en/dumps").text
    assert "datasets.csv" in page
    assert "parquet" not in page


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=0-1", "bytes=x"])
def test_a_range_that_is_not_understood_is_passed_over(portal: FlaskClient, asked: str) -> None:
    assert portal.get("/dumps/latest/datasets.csv", headers={"Range": asked}).status_code == 200


def test_a_part_beyond_the_end_is_refused_in_text(portal: FlaskClient, dumps: Dumps) -> None:
    answer = portal.get("/dumps/latest/datasets.csv", headers={"Range": "bytes=999999999-"})
    assert (answer.status_code, answer.mimetype) == (416, "text/plain")
    assert answer.headers["Content-Range"] == f"bytes */{dumps.file('latest', 'datasets.csv').size}"


@pytest.mark.against("TC-01")
@pytest.mark.parametrize(
    "path",
    [
        *("latest/.state", "latest/x", "2026-04-30/datasets.csv", "../catalogue.sqlite", "latest/..%2f..%2fsecret"),
        *("%2e%2e/catalogue.sqlite", ".part-x/datasets.csv", "2026-05-01/%2e%2e", "%D9%A1/datasets.csv"),
    ],
)
def test_nothing_else_is_handed_out(portal: FlaskClient, path: str) -> None:
    assert portal.get(f"/dumps/{path}").status_code == 404


def test_the_list_says_what_there_is(portal: FlaskClient, dumps: Dumps) -> None:
    told = portal.get("/dumps/index.json").json
    assert portal.get("/dumps/", headers={"Accept": "application/json"}).json == told
    assert [one["name"] for one in told["latest"]] == NAMES
    assert told["days"][0]["day"] == "2026-05-01"
    assert told["latest"][0]["sha256"] == dumps.file("latest", NAMES[0]).sha256
    for one in told["latest"]:
        assert portal.get(one["url"].removeprefix("https://data.example.brussels")).content_length == one["bytes"]


def test_people_get_a_page_in_their_language(portal: FlaskClient) -> None:
    asked = {"Accept": "text/html", "Accept-Language": "nl"}
    assert portal.get("/dumps/", headers=asked).location == "/nl/dumps"
    page = portal.get("/nl/dumps").text
    assert "De hele catalogus als bestanden" in page
    assert all(f"/dumps/latest/{name}" in page for name in NAMES)


def test_the_newest_files_are_beside_the_list_too(portal: FlaskClient) -> None:
    for name in ("SHA256SUMS", "datasets.csv"):
        assert portal.get(f"/dumps/{name}").data == portal.get(f"/dumps/latest/{name}").data != b""
