"""Lists read page by page while the catalogue changes: no entry twice, none missing that was there all the time."""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from factory import BASE, Feed, open_catalogue, record, texts
from flask.testing import FlaskClient
from lxml import etree

from catalogue.publishing import event_stream
from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow
from dcat.model import Dataset
from web.app import create_app
from web.feeds import catalog
from web.oai import listing

URL = "https://agency.example/feed"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
PAGE = 4
ENTRIES = 18


def of_api(client: FlaskClient) -> Iterator[list[str]]:
    after = ""
    while data := client.get(f"/api/1/datasets/?limit={PAGE}&after={after}").get_json()["data"]:
        after = data[-1]["id"]
        yield [one["id"] for one in data]


def of_ogc(client: FlaskClient) -> Iterator[list[str]]:
    address = f"/ogc/collections/datasets/items?limit={PAGE}"
    while address:
        page = client.get(address).get_json()
        yield [one["id"] for one in page["features"]]
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")


def of_oai(client: FlaskClient) -> Iterator[list[str]]:
    asked = "metadataPrefix=oai_dc"
    while asked:
        top = etree.fromstring(client.get(f"/oai?verb=ListIdentifiers&{asked}").data)
        live = [one for one in top.iter(f"{OAI}header") if one.get("status") != "deleted"]
        yield [str(one.findtext(f"{OAI}identifier")).rpartition(":")[2] for one in live]
        token = top.findtext(f".//{OAI}resumptionToken")
        asked = f"resumptionToken={token}" if token else ""


def of_feed(client: FlaskClient) -> Iterator[list[str]]:
    address = "/catalog.nt?page=1"
    while address:
        lines = client.get(address).text
        yield re.findall(r"/id/record/(\w+)> <\S+primaryTopic>", lines)
        address = next(iter(re.findall(r"hydra/core#nextPage> <([^>]+)>", lines)), "")


DOORS = {"api": of_api, "ogc": of_ogc, "oai": of_oai, "feed": of_feed}


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Catalogue, FlaskClient]]:
    for module, name in ((catalog, "PER_PAGE"), (listing, "SIZE"), (event_stream, "SIZE")):
        monkeypatch.setattr(module, name, PAGE)
    catalogue, memory = open_catalogue(tmp_path)
    memory.feeds[URL] = Feed([record(f"d{n}", Dataset(title=texts(fr=f"Jeu {n}"))) for n in range(ENTRIES)])
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agency", publisher="agency").name)
    yield catalogue, create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


def write(catalogue: Catalogue, number: int, version: int = 0) -> None:
    """Sends a dataset, or sends it again otherwise."""
    said = f'<{BASE}d{number}> a dcat:Dataset; dct:title "Jeu {number}"@fr; dct:description "Version {version}"@fr .'
    prefixes = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . "
    catalogue.records.push("agency", f"d{number}", (prefixes + said).encode(), "text/turtle")


def changed(catalogue: Catalogue, chance: random.Random, live: list[EntryRow], turn: int) -> None:
    """A few things happen between two pages: one comes, one goes, one changes."""
    for what in chance.sample(("comes", "goes", "changes", "goes"), chance.randint(1, 3)):
        row = chance.choice(live)
        if what == "comes":
            write(catalogue, ENTRIES + turn)
        elif what == "goes" and len(live) > 3:
            catalogue.records.withdraw("agency", row.identifier)
            live.remove(row)
        else:
            write(catalogue, int(row.identifier[1:]), turn + 1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("door", DOORS)
def test_no_entry_is_missed_or_given_twice(portal: tuple[Catalogue, FlaskClient], door: str, seed: int) -> None:
    catalogue, client = portal
    read: Callable[[FlaskClient], Iterator[list[str]]] = DOORS[door]
    chance, live, found = random.Random(f"{door} {seed}"), list(catalogue.entries.all()), list[str]()
    for turn, page in enumerate(read(client)):
        found += page
        assert turn < ENTRIES, "the list has an end"
        changed(catalogue, chance, live, turn)
    assert len(found) == len(set(found))
    assert {row.id for row in live} <= set(found)
    assert len(found) > PAGE
