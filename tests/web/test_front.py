"""Where we are is said by the settings: a path in the public address, and no header of the network."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from catalogue.service import Catalogue
from web.app import create_app


@pytest.fixture
def client(filled: Catalogue) -> FlaskClient:
    """The portal below a path."""
    return create_app(replace(filled.settings, site_url="https://region.example/données"), filled).test_client()


@pytest.mark.parametrize("path", ["/données/fr/", "/fr/"])  # the server in front may take the path away
def test_a_path_of_the_public_address_is_in_every_link(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert 'href="/données/fr/' in text
    assert 'href="https://region.example/données/fr/"' in text
    assert 'href="/fr/' not in text
    assert "données/données" not in text


def test_a_redirect_stays_below_the_path(client: FlaskClient) -> None:
    assert client.get("/données/", headers={"Accept-Language": "nl"}).location == "/donn%C3%A9es/nl/"
    assert client.get("/données", headers={"Accept-Language": "nl"}).location == "/donn%C3%A9es/nl/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Script-Name": "/evil", "Script_Name": "/evil"},
        {"X-Forwarded-Prefix": "/evil", "X-Script-Name": "/evil"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"},
        {"Host": "evil.example"},
    ],
)
def test_headers_of_the_network_change_nothing(filled: Catalogue, headers: dict[str, str]) -> None:
    client = create_app(filled.settings, filled).test_client()
    plain, forged = client.get("/fr/"), client.get("/fr/", headers=headers)
    assert forged.data == plain.data
    assert "evil" not in str(forged.headers)


def test_what_the_server_says_of_our_place_changes_nothing(filled: Catalogue) -> None:
    client = create_app(filled.settings, filled).test_client()
    plain = client.get("/fr/")
    forged = client.get("/fr/", environ_overrides={"SCRIPT_NAME": "/evil", "wsgi.url_scheme": "ftp"})
    assert forged.data == plain.data
