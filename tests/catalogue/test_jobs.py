"""The worker: what is due runs, what is asked for runs once, whatever happens it goes on, and it stops in order."""

import json
import pickle
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from commands import started
from huey.registry import Message

from catalogue import clock
from catalogue.errors import SettingsError, Unavailable
from catalogue.search.base import Query, SearchUnavailable
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.work import worker
from catalogue.work.worker import Messages, Worker, open_queue, spread, waiting
from dcat.model import Dataset, Text
from harvesters.base import Crawl, Harvester, Normalised, RawRecord, Source
from harvesters.http import Client

ADDRESS = "http://127.0.0.1:9/feed"


class Agency(Harvester):
    """A source that says what the test wants."""

    kind = "agency"
    title = "for tests"

    def __init__(self) -> None:
        self.records: list[str] = ["trees", "benches"]
        self.fault: Exception | None = None

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
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
        self.worker = Worker(self.catalogue, open_queue(self.settings))

    def source(self, schedule: str = "") -> str:
        return self.catalogue.sources.add(ADDRESS, "agency", title="Agency", schedule=schedule).name

    def states(self, name: str) -> list[str]:
        return [run.state for run in self.catalogue.runs.of_source(name)]

    def pump(self) -> None:
        """Does what the consumer's thread does: takes every message that waits."""
        while (task := self.worker.queue.dequeue()) is not None:
            self.worker.queue.execute(task)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.worker.queue.storage.close()
    house.catalogue.close()


def at(monkeypatch: pytest.MonkeyPatch, **later: int) -> None:
    moment = clock.now() + timedelta(**later)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_run_that_was_asked_for_is_done_and_indexed(house: House) -> None:
    name = house.source()
    house.catalogue.runs.request(name)
    house.worker.tick()
    house.pump()
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


def test_at_most_one_run_waits(house: House) -> None:
    name = house.source()
    assert house.catalogue.runs.request(name).id == house.catalogue.runs.request(name).id
    for _ in range(5):
        house.worker.tick()
    assert waiting(house.settings) == 1


def test_a_lost_message_is_sent_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    name = house.source()
    house.catalogue.runs.request(name)
    house.worker.tick()
    house.worker.queue.flush()
    house.worker.tick()
    assert waiting(house.settings) == 0
    monkeypatch.setattr(worker, "REMINDER", 0.0)
    house.worker.tick()
    house.pump()
    assert len(house.states(name)) == 1
    assert house.catalogue.runs.of_source(name)[0].new == 2


def test_a_message_that_comes_twice_runs_once(house: House) -> None:
    name = house.source()
    run = house.catalogue.runs.request(name).id
    house.worker.harvest(name, run)
    house.worker.harvest(name, run)
    assert len(house.states(name)) == 1


def test_a_source_removed_meanwhile_does_no_harm(house: House) -> None:
    name = house.source()
    run = house.catalogue.runs.request(name).id
    house.catalogue.sources.remove(name)
    house.worker.harvest(name, run)
    house.worker.tick()


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


def test_a_run_ends_in_order_when_the_worker_is_stopped(house: House) -> None:
    name = house.source()
    house.worker.stopping = True
    house.worker.harvest(name, house.catalogue.runs.request(name).id)
    run = house.catalogue.runs.of_source(name)[0]
    assert (run.state, run.new) == ("aborted", 2)
    assert house.catalogue.entries.counts().datasets == 2


def test_what_another_process_changed_is_indexed(house: House) -> None:
    name = house.source()
    other = Catalogue(Settings(data_dir=house.settings.data_dir, search_url="embedded:"), {"agency": house.agency})
    house.catalogue.runs.harvest(name)
    house.agency.records.append("lamps")
    other.runs.harvest(name)
    other.close()
    house.worker.tick()
    assert house.catalogue.index.search(Query(text="lamps", language="en")).count == 1


def test_index_and_store_are_compared_once_a_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.catalogue.runs.harvest(house.source())
    house.worker.tick()
    index = house.catalogue.index.engine
    index.remove(index.revisions())
    at(monkeypatch, hours=1)
    house.worker.tick()
    assert not index.revisions()
    at(monkeypatch, days=1)
    house.worker.tick()
    assert len(index.revisions()) == 2


def test_a_comparison_that_fails_holds_up_nothing_and_is_tried_an_hour_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def broken() -> int:
        tried.append(None)
        raise SearchUnavailable("The index does not answer.")

    monkeypatch.setattr(house.catalogue.index, "reconcile_daily", broken)
    name = house.source()
    house.catalogue.runs.request(name)
    for _ in range(3):
        house.worker.tick()
    house.pump()
    assert len(house.states(name)) == len(tried) == 1
    assert house.catalogue.runs.of_source(name)[0].new == 2
    at(monkeypatch, hours=1)
    house.worker.tick()
    assert len(tried) == 2


def test_a_database_that_does_not_answer_is_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(worker.log, "warning", lambda _event, **fields: said.append(fields["reason"]))

    def broken(_moment: object) -> None:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(house.catalogue.sources, "due", broken)
    house.worker.tick()
    house.worker.tick()
    assert said == ["The database does not answer."]


def test_a_message_is_json_and_nothing_else_is_read() -> None:
    message = Message("id", "harvest", None, 0, 0, None, ("agency", 1), {})
    assert Messages().deserialize(Messages().serialize(message))[:2] == ("id", "harvest")
    with pytest.raises(ValueError, match="JSON"):
        Messages().deserialize(pickle.dumps(message))


@pytest.mark.parametrize("url", ["", "mysql://host/0", "file:///queue"])
def test_a_queue_of_another_kind_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="queue_url"):
        open_queue(Settings(data_dir=tmp_path, queue_url=url))


def test_a_queue_that_does_not_answer_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="queue"):
        waiting(Settings(data_dir=tmp_path, queue_url="redis://127.0.0.1:9/0"))


def test_redis_carries_the_messages(tmp_path: Path, redis_url: str) -> None:
    house = House(tmp_path)
    name = house.source()
    queue = open_queue(Settings(data_dir=tmp_path, queue_url=redis_url))
    worker = Worker(house.catalogue, queue)
    house.catalogue.runs.request(name)
    worker.tick()
    assert waiting(Settings(data_dir=tmp_path, queue_url=redis_url)) == 1
    while queue.pending_count():
        queue.execute(queue.dequeue())
    assert house.catalogue.runs.of_source(name)[0].new == 2
    house.catalogue.close()


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
