"""Sources run when their cron text says, sooner and then ever later after failures, and never when paused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from factory import Feed, Memory, record, texts

from catalogue.errors import Invalid, SettingsError
from catalogue.service import Catalogue
from catalogue.settings import Settings, check
from catalogue.sources import schedule
from catalogue.store.rows import SourceRow
from dcat.model import Dataset
from harvesters.base import HarvestError

URL = "https://agency.example/feed"
Move = Callable[[timedelta], datetime]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def agency(catalogue: Catalogue, memory: Memory, move_clock: Move) -> Feed:
    """A source that runs every day at four in Brussels: two hours earlier in UTC in summer."""
    catalogue.sources.add(URL, "memory", title="Agency", schedule="0  4 * * *")
    memory.feeds[URL] = Feed([record("a", Dataset(title=texts(fr="Arbres")))])
    return memory.feeds[URL]


def next_run(catalogue: Catalogue) -> datetime:
    """When the source is due."""
    due = catalogue.sources.named("agency").next_run
    assert due
    return due


def test_a_source_is_due_at_its_time_and_not_before(catalogue: Catalogue, agency: Feed) -> None:
    assert next_run(catalogue) == datetime(2026, 6, 2, 2, tzinfo=UTC)
    assert catalogue.sources.due(datetime(2026, 6, 2, 1, 59, tzinfo=UTC)) == []
    assert [source.name for source in catalogue.sources.due(datetime(2026, 6, 2, 2, tzinfo=UTC))] == ["agency"]


def test_a_source_that_waits_or_ran_is_not_due_again(catalogue: Catalogue, agency: Feed, move_clock: Move) -> None:
    move_clock(timedelta(days=1))
    assert catalogue.sources.due()
    catalogue.runs.request("agency")
    assert catalogue.sources.due() == []
    catalogue.runs.harvest("agency")
    assert catalogue.sources.due() == []
    assert next_run(catalogue) == datetime(2026, 6, 3, 2, tzinfo=UTC)


def test_a_paused_source_and_one_without_schedule_are_never_due(catalogue: Catalogue, agency: Feed) -> None:
    catalogue.sources.add("https://other.example/", "memory", title="Other")
    catalogue.sources.pause("agency")
    assert catalogue.sources.due(datetime(2030, 1, 1, tzinfo=UTC)) == []
    assert catalogue.sources.named("agency").next_run is None
    catalogue.sources.resume("agency")
    assert len(catalogue.sources.due(datetime(2030, 1, 1, tzinfo=UTC))) == 1


@pytest.mark.against("F-01")
def test_failed_runs_are_tried_again_ever_later(catalogue: Catalogue, agency: Feed) -> None:
    agency.error = HarvestError("TIMEOUT", "The source does not answer.", URL)
    waits = []
    for _ in range(12):
        assert catalogue.runs.harvest("agency").state == "failed"
        waits.append(next_run(catalogue) - NOON)
    minutes = [wait / timedelta(minutes=1) for wait in waits]
    expected = [min(5 * 2**n, 24 * 60) for n in range(12)]
    assert all(low <= got <= low * 1.1 for low, got in zip(expected, minutes, strict=True))
    agency.error = None
    catalogue.runs.harvest("agency")
    assert next_run(catalogue) == datetime(2026, 6, 2, 2, tzinfo=UTC)


@pytest.mark.against("F-04")
def test_a_source_that_asks_for_rest_is_left_alone(catalogue: Catalogue, agency: Feed) -> None:
    agency.error = HarvestError("RETRY_LATER", "Too many requests.", URL, retry_at=NOON + timedelta(hours=9))
    catalogue.runs.harvest("agency")
    assert next_run(catalogue) == NOON + timedelta(hours=9)


@pytest.mark.parametrize(
    "text",
    [
        "daily",
        "* * * *",
        "99 * * * *",
        "0 4 * * * * * *",
        "30 0 4 * * *",
        "0 4 * * * 2026",
        "@daily",
        "0 0 31 2 *",
        "0 0 31 4 *",
    ],
)
def test_a_schedule_that_is_no_cron_text_is_invalid(text: str) -> None:
    with pytest.raises(Invalid) as error:
        schedule.check(text)
    assert error.value.field == "schedule"


@pytest.mark.parametrize("text", ["0 0 31 2 *", "30 2 31 2 *", "0 0 31 4 *"])
def test_a_day_that_never_comes_is_said_to(text: str) -> None:
    with pytest.raises(Invalid, match="never comes: no such month has that day"):
        schedule.check(text)


def test_a_leap_day_is_a_day() -> None:
    assert schedule.check("0 0 29 2 *") == "0 0 29 2 *"


def test_a_schedule_is_tidied() -> None:
    assert schedule.check("  0   4 * *  1-5 ") == "0 4 * * 1-5"
    assert schedule.check(" ") == ""


ROW = SourceRow(
    id="x", name="x", title="", url="", kind="", publisher="", schedule="", config={}, active=True, created=NOON
)
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("cron", "after", "then"),
    [
        ("0 4 * * *", "2026-01-10T12:00Z", ["2026-01-11T03:00Z", "2026-01-12T03:00Z"]),
        ("0 4 * * *", "2026-07-10T12:00Z", ["2026-07-11T02:00Z", "2026-07-12T02:00Z"]),
        # 2026-03-29: 02:00 to 03:00 does not exist; it is made up for at 03:00 summer time
        ("30 2 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:30Z"]),
        # 2026-10-25: 02:00 to 03:00 comes twice, and counts once
        ("30 2 * * *", "2026-10-24T12:00Z", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]),
        # what runs by the hour goes on by the hour
        ("0 * * * *", "2026-10-25T00:30Z", ["2026-10-25T01:00Z", "2026-10-25T02:00Z"]),
    ],
)
def test_schedules_are_in_the_time_zone_of_the_region(cron: str, after: str, then: list[str]) -> None:
    moment, found = datetime.fromisoformat(after), []
    for _ in then:
        row = msgspec.structs.replace(ROW, schedule=cron, created=moment)
        due = schedule.next_run(row, BRUSSELS, 0, None, row.created)
        assert due
        found.append(due)
        moment = due
    assert found == [datetime.fromisoformat(one) for one in then]


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd"])
def test_a_time_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="timezone"):
        check(Settings(timezone=name))
