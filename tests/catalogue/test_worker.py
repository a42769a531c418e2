"""The worker: what is due runs, what is asked for runs once, whatever happens it goes on, and it stops in order."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from commands import datastore, started
from loopback import LOOPBACK, Request, Server, running

from catalogue import clock
from catalogue.errors import Unavailable
from catalogue.search.base import Query, SearchUnavailable
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.sources.schedule import spread
from catalogue.stopping import Stop
from catalogue.store.database import Hold
from catalogue.work import worker
from catalogue.work.chore import Due, Upkeep
from catalogue.work.worker import Worker
from dcat.model import Dataset, Text
from harvesters.base import Crawl, Harvester, Normalised, RawRecord, Source
from harvesters.errors import Stopped
from harvesters.http import Client

ADDRESS = "http://127.0.0.1:9/feed"
OTHER = "http://127.0.0.1:9/other"


class Agency(Harvester):
    """A source that says what the test wants."""

    kind = "agency"
    title = "for tests"

    def __init__(self) -> None:
        self.records: list[str] = ["trees", "benches"]
        self.fault: Exception | None = None
        self.asked = 0

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
        self.asked += 1
        for name in self.records:
            yield RawRecord(identifier=name, body=json.dumps(name).encode(), media_type="application/json")
        if self.fault is not None:
            raise self.fault

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        name = str(json.loads(raw.body))
        return Normalised(entry=Dataset(title=(Text(name, "en"),), description=(Text(f"All the {name}.", "en"),)))


class House:
    """A catalogue with one agency, and its worker."""

    def __init__(self, folder: Path) -> None:
        self.agency = Agency()
        self.settings = Settings(data_dir=folder)
        self.catalogue = Catalogue(self.settings, {"agency": self.agency})
        self.catalogue.init()
        self.worker = Worker(self.catalogue)

    def source(self, schedule: str = "", url: str = ADDRESS) -> str:
        return self.catalogue.sources.add(url, "agency", title="Agency", schedule=schedule).name

    def states(self, name: str) -> list[str]:
        return [run.state for run in self.catalogue.runs.of_source(name)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.catalogue.close()


def at(monkeypatch: pytest.MonkeyPatch, **later: int) -> None:
    moment = clock.now() + timedelta(**later)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_run_that_was_asked_for_is_done_and_indexed(house: House) -> None:
    name = house.source()
    house.catalogue.runs.request(name)
    house.worker.once()
    assert house.catalogue.runs.of_source(name)[0].new == 2
    assert house.catalogue.index.search(Query(text="benches", language="en")).count == 1


def test_without_a_schedule_nothing_runs_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    name = house.source()
    at(monkeypatch, days=400)
    house.worker.once()
    assert house.states(name) == []


def test_a_source_runs_when_its_time_has_come(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    name = house.source("0 3 * * *")
    house.worker.once()
    assert house.states(name) == []
    at(monkeypatch, days=1, minutes=1)
    house.worker.once()
    assert len(house.states(name)) == 1
    house.worker.once()
    assert len(house.states(name)) == 1


def test_a_paused_source_does_not_run(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    name = house.source("* * * * *")
    house.catalogue.sources.pause(name)
    at(monkeypatch, days=1)
    house.worker.once()
    assert house.states(name) == []


def test_sources_with_the_same_cron_text_do_not_start_together() -> None:
    starts = {spread(f"source-{number}") for number in range(50)}
    assert len(starts) > 20
    assert all(timedelta(0) <= start < timedelta(minutes=1) for start in starts)
    assert spread("a") == spread("a")


def test_a_source_that_is_due_waits_for_its_place_in_the_minute(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    name = house.source("* * * * *")
    source = house.catalogue.sources.named(name)
    assert source.next_run is not None
    start = source.next_run + spread(source.id)
    monkeypatch.setattr(clock, "now", lambda: start - timedelta(seconds=1))
    house.worker.once()
    assert house.states(name) == []
    monkeypatch.setattr(clock, "now", lambda: start)
    house.worker.once()
    assert len(house.states(name)) == 1


@pytest.mark.against("F-33")
def test_at_most_one_run_waits(house: House) -> None:
    name = house.source()
    assert house.catalogue.runs.request(name).id == house.catalogue.runs.request(name).id
    house.worker.once()
    assert len(house.states(name)) == 1


def test_a_paused_source_keeps_no_other_waiting(house: House) -> None:
    first, second = house.source(), house.source(url=OTHER)
    for name in (first, second):
        house.catalogue.runs.request(name)
    house.catalogue.sources.pause(first)
    house.worker.once()
    assert (house.states(first), house.states(second)) == (["queued"], ["done"])
    house.catalogue.sources.resume(first)
    house.worker.once()
    assert house.states(first) == ["done"]


def test_a_source_whose_kind_is_gone_fails_and_keeps_no_other_waiting(house: House) -> None:
    first, second = house.source(), house.source(url=OTHER)
    for name in (first, second):
        house.catalogue.runs.request(name)
    with house.catalogue._database.write() as tx:
        tx.exec_driver_sql(f"UPDATE sources SET kind = 'gone' WHERE name = '{first}'")
    house.worker.once()
    assert (house.states(first), house.states(second)) == (["failed"], ["done"])
    run = house.catalogue.runs.of_source(first)[0]
    assert (run.error_code, "gone" in run.error) == ("CANNOT_START", True)


def test_a_source_removed_meanwhile_does_no_harm(house: House) -> None:
    name = house.source()
    house.catalogue.runs.request(name)
    house.catalogue.sources.remove(name)
    house.worker.once()
    assert house.agency.asked == 0


def test_the_worker_survives_a_source_that_breaks_it(house: House) -> None:
    name = house.source()
    house.agency.fault = RuntimeError("boom")
    house.catalogue.runs.request(name)
    house.worker.once()
    assert house.states(name) == ["failed"]
    house.agency.fault = None
    house.catalogue.runs.request(name)
    house.worker.once()
    assert house.states(name)[0].startswith("done")


def test_a_run_that_is_broken_off_is_taken_up_again(house: House) -> None:
    house.worker.once()
    name = house.source()
    house.catalogue.runs.request(name, full=True)
    piece = house.worker.next()
    assert piece
    house.worker.stop.ask()
    house.worker.do(piece)
    again, run = house.catalogue.runs.of_source(name)
    assert (run.state, run.error_code, run.new) == ("aborted", "STOPPED", 0)
    assert (again.state, again.full) == ("queued", True)
    Worker(house.catalogue).once()
    assert house.states(name) == ["done", "aborted"]


def test_a_piece_that_is_left_in_its_middle_ends_quietly(house: House) -> None:
    class Left(Upkeep):
        name = "left"

        def due(self, moment: datetime) -> Due | None:
            return Due(1, moment)

        def work(self, hold: Hold, stop: Stop) -> None:
            house.worker.stop.ask()
            raise Stopped

    house.worker = Worker(house.catalogue, chores=[Left])
    house.worker.once()
    assert house.catalogue.leases.again("left") is None
    assert house.worker.next()


def test_what_another_process_changed_is_indexed(house: House) -> None:
    name = house.source()
    other = Catalogue(Settings(data_dir=house.settings.data_dir, search_url="embedded:"), {"agency": house.agency})
    house.catalogue.runs.harvest(name)
    house.agency.records.append("lamps")
    other.runs.harvest(name)
    other.close()
    house.worker.once()
    assert house.catalogue.index.search(Query(text="lamps", language="en")).count == 1


def test_index_and_store_are_compared_once_a_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.catalogue.runs.harvest(house.source())
    house.worker.once()
    index = house.catalogue.index.engine
    index.remove(index.revisions())
    house.worker.once()
    assert not index.revisions()
    at(monkeypatch, days=1)
    house.worker.once()
    assert len(index.revisions()) == 2


def test_a_comparison_that_fails_holds_up_nothing_and_is_tried_an_hour_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def broken(_hold: object) -> int:
        tried.append(None)
        raise SearchUnavailable("The index does not answer.")

    monkeypatch.setattr(house.catalogue.index, "reconcile_daily", broken)
    name = house.source()
    house.catalogue.runs.request(name)
    for _ in range(3):
        house.worker.once()
    assert len(house.states(name)) == len(tried) == 1
    assert house.catalogue.runs.of_source(name)[0].new == 2
    at(monkeypatch, hours=1, minutes=1)
    house.worker.once()
    assert len(tried) == 2


def test_a_database_that_does_not_answer_is_said_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(worker.log, "warning", lambda _event, **fields: said.append(fields["reason"]))

    def broken(_moment: object) -> None:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(house.catalogue.runs, "waiting", broken)
    for _ in range(2):
        with pytest.raises(Unavailable):
            house.worker.once()
    assert said == ["The database does not answer."]


def test_an_index_that_does_not_answer_holds_up_no_harvest(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise SearchUnavailable("The index does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(house.catalogue.index, "catch_up", broken)
        name = house.source()
        house.catalogue.runs.request(name)
        house.worker.once()
        assert house.states(name) == ["done"]
    at(monkeypatch, seconds=11)
    house.worker.once()
    assert house.catalogue.index.search(Query(text="benches", language="en")).count == 1


def test_several_threads_do_everything_once(house: House) -> None:
    names = [house.source(url=f"{ADDRESS}/{n}") for n in range(8)]
    for name in names:
        house.catalogue.runs.request(name)
    Worker(house.catalogue, threads=4).once()
    assert [house.states(name) for name in names] == [["done"]] * 8
    assert house.catalogue.index.status()["waiting"] == 0


def events(said: str) -> list[Any]:
    return [json.loads(line)["event"] for line in said.splitlines() if line.startswith("{")]


def test_the_process_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    Catalogue(Settings(data_dir=tmp_path / "var")).init()
    with started(tmp_path, "worker") as process:
        process.wait_for("worker.started")
        assert process.stop() == 0
    assert events(process.said) == ["worker.started", "worker.stopping", "worker.stopped"]


def test_the_process_waits_for_tables_that_are_not_there_yet(tmp_path: Path) -> None:
    with started(tmp_path, "worker") as process:
        process.wait_for("datastore init")
        assert process.stop() == 0


TREES = b"""@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://agency.example/id/trees> a dcat:Dataset ; dct:title "Arbres"@fr ; dct:description "Les arbres."@fr .
"""


class Town:
    """One feed that comes a byte at a time for as long as it is told to, and others that come at once."""

    def __init__(self) -> None:
        self.drips = threading.Event()
        self.asked = threading.Event()

    def behave(self, _server: Server, request: Request, sock: socket.socket) -> bool:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\nContent-Length: %d\r\n\r\n" % len(TREES)
        sock.sendall(head)
        body = TREES
        if request.path == "/slow.ttl":
            self.asked.set()
            while not self.drips.wait(0.5):  # its last byte comes when it is told to end, and no sooner
                sock.sendall(body[: min(1, len(body) - 1)])
                body = body[min(1, len(body) - 1) :]
        sock.sendall(body)
        return False


@pytest.fixture
def town() -> Iterator[tuple[Town, Server]]:
    town = Town()
    with running(Server(town.behave)) as server:
        yield town, server
        town.drips.set()


def asked_for(folder: Path, *urls: str) -> Catalogue:
    """A catalogue on disk with a run of each of these sources asked for."""
    catalogue = Catalogue(Settings(data_dir=folder / "var", fetch_allow=LOOPBACK))
    catalogue.init()
    for url in urls:
        catalogue.runs.request(catalogue.sources.add(url, "dcat", title=url.rpartition("/")[2]).name)
    return catalogue


def wait_for_state(catalogue: Catalogue, name: str, state: str, seconds: float = 120) -> None:
    """Waits until the newest run of a source is in that state."""
    began = time.monotonic()
    while catalogue.runs.of_source(name)[0].state != state:
        assert time.monotonic() - began < seconds, catalogue.runs.of_source(name)[0]
        time.sleep(0.05)


def test_a_worker_that_is_told_to_stop_is_gone_soon_and_the_next_one_takes_up_its_run(
    tmp_path: Path, town: tuple[Town, Server]
) -> None:
    where, server = town
    with closing(asked_for(tmp_path, server.url("/slow.ttl"))) as catalogue:
        with started(tmp_path, "worker") as process:
            process.wait_for("worker.started")
            assert where.asked.wait(60)
            assert process.stop() == 0  # while the feed still drips
        again, broken = catalogue.runs.of_source("slow-ttl")
        assert (broken.state, broken.error_code, again.state) == ("aborted", "STOPPED", "queued")
        assert "run.fault" not in process.said
        assert '"given_back": []' in process.said  # the fetch was broken off, nothing had to be left behind
        where.drips.set()
        datastore(tmp_path, "worker", "--once")
        assert catalogue.runs.of_source("slow-ttl")[0].new == 1


@pytest.mark.against("F-25")
def test_a_slow_source_holds_nobody_up(tmp_path: Path, town: tuple[Town, Server]) -> None:
    where, server = town
    with closing(asked_for(tmp_path, server.url("/slow.ttl"))) as catalogue, started(tmp_path, "worker") as process:
        assert where.asked.wait(60)
        quick = catalogue.sources.add(server.url("/quick.ttl"), "dcat", title="Quick").name
        catalogue.runs.request(quick)
        wait_for_state(catalogue, quick, "done")
        assert catalogue.runs.of_source("slow-ttl")[0].state == "running"
        process.wait_for("index.updated")
        process.stop()


def test_a_thread_that_does_not_end_is_left_and_its_run_given_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.2)
    house.worker.once()
    stuck, begun = threading.Event(), threading.Event()
    monkeypatch.setattr(house.agency, "fetch", lambda *_: begun.set() or stuck.wait(60) or iter(()))
    name = house.source()
    house.catalogue.runs.request(name)
    thread = threading.Thread(target=house.worker._serve, daemon=True)
    thread.start()
    assert begun.wait(60)
    assert house.worker._end([thread]) is False
    assert house.states(name) == ["queued", "aborted"]
    stuck.set()
    thread.join(60)
    assert house.states(name) == ["queued", "aborted"]
