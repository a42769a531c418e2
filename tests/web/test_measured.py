"""What pages say of addresses that were asked: cards, datasets, files, publishers, quality, producers."""

import hashlib
from collections.abc import Iterator

import loopback
import pages
import pytest
from factory import Feed, concept, open_catalogue, record, texts
from flask.testing import FlaskClient
from loopback import Answer, Request, Server

from catalogue.service import Catalogue
from catalogue.store.addresses import AddressRow
from catalogue.store.rows import EntryRow
from catalogue.work.worker import Worker
from dcat import vocab
from dcat.model import Agent, Dataset, Distribution, Iri
from web.app import create_app
from web.wording import judged

CSV = b"nom;nombre\nIxelles;12\n"


def answer(request: Request) -> Answer | None:
    """A site with a good file, one that keeps programs out, and a page in the place of a file."""
    if request.path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /closed/\n")
    if request.path == "/bancs.csv":
        dated = {"Last-Modified": "Mon, 04 May 2020 10:00:00 GMT", "ETag": '"1"'}
        return Answer(b"" if request.method == "HEAD" else CSV, "text/csv", headers=dated)
    if request.path == "/page.csv":
        return Answer(b"" if request.method == "HEAD" else loopback.PAGE, "text/html")
    return None


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with loopback.running(loopback.site(answer)) as running:
        yield running


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Catalogue]:
    folder = tmp_path_factory.mktemp("measured")
    made, memory = open_catalogue(folder, check_links=True, fetch_allow=loopback.LOOPBACK)
    memory.feeds["https://a.example/"] = Feed(
        [
            record(name, dataset(name, server.url(path)))
            for name, path in (
                ("bancs", "/bancs.csv"),
                ("perdu", "/perdu.csv"),
                ("clos", "/closed/a.csv"),
                ("leurre", "/page.csv"),
            )
        ]
    )
    made.sources.add("https://a.example/", "memory", title="Agency", publisher="Commune")
    made.runs.harvest("agency")
    Worker(made).once()
    yield made
    made.close()


def dataset(name: str, url: str) -> Dataset:
    fmt = concept(vocab.FORMATS, "CSV") if name == "leurre" else None
    return Dataset(
        title=texts(fr=name.capitalize()),
        description=texts(fr=f"Les données {name}."),
        publisher=Agent(name=texts(fr="Commune")),
        distribution=(Distribution(access_url=(Iri(url),), download_url=(Iri(url),), format=fmt),),
    )


@pytest.fixture(scope="module")
def client(catalogue: Catalogue) -> FlaskClient:
    return create_app(catalogue.settings, catalogue).test_client()


def said(client: FlaskClient, address: str) -> str:
    """The words of a page, with plain blanks."""
    return pages.words(pages.one(pages.read(client, address), "body/main"))


def test_a_file_says_that_its_link_works_and_what_was_measured(client: FlaskClient) -> None:
    page = said(client, "/en/dataset/bancs")
    assert "✓ link works" in page
    assert "Download (CSV, 22 bytes)" in page
    assert "size measured by us on" in page
    assert "last changed on 4 May 2020 (measured by us on" in page
    assert "Last update 4 May 2020 (newest file, measured by us on" in page


def test_a_broken_link_says_since_when(client: FlaskClient) -> None:
    assert "! link broken since" in said(client, "/en/dataset/perdu")
    assert "! lien cassé depuis le" in said(client, "/fr/dataset/perdu")


def test_who_keeps_programs_out_is_not_called_broken(client: FlaskClient) -> None:
    page = said(client, "/en/dataset/clos")
    assert "not checked: the server lets no program in (its robots.txt forbids it); it may work for you" in page
    assert "broken" not in page


def test_a_page_in_the_place_of_a_file_is_told(client: FlaskClient) -> None:
    assert "This link leads to a web page, not to a file." in said(client, "/en/dataset/leurre")
    assert "leads to a web page" not in said(client, "/en/dataset/bancs")


def test_the_page_of_a_file_has_all_that_was_measured(client: FlaskClient) -> None:
    files = pages.one(pages.read(client, "/en/dataset/bancs"), ".//ul[@class='files']")
    link = next(one.get("href", "") for one in files.iter("a") if "/file/" in one.get("href", ""))
    page = said(client, link)
    assert "What we measured" in page
    assert f"Checksum (SHA-256) {hashlib.sha256(CSV).hexdigest()}" in page
    assert "4 May 2020, 10:00 UTC" in page


def test_cards_warn_of_broken_links_only(client: FlaskClient) -> None:
    cards = [pages.words(card) for card in pages.read(client, "/en/search").iter("li") if card.get("class") == "card"]
    assert [card.split()[0] for card in cards if "! a link is broken" in card] == ["Perdu"]


def test_the_publisher_and_the_quality_page_say_how_many_work(client: FlaskClient) -> None:
    for address in ("/en/publisher/commune", "/en/quality"):
        page = said(client, address)
        assert "67% of the 3 links that we can check work. One more lets no program in." in page
    assert "perdu link broken since" in said(client, "/en/publisher/commune")


def test_metrics_count_them(client: FlaskClient) -> None:
    told = client.get("/metrics").get_data(as_text=True)
    assert 'datastore_links{state="works"} 2' in told
    assert 'datastore_links{state="blocked"} 1' in told


def test_the_producer_sees_what_to_repair(client: FlaskClient, catalogue: Catalogue) -> None:
    key, _ = catalogue.keys.create("Commune")
    client.post("/en/producers", data={"key": key})
    assert "1 link does not work. Repair the file, or give its new address." in said(client, "/en/producers")
    page = said(client, "/en/producers/source/agency")
    assert "perdu: ! link broken since" in page
    assert "The server answers 404." in page


def test_the_producer_sees_how_many_lack_what_readers_ask_for(client: FlaskClient, catalogue: Catalogue) -> None:
    key, _ = catalogue.keys.create("Commune")
    client.post("/en/producers", data={"key": key})
    page = said(client, "/en/producers")
    assert "4 datasets do not say how often they are updated." in page


def test_all_links_are_said_to_work_only_where_each_was_asked(client: FlaskClient, catalogue: Catalogue) -> None:
    row = catalogue.entries.named("dataset", "bancs")
    assert isinstance(row, EntryRow)
    links = catalogue.links.of_entry(row.id)
    unasked = {"https://b.example/": AddressRow(url="https://b.example/", host="b.example")}
    with client.application.test_request_context("/en/"):
        assert "All links work" in judged.of(row, links).good
        assert "The links that we could check work" in judged.of(row, links | unasked).good
