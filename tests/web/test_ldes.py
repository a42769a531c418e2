"""The catalogue as an event stream: replayed by our own harvester of such streams it is the catalogue."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import loopback
import pyoxigraph
import pytest
from browsing import served
from factory import TOWNS, Feed, Memory, mobility, open_catalogue, record, texts
from flask import Response
from flask.testing import FlaskClient
from msgspec.structs import replace

from catalogue import clock
from catalogue.publishing import event_stream
from catalogue.publishing.measures import Measures, without
from catalogue.service import Catalogue
from catalogue.store import moments
from dcat.namespaces import expand
from web.app import create_app

GIVEN = re.compile(r"<https://[^>#]+/id/\w+/[a-z2-7]{16}#")


@pytest.fixture
def first(tmp_path: Path) -> Iterator[tuple[Catalogue, Memory]]:
    """A catalogue whose one source has a few entries."""
    catalogue, memory = open_catalogue(tmp_path / "first")
    memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in mobility()[:8]])
    catalogue.runs.harvest(catalogue.sources.add(TOWNS, "memory", title="Towns").name)
    yield catalogue, memory
    catalogue.close()


@pytest.fixture
def three_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pages, so that few entries fill several."""
    monkeypatch.setattr(event_stream, "SIZE", 3)


def said(catalogue: Catalogue) -> dict[str, set[str]]:
    """What is published of each entry, without its record; nodes that got their names here are called alike."""
    rows = {row.id: row.iri for row in catalogue.entries.after("", 1000)}
    site = catalogue.settings.site_url
    told = {id: without(text, site, Measures.NONE) for id, text in catalogue.feed.each(list(rows))}
    return {
        rows[id]: {GIVEN.sub("<#", line) for line in text.splitlines() if "/id/record/" not in line}
        for id, text in told.items()
    }


@pytest.mark.usefixtures("three_a_page")
def test_replayed_by_our_own_harvester_it_is_the_catalogue(first: tuple[Catalogue, Memory], tmp_path: Path) -> None:
    catalogue, memory = first
    second, _ = open_catalogue(tmp_path / "second", fetch_allow=loopback.LOOPBACK, site_url="https://second.example")
    app, answers = create_app(catalogue.settings, catalogue), []

    @app.after_request
    def note(answer: Response) -> Response:
        answers.append(answer.status_code)
        return answer

    with served(app) as address:
        name = second.sources.add(f"{address}/ldes", "ldes", title="First").name
        run = second.runs.harvest(name)
        assert (run.complete, run.refused, run.failed, run.skipped) == (True, 0, 0, 0)
        assert not unlike(said(second), said(catalogue))
        answers.clear()
        assert second.runs.harvest(name).same == run.seen, "nothing changed"
        assert set(answers) == {304}
        entries = dict(mobility())
        keys = list(entries)
        changed = {keys[3]: replace(entries[keys[3]], title=texts(fr="Autre titre"))}
        kept = {key: entries[key] for key in (*keys[:7], *keys[8:10])} | changed
        for given in (kept, {key: entries[key] for key in keys[:10]}):
            memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in given.items()])
            for _ in range(2):  # whoever is missing once may be back the next day
                catalogue.runs.harvest("towns")
            runs = [second.runs.harvest(name) for _ in range(2)]
            assert all(run.complete and not run.refused for run in runs)
            assert said(catalogue).keys() == set(given)
            assert not unlike(said(second), said(catalogue))
    second.close()


def unlike(one: dict[str, set[str]], other: dict[str, set[str]]) -> dict[str, list[str]]:
    """What is said of an entry by one of them alone."""
    apart = {iri: one.get(iri, set()) ^ other.get(iri, set()) for iri in one.keys() | other.keys()}
    return {iri: sorted(lines)[:5] for iri, lines in apart.items() if lines}


# --- pages -----------------------------------------------------------------------------------------------------------


def quads(client: FlaskClient, path: str, accept: str = "application/trig") -> set[str]:
    """What a page says, read by a parser that is not ours."""
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200, path
    assert answer.mimetype == accept
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return {str(one) for one in pyoxigraph.parse(answer.data, getattr(pyoxigraph.RdfFormat, FORMS[accept]))}


FORMS = {"application/trig": "TRIG", "application/n-quads": "N_QUADS"}


def told(client: FlaskClient, accept: str = "application/trig") -> dict[int, set[str]]:
    """The pages of the stream by number."""
    nodes = (quad.split(" ") for quad in quads(client, "/ldes", accept))
    numbers = {int(quad[2].rpartition("/")[2][:-1]) for quad in nodes if quad[1] == f"<{expand('tree:node')}>"}
    return {number: quads(client, f"/ldes/{number}", accept) for number in sorted(numbers)}


