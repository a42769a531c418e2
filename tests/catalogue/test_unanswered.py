"""Words that find nothing are counted; nothing about a person is ever written down."""

import re
import sqlite3
import threading
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from catalogue import clock
from catalogue import tidying as forgetting
from catalogue.publishing import unanswered_words
from catalogue.publishing.unanswered_words import Tally, countable
from catalogue.service import Catalogue
from catalogue.store import unanswered as stored

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> object:
    """Sets the clock to a number of days after the first."""
    return lambda days: monkeypatch.setattr(clock, "now", lambda: DAY + timedelta(days=days))


def ask(catalogue: Catalogue, *texts: str) -> None:
    """Notes searches, as on one day, and writes what was counted."""
    for text in texts:
        catalogue.unanswered.note(text)
    catalogue.unanswered._tally.flush()


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Licornes", "licornes"),
        ("  Qualité  de l'air ", "qualite de air"),
        ("budget 2026", "budget 2026"),
        ("code postal 1050", "code postal 1050"),
        ("jan@example.org", ""),
        ("https://example.org/x", ""),
        ("www.example.org", ""),
        ("0475123456", ""),
        ("0475 12 34 56", ""),
        ("85.07.30-033.28", ""),
        ("BE68539007547034", ""),
        ("one two three four five", ""),
        ("x" * 31, ""),
        ("word " * 13, ""),
        ("???", ""),
        ("", ""),
    ],
)
def test_what_may_be_about_a_person_is_not_counted(text: str, counted: str) -> None:
    assert countable(text) == counted


@given(st.text())
def test_what_is_counted_is_short_and_has_no_long_number(text: str) -> None:
    counted = countable(text)
    assert len(counted.split()) <= unanswered_words.MOST_WORDS
    assert "@" not in counted
    assert not re.search(r"[0-9]{5}", counted)
    assert all(len(word) <= unanswered_words.LONGEST_WORD for word in counted.split())


def test_words_are_published_after_three_different_days(catalogue: Catalogue, on: object) -> None:
    for day, published in ((0, []), (0, []), (1, []), (4, ["licornes"])):
        on(day)  # type: ignore[operator]
        ask(catalogue, "Licornes", "licornes")
        assert [one.words for one in catalogue.unanswered.published()] == published
    [one] = catalogue.unanswered.published()
    assert (one.times, one.first, one.last) == (8, "2026-03-01", "2026-03-05")


def test_the_most_asked_for_come_first(catalogue: Catalogue, on: object) -> None:
    for day in range(3):
        on(day)  # type: ignore[operator]
        ask(catalogue, "licornes", "dragons", "dragons")
    assert [one.words for one in catalogue.unanswered.published()] == ["dragons", "licornes"]
    assert [one.words for one in catalogue.unanswered.published(limit=1)] == ["dragons"]


def test_until_then_the_words_stand_nowhere(tmp_path: Path, empty_catalogue: tuple[Catalogue, object]) -> None:
    catalogue, _ = empty_catalogue
    ask(catalogue, "licornes", "licornes")
    catalogue.close()
    for file in (tmp_path / "var").rglob("*"):
        assert file.is_dir() or b"licornes" not in file.read_bytes(), file


def test_the_hash_needs_the_key() -> None:
    assert unanswered_words.hashed(b"one", "licornes") != unanswered_words.hashed(b"other", "licornes")


def test_what_nobody_asks_for_any_more_is_forgotten(catalogue: Catalogue, on: object) -> None:
    for day in range(3):
        on(day)  # type: ignore[operator]
        ask(catalogue, "licornes")
    on(2 + forgetting.FORGOTTEN_AFTER.days)  # type: ignore[operator]
    catalogue.tidying.all()
    assert catalogue.unanswered.published()
    on(3 + forgetting.FORGOTTEN_AFTER.days)  # type: ignore[operator]
    catalogue.tidying.all()
    assert catalogue.unanswered.published() == []


def test_the_table_stays_small_and_keeps_what_is_asked_for_most(
    catalogue: Catalogue, on: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "ROWS_KEPT", 5)
    for day in range(3):
        on(day)  # type: ignore[operator]
        ask(catalogue, "licornes", "licornes")
        ask(catalogue, *(f"nonsense {letter}{day}" for letter in "abcdefgh"))
    assert [one.words for one in catalogue.unanswered.published()] == ["licornes"]


def test_counting_that_fails_is_logged_without_the_words() -> None:
    def broken(_counts: Mapping[str, int]) -> None:
        raise OSError("disk full")

    tally = Tally(broken)
    tally.add("licornes")
    with capture_logs() as said:
        tally.flush()
    assert [(one["event"], one["error"]) for one in said] == [("unanswered.lost", "disk full")]
    assert "licornes" not in str(said)
    tally.add("licornes")
    tally.flush()


def test_a_locked_database_holds_up_nobody(tmp_path: Path, empty_catalogue: tuple[Catalogue, object]) -> None:
    catalogue, _ = empty_catalogue
    catalogue.unanswered.note("licornes")
    with closing(sqlite3.connect(tmp_path / "var" / "catalogue.sqlite", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        flushing = threading.Thread(target=catalogue.unanswered.flush)
        flushing.start()
        flushing.join(0.5)
        catalogue.unanswered.note("dragons")
        assert flushing.is_alive()  # it waits for the database, and whoever searches does not wait for it
        writer.execute("ROLLBACK")
        flushing.join()
        catalogue.unanswered.flush()
        assert writer.execute("SELECT times FROM unanswered").fetchall() == [(1,), (1,)]


def test_a_flood_is_not_gathered() -> None:
    written: list[Mapping[str, int]] = []
    tally = Tally(written.append)
    for number in range(2 * unanswered_words.GATHERED):
        tally.add(f"word {number}")
    tally.add("word 0")
    tally.flush()
    assert len(written[0]) == unanswered_words.GATHERED
    assert written[0]["word 0"] == 2
    tally.flush()
    assert len(written) == 1


def test_what_was_counted_is_written_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unanswered_words, "PAUSE", 0.01)
    written = threading.Event()
    tally = Tally(lambda _counts: written.set())
    tally.add("licornes")
    assert written.wait(60)
