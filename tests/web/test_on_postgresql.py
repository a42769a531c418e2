"""The feeds and the API over PostgreSQL, which refuses what SQLite lets pass."""

from mailbox import mailbox
from pathlib import Path

import pytest
from factory import BASE, filled_catalogue
from flask.testing import FlaskClient
from graphs import by_oxigraph

from catalogue.search.base import Query
from catalogue.store import follows
from catalogue.work.telling import Writing
from catalogue.work.worker import Worker
from web.app import create_app

ODD = (
    "/dataset/%00.ttl",
    "/id/dataset/%00",
    "/id/record/a%00b",
    "/publisher/%00.json",
    "/fr/dataset/%00",
    "/api/1/datasets/%00",
    "/api/1/datasets/?after=%00",
    "/dataset/%ff%fe.ttl",
    "/dataset/%ed%a0%80.ttl",
    "/id/dataset/" + "x" * 5000,
    "/search.json?q=%00%ff",
    "/catalog.ttl?page=999999",
    "/catalog.ttl?modified_since=0001-01-01",
    "/catalog.ttl?modified_since=9999-12-31T23:59:59Z",
    "/api/1/harvest/job/999999999/",
    "/oai?verb=ListRecords&metadataPrefix=dcat_ap&from=2020-01-01",
    "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:data.example.brussels:%00",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=publisher.%00",
    "/ogc/collections/datasets/items?ids=%00",
    "/ogc/collections/datasets/items?after=%00",
    "/ogc/collections/datasets/items?externalIds=%00",
    "/csw?service=CSW&version=2.0.2&request=GetRecordById&id=%00",
)


@pytest.fixture
def client(postgresql_url: str, tmp_path: Path) -> FlaskClient:
    """A portal over an own database."""
    catalogue = filled_catalogue(tmp_path, database_url=postgresql_url)
    return create_app(catalogue.settings, catalogue).test_client()


@pytest.mark.service("postgresql")
def test_the_portal_works_on_postgresql(client: FlaskClient) -> None:
    catalogue = client.application.extensions["catalogue"]
    stored = by_oxigraph("".join(catalogue.feed.whole()).encode(), "nt")
    assert by_oxigraph(client.get("/catalog.ttl").data, "ttl") == stored
    key, _ = catalogue.keys.create("commune")
    headers = {"Authorization": key}
    for path in ODD:
        assert client.get(path, headers=headers).status_code < 500, path
    for identifier in ("a%00b", "%ff", "x" * 3000):
        path = f"/api/1/dataset/none/{identifier}"
        assert client.put(path, headers=headers, data=b"x", content_type="text/turtle").status_code == 404
    tag = client.get("/search.json").headers["ETag"]
    assert client.get("/search.json", headers={"If-None-Match": tag}).status_code == 304
    catalogue.close()


def test_searches_are_followed_by_mail_there_too(postgresql_url: str, tmp_path: Path) -> None:
    with mailbox() as box:
        letters = {"mail_url": box.url, "mail_from": "opendata@example.brussels"}
        catalogue = filled_catalogue(tmp_path / "var", database_url=postgresql_url, **letters)
        followers = catalogue.followers
        followers.ask_for(Query(filters={"theme": ("TRAN",)}), "anna@home.example", "fr")
        Worker(catalogue, chores=(Writing,)).once()
        with catalogue._database.write() as tx:
            row = follows.by_id(tx, 1)
            assert row
        followers.confirm(1, followers.link(row, "confirm").rpartition("/")[2])
        catalogue.records.withdraw("brussels-mobility", f"{BASE}dataset/trams")
        catalogue.index.catch_up()
        with catalogue._database.write() as tx:
            tx.exec_driver_sql("UPDATE follows SET due = now() - interval '1 hour'")
            tx.exec_driver_sql("UPDATE history SET at = now() - interval '1 hour'")
        Worker(catalogue, chores=(Writing,)).once()
        assert "Arr\u00eats de tram" in box.letters[-1].get_content()
        followers.end(1, "all", followers.link(row, "all").rpartition("/")[2])
        catalogue.close()
