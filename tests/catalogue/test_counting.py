"""How many there are of what is listed page by page."""

import pytest

from catalogue.store.counting import number


@pytest.mark.parametrize("total", [0, 1, 4, 5, 11])
@pytest.mark.parametrize("offset", [0, 5, 10, 15])
def test_a_list_tells_itself_how_many_there_are_or_is_counted(total: int, offset: int) -> None:
    listed, counted = range(total)[offset : offset + 5], []

    def count() -> int:
        counted.append(total)
        return total

    assert number(listed, offset, 5, count) == total
    assert bool(counted) == (len(listed) == 5 or (not listed and offset > 0))
