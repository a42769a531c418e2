"""Whether an update is overdue, by the frequency that the publisher promises."""

from datetime import date

import pytest

from catalogue.ingest.lateness import late_from


@pytest.mark.parametrize(
    ("frequency", "modified", "late"),
    [
        ("MONTHLY", "2026-05-01", False),
        ("MONTHLY", "2026-04-28", False),
        ("MONTHLY", "2026-04-27", True),
        ("DAILY", "2026-05-30", False),
        ("DAILY", "2026-05-29", True),
        ("ANNUAL", "2025-04-27T23:00:00Z", False),
        ("ANNUAL", "2025-04-20", True),
        ("HOURLY", "2020-01-01", None),
        ("CONT", "2020-01-01", None),
        ("IRREG", "2020-01-01", None),
        ("UNKNOWN", "2020-01-01", None),
        ("", "2020-01-01", None),
        ("MONTHLY", None, None),
        ("MONTHLY", "spring", None),
        ("MONTHLY", "2026-02-30", None),
        ("MONTHLY", "2026-04", False),
        ("MONTHLY", "2026-03", True),
        ("ANNUAL", "2025", False),
        ("TRIDECENNIAL", "9990-01-01", None),
        ("NO_SUCH", "2020-01-01", None),
    ],
)
def test_late_is_what_its_own_rhythm_says(frequency: str, modified: str | None, late: bool | None) -> None:
    start = late_from(modified, frequency)
    assert (None if start is None else start <= date(2026, 6, 1)) is late


def test_the_first_late_day_is_the_one_after_the_grace() -> None:
    assert late_from("2026-04-28", "MONTHLY") == date(2026, 6, 2)
