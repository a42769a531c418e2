"""Changing a source: what it is may change, who it and its records are does not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import loopback
import portals
import pytest
from factory import Feed, Memory, open_catalogue, record, texts
from loopback import Answer, Request, Server

from catalogue.errors import Conflict, Invalid, NotFound
from catalogue.service import Catalogue
from catalogue.sources.editing import Change
from catalogue.store.rows import EntryRow
from dcat.model import Dataset
from harvesters.http.addresses import moved_site

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
    for name in ("ville", "cpas"):  # each reads another part
        row = catalogue.sources.add(f"https://p.example/fr/organization/{name}", "ckan", title=name)
        assert (row.url, row.config) == ("https://p.example", {"organisations": [name]})
    with pytest.raises(Conflict, match="'cpas'"):
        catalogue.sources.edit("ville", Change(config={"organisations": ["cpas"]}))
    with pytest.raises(Conflict, match="'portal'"):
        catalogue.sources.edit("another", Change(url=other))
    catalogue.sources.remove("portal")
    assert catalogue.sources.add(other, "ckan", title="Again").name == "portal"


# --- a source that sends us elsewhere for good -----------------------------------------------------------------------

TTL = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<http://e.example/c> a dcat:Catalog ; dcat:dataset <http://e.example/t> .
<http://e.example/t> a dcat:Dataset ; dct:title "Arbres"@fr ; dct:description "Des arbres."@fr .
"""


def redirecting(to: Callable[[Request], str], status: int = 301) -> Server:
    return loopback.site(lambda request: Answer(b"", "", status, {"Location": to(request)}))


@pytest.mark.against("F-29")
def test_an_address_that_leads_elsewhere_for_good_is_proposed_and_accepted(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    feed = loopback.site(lambda _: Answer(TTL, "text/turtle", headers={"ETag": '"1"'}))
    with loopback.running(feed), loopback.running(redirecting(lambda _: feed.url("/new.ttl"), 308)) as old:
        catalogue.sources.add(old.url("/old.ttl"), "dcat", title="Feed")
        for _ in range(2):
            run = catalogue.runs.harvest("feed")
            [remark] = [one for one in run.findings if one.rule == "source-moved"]
            assert remark.value == f"{old.url('/old.ttl')} → {feed.url('/new.ttl')}"
            assert catalogue.sources.named("feed").moved_to == feed.url("/new.ttl")
        after = catalogue.sources.edit("feed", Change(url=feed.url("/new.ttl")))
        assert after.moved_to == ""
        run = catalogue.runs.harvest("feed")
        assert (run.same, [one.rule for one in run.findings]) == (1, [])
    catalogue.close()


@pytest.mark.parametrize("status", [302, 307])
def test_one_that_leads_elsewhere_for_now_is_not(tmp_path: Path, status: int) -> None:
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    feed = loopback.site(lambda _: Answer(TTL, "text/turtle"))
    with loopback.running(feed), loopback.running(redirecting(lambda _: feed.url("/new.ttl"), status)) as old:
        catalogue.sources.add(old.url("/old.ttl"), "dcat", title="Feed")
        assert catalogue.runs.harvest("feed").findings == ()
        assert catalogue.sources.named("feed").moved_to == ""
    catalogue.close()


def test_a_portal_that_moved_is_proposed_by_its_own_address(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    portal = portals.ckan([portals.package(1)])
    with loopback.running(portal), loopback.running(redirecting(lambda request: portal.url(request.target))) as old:
        catalogue.sources.add(old.url("/api/3"), "ckan", title="Portal")
        catalogue.runs.harvest("portal")
        assert catalogue.sources.named("portal").moved_to == portal.url("")
        catalogue.sources.edit("portal", Change(url=portal.url("")))
        assert catalogue.runs.harvest("portal").new == 0
    catalogue.close()


@pytest.mark.parametrize(
    ("site", "asked", "answered", "moved"),
    [
        ("http://a/f.ttl", "http://a/f.ttl", "https://b/g.ttl", "https://b/g.ttl"),
        ("http://a/p", "http://a/p/api/3/x?q=1", "https://b/data/api/3/x?q=1", "https://b/data"),
        ("http://a/p/", "http://a/p/api/3/x", "https://a/p/api/3/x", "https://a/p"),
        ("http://a", "http://a/", "https://b/fr/", "https://b/fr/"),
        ("http://a/p", "http://a/p/api/3/x", "https://b/login", ""),
        ("http://a/p", "http://c/other", "https://b/other", ""),
    ],
)
def test_where_a_site_is_now_is_told_from_what_was_asked(site: str, asked: str, answered: str, moved: str) -> None:
    assert moved_site(site, asked, answered) == moved


@pytest.mark.parametrize("title", [" \u200b ", "\x07", "\n\t"])
def test_a_title_of_signs_that_nobody_sees_is_none(catalogue: Catalogue, source: str, title: str) -> None:
    with pytest.raises(Invalid, match="needs a title"):
        catalogue.sources.edit(source, Change(title=title))
    assert catalogue.sources.add(NEW, "memory", title=title).title == "data.agency.example"
    assert catalogue.sources.edit(source, Change(title="Ville\nde\u200b Gand ")).title == "Ville de Gand"
