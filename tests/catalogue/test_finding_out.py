"""Which source an address belongs to that somebody copied from a browser."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import loopback
import openpyxl
import pytest
from commands import invoke, last_json
from loopback import Answer, Request, Server

from catalogue.checking.finding_out import Proposal, find_out
from catalogue.errors import Invalid, Unreadable
from catalogue.settings import Settings
from harvesters import HARVESTERS

SETTINGS = Settings(fetch_allow=loopback.LOOPBACK)
PAGE = b"<!DOCTYPE html><html><head><title>Portal</title></head><body>Welcome</body></html>"
DCAT = b"""@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<http://e/c> a dcat:Catalog ; dcat:dataset <http://e/t> . <http://e/t> a dcat:Dataset ; dct:title "Arbres"@fr ."""
CSV = "titre;description;adresse de téléchargement\nArbres;Des arbres;https://e.example/a.csv\n".encode()


def looked_up(url: str) -> Proposal:
    return find_out(url, SETTINGS, HARVESTERS)


def portal(prefix: str) -> Server:
    """A CKAN portal whose API stands under a prefix, with pages for people everywhere."""

    def routes(request: Request) -> Answer | None:
        if request.path == f"{prefix}/api/3/action/status_show":
            said = {"help": "http://x/api/3/action/help_show?name=status_show", "success": True, "result": {}}
            return Answer(json.dumps(said).encode(), "application/json")
        return None if "/api/" in request.path else Answer(PAGE, "text/html")

    return loopback.site(routes)


@pytest.fixture(scope="module", params=["", "/data"])
def ckan(request: pytest.FixtureRequest) -> Iterator[tuple[Server, str]]:
    with loopback.running(portal(request.param)) as server:
        yield server, request.param


@pytest.mark.parametrize(
    ("page", "config"),
    [
        ("", {}),
        ("/dataset/", {}),
        ("/dataset/trees?x=1#y", {}),
        ("/fr/dataset", {}),
        ("/nl_BE/dataset/trees/resource/1", {}),
        ("/organization/ville", {"organisations": ["ville"]}),
        ("/fr/organization/about/ville", {}),
        ("/dataset?organization=ville&tags=a", {"organisations": ["ville"]}),
        ("/group/environnement", {"filter": 'groups:"environnement"'}),
        ("/api/3/action/package_search?rows=1", {}),
        ("/pages/contact", {}),
    ],
)
def test_a_page_of_ckan_leads_to_its_portal_with_what_it_shows(
    ckan: tuple[Server, str], page: str, config: dict[str, object]
) -> None:
    server, prefix = ckan
    found = looked_up(server.url(f"{prefix}{page}"))
    assert (found.kind, found.url, found.config) == ("ckan", server.url(prefix), config)
    assert not config or "ville" in found.why or "environnement" in found.why


def workbook() -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in (("titre", "description", "adresse de téléchargement"), ("Arbres", "Des arbres", "https://e.example/a")):
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("catalogue.ttl", DCAT)
    return buffer.getvalue()


