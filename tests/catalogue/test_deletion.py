"""A bad day at the agency must not empty the catalogue: the deletion rule, case by case (robustness 3.1)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from factory import Feed, Memory, record, texts

from catalogue.errors import Conflict, NotFound
from catalogue.harvesting import retirement
from catalogue.search.base import Query
from catalogue.service import Catalogue
from catalogue.store.missing import Absent
from catalogue.store.rows import EntryRow, RunRow, Tombstone
from catalogue.store.tables import metadata
from dcat.model import Dataset
from harvesters.base import HarvestError, RawRecord

sa = pytest.importorskip("sqlalchemy")

URL = "https://agency.example/feed"
BROKEN = HarvestError("HTTP_STATUS", "The last page answers 500.", f"{URL}?page=10")


def records(count: int) -> list[RawRecord]:
    """Records of a source."""
    return [
        record(f"r{n:03}", Dataset(title=texts(fr=f"Jeu {n:03}"), description=texts(fr="Un jeu.")))
        for n in range(count)
    ]


# --- what people see -------------------------------------------------------------------------------------------------


@pytest.fixture
def agency(catalogue: Catalogue, memory: Memory) -> Callable[..., RunRow]:
    """Runs a source of twenty records of which the first ones are missing."""
    catalogue.sources.add(URL, "memory", title="Agency")

    def run(missing: int = 0, total: int = 20) -> RunRow:
        memory.feeds[URL] = Feed(records(total)[missing:])
        return catalogue.runs.harvest("agency")

    run()
    return run


def test_what_is_missing_once_is_kept_and_said(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    run = agency(missing=2)
    assert (run.state, run.removed, run.held) == ("done", 0, 2)
    held = catalogue.runs.outcomes(run.id, outcome="HELD")
    assert [row.identifier for row in held] == ["r000", "r001"]
    assert all("next complete run" in row.reason for row in held)


@pytest.mark.against("F-20")
def test_what_is_missing_twice_becomes_a_tombstone_everywhere(
    catalogue: Catalogue, agency: Callable[..., RunRow]
) -> None:
    before = catalogue.entries.named("dataset", "jeu-000")
    assert isinstance(before, EntryRow)
    assert agency(missing=1).removed == 0
    run = agency(missing=1)
    assert run.removed == 1
    stone = catalogue.entries.named("dataset", "jeu-000")
    assert isinstance(stone, Tombstone)
    assert (stone.id, stone.iri, stone.title) == (before.id, before.iri, texts(fr="Jeu 000"))
    assert stone.reason == "MISSING_AT_SOURCE"
    assert catalogue.index.search(Query(text="000")).count == 0
    assert before.id not in {piece.id for piece in catalogue.pieces.all()}
    assert [row.id for row in catalogue.entries.removed()] == [before.id]
    (row,) = catalogue.runs.outcomes(run.id, outcome="REMOVED")
    assert (row.identifier, row.name, row.reason) == ("r000", "jeu-000", "The source no longer lists it.")
    assert agency(missing=1).writes == 0


def test_what_comes_back_before_it_is_removed_was_never_gone(
    catalogue: Catalogue, agency: Callable[..., RunRow]
) -> None:
    before = catalogue.entries.named("dataset", "jeu-000")
    agency(missing=2)
    assert agency().same == 20
    agency(missing=2)
    assert (agency().removed, catalogue.entries.counts().datasets) == (0, 20)
    after = catalogue.entries.named("dataset", "jeu-000")
    assert isinstance(before, EntryRow)
    assert isinstance(after, EntryRow)
    assert (after.iri, after.revision) == (before.iri, before.revision)
    assert agency().writes == 0


@pytest.mark.against("F-21")
def test_what_comes_back_later_has_its_old_address(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    before = catalogue.entries.named("dataset", "jeu-000")
    agency(missing=1)
    agency(missing=1)
    run = agency()
    after = catalogue.entries.named("dataset", "jeu-000")
    assert isinstance(before, EntryRow)
    assert isinstance(after, EntryRow)
    assert (after.id, after.iri, after.name, after.entry) == (before.id, before.iri, before.name, before.entry)
    assert (run.restored, run.changed, run.same) == (1, 1, 19)
    assert run.seen == run.new + run.changed + run.same + run.skipped + run.refused + run.failed
    (row,) = catalogue.runs.outcomes(run.id, outcome="RESTORED")
    assert row.identifier == "r000"
    assert catalogue.index.search(Query(text="000")).count == 1


def test_an_incomplete_run_between_two_complete_ones_does_not_count(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]
) -> None:
    agency(missing=1)
    memory.feeds[URL] = Feed(records(20)[1:], incomplete=["The answer was cut."])
    assert catalogue.runs.harvest("agency").removed == 0
    assert agency(missing=1).removed == 1


def test_a_record_that_turns_private_is_removed_like_a_missing_one(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]
) -> None:
    private = RawRecord(identifier="r000", body=b"skip", media_type="application/x-memory")
    memory.feeds[URL] = Feed([private, *records(20)[1:]])
    runs = [catalogue.runs.harvest("agency") for _ in range(4)]
    assert [(run.skipped, run.removed) for run in runs] == [(1, 0), (1, 1), (1, 0), (1, 0)]
    assert runs[-1].writes == 0
    assert agency().restored == 1


def test_a_removed_record_that_comes_back_bad_is_not_read_for_ever(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]
) -> None:
    agency(missing=1)
    agency(missing=1)
    bad = RawRecord(identifier="r000", body=b"{", media_type="application/x-memory")
    memory.feeds[URL] = Feed([bad, *records(20)[1:]])
    runs = [catalogue.runs.harvest("agency") for _ in range(2)]
    assert [run.refused for run in runs] == [1, 1]
    assert runs[-1].writes == 0


def test_a_record_that_goes_bad_is_not_missing(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]
) -> None:
    bad = [RawRecord(identifier=f"r{n:03}", body=b"fault", media_type="application/x-memory") for n in range(20)]
    memory.feeds[URL] = Feed(bad)
    runs = [catalogue.runs.harvest("agency") for _ in range(3)]
    assert [(run.failed, run.removed, run.held) for run in runs] == [(20, 0, 0)] * 3
    assert catalogue.entries.counts().datasets == 20


def test_a_held_run_shows_the_names_and_a_person_may_confirm(
    catalogue: Catalogue, agency: Callable[..., RunRow]
) -> None:
    runs = [agency(missing=9) for _ in range(3)]
    assert {(run.state, run.held, run.removed) for run in runs} == {("held", 9, 0)}
    assert len(catalogue.runs.outcomes(runs[-1].id, outcome="HELD")) == 9
    held = catalogue.runs.held("agency")
    assert held
    assert held.id == runs[-1].id
    with pytest.raises(Conflict, match=f"Run {held.id} looked"):
        catalogue.runs.approve_removals("agency", runs[0].id)
    assert catalogue.runs.approve_removals("agency", held.id) == 9
    assert catalogue.entries.counts().datasets == 11
    assert isinstance(catalogue.entries.named("dataset", "jeu-000"), Tombstone)
    assert catalogue.runs.held("agency") is None
    with pytest.raises(Conflict, match="what it saw has changed"):
        catalogue.runs.approve_removals("agency", held.id)
    assert agency(missing=9).state == "done"


def kept_rows(catalogue: Catalogue) -> dict[str, list[str]]:
    """Everything that the store holds but for the runs themselves, and when the source was last seen."""
    passing = {"runs", "sources", "watched"}
    with catalogue._database.read() as tx:
        return {
            str(table.name): sorted(map(repr, tx.execute(sa.select(table))))
            for table in metadata.sorted_tables
            if table.name not in passing
        }


@pytest.mark.parametrize("missing", [9, 20], ids=["many", "all"])
def test_a_held_source_that_does_not_change_writes_nothing(
    catalogue: Catalogue, agency: Callable[..., RunRow], missing: int
) -> None:
    runs = [agency(missing=missing) for _ in range(retirement.AGREEING_RUNS + 3)]
    counting, settled = runs[: retirement.AGREEING_RUNS], runs[retirement.AGREEING_RUNS :]
    assert all(run.writes for run in counting)  # that runs agree is counted, for the hold to end some day
    assert [(run.state, run.writes) for run in settled] == [("held", 0)] * 3
    catalogue.notices.tell()
    before = kept_rows(catalogue)
    assert agency(missing=missing).writes == 0
    catalogue.notices.tell()
    assert kept_rows(catalogue) == before


def test_an_approval_removes_what_its_run_missed_or_nothing(
    catalogue: Catalogue, agency: Callable[..., RunRow]
) -> None:
    held = agency(missing=9)
    back = records(1)[0]
    catalogue.records.push("agency", "r000", back.body, "application/json")
    with pytest.raises(Conflict, match="held 9 removals, and 8 are left"):
        catalogue.runs.approve_removals("agency", held.id)
    assert catalogue.entries.counts().datasets == 20
    done = agency(missing=0)
    with pytest.raises(Conflict, match="holds nothing"):
        catalogue.runs.approve_removals("agency", done.id)
    with pytest.raises(NotFound):
        catalogue.runs.approve_removals("agency", done.id + 1)


def test_what_a_person_keeps_stays_and_is_missed_no_more_until_it_is_listed_again(
    catalogue: Catalogue, agency: Callable[..., RunRow]
) -> None:
    held = agency(missing=9)
    assert catalogue.runs.keep_removals("agency", held.id) == 9
    runs = [agency(missing=9) for _ in range(3)]
    assert {(run.state, run.held, run.removed) for run in runs} == {("done", 0, 0)}
    assert catalogue.entries.counts().datasets == 20
    assert catalogue.records.outcome("agency", "r000").code == "KEPT"
    agency(missing=0)
    assert [agency(missing=2).removed for _ in range(2)] == [0, 2]


def test_a_pushed_record_is_not_retired_by_a_harvest(catalogue: Catalogue, agency: Callable[..., RunRow]) -> None:
    with catalogue._database.write() as tx:
        tx.exec_driver_sql("UPDATE entries SET pushed = true WHERE identifier = 'r000'")
    assert [agency(missing=1).removed for _ in range(3)] == [0, 0, 0]
    assert catalogue.entries.counts().datasets == 20


def test_removing_a_source_removes_its_entries_and_only_those(catalogue: Catalogue, memory: Memory) -> None:
    for url, title in ((URL, "Agency"), ("https://beta.example/feed", "Beta")):
        memory.feeds[url] = Feed(records(3))
        catalogue.runs.harvest(catalogue.sources.add(url, "memory", title=title).name)
    assert catalogue.sources.remove("agency") == 3
    assert catalogue.entries.counts().datasets == 3
    assert {stone.reason for stone in catalogue.entries.removed()} == {"SOURCE_REMOVED"}
    catalogue.index.catch_up()
    assert catalogue.index.status()["documents"] == 3
    with pytest.raises(NotFound):
        catalogue.sources.named("agency")


def test_a_source_that_is_registered_again_gets_back_its_entries(
    catalogue: Catalogue, agency: Callable[..., RunRow]
) -> None:
    before = catalogue.entries.named("dataset", "jeu-003")
    catalogue.sources.remove("agency")
    catalogue.sources.add(URL, "memory", title="Another name")
    run = agency()
    after = catalogue.entries.named("dataset", "jeu-003")
    assert (run.restored, run.new) == (20, 0)
    assert isinstance(after, EntryRow)
    assert (after.id, after.iri) == (before.id, before.iri)


def test_what_was_removed_long_ago_leaves_only_its_tombstone(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    memory.feeds[URL] = Feed(records(3))
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agency").name)
    catalogue.records.withdraw("agency", "r000")
    move_clock(timedelta(days=29))
    assert catalogue.tidying.all() == 0
    move_clock(timedelta(days=2))
    assert catalogue.tidying.all() == 1
    assert catalogue.tidying.all() == 0
    assert isinstance(catalogue.entries.named("dataset", "jeu-000"), Tombstone)
    with pytest.raises(NotFound):
        catalogue.records.raw("agency", "r000")
    catalogue.records.put_back("agency", "r000")
    assert catalogue.runs.harvest("agency").restored == 1


# --- the rule by itself ----------------------------------------------------------------------------------------------

NOW = datetime(2026, 6, 10, tzinfo=UTC)


def absent(count: int, runs: int, since: timedelta) -> tuple[Absent, ...]:
    """So many entries that so many runs missed."""
    return tuple(Absent(f"{n}", f"{n}", runs, NOW - since, "SAME", "", n) for n in range(count))


@pytest.mark.parametrize(
    ("count", "runs", "hours", "released"),
    [(11, 3, 72, True), (30, 3, 72, True), (31, 9, 999, False), (11, 2, 999, False), (11, 9, 71, False)],
)
def test_a_hold_is_released_only_by_agreement_over_time_and_never_above_thirty_percent(
    count: int, runs: int, hours: int, released: bool
) -> None:
    plan = retirement.plan(absent(count, runs, timedelta(hours=hours)), 100, NOW)
    assert plan.is_held is not released
    assert len(plan.remove) == (count if released else 0)


def test_runs_that_do_not_agree_release_nothing() -> None:
    old, fresh = absent(11, 5, timedelta(days=9)), absent(1, 1, timedelta(0))
    assert retirement.plan((*old, *fresh), 100, NOW).is_held


def test_what_the_source_says_it_deleted_goes_at_once_unless_it_is_much() -> None:
    plan = retirement.plan(absent(3, 1, timedelta(0)), 100, NOW, {"1"})
    assert [one.identifier for one in plan.remove] == ["1"]
    assert [one.identifier for one, code, _ in plan.keep if code == "MISSING_ONCE"] == ["0", "2"]
    many = absent(11, 1, timedelta(0))
    assert retirement.plan(many, 100, NOW, {one.identifier for one in many}).is_held
    assert retirement.plan(absent(3, 1, timedelta(0)), 3, NOW, {"0", "1", "2"}).is_held


@pytest.mark.against("F-07")
def test_a_source_that_lists_nothing_is_never_released() -> None:
    assert retirement.plan(absent(4, 99, timedelta(days=99)), 4, NOW).is_held


def test_a_hold_over_three_days_is_released_in_practice(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    memory.feeds[URL] = Feed(records(40))
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agency").name)
    memory.feeds[URL] = Feed(records(40)[10:])
    states = []
    for _ in range(4):
        move_clock(timedelta(days=1))
        run = catalogue.runs.harvest("agency")
        states.append((run.state, run.removed))
    assert states == [("held", 0), ("held", 0), ("held", 0), ("done", 10)]


# --- strangers -------------------------------------------------------------------------------------------------------


def strangers(count: int) -> list[RawRecord]:
    """Records of another catalogue."""
    return [
        record(f"x{n:03}", Dataset(title=texts(fr=f"Autre {n:03}"), description=texts(fr="Un autre.")))
        for n in range(count)
    ]


def held_back(run: RunRow) -> list[str]:
    return [one.value for one in run.findings if one.rule == "records-held-back"]


def test_another_catalogue_at_the_address_is_not_published(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]
) -> None:
    memory.feeds[URL] = Feed(strangers(3))
    run = catalogue.runs.harvest("agency")
    assert (run.state, run.seen, run.skipped, run.new, run.held) == ("held", 3, 3, 0, 20)
    (said,) = held_back(run)
    assert all(f"x00{n}" in said for n in range(3))
    assert catalogue.entries.counts().datasets == 20
    assert catalogue.runs.harvest("agency").new == 0
    memory.feeds[URL] = Feed(records(20))
    assert catalogue.runs.harvest("agency").same == 20


def test_the_new_catalogue_is_published_when_somebody_approves(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]
) -> None:
    memory.feeds[URL] = Feed(strangers(3))
    run = catalogue.runs.harvest("agency")
    assert catalogue.runs.approve_removals("agency", run.id) == 20
    assert catalogue.runs.harvest("agency").new == 3


def test_new_records_wait_for_known_ones_and_then_flow(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]
) -> None:
    memory.feeds[URL] = Feed([*strangers(30), *records(20)])
    run = catalogue.runs.harvest("agency")
    assert (run.state, run.seen, run.new, run.same, held_back(run)) == ("done", 50, 30, 20, [])


def test_known_records_under_other_identifiers_are_no_strangers(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]
) -> None:
    memory.feeds[URL] = Feed(
        [
            record(f"other-{n}", Dataset(title=texts(fr=f"Jeu {n:03}"), description=texts(fr="Un jeu.")))
            for n in range(20)
        ]
    )
    run = catalogue.runs.harvest("agency")
    assert (run.state, run.new, held_back(run)) == ("held", 20, [])


def test_strangers_of_a_run_that_breaks_off_are_not_published(
    catalogue: Catalogue, memory: Memory, agency: Callable[..., RunRow]
) -> None:
    memory.feeds[URL] = Feed(strangers(3), error=BROKEN)
    run = catalogue.runs.harvest("agency")
    assert (run.state, run.seen, run.new) == ("failed", 0, 0)
    assert catalogue.entries.counts().datasets == 20
