"""Changing a source: what it is may change, who it and its records are does not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from factory import Feed, Memory, record, texts

from catalogue.errors import Conflict, Invalid, NotFound
from catalogue.service import Catalogue
from catalogue.sources.editing import Change
from catalogue.store.rows import EntryRow
from dcat.model import Dataset

OLD, NEW = "https://agency.example/feed", "https://data.agency.example/catalogue"


@pytest.fixture
def source(catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]) -> str:
    """A source that was read once."""
    move_clock(timedelta(0))
    name = catalogue.sources.add(OLD, "memory", title="Agency", schedule="0 3 * * *", config={"color": "red"}).name
    memory.feeds[OLD] = Feed([record(f"d{number}", Dataset(title=texts(fr=f"Jeu {number}"))) for number in range(20)])
    assert catalogue.runs.harvest(name).new == 20
    return name


def entry_of(catalogue: Catalogue, name: str, identifier: str) -> EntryRow:
    row = catalogue.entries.find(catalogue.records.outcome(name, identifier).name)
    assert isinstance(row, EntryRow)
    return row


def test_a_new_address_keeps_every_identity(catalogue: Catalogue, memory: Memory, source: str) -> None:
    before, entry = catalogue.sources.named(source), entry_of(catalogue, source, "d1")
    memory.feeds[NEW] = memory.feeds.pop(OLD)
    assert catalogue.runs.harvest(source).state == "failed"
    after = catalogue.sources.edit(source, Change(url=NEW))
    assert (after.url, after.id, after.name, after.title) == (NEW, before.id, before.name, before.title)
    run = catalogue.runs.harvest(source)
    assert (run.same, run.new, run.changed, run.held) == (20, 0, 0, 0)
    assert entry_of(catalogue, source, "d1") == entry


def test_an_address_where_little_is_left_is_held_as_ever(catalogue: Catalogue, memory: Memory, source: str) -> None:
    memory.feeds[NEW] = Feed([record("else", Dataset(title=texts(fr="Autre chose")))])
    catalogue.sources.edit(source, Change(url=NEW))
    run = catalogue.runs.harvest(source)
    assert (run.state, run.held, run.removed) == ("held", 20, 0)


def test_a_failing_source_with_a_new_address_is_due_at_once(
    catalogue: Catalogue, memory: Memory, source: str, move_clock: Callable[[timedelta], datetime]
) -> None:
    memory.feeds.clear()
    for _ in range(6):
        catalogue.runs.harvest(source)
    now = move_clock(timedelta(0))
    waiting = catalogue.sources.named(source).next_run
    assert waiting is not None
    assert waiting > now + timedelta(hours=2)
    after = catalogue.sources.edit(source, Change(url=NEW)).next_run
    assert after is not None
    assert after < waiting


def test_who_was_at_an_address_stays_who_it_is_when_somebody_else_comes(
    catalogue: Catalogue, memory: Memory, source: str
) -> None:
    entry = entry_of(catalogue, source, "d1")
    catalogue.sources.edit(source, Change(url=NEW))
    other = catalogue.sources.add(OLD, "memory", title="Newcomer")
    assert other.id != catalogue.sources.named(source).id
    assert catalogue.runs.harvest(other.name).new == 20
    assert entry_of(catalogue, source, "d1") == entry
    with pytest.raises(Conflict, match="'newcomer'"):
        catalogue.sources.edit(source, Change(url=f"{OLD}/"))
    assert catalogue.sources.named(source).url == NEW


def test_what_changes_how_records_are_read_reads_them_again(catalogue: Catalogue, memory: Memory, source: str) -> None:
    memory.read.clear()
    catalogue.sources.edit(source, Change(title="Agence", schedule="0 5 * * *"))
    catalogue.runs.harvest(source)
    assert memory.read == []
    row = catalogue.sources.edit(source, Change(publisher="Ville", config={"language": "fr", "color": None}))
    assert (row.title, row.schedule, row.publisher, row.config) == ("Agence", "0 5 * * *", "ville", {"language": "fr"})
    catalogue.runs.harvest(source)
    assert len(memory.read) == 20


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change(url="ftp://agency.example/"), "url"),
        (Change(url="https://user:word@agency.example/"), "url"),
        (Change(title=" "), "title"),
        (Change(schedule="at noon"), "schedule"),
        (Change(config={"colour": "red"}), "config"),
        (Change(config={"color": 1}), "config"),
        (Change(credentials={"token": "x"}), "credentials"),
        (Change(url=NEW, title="Fine", credentials={}), "credentials"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    catalogue: Catalogue, source: str, change: Change, field: str
) -> None:
    before = catalogue.sources.named(source)
    with pytest.raises(Invalid) as caught:
        catalogue.sources.edit(source, change)
    assert caught.value.field == field
    assert catalogue.sources.named(source) == before
    with pytest.raises(NotFound):
        catalogue.sources.edit("nobody", change)


@pytest.mark.parametrize(
    "other",
    ["https://p.example/", "https://p.example/api/3", "https://P.example/dataset/", "https://p.example/api/3/action/x"],
)
def test_a_portal_in_another_form_is_the_same(catalogue: Catalogue, other: str) -> None:
    catalogue.sources.add("https://p.example", "ckan", title="Portal")
    with pytest.raises(Conflict, match="'portal'"):
        catalogue.sources.add(other, "ckan")
    catalogue.sources.add("https://p.example/data/api/3", "ckan", title="Another")
    catalogue.sources.remove("portal")
    assert catalogue.sources.add(other, "ckan", title="Again").name == "portal"
