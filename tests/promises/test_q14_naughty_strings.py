"""Naughty strings in every field of an entry: no page, feed or table makes anything of them but text."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import msgspec
import pages
import pytest
from browsing import served
from factory import Feed, open_catalogue, record
from flask.testing import FlaskClient
from graphs import by_oxigraph
from hostile import NO_CHARACTERS, foreign, naughty, poisoned
from sampling import sampled, share

from catalogue.previews.files import file_key
from catalogue.service import Catalogue
from dcat.model import KINDS, DataService, Entry, Iri, Text
from web.app import create_app
from web.csw.records import SCHEMAS
from web.oai.records import FORMATS
from web.wording import facts

URL = "https://agency.example/feed"
RDF = ("ttl", "nt", "rdf", "jsonld")
EVIL = "http://evil.example/"


def entry(number: int, string: str) -> Entry:
    """An entry with the string in each field; with a title and an address of its own, so that it is published."""
    kind = {0: "series", 1: "service", 2: "publication"}.get(number % 8, "dataset")
    made: Entry = poisoned(KINDS[kind], string)
    own: dict[str, Any] = {"title": (Text(f"{string} n{number}", "fr"),)}
    if isinstance(made, DataService):
        own["endpoint_url"] = (Iri("https://agency.example/wfs"),)
    else:  # two files: of one the page is reached, the other one leads wherever the string does
        known = msgspec.structs.replace(made.distribution[0], access_url=(Iri(f"https://agency.example/{number}"),))
        own["distribution"] = (known, *made.distribution)
    return msgspec.structs.replace(made, **own)


@pytest.fixture(scope="module")
def poisoned_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A dataset, and now and then a series or service, for each string: in each of its fields."""
    catalogue, memory = open_catalogue(tmp_path_factory.mktemp("naughty"), contact="opendata@example.brussels")
    strings = list(dict.fromkeys((NO_CHARACTERS, *sampled(naughty(), share(12, 515)))))
    entries = [entry(number, string) for number, string in enumerate(strings)]
    memory.feeds[URL] = Feed([record(f"n{number}", entry) for number, entry in enumerate(entries)])
    name = catalogue.sources.add(URL, "memory", title=f"Agency {NO_CHARACTERS} {strings[-1]}").name
    run = catalogue.runs.harvest(name)
    assert (run.new, run.failed) == (len(entries), 0)
    yield catalogue
    catalogue.close()


def published(catalogue: Catalogue) -> list[Any]:
    """The rows of all entries."""
    return list(catalogue.entries.with_ids(one.id for one in catalogue.entries.changes(0, 1000)))


def pages_of(row: Any) -> Iterator[str]:
    """The pages that show what an entry says."""
    yield f"/nl/{row.kind}/{row.name}"
    yield f"/nl/{row.kind}/{row.name}/checks"
    yield f"/nl/{row.kind}/{row.name}/changes"
    yield f"/nl/{row.kind}/{row.name}/questions"
    if row.kind == "dataset":
        yield from (f"/nl/dataset/{row.name}/file/{file_key(file)}" for file in facts.files(row.entry))
    if row.publisher_name:
        yield f"/nl/publisher/{row.publisher_name}"


def foreign_in(client: FlaskClient, path: str) -> list[str]:
    """What in a page is not of our making; also a block of data that is no JSON."""
    page = pages.read(client, path)
    for script in page.iter("script"):
        json.loads(script.text or "")
    return list(foreign(page))


