"""A page reads what it shows: how many statements it runs does not depend on how much the catalogue holds."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from factory import BASE, Feed, concept, file, open_catalogue, record, texts
from previewed import see
from sqlalchemy import event
from tables_made import COUNTS

from catalogue.previews.files import file_id, file_key
from catalogue.search.facets import FACETS
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from dcat import vocab
from dcat.model import Agent, DataService, Dataset, DatasetSeries, Date, Document, Entry, Iri, Publication, Text
from web.app import create_app
from web.csw.records import SCHEMAS as CSW_SCHEMAS
from web.wording import facts

NOT_ASKED = {
    "/static/<name>",
    "/api/1/harvest/source/<source>/preview/",
    "/api/1/harvest/source/<source>/rehearsal/",
    "/api/1/harvest/source/<source>/withdrawn/",
    "/api/1/dataset/<source>/",
    "/api/1/dataset/<source>/<path:identifier>",
    *(f"/api/1/harvest/item/<item>/{what}" for what in ("raw", "mapped", "trace")),
    "/<any(fr, nl, de, en):lang>/source/<name>/decide",
    "/<any(fr, nl, de, en):lang>/<any(dataset, service, series, publication):kind>/<name>/follow",
    "/<any(fr, nl, de, en):lang>/question/<int(max=999999999):number>/<any(confirm, answer):what>/<token>",
    "/<any(fr, nl, de, en):lang>/follow/<int(max=999999999):number>/<any(confirm, end, all):what>/<token>",
    "/<any(fr, nl, de, en):lang>/search/follow",
    "/api/1/audit",
    "/api/1/questions/",
    "/api/1/hooks/",
    "/api/1/hooks/<hook>/",
    "/api/1/hooks/<hook>/deliveries/",
    "/api/1",
    *(
        f"/<any(fr, nl, de, en):lang>/producers{rest}"
        for rest in (
            "",
            "/new",
            "/keys",
            "/questions",
            "/all-questions",
            "/reuses",
            "/all-reuses",
            "/source/<name>",
            "/source/<name>/change",
            "/source/<name>/trial",
            "/source/<name>/withdrawn",
            "/waiting",
            "/source/<name>/run/<int(max=999999999):number>",
        )
    ),
    "/list-template/<language>.<ending>",
}
"""Rules that read no catalogue, go out to a source, or ask for a key."""
HTML = {"Accept": "text/html, */*;q=0.5"}


@contextmanager
def counted(catalogue: Catalogue) -> Iterator[list[str]]:
    """The statements that run within, but for the beginning of transactions."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = catalogue._database._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def dataset(key: str, number: int = 0, **more: Any) -> Dataset:
    """A dataset of a publisher and with words of its own, and with faults that get remarks."""
    values: dict[str, Any] = {
        "iri": Iri(f"{BASE}dataset/{key}"),
        "title": texts(fr=f"Comptages {key}", nl=f"Tellingen {key}"),
        "description": texts(fr=f"Les comptages de {key}."),
        "publisher": Agent(name=texts(fr=f"Service {number}")),
        "keyword": (Text(f"mot{number}x", "fr"), Text("commun", "fr")),
        "theme": (concept(vocab.THEMES, "TRAN"),),
        "modified": Date("2024-05-06"),
        "distribution": (file(f"https://files.example.brussels/{key}.csv", "CSV"),),
    }
    return Dataset(**values | more)


def members(number: int) -> list[tuple[str, Entry]]:
    """A series with so many issues, all given by one service and used by one report."""
    series = Iri(f"{BASE}series/counts")
    issues = [dataset(f"issue-{index}", index, in_series=(series,)) for index in range(number)]
    service = DataService(
        iri=Iri(f"{BASE}service/wfs"),
        title=texts(fr="Service de données géographiques"),
        endpoint_url=(Iri("https://files.example.brussels/wfs"),),
        publisher=Agent(name=texts(fr="Service 0")),
        serves_dataset=tuple(issue.iri for issue in issues if issue.iri),
    )
    whole = DatasetSeries(iri=series, title=texts(fr="Comptages annuels"), publisher=Agent(name=texts(fr="Service 0")))
    report = Publication(
        iri=Iri(f"{BASE}publication/report"),
        title=texts(fr="Rapport sur les comptages"),
        publisher=Agent(name=texts(fr="Service 0")),
        uses=tuple(issue.iri for issue in issues if issue.iri),
    )
    return [(str(one.iri), one) for one in (whole, service, report, *issues)]


