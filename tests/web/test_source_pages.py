"""Where the data comes from, and what a person reads about one reading of it."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pages
import pytest
from factory import Feed, Memory, concept, file, open_catalogue, record, texts
from flask.testing import FlaskClient

from catalogue.service import Catalogue
from dcat import vocab
from dcat.findings import Severity
from dcat.messages import RULES
from dcat.model import Dataset, Date, Distribution, Iri
from harvesters.base import RawRecord
from web.app import create_app
from web.wording import run_words

URL = "https://agency.example/feed"
Opened = tuple[Catalogue, Memory, FlaskClient]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A catalogue with one source that gives forty good records, a private one and one that cannot be read."""
    catalogue, memory = open_catalogue(tmp_path / "var")
    good = [
        record(
            f"https://agency.example/{number}",
            Dataset(
                title=texts(fr=f"Jeu {number}"),
                modified=Date("01/05/2023"),
                theme=(concept(vocab.THEMES, "ENVI"),),
                distribution=(file("https://agency.example/a.csv", "CSV"), file("https://agency.example/b.csv", "CSV")),
            ),
        )
        for number in range(40)
    ]
    private, broken = (RawRecord(identifier=word, body=word.encode(), media_type="x/y") for word in ("skip", "fault"))
    memory.feeds[URL] = Feed([*good, private, broken])
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agence").name)
    yield catalogue, memory, create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


def test_sources_are_listed_with_their_last_reading(opened: Opened) -> None:
    page = pages.read(opened[2], "/en/sources")
    cells = [pages.words(cell) for cell in page.findall("body//tbody/tr/td")]
    assert cells[:2] == ["Agence", "40"]
    assert cells[3] in {"Done", "Done, with remarks"}


def test_a_source_shows_its_address_and_history(opened: Opened) -> None:
    catalogue, memory, client = opened
    name = catalogue.sources.all()[0].name
    memory.feeds[URL].error = OSError("down")
    catalogue.runs.harvest(name)
    page = pages.read(client, f"/fr/source/{name}")
    assert URL in pages.links(page)
    states = [pages.words(row.findall("td")[1]) for row in page.findall("body//tbody/tr")]
    assert states[0] == "Échec"
    assert len(states) == 2


def test_a_reading_tells_causes_in_words_and_records_by_result(opened: Opened) -> None:
    catalogue, _, client = opened
    name = catalogue.sources.all()[0].name
    number = catalogue.runs.of_source(name)[0].id
    page = pages.read(client, f"/en/source/{name}/run/{number}")
    text = pages.words(pages.one(page, "body/main"))
    assert "42 records seen: 40 new, 0 changed, 0 as before, 1 skipped, 0 refused, 1 failed." in text
    assert "01/05/2023" in text
    assert "Seen 40 times." in text
    assert "dcat:distribution[" not in text
    assert pages.counted_elements(page) <= 390
    assert len(page.findall("body//tbody/tr")) == 25
    failed = pages.read(client, f"/en/source/{name}/run/{number}?outcome=FAILED")
    assert [pages.words(row.findall("td")[0]) for row in failed.findall("body//tbody/tr")] == ["fault"]
    skipped = pages.read(client, f"/en/source/{name}/run/{number}?outcome=SKIPPED")
    assert [pages.words(row) for row in skipped.findall("body//tbody/tr")] == ["skipSkippedIt is private."]
    assert client.get(f"/en/source/{name}/run/{number}?outcome=X", headers=pages.HTML).status_code == 400


def test_records_are_paged(opened: Opened) -> None:
    catalogue, _, client = opened
    name = catalogue.sources.all()[0].name
    path = f"/en/source/{name}/run/{catalogue.runs.of_source(name)[0].id}?outcome=NEW"
    seen = [
        pages.words(row.findall("td")[0])
        for number in (1, 2)
        for row in pages.read(client, f"{path}&page={number}").findall("body//tbody/tr")
    ]
    assert len(seen) == len(set(seen)) == 40


def test_a_run_belongs_to_its_source(opened: Opened) -> None:
    catalogue, _, client = opened
    number = catalogue.runs.of_source(catalogue.sources.all()[0].name)[0].id
    other = catalogue.sources.add("https://other.example/feed", "memory", title="Autre").name
    assert client.get(f"/en/source/{other}/run/{number}", headers=pages.HTML).status_code == 404
    assert client.get(f"/en/source/{other}/run/99999", headers=pages.HTML).status_code == 404
    assert client.get("/en/source/nobody", headers=pages.HTML).status_code == 404
    assert "when asked for" in pages.words(pages.read(client, f"/en/source/{other}"))


