"""Sites with schema.org: site maps of all kinds, pages that fail, and what the words mean."""

import gzip
import html
import json
from collections.abc import Callable
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from dcat.model import Concept, Dataset, Iri, LicenseDocument, Publication, Text
from harvesters import HARVESTERS, reader_of
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, Source, StillThere
from harvesters.http import Client, Pace, Response
from harvesters.schema_org import sitemaps

KIND = HARVESTERS["schema-org"]
Site = dict[str, Answer | Callable[[str], Answer]]
MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def page(*datasets: dict[str, Any], lang: str = "en") -> Answer:
    """A page that describes datasets."""
    scripts = (f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in datasets)
    return Answer(f'<html lang="{lang}"><head>{"".join(scripts)}</head><body></body></html>'.encode(), "text/html")


def dataset(name: str, **said: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "Dataset", "name": name, **said}


def sitemap(*paths: str, root: str = "urlset", dated: str = "") -> Callable[[str], Answer]:
    """A site map of these pages, or an index of these maps."""
    date = f"<lastmod>{dated}</lastmod>" if dated else ""

    def made(site: str) -> Answer:
        urls = (f"<url><loc>{path if path.startswith('http') else site + path}</loc>{date}</url>" for path in paths)
        return Answer(f'<{root} xmlns="{MAP}">{"".join(urls)}</{root}>'.encode(), "application/xml")

    return made


def fetch(site: Site, start: str = "", crawl: Crawl | None = None, **config: Any) -> tuple[list[Fetched], list[str]]:
    """What is fetched of a site, and the paths that were asked for."""

    def routes(request: Request) -> Answer | None:
        found = site.get(request.path)
        return found(server.url("")) if callable(found) else found

    server = loopback.site(routes)
    with loopback.running(server), Client(allow=loopback.LOOPBACK, pace=Pace(0), tries=1) as client:
        source = Source(id="s", name="s", title="S", url=server.url(start), kind="schema-org", config=config)
        found = list(KIND.fetch(source, client, Crawl() if crawl is None else crawl))
    return found, [request.path for request in server.requests]


def entry(**said: Any) -> Dataset:
    raw = RawRecord(identifier="x", body=json.dumps(dataset("Trees", **said)).encode(), media_type="application/json")
    found = KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://s.example", kind="schema-org"))
    assert found.unread == {}
    assert isinstance(found.entry, Dataset)
    return found.entry


@pytest.mark.parametrize(
    ("clean", "slip"),
    [
        ('"Trees"}', '"Trees",}'),
        ('"Trees"}', '"Trees"};'),
        ('"Trees"}', '"Trees", "size": NaN}'),
        ('"Trees"}', r'"Trees", "description": "C:\data"}'),
    ],
)
def test_a_slip_in_the_json_of_a_page_costs_no_dataset(clean: str, slip: str) -> None:
    body = page(dataset("Trees")).body.replace(clean.encode(), slip.encode())
    assert slip.encode() in body
    crawl = Crawl()
    found, _ = fetch({"/sitemap.xml": sitemap("/a"), "/a": Answer(body, "text/html")}, crawl=crawl)
    assert ([one.identifier for one in found], crawl.incomplete) == (["/a"], [])


# --- site maps --------------------------------------------------------------------------------------------------------


def test_a_map_that_is_gone_from_an_index_is_told_by_its_address() -> None:
    crawl = Crawl()
    index = sitemap("/a.xml", "/gone.xml", root="sitemapindex")
    found, _ = fetch({"/sitemap.xml": index, "/a.xml": sitemap("/a"), "/a": page(dataset("Trees"))}, crawl=crawl)
    assert len(found) == 1
    assert "/gone.xml answered 404" in crawl.incomplete[0]


