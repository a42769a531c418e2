"""The door of OGC API - Records, through OWSLib, the requests of QGIS, our own harvester, and by hand."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import loopback
import pytest
from browsing import served
from factory import Feed, Memory, open_catalogue, record, texts
from flask.testing import FlaskClient
from owslib.ogcapi.records import Records

from catalogue.service import Catalogue
from dcat.model import Dataset, Date, Distribution, Entry, Iri, LicenseDocument, Period
from dcat.our_languages import best_along
from harvesters.base import RawRecord
from web.app import create_app
from web.ogc.service import CONFORMS_TO

COLLECTION = "/ogc/collections/datasets"
ITEMS = f"{COLLECTION}/items"


@pytest.fixture
def records(site: str) -> Records:
    """OWSLib at the door."""
    return Records(f"{site}/ogc")


def got(client: FlaskClient, path: str, **parameters: str) -> Any:
    answer = client.get(path, query_string=parameters or None)
    assert answer.status_code == 200, answer.text
    return answer.get_json(force=True)


def ids(said: Any) -> list[str]:
    return [feature["id"] for feature in said["features"]]


def refusal(client: FlaskClient, path: str, **parameters: str) -> tuple[int, str]:
    answer = client.get(path, query_string=parameters)
    assert answer.mimetype == "application/problem+json"
    said = answer.get_json(force=True)
    assert said["status"] == answer.status_code
    assert said["detail"]
    return answer.status_code, said.get("field", "")


def following(said: Any) -> str:
    href: str = next((one["href"] for one in said["links"] if one["rel"] == "next"), "")
    return href.removeprefix("https://data.example.brussels")


# --- OWSLib and QGIS -------------------------------------------------------------------------------------------------


def test_owslib_finds_the_collection_and_its_records(records: Records, filled: Catalogue) -> None:
    assert records.records() == ["datasets"]
    assert records.conformance()["conformsTo"] == list(CONFORMS_TO)
    assert records.collection("datasets")["itemType"] == "record"
    assert "theme" in records.collection_queryables("datasets")["properties"]
    some = records.collection_items("datasets", limit=5)
    assert (some["numberMatched"], some["numberReturned"]) == (sum(1 for _ in filled.pieces.all()), 5)
    one = records.collection_item("datasets", some["features"][2]["id"])
    assert one == some["features"][2]


def test_owslib_asks_with_words_boxes_filters_and_pages(records: Records) -> None:
    found = records.collection_items("datasets", q="vélo", bbox=[4.3, 50.8, 4.4, 50.9], limit=10)
    assert found["numberMatched"] > 0
    assert all("vélo" in str(feature["properties"]).lower() for feature in found["features"])
    narrowed = records.collection_items("datasets", filter="theme = 'TRAN' AND type <> 'service'", limit=3)
    assert narrowed["numberMatched"] > narrowed["numberReturned"] == 3
    further = records.collection_items("datasets", filter="theme = 'TRAN' AND type <> 'service'", limit=3, offset=3)
    assert not set(ids(narrowed)) & set(ids(further))


def test_owslib_reads_the_description(site: str) -> None:
    api = Records(f"{site}/ogc")
    for one in api.links:  # absolute addresses are those of the settings
        one["href"] = one["href"].replace("https://data.example.brussels", site)
    described = api.api()
    assert described["openapi"].startswith("3.0")
    asked = {one["name"] for one in described["paths"]["/collections/datasets/items"]["get"]["parameters"]}
    assert {"q", "bbox", "datetime", "limit", "filter"} <= asked


def test_qgis_metasearch_finds_what_it_shows(site: str) -> None:
    """What its search and its dialogs read: `title`, `type`, ring corners, links with `href`."""
    found = Records(f"{site}{COLLECTION}".removesuffix("/collections/datasets")).collection_items(
        "datasets", q="brussel", bbox=[-180, -90, 180, 90], limit=10, offset=0
    )
    assert found["features"]
    for feature in found["features"]:
        assert feature["properties"]["title"]
        assert feature["properties"]["type"] in {"dataset", "service", "series"}
        ring = feature["geometry"]["coordinates"][0]
        west, south, east, north = ring[0][0], ring[0][1], ring[2][0], ring[2][1]
        assert (west < east, south < north) == (True, True)
        assert all(one["href"] and one["rel"] for one in feature["links"])


# --- our own harvester -----------------------------------------------------------------------------------------------


def gist(entry: Entry) -> dict[str, Any]:
    """What a record must bring through in its one language."""
    return {
        "kind": type(entry).__name__ if not isinstance(entry, Dataset) else "Dataset",
        "publisher": bool(entry.publisher),
        "theme": {theme.iri for theme in entry.theme},
        "issued": entry.issued,
        "modified": entry.modified,
        "temporal": {(period.start, period.end) for period in entry.temporal},
        "urls": {url for file in getattr(entry, "distribution", ()) for url in (file.download_url or file.access_url)},
    }


def test_a_second_catalogue_holds_the_same_entries(site: str, filled: Catalogue, tmp_path: Path) -> None:
    second, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK, site_url="https://second.example")
    name = second.sources.add(f"{site}/ogc", "ogc-records", title="First").name
    run = second.runs.harvest(name)
    assert (run.complete, run.refused, run.failed, run.skipped) == (True, 0, 0, 0)
    mine = {row.iri: row for row in second.entries.after("", 1000)}
    theirs = {row.iri: row for row in filled.entries.after("", 1000)}
    assert mine.keys() == theirs.keys()
    for iri, row in theirs.items():
        kinds = {"dataset": "dataset", "series": "dataset", "service": "service"}  # the format has no series
        assert mine[iri].kind == kinds[row.kind], iri
        assert best_along(("fr",), mine[iri].entry.title) == best_along(("fr", "nl", "de", "en"), row.entry.title)
        if row.kind == "dataset":
            assert gist(mine[iri].entry) == gist(row.entry), iri
    again = second.runs.harvest(name)
    assert (again.complete, again.writes, again.removed) == (True, 0, 0)
    second.close()


# --- paging ----------------------------------------------------------------------------------------------------------

URL = "https://agency.example/feed"


def one(number: int, version: int = 0) -> RawRecord:
    said = texts(fr=f"Version {version}")
    spans = (Period(start=Date(f"{2000 + number}-01-01"), end=Date(f"{2000 + number}-12-31")),)
    entry = Dataset(
        iri=Iri(f"https://agency.example/id/{number}"),
        title=texts(fr=f"Jeu {number}"),
        description=said,
        temporal=spans,
    )
    return record(f"r{number}", entry)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[Catalogue, Memory, FlaskClient]]:
    catalogue, memory = open_catalogue(tmp_path)
    memory.feeds[URL] = Feed([one(n) for n in range(30)])
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agency").name)
    yield catalogue, memory, create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


@pytest.mark.parametrize("seed", range(4))
def test_links_lead_through_what_was_there_all_the_time_once(
    portal: tuple[Catalogue, Memory, FlaskClient], seed: int
) -> None:
    catalogue, memory, client = portal
    luck = random.Random(seed)
    kept = {row.id for row in catalogue.entries.after("", 100)}
    met: list[str] = []
    said = got(client, ITEMS, limit="4")
    while True:
        met += ids(said)
        if not (address := following(said)):
            break
        memory.feeds[URL] = Feed([one(n, luck.randrange(3)) for n in sorted(luck.sample(range(40), 33))])
        catalogue.runs.harvest("agency")
        kept &= {row.id for row in catalogue.entries.after("", 100)}
        said = got(client, address)
    assert len(met) == len(set(met))
    assert kept
    assert kept <= set(met)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"sortby": "-updated"},
        {"sortby": "title"},
        {"sortby": "-title"},
        {"q": "brussel"},
        {"filter": "theme = 'TRAN'"},
        {"type": "dataset"},
        {"type": "dataset", "sortby": "-updated"},
        {"q": "brussel", "sortby": "id"},
    ],
)
@pytest.mark.parametrize("limit", [3, 7])
def test_pages_give_each_record_once(client: FlaskClient, asked: dict[str, str], limit: int) -> None:
    whole = got(client, ITEMS, limit="100", **asked)
    assert whole["numberMatched"] == whole["numberReturned"] == len(set(ids(whole))) > 0
    said, met = got(client, ITEMS, limit=str(limit), **asked), list[str]()
    while True:
        met += ids(said)
        if not (address := following(said)):
            break
        said = got(client, address)
    assert sorted(met) == sorted(ids(whole))
    for start in (1, 5):
        part = ids(got(client, ITEMS, limit="4", offset=str(start), **asked))
        assert part == ids(whole)[start : start + 4]


def test_a_limit_beyond_the_most_is_the_most(client: FlaskClient) -> None:
    assert got(client, ITEMS, limit="100000")["numberReturned"] == got(client, ITEMS, limit="100")["numberReturned"]


# --- what can be asked -----------------------------------------------------------------------------------------------


def test_each_record_is_found_by_its_own_names(client: FlaskClient, filled: Catalogue) -> None:
    for row in filled.entries.after("", 1000):
        found = got(client, f"{ITEMS}/{row.id}")
        assert found["properties"]["externalIds"][0]["value"] == row.iri
        assert ids(got(client, ITEMS, ids=f"{row.id},nobody")) == [row.id]
    some = filled.entries.after("", 12)
    for row in some:
        assert row.id in ids(got(client, ITEMS, externalIds=row.iri))
        assert row.id in ids(got(client, ITEMS, externalIds=row.identifier))
    assert got(client, ITEMS, externalIds="https://nowhere.example/x")["numberMatched"] == 0


@pytest.mark.parametrize(
    ("filter", "same"),
    [
        ("theme = 'TRAN'", {"theme": ["TRAN"]}),
        ("theme IN ('TRAN', 'ENVI')", {"theme": ["TRAN", "ENVI"]}),
        ("(theme = 'TRAN' OR theme = 'ENVI') AND type = 'dataset'", {"theme": ["TRAN", "ENVI"], "type": ["dataset"]}),
        ("NOT type = 'service'", {"type": ["dataset", "series"]}),
        ("type <> 'dataset'", {"type": ["service", "series"]}),
        ("NOT (NOT (type = 'series'))", {"type": ["series"]}),
        ("anytext LIKE '%vélo%'", {"q": ["vélo"]}),
        ("anytext LIKE '%comptages%' AND anytext LIKE 'vélo%'", {"q": ["comptages vélo"]}),
        ("anytext LIKE '%' AND theme = 'TRAN'", {"theme": ["TRAN"]}),
        ("S_INTERSECTS(geometry, BBOX(4.3, 50.8, 4.4, 50.9))", {"bbox": ["4.3,50.8,4.4,50.9"]}),
        ("updated >= TIMESTAMP('2020-01-01T00:00:00Z')", {"modified_since": ["2020-01-01T00:00:00Z"]}),
        ("\"format\" = 'CSV' AND keyword = 'vélo'", {"format": ["CSV"], "keyword": ["vélo"]}),
    ],
)
def test_a_filter_finds_what_our_own_search_finds(client: FlaskClient, filter: str, same: dict[str, list[str]]) -> None:
    ours = client.get("/search.json", query_string={**same, "per_page": "100"}).get_json()
    found = got(client, ITEMS, filter=filter, limit="100", **{"filter-lang": "cql2-text"})
    assert ids(found) == [hit["id"] for hit in ours["results"][: ours["count"]]]  # others only fill up the page
    assert ours["count"] == found["numberMatched"] > 0


@pytest.mark.parametrize(
    ("filter", "kept"),
    [
        ("theme = 'ENVI' OR format = 'CSV'", lambda one: "ENVI" in one[0] or "CSV" in one[1]),
        ("theme = 'TRAN' AND NOT format = 'CSV'", lambda one: "TRAN" in one[0] and "CSV" not in one[1]),
        ("NOT (theme = 'TRAN' OR theme = 'GOVE')", lambda one: not {"TRAN", "GOVE"} & one[0]),
        ("format = 'CSV' AND format = 'JSON'", lambda one: {"CSV", "JSON"} <= one[1]),
        ("NOT (theme = 'EDUC' AND format = 'JSON')", lambda one: not ("EDUC" in one[0] and "JSON" in one[1])),
        ("updated < '2020-01-01' OR theme = 'ENVI'", lambda one: "ENVI" in one[0]),
    ],
)
def test_and_or_and_not_mean_what_they_say(
    client: FlaskClient, filter: str, kept: Callable[[tuple[set[str], set[str]]], bool]
) -> None:
    every = client.get("/search.json?per_page=100").get_json()["results"]
    wanted = {one["id"] for one in every if kept((set(one["themes"]), set(one["formats"])))}
    assert 0 < len(wanted) < len(every)
    assert set(ids(got(client, ITEMS, filter=filter, limit="100"))) == wanted
    with_words = got(client, ITEMS, filter=f"anytext LIKE '%brussel%' AND ({filter})", limit="100")
    assert set(ids(with_words)) <= wanted
    typed = got(client, ITEMS, filter=filter, type="dataset", q="brussel", limit="100")
    assert set(ids(typed)) <= set(ids(with_words))


def test_time_is_compared_by_days(portal: tuple[Catalogue, Memory, FlaskClient]) -> None:
    _, _, client = portal

    def titles(**asked: str) -> set[str]:
        return {feature["properties"]["title"] for feature in got(client, ITEMS, limit="100", **asked)["features"]}

    for asked in ("2003-05-06T07:08:09Z/2004-01-01T00:00:00Z", "2003-05-06/2004-01-01"):
        assert titles(datetime=asked) == {"Jeu 3", "Jeu 4"}
    assert titles(datetime="2028-06-01/..") == {"Jeu 28", "Jeu 29"}
    assert titles(datetime="../2000-06-01") == {"Jeu 0"}
    assert titles(datetime="2010-01-01") == {"Jeu 10"}
    assert titles(filter="T_INTERSECTS(time, INTERVAL('2003-05-06', '2004-01-01'))") == {"Jeu 3", "Jeu 4"}
    assert len(titles(datetime="../..")) == 30
    (only,) = got(client, ITEMS, datetime="2010-01-01")["features"]
    assert only["time"] == {"interval": ["2010-01-01", "2010-12-31"]}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"color": "red"}, "color"),
        ({"limit": "0"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"offset": "-1"}, "offset"),
        ({"offset": "9995", "q": "a"}, "offset"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "a,b,c,d"}, "bbox"),
        ({"bbox": "0,95,1,96"}, "bbox"),
        ({"bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/31370"}, "bbox-crs"),
        ({"datetime": "yesterday"}, "datetime"),
        ({"datetime": "2020-01-01/2019-01-01"}, "datetime"),
        ({"type": "map"}, "type"),
        ({"q": "bike,tree"}, "q"),
        ({"ids": ""}, "ids"),
        ({"ids": "a", "q": "b"}, "ids"),
        ({"externalIds": "a", "q": "b"}, "externalIds"),
        ({"after": "a", "q": "b"}, "after"),
        ({"sortby": "color"}, "sortby"),
        ({"sortby": "updated", "q": "vélo"}, "sortby"),
        ({"f": "html"}, "f"),
        ({"lang": "xx"}, "lang"),
        ({"filter-lang": "cql2-json"}, "filter-lang"),
        ({"filter": "title LIKE '%a%'"}, "filter"),
        ({"filter": "anytext LIKE 'a_b'"}, "filter"),
        ({"filter": "anytext LIKE 'a%b'"}, "filter"),
        ({"filter": "anytext LIKE ''"}, "filter"),
        ({"filter": "theme = 'NONE'"}, "theme"),
        ({"filter": "anytext LIKE '%a%' OR type = 'dataset'"}, "filter"),
        ({"filter": "NOT anytext LIKE '%a%'"}, "filter"),
        ({"filter": "theme = ''"}, "filter"),
        ({"filter": " OR ".join(f"keyword = 'k{n}'" for n in range(21))}, "keyword"),
        ({"filter": "theme IS NULL"}, "filter"),
        ({"filter": "S_INTERSECTS(geometry, POLYGON((0 0,1 0,1 1,0 0)))"}, "filter"),
        ({"filter": "S_WITHIN(geometry, BBOX(0,0,1,1))"}, "filter"),
        ({"filter": "("}, "filter"),
        ({"filter": "theme = "}, "filter"),
        ({"filter": "theme = 'TRAN' theme"}, "filter"),
        ({"filter": "theme = 'TRAN"}, "filter"),
        ({"filter": "theme = \x00"}, "filter"),
        ({"filter": "(" * 1000 + "theme = 'TRAN'" + ")" * 1000}, "filter"),
        ({"filter": "NOT " * 900 + "theme = 'TRAN'"}, "filter"),
        ({"filter": "theme = 'TRAN' AND " * 1000}, "filter"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_never_ignored(
    client: FlaskClient, asked: dict[str, str], field: str
) -> None:
    assert refusal(client, ITEMS, **asked) == (400, field)


# --- conformance -----------------------------------------------------------------------------------------------------


def test_every_link_of_ours_leads_to_what_it_says(client: FlaskClient) -> None:
    """Common core, collections; record-collection, record-api: landing page, conformance, description, collection."""
    seen: set[str] = set()
    waiting = ["/ogc"]
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        assert answer.status_code == 200, path
        if "json" not in answer.mimetype:
            continue
        said = answer.get_json(force=True)
        for part in [said, *said.get("collections", ())]:
            for each in part.get("links", ()):
                assert each["rel"]
                own = each["href"].removeprefix("https://data.example.brussels")
                if own.startswith("/ogc") and own not in seen:
                    seen.add(own)
                    waiting.append(own)
                    assert client.get(own).headers["Content-Type"] == each["type"], own
    relations = {one["rel"] for one in got(client, "/ogc")["links"]}
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= relations
    assert {urlsplit(path).path for path in seen} >= {"/ogc/conformance", "/ogc/api", COLLECTION, ITEMS}


def test_every_path_is_described(client: FlaskClient) -> None:
    """Features, oas30: nothing is there that the description has not, and the other way round."""
    described = set(got(client, "/ogc/api")["paths"])
    rules = client.application.url_map.iter_rules()
    there = {
        rule.rule.removeprefix("/ogc").replace("<id>", "{recordId}") or "/"
        for rule in rules
        if rule.endpoint[:4] == "ogc."
    }
    assert described == there
    described = {
        one["name"] for one in got(client, "/ogc/api")["paths"]["/collections/datasets/items"]["get"]["parameters"]
    }
    for name in described - {
        "f",
        "lang",
        "limit",
        "offset",
        "after",
        "filter",
        "filter-lang",
        "filter-crs",
        "bbox-crs",
    }:
        asked = {"bbox": "0,0,90,90", "datetime": "2020-01-01", "type": "dataset", "sortby": "title"}.get(name, "x")
        assert client.get(ITEMS, query_string={name: asked}).status_code == 200, name


def test_every_record_is_a_feature_of_geojson(client: FlaskClient) -> None:
    """Features, geojson; Records, record-core and json: what each must have."""
    said = got(client, ITEMS, limit="100")
    assert said["type"] == "FeatureCollection"
    assert said["numberReturned"] == len(said["features"])
    for feature in said["features"]:
        assert feature["type"] == "Feature"
        assert feature["geometry"] is None or feature["geometry"]["type"] == "Polygon"
        assert {"id", "time", "links"} <= feature.keys()
        assert {"type", "title", "updated", "created"} <= feature["properties"].keys()
        assert "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core" in feature["conformsTo"]
        assert {"self", "collection", "alternate"} <= {one["rel"] for one in feature["links"]}


# --- HTTP ------------------------------------------------------------------------------------------------------------


def test_a_licence_is_named_by_its_identifier_of_spdx(portal: tuple[Catalogue, Memory, FlaskClient]) -> None:
    catalogue, memory, client = portal
    zero, told = Iri("https://creativecommons.org/publicdomain/zero/1.0/"), Iri("https://a.example/terms")
    files = [
        Distribution(access_url=(Iri(f"https://a.example/{one.rpartition('/')[2]}"),), license=LicenseDocument(iri=one))
        for one in (zero, told)
    ]
    other = "https://licences.example/feed"
    memory.feeds[other] = Feed(
        [
            record(
                "both",
                Dataset(title=texts(en="Trees"), description=texts(en="All of them."), distribution=tuple(files)),
            ),
            record(
                "zero", Dataset(title=texts(en="Parks"), description=texts(en="All of them."), distribution=(files[0],))
            ),
        ]
    )
    catalogue.runs.harvest(catalogue.sources.add(other, "memory", title="Licences").name)
    features = got(client, ITEMS, limit="100")["features"]
    said = {one["properties"]["title"]: one["properties"].get("license") for one in features}
    assert (said["Trees"], said["Parks"]) == ("other", "CC0-1.0")


def test_http_is_as_it_should_be(client: FlaskClient) -> None:
    for path in ("/ogc", COLLECTION, f"{ITEMS}?q=budget"):
        first = client.get(path)
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert client.head(path).status_code == 200
        asking = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
        assert client.options(path, headers=asking).headers["Access-Control-Allow-Origin"] == "*"
    for method in ("POST", "PUT", "DELETE"):
        answer = client.open(ITEMS, method=method)
        assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
        assert "GET" in answer.headers["Allow"]
    answer = client.get("/ogc", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert client.get("/ogc", headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200
    assert refusal(client, "/ogc/collections/maps")[0] == 404
    assert refusal(client, f"{ITEMS}/nobody")[0] == 404


def test_what_went_is_gone(portal: tuple[Catalogue, Memory, FlaskClient]) -> None:
    catalogue, memory, client = portal
    gone = catalogue.entries.named("dataset", "jeu-7")
    memory.feeds[URL] = Feed([one(n) for n in range(30) if n != 7])
    for _ in range(2):
        catalogue.runs.harvest("agency")
    answer = client.get(f"{ITEMS}/{gone.id}")
    assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
    assert answer.get_json(force=True)["removed"]["iri"] == "https://agency.example/id/7"


def test_texts_are_in_the_language_asked_for(client: FlaskClient, filled: Catalogue) -> None:
    row = next(row for row in filled.entries.after("", 1000) if row.iri.endswith("dataset/bike-counts"))
    for language, title in (("fr", "Comptages vélos"), ("nl", "Fietstellingen"), ("de", "Fietstellingen")):
        said = got(client, f"{ITEMS}/{row.id}", lang=language)["properties"]
        assert said["title"] == title or language == "de"
    assert got(client, f"{ITEMS}/{row.id}", lang="nl")["properties"]["language"] == {"code": "nl"}


def test_below_a_path_links_stay_below_it(filled: Catalogue) -> None:
    app = create_app(replace(filled.settings, site_url="https://region.example/data"), filled)
    with served(app):
        said = app.test_client().get("/data/ogc").get_json()
    assert all(one["href"].startswith("https://region.example/data/") for one in said["links"])
