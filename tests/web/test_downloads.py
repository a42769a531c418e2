"""Downloads are counted by file and month, and nothing else is known of them."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pages
import pytest
from factory import Feed, file, open_catalogue, record, texts
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue import clock
from catalogue.previews.files import file_key
from catalogue.publishing.downloads import months
from catalogue.service import Catalogue
from dcat.model import Dataset
from web.app import create_app
from web.wording import facts

URL, REAL = "https://a.example/", "https://files.ville.example/bancs.csv"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FILE = file(REAL, "CSV")
CRAWLERS = ["", "Googlebot/2.1 (+http://www.google.com/bot.html)", "Some-Crawler", "Baiduspider"]


class Stage:
    """A portal with one file, and a clock."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.client: FlaskClient = create_app(catalogue.settings, catalogue).test_client()
        self.moment = datetime(2026, 1, 20, 12, tzinfo=UTC)
        (row,) = catalogue.entries.after("", 2)
        self.key = file_key(facts.files(row.entry)[0])
        self.link = f"/dataset/bancs/download/{self.key}"

    def get(self, agent: str = FIREFOX, path: str = "", **headers: str) -> TestResponse:
        """Somebody asks for the file."""
        return self.client.get(path or self.link, headers={"User-Agent": agent, **headers})

    def counted(self) -> int:
        """Downloads of the last twelve months."""
        self.catalogue.downloads.flush()
        return sum(self.catalogue.downloads.by_month().values())


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    catalogue, memory = open_catalogue(tmp_path / "var")
    source = catalogue.sources.add(URL, "memory", title="Agency").name
    memory.feeds[URL] = Feed([record("bancs", Dataset(title=texts(fr="Bancs"), distribution=(FILE,)))])
    catalogue.runs.harvest(source)
    made = Stage(catalogue)
    monkeypatch.setattr(clock, "now", lambda: made.moment)
    yield made
    catalogue.close()


def test_the_link_leads_to_the_file_and_is_counted(stage: Stage) -> None:
    answer = stage.get()
    assert (answer.status_code, answer.location) == (302, REAL)
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    assert "Set-Cookie" not in answer.headers
    stage.get()
    assert stage.counted() == 2
    links = pages.read(stage.client, "/fr/dataset/bancs").iter("a")
    button = next(one for one in links if one.get("class") == "button")
    assert button.get("href") == stage.link


@pytest.mark.parametrize("agent", CRAWLERS)
def test_what_is_no_reader_is_led_on_and_not_counted(stage: Stage, agent: str) -> None:
    assert stage.get(agent).status_code == 302
    assert stage.counted() == 0


@pytest.mark.parametrize("headers", [{"Range": "bytes=1000-2000"}, {"Sec-Purpose": "prefetch"}])
def test_a_part_and_what_is_fetched_in_case_are_not_counted(stage: Stage, headers: dict[str, str]) -> None:
    assert stage.get(**headers).status_code == 302
    assert stage.client.head(stage.link, headers={"User-Agent": FIREFOX}).status_code == 302
    assert stage.counted() == 0


def test_programs_are_told_the_real_address(stage: Stage) -> None:
    for path in ("/dataset/bancs.ttl", "/dataset/bancs.json", "/catalog.ttl?page=1"):
        said = stage.client.get(path).text
        assert REAL in said, path
        assert "/download/" not in said, path
    assert REAL in stage.client.get("/fr/dataset/bancs").text


def test_the_figures_are_open_data(stage: Stage) -> None:
    stage.get()
    stage.moment = stage.moment.replace(month=2)
    stage.get("curl/8.5")
    stage.get()
    stage.catalogue.downloads.flush()
    stage.moment = stage.moment.replace(month=3)
    assert stage.counted() == 3
    rows = list(csv.DictReader(StringIO(stage.client.get("/downloads.csv").text)))
    assert [(row["month"], row["dataset"], row["file"], row["downloads"]) for row in rows] == [
        ("2026-02", "bancs", stage.key, "3")
    ]
    (told,) = stage.client.get("/downloads.json").get_json()["data"]
    assert told["page"] == "https://data.example.brussels/dataset/bancs"


def test_whoever_reads_the_figures_slowly_holds_nothing(stage: Stage) -> None:
    for month in (1, 2, 3):
        stage.moment = stage.moment.replace(month=month)
        stage.get()
        stage.catalogue.downloads.flush()
    slow = stage.catalogue.downloads.every()
    assert next(slow).month == "2026-03"
    assert stage.catalogue._database._engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert [one.month for one in slow] == ["2026-02", "2026-01"]
    told = stage.client.get("/downloads.json").get_json()["data"]
    assert [one["month"] for one in told] == ["2026-03", "2026-02", "2026-01"]


def test_the_pages_show_twelve_months(stage: Stage) -> None:
    stage.get()
    stage.catalogue.downloads.flush()
    stage.moment = datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert "1 téléchargement ces 12 derniers mois" in said(stage, "/fr/usage")
    assert "janvier 2026" in said(stage, "/fr/usage")
    assert "Téléchargé 1 fois en 12 mois" in said(stage, "/fr/dataset/bancs")
    stage.moment = datetime(2027, 1, 1, tzinfo=UTC)
    assert "0 téléchargement" in said(stage, "/fr/usage")
    assert "Téléchargé" not in said(stage, "/fr/dataset/bancs")


def said(stage: Stage, path: str) -> str:
    """The words of a page."""
    return pages.words(pages.one(pages.read(stage.client, path), "body/main"))


@pytest.mark.parametrize("path", ["/dataset/bancs/download/nothing", "/dataset/nothing/download/x"])
def test_what_is_not_there_is_said(stage: Stage, path: str) -> None:
    assert stage.get(path=path).status_code == 404


def test_the_months_end_with_this_one() -> None:
    assert months(datetime(2026, 3, 1, tzinfo=UTC).date())[0] == "2025-04"
    assert months(datetime(2026, 3, 1, tzinfo=UTC).date())[-1] == "2026-03"