def test_indexes_packed_maps_and_lists_of_lines_are_followed() -> None:
    packed = lambda site: Answer(gzip.compress(sitemap("/b")(site).body), "application/gzip")  # noqa: E731
    found, _ = fetch(
        {
            "/robots.txt": lambda site: Answer(f"Sitemap: {site}/index.xml".encode(), "text/plain"),
            "/index.xml": sitemap("/a.xml", "/b.xml.gz", "/c.txt", "/index.xml", root="sitemapindex"),
            "/a.xml": sitemap("/a", "/a"),
            "/b.xml.gz": packed,
            "/c.txt": lambda site: Answer(f"{site}/c\n{site}/a\n".encode(), "text/plain"),
            **{f"/{name}": page(dataset(name)) for name in "abc"},
        }
    )
    assert [one.identifier for one in found] == ["/a", "/b", "/c"]


def test_a_map_of_an_index_that_is_no_more_costs_itself_and_the_proof() -> None:
    crawl = Crawl()
    site: Site = {
        "/index.xml": sitemap("/old.xml", "/a.xml", root="sitemapindex"),
        "/a.xml": sitemap("/a"),
        "/a": page(dataset("A")),
    }
    assert [one.identifier for one in fetch(site, "/index.xml", crawl)[0]] == ["/a"]
    assert ["/old.xml answered 404" in reason for reason in crawl.incomplete] == [True]


def test_without_robots_the_map_stands_at_its_usual_place() -> None:
    found, asked = fetch({"/sitemap.xml": sitemap("/a"), "/a": page(dataset("A"))})
    assert ([one.identifier for one in found], asked) == (["/a"], ["/robots.txt", "/sitemap.xml", "/a"])


def test_a_map_may_be_the_address_of_the_source() -> None:
    site: Site = {"/maps/data.xml": sitemap("/a"), "/a": page(dataset("A"))}
    assert [one.identifier for one in fetch(site, "/maps/data.xml")[0]] == ["/a"]


def test_a_site_without_map_is_told_so() -> None:
    with pytest.raises(HarvestError, match="has no site map") as caught:
        fetch({"/robots.txt": Answer(b"User-agent: *\n")})
    assert caught.value.code == "HTTP_STATUS"


@pytest.mark.against("F-28")
def test_what_robots_forbid_and_what_is_elsewhere_is_left_out_and_told() -> None:
    crawl = Crawl()
    site: Site = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /no/"),
        "/sitemap.xml": sitemap("/a", "/no/b", "https://other.example/c"),
        "/a": page(dataset("A")),
    }
    found, asked = fetch(site, crawl=crawl)
    assert (len(found), asked[2:], crawl.incomplete) == (1, ["/a"], [])
    assert [(one.rule, one.value.partition(":")[0]) for one in crawl.findings] == [("pages-left-out", "2")]


def test_an_operator_says_which_pages_are_of_datasets() -> None:
    site: Site = {"/sitemap.xml": sitemap("/news/a", "/dataset/b"), "/dataset/b": page(dataset("B"))}
    found, asked = fetch(site, pages=["/dataset/"])
    assert ([one.identifier for one in found], asked[2:]) == (["/dataset/b"], ["/dataset/b"])


def test_maps_without_end_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST_MAPS", 3)
    site: Site = {f"/{n}.xml": sitemap(f"/{n + 1}.xml", root="sitemapindex") for n in range(9)}
    crawl = Crawl()
    assert fetch(site, "/0.xml", crawl)[0] == []
    assert crawl.incomplete == ["Only the first 3 site maps were read."]


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_page_that_fails_is_one_record() -> None:
    crawl = Crawl()
    site: Site = {
        "/sitemap.xml": sitemap("/a", "/b", "/c", "/gone"),
        "/a": page(dataset("A")),
        "/b": Answer(b"no", "text/plain", 500),
        "/c": Answer(b'<html><script type="application/ld+json">{"@type": "Dataset",</script></html>', "text/html"),
    }
    found, _ = fetch(site, crawl=crawl)
    assert [one.identifier for one in found] == ["/a"]
    assert len(crawl.incomplete) == 2
    assert sorted(one.rule for one in crawl.findings) == [
        "entry-not-described",
        "record-unreadable",
        "record-unreadable",
    ]


