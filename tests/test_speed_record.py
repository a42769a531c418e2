"""Each promise of speed has a measurement, the page is made from the record, and what became worse is shown."""

from pathlib import Path

import pytest

from benchmarks import record, speed, speed_page
from benchmarks.promises import PROMISES, NotMeasured, Promise
from benchmarks.record import Recorded

MOST = Promise("Part", "an answer", "`cat`", 2.0, "one")
LEAST = Promise("Part", "answers", "", 500, "one", "a second", is_least=True)
BOTH = {"most": MOST, "least": LEAST}


def recorded(figure: float) -> Recorded:
    """A figure."""
    return Recorded(figure, "1,000 entries", "2026-11-30", 1.0, "2 processors")


def test_each_promise_has_a_measurement_and_each_measurement_a_promise() -> None:
    assert {promise.by for promise in PROMISES.values()} == speed.MEASUREMENTS.keys()


def test_no_figure_is_recorded_of_what_nobody_promised() -> None:
    assert record.last().keys() <= PROMISES.keys()


def test_the_page_is_made_from_the_record() -> None:
    assert speed_page.PAGE.read_text("utf-8") == speed_page.page(record.last()), "python -m benchmarks.speed_page"


def test_the_page_says_what_is_kept_what_is_not_and_what_was_not_measured() -> None:
    page = speed_page.page({"most": recorded(2.5)}, BOTH)
    assert "**Of 2 promises 0 are kept.**" in page
    assert "Not kept:\n\n- an answer, beside `cat`" in page
    assert "Not measured yet:\n\n- answers" in page
    assert "| an answer | `cat` | ≤ 2 × | **not kept:** 2.50 × | 2026-11-30, 1,000 entries, load 1, `one` |" in page
    assert "| answers | — | ≥ 500 a second | **not measured yet** | `one` |" in page


@pytest.mark.parametrize(
    ("promise", "before", "now", "is_worse"),
    [(MOST, 1.0, 1.19, False), (MOST, 1.0, 1.21, True), (LEAST, 1000, 810, False), (LEAST, 1000, 790, True)],
)
def test_what_became_worse_by_more_than_a_fifth_is_marked(
    promise: Promise, before: float, now: float, is_worse: bool
) -> None:
    assert ("WORSE" in speed.line(promise, recorded(now), recorded(before))) == is_worse


def test_a_line_says_the_target_and_what_changed() -> None:
    line = " ".join(speed.line(MOST, recorded(2.2), recorded(2.0)).split())
    assert line == "an answer 2.20 × ≤ 2 × 1.10 of it +10% not kept beside `cat`"


def test_figures_that_were_not_measured_stay_recorded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(record, "FILE", tmp_path / "speed.json")
    record.keep({"home": recorded(2), "304": recorded(1)})
    assert record.keep({"home": recorded(3)}) == record.last() == {"home": recorded(3), "304": recorded(1)}


def test_a_measurement_that_gives_other_figures_than_promised_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = speed.Measurement(lambda _: iter([("304", 1.0)]), "nothing")
    monkeypatch.setitem(speed.MEASUREMENTS, "answers", other)
    with pytest.raises(ValueError, match="answers: promised are"):
        speed.figures("answers", tmp_path)


def test_what_cannot_be_measured_is_said_and_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_: object) -> record.Record:
        raise NotMeasured("there is no peer")

    monkeypatch.setattr(speed, "alone", missing)
    assert not [*speed.measured(["peers"], tmp_path, {})]
    assert "Not measured: there is no peer" in capsys.readouterr().out
