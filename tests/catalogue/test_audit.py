"""The audit: who changed what is written with the change or not at all, without a secret, and stays as it was."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from commands import invoke
from factory import Feed, Memory, record, texts
from sqlalchemy import delete, update

from catalogue import audit
from catalogue.audit import acting
from catalogue.errors import Conflict, NotFound
from catalogue.service import Catalogue
from catalogue.sources.editing import Change
from catalogue.stopping import Stop
from catalogue.store.tables import audit as table
from dcat.model import Dataset

URL = "https://agency.example/feed"


def dataset(name: str) -> Dataset:
    return Dataset(title=texts(fr=name), description=texts(fr=f"Les {name}."))


def told(catalogue: Catalogue) -> list[tuple[str, str]]:
    """What was done to what, oldest first."""
    return [(row.what, row.subject) for row in catalogue.audit.all()][::-1]


@pytest.fixture
def agency(catalogue: Catalogue, memory: Memory) -> Catalogue:
    """A catalogue with one source, harvested."""
    memory.feeds[URL] = Feed([record(f"r{n}", dataset(f"jeu {n}")) for n in range(12)])
    with acting("command line anna"):
        catalogue.sources.add(URL, "memory", title="Agency", schedule="0 3 * * *", config={"color": "red"})
    catalogue.runs.harvest("agency")
    return catalogue


def test_who_what_when_from_what_to_what(agency: Catalogue) -> None:
    with acting("key odc_1a2B3c…"):
        agency.sources.pause("agency")
        agency.sources.pause("agency")  # it is paused already: nothing changes
        agency.sources.resume("agency")
    resumed, paused, added = agency.audit.all()
    assert (paused.who, paused.what, paused.subject) == ("key odc_1a2B3c…", "source.pause", "agency")
    assert (paused.before, paused.after) == ({"active": True}, {"active": False})
    assert (resumed.what, resumed.before, resumed.after) == ("source.resume", {"active": False}, {"active": True})
    assert added.who == "command line anna"
    assert added.before == {}
    assert added.after["url"] == URL
    assert added.after["config"] == {"color": "red"}
    assert added.at <= paused.at <= resumed.at


def test_what_is_decided_on_removals_moves_and_records(agency: Catalogue, memory: Memory) -> None:
    memory.feeds[URL] = Feed([record(f"r{n}", dataset(f"jeu {n}")) for n in range(6)])
    for decide in (agency.runs.keep_removals, agency.runs.approve_removals):
        run = agency.runs.harvest("agency", full=True)
        if run.state == "held":
            decide("agency", run.id)
    body = record("bancs", dataset("bancs")).body
    for _ in range(2):  # the second time changes nothing
        agency.records.push("agency", "bancs", body, "application/json")
    agency.records.withdraw("agency", "bancs")
    assert told(agency)[1:] == [
        ("removals.keep", "agency"),
        ("record.push", "agency bancs"),
        ("record.withdraw", "agency bancs"),
    ]
    withdrawn, pushed, kept = list(agency.audit.all())[:3]
    assert kept.after == {"run": 2, "entries": 6}
    assert pushed.before == {"version": ""}
    assert withdrawn.before["version"] == pushed.after["version"] != ""
    assert pushed.who == audit.NOBODY


def test_keys_and_no_secret(catalogue: Catalogue) -> None:
    key, row = catalogue.keys.create("Ville", ("harvest", "operator"))
    catalogue.keys.revoke(row.id)
    catalogue.keys.revoke(row.id)
    with catalogue._database.write() as tx:
        audit.record(tx, "source.edit", "x", after={"config": {"api_key": key, "url": f"https://u:{key}@a.example/"}})
    edited, revoked, created = catalogue.audit.all()
    assert (created.what, created.subject) == ("key.create", f"{row.prefix}… of ville")
    assert created.after["scopes"] == ["harvest", "operator"]
    assert revoked.before == {"revoked": None}
    assert key not in repr([edited, revoked, created])
    assert edited.after["config"]["url"] == "https://u:***@a.example/"


def test_a_source_that_is_edited(agency: Catalogue) -> None:
    secret = {"basic": "anna:hush hush"}
    agency.sources.edit("agency", Change(title="The agency", config={"color": "blue"}, credentials=secret))
    agency.sources.edit("agency", Change(title="The agency"))  # nothing changes
    edited, _added = agency.audit.all()
    assert edited.what == "source.edit"
    assert edited.before == {"title": "Agency", "config": {"color": "red"}, "credentials": ""}
    assert edited.after == {"title": "The agency", "config": {"color": "blue"}, "credentials": "given anew"}
    assert "hush" not in repr(edited)


def test_what_fails_leaves_no_line(agency: Catalogue) -> None:
    before = told(agency)
    with pytest.raises(NotFound):
        agency.sources.pause("nobody")
    with pytest.raises(Conflict):
        agency.sources.add(URL, "memory", title="Agency")
    with pytest.raises(NotFound):
        agency.records.withdraw("agency", "nothing")
    with pytest.raises(ZeroDivisionError):
        edit_and_break(agency)
    assert told(agency) == before
    assert agency.audit.first_broken() is None


def edit_and_break(catalogue: Catalogue) -> None:
    """A change that breaks after its line was written."""
    with catalogue._database.write() as tx:
        audit.record(tx, "source.edit", "agency", after={"title": "New"})
        1 / 0  # noqa: B018


def test_many_who_write_at_the_same_time_make_one_chain(catalogue: Catalogue) -> None:
    def change(n: int) -> None:
        with acting(f"key {n}"):
            catalogue.keys.create(f"Ville {n}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change, range(24)))
    rows = list(catalogue.audit.all())
    assert {row.who for row in rows} == {f"key {n}" for n in range(24)}
    assert catalogue.audit.first_broken() is None


@pytest.mark.parametrize("tamper", [update(table).values(who="nobody"), delete(table)], ids=["changed", "taken away"])
def test_a_line_that_was_changed_is_missed(tamper: object, catalogue: Catalogue) -> None:
    for name in ("a", "b", "c"):
        catalogue.keys.create(name)
    middle = list(catalogue.audit.all())[1]
    with catalogue._database.write() as tx:
        tx.execute(tamper.where(table.c.id == middle.id))
    broken = catalogue.audit.first_broken()
    assert broken
    assert broken.id in {middle.id, middle.id + 1}


def test_a_year_is_kept(
    catalogue: Catalogue, move_clock: Callable[[timedelta], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "FORGOTTEN", 2)
    for name in "abcde":
        catalogue.keys.create(name)
    move_clock(timedelta(days=300))
    catalogue.keys.create("f")
    catalogue.tidying.all()
    assert len(told(catalogue)) == 6
    move_clock(timedelta(days=67))
    catalogue.tidying.all()  # for the first time after so long, when nothing is forgotten yet
    assert len(told(catalogue)) == 6
    catalogue.tidying.all()
    assert [row.subject.rpartition(" ")[2] for row in catalogue.audit.all()] == ["f"]
    assert catalogue.audit.first_broken() is None
    move_clock(timedelta(days=400))
    stop = Stop()
    stop.ask()
    audit.forget(catalogue._database, stop, timedelta(days=366))
    assert len(told(catalogue)) == 1


def test_the_command(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    invoke(tmp_path, "source", "add", "https://a.example/", "--kind", "dcat", "--title", "Agency\x1b[2J")
    invoke(tmp_path, "source", "pause", "agency-2j")
    out, _ = invoke(tmp_path, "audit")
    first, change, *_ = out.splitlines()
    assert "source.pause  agency-2j  command line " in first
    assert change == "    active: true → false"
    assert "\x1b" not in out
    lines = [json.loads(line) for line in invoke(tmp_path, "audit", "--json", "--since", "2026-01-01")[0].splitlines()]
    assert [line["what"] for line in lines] == ["source.pause", "source.add"]
    assert invoke(tmp_path, "audit", "--since", "2999-01-01T00:00:00+02:00")[0] == ""
    assert "no day or moment" in invoke(tmp_path, "audit", "--since", "yesterday", expect=2)[1]
    assert invoke(tmp_path, "audit", "--verify")[0] == "Every line is as it was written.\n"


def test_who_signs_in_is_the_key_that_was_shown(catalogue: Catalogue) -> None:
    key, row = catalogue.keys.create("Ville")
    catalogue.sessions.open(catalogue.keys.authenticate(key))
    opened = next(catalogue.audit.all())
    assert (opened.what, opened.who) == ("session.open", f"key {row.prefix}…")
