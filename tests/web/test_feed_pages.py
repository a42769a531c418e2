"""Pages of the feed that lie ready: what is sent is what would be made now, in each format, to each reader."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from factory import filled_catalogue
from flask.testing import FlaskClient
from graphs import by_oxigraph
from pages import reader

from catalogue.publishing import feed_pages
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from dcat.namespaces import expand
from web.app import create_app
from web.feeds import catalog
from web.feeds.formats import RDF

GZIP = {"Accept-Encoding": "gzip"}
NEXT = f"<{expand('hydra:next')}>"
SIZE = 10


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    for module in (catalog, feed_pages):
        monkeypatch.setattr(module, "PER_PAGE", SIZE)
    catalogue = filled_catalogue(tmp_path / "var")
    yield catalogue
    catalogue.close()


@pytest.fixture
def client(filled: Catalogue) -> FlaskClient:
    return reader(filled)


def write(catalogue: Catalogue) -> int:
    """Writes what is missing."""
    return catalogue.feed_pages.write(lambda _: None, Stop())


def addresses(client: FlaskClient, catalogue: Catalogue) -> list[str]:
    """All pages, each by its number and as the page before leads to it, without what tells the format."""
    path, found = "page=1", list[str]()
    while path:
        found += dict.fromkeys((path, path.partition("&")[0]))
        triples = by_oxigraph(client.get(f"/catalog.nt?{path}").data, "nt")
        path = next((target.strip("<>").partition("?")[2] for _, said, target in triples if said == NEXT), "")
    assert len(found) == 2 * -(-catalogue.pieces.count() // SIZE) - 1
    return found


@pytest.mark.parametrize("ending", [format.ending for format in RDF])
def test_what_is_sent_is_what_would_be_made(filled: Catalogue, client: FlaskClient, ending: str) -> None:
    paths = [f"/catalog.{ending}?{query}" for query in addresses(client, filled)]
    made = {path: client.get(path) for path in paths}
    assert write(filled) == 4
    other = create_app(filled.settings, filled).test_client()  # which remembers no tag
    for path, before in made.items():
        sent, packed, squeezed = (
            other.get(path, headers={"Accept-Encoding": coding}) for coding in ("identity", "zstd, gzip", "zstd")
        )
        assert (sent.status_code, sent.data, sent.content_type) == (200, before.data, before.content_type), path
        assert gzip.decompress(packed.data) == before.data
        assert [one.headers.get("Content-Encoding") for one in (sent, packed, squeezed)] == [None, "gzip", "zstd"]
        for one in (sent, packed, squeezed):
            assert one.headers["ETag"] == before.headers["ETag"]
            assert one.headers["Cache-Control"] == before.headers["Cache-Control"]
            assert set(one.vary) == {"Accept-Encoding"}
            assert other.get(path, headers={"If-None-Match": one.headers["ETag"]}).status_code == 304
    assert len({one.headers["ETag"] for one in made.values()}) == len(made)


def test_a_page_says_what_the_catalogue_and_its_entries_say(filled: Catalogue, client: FlaskClient) -> None:
    write(filled)
    found = by_oxigraph(client.get("/catalog.ttl?page=2").data, "ttl")
    joined = filled.feed.joined(filled.pieces.page(2, SIZE), is_part=True)
    here = f"<{filled.settings.site_url}/catalog.ttl?page=2>"
    assert {one for one in found if one[0] != here} == by_oxigraph("".join(joined).encode(), "nt")


def test_who_names_the_format_in_a_header_gets_the_file_too(filled: Catalogue, client: FlaskClient) -> None:
    write(filled)
    answer = client.get("/catalog?page=2", headers={"Accept": "application/ld+json", **GZIP})
    assert answer.data == client.get("/catalog.jsonld?page=2", headers=GZIP).data
    assert (answer.content_location, set(answer.vary)) == ("/catalog.jsonld?page=2", {"Accept", "Accept-Encoding"})
    assert client.head("/catalog.jsonld?page=2", headers=GZIP).data == b""


def test_nobody_is_sent_what_was_published_before(filled: Catalogue, client: FlaskClient) -> None:
    write(filled)
    before = {path: client.get(path) for path in (f"/catalog.nt?page={number}" for number in range(1, 5))}
    gone = next(row for row in filled.entries.after("", 100) if row.kind == "dataset")
    filled.records.withdraw(gone.source, gone.identifier)
    for _ in range(2):
        for path, old in before.items():
            fresh = client.get(path, headers={"If-None-Match": old.headers["ETag"]})
            assert fresh.status_code == 200
            assert f"/id/record/{gone.id}>" not in fresh.text
            assert f'"{filled.pieces.count()}"^^' in fresh.text
        write(filled)


@pytest.mark.parametrize("query", ["measures=all", "modified_since=2020-01-01", "q=bancs", "theme=ENVI"])
def test_what_is_chosen_is_made(filled: Catalogue, client: FlaskClient, query: str) -> None:
    before = client.get(f"/catalog.nt?page=1&{query}").data
    assert before != client.get("/catalog.nt?page=1").data
    write(filled)
    other = create_app(filled.settings, filled).test_client()
    assert other.get(f"/catalog.nt?page=1&{query}").data == before


def test_a_page_whose_file_is_damaged_is_made(filled: Catalogue, client: FlaskClient) -> None:
    before = client.get("/catalog.ttl?page=1").data
    write(filled)
    for path in filled.feed_pages.folder.glob("*.ttl"):
        path.write_bytes(path.read_bytes()[:-1])
    answer = create_app(filled.settings, filled).test_client().get("/catalog.ttl?page=1", headers=GZIP)
    assert gzip.decompress(answer.data) == before