def test_only_pages_that_changed_are_asked_for() -> None:
    site: Site = {"/sitemap.xml": sitemap("/a", "/b", dated="2026-01-01"), "/a": page(dataset("A")), "/b": page()}
    site["/b"] = page(dataset("B"), dataset("C"))
    first, _ = fetch(site)
    versions = {one.identifier: one.version for one in first if isinstance(one, RawRecord)}
    again, asked = fetch(site, crawl=Crawl(versions=versions))
    assert again == [StillThere(identifier=one) for one in ("/a", "/b#B", "/b#C")]
    assert asked == ["/robots.txt", "/sitemap.xml"]
    for held in ({"/a"}, {"/a", "/b#C"}):
        assert fetch(site, crawl=Crawl(versions={id: versions[id] for id in held}))[1][2:] == ["/b"]


def test_datasets_of_one_page_are_told_apart_by_their_names() -> None:
    crawl = Crawl()
    said = [dataset("A"), dataset("B"), dataset("C", url="https://x.example/c"), {"@type": "Dataset"}]
    found, _ = fetch({"/sitemap.xml": sitemap("/a"), "/a": page(*said)}, crawl=crawl)
    assert [one.identifier for one in found] == ["/a#A", "/a#B", "https://x.example/c", "/a#4"]
    assert [one.rule for one in crawl.findings] == ["identifier-weak"] * 3


def test_what_a_page_says_twice_is_one_dataset_known_by_the_page() -> None:
    found, _ = fetch({"/sitemap.xml": sitemap("/trees"), "/trees": page(dataset("Trees"), dataset("Trees"))})
    assert [one.identifier for one in found] == ["/trees"]


def test_json_that_a_template_escaped_is_read() -> None:
    said = html.escape(json.dumps(dataset("Trees & parks")))
    answer = Answer(f'<html><script type="application/ld+json">{said}</script></html>'.encode(), "text/html")
    found, _ = fetch({"/sitemap.xml": sitemap("/trees"), "/trees": answer})
    assert [json.loads(one.body)["name"] for one in found if isinstance(one, RawRecord)] == ["Trees & parks"]


MICRODATA = """<html lang="en"><body><div itemscope itemtype="http://schema.org/Dataset"><h1 itemprop="name">Trees</h1>
<p itemprop="description">All <b>trees</b>.</p><meta itemprop="keywords" content="trees, parks">
<link itemprop="license" href="https://creativecommons.org/licenses/by/4.0/">
<time itemprop="datePublished" datetime="2020-01-02">Thursday</time>
<div itemprop="publisher" itemscope itemtype="http://schema.org/Organization"><i itemprop="name">City</i></div>
<div itemprop="distribution" itemscope itemtype="http://schema.org/DataDownload"><a itemprop="contentUrl" href="/f.csv">
<i itemprop="encodingFormat">text/csv</i></a></div></div>
<div itemscope itemtype="http://schema.org/Person"><i itemprop="name">Ann</i></div></body></html>"""
RDFA = """<html lang="en"><body vocab="https://schema.org/"><div typeof="Dataset"><h1 property="name">Trees</h1>
<p property="description">All <b>trees</b>.</p><meta property="keywords" content="trees, parks">
<a property="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY</a>
<time property="datePublished" datetime="2020-01-02">Thursday</time>
<div property="publisher" typeof="schema:Organization"><i property="name">City</i></div>
<div property="distribution" typeof="DataDownload"><a property="schema:contentUrl" href="/f.csv">
<i property="encodingFormat">text/csv</i></a></div></div>
<div typeof="Person"><i property="name">Ann</i></div></body></html>"""


