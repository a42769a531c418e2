"""What changed of a dataset: on its page, on a page of its own, as Atom and as JSON."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import loopback
import msgspec
import pages
import pytest
from factory import Feed, Memory, concept, file, open_catalogue, record, texts
from flask.testing import FlaskClient
from loopback import Answer, Request

from catalogue import clock
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.store import history
from catalogue.work.worker import Worker
from dcat import vocab
from dcat.model import Dataset, Date
from web.app import create_app

URL = "https://a.example/"
ATOM = "{http://www.w3.org/2005/Atom}"


class Portal:
    """A portal with one source, a clock, and a site with the file."""

    def __init__(self, catalogue: Catalogue, memory: Memory, site: loopback.Server) -> None:
        self.catalogue, self.memory, self.site = catalogue, memory, site
        self.client: FlaskClient = create_app(catalogue.settings, catalogue).test_client()
        self.entry = Dataset(
            title=texts(fr="Bancs"),
            description=texts(fr="Les bancs publics."),
            modified=Date("2026-05-01"),
            distribution=(file(site.url("/bancs.csv"), "CSV", title=texts(fr="Liste")),),
        )

    def read(self, **changed: object) -> None:
        """The source says something else, and is read."""
        self.entry = msgspec.structs.replace(self.entry, **changed)
        self.memory.feeds[URL] = Feed([record("bancs", self.entry), record("autre", dataset("Autre"))])
        self.catalogue.runs.harvest("agency")

    def said(self, address: str) -> str:
        """The words of a page."""
        return pages.words(pages.one(pages.read(self.client, address), "body/main"))


def dataset(title: str) -> Dataset:
    return Dataset(title=texts(fr=title), description=texts(fr=f"Les {title}."))


CONTENT = {"/bancs.csv": b"nom\nun\n"}


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    CONTENT["/bancs.csv"] = b"nom\nun\n"

    def answer(request: Request) -> Answer | None:
        body = CONTENT.get(request.path)
        if body is None:
            return None
        dated = {"Last-Modified": "Mon, 04 May 2020 10:00:00 GMT", "ETag": f'"{len(body)}"'}
        return Answer(b"" if request.method == "HEAD" else body, "text/csv", headers=dated)

    catalogue, memory = open_catalogue(tmp_path / "var", check_links=True, fetch_allow=loopback.LOOPBACK)
    catalogue.sources.add(URL, "memory", title="Agency")
    with loopback.running(loopback.site(answer)) as site:
        made = Portal(catalogue, memory, site)
        made.read()
        yield made
    catalogue.close()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock on."""
    moment = [datetime(2026, 6, 1, 12, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: moment[0])

    def move(step: timedelta) -> None:
        moment[0] += step

    return move


def test_what_never_changed_says_so(portal: Portal) -> None:
    assert "Nothing has changed since it came into this catalogue." in portal.said("/en/dataset/bancs/changes")
    assert portal.client.get("/dataset/bancs/changes.json").json == {"total": 0, "changes": []}


def test_a_change_is_a_sentence_with_its_reading(portal: Portal) -> None:
    portal.read(title=texts(fr="Bancs publics"), modified=Date("2026-05-20"))
    page = portal.said("/en/dataset/bancs/changes")
    assert "Title (FR): “Bancs” became “Bancs publics”" in page
    assert "“1 May 2026” became “20 May 2026”" in page
    links = pages.links(pages.read(portal.client, "/en/dataset/bancs/changes"))
    assert "/en/source/agency/run/2" in links
    assert "devient « Bancs publics »" in portal.said("/fr/dataset/bancs/changes")


def test_what_came_and_went_is_told(portal: Portal) -> None:
    portal.read(frequency=concept(vocab.FREQUENCIES, "MONTHLY"), modified=None)
    page = portal.said("/en/dataset/bancs/changes")
    assert "“1 May 2026” taken away" in page
    assert "” added" in page


def test_the_page_of_the_dataset_has_the_last_three(portal: Portal) -> None:
    for number in range(5):
        portal.read(title=texts(fr=f"Bancs {number}"))
    section = pages.words(
        pages.one(pages.read(portal.client, "/en/dataset/bancs"), ".//section[@aria-labelledby='changes']")
    )
    assert [f"“Bancs {number}”" in section for number in range(-1, 5)] == [False, False, True, True, True, True]
    assert "Follow changes (Atom feed)" in section


def test_the_feed_has_an_entry_for_each_moment(portal: Portal) -> None:
    portal.read(title=texts(fr="Bancs & chaises"))
    portal.read(title=texts(fr="Chaises"))
    answer = portal.client.get("/dataset/bancs/changes.atom?lang=nl")
    assert answer.mimetype == "application/atom+xml"
    entries = ElementTree.fromstring(answer.get_data()).findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == [
        "Titel (FR): “Bancs & chaises” wordt “Chaises”",
        "Titel (FR): “Bancs” wordt “Bancs & chaises”",
    ]
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == 2


def test_programs_get_field_before_and_after(portal: Portal) -> None:
    portal.read(title=texts(fr="Chaises"))
    (change,) = portal.client.get("/dataset/bancs/changes.json").json["changes"]
    assert (change["what"], change["field"], change["before"], change["after"]) == (
        "CHANGED",
        "dct:title",
        "Bancs@fr",
        "Chaises@fr",
    )
    assert portal.client.get("/dataset/bancs/changes.csv").status_code == 404


def test_what_went_and_came_back_is_told(portal: Portal) -> None:
    portal.catalogue.records.withdraw("agency", "bancs")
    assert portal.client.get("/en/dataset/bancs/changes").status_code == 410
    portal.catalogue.records.put_back("agency", "bancs")
    portal.read()
    page = portal.said("/en/dataset/bancs/changes")
    assert "Back in the catalogue." in page
    assert "Taken off the catalogue." in page


def test_a_file_with_other_content_is_news_of_its_dataset(portal: Portal, later: Callable[[timedelta], None]) -> None:
    Worker(portal.catalogue).once()
    CONTENT["/bancs.csv"] = b"nom\nun\ndeux\n"
    later(timedelta(days=8))
    Worker(portal.catalogue).once()
    page = portal.said("/en/dataset/bancs/changes")
    assert "New data in “Liste”: 7 bytes became 12 bytes" in page
    assert "measured by us" in page
    (change,) = portal.client.get("/dataset/bancs/changes.json").json["changes"]
    assert (change["what"], change["before"], change["after"]) == ("DATA", "7", "12")


def test_the_description_is_held_against_the_data(portal: Portal) -> None:
    Worker(portal.catalogue).once()
    page = portal.said("/en/dataset/bancs/changes")
    assert "The description says 1 May 2026, but no file has changed since 4 May 2020." in page


def test_of_what_changes_all_the_time_the_newest_changes_are_kept(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "OF_ENTRY", 2)
    for number in range(4):
        portal.read(title=texts(fr=f"Bancs {number}"))
    portal.catalogue.tidying.all(stop=Stop())
    total, rows = portal.catalogue.history.of_entry(portal.catalogue.entries.find("bancs").id)
    assert (total, [row.after for row in rows]) == (2, ["Bancs 3@fr", "Bancs 2@fr"])


def test_a_renamed_dataset_leads_on(portal: Portal) -> None:
    assert portal.client.get("/en/dataset/nothing/changes").status_code == 404
    assert portal.client.get("/en/dataset/autre/changes").status_code == 200