@pytest.mark.usefixtures("three_a_page")
def test_both_formats_say_the_same_and_each_entry_once(first: tuple[Catalogue, Memory]) -> None:
    catalogue, _ = first
    client = create_app(catalogue.settings, catalogue).test_client()
    pages = told(client)
    assert pages == told(client, "application/n-quads")
    assert len(pages) >= 3
    objects = [quad.split(" ")[2] for page in pages.values() for quad in page if f"<{expand('as:object')}>" in quad]
    assert sorted(objects) == sorted(f"<{row.iri}>" for row in catalogue.entries.after("", 100))


@pytest.mark.usefixtures("three_a_page")
def test_a_full_page_is_kept_for_ever_and_gains_nothing(first: tuple[Catalogue, Memory]) -> None:
    catalogue, memory = first
    client = create_app(catalogue.settings, catalogue).test_client()
    before = told(client)
    full = [number for number in before if "immutable" in client.get(f"/ldes/{number}").headers["Cache-Control"]]
    assert full == list(before)[:-1] or full == list(before)
    memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in mobility()])
    memory.feeds[TOWNS].records[2] = record(mobility()[2][0], replace(mobility()[2][1], title=texts(fr="Autrement")))
    catalogue.runs.harvest("towns")
    after = told(client)
    for number in full:
        lines = {quad for quad in after.get(number, set()) if "relation" not in quad}
        assert {quad for quad in lines if "#stream" in quad} <= {quad for quad in before[number] if "#stream" in quad}
    assert max(after) > max(before)


def test_a_removed_entry_is_told_and_nothing_else_of_it(first: tuple[Catalogue, Memory]) -> None:
    catalogue, memory = first
    gone = catalogue.entries.named(
        "dataset", next(r.name for r in catalogue.entries.after("", 9) if r.kind == "dataset")
    )
    memory.feeds[TOWNS].records = [one for one in memory.feeds[TOWNS].records if one.identifier != gone.iri]
    for _ in range(2):
        catalogue.runs.harvest("towns")
    client = create_app(catalogue.settings, catalogue).test_client()
    (page,) = told(client).values()
    (event,) = [quad.split(" ")[0] for quad in page if f"<{expand('as:Delete')}>" in quad]
    assert f"{event} <{expand('as:object')}> <{gone.iri}>" in page
    assert not [quad for quad in page if quad.startswith(f"<{gone.iri}>")]


def test_no_change_is_dated_before_one_that_came_first(
    first: tuple[Catalogue, Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the clock goes back."""
    catalogue, memory = first
    now = clock.now()
    for minutes in (5, -20, 0):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        memory.feeds[TOWNS].records = [record(key, entry) for key, entry in mobility()[: 9 + minutes % 3]]
        catalogue.runs.harvest("towns")
    events, _ = catalogue.events.page(0)
    stamps = [one.at for one in events]
    assert stamps == sorted(stamps)
    with catalogue._database.read() as tx:
        given = moments.given(tx).at
    assert len(set(given)) == len(given)
    assert given == sorted(given)


def test_of_old_days_the_last_moment_is_kept(first: tuple[Catalogue, Memory], monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, memory = first
    memory.feeds[TOWNS].records = [record(key, entry) for key, entry in mobility()]
    catalogue.runs.harvest("towns")
    before, _ = catalogue.events.page(0)
    later = clock.now() + timedelta(days=40)
    monkeypatch.setattr(clock, "now", lambda: later)
    catalogue.tidying.all()
    after, _ = catalogue.events.page(0)
    assert [one.change for one in after] == [one.change for one in before]
    assert len({one.at for one in after}) == 1 < len({one.at for one in before})


def test_what_is_no_page_is_not_there(first: tuple[Catalogue, Memory]) -> None:
    catalogue, _ = first
    client = create_app(catalogue.settings, catalogue).test_client()
    refused = client.get("/ldes/77")
    assert (refused.status_code, refused.mimetype) == (404, "text/plain")
    assert "There is no page 77; /ldes lists the pages." in refused.text
    assert client.get("/ldes", headers={"Accept": "image/png"}).status_code == 406
    page = client.get("/ldes", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Location"]) == (303, "/fr/developers")
    tag = client.get("/ldes/0").headers["ETag"]
    assert client.get("/ldes/0", headers={"If-None-Match": tag}).status_code == 304
    assert client.head("/ldes/0").status_code == 200
