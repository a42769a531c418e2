"""Every address that a page, a text or a message names answers, and with something to see."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pages
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sampling import sampled
from werkzeug.exceptions import HTTPException

import dcat
import web
from catalogue.demo import AGENCIES
from catalogue.demo.server import serve_agencies
from catalogue.previews.files import file_key
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.stopping import Stop
from web.app import create_app
from web.wording import facts

ROOT = Path(__file__).parents[2]
SITE = "http://127.0.0.1:5000"
TEXTS = [
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.parent.name != "sources"),
    Path(dcat.__file__).parent / "tables" / "findings.toml",
    *sorted(Path(web.__file__).parent.rglob("*.po")),
    *sorted(Path(web.__file__).parent.rglob("templates/**/*.html")),
    *sorted(path for room in ("web", "catalogue") for path in (ROOT / room).rglob("*.py")),
]
NAMED = re.compile(rf"{SITE}(/[^\s`\"'“”)<>|]*)|[`“](/[a-z{{][^\s`\"'“”)<>|…]*)[`”]")
"""An address that a text names: whole, or its path in the way that code is written."""
OTHERS = re.compile(
    r"/(api$|mapped$|trace$|tag$|api/1/file|data|feed|work|etc|var|tmp|srv|mnt|usr|home|api/3|api/action|organization)\b"
)
"""Paths in texts that are no addresses of the portal: of files, of the sources' own servers, ends of addresses."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """The example agencies, harvested."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("links"), fetch_allow=("127.0.0.0/8",), site_url=SITE)
    catalogue = Catalogue(settings)
    catalogue.init()
    with serve_agencies() as base:
        for agency in AGENCIES:
            row = catalogue.sources.add(base + agency.path, agency.kind, title=agency.title, publisher=agency.publisher)
            catalogue.runs.harvest(row.name)
    catalogue.dumps.make(lambda _: None, Stop())
    yield catalogue
    catalogue.close()


@pytest.fixture(scope="module")
def portal(demo: Catalogue) -> Flask:
    """The portal over them."""
    return create_app(demo.settings, demo)


ROOTS = tuple(f"/{lang}/" for lang in pages.LANGUAGES)
WALKED: set[str] = set()
"""What was asked in one language and is the same in all."""


@pytest.mark.parametrize("lang", sampled(pages.LANGUAGES, 2))
def test_no_link_of_any_page_leads_nowhere_or_to_nothing(portal: Flask, lang: str) -> None:
    client, waiting, seen = portal.test_client(), deque([f"/{lang}/"]), {f"/{lang}/", *WALKED}
    walked = 0
    while waiting:
        path = waiting.popleft()
        answer = client.get(path, headers=pages.HTML if path.startswith(f"/{lang}/") else {}, buffered=True)
        assert answer.status_code in {200, 302, 303}, (path, answer.status_code)  # 302: to a publisher's file
        assert answer.content_length != 0, path
        if answer.status_code == 303 and answer.location not in seen:
            seen.add(answer.location)
            waiting.append(answer.location)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        walked += 1
        page = html.fromstring(answer.data)
        assert not is_empty(page), path
        for link in links(page, path) if is_walked(path, lang) else ():
            if link not in seen and (link.startswith(f"/{lang}/") or not link.startswith(ROOTS)):
                seen.add(link)
                waiting.append(link)
    WALKED.update(path for path in seen if not path.startswith(ROOTS))
    assert walked > 150


def links(page: html.HtmlElement, path: str) -> Iterator[str]:
    """Where the links of a page lead, and the other representations that its head names, within this site."""
    for element in page.iter("a", "link"):
        parts = urlsplit(urljoin(SITE + path, element.get("href", "")))
        if f"{parts.scheme}://{parts.netloc}" == SITE:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def is_walked(path: str, lang: str) -> bool:
    """True where links are followed further: what a page with parameters links to has one parameter more, without
    end, and the other languages are walked by themselves."""
    return path.startswith(f"/{lang}/") and "?" not in path


