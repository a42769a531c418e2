"""Who asks too often is told when to come back; all processes count together, and nobody else is kept waiting."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from factory import filled_catalogue
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue import clock
from catalogue.service import Catalogue
from web.app import create_app

ANNA, BERT, OFFICE = "81.241.1.7", "109.128.1.7", "10.1.2.3"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """A catalogue with narrow limits, ten seconds after a minute began."""
    limits: dict[str, Any] = {"searches_per_minute": 20, "checks_per_minute": 2, "writes_per_minute": 3}
    catalogue = filled_catalogue(tmp_path, **limits)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 1, 12, 0, 10, tzinfo=UTC))
    yield catalogue
    for opened in (catalogue, *OPENED):
        opened.close()
    OPENED.clear()


OPENED: list[Catalogue] = []


def door(catalogue: Catalogue, **settings: Any) -> FlaskClient:
    """Another process of the web, as far as counting goes."""
    own = Catalogue(replace(catalogue.settings, **settings))
    OPENED.append(own)
    return create_app(own.settings, own).test_client()


def get(client: FlaskClient, path: str = "/search.json?q=arbre", who: str = ANNA, **headers: str) -> TestResponse:
    return client.get(path, environ_overrides={"REMOTE_ADDR": who}, headers=headers)


def test_who_searches_too_often_is_told_when_to_come_back(house: Catalogue) -> None:
    client = door(house)
    assert [get(client).status_code for _ in range(20)] == [200] * 20
    refused = get(client)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "50"
    assert refused.get_json()["detail"].startswith("Too many requests came from you")
    assert get(client, "/api/3/action/package_search?q=arbre").status_code == 429
    assert get(client, "/fr/search/follow?q=arbre").status_code == 429
    assert get(client, who=BERT).status_code == 200
    assert get(client, "/fr/").status_code == 200


CSW = "/csw?service=CSW&version=2.0.2&request=GetRecords&resultType=results"


@pytest.mark.parametrize(
    "path",
    [
        f"{CSW}&q=arbre",
        f"{CSW}&constraintLanguage=CQL_TEXT&constraint=AnyText%20LIKE%20'%25arbre%25'&sortBy=title:D",
        "/ogc/collections/datasets/items?q=arbre",
        "/ogc/collections/datasets/items?externalIds=arbres,parcs",
        "/catalog.ttl?q=arbre",
        "/catalog.ttl?theme=ENVI&page=1",
        "/data.json?q=arbre",
        "/api/3/action/package_search/?q=arbre",
        "/api/3/action/tag_autocomplete?q=a",
    ],
)
def test_a_search_counts_once_at_every_door(house: Catalogue, path: str) -> None:
    client = door(house, searches_per_minute=2)
    answers = [get(client, path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "50"


@pytest.mark.parametrize(
    "path", [CSW, "/ogc/collections/datasets/items", "/catalog.ttl?page=1", "/data.json", "/api/3/action/package_list"]
)
def test_reading_the_list_of_all_is_no_search(house: Catalogue, path: str) -> None:
    client = door(house, searches_per_minute=1)
    assert [get(client, path).status_code for _ in range(3)] == [200] * 3


def test_the_page_says_so_in_the_language_of_the_reader(house: Catalogue) -> None:
    client = door(house, searches_per_minute=1)
    get(client)
    page = get(client, "/fr/search?q=arbre", Accept="text/html")
    assert page.status_code == 429
    assert "Vous avez envoyé trop de demandes en une minute." in page.get_data(as_text=True)


def test_processes_count_together(house: Catalogue) -> None:
    doors = [door(house), door(house)]
    answers = [get(doors[number % 2]).status_code for number in range(40)]
    assert 20 <= answers.count(200) <= 20 + 2 * 2  # each tells the others after a tenth of what is allowed


def test_the_next_minute_is_another_one(house: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    client = door(house, searches_per_minute=1)
    assert [get(client).status_code for _ in range(2)] == [200, 429]
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 1, 12, 1, 0, tzinfo=UTC))
    assert get(client).status_code == 200


def test_a_store_that_is_busy_keeps_nobody_waiting_and_opens_no_door(house: Catalogue) -> None:
    client = door(house)
    with house._database.write():
        answers = [get(client).status_code for _ in range(25)]
    assert answers == [200] * 20 + [429] * 5


def test_neighbours_in_one_network_of_ipv6_are_one_visitor(house: Catalogue) -> None:
    client = door(house, searches_per_minute=2)
    answers = [get(client, who=f"2a02:a03f:1:2::{number}").status_code for number in range(3)]
    assert answers == [200, 200, 429]
    assert get(client, who="2a02:a03f:1:3::1").status_code == 200


@pytest.mark.parametrize(("proxies", "expected"), [((), 200), (("10.0.0.0/8",), 429)])
def test_behind_a_server_that_is_not_named_nobody_is_told_from_others(
    house: Catalogue, proxies: tuple[str, ...], expected: int
) -> None:
    client = door(house, proxies=proxies, searches_per_minute=2)
    answers = [get(client, who=OFFICE, **{"X-Forwarded-For": ANNA}).status_code for _ in range(3)]
    assert answers[-1] == expected


def test_checks_are_counted(house: Catalogue) -> None:
    client = door(house)
    overrides = {"REMOTE_ADDR": ANNA}
    answers = [
        client.post("/api/1/validate", data=b"", content_type="text/turtle", environ_overrides=overrides).status_code
        for _ in range(3)
    ]
    assert answers[-1] == 429
    assert client.post("/fr/check", environ_overrides=overrides).status_code == 429
    assert client.get("/fr/check", environ_overrides=overrides).status_code == 200


def test_a_key_that_writes_too_often_is_refused_and_may_still_read(house: Catalogue) -> None:
    key, _ = house.keys.create("Commune")
    client, headers = door(house), {"Authorization": f"Bearer {key}"}
    path = "/api/1/harvest/source/nothing/"
    answers = [client.delete(path, headers=headers).status_code for _ in range(4)]
    assert answers == [404, 404, 404, 429]
    assert client.get("/api/1/harvest/sources/", headers=headers).status_code == 200


def test_wrong_keys_are_slowed_down_and_then_right_ones_of_that_visitor_too(house: Catalogue) -> None:
    key, _ = house.keys.create("Commune")
    client, path = door(house), "/api/1/harvest/source/nothing/"
    wrong, right = ({"Authorization": f"Bearer {one}"} for one in (key + "x", key))
    anna, bert = ({"REMOTE_ADDR": who} for who in (ANNA, BERT))
    answers = [client.delete(path, headers=wrong, environ_overrides=anna).status_code for _ in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert client.delete(path, headers=right, environ_overrides=anna).status_code == 429
    assert client.delete(path, headers=right, environ_overrides=bert).status_code == 404


def test_nothing_personal_is_kept_and_that_not_for_long(house: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    client = door(house, searches_per_minute=10)
    get(client)
    with house._database.read() as tx:
        [(who,)] = tx.exec_driver_sql("SELECT who FROM uses").all()
    assert len(who) == 16
    assert ANNA.encode() not in who
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 2, tzinfo=UTC))
    house.tidying.all()
    with house._database.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM uses").scalar_one() == 0
