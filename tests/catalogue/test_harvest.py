"""One source from begin to end: whatever happens, the run ends with a state and sums that add up."""

import gc
import itertools
import json
import os
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from factory import Feed, Memory, file, open_catalogue, record, texts

from catalogue import clock
from catalogue.errors import Conflict, NotFound, Unavailable
from catalogue.harvesting import coming
from catalogue.harvesting.events import run_event
from catalogue.ingest import raw_records
from catalogue.search.base import IndexBusy, Query
from catalogue.service import Catalogue
from catalogue.store import leases
from catalogue.store import runs as stored_runs
from catalogue.store.rows import RunRow
from dcat.model import Agent, Dataset, Date, Iri
from harvesters import remarks
from harvesters.base import HarvestError, RawRecord

URL = "https://agency.example/feed"


def records(count: int, start: int = 0) -> list[RawRecord]:
    """Records of a source."""
    return [
        record(f"r{n:03}", Dataset(title=texts(fr=f"Jeu {n:03}"), description=texts(fr="Un jeu.")))
        for n in range(start, start + count)
    ]


def bad(identifier: str, body: bytes) -> RawRecord:
    """A record that cannot be published."""
    return RawRecord(identifier=identifier, body=body, media_type="application/x-memory")


@pytest.fixture
def agency(catalogue: Catalogue, memory: Memory) -> Callable[..., RunRow]:
    """Runs a source that gives this feed."""
    catalogue.sources.add(URL, "memory", title="Agency")

    def run(*given: RawRecord, progress: Any = None, **feed: Any) -> RunRow:
        memory.feeds[URL] = Feed(list(given), **feed)
        return catalogue.runs.harvest("agency", progress=progress)

    return run


def adds_up(run: RunRow) -> bool:
    """Invariant I5."""
    return run.seen == run.new + run.changed + run.same + run.skipped + run.refused + run.failed