def test_the_worst_cause_comes_first_and_files_count_together() -> None:
    bad = next(key for key, rule in RULES.items() if rule.severity == Severity.VIOLATION)
    mild = next(key for key, rule in RULES.items() if rule.severity == Severity.INFO)
    groups = [
        (mild, "dcat:distribution[1]/dct:format", 30, "CSV"),
        (mild, "dcat:distribution[2]/dct:format", 5, "csv"),
        (bad, "dct:title", 1, ""),
        ("a-rule-of-old", "dct:title", 2, "x"),
    ]
    found = run_words.causes(groups, "nl")
    assert [(one.severity, one.times, one.example) for one in found] == [
        (Severity.VIOLATION, 1, ""),
        (Severity.INFO, 35, "CSV"),
        (Severity.INFO, 2, "x"),
    ]
    assert found[2].message == "a-rule-of-old"


def test_a_run_tells_its_remarks_on_the_whole_source(opened: Opened) -> None:
    catalogue, memory, client = opened
    name = catalogue.sources.all()[0].name
    before = pages.read(client, f"/nl/source/{name}/run/{catalogue.runs.of_source(name)[0].id}")
    assert "Opmerkingen over de hele bron" not in pages.words(before)
    memory.feeds[URL].records.append(memory.feeds[URL].records[0])
    page = pages.read(client, f"/nl/source/{name}/run/{catalogue.runs.harvest(name).id}")
    assert "Opmerkingen over de hele bron" in pages.words(page)
    assert "De identificatie https://agency.example/0 (memory:) wordt meer dan eens gebruikt." in pages.words(page)


def test_a_cause_leads_to_the_records_that_have_it(opened: Opened) -> None:
    catalogue, memory, client = opened
    source = catalogue.sources.all()[0]
    files = tuple(Distribution(access_url=(Iri(f"https://a.example/{number}"),)) for number in range(2))
    bare = Dataset(title=texts(fr="Nu"), description=texts(fr="Sans éditeur."), distribution=files)
    memory.feeds[URL].records.append(record("bare", bare))
    run = catalogue.runs.harvest(source.name)
    page = pages.read(client, f"/en/source/{source.name}/run/{run.id}")
    links = {link.get("href") for link in page.findall("body//ul[@class='causes']//a")}
    path = next(link for link in links if "field=dcat:distribution/dct:format" in unquote(link))
    shown = pages.read(client, path.partition("#")[0])
    assert [pages.words(row.find("td")) for row in shown.findall("body//tbody/tr")] == ["bare"]
    items = f"/api/1/harvest/job/{run.id}/items/?rule=recommended-missing&field="
    assert [one["identifier"] for one in client.get(f"{items}dcat:distribution/dct:format").json["data"]] == ["bare"]
    assert client.get(f"{items}dct:descriptio_").json["data"] == []
    assert client.get(f"/api/1/harvest/job/{run.id}/items/?rule=nonsense").json["data"] == []


# --- the feed of runs ------------------------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_runs_of_a_source_are_a_feed(opened: Opened) -> None:
    catalogue, memory, client = opened
    (source,) = catalogue.sources.all()
    memory.feeds.pop(URL)
    catalogue.runs.harvest(source.name)
    catalogue.runs.request(source.name)  # one that waits is no news yet
    answer = client.get(f"/source/{source.name}/runs.atom?lang=nl")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    feed = ElementTree.fromstring(answer.data)
    first, second = feed.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}title") == "Agence: Mislukt"
    assert "(The source answers 404 Not Found.)" in first.findtext(f"{ATOM}summary", "")
    assert "42 fiches" in second.findtext(f"{ATOM}summary", "")
    assert [one.find(f"{ATOM}category").get("term") for one in (first, second)] == ["failed", "done-with-findings"]
    assert feed.findtext(f"{ATOM}updated") == first.findtext(f"{ATOM}updated")
    assert len({one.findtext(f"{ATOM}id") for one in (feed, first, second)}) == 3
    links = [link.get("href") for link in feed.iter(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert [client.get(link.removeprefix("https://data.example.brussels")).status_code for link in links] == [200] * 3
    (found,) = pages.read(client, f"/nl/source/{source.name}").findall("head/link[@type='application/atom+xml']")
    assert found.get("href") == f"/source/{source.name}/runs.atom?lang=nl"
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/source/{source.name}/runs.atom?lang=nl", headers=tag).status_code == 304
    assert client.get("/source/nobody/runs.atom").status_code == 404
    assert client.get(f"/source/{source.name}/runs.atom?lang=it").status_code == 400


def test_a_source_that_never_ran_has_an_empty_feed(opened: Opened) -> None:
    catalogue, _, client = opened
    name = catalogue.sources.add("https://new.example/", "memory", title="Neuf\x08").name
    feed = ElementTree.fromstring(client.get(f"/source/{name}/runs.atom").data)
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated")
