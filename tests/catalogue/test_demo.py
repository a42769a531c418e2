"""The example agencies: their files can be read, their addresses answer, and what they say is what is expected."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pyoxigraph
import pytest
from shapes import forbidden

from catalogue.demo import AGENCIES
from catalogue.demo.fresh import AS_OF, moved
from catalogue.demo.server import DATA, MEDIA_TYPES, PLACEHOLDER, Agencies, serve_agencies
from catalogue.previews.look import Asked, look
from catalogue.previews.meanings import described
from catalogue.search.base import Query
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.rows import EntryRow, RunRow

DCAT = "http://www.w3.org/ns/dcat#"
HYDRA = "http://www.w3.org/ns/hydra/core#"
CLASSES = {f"{DCAT}Dataset", f"{DCAT}DataService", f"{DCAT}DatasetSeries"}
FEEDS = [*sorted(DATA.glob("mobility/*.ttl")), DATA / "finances/catalogue.rdf", DATA / "local/catalogue.ttl"]
PACKAGES: list[dict[str, Any]] = json.loads((DATA / "communes" / "packages.json").read_text("utf-8"))
EVERYTHING = "\n".join(path.read_text("utf-8") for path in DATA.rglob("*") if path.is_file())

FIXMYSTREET = {
    ("Divers", "Verschillende"): 470,
    ("Eclairage", "Verlichting"): 2872,
    ("Mobilier urbain", "Stadsmeubilair"): 8295,
    ("Monument", "Monument"): 262,
    ("Parc", "Park"): 89,
    ("Plantation", "Beplanting"): 3107,
    ("Ponts-Tunnels", "Bruggen-Tunnels"): 32,
    ("Prévention urbaine", "Stadspreventie"): 14113,
    ("Propreté publique", "Openbare netheid"): 70574,
    ("Sécurisation bâtiment", "Beveiliging gebouw"): 174,
    ("Signalisation", "Signalisatie"): 7486,
    ("Véhicule abandonné", "Achtergelaten voertuig"): 5328,
    ("Voirie", "Openbare weg"): 19884,
}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serve_agencies() as address:
        yield address


def get(address: str, body: bytes | None = None) -> tuple[int, str, bytes]:
    try:
        with urlopen(Request(address, data=body), timeout=60) as response:
            return response.status, response.headers["Content-Type"], response.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


def action(base: str, call: str, body: bytes | None = None) -> Any:
    return json.loads(get(f"{base}/communes/api/3/action/{call}", body)[2])


def iri(triple: pyoxigraph.Triple | pyoxigraph.Quad) -> str:
    return str(getattr(triple.subject, "value", ""))


def triples(path: Any) -> list[Any]:
    form = pyoxigraph.RdfFormat.RDF_XML if path.suffix == ".rdf" else pyoxigraph.RdfFormat.TURTLE
    return list(pyoxigraph.parse(path=str(path), format=form, lenient=True))


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_every_feed_can_be_parsed(path: Any) -> None:
    assert len(triples(path)) > 200


def test_there_are_at_least_sixty_datasets_and_services() -> None:
    entries = {iri(t) for path in FEEDS for t in triples(path) if getattr(t.object, "value", "") in CLASSES}
    entries |= {package["id"] for package in PACKAGES}
    assert len(entries) >= 80


def test_every_kind_of_thing_a_portal_shows_is_there() -> None:
    feeds = "\n".join(path.read_text("utf-8") for path in FEEDS)
    for expected in ("dcat:DataService", "dcat:DatasetSeries", "dcat:inSeries", "hvdCategory", "WFS_SRVC", "WMS_SRVC"):
        assert expected in feeds
    for expected in ("@fr-t-nl", "@nl-t-fr", "01/05/2023", '"CSV "', "TODO", "<p>", "é".encode().decode("cp1252")):
        assert expected in EVERYTHING
    ids = [package["id"] for package in PACKAGES]
    assert len(ids) - len(set(ids)) == 1
    assert sum(package.get("private", False) for package in PACKAGES) == 1


def test_fixmystreet_figures_are_those_that_were_published() -> None:
    with (DATA / "files/communes/fixmystreet-incidents-2023.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["categorie_fr"], row["categorie_nl"]): int(row["incidents"]) for row in csv.DictReader(file)}
    assert rows == FIXMYSTREET
    assert sum(rows.values()) == 132_686


def test_every_file_that_is_linked_exists_with_the_size_that_is_given(base: str) -> None:
    linked = set(re.findall(rf"{re.escape(PLACEHOLDER)}(/files/[\w./-]+)", EVERYTHING))
    assert len(linked) >= 12
    for path in linked:
        status, media_type, body = get(base + path)
        assert (status, media_type) == (200, MEDIA_TYPES[path[path.rindex(".") :]])
        assert f'"size": {len(body)},' in EVERYTHING or f">{len(body)}<" in EVERYTHING or f'"{len(body)}"' in EVERYTHING


def test_no_file_is_forgotten() -> None:
    files = {f"{PLACEHOLDER}/files/{path.relative_to(DATA / 'files').as_posix()}" for path in DATA.glob("files/*/*")}
    beside = {f"{file}-metadata.json" for file in files}  # where CSVW looks for what columns mean
    assert {file for file in files - beside if file not in EVERYTHING} == set()


def test_every_table_of_the_agencies_is_shown(tmp_path: Path) -> None:
    for number, path in enumerate(path for path in DATA.glob("files/*/*") if not path.name.endswith("-metadata.json")):
        seen = look(Asked(path, tmp_path, tmp_path / str(number), 1_000_000))
        assert seen.rows > 0, path.name
        metadata = path.with_name(f"{path.name}-metadata.json")
        if metadata.exists():
            told = described(seen, metadata.read_bytes())
            assert all({text.lang for text in one.meaning} == {"fr", "nl"} for one in told.columns), path.name


def test_the_geojson_files_are_points_in_the_region(base: str) -> None:
    for path in DATA.rglob("*.geojson"):
        for feature in json.loads(path.read_text("utf-8"))["features"]:
            longitude, latitude = feature["geometry"]["coordinates"]
            assert 4.2 < longitude < 4.5
            assert 50.7 < latitude < 50.95


def test_every_agency_answers_where_it_says(base: str) -> None:
    for agency in AGENCIES:
        tail = "/api/3/action/status_show" if agency.kind == "ckan" else ""
        status, _, body = get(base + agency.path + tail)
        assert status == 200
        assert PLACEHOLDER.encode() not in body


def test_the_paged_feed_links_its_pages_to_the_end(base: str) -> None:
    address, seen, members = f"{base}/mobility/catalog.ttl", 0, set()
    while address:
        page = list(pyoxigraph.parse(get(address)[2], format=pyoxigraph.RdfFormat.TURTLE, lenient=True))
        members |= {iri(t) for t in page if getattr(t.object, "value", "") in CLASSES}
        total = next(int(t.object.value) for t in page if t.predicate.value == f"{HYDRA}totalItems")
        address = next((t.object.value for t in page if t.predicate.value == f"{HYDRA}next"), "")
        assert address.startswith(base) or not address
        seen += 1
    assert seen == 4
    assert len(members) == total == 38


def test_ckan_gives_no_more_rows_than_it_allows(base: str) -> None:
    result = action(base, "package_search?q=*:*&rows=1000&sort=id+asc")["result"]
    assert (result["count"], len(result["results"])) == (len(PACKAGES), 12)
    last = action(base, "package_search?rows=1000&start=24")["result"]["results"]
    assert len(last) == len(PACKAGES) - 24


def test_ckan_shows_a_package_with_its_organisation_and_tags(base: str) -> None:
    by_get = action(base, "package_show?id=fixmystreet-incidents-2023")["result"]
    by_post = action(base, "package_show", b'{"id": "fixmystreet-incidents-2023"}')["result"]
    assert by_get == by_post
    assert by_get["organization"]["title"] == "FixMyStreet Brussels"
    assert by_get["num_tags"] == len(by_get["tags"]) == 5
    assert by_get["resources"][0]["url"] == f"{base}/files/communes/fixmystreet-incidents-2023.csv"


def test_each_package_of_ckan_has_the_page_that_its_data_name(harvested: tuple[Catalogue, list[RunRow]]) -> None:
    catalogue, _ = harvested
    agencies = Agencies("http://agencies.example")
    named = {
        urlsplit(page.iri).path
        for row in catalogue.entries.all()
        for page in getattr(row.entry, "landing_page", ())
        if page.iri and "/communes/" in page.iri
    }
    assert len(named) > 20
    assert {agencies.answer(path)[:2] for path in named} == {(200, "text/html; charset=utf-8")}


def test_ckan_lists_names_and_organisations(base: str) -> None:
    assert action(base, "package_list")["result"] == sorted({package["name"] for package in PACKAGES})
    full = action(base, "organization_list?all_fields=true")["result"]
    assert [organization["name"] for organization in full] == action(base, "organization_list")["result"]
    assert sum(organization["package_count"] for organization in full) == len(PACKAGES)


@pytest.mark.parametrize(
    ("call", "status", "type"),
    [
        ("package_show?id=no-such", 404, "Not Found Error"),
        ("organization_show?id=no-such", 404, "Not Found Error"),
        ("package_search?rows=many", 409, "Validation Error"),
        ("package_search?start=-1", 409, "Validation Error"),
        ("package_search?sort=price", 400, "Search Query Error"),
        ("package_search?fq=title:x", 400, "Search Query Error"),
        ("no_such_action", 400, "Bad Request"),
    ],
)
def test_ckan_answers_errors_in_its_envelope(base: str, call: str, status: int, type: str) -> None:
    got, _, body = get(f"{base}/communes/api/3/action/{call}")
    error = json.loads(body)
    assert (got, error["success"], error["error"]["__type"]) == (status, False, type)


@pytest.mark.parametrize(
    "path", ["/", "/files/../server.py", "/files/%2e%2e/server.py", "/mobility/catalog.ttl?page=5"]
)
def test_other_addresses_are_not_found(base: str, path: str) -> None:
    assert get(base + path)[0] == 404


def test_a_body_that_is_not_json_is_refused(base: str) -> None:
    assert get(f"{base}/communes/api/action/package_show", b"[")[0] == 400


# --- harvested by the real harvesters --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def harvested(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Catalogue, list[RunRow]]]:
    catalogue = Catalogue(Settings(data_dir=tmp_path_factory.mktemp("demo"), fetch_allow=("127.0.0.0/8",)))
    catalogue.init()
    runs = []
    for agency in AGENCIES:
        source = catalogue.sources.add(base + agency.path, agency.kind, title=agency.title, publisher=agency.publisher)
        runs.append(catalogue.runs.harvest(source.name))
    yield catalogue, runs
    catalogue.close()


def entry_of(catalogue: Catalogue, words: str) -> EntryRow:
    hits = catalogue.index.search(Query(text=words, language="fr")).hits
    return catalogue.entries.with_ids([hits[0].document.id])[0]


def test_every_agency_is_read_to_its_end(harvested: tuple[Catalogue, list[RunRow]]) -> None:
    catalogue, runs = harvested
    assert [run.state for run in runs] == [*["done-with-findings"] * 3, "done"]
    assert [run.complete for run in runs] == [True] * 4
    assert "duplicate-identifier" in {found.rule for found in runs[0].findings}  # one page has a package twice
    assert [(run.new, run.refused, run.failed) for run in runs] == [(28, 0, 0), (38, 0, 0), (21, 0, 0), (17, 0, 0)]
    counts = catalogue.entries.counts()
    assert (counts.datasets, counts.services, counts.series) == (96, 6, 2)


def test_the_tables_of_who_publishes_what_have_rows_and_gaps(harvested: tuple[Catalogue, list[RunRow]]) -> None:
    def publishing(subject: str, year: int | None = None) -> set[str]:
        rows = harvested[0].coverage.table(subject).rows
        return {row.body.slug for row in rows for one in row.answers if one.is_own and (not year or year in one.years)}

    year = AS_OF.year
    assert publishing("budget", year) == {"anderlecht", "saint-gilles-sint-gillis", "cpas-ixelles-elsene"}
    assert publishing("budget", year - 1) == {"anderlecht", "jette", "cpas-ixelles-elsene"}
    assert publishing("accounts", year - 1) == {"anderlecht", "saint-gilles-sint-gillis"}
    assert publishing("public-contracts", year - 1) == {"anderlecht", "jette", "uccle-ukkel"}
    assert len(publishing("trees")) == 4
    assert len(publishing("street-furniture")) == 2


def test_what_is_not_for_the_public_stays_out(harvested: tuple[Catalogue, list[RunRow]]) -> None:
    catalogue, runs = harvested
    skipped = catalogue.runs.outcomes(runs[0].id, outcome="SKIPPED")
    assert len(skipped) == 1
    assert catalogue.index.search(Query(text="registre interne")).count_all_words == 0


def test_what_has_no_title_gets_one_and_its_producer_is_told(harvested: tuple[Catalogue, list[RunRow]]) -> None:
    catalogue, runs = harvested
    for run in runs[1:3]:
        told = [
            one for one in catalogue.runs.outcomes(run.id) if "title-made" in {found.rule for found in one.findings}
        ]
        (entry,) = (catalogue.entries.find(one.name) for one in told)
        assert isinstance(entry, EntryRow)
        assert entry.entry.title


def test_fixmystreet_is_found_and_its_figures_can_be_fetched(harvested: tuple[Catalogue, list[RunRow]]) -> None:
    row = entry_of(harvested[0], "fixmystreet incidents")
    assert {text.lang for text in row.entry.title} == {"fr", "nl", "en", "de"}
    assert row.publisher_name == "fixmystreet-brussels"
    (file,) = row.entry.distribution  # type: ignore[union-attr]
    assert b"70574" in get(str(file.download_url[0]))[2]


def test_series_services_and_machine_translations_arrive(harvested: tuple[Catalogue, list[RunRow]]) -> None:
    catalogue, _ = harvested
    series = entry_of(catalogue, "voyageurs transportés par ligne série")
    root = "https://data.mobisenne.example"
    assert len(catalogue.entries.members(f"{root}/dataset/voyageurs-par-ligne")) == 3
    assert len(catalogue.entries.serving(f"{root}/dataset/comptages-velos")) == 1
    swifts = catalogue.entries.with_iris([f"{root}/dataset/martinets"])[f"{root}/dataset/martinets"]
    assert [text.lang for text in swifts.entry.title] == ["fr", "nl-t-fr"]
    assert series.source


def test_dirty_values_are_mended_and_said(harvested: tuple[Catalogue, list[RunRow]]) -> None:
    catalogue, runs = harvested
    rules = {rule for run in runs for rule, _, _, _ in catalogue.runs.finding_groups(run.id)}
    assert {
        "date-rewritten",
        "date-invalid",
        "iri-rewritten",
        "keyword-split",
        "licence-unknown",
        "text-encoding",
        "text-markup",
        "text-placeholder",
        "language-unknown",
    } <= rules
    assert "Ã" not in json.dumps([row.title[0].value for row in titles(catalogue)], ensure_ascii=False)


def test_what_is_published_of_them_is_valid(harvested: tuple[Catalogue, list[RunRow]]) -> None:
    catalogue, _ = harvested
    assert forbidden("".join(catalogue.feed.whole())) == set()


def titles(catalogue: Catalogue) -> list[Any]:
    return [row.entry for row in catalogue.entries.with_ids(piece.id for piece in catalogue.pieces.all())]


def dates(text: str) -> list[date]:
    """When things were last changed, as a document of the agencies says it."""
    found = re.findall(r"(?:dct:modified|metadata_modified)\W[^0-9\n]*(\d{4}-\d\d-\d\d)", text)
    return [date.fromisoformat(one) for one in found if one[5:7] <= "12"]


@pytest.mark.parametrize("name", ["communes/packages.json", "mobility/catalog-1.ttl", "finances/catalogue.rdf"])
def test_what_changed_lately_is_as_fresh_on_any_day(name: str) -> None:
    text = (DATA / name).read_text("utf-8")
    years = timedelta(days=1234)
    before, after = dates(text), dates(moved(text, AS_OF + years))
    assert len(before) == len(after) > 5
    assert max(after) - max(before) == years
    assert {(now - then).days for then, now in zip(before, after, strict=True)} == {0, 1234}
    assert moved(text, AS_OF) == text


def test_periods_and_first_publication_stay() -> None:
    text = 'dct:issued "2026-11-02"^^xsd:date ; dcat:startDate "2026-01-01"^^xsd:date ; dct:modified "2026-11-20"'
    later = moved(text, AS_OF + timedelta(days=365))
    assert later == text.replace("2026-11-20", "2027-11-20")
    assert moved("Budget {year-1}–{year}", date(2030, 1, 1)) == "Budget 2029–2030"
    assert moved('"last_modified": "2026-02-31"', date(2030, 1, 1)) == '"last_modified": "2026-02-31"'


def test_the_server_gives_fresh_dates() -> None:
    with serve_agencies(today=AS_OF + timedelta(days=400)) as base:
        feed = get(f"{base}/mobility/catalog.ttl")[2].decode()
    assert max(dates(feed)) > AS_OF + timedelta(days=300)
