"""Whether a source may be believed that nothing changed."""

import pytest

from harvesters.base import Crawl
from harvesters.news import SMALL, believed, nothing_changed


@pytest.mark.parametrize("total", [None, 0, SMALL])
def test_a_source_that_is_small_or_does_not_count_is_never_believed(total: int | None) -> None:
    first = Crawl()
    assert not nothing_changed(first, total, "2026-03")
    assert not nothing_changed(Crawl(known=first.validators), total, "2026-03")
    assert first.validators == {}


@pytest.mark.parametrize(("total", "newest"), [(SMALL + 2, "2026-03"), (SMALL, "2026-03"), (SMALL + 1, "2026-04")])
def test_another_number_of_records_or_another_date_is_a_change(total: int, newest: str) -> None:
    first = Crawl()
    nothing_changed(first, SMALL + 1, "2026-03")
    same, other = Crawl(known=first.validators), Crawl(known=first.validators)
    assert nothing_changed(same, SMALL + 1, "2026-03")
    assert same.unchanged
    assert not nothing_changed(other, total, newest)
    assert not other.unchanged


@pytest.mark.parametrize(("dates", "kept"), [(["2026-01", "2026-03"], True), (["2026-01", "2026-04"], False)])
def test_a_newest_date_that_a_record_contradicts_is_forgotten(dates: list[str], kept: bool) -> None:
    crawl = Crawl()
    nothing_changed(crawl, SMALL + 1, "2026-03")
    records = iter([(date, date) for date in dates])
    assert [date for date, _ in believed(records, crawl, ["2026-03"], lambda one: [one])] == dates
    assert bool(crawl.validators) is kept