def copy(source: int) -> Dataset:
    """The same data as in all other sources, by its DOI; its looks are the same too."""
    return dataset(
        f"copy-{source}",
        iri=Iri(f"https://source{source}.example.brussels/id/dataset/copy"),
        title=texts(fr="Données copiées"),
        identifier=(Text("https://doi.org/10.5281/zenodo.123456"),),
        landing_page=(Document(iri=Iri("https://files.example.brussels/copied")),),
    )


def filled(folder: Path, *, sources: int, issues: int) -> Catalogue:
    """A catalogue of that size, where every source lists one dataset that all others list too."""
    catalogue, memory = open_catalogue(folder, contact="opendata@example.brussels")
    for number in range(sources):
        url = f"https://source{number}.example.brussels/feed"
        own = copy(number)
        entries = [(str(own.iri), own), *(members(issues) if number == 0 else [])]
        memory.feeds[url] = Feed([record(identifier, entry) for identifier, entry in entries])
        name = catalogue.sources.add(url, "memory", title=f"Source {number}", publisher="service-0").name
        catalogue.runs.harvest(name)
    catalogue.dumps.make(lambda _: None, Stop())
    for row in catalogue.entries.with_iris(str(copy(number).iri) for number in range(sources)).values():
        see(catalogue, row, COUNTS)
    return catalogue


