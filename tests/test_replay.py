"""Work of one after the other, played again as if all had worked at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.replay import Moment, Work, held, noted, seconds_at_once


def work(begin: float, end: float, *locked: tuple[str, float, float]) -> Work:
    """What holds each lock from one moment to another."""
    changes = [Moment(taken, lock, is_taken=True) for lock, taken, _ in locked]
    changes += [Moment(back, lock, is_taken=False) for lock, _, back in locked]
    return Work(begin, end, sorted(changes))


@pytest.mark.parametrize(
    ("works", "expected"),
    [
        ([work(0, 10), work(10, 25)], 15),
        ([work(0, 10, ("a", 4, 6)), work(10, 20, ("a", 14, 16))], 12),
        ([work(0, 10, ("a", 4, 6)), work(10, 20, ("b", 14, 16))], 10),
        ([work(0, 10, ("a", 4, 6)), work(10, 20, ("a", 16, 18))], 10),
        ([work(0, 10, ("a", 4, 6))] * 4, 16),
        ([work(0, 10, ("a", 0, 10))] * 4, 40),
        ([work(0, 10, ("a", 2, 8), ("b", 4, 6)), work(0, 10, ("b", 5, 9))], 11),
    ],
    ids=[
        "without locks",
        "both want it",
        "two locks",
        "one after the other",
        "four",
        "nothing else",
        "one within another",
    ],
)
def test_only_who_wants_a_lock_that_is_held_waits(works: list[Work], expected: float) -> None:
    assert seconds_at_once(works) == expected


def test_whoever_came_first_for_a_lock_gets_it_first() -> None:
    early, late = work(0, 4, ("a", 2, 3)), work(0, 20, ("a", 3, 4))
    long = work(0, 10, ("a", 1, 9))
    assert seconds_at_once([late, early, long]) == 27


def test_moments_are_those_of_the_method_that_is_held() -> None:
    class Lock:
        @contextmanager
        def taking(self) -> Iterator[None]:
            yield

    ticks = iter([1.0, 3.0, 7.0, 8.0])
    with noted((Lock, "taking"), clock=lambda: next(ticks)) as moments:
        with Lock().taking():
            pass
        with pytest.raises(ValueError, match="raised"), Lock().taking():
            raise ValueError("raised")
    with Lock().taking():
        pass
    assert [(one.at, one.is_taken) for one in moments] == [(1, True), (3, False), (7, True), (8, False)]
    assert held(moments) == 3