PAGES = {
    "/feed": Answer(DCAT, "application/octet-stream"),
    "/feed.gz": Answer(gzip.compress(DCAT), "application/gzip"),
    "/list.csv": Answer(CSV, "text/plain"),
    "/list.xlsx": Answer(workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "/home": Answer(
        PAGE.replace(b"</title>", b'</title><link rel="alternate" type="text/turtle" href="/feed">'), "text/html"
    ),
    "/links": Answer(
        PAGE.replace(b"</title>", b'</title><link rel="alternate" type="text/turtle" href="/feed">').replace(
            b"Welcome", b'<a href="/other.ttl">other</a>'
        ),
        "text/html",
    ),
    "/folder/": Answer(PAGE.replace(b"Welcome", b'<a href="one.xml">one.xml</a>'), "text/html"),
    "/old": Answer(b"", "", 301, {"Location": "/feed"}),
    "/archive.zip": Answer(archive(), "application/zip"),
    "/page": Answer(PAGE, "text/html"),
    "/paper.pdf": Answer(b"%PDF-1.7\n\x00", "application/pdf"),
    "/empty": Answer(b"", "text/turtle"),
    "/closed": Answer(b"no", status=401, headers={"WWW-Authenticate": "Basic"}),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Server]:
    with loopback.running(loopback.site(lambda request: PAGES.get(request.path))) as server:
        yield server


@pytest.mark.parametrize(
    ("page", "kind", "at"),
    [
        ("/feed", "dcat", "/feed"),
        ("/feed.gz", "dcat", "/feed.gz"),
        ("/list.csv", "table", "/list.csv"),
        ("/list.xlsx", "table", "/list.xlsx"),
        ("/home", "dcat", "/feed"),
        ("/links", "dcat", "/feed"),
        ("/folder/", "waf", "/folder/"),
        ("/old", "dcat", "/old"),
    ],
)
def test_a_document_is_told_by_what_it_is_and_a_page_by_what_it_names(
    site: Server, page: str, kind: str, at: str
) -> None:
    found = looked_up(site.url(page))
    assert (found.kind, found.url, found.config) == (kind, site.url(at), {})


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("/archive.zip", "is a ZIP archive (catalogue.ttl), which is not read. Publish the file in it by itself"),
        ("/page", "is a page for people (HTML) that names no feed"),
        ("/paper.pdf", "is application/pdf, in which we find no catalogue"),
        ("/empty", "answered with nothing"),
        ("/closed", 'with --credentials, as in {"basic": "user:password"}'),
        ("/nowhere", "answered 404 Not Found"),
    ],
)
def test_what_is_no_source_is_said_to_be_none(site: Server, page: str, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        looked_up(site.url(page))
    assert says in str(caught.value)


def test_nobody_at_an_address_is_said(site: Server) -> None:
    with pytest.raises(Unreadable, match="could not be connected to"):
        looked_up("http://127.0.0.1:1/")
    with pytest.raises(Invalid):
        looked_up("ftp://e.example/")


def test_the_command_asks_before_it_registers(tmp_path: Path, ckan: tuple[Server, str], site: Server) -> None:
    server, prefix = ckan
    page = server.url(f"{prefix}/organization/ville")
    invoke(tmp_path, "init")
    _, err = invoke(tmp_path, "source", "add", page, expect=1, text_in="n\n")
    assert "the page of organisation 'ville'" in err
    assert f"datastore source add {server.url(prefix)} --kind ckan --config" in err
    out, _ = invoke(tmp_path, "source", "add", page, "--yes", "--title", "Ville", "--config", '{"rows": 50}', "--json")
    row = last_json(out)
    assert (row["kind"], row["config"]) == ("ckan", {"organisations": ["ville"], "rows": 50})
    out, err = invoke(tmp_path, "source", "test", site.url("/feed"), expect=1)
    assert "This is a DCAT feed." in err
    assert "Arbres" in out or "arbres" in out
    _, err = invoke(tmp_path, "source", "add", site.url("/page"), expect=1)
    assert "names no feed" in err


def test_pages_with_schema_org_lead_to_their_site() -> None:
    told = b'<html><script type="application/ld+json">{"@type": "Dataset", "name": "Trees"}</script></html>'

    def routes(request: Request) -> Answer | None:
        listed = "".join(f"<url><loc>{server.url(path)}</loc></url>" for path in ("/news", "/dataset/trees"))
        site_map = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'.encode()
        pages = {"/sitemap.xml": site_map, "/": PAGE, "/news": PAGE, "/dataset/trees": told}
        found = pages.get(request.path)
        return Answer(found, "text/html") if found else None

    server = loopback.site(routes)
    with loopback.running(server):
        for path in ("", "/", "/dataset/trees?x=1"):
            found = looked_up(server.url(path))
            assert (found.kind, found.url) == ("schema-org", server.url(""))


def test_an_event_stream_is_more_than_a_feed() -> None:
    stream = DCAT + b"<#n> a <https://w3id.org/tree#Node> ."
    with loopback.running(loopback.always(Answer(stream, "text/turtle"))) as server:
        assert looked_up(server.url("/feed")).kind == "ldes"


@pytest.mark.parametrize("page", ["/fr/dataset", "/nl/organization/ville", "/dataset"])
def test_with_its_kind_the_language_of_a_page_is_no_part_of_its_portal(page: str) -> None:
    assert next(HARVESTERS["ckan"].places(f"https://town.example{page}")).site == "https://town.example"