def test_sums_add_up_and_match_the_report(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    agency(*records(5))
    changed = record("r000", Dataset(title=texts(fr="Autre"), description=texts(fr="Un autre.")))
    run = agency(changed, *records(3, 1), *records(2, 10), bad("s", b"skip"), bad("x", b"{"), bad("f", b"fault"))
    assert adds_up(run)
    assert (run.seen, run.new, run.changed, run.same, run.skipped, run.refused, run.failed) == (9, 2, 1, 3, 1, 1, 1)
    report = catalogue.runs.outcomes(run.id)
    for outcome in ("new", "changed", "same", "skipped", "refused", "failed", "held"):
        expected = getattr(run, outcome)
        assert len([row for row in report if row.outcome == outcome.upper()]) == expected, outcome
        assert len(catalogue.runs.outcomes(run.id, outcome=outcome.upper())) == expected, outcome


def test_the_report_of_an_earlier_run_stays_as_it_was(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    first = agency(*records(3), bad("x", b"{"))
    before = catalogue.runs.outcomes(first.id), catalogue.runs.finding_groups(first.id)
    agency(*records(3))
    agency(record("r000", Dataset(title=texts(fr="Autre"))), *records(2, 1))
    assert (catalogue.runs.outcomes(first.id), catalogue.runs.finding_groups(first.id)) == before


def test_a_report_can_be_paged(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    run = agency(*records(7))
    pages = [catalogue.runs.outcomes(run.id, offset=start, limit=3) for start in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert [row.identifier for page in pages for row in page] == [f"r{n:03}" for n in range(7)]


def test_an_unchanged_source_writes_nothing(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    given = [*records(5), bad("s", b"skip"), bad("x", b"{"), bad("f", b"fault")]
    agency(*given)
    before = tables(catalogue)
    run = agency(*given)
    assert (run.writes, run.seen, run.same) == (0, 8, 5)
    assert tables(catalogue) == before
    assert catalogue.index.catch_up() == 0


def tables(catalogue: Catalogue) -> dict[str, list[Any]]:
    """Every row of the tables that hold records."""
    names = ("records", "entries", "contents", "links", "outcomes", "findings", "agents", "publishers", "counters")
    with catalogue._database.read() as tx:
        return {name: sorted(map(repr, tx.exec_driver_sql(f"SELECT * FROM {name}"))) for name in names}


def test_events_tell_what_happens_and_end_with_the_run(agency: Callable[..., RunRow]) -> None:
    events: list[dict[str, Any]] = []
    run = agency(*records(2), progress=events.append)
    assert [event["event"] for event in events] == ["start", "record", "record", "run"]
    assert events[1] == {
        "event": "record",
        "identifier": "r000",
        "outcome": "NEW",
        "name": "jeu-000",
        "reason": "",
        "findings": events[1]["findings"],
    }
    assert events[-1] == run_event(run)
    assert list(json.loads(json.dumps(events[-1]))) == [
        *("event", "run", "source", "state", "seen", "new", "changed", "same", "skipped", "refused", "failed"),
        *("removed", "held", "restored", "writes", "seconds", "error"),
    ]


@pytest.mark.against("F-14")
def test_the_first_of_two_records_with_one_identifier_counts(
    catalogue: Catalogue, agency: Callable[..., RunRow]
) -> None:
    double = record("r000", Dataset(title=texts(fr="Le double"), description=texts(fr="Un double.")))
    given = [*records(2), double]
    run = agency(*given)
    assert (run.seen, run.new, run.skipped) == (3, 2, 1)
    assert [finding.rule for finding in run.findings] == ["duplicate-identifier"]
    assert catalogue.entries.named("dataset", "jeu-000")
    with pytest.raises(NotFound):
        catalogue.entries.named("dataset", "le-double")
    assert agency(*given).writes == 0


def test_of_remarks_that_repeat_only_as_many_as_anybody_reads_are_kept(
    agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remarks, "MOST", 3)
    again = [
        record("r000", Dataset(title=texts(fr="Le double"), description=texts(fr="Un double."))) for _ in range(20)
    ]
    run = agency(*records(2), *again)
    assert (run.seen, run.skipped, [one.rule for one in run.findings]) == (22, 20, ["duplicate-identifier"] * 3)


def test_a_source_that_fails_keeps_what_came_and_what_was(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    agency(*records(3))
    broken = HarvestError("NOT_A_FEED", "Line 7: the document ends in the middle.", f"{URL}?page=2")
    run = agency(*records(1), *records(2, 10), error=broken)
    assert (run.state, run.error_code, run.error_where) == ("failed", "NOT_A_FEED", f"{URL}?page=2")
    assert run.error == "Line 7: the document ends in the middle."
    assert (run.seen, run.new, run.removed, run.complete) == (3, 2, 0, False)
    assert adds_up(run)
    assert catalogue.entries.counts().datasets == 5


def test_what_is_told_of_a_failure_is_bounded(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    run = agency(bad("x", b"x" * 5000), error=HarvestError("NOT_A_FEED", "y" * 5000, "z" * 5000))
    (row,) = catalogue.runs.outcomes(run.id)
    assert max(map(len, (run.error, run.error_where, row.reason))) <= 1000


def test_a_fault_of_ours_fails_the_run_with_a_sentence(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    run = agency(*records(2), error=KeyError("oops"))
    assert (run.state, run.error_code, run.new) == ("failed", "FAULT", 2)
    assert "oops" not in run.error


def test_a_stopped_run_is_aborted_and_the_next_one_starts(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    with pytest.raises(KeyboardInterrupt):
        agency(*records(2), error=KeyboardInterrupt())
    (run,) = catalogue.runs.of_source("agency")
    assert (run.state, run.error_code) == ("aborted", "STOPPED")
    assert agency(*records(2)).state == "done"


def test_too_few_records_make_a_run_incomplete(agency: Callable[..., RunRow]) -> None:
    run = agency(*records(2), declared=5)
    assert (run.state, run.complete) == ("done-with-findings", False)
    assert run.incomplete == ("The source says that it has 5 records, but 2 came.",)


def test_the_unknown_fields_of_unchanged_records_are_still_reported(agency: Callable[..., RunRow]) -> None:
    odd = [
        bad(f"r{n}", json.dumps({"kind": "dataset", "entry": {"title": [{"value": "A"}]}, "unread": True}).encode())
        for n in range(3)
    ]
    assert agency(*odd).unread == {"x:unknown": 3}
    assert agency(*odd).unread == {"x:unknown": 3}


@pytest.mark.against("F-25")
def test_a_slow_source_is_saved_as_it_comes(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "BATCH_SECONDS", 0.0)
    sizes: list[int] = []
    real = raw_records.take

    def take(*args: Any, **more: Any) -> None:
        sizes.append(len(args[2]))
        real(*args, **more)

    monkeypatch.setattr(raw_records, "take", take)
    assert agency(*records(3)).new == 3
    assert sizes == [1, 1, 1]


def test_the_collector_is_patient_only_during_a_run(agency: Callable[..., RunRow]) -> None:
    before, during = gc.get_threshold(), []
    agency(*records(1), progress=lambda _: during.append(gc.get_threshold()))
    assert during[0] == (100_000, 20, 100)
    assert gc.get_threshold() == before


def test_history_is_bounded_but_keeps_what_stands(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue.runs, "_settings", replace(catalogue.settings, keep_runs=3))
    for number in range(8):
        agency(*records(3), record("moving", Dataset(title=texts(fr=f"Titre {number}"))))
    assert len(catalogue.runs.of_source("agency", limit=100)) == 3
    outcomes = tables(catalogue)["outcomes"]
    assert len(outcomes) == 3 + 3
    newest = catalogue.runs.of_source("agency")[0]
    assert {row.outcome for row in catalogue.runs.outcomes(newest.id)} == {"SAME", "CHANGED"}
    assert catalogue.records.outcome("agency", "r000").outcome == "NEW"


def test_a_source_that_never_gave_anything_is_asked_ever_again(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue.runs, "_settings", replace(catalogue.settings, keep_runs=2))
    refused = HarvestError("REFUSED", "It does not answer.")
    assert [agency(error=refused).state for _ in range(4)] == ["failed"] * 4
    assert len(catalogue.runs.of_source("agency", limit=100)) == 2


# --- one run at a time -----------------------------------------------------------------------------------------------


def test_two_runs_at_once_are_one(catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]) -> None:
    refused: list[str] = []

    def again(event: dict[str, Any]) -> None:
        if event["event"] == "record":
            try:
                catalogue.runs.harvest("agency")
            except Conflict as error:
                refused.append(str(error))

    run = agency(*records(1), progress=again)
    assert run.state == "done"
    assert refused == ["A run of this source is going on already."]


@pytest.mark.against("F-31")
def test_many_workers_on_one_source_run_it_once_at_a_time(catalogue: Catalogue, memory: Memory) -> None:
    memory.feeds[URL] = Feed(records(30))
    catalogue.sources.add(URL, "memory", title="Agency")
    ended: list[str] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            ended.append(catalogue.runs.harvest("agency").state)
        except Conflict:
            ended.append("conflict")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "done" in ended
    assert set(ended) <= {"done", "conflict"}
    assert catalogue.entries.counts().datasets == 30
    assert sum(run.new for run in catalogue.runs.of_source("agency")) == 30


def test_a_request_waits_once_and_is_taken_once(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    first, second = catalogue.runs.request("agency"), catalogue.runs.request("agency", full=True)
    assert first.id == second.id
    assert (second.state, second.full) == ("queued", True)
    assert catalogue.runs.waiting(clock.now()) == [second.queued]
    done = agency(*records(1))
    assert (done.id, done.full) == (first.id, True)
    assert catalogue.runs.waiting(clock.now()) == []
    assert catalogue.runs.take() is None


@pytest.mark.against("F-33")
def test_many_requests_at_once_make_one_run(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    start = threading.Barrier(6)

    def request(full: bool) -> int:
        start.wait()
        return catalogue.runs.request("agency", full=full).id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(request, [False, True] * 3))) == 1
    (run,) = catalogue.runs.of_source("agency")
    assert (run.state, run.full) == ("queued", True)


def test_a_paused_source_does_not_run(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    catalogue.sources.pause("agency")
    with pytest.raises(Conflict, match="paused"):
        agency(*records(1))
    with pytest.raises(Conflict, match="paused"):
        catalogue.runs.request("agency")
    catalogue.sources.resume("agency")
    assert agency(*records(1)).state == "done"


def dead_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def start_run(catalogue: Catalogue, worker: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """A run that another worker has begun."""
    id = catalogue.runs.request("agency").id
    with monkeypatch.context() as patch, catalogue._database.write() as tx:
        patch.setattr(leases, "worker", lambda: worker)
        stored_runs.start(tx, id, catalogue.sources.named("agency").id, clock.now())
    return id


def test_the_run_of_a_dead_process_is_reaped_at_once(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    host = leases.worker().rpartition(":")[0]
    id = start_run(catalogue, f"{host}:{dead_process()}", monkeypatch)
    assert agency(*records(1)).state == "done"
    dead = catalogue.runs.numbered(id)
    assert (dead.state, dead.error_code) == ("aborted", "ABORTED")


def test_a_run_elsewhere_is_reaped_only_after_its_lease(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    id = start_run(catalogue, "elsewhere:1", monkeypatch)
    with pytest.raises(Conflict):
        agency(*records(1))
    assert catalogue.runs.reap() == []
    with catalogue._database.write() as tx:
        tx.exec_driver_sql("UPDATE runs SET lease = '2020-01-01 00:00:00.000000'")
    assert catalogue.runs.reap() == [id]
    assert catalogue.runs.numbered(id).state == "aborted"


@pytest.mark.against("F-32")
def test_a_run_that_slept_through_its_lease_writes_nothing_more(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "BATCH", 1)

    def reaped_meanwhile(event: dict[str, Any]) -> None:
        if event.get("identifier") == "r001":
            with catalogue._database.write() as tx:
                tx.exec_driver_sql("UPDATE runs SET lease = '2020-01-01 00:00:00.000000'")
            catalogue.runs.reap()

    run = agency(*records(5), progress=reaped_meanwhile)
    assert (run.state, run.error_code) == ("aborted", "ABORTED")
    assert (run.new, catalogue.entries.counts().datasets) == (2, 2)
    assert agency(*records(5)).new == 3


# --- the database goes away ------------------------------------------------------------------------------------------


@pytest.mark.against("F-35")
def test_a_database_that_fails_in_the_middle_fails_the_run(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)

    def save(*_: Any, **_more: Any) -> int:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr("catalogue.store.records.save", save)
    run = agency(*records(2))
    assert (run.state, run.error_code, run.seen) == ("failed", "STORE_UNAVAILABLE", 0)


@pytest.mark.against("F-35")
def test_a_deadlock_in_the_middle_is_tried_again_and_counted_once(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    real = stored_runs.hold
    failures = iter([True, True, False])

    def hold(*args: Any, **more: Any) -> None:
        real(*args, **more)
        if next(failures, False):
            raise Unavailable("deadlock detected")

    monkeypatch.setattr(stored_runs, "hold", hold)
    run = agency(*records(3))
    assert (run.state, run.seen, run.new) == ("done", 3, 3)


@pytest.mark.against("F-37")
def test_an_index_that_does_not_answer_leaves_the_work_for_later(
    catalogue: Catalogue, agency: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> int:
        raise IndexBusy("Another process is writing.")

    with monkeypatch.context() as patch:
        patch.setattr(catalogue.index.engine, "put", busy)
        run = agency(*records(3))
    assert (run.state, run.new) == ("done", 3)
    assert catalogue.index.status()["waiting"] == 3
    assert catalogue.index.catch_up() == 3
    assert catalogue.index.status()["waiting"] == 0


# --- order of sources ------------------------------------------------------------------------------------------------


def snapshot(folder: Path, order: tuple[int, ...]) -> list[Any]:
    """What three sources leave behind, harvested in that order, twice."""
    catalogue, memory = open_catalogue(folder)
    shared = {
        0: Agent(name=texts(fr="Agence de la canopée")),
        1: Agent(iri=Iri("https://canopee.example/"), name=texts(fr="Agence de la canopée", nl="Kruinagentschap")),
        2: Agent(iri=Iri("https://canopee.example/"), name=texts(fr="Agence de la canopée")),
    }
    for number in (*order, *order):
        url = f"https://agency{number}.example/feed"
        entries = [
            Dataset(
                title=texts(fr=f"Jeu {number} {n}"),
                publisher=shared[number],
                distribution=(file(f"https://agency{number}.example/{n}.csv", "CSV"),),
            )
            for n in range(4)
        ]
        memory.feeds[url] = Feed([record(f"{n}", entry) for n, entry in enumerate(entries)])
        if url not in {source.url for source in catalogue.sources.all()}:
            catalogue.sources.add(url, "memory", title=f"Agency {number}")
        catalogue.runs.harvest(f"agency-{number}")
    rows = [catalogue.entries.named(piece.kind, piece.name) for piece in catalogue.pieces.all()]
    seen = [(row.id, row.name, row.iri, getattr(row, "entry", None)) for row in rows]
    publishers = [(p.name, p.iri, p.title, p.datasets) for p in catalogue.publishers.all()]
    lines = [sorted(set("".join(catalogue.feed.alone(piece.id)).splitlines())) for piece in catalogue.pieces.all()]
    catalogue.close()
    return [seen, publishers, lines]


def test_sources_in_any_order_give_the_same_catalogue(
    tmp_path: Path, move_clock: Callable[[timedelta], datetime]
) -> None:
    results = [snapshot(tmp_path / "-".join(map(str, order)), order) for order in itertools.permutations(range(3))]
    assert all(result == results[0] for result in results)


@pytest.mark.against("F-22")
def test_a_clock_that_jumps_back_hides_no_change(
    agency: Callable[..., RunRow], catalogue: Catalogue, move_clock: Callable[[timedelta], datetime]
) -> None:
    ahead = Dataset(title=texts(fr="Jeu"), description=texts(fr="Un jeu."), modified=Date("2031-01-01"))
    assert agency(record("a", ahead), record("b", ahead)).state == "done"
    move_clock(timedelta(days=-2))
    changed = record("a", msgspec.structs.replace(ahead, title=texts(fr="Autre jeu")))
    run = agency(changed, record("b", ahead))
    assert (run.state, run.changed, run.same) == ("done", 1, 1)
    catalogue.index.catch_up()
    assert catalogue.index.search(Query(text="autre")).count == 1
    assert agency(changed, record("b", ahead)).writes == 0


def test_workers_are_told_by_host_and_process() -> None:
    assert leases.worker().endswith(f":{os.getpid()}")
