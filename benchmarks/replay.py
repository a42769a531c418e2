"""How long several take at once that did the same work one after the other, where they wait for each other's locks.

What one of them did is told by the moments at which it had taken a lock and gave it back. Played again with a
processor each, all go on as they did, but that whoever wants a lock waits until it is given back, in the order in
which they came for it. What they take from each other otherwise (caches, memory, the disk) is not in it.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch


class Moment(NamedTuple):
    """One change of a lock, by whoever works."""

    at: float
    """Seconds of work since some begin, without those for which it waited."""
    lock: str
    is_taken: bool
    """False where it is given back."""


@contextmanager
def noted(*locks: tuple[type, str], clock: Callable[[], float]) -> Iterator[list[Moment]]:
    """The moments at which each of these methods, context managers all, begins to hold and ends."""
    moments: list[Moment] = []

    def watched(lock: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @contextmanager
        def once(*given: Any) -> Iterator[Any]:
            with method(*given) as what:
                moments.append(Moment(clock(), lock, is_taken=True))
                try:
                    yield what
                finally:
                    moments.append(Moment(clock(), lock, is_taken=False))

        return once

    with ExitStack() as patches:
        for owner, name in locks:
            method = watched(f"{owner.__name__}.{name}", getattr(owner, name))
            patches.enter_context(patch.object(owner, name, method))
        yield moments


def held(moments: list[Moment]) -> float:
    """Seconds during which a lock is held, of several at once each."""
    return sum(-moment.at if moment.is_taken else moment.at for moment in moments)


class Work(NamedTuple):
    """What one of them did."""

    begin: float
    end: float
    moments: list[Moment]

    @property
    def steps(self) -> Iterator[tuple[float, Moment | None]]:
        """Seconds of work, and the change of a lock that follows; none follows the last."""
        last = self.begin
        for moment in self.moments:
            yield moment.at - last, moment
            last = moment.at
        yield self.end - last, None


def seconds_at_once(works: list[Work]) -> float:
    """Seconds until the last of them is done when all begin at once."""
    steps = [work.steps for work in works]
    waiting: dict[str, deque[int]] = {}
    """For each lock that is held, who waits for it."""
    now = 0.0
    due = [(seconds, who, moment) for who, (seconds, moment) in enumerate(map(next, steps))]
    heapq.heapify(due)

    def go_on(who: int) -> None:
        seconds, moment = next(steps[who])
        heapq.heappush(due, (now + seconds, who, moment))

    while due:
        now, who, moment = heapq.heappop(due)
        if moment is None:
            continue
        if not moment.is_taken:
            if others := waiting[moment.lock]:
                go_on(others.popleft())
            else:
                del waiting[moment.lock]
        elif moment.lock in waiting:
            waiting[moment.lock].append(who)
            continue
        else:
            waiting[moment.lock] = deque()
        go_on(who)
    return now
