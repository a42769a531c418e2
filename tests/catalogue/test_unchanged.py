"""A source that answers 304 Not Modified: nothing is read, nothing written, nothing removed (F-27)."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import loopback
import pytest
from factory import open_catalogue
from loopback import Answer, Request

from catalogue.harvesting.run import Run
from catalogue.service import Catalogue
from catalogue.store.rows import RunRow

ENTRY = """
<https://town.example/id/{0}> a <http://www.w3.org/ns/dcat#Dataset> ;
    <http://purl.org/dc/terms/title> "Jeu {0}"@fr ; <http://purl.org/dc/terms/description> "Données"@fr ;
    <http://purl.org/dc/terms/source> <https://elsewhere.example/{0}> ; <https://x.example/unknown> "{0}" .
"""
NAMELESS = "<https://town.example/id/none> a <http://www.w3.org/ns/dcat#DataService> ; <http://p.example/a> 1 .\n"


class Site:
    """A feed with an ETag that changes with its content."""

    def __init__(self) -> None:
        self.names = "ab"
        self.answered: list[int] = []
        self.is_dead = False
        self.has_tag = True

    def body(self) -> bytes:
        return ("".join(ENTRY.format(name) for name in self.names) + NAMELESS).encode()

    def answer(self, request: Request) -> Answer:
        tag = f'"{self.names}"'
        status = 503 if self.is_dead else 304 if request.headers.get("if-none-match") == tag else 200
        self.answered.append(status)
        body = self.body() if status == 200 else b""
        tagged = {"ETag": tag} if self.has_tag else {}
        return Answer(body, "text/turtle" if body else "", status, {**tagged, "Retry-After": "1"})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def harvest(site: Site, database_url: str, tmp_path: Path) -> Iterator[Callable[..., RunRow]]:
    """Runs the one source; with other settings when they are given."""
    opened: list[Catalogue] = []

    def run(*, full: bool = False, **settings: object) -> RunRow:
        catalogue, _ = open_catalogue(
            tmp_path / "var", database_url=database_url, fetch_allow=loopback.LOOPBACK, **settings
        )
        opened.append(catalogue)
        known = catalogue.sources.all()
        name = known[0].name if known else catalogue.sources.add(server.url("/feed.ttl"), "dcat", title="Town").name
        return catalogue.runs.harvest(name, full=full)

    with loopback.running(loopback.site(site.answer)) as server:
        yield run
    for one in opened:
        one.close()


def catalogue_of(tmp_path: Path, database_url: str) -> Catalogue:
    return open_catalogue(tmp_path / "var", database_url=database_url, fetch_allow=loopback.LOOPBACK)[0]


@pytest.mark.against("F-27")
def test_an_unchanged_source_writes_nothing(site: Site, harvest: Callable[..., RunRow]) -> None:
    first, second, third = harvest(), harvest(), harvest()
    assert site.answered == [200, 304, 304]
    assert (first.seen, first.new, first.refused) == (3, 2, 1)
    for run in (second, third):
        assert (run.seen, run.same, run.refused, run.new, run.changed, run.removed) == (3, 2, 1, 0, 0, 0)
        assert (run.writes, run.complete, run.state) == (0, True, "done-with-findings")
        assert (run.unread, run.findings) == (first.unread, first.findings)
    assert {found.rule for found in first.findings} == {"reference-outside", "not-read"}
    assert first.unread


def test_the_same_bytes_are_not_parsed_again(
    site: Site, harvest: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    site.has_tag = False
    first = harvest()
    with monkeypatch.context() as patched:
        patched.setattr("harvesters.dcat_feed._parsed", lambda *_: pytest.fail("parsed again"))
        second, third = harvest(), harvest()
    assert site.answered == [200, 200, 200]
    for run in (second, third):
        assert (run.seen, run.same, run.refused, run.writes, run.complete) == (3, 2, 1, 0, True)
        assert (run.unread, run.findings) == (first.unread, first.findings)
    site.names = "abc"
    assert (harvest().new, harvest(full=True).same) == (1, 3)
    site.names = "ac"
    assert harvest().seen == 3


def test_the_report_of_such_a_run_tells_every_record(
    harvest: Callable[..., RunRow], tmp_path: Path, database_url: str
) -> None:
    harvest()
    run = harvest()
    catalogue = catalogue_of(tmp_path, database_url)
    assert sorted(row.outcome for row in catalogue.runs.outcomes(run.id)) == ["REFUSED", "SAME", "SAME"]
    catalogue.close()


def test_entries_are_confirmed_by_it(
    harvest: Callable[..., RunRow],
    tmp_path: Path,
    database_url: str,
    move_clock: Callable[[timedelta], datetime],
) -> None:
    harvest()
    now = move_clock(timedelta(days=3))
    harvest()
    catalogue = catalogue_of(tmp_path, database_url)
    assert {row.checked for row in catalogue.entries.recent()} == {now}
    catalogue.close()


def test_a_source_is_believed_for_a_week(
    site: Site, harvest: Callable[..., RunRow], move_clock: Callable[[timedelta], datetime]
) -> None:
    """However often it says that nothing changed, everything is read a week after it was read last."""
    for _ in range(4):
        harvest()
        move_clock(timedelta(days=3))
    assert site.answered == [200, 304, 304, 200]


def test_a_change_is_read(site: Site, harvest: Callable[..., RunRow]) -> None:
    harvest()
    site.names = "abc"
    assert harvest().new == 1
    assert harvest().same == 3
    assert site.answered == [200, 200, 304]


def test_a_full_run_and_a_run_with_other_settings_read_everything(site: Site, harvest: Callable[..., RunRow]) -> None:
    harvest()
    harvest(full=True)
    harvest(show_persons=True)
    assert site.answered == [200, 200, 200]
    harvest(show_persons=True)
    assert site.answered[-1] == 304


def test_new_software_reads_everything(
    site: Site, harvest: Callable[..., RunRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    harvest()
    monkeypatch.setattr("catalogue.ingest.fingerprint._code", lambda: b"the next version")
    harvest()
    assert site.answered == [200, 200]


def test_what_is_missing_is_still_removed(site: Site, harvest: Callable[..., RunRow]) -> None:
    harvest()
    site.names = "a"
    assert (harvest().held, harvest().removed, harvest().same) == (1, 1, 1)
    assert site.answered == [200, 200, 200, 304]


def test_what_was_withdrawn_stays_away_and_what_was_put_back_is_read_again(
    site: Site, harvest: Callable[..., RunRow], tmp_path: Path, database_url: str
) -> None:
    harvest()
    catalogue = catalogue_of(tmp_path, database_url)
    (source,) = catalogue.sources.all()
    catalogue.records.withdraw(source.name, "https://town.example/id/a")
    assert (harvest().restored, len(catalogue.entries.recent())) == (0, 1)
    catalogue.records.put_back(source.name, "https://town.example/id/a")
    assert harvest().restored == 1
    catalogue.records.push(
        source.name, "https://town.example/id/a", ENTRY.format("a").replace("Jeu", "Set").encode(), "text/turtle"
    )
    assert harvest().changed == 1
    assert set(site.answered) == {200}
    catalogue.close()


def test_a_source_registered_again_is_read(
    site: Site, harvest: Callable[..., RunRow], tmp_path: Path, database_url: str
) -> None:
    harvest()
    catalogue = catalogue_of(tmp_path, database_url)
    catalogue.sources.remove(catalogue.sources.all()[0].name)
    assert harvest().restored == 2
    assert site.answered == [200, 200]
    catalogue.close()


def test_a_failure_between_changes_nothing(site: Site, harvest: Callable[..., RunRow]) -> None:
    harvest()
    site.is_dead = True
    assert harvest().state == "failed"
    site.is_dead = False
    run = harvest()
    assert (run.same, run.writes, site.answered[-1]) == (2, 0, 304)


@pytest.mark.parametrize("how", ["pushed", "withdrawn"])
def test_what_changed_while_a_run_went_on_is_compared_by_the_next_one(
    site: Site, harvest: Callable[..., RunRow], tmp_path: Path, database_url: str, how: str
) -> None:
    harvest()
    site.names = "abc"
    other = catalogue_of(tmp_path, database_url)
    source = other.sources.all()[0].name
    close = Run.close

    def meanwhile(run: Run) -> None:
        if how == "pushed":
            body = ENTRY.format("a").replace("Jeu a", "De la main").encode()
            other.records.push(source, "https://town.example/id/a", body, "text/turtle")
        else:
            other.records.withdraw(source, "https://town.example/id/a")
        close(run)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "close", meanwhile)
        harvest()
    run = harvest()
    assert site.answered == [200, 200, 200]
    assert (run.changed, run.restored) == ((1, 0) if how == "pushed" else (0, 0))
    kept = {"Jeu a"} if how == "pushed" else set()
    assert {row.entry.title[0].value for row in other.entries.recent()} == {*kept, "Jeu b", "Jeu c"}
    harvest()
    assert site.answered[-1] == 304
    other.close()
