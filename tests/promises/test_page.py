"""The page lists every promise, and what it says of each was measured."""

import re

from promises.figures import PROMISES, ROOT
from promises.page import page, row

PAGE = (ROOT / "docs" / "reference" / "promises.md").read_text("utf-8")
ROWS = dict(re.findall(r"^\| (Q\d+) \| (.+) \|$", PAGE, flags=re.MULTILINE))


def test_every_promise_has_a_line_with_a_figure_or_the_reason_why_there_is_none() -> None:
    assert list(ROWS) == [promise.number for promise in PROMISES] == [f"Q{n}" for n in range(1, 26)]
    for promise in PROMISES:
        what, target, figure, _ = ROWS[promise.number].split(" | ")
        assert (what, target) == (promise.what, promise.target)
        assert re.search(r"\d|not measured", figure), promise.number


def test_a_promise_of_which_nothing_is_known_is_said_not_to_be_measured() -> None:
    assert "not measured" in row(PROMISES[0], [])
    assert page([]).count("not measured") == 25