@pytest.mark.parametrize("body", [MICRODATA, RDFA], ids=["microdata", "rdfa"])
def test_a_page_without_json_ld_may_say_it_in_its_elements(body: str) -> None:
    found, _ = fetch({"/sitemap.xml": sitemap("/p"), "/p": Answer(body.encode(), "text/html")})
    (raw,) = (one for one in found if isinstance(one, RawRecord))
    site = raw.address.removesuffix("/p")
    said = KIND.normalise(raw, Source(id="s", name="s", title="S", url=site, kind="schema-org")).entry
    assert isinstance(said, Dataset)
    assert (said.title, said.description) == ((Text("Trees", "en"),), (Text("All trees.", "en"),))
    assert [text.value for text in said.keyword] == ["trees", "parks"]
    assert (said.issued, said.publisher and said.publisher.name) == ("2020-01-02", (Text("City"),))
    (file,) = said.distribution
    assert (file.download_url, file.media_type) == ((f"{site}/f.csv",), Concept(labels=(Text("text/csv"),)))
    assert file.license == LicenseDocument(iri=Iri("https://creativecommons.org/licenses/by/4.0/"))


def test_an_address_may_be_an_object_of_json_ld_or_stand_beside_the_page() -> None:
    file = {"@type": "DataDownload", "contentUrl": {"@id": "https://a.example/f.csv"}}
    found, _ = fetch({"/sitemap.xml": sitemap("/p"), "/p": page(dataset("Trees", url="/trees", distribution=file))})
    (raw,) = (one for one in found if isinstance(one, RawRecord))
    said = KIND.normalise(raw, Source(id="s", name="s", title="S", url=raw.address, kind="schema-org")).entry
    assert isinstance(said, Dataset)
    assert [one.iri for one in said.landing_page] == [raw.address.removesuffix("/p") + "/trees"]
    assert [one.download_url for one in said.distribution] == [("https://a.example/f.csv",)]


def test_a_place_may_have_only_an_address() -> None:
    said = entry(spatialCoverage={"@type": "Place", "address": {"addressLocality": "Elsene", "addressCountry": "BE"}})
    assert [place.labels for place in said.spatial] == [(Text("Elsene"),)]


def test_files_may_be_named_beside_their_page() -> None:
    files = [
        {"contentUrl": "/files/trees.csv", "contentSize": "1.2 MB"},
        "../trees.json",
        {"url": "N/A"},
        {"url": "//["},
    ]
    found = entry(distribution=files)
    assert [(*file.download_url, *file.access_url)[0] for file in found.distribution] == [
        "https://s.example/files/trees.csv",
        "N/A",
        "//[",
        "https://s.example/trees.json",
    ]
    assert found.distribution[0].byte_size == "1.2 MB"


def test_keywords_may_be_words_and_terms() -> None:
    found = entry(keywords=["tree", {"@type": "DefinedTerm", "name": "park"}])
    assert [text.value for text in found.keyword] == ["tree", "park"]


def test_a_dataset_that_is_only_mentioned_is_no_record() -> None:
    said = dataset("A", isPartOf=dataset("B"), citation=dataset("C"))
    found, _ = fetch({"/sitemap.xml": sitemap("/a"), "/a": page(said)})
    assert len(found) == 1


def test_a_report_is_a_publication_that_names_the_data_it_is_based_on() -> None:
    said = dataset("A report", isBasedOn=["https://doi.org/10.5281/zenodo.1"]) | {"@type": "Report"}
    news = dataset("News") | {"@type": "NewsArticle"}
    found, _ = fetch({"/sitemap.xml": sitemap("/a"), "/a": page(said, news)})
    (raw,) = found
    assert isinstance(raw, RawRecord)
    read = KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://s.example", kind="schema-org")).entry
    assert isinstance(read, Publication)
    assert (read.uses, read.relation) == (("https://doi.org/10.5281/zenodo.1",), ())


