"""What changed, by cursor: replayed it gives the catalogue, whatever is written while somebody reads."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from factory import Feed, Memory, open_catalogue, record, texts
from flask.testing import FlaskClient

from catalogue.service import Catalogue
from dcat.model import Dataset
from harvesters.base import RawRecord
from web.app import create_app

URL = "https://agency.example/feed"


def one(number: int, version: int = 0) -> RawRecord:
    said = texts(fr=f"Version {version}")
    return record(f"r{number}", Dataset(title=texts(fr=f"Jeu {number}"), description=said))


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[Catalogue, Memory, FlaskClient]]:
    catalogue, memory = open_catalogue(tmp_path)
    memory.feeds[URL] = Feed([one(n) for n in range(30)])
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agency").name)
    yield catalogue, memory, create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


def asked(client: FlaskClient, since: str = "", limit: int = 1000) -> dict[str, Any]:
    found = client.get("/api/1/changes", query_string={"since": since, "limit": limit})
    assert found.status_code == 200
    said: dict[str, Any] = found.get_json()
    return said


def whats(said: dict[str, Any]) -> dict[str, str]:
    return {change["url"].rpartition("/")[2]: change["what"] for change in said["changes"]}


def test_each_change_says_what_it_is(portal: tuple[Catalogue, Memory, FlaskClient]) -> None:
    catalogue, memory, client = portal
    first = asked(client)
    assert set(whats(first).values()) == {"NEW"}
    assert (len(first["changes"]), first["more"]) == (30, False)
    assert asked(client, first["next"]) == {"changes": [], "next": first["next"], "more": False}
    memory.feeds[URL] = Feed([one(0, 1), *(one(n) for n in range(2, 30))])
    catalogue.runs.harvest("agency")
    catalogue.runs.harvest("agency")
    second = asked(client, first["next"])
    assert whats(second) == {"jeu-0": "CHANGED", "jeu-1": "REMOVED"}
    assert client.get(f"/fr/dataset/{second['changes'][1]['url'].rpartition('/')[2]}").status_code == 410
    memory.feeds[URL] = Feed([one(0, 1), *(one(n) for n in range(1, 31))])
    catalogue.runs.harvest("agency")
    third = asked(client, second["next"])
    assert whats(third) == {"jeu-1": "RESTORED", "jeu-30": "NEW"}
    catalogue.runs.harvest("agency")
    assert asked(client, third["next"])["changes"] == []


@pytest.mark.parametrize("seed", range(3))
def test_replaying_gives_the_catalogue_whatever_is_written_meanwhile(
    portal: tuple[Catalogue, Memory, FlaskClient], seed: int
) -> None:
    catalogue, memory, client = portal
    chance = random.Random(seed)
    copy: dict[str, str] = {}
    since, seen = "", set()
    for turn in range(40):
        said = asked(client, since, limit=chance.randint(1, 7))
        for change in said["changes"]:
            assert (change["id"], change["at"], change["what"]) not in seen
            seen.add((change["id"], change["at"], change["what"]))
            if change["what"] == "REMOVED":
                copy.pop(change["id"], None)
            else:
                copy[change["id"]] = change["iri"]
        since = said["next"]
        if turn < 6:
            kept = [one(n, chance.randint(0, 1)) for n in range(31) if chance.random() > 0.03]
            memory.feeds[URL] = Feed(kept)
            catalogue.runs.harvest("agency")
    assert not said["more"]
    assert copy == {row.id: row.iri for row in catalogue.entries.after("", 1000)}


@pytest.mark.parametrize("since", ["x", "-1", "9" * 30, "٣", "1.5", "' or 1=1"])
def test_a_cursor_of_ones_own_making_is_refused(client: FlaskClient, since: str) -> None:
    answer = client.get("/api/1/changes", query_string={"since": since})
    assert (answer.status_code, answer.get_json()["field"]) == (400, "since")
