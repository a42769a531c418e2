"""The page for developers: each door with a request that works and the answer of this very catalogue."""

import re
import shlex
from pathlib import Path

import pages
import pytest
from flask.testing import FlaskClient
from previewed import FILES, previewed

from web.app import create_app
from web.pages.doors import DOORS, LINES, WIDTH, _answers

SITE = "https://data.example.brussels"


@pytest.mark.parametrize("lang", ["fr", "nl", "de", "en"])
def test_every_door_is_there_with_a_request_and_its_answer(client: FlaskClient, lang: str) -> None:
    page = pages.read(client, f"/{lang}/developers")
    shown = page.findall("body/main/details")
    assert len(shown) == sum("{table}" not in door.path for door in DOORS), "no table was looked into here"
    titles = {pages.words(one.find("summary")) for one in shown}
    assert len(titles) == len(shown)
    for one in shown:
        command, answer = ("".join(code.itertext()) for code in one.iter("code"))
        options = shlex.split(command)
        path = options[-1].removeprefix(SITE)
        headers = dict(re.split(": ", options[at + 1]) for at, word in enumerate(options) if word == "-H")
        body = options[options.index("-d") + 1] if "-d" in options else None
        found = client.post(path, data=body, headers=headers) if body else client.get(path, headers=headers)
        assert found.status_code == 200, command
        first = answer.splitlines()[0].rstrip("…")
        assert found.text.lstrip().startswith(first), command
        assert len(answer.splitlines()) <= LINES + 1
        assert all(len(line) <= WIDTH for line in answer.splitlines())


def test_whoever_asks_first_reads_it_in_the_language_of_the_address(client: FlaskClient) -> None:
    _answers.cache_clear()
    page = pages.read(client, "/nl/developers?no=kept+page")
    assert page.get("lang") == "nl"
    assert pages.words(pages.one(page, "body//h1")) == "Voor ontwikkelaars"


def test_every_door_of_ours_is_named(client: FlaskClient) -> None:
    paths = {re.split(r"[?/]", door.path.lstrip("/"))[0] for door in DOORS}
    assert {
        "search.json",
        "search.atom",
        "catalog.ttl",
        "dumps",
        "ldes",
        "data.json",
        "ogc",
        "csw",
        "oai",
        "mcp",
        "api",
        "coverage",
        "downloads.csv",
        "feeds.opml",
        "llms.txt",
        "opensearch.xml",
        "quality.ttl",
        "sitemap.xml",
    } <= paths


def test_a_dataset_with_a_table_shows_the_door_for_tables(tmp_path: Path) -> None:
    catalogue = previewed(tmp_path, {"counts.csv": FILES["counts.csv"]})
    client = create_app(catalogue.settings, catalogue).test_client()
    (command,) = re.findall(r"curl \S+/dataset/\S+/croissant\.json", client.get("/en/developers").text)
    assert client.get(command.partition(SITE)[2]).status_code == 200
    catalogue.close()
