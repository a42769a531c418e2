"""How a test hands over the figure that it measured."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from promises.figures import PROMISES, Note, machine


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keeps a figure for the page and fails when it is not what was promised; `worse`: when that is known and said."""
    began = time.monotonic()

    def keep(
        promise: str, figure: str, *, holds: bool, part: str = "", wrong: object = "", worse: bool = False
    ) -> None:
        assert promise in {one.number for one in PROMISES}
        Note(
            promise=promise,
            part=part,
            figure=figure,
            held=holds and not worse,
            command=f"pytest {request.node.nodeid.partition('::')[0]}",
            date=datetime.now(UTC).date().isoformat(),
            seconds=round(time.monotonic() - began),
            machine=machine(),
        ).keep()
        assert holds, f"{promise}: {figure}\n{wrong}"

    return keep
