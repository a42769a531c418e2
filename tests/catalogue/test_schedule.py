"""Sources run when their cron text says, sooner and then ever later after failures, and never when paused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from factory import Feed, Memory, record, texts

from catalogue.errors import Invalid
from catalogue.service import Catalogue
from catalogue.sources import schedule
from dcat.model import Dataset
from harvesters.base import HarvestError

URL = "https://agency.example/feed"
Move = Callable[[timedelta], datetime]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def agency(catalogue: Catalogue, memory: Memory, move_clock: Move) -> Feed:
    """A source that runs every day at four."""
    catalogue.sources.add(URL, "memory", title="Agency", schedule="0  4 * * *")
    memory.feeds[URL] = Feed([record("a", Dataset(title=texts(fr="Arbres")))])
    return memory.feeds[URL]


def next_run(catalogue: Catalogue) -> datetime:
    """When the source is due."""
    due = catalogue.sources.named("agency").next_run
    assert due
    return due


def test_a_source_is_due_at_its_time_and_not_before(catalogue: Catalogue, agency: Feed) -> None:
    assert next_run(catalogue) == datetime(2026, 6, 2, 4, tzinfo=UTC)
    assert catalogue.sources.due(datetime(2026, 6, 2, 3, 59, tzinfo=UTC)) == []
    assert [source.name for source in catalogue.sources.due(datetime(2026, 6, 2, 4, tzinfo=UTC))] == ["agency"]


def test_a_source_that_waits_or_ran_is_not_due_again(catalogue: Catalogue, agency: Feed, move_clock: Move) -> None:
    move_clock(timedelta(days=1))
    assert catalogue.sources.due()
    catalogue.runs.request("agency")
    assert catalogue.sources.due() == []
    catalogue.runs.harvest("agency")
    assert catalogue.sources.due() == []
    assert next_run(catalogue) == datetime(2026, 6, 3, 4, tzinfo=UTC)


def test_a_paused_source_and_one_without_schedule_are_never_due(catalogue: Catalogue, agency: Feed) -> None:
    catalogue.sources.add("https://other.example/", "memory", title="Other")
    catalogue.sources.pause("agency")
    assert catalogue.sources.due(datetime(2030, 1, 1, tzinfo=UTC)) == []
    assert catalogue.sources.named("agency").next_run is None
    catalogue.sources.resume("agency")
    assert len(catalogue.sources.due(datetime(2030, 1, 1, tzinfo=UTC))) == 1


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
    assert next_run(catalogue) == datetime(2026, 6, 2, 4, tzinfo=UTC)


def test_a_source_that_asks_for_rest_is_left_alone(catalogue: Catalogue, agency: Feed) -> None:
    agency.error = HarvestError("RETRY_LATER", "Too many requests.", URL, retry_at=NOON + timedelta(hours=9))
    catalogue.runs.harvest("agency")
    assert next_run(catalogue) == NOON + timedelta(hours=9)


@pytest.mark.parametrize(
    "text", ["daily", "* * * *", "99 * * * *", "0 4 * * * * * *", "@daily", "0 0 31 2 *", "0 0 31 4 *"]
)
def test_a_schedule_that_is_no_cron_text_is_invalid(text: str) -> None:
    with pytest.raises(Invalid) as error:
        schedule.check(text)
    assert error.value.field == "schedule"


def test_a_leap_day_is_a_day() -> None:
    assert schedule.check("0 0 29 2 *") == "0 0 29 2 *"


def test_a_schedule_is_tidied() -> None:
    assert schedule.check("  0   4 * *  1-5 ") == "0 4 * * 1-5"
    assert schedule.check(" ") == ""
