"""Reading the portal's pages as a browser would, strictly."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.previews.files import file_key
from catalogue.service import Catalogue
from web.app import create_app
from web.wording import facts

LANGUAGES = ("fr", "nl", "de", "en")
HTML = {"Accept": "text/html"}
TEXTS = (
    *("about", "help", "developers", "accessibility", "eco-design", "privacy", "terms", "feeds", "sitemap"),
    *("usage", "reuses", "collections", "collection/live"),
)


class Reader(FlaskClient):
    """Reads every answer to its end, as a client does that keeps no file open."""

    def open(self, *args: Any, **given: Any) -> TestResponse:
        return super().open(*args, buffered=True, **given)


def reader(catalogue: Catalogue) -> FlaskClient:
    """Such a client of the portal over a catalogue."""
    app = create_app(catalogue.settings, catalogue)
    app.test_client_class = Reader
    return app.test_client()


def read(client: FlaskClient, path: str, status: int = 200) -> Element:
    """The page at a path as a tree; fails on the first error of its HTML."""
    answer = client.get(path, headers=HTML)
    assert answer.status_code == status, (path, answer.status_code, answer.location, answer.text[:300])
    return tree(answer)


def tree(answer: TestResponse) -> Element:
    """An answer's HTML as a tree, parsed strictly."""
    assert answer.mimetype == "text/html", answer.mimetype
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found: Element = parser.parse(answer.text)
    return found


def words(element: Element) -> str:
    """What an element says, with single blanks."""
    return " ".join("".join(element.itertext()).split())


def one(page: Element, path: str) -> Element:
    """The only element at a path."""
    found = page.findall(path)
    assert len(found) == 1, (path, len(found))
    return found[0]


def links(page: Element) -> list[str]:
    """Where the links of the body lead."""
    return [link.get("href", "") for link in page.findall("body//a")]


def counted_elements(page: Element) -> int:
    """Elements as Ecoindex counts them: what is inside an SVG is one picture."""

    def walk(element: Element) -> Iterator[Element]:
        yield element
        if not str(element.tag).endswith("svg"):
            for child in element:
                yield from walk(child)

    return sum(isinstance(element.tag, str) for element in walk(page))


def paths_of(catalogue: Catalogue) -> list[str]:
    """One path of each kind of page and more, without their language: what is in the catalogue decides."""
    rows = catalogue.entries.with_ids(piece.id for piece in catalogue.pieces.all())
    dataset = next(row for row in rows if row.kind == "dataset")
    file = file_key(facts.files(dataset.entry)[0])
    source = catalogue.sources.all()[0]
    return [
        "/",
        "/search",
        "/search?q=fiets",
        "/search?q=v%C3%A9lo+budget&theme=TRAN&sort=title",
        "/search?page=2",
        "/search?q=zzzzqq&theme=TRAN",
        "/search/filters?q=budget",
        "/search/values/publisher",
        "/search/values/keyword?find=v",
        f"/dataset/{dataset.name}/checks",
        "/themes",
        "/theme/TRAN",
        "/theme/TRAN?q=zzzzqq",
        "/theme/INTR",
        "/publishers",
        "/publishers?find=elsene",
        "/publishers?find=zzzzqq",
        *(f"/publisher/{quote(row.name)}" for row in catalogue.publishers.all()[:2]),
        "/keyword/budget",
        "/sources",
        f"/source/{source.name}",
        f"/source/{source.name}/run/{catalogue.runs.of_source(source.name)[0].id}",
        *(f"/{row.kind}/{quote(row.name)}" for row in rows if row.kind != "dataset"),
        f"/dataset/{quote(dataset.name)}",
        f"/dataset/{quote(dataset.name)}/file/{file}",
        "/area",
        "/commune/ixelles-elsene",
        "/commune/bruxelles-brussel",
        "/money",
        "/money?until=2024",
        "/coverage",
        "/coverage/budget",
        "/coverage/budget?bodies=cpas",
        "/coverage/public-contracts?until=2020",
        "/coverage/trees",
        "/coverage/budget/ixelles-elsene",
        "/coverage/playgrounds/anderlecht",
        "/coverage/accounts/cpas-uccle-ukkel",
        "/check",
        "/quality",
        *(f"/{name}" for name in TEXTS),
    ]
