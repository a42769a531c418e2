"""Which names were met."""

import tracemalloc

import pytest

from catalogue.publishing import names_met
from catalogue.publishing.names_met import NamesMet


def test_who_was_met_is_known_and_nobody_else() -> None:
    names = NamesMet()
    assert [names.meet(f"urn:{number}") for number in range(20_000)] == [False] * 20_000
    assert all(names.meet(f"urn:{number}") for number in range(20_000))
    assert "urn:7" in names
    assert "urn:20000" not in names


class Numbered(str):
    """A text whose number is told."""

    __slots__ = ("number",)

    def __hash__(self) -> int:
        return self.number


def numbered(number: int) -> Numbered:
    """A text with that number."""
    name = Numbered(number)
    name.number = number
    return name


def test_a_number_that_two_others_make_side_by_side_was_not_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_met, "FOLDERS", 1)
    names = NamesMet()
    for number in (1 << 32, 2 << 32, 3, 4):
        names.meet(numbered(number))
    halves = (1 << 32).to_bytes(8, "little") + (2 << 32).to_bytes(8, "little")
    between = numbered(int.from_bytes(halves[4:12], "little"))
    assert between not in names
    assert not names.meet(between)
    assert names.meet(between)
    assert all(numbered(number) in names for number in (1 << 32, 2 << 32, 3, 4))


def test_a_name_takes_a_few_bytes() -> None:
    names = NamesMet()
    tracemalloc.start()
    for number in range(100_000):
        names.meet(f"https://data.example.org/id/dataset/{number}/file/1")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 20 * 100_000