def addresses(catalogue: Catalogue) -> list[str]:
    """What anybody may read: one address or more of every rule."""
    rows = list(catalogue.entries.all())
    copied = next(row for row in rows if row.iri == copy(0).iri)
    series, service, issue, report = (next(row for row in rows if row.iri == f"{BASE}{end}") for end in NAMED)
    of_each = (copied, issue, series, service, report)
    source = next(row.name for row in catalogue.sources.all() if row.name == copied.source)
    run = catalogue.runs.of_source(source)[0].id
    publisher = issue.publisher_name
    pages = (
        *("/", "/search", "/search?q=comptages", "/search?per_page=50", "/search/filters", "/search/unanswered"),
        "/search/how",
        *(f"/search/values/{facet}" for facet in FACETS),
        *("/search/values/keyword?find=mot1", "/publishers", "/themes", "/theme/TRAN", "/keyword/commun"),
        *(f"/{row.kind}/{row.name}" for row in of_each),
        *(f"/{row.kind}/{row.name}/{part}" for row in of_each for part in ("checks", "changes", "questions")),
        *(f"/dataset/{row.name}/file/{file_key(facts.files(row.entry)[0])}" for row in (copied, issue)),
        f"/dataset/{copied.name}/file/{file_key(facts.files(copied.entry)[0])}/table",
        *(f"/publisher/{publisher}", "/sources", f"/source/{source}", f"/source/{source}/run/{run}"),
        *("/area", "/commune/ixelles-elsene", "/money", "/coverage", "/coverage/budget", "/coverage/budget/anderlecht"),
        *(
            "/check",
            "/quality",
            "/dumps",
            "/about",
            "/help",
            "/feeds",
            "/sitemap",
            "/usage",
            "/reuses",
            "/collections",
            "/collection/live",
            "/developers",
            "/accessibility",
            "/eco-design",
            "/privacy",
            "/terms",
        ),
    )
    return [
        *("/", *(f"/fr{page}" for page in pages)),
        *(f"/catalog.{ending}?page=1" for ending in ("nt", "ttl", "jsonld", "rdf")),
        *("/catalog?page=1", "/catalog.nt?page=1&theme=TRAN", "/catalog.nt?page=1&modified_since=2020-01-01"),
        *(f"/search.{ending}?q=comptages" for ending in ("json", "atom", "feed.json", "ttl")),
        *(f"/{row.kind}/{row.name}.{ending}" for row in of_each for ending in ("ttl", "json")),
        *(f"/{row.kind}/{row.name}" for row in of_each),
        *(f"/{row.kind}/{row.name}/changes.{ending}" for row in (copied, service) for ending in ("atom", "json")),
        f"/dataset/{copied.name}/croissant.json",
        *(f"/id/{row.kind}/{row.id}" for row in of_each),
        *(f"/publisher/{publisher}.ttl", f"/publisher/{publisher}.json", f"/publisher/{publisher}"),
        *(f"/id/record/{copied.id}", f"/id/dataset/{copied.id}/part", f"/id/agent/{publisher}"),
        *("/coverage/trees.json", "/coverage/trees.csv", "/money.json", "/money.csv"),
        *(
            "/quality.ttl",
            "/quality.json",
            "/opensearch.xml",
            *("/feeds.opml", "/downloads.csv", "/downloads.json"),
            f"/dataset/{copied.name}/download/{file_key(facts.files(copied.entry)[0])}",
            "/sitemap.xml",
            "/sitemap/pages.xml",
            "/sitemap/1.xml",
        ),
        *("/dumps", "/dumps/index.json", "/dumps/SHA256SUMS", "/dumps/latest/datasets.csv"),
        *(
            "/dataset",
            "/organization",
            "/group",
            "/organization/x",
            "/dataset/x/resource/y",
            "/fr/dataset",
            "/fr/group",
        ),
        *("/catalog.n3", f"/dataset/{copied.name}.n3"),
        *(
            "/fr/organization",
            "/fr/organization/x",
            "/fr/dataset/x/resource/y",
            "/feeds/dataset.atom",
            "/feeds/tag/x.atom",
        ),
        *("/quality.nt?page=1", "/ldes", "/ldes/0", "/data.json?theme=TRAN"),
        *("/llms.txt", "/robots.txt", "/favicon.ico", "/.well-known/security.txt", "/healthz", "/readyz", "/metrics"),
        *(
            "/api/1/search",
            "/api/1/search?q=comptages",
            "/api/1/search/unanswered",
            "/api/1/datasets/",
            "/api/1/changes",
        ),
        *(f"/api/1/datasets/{row.name}" for row in of_each),
        *("/api/1/publishers/", f"/api/1/publishers/{publisher}", "/api/1/quality", "/api/1/openapi.json"),
        *("/api/3", "/api/3/action", "/api/action", "/api/action/package_list", "/api/3/action/package_list?limit=10"),
        *("/api/3/action/package_search?q=comptages", "/api/3/action/package_search?sort=name&rows=5"),
        *(f"/api/3/action/{each}" for each in ("organization_list?all_fields=1", "group_list", "tag_list")),
        *(f"/oai?verb={verb}" for verb in ("Identify", "ListSets", "ListMetadataFormats")),
        *(f"/oai?verb=ListRecords&metadataPrefix={prefix}" for prefix in ("oai_dc", "dcat_ap")),
        "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=theme.TRAN",
        f"/oai?verb=GetRecord&metadataPrefix=dcat_ap&identifier=oai:data.example.brussels:{issue.id}",
        *("/ogc", *(f"/ogc/{path}" for path in ("conformance", "api", "collections", "collections/datasets"))),
        *(f"/ogc/collections/datasets/{path}" for path in ("queryables", "sortables", f"items/{issue.id}")),
        *(f"/ogc/collections/datasets/items?limit=100{asked}" for asked in ("", "&q=comptages", "&sortby=-updated")),
        *(f"/csw?service=CSW&version=2.0.2&request={asked}" for asked in ("GetCapabilities", "DescribeRecord")),
        "/csw?service=CSW&version=2.0.2&request=GetDomain&propertyName=dc:type,dc:format",
        *(
            f"/csw?service=CSW&version=2.0.2&request=GetRecords&resultType=results&maxRecords=100&outputSchema={schema}"
            for schema in CSW_SCHEMAS
        ),
        f"/csw?service=CSW&version=2.0.2&request=GetRecordById&id={service.id}&outputSchema=http://www.isotc211.org/2005/gmd",
        *(
            f"/api/1/file/{file_id(copied.id, file_key(facts.files(copied.entry)[0]))}{part}"
            for part in ("", "/rows", "/columns")
        ),
        f"/source/{source}/runs.atom",
        f"/api/3/action/harvest_source_show?id={source}",
        "/api/1/reuses/",
        *("/api/1/duplicates/", "/api/1/duplicates/?kind=alike"),
        *("/api/1/harvest/backends/", "/api/1/harvest/sources/", "/api/1/harvest/sources/?publisher=service-0"),
        *(f"/api/1/harvest/source/{source}/", f"/api/1/harvest/source/{source}/jobs/"),
        f"/api/1/harvest/source/{source}/moved/",
        *(f"/api/1/harvest/job/{run}/{part}" for part in ("", "items/", "changes", "errors.csv")),
    ]