def graph_faults(client: FlaskClient, path: str, format: str) -> list[str]:
    """What a document in RDF says that nobody may make it say."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    triples = by_oxigraph(answer.data, format)
    return [str(triple) for triple in triples if str(triple[0]).strip("<>").startswith(EVIL)]


def documents_of(row: Any) -> Iterator[str]:
    """What programs read of an entry, but for RDF."""
    name, id = f"{row.kind}/{row.name}", row.id
    yield from (f"/{name}/changes.atom", f"/{name}/changes.json", f"/api/1/datasets/{id}")
    yield from (f"/api/3/action/package_show?id={id}", f"/ogc/collections/datasets/items/{id}")
    yield from (f"/csw?service=CSW&version=2.0.2&request=GetRecordById&id={id}&outputSchema={one}" for one in SCHEMAS)
    identifier = f"oai:data.example.brussels:{id}"
    yield from (f"/oai?verb=GetRecord&identifier={identifier}&metadataPrefix={one}" for one in FORMATS)


LISTS = (
    *("/search.atom", "/search.json", "/feeds.opml", "/opensearch.xml", "/sitemap.xml", "/sitemap/1.xml"),
    *("/data.json", "/quality.json", "/money.json", "/downloads.json", "/api/1/datasets/", "/api/1/publishers/"),
    *("/api/1/search?q=x", "/api/1/changes", "/api/1/harvest/job/1/items/", "/api/1/quality"),
    *("/api/3/action/package_search", "/api/3/action/organization_list?all_fields=true", "/api/3/action/tag_list"),
    *("/ogc/collections/datasets/items", "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai?verb=ListSets"),
    *("/csw?service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&resultType=results&elementSetName=full",),
)
"""What programs read of many."""


def document_faults(client: FlaskClient, path: str) -> Iterator[str]:
    """An answer that is a fault of ours, or is not what it says: JSON, or XML."""
    answer = client.get(path, headers={"Accept": "*/*"})
    if answer.status_code not in {200, 404, 410}:
        yield f"{path}: {answer.status}"
    try:
        if answer.mimetype.endswith("json"):
            json.loads(answer.data, parse_constant=refused)
        elif answer.mimetype.endswith("xml") or answer.mimetype == "text/x-opml":
            ElementTree.fromstring(answer.data)
        else:
            yield f"{path}: {answer.mimetype}"
    except (ValueError, ElementTree.ParseError) as error:
        yield f"{path}: {error!r}"


def refused(word: str) -> None:
    """`NaN` and its kin are no JSON."""
    raise ValueError(word)


def download_faults(client: FlaskClient, row: Any) -> Iterator[str]:
    """A link to a file that leads elsewhere than to an address of the web, or writes a header of its own."""
    for file in facts.files(row.entry) if row.kind == "dataset" else ():
        path = f"/dataset/{row.name}/download/{file_key(file)}"
        answer = client.get(path)
        leads = answer.headers.get("Location", "")
        if answer.status_code not in {302, 404} or (leads and not leads.startswith(("http://", "https://"))):
            yield f"{path}: {answer.status} {leads}"


def feed_faults(client: FlaskClient, source: str) -> Iterator[str]:
    """What is wrong with lists that programs read, and with a table for spreadsheets."""
    for path in (*LISTS, f"/source/{source}/runs.atom"):
        yield from document_faults(client, path)
    rows = csv.reader(
        io.StringIO(client.get("/api/1/harvest/job/1/errors.csv").data.decode("utf-8-sig")), delimiter=";"
    )
    yield from (f"formula {cell!r}" for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"})


@pytest.mark.against("TC-07")
def test_text_stays_text_on_every_page_and_feed(poisoned_catalogue: Catalogue, note: Callable[..., None]) -> None:
    client = create_app(poisoned_catalogue.settings, poisoned_catalogue).test_client()
    (source,) = (one.name for one in poisoned_catalogue.sources.all())
    rows, faults, shown = published(poisoned_catalogue), list(feed_faults(client, source)), 0
    read = len(LISTS) + 2
    paths = dict.fromkeys(path for row in rows for path in pages_of(row))
    lists = (
        "/nl/",
        "/nl/search",
        "/nl/publishers",
        "/nl/sources",
        f"/nl/source/{source}",
        f"/nl/source/{source}/run/1",
    )
    for path in (*paths, *lists):
        faults += [f"{path}: {one}" for one in foreign_in(client, path)]
        shown += 1
    for row in rows:
        faults += download_faults(client, row)
        for path in documents_of(row):
            faults += document_faults(client, path)
            read += 1
    for format in RDF:
        for number in range(1, 2 + len(rows) // 100):
            faults += graph_faults(client, f"/catalog.{format}?page={number}", format)
        for row in rows[:: max(1, len(rows) // 25)]:
            faults += graph_faults(client, f"/{row.kind}/{row.name}.{format}", format)
    note(
        "Q14",
        f"{len(rows)} entries, each of one of 515 strings, {shown} pages, {read} documents of feeds "
        f"and APIs, and feeds in {len(RDF)} formats of RDF: {len(faults)} foreign elements, statements or formulas",
        holds=not faults and len(rows) > 10,
        part="pages and feeds",
        wrong=faults[:20],
    )


def test_no_script_of_a_source_runs(poisoned_catalogue: Catalogue, browser: Any, note: Callable[..., None]) -> None:
    rows = published(poisoned_catalogue)
    ran, asked = [], []
    with served(create_app(poisoned_catalogue.settings, poisoned_catalogue)) as address:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        for row in rows[: share(3, len(rows))]:
            page.goto(f"{address}/nl/{row.kind}/{row.name}")
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            ran += [row.name] if page.evaluate("'__pwned' in window") else []
        page.close()
    others = [url for url in asked if not url.startswith(address)]
    seen = min(len(rows), share(3, len(rows)))
    note(
        "Q14",
        f"{seen} pages opened in Chromium: {len(ran)} scripts run, {len(others)} requests to others",
        holds=seen >= 2 and not ran and not others,
        part="canary",
    )