def test_a_header_may_say_where_the_description_stands() -> None:
    link = '<https://x.example/>; rel="author", </a.jsonld>; rel="describedby"; type="application/ld+json"'
    site: Site = {
        "/sitemap.xml": sitemap("/a"),
        "/a": Answer(b"<html></html>", "text/html", headers={"Link": link.replace(", <", ",<")}),
        "/a.jsonld": Answer(json.dumps(dataset("A")).encode(), "application/ld+json"),
    }
    assert [one.identifier for one in fetch(site)[0]] == ["/a"]


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "geometry", "label"),
    [
        ({"geo": {"@type": "GeoShape", "box": "50.7 4.2 50.9 4.5"}}, "4.2,50.7,4.5,50.9", ""),
        ({"geo": {"@type": "GeoShape", "box": "50.7,4.2 50.9,4.5"}}, "4.2,50.7,4.5,50.9", ""),
        ({"geo": {"@type": "GeoCoordinates", "latitude": 50.8, "longitude": 4.3}}, "POINT(4.3 50.8)", ""),
        ({"geo": {"polygon": "1 2 3 4 5 6 1 2"}}, "POLYGON((2 1, 4 3, 6 5, 2 1))", ""),
        ({"@type": "Place", "name": "Ixelles"}, None, "Ixelles"),
        ("Ixelles", None, "Ixelles"),
    ],
)
def test_a_place_is_a_shape_or_a_name(said: Any, geometry: str | None, label: str) -> None:
    (place,) = entry(spatialCoverage=said).spatial
    assert place.geometry == geometry
    assert [text.value for text in place.labels] == ([label] if label else [])


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("2019-01-01/2026-12-31", "2019-01-01", "2026-12-31"),
        ("2019/..", "2019", None),
        ("../2019", None, "2019"),
        ("2019", "2019", "2019"),
    ],
)
def test_a_period_may_be_open(said: str, start: str | None, end: str | None) -> None:
    (period,) = entry(temporalCoverage=said).temporal
    assert (period.start, period.end) == (start, end)


def test_people_are_told_from_organisations() -> None:
    found = entry(creator=[{"@type": "Person", "givenName": "An", "familyName": "Peeters"}, {"name": "Trees Office"}])
    assert [(one.name, one.is_individual) for one in found.creator] == [
        ((Text("An Peeters"),), True),
        ((Text("Trees Office"),), False),
    ]
    assert found.publisher == found.creator[1]


@pytest.mark.parametrize(
    "said",
    [
        {"@list": [{"@type": "Organization", "name": "City"}, {"@type": "Organization", "name": "Port"}]},
        [
            {"@type": "Role", "roleName": "owner", "creator": {"@type": "Organization", "name": "City"}},
            {"@type": "Organization", "name": "Port"},
        ],
        {"@list": [{"@type": "Role", "creator": [{"name": "City"}, {"name": "Port"}]}]},
    ],
)
def test_creators_may_stand_in_a_list_and_in_a_role(said: Any) -> None:
    assert [one.name[0].value for one in entry(creator=said).creator] == ["City", "Port"]


def test_names_may_have_any_prefix() -> None:
    said = {
        "@type": "http://schema.org/Dataset",
        "http://schema.org/name": "Trees",
        "schema:license": {"@type": "schema:CreativeWork", "schema:name": "CC0"},
    }
    found, _ = fetch({"/sitemap.xml": sitemap("/a"), "/a": page(said)})
    (raw,) = found
    assert isinstance(raw, RawRecord)
    assert json.loads(raw.body) == {
        "@type": "http://schema.org/Dataset",
        "name": "Trees",
        "license": {"@type": "schema:CreativeWork", "name": "CC0"},
        "language-of-page": "en",
    }


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (page(dataset("A")), "schema-org"),
        (Answer(json.dumps(dataset("A")).encode(), "application/ld+json"), "schema-org"),
        (page({"@context": "https://schema.org", "@type": "Article", "name": "Dataset"}), "dcat"),
        (Answer(b'{"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "@type": "dcat:Dataset"}', "x/y"), "dcat"),
    ],
)
def test_a_page_is_recognised(answer: Answer, kind: str) -> None:
    document = Response("sent", 200, {"Content-Type": answer.media_type}, answer.body, True)
    assert reader_of(document).kind == kind