STEP = 3
"""Statements of one step from copies to copies of copies: whether one is taken depends on which entries share a page,
and there are at most `catalogue.ingest.twins.STEPS` of them."""
NAMED = ("series/counts", "service/wfs", "dataset/issue-1", "publication/report")


def statements(catalogue: Catalogue) -> dict[str, list[str]]:
    """What each address asks of the database, by address, with each entry, source and run of this catalogue unnamed."""
    app = create_app(catalogue.settings, catalogue)
    client = app.test_client()
    found: dict[str, list[str]] = {}
    for address in addresses(catalogue):
        client.get(address, headers=HTML, buffered=True)  # what is remembered from answer to answer is asked for once
        with counted(catalogue) as asked:
            answer = client.get(address, headers=HTML, buffered=True)
            answer.get_data()
        assert answer.status_code < 400, (address, answer.status_code, answer.text[:300])
        found[re.sub(r"[0-9a-f]{20,}|/\d+/?|v-\w+", "…", address)] = asked
    return found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Of few sources."""
    catalogue = filled(tmp_path_factory.mktemp("small"), sources=2, issues=3)
    yield catalogue
    catalogue.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Of several, with a series that fills many pages."""
    catalogue = filled(tmp_path_factory.mktemp("large"), sources=12, issues=130)
    yield catalogue
    catalogue.close()


def test_no_page_asks_more_of_a_larger_catalogue(small: Catalogue, large: Catalogue) -> None:
    few, many = statements(small), statements(large)
    grown = {at: (len(few[at]), len(many[at])) for at in few if len(many[at]) > len(few[at]) + STEP}
    assert not grown


def test_every_address_is_asked(small: Catalogue) -> None:
    app = create_app(small.settings, small)
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - NOT_ASKED
    known = app.url_map.bind("data.example.brussels")
    asked = {known.match(address.partition("?")[0], return_rule=True)[0].rule for address in addresses(small)}
    assert asked >= rules


def test_a_series_shows_the_latest_first_and_counts_all(large: Catalogue) -> None:
    client = create_app(large.settings, large).test_client()
    name = next(iter(large.entries.with_iris([f"{BASE}series/counts"]).values())).name
    page = client.get(f"/fr/series/{name}?page=5").text
    assert "(130)" in page
    assert page.count("<tr><td>") == 10, "thirty on a page, so ten are left for the fifth"
    assert f"/fr/series/{name}?page=4" in page


def test_all_values_of_a_facet_are_all(large: Catalogue) -> None:
    client = create_app(large.settings, large).test_client()
    known = {text.value for row in large.entries.after("", 1000) for text in getattr(row.entry, "keyword", ())}
    shown: set[str] = set()
    for page in (1, 2):
        shown |= {word for word in known if f">{word}</a>" in client.get(f"/fr/search/values/keyword?page={page}").text}
    assert len(known) > 100
    assert shown == known
    assert ">mot129x</a>" in client.get("/fr/search/values/keyword?find=MOT129", headers=HTML).text
