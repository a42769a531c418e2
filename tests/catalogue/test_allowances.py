"""How often somebody may do something, counted by several processes on either database."""

from collections.abc import Callable
from datetime import datetime, timedelta

from catalogue.allowances import Allowances
from catalogue.service import Catalogue
from catalogue.store.database import Database

Move = Callable[[timedelta], datetime]


def process(catalogue: Catalogue) -> tuple[Allowances, Database]:
    """Another process that counts in the same database."""
    database = Database(catalogue.settings.database)
    return Allowances(database, lambda: b"secret of the tests"), database


def test_processes_know_together_what_one_does_alone(catalogue: Catalogue, move_clock: Move) -> None:
    (one, first), (two, second) = process(catalogue), process(catalogue)
    waits = [(one, two)[number % 2].take("search", "anna", 20) for number in range(40)]
    assert 20 <= waits.count(0) <= 24
    assert set(waits) == {0, 60}
    assert one.take("search", "bert", 20) == one.take("check", "anna", 20) == 0
    move_clock(timedelta(minutes=1))
    assert one.take("search", "anna", 20) == 0
    for database in (first, second):
        database.close()


def test_who_did_it_too_often_waits_without_doing_it_again(catalogue: Catalogue, move_clock: Move) -> None:
    one, database = process(catalogue)
    for _ in range(3):
        assert one.wait("key", "anna", 3) == 0
        one.take("key", "anna", 3)
    move_clock(timedelta(seconds=20))
    assert one.wait("key", "anna", 3) == 40
    move_clock(timedelta(seconds=40))
    assert one.wait("key", "anna", 3) == 0
    database.close()