def is_empty(page: html.HtmlElement) -> bool:
    """True for a page without a word of its own, and for a search that finds nothing."""
    (main,) = page.iter("main")
    counts = [one.text_content() for one in main.iter("h2") if one.get("id") == "count"]
    return len(main.text_content().strip()) < 40 or any(not re.search(r"[1-9]", count) for count in counts)


def named() -> list[tuple[str, str]]:
    """(address, file that names it)."""
    found = {}
    for path in TEXTS:
        for match in NAMED.finditer(path.read_text("utf-8")):
            address = (match[1] or match[2]).rstrip(".,;:\\")
            if not OTHERS.match(address) and "%(" not in address:
                found.setdefault(address, str(path.relative_to(ROOT)))
    return sorted(found.items())


def test_texts_name_addresses() -> None:
    found = dict(named())
    assert len(found) > 70
    assert {"/api/1/openapi.json", "/{lang}/quality", "/id/dataset/{id}", "/catalog.ttl"} <= found.keys()


@pytest.mark.parametrize(("address", "where"), named())
def test_an_address_that_a_text_names_answers(portal: Flask, demo: Catalogue, address: str, where: str) -> None:
    client = portal.test_client()
    status = client.get(filled_in(address, demo), headers={"Accept": "*/*"}, buffered=True).status_code
    if status == 404 and (is_of_the_tutorial(address) or is_posted_to(portal, address)):
        assert "GET" in routes(portal, address), where
    else:
        assert status in {200, 301, 302, 303, 308, 400, 401, 405, 410}, where


def is_of_the_tutorial(address: str) -> bool:
    """True for what a reader has registered or pushed by then: `test_api_reference` plays those pages."""
    return bool(re.search(r"open-data-of-example|our-feed|croissant\.json|/job/\d|\$id|wxwwtdqxvr4zpoug", address))


def is_posted_to(portal: Flask, address: str) -> bool:
    """True for an address of its own that takes no GET, and looks like one of another kind that does."""
    with suppress(HTTPException):
        return not portal.url_map.bind("").match(urlsplit(address).path, method="POST")[1]
    return False


def routes(portal: Flask, address: str) -> Iterable[str]:
    """The methods that the portal takes at an address."""
    return portal.url_map.bind("").allowed_methods(urlsplit(address).path)


def filled_in(address: str, demo: Catalogue) -> str:
    """An address with real names in the place of those in braces."""
    rows = {row.kind: row for row in demo.entries.with_ids(one.id for one in demo.pieces.all())}
    row, source = rows["dataset"], demo.sources.named(rows["dataset"].source)
    values = {
        "{lang}": "fr",
        "{kind}": "dataset",
        "{ending}": "ttl",
        "{source}": source.name,
        "{job}": str(demo.runs.of_source(source.name)[0].id),
        "{identifier}": row.identifier,
        "{rule}/{field}": "date-invalid/dct:issued",
        "{code}": "LateralTelephone",
        "{subject}": "budget",
        "/commune/{name}": "/commune/ixelles-elsene",
        "/publisher/{name}": f"/publisher/{row.publisher_name}",
        "/publishers/{name}": f"/publishers/{row.publisher_name}",
        "/agent/{name}": f"/agent/{row.publisher_name}",
        "/source/{name}": f"/source/{source.name}",
        "/service/{id}": f"/service/{rows['service'].id}",
        "/series/{id}": f"/series/{rows['series'].id}",
        "/dataset/{name}/download/{file}": f"/dataset/{row.name}/download/{file_key(facts.files(row.entry)[0])}",
        "{name}": row.name,
        "{id}": row.id,
    }
    for gap, value in values.items():
        address = address.replace(gap, value)
    return address


def test_what_is_nowhere_has_no_route(portal: Flask) -> None:
    assert not list(routes(portal, "/api/1/nothing"))
    client: FlaskClient = portal.test_client()
    assert client.get("/fr/nowhere", headers=pages.HTML).status_code == 404
