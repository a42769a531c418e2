"""Where the portal was before leads to where it is, and nowhere else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from factory import filled_catalogue
from flask.testing import FlaskClient

from catalogue.service import Catalogue
from web.app import create_app

OLD, TEST, NEW = "http://localhost:5000", "https://test.example.brussels/data", "https://data.example.brussels"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The portal after it has moved twice."""
    catalogue: Catalogue = filled_catalogue(tmp_path_factory.mktemp("moved"), site_url=OLD)
    for old, new in ((OLD, TEST), (TEST, NEW)):
        catalogue.close()
        catalogue = Catalogue(replace(catalogue.settings, site_url=new))
        catalogue.address.rebase(old, new)
    catalogue.index.rebuild()
    yield create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("https://test.example.brussels/data/id/dataset/x?a=b", f"{NEW}/id/dataset/x?a=b"),
        ("https://test.example.brussels/fr/", f"{NEW}/fr/"),
        ("https://data.example.brussels/data/catalog.ttl", "/catalog.ttl"),
    ],
)
def test_an_old_address_leads_to_the_new_one(client: FlaskClient, asked: str, there: str) -> None:
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (301, there)


@pytest.mark.parametrize(
    "asked",
    [
        f"{NEW}/fr/",
        f"{OLD}/fr/",  # a server in front may ask us so: leading on would lead in a circle
        "http://stranger.example/fr/",
        "https://test.example.brussels/healthz",
    ],
)
def test_everything_else_is_answered_here(client: FlaskClient, asked: str) -> None:
    assert client.get(asked).status_code == 200


def test_what_nobody_knows_is_not_there(client: FlaskClient) -> None:
    assert client.get(f"{NEW}/nothing/here").status_code == 404


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("/search?q=%C3%A9cole&page=2", "/nl/search?q=%C3%A9cole&page=2"),
        ("/publishers", "/nl/publishers"),
        ("/theme/TRAN", "/nl/theme/TRAN"),
    ],
)
def test_a_page_whose_language_was_left_out_is_found(client: FlaskClient, asked: str, there: str) -> None:
    answer = client.get(f"{NEW}{asked}", headers={"Accept-Language": "nl"})
    assert (answer.status_code, answer.headers["Location"]) == (303, there)
    assert "Accept-Language" in answer.vary


@pytest.mark.parametrize("asked", ["/dataset/none.ttl", "/catalog.xyz", "/nothing", "/search/none/here"])
def test_no_page_is_taken_for_what_is_no_page(client: FlaskClient, asked: str) -> None:
    assert client.get(f"{NEW}{asked}").status_code == 404


def test_the_feed_of_a_moved_portal_knows_one_address(client: FlaskClient) -> None:
    feed = client.get(f"{NEW}/catalog.nt?page=1").text
    assert f"<{NEW}/catalog>" in feed
    assert OLD not in feed
    assert TEST not in feed
