"""DCAT feeds: what is cut out of them, how pages follow each other, and what is no feed."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

import loopback
import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import Answer, Request, Server

from dcat import rdf
from dcat.model import DataService, Dataset, DatasetSeries
from dcat.read import read_entry
from harvesters import HARVESTERS, dcat_feed
from harvesters.base import Crawl, HarvestError, RawRecord, SkipRecord, Source
from harvesters.dcat_feed import DcatFeed, parse_record
from harvesters.feed_identity import Names, told_apart
from harvesters.http import Client, Pace

PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""

ONE = """
<https://d.example/one> a dcat:Dataset ; dct:title "Un"@fr, "Een"@nl ; dct:publisher [ a foaf:Agent ; foaf:name "P" ] ;
    dcat:distribution <https://d.example/one/csv> .
<https://d.example/one/csv> a dcat:Distribution ; dcat:accessURL <https://d.example/one.csv> .
"""

FEED = (
    ONE
    + """
<https://d.example/> a dcat:Catalog ; dcat:dataset <https://d.example/one> ; dcat:service <https://d.example/api> .
<https://d.example/api> a dcat:DataService ; dct:title "API" ; dcat:endpointURL <https://d.example/api/> .
<https://d.example/years> a dcat:DatasetSeries ; dct:title "Years" .
"""
)


def turtle(*parts: str, **headers: str) -> Answer:
    return Answer((PREFIXES + "".join(parts)).encode(), "text/turtle", headers=headers)


def datasets(*numbers: int) -> str:
    return "".join(f'<https://d.example/{number}> a dcat:Dataset ; dct:title "T{number}" .\n' for number in numbers)


def fetch(
    server: Server, path: str = "/feed", known: Mapping[str, str] | None = None, **told: Callable[[int], None]
) -> tuple[list[RawRecord], Crawl]:
    crawl = Crawl(known=known or {}, **told)
    source = Source(id="s", name="s", title="S", url=server.url(path), kind="dcat")
    with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=5) as client:
        return list(HARVESTERS["dcat"].fetch(source, client, crawl)), crawl


def fetch_one(answer: Answer) -> tuple[list[RawRecord], Crawl]:
    """Everything in a feed of one page."""
    with loopback.running(loopback.always(answer)) as server:
        return fetch(server)


def fetch_pages(*pages: Answer) -> tuple[list[RawRecord], Crawl, list[str]]:
    """Everything in a feed of pages at `/feed`, `/feed?page=2`, …, with the addresses that were asked for."""
    paths = ["/feed", *(f"/feed?page={number}" for number in range(2, len(pages) + 1))]
    with loopback.running(loopback.pages(dict(zip(paths, pages, strict=True)))) as server:
        return *fetch(server), server.asked()


def ids(raws: list[RawRecord]) -> list[str]:
    return [raw.identifier.removeprefix("https://d.example/") for raw in raws]


def rules(crawl: Crawl) -> list[str]:
    return [found.rule for found in crawl.findings]


# --- one file ---------------------------------------------------------------------------------------------------------


def as_format(format: str) -> bytes:
    return rdf.serialise(rdf.parse((PREFIXES + FEED).encode()).triples(), format)


FORMATS = ["ttl", "rdf", "jsonld", "nt"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_datasets_of_schema_org_are_read_where_nothing_is_one_of_dcat(scheme: str) -> None:
    said = f"""@prefix s: <{scheme}://schema.org/> .
        <https://d.example/> a s:DataCatalog ; s:dataset <https://d.example/1>, <https://d.example/2> .
        <https://d.example/1> a s:Dataset ; s:name "T" ; s:publisher <https://d.example/p> ;
            s:distribution <https://d.example/f> .
        <https://d.example/2> a s:Dataset .
        <https://d.example/p> a s:Organization ; s:name "P" .
        <https://d.example/f> a s:DataDownload ; s:contentUrl <https://d.example/f.csv> . """
    (raw,), crawl = fetch_one(Answer(said.encode(), "text/turtle"))
    assert (raw.identifier, crawl.incomplete) == ("https://d.example/1", [])
    entry, _, unread = read_entry(raw.body)
    assert isinstance(entry, Dataset)
    assert [text.value for text in entry.title] == ["T"]
    assert entry.publisher
    assert [text.value for text in entry.publisher.name] == ["P"]
    assert [file.download_url for file in entry.distribution] == [("https://d.example/f.csv",)]
    assert unread == {}
    raws, _ = fetch_one(turtle(ONE, said))
    assert [raw.identifier for raw in raws] == ["https://d.example/one"]


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/xml", "text/html", "application/octet-stream"])
@pytest.mark.parametrize("format", FORMATS)
def test_every_serialisation_is_read_whatever_it_is_called(format: str, media_type: str) -> None:
    raws, crawl = fetch_one(Answer(as_format(format), media_type))
    assert sorted(ids(raws)) == ["api", "one", "years"]
    assert (crawl.incomplete, crawl.findings, crawl.pages) == ([], [], 1)


def test_every_serialisation_gives_the_same_records() -> None:
    bodies = [sorted(raw.body for raw in fetch_one(Answer(as_format(format)))[0]) for format in FORMATS]
    assert bodies[0] == bodies[1] == bodies[2] == bodies[3]


def test_quads_are_told_by_their_ending() -> None:
    quads = b'<https://d.example/1> <http://purl.org/dc/terms/title> "T" <https://d.example/g> .\n'
    quads += b"<https://d.example/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    quads += b"<http://www.w3.org/ns/dcat#Dataset> <https://d.example/g> .\n"
    with loopback.running(loopback.pages({"/feed.nq.gz": Answer(gzip.compress(quads), "application/gzip")})) as server:
        raws, _ = fetch(server, "/feed.nq.gz")
    assert ids(raws) == ["1"]


def test_a_record_holds_its_own_part_of_the_graph() -> None:
    raws, _ = fetch_one(turtle(FEED))
    body = {raw.identifier: raw.body.decode() for raw in raws}["https://d.example/one"]
    assert "https://d.example/one.csv" in body
    assert '"P"' in body
    assert "https://d.example/api" not in body
    assert body.splitlines() == sorted(body.splitlines())


def test_records_are_read_into_the_model() -> None:
    raws, _ = fetch_one(turtle(FEED))
    source = Source(id="s", name="s", title="S", url="https://d.example/feed", kind="dcat")
    entries = {raw.identifier: HARVESTERS["dcat"].normalise(raw, source).entry for raw in raws}
    dataset = entries["https://d.example/one"]
    assert isinstance(dataset, Dataset)
    assert [text.lang for text in dataset.title] == ["fr", "nl"]
    assert dataset.distribution[0].access_url == ("https://d.example/one.csv",)
    assert isinstance(entries["https://d.example/api"], DataService)
    assert isinstance(entries["https://d.example/years"], DatasetSeries)


def test_a_zero_byte_in_one_text_costs_that_sign() -> None:
    raws, crawl = fetch_one(turtle(ONE.replace('"Een"@nl', '"E\0en"@nl')))
    source = Source(id="s", name="s", title="S", url="https://d.example/feed", kind="dcat")
    (entry,) = (HARVESTERS["dcat"].normalise(raw, source).entry for raw in raws)
    assert isinstance(entry, Dataset)
    assert [text.value for text in entry.title] == ["Un", "Een"]
    assert crawl.incomplete == []


def test_properties_outside_the_profile_are_counted() -> None:
    raws, _ = fetch_one(turtle(datasets(1), '<https://d.example/1> dct:audience "x", "y" .'))
    source = Source(id="s", name="s", title="S", url="https://d.example/feed", kind="dcat")
    assert HARVESTERS["dcat"].normalise(raws[0], source).unread == {"dct:audience": 2}


@pytest.mark.parametrize("twice", [False, True])
def test_packed_files_are_unpacked(twice: bool) -> None:
    packed = gzip.compress((PREFIXES + FEED).encode())
    headers = {"Content-Encoding": "gzip"} if twice else {}
    body = gzip.compress(packed) if twice else packed
    raws, crawl = fetch_one(Answer(body, "application/gzip", headers=headers))
    assert (len(raws), crawl.incomplete) == (3, [])


def test_a_packed_bomb_is_refused() -> None:
    with pytest.raises(HarvestError) as caught:
        fetch_one(Answer(loopback.zeros(300), "application/gzip"))
    assert caught.value.code == "TOO_LARGE"


def test_relative_addresses_start_from_the_feed() -> None:
    with loopback.running(loopback.always(turtle('<one> a dcat:Dataset ; dct:title "T" .'))) as server:
        raws, _ = fetch(server, "/data/feed.ttl")
        assert raws[0].identifier == server.url("/data/one")


def test_a_feed_without_datasets_is_a_complete_crawl() -> None:
    for feed in (turtle(), turtle("<https://d.example/> a dcat:Catalog ."), Answer(b'{"@context": {}, "@graph": []}')):
        raws, crawl = fetch_one(feed)
        assert (raws, crawl.incomplete) == ([], [])


def test_a_root_that_is_a_catalogue_is_read() -> None:
    xml = b"""<dcat:Catalog xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/"
      xmlns:dcat="http://www.w3.org/ns/dcat#"><dcat:dataset><dcat:Dataset><dct:identifier>A-1</dct:identifier>
      <dct:title xml:lang="fr">Un</dct:title></dcat:Dataset></dcat:dataset></dcat:Catalog>"""
    assert ids(fetch_one(Answer(xml, "application/xml"))[0]) == ["A-1"]


INVERSE = """
<https://d.example/years> a dcat:DatasetSeries ; dct:title "Years" ;
    dcat:seriesMember <https://d.example/2024>, <https://d.example/2025>, <https://d.example/elsewhere> .
<https://d.example/2024> a dcat:Dataset ; dct:title "2024" .
<https://d.example/2025> a dcat:Dataset ; dct:title "2025" ; dcat:inSeries <https://d.example/years> ;
    dcat:isVersionOf <https://d.example/2024> .
<https://d.example/f> a dcat:Distribution ; dcat:accessURL <https://d.example/f.csv> ;
    dcat:isDistributionOf <https://d.example/2024> .
[] a dcat:Distribution ; dcat:accessURL <https://d.example/g.csv> ; dcat:isDistributionOf <https://d.example/2025> .
<https://d.example/2025/b> a dcat:Dataset ; dct:title "B" ; dcat:seriesMember <https://d.example/years> .
"""


@pytest.mark.parametrize("size", [0, rdf.apart.LARGE])
def test_what_is_said_from_the_other_end_belongs_to_the_record_that_it_is_about(size: int) -> None:
    records, _ = fetch_one(turtle(INVERSE, "#" * size))
    read = {one.identifier.rpartition("/")[2]: read_entry(one.body) for one in records}
    first, second, series, swapped = (read[name][0] for name in ("2024", "2025", "years", "b"))
    assert isinstance(first, Dataset)
    assert isinstance(second, Dataset)
    assert first.in_series == second.in_series == (series.iri,)
    assert first.has_version == (second.iri,)
    assert [file.access_url for file in first.distribution] == [("https://d.example/f.csv",)]
    assert [file.access_url for file in second.distribution] == [("https://d.example/g.csv",)]
    assert isinstance(swapped, Dataset)
    assert swapped.in_series == ()
    assert {name: unread for name, (_, _, unread) in read.items() if unread} == {
        "years": {"dcat:seriesMember": 1},
        "b": {"dcat:seriesMember": 1},
    }


def test_parts_and_ends_of_a_series_are_its_members() -> None:
    body = """
        <https://d.example/years> a dcat:DatasetSeries ; dct:title "Years" ; dcat:first <https://d.example/1> ;
            dct:hasPart <https://d.example/2>, "3" .
        <https://d.example/1> a dcat:Dataset ; dct:title "1" ; dct:isPartOf <https://d.example/2> .
        <https://d.example/2> a dcat:Dataset ; dct:title "2" ; dcat:first <https://d.example/1> .
        <https://d.example/3> a dcat:Dataset ; dct:title "3" ; dct:isPartOf <https://d.example/years> .
    """
    records, _ = fetch_one(turtle(body))
    read = {one.identifier.rpartition("/")[2]: read_entry(one.body) for one in records}
    assert {name: len(getattr(entry, "in_series", ())) for name, (entry, _, _) in read.items()} == {
        "years": 0,
        "1": 1,
        "2": 1,
        "3": 1,
    }
    assert {name: unread for name, (_, _, unread) in read.items() if unread} == {
        "years": {"dct:hasPart": 1},
        "1": {"dct:isPartOf": 1},
        "2": {"dcat:first": 1},
    }


def test_a_member_that_a_page_only_mentions_is_read_from_the_page_that_describes_it() -> None:
    series = """
        <https://d.example/years> a dcat:DatasetSeries ; dct:title "Years" ; dcat:seriesMember <https://d.example/2> .
        <https://d.example/2> a dcat:Dataset .
    """
    records, crawl, _ = fetch_pages(
        turtle(series, "<https://d.example/v> a hydra:X ; hydra:next </feed?page=2> ."), turtle(datasets(2))
    )
    assert [one.identifier for one in records] == ["https://d.example/years", "https://d.example/2"]
    assert b"T2" in records[1].body
    assert not crawl.findings


@pytest.mark.parametrize(
    "other",
    [
        "https://www.w3.org/ns/dcat#",
        "http://www.w3.org/ns/dcat/",
        "http://w3.org/ns/dcat#",
        "http://www.w3.org/ns/dcat",
    ],
)
def test_a_feed_whose_namespace_is_written_another_way_is_read_as_it_is_meant_and_told_once(other: str) -> None:
    right, _ = fetch_one(turtle(FEED))
    document = (PREFIXES + FEED).replace("http://www.w3.org/ns/dcat#", other)
    records, crawl = fetch_one(Answer(document.encode(), "text/turtle"))
    assert {one.identifier: one.body for one in records} == {one.identifier: one.body for one in right}
    assert [(one.rule, one.value) for one in crawl.findings] == [
        ("namespace-other", f"{other} (http://www.w3.org/ns/dcat#)")
    ]


# --- identity ---------------------------------------------------------------------------------------------------------


@pytest.mark.against("F-17")
@pytest.mark.parametrize(
    ("says", "identifier", "found"),
    [
        ('dct:identifier "A-1" ; dcat:landingPage <https://d.example/p>', "A-1", []),
        ("dct:identifier <https://d.example/A-1>", "https://d.example/A-1", []),
        ('dct:identifier "B", "A"', "A", []),
        ('dcat:landingPage <https://d.example/p> ; dct:title "T"', "https://d.example/p", ["identifier-weak"]),
        ('dct:title "T"@nl, "Q"@fr ; dct:publisher [ foaf:name "P" ]', "Q – P", ["identifier-weak"]),
        ('dct:title "T" ; dct:publisher <https://o.example/>', "T – https://o.example/", ["identifier-weak"]),
        ('dct:title "T"', "T", ["identifier-weak"]),
        ('dct:description "D"', "D", ["identifier-weak"]),
        ("dcat:distribution [ dcat:accessURL <https://d.example/f> ]", "https://d.example/f", ["identifier-weak"]),
    ],
)
def test_a_dataset_without_address_is_known_by_what_it_says(says: str, identifier: str, found: list[str]) -> None:
    raws, crawl = fetch_one(turtle(f"[] a dcat:Dataset ; {says} ."))
    assert [raw.identifier for raw in raws] == [identifier]
    assert rules(crawl) == found
    assert crawl.incomplete == []


def test_a_dataset_that_says_nothing_cannot_be_told_apart() -> None:
    raws, crawl = fetch_one(turtle('[] a dcat:Dataset ; dcat:keyword "K" .', datasets(1)))
    assert ids(raws) == ["1"]
    assert rules(crawl) == ["record-unreadable"]
    assert len(crawl.incomplete) == 1


@pytest.mark.against("F-14")
def test_the_first_of_two_datasets_with_one_identifier_counts() -> None:
    raws, crawl = fetch_one(
        turtle('[] a dcat:Dataset ; dct:identifier "A" ; dct:title "1" . [] a dcat:Dataset ; dct:identifier "A" .')
    )
    assert [raw.identifier for raw in raws] == ["A"]
    assert rules(crawl) == ["duplicate-identifier"]


NAMESAKE = '[] a dcat:Dataset ; dct:title "Jaarboek"@nl {} ; dcat:keyword "{}" .\n'


@pytest.mark.parametrize(
    ("differ", "identifiers"),
    [
        (['; dct:issued "2021"', '; dct:issued "2022"', ""], ["Jaarboek – 2021", "Jaarboek – 2022", "Jaarboek"]),
        (['; dct:title "Un"@fr', '; dct:title "Twee"@fr'], ["Jaarboek – Twee", "Jaarboek – Un"]),
        (
            [f'; dct:issued "2021" ; dcat:distribution [ dcat:accessURL <https://d.example/{n}> ]' for n in (1, 2)],
            ["Jaarboek – 2021 – https://d.example/1", "Jaarboek – 2021 – https://d.example/2"],
        ),
        (['; dct:description "Een."', '; dct:description "Twee."'], ["Jaarboek – Een.", "Jaarboek – Twee."]),
        (
            [
                "; dcat:landingPage <https://d.example/p>",
                '; dcat:landingPage <https://d.example/p> ; dct:issued "2021"',
            ],
            ["https://d.example/p – Jaarboek", "https://d.example/p – Jaarboek – 2021"],
        ),
        (['; dct:identifier "7"', '; dct:identifier "7" ; dct:title "Un"@fr'], ["7 – Jaarboek", "7 – Jaarboek, Un"]),
    ],
)
def test_datasets_of_one_name_are_known_by_what_tells_them_apart(differ: list[str], identifiers: list[str]) -> None:
    def fetched(order: list[str]) -> tuple[dict[str, bytes], Crawl]:
        raws, crawl = fetch_one(turtle(*(NAMESAKE.format(one, differ.index(one)) for one in order)))
        assert len(raws) == len(order)
        return {raw.identifier: raw.body for raw in raws}, crawl

    found, crawl = fetched(differ)
    assert sorted(found) == sorted(identifiers)
    assert fetched(differ[::-1])[0] == found
    assert (crawl.doubles, "duplicate-identifier" in rules(crawl), crawl.incomplete) == (0, False, [])
    (alone,) = fetched(differ[:1])[0]
    assert set(crawl.renamed.get(alone, identifiers)) <= set(identifiers)


def test_namesakes_are_told_apart_across_pages() -> None:
    first = turtle(NAMESAKE.format('; dct:issued "2021"', 1), view("", "X", "next", "</feed?page=2>"))
    raws, crawl, _ = fetch_pages(first, turtle(NAMESAKE.format('; dct:issued "2022"', 2)))
    assert [raw.identifier for raw in raws] == ["Jaarboek – 2021", "Jaarboek – 2022"]
    assert crawl.renamed["Jaarboek"] == ["Jaarboek – 2021", "Jaarboek – 2022"]


def test_what_nothing_tells_apart_is_counted_and_named() -> None:
    raws, crawl = fetch_one(turtle(NAMESAKE.format("", "a"), NAMESAKE.format("", "b"), NAMESAKE.format("", "a")))
    assert [raw.identifier for raw in raws] == ["Jaarboek"]
    assert crawl.doubles == 2
    assert [one.value for one in crawl.findings if one.rule == "duplicate-identifier"] == ["Jaarboek", "Jaarboek"]


chains = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(lambda parts: tuple(accumulate(parts)))


@given(st.lists(st.builds(Names, chains, st.just(value=True)), max_size=12))
def test_different_entries_have_different_names(known: list[Names]) -> None:
    apart = told_apart(known)
    assert set(apart) == {one.chain for one in known}
    assert len(set(apart.values())) == len(apart)
    assert all(name in chain for chain, name in apart.items())


@given(st.lists(st.builds(Names, chains, st.just(value=True)), max_size=12), chains)
def test_who_comes_changes_the_names_of_namesakes_alone(known: list[Names], chain: tuple[str, ...]) -> None:
    before, after = told_apart(known), told_apart([*known, Names(chain, is_weak=True)])
    assert all(after[one] == name for one, name in before.items() if one[0] != chain[0])
    assert all(len(after[one]) >= len(name) for one, name in before.items())


def test_a_catalogue_among_the_datasets_is_skipped_with_the_reason() -> None:
    sub = '<https://d.example/sub> a dcat:Catalog ; dct:title "Deel" ; dcat:dataset <https://d.example/1> .'
    main = "<https://d.example/> a dcat:Catalog ; dcat:dataset <https://d.example/sub>, <https://d.example/2> ."
    raws, crawl = fetch_one(
        turtle(main, sub, datasets(1, 2), view("https://d.example/c", "Collection", "first", "<>", 2))
    )
    assert sorted(ids(raws)) == ["1", "2", "sub"]
    assert crawl.declared_total == 3
    (catalog,) = [raw for raw in raws if raw.identifier.endswith("sub")]
    with pytest.raises(SkipRecord, match="It is a catalogue") as skipped:
        HARVESTERS["dcat"].normalise(catalog, Source(id="s", name="s", title="S", url="https://d.example", kind="dcat"))
    assert skipped.value.code == "NOT_DATA"


def test_what_a_catalogue_lists_and_nobody_describes_is_named() -> None:
    listing = "<https://d.example/> a dcat:Catalog ; dcat:dataset <https://d.example/1>, <https://d.example/9> ."
    raws, crawl = fetch_one(turtle(listing, datasets(1)))
    assert ids(raws) == ["1"]
    assert [(one.rule, one.subject, one.field, one.value) for one in crawl.findings] == [
        ("entry-not-described", "https://d.example/", "dcat:dataset", "https://d.example/9")
    ]
    assert crawl.incomplete == []


def test_a_record_whose_address_is_none_costs_itself_and_the_proof() -> None:
    raws, crawl = fetch_one(turtle(datasets(1), "<https://d.example/a b> a dcat:Dataset ."))
    assert ids(raws) == ["1"]
    assert "subject-invalid" in rules(crawl)
    assert "no valid address" in crawl.incomplete[0]


# --- pages ------------------------------------------------------------------------------------------------------------


def view(here: str, kind: str, link: str, target: str, total: int | None = None) -> str:
    count = f" ; hydra:totalItems {total}" if total is not None else ""
    return f"<{here}> a hydra:{kind} ; hydra:{link} {target}{count} .\n"


VIEWS = [
    view("", "PagedCollection", "nextPage", "<?page=2>"),
    view("", "PagedCollection", "nextPage", '"?page=2"'),
    view("", "PartialCollectionView", "next", "<?page=2>"),
    view("", "PartialCollectionView", "next", '"/feed?page=2"'),
    "[] a hydra:PartialCollectionView ; hydra:next <?page=2> .",
    "<https://d.example/> a hydra:Collection ; hydra:view [ hydra:next <?page=2> ] .",
]


@pytest.mark.parametrize("next", VIEWS)
def test_pages_follow_in_both_vocabularies(next: str) -> None:
    raws, crawl, asked = fetch_pages(turtle(datasets(1, 2), next), turtle(datasets(3)))
    assert ids(raws) == ["1", "2", "3"]
    assert asked == ["/feed", "/feed?page=2"]
    assert (crawl.pages, crawl.incomplete, crawl.findings) == (2, [], [])


def test_the_next_page_of_the_page_itself_comes_before_that_of_others() -> None:
    others = view("https://d.example/z", "X", "nextPage", "<?page=4>") + view("a", "X", "next", "<?page=3>")
    raws, _, asked = fetch_pages(
        turtle(datasets(1), others, view("", "X", "next", "<?page=3>"), view("", "X", "nextPage", '" ", "?page=2"')),
        turtle(datasets(2)),
    )
    assert (ids(raws), asked) == (["1", "2"], ["/feed", "/feed?page=2"])


def test_how_many_records_come_is_told_before_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dcat_feed, "USUAL_SIZE", 200)
    said: list[int] = []
    pages = {
        "/feed": turtle(datasets(1, 2), view("", "X", "next", "<?page=2>", total=5)),
        "/feed?page=2": turtle(datasets(3, 4, 5, 6)),
    }
    with loopback.running(loopback.pages(pages)) as server:
        fetch(server, expect=said.append)
    guessed = [len(page.body) // 200 for page in pages.values()]
    assert said == [guessed[0], 5, 2 + guessed[1], 6]


def test_pages_follow_a_link_header() -> None:
    first = turtle(datasets(1), Link='</feed?page=2>; rel="next last", </feed>; rel=first')
    assert ids(fetch_pages(first, turtle(datasets(2)))[0]) == ["1", "2"]


@pytest.mark.parametrize(
    "target", ["<https://127.0.0.1/feed?page=2>", "<http://internal:8080/feed?page=2>", '"http://10.0.0.1/feed?page=2"']
)
def test_a_link_to_another_server_stays_on_ours(target: str) -> None:
    raws, crawl, _ = fetch_pages(turtle(datasets(1), view("", "X", "next", target)), turtle(datasets(2)))
    assert ids(raws) == ["1", "2"]
    assert rules(crawl) == ["paging-rewritten"]


@pytest.mark.parametrize("target", ["<http://[bad>", '"http://[bad"', '"javascript:alert(1)"', '"mailto:a@b.be"'])
def test_a_link_that_is_no_address_does_not_hold_us(target: str) -> None:
    raws, crawl, _ = fetch_pages(turtle(datasets(1), view("", "X", "next", target)))
    assert ids(raws) == ["1"]
    assert crawl.incomplete or target == "<http://[bad>"  # an IRI that is none is no link at all


def paged(*answers: Answer) -> Server:
    """A feed whose pages go on for ever: the last answer stands for all that follow."""

    def routes(request: Request) -> Answer:
        return answers[min(int(request.query.get("page", "1")), len(answers)) - 1]

    return loopback.site(routes)


def test_a_page_that_leads_to_itself_ends_the_crawl() -> None:
    with loopback.running(paged(turtle(datasets(1), view("", "X", "next", "<>")))) as server:
        raws, crawl = fetch(server)
    assert ids(raws) == ["1"]
    assert "in circles" in crawl.incomplete[0]
    assert server.url("/feed") in crawl.incomplete[0]
    assert len(server.requests) == 1


def test_records_that_share_far_more_than_the_feed_says_cost_themselves_and_the_proof() -> None:
    sharing = "".join(f"<https://d.example/{n}> dct:publisher <https://d.example/p> ." for n in range(500))
    huge = "<https://d.example/p> a foaf:Agent" + "".join(f" ; foaf:name 'n{n}'" for n in range(2_000)) + " ."
    raws, crawl = fetch_one(
        turtle("@prefix foaf: <http://xmlns.com/foaf/0.1/> .", datasets(*range(500)), sharing, huge)
    )
    lost = [one for one in crawl.findings if one.rule == "record-unreadable"]
    assert len(raws) + len(lost) == 500
    assert lost
    assert crawl.incomplete


@pytest.mark.against("F-11")
def test_pages_that_lead_back_end_the_crawl() -> None:
    first = turtle(datasets(1), view("", "X", "next", "</feed?page=2>"))
    with loopback.running(paged(first, turtle(datasets(2), view("", "X", "next", "</feed>")))) as server:
        raws, crawl = fetch(server)
    assert (ids(raws), len(server.requests), len(crawl.incomplete)) == (["1", "2"], 2, 1)


def test_ever_new_addresses_of_one_page_end_the_crawl() -> None:
    def routes(request: Request) -> Answer:
        number = int(request.query.get("page", "1"))
        return turtle(datasets(1), f"<https://d.example/v> a hydra:X ; hydra:next <?page={number + 1}> .")

    with loopback.running(loopback.site(routes)) as server:
        raws, crawl = fetch(server)
    assert ids(raws) == ["1"]
    assert "nothing new" in crawl.incomplete[0]
    assert len(server.requests) < 6


def test_one_content_at_two_addresses_ends_the_crawl() -> None:
    again = turtle(datasets(1), "<https://d.example/v> a hydra:X ; hydra:next </feed?page=2> .")
    other = turtle(datasets(2), "<https://d.example/v> a hydra:X ; hydra:next </feed?page=3> .")
    with loopback.running(paged(other, other, again)) as server:
        _, crawl = fetch(server, "/feed?page=1")
    assert "in circles" in crawl.incomplete[0]


def test_a_last_page_that_was_read_before_is_no_end() -> None:
    other = turtle(datasets(1), "<https://d.example/v> a hydra:X ; hydra:next </feed?page=2> .")
    moved = Answer(b"", "", 302, {"Location": "/feed?page=1"})
    with loopback.running(paged(other, moved)) as server:
        raws, crawl = fetch(server, "/feed?page=1")
    assert (ids(raws), len(crawl.incomplete)) == (["1"], 1)


@pytest.mark.parametrize("last", [turtle(), turtle(datasets(1, 2))], ids=["empty", "repeats"])
@pytest.mark.parametrize(("total", "is_proven"), [("", False), ("<> hydra:totalItems 2 .", True)])
def test_a_last_page_without_anything_new_is_an_end_only_where_the_total_says_so(
    last: Answer, total: str, is_proven: bool
) -> None:
    first = turtle(datasets(1, 2), view("", "X", "next", "</feed?page=2>"), total)
    with loopback.running(paged(first, last)) as server:
        raws, crawl = fetch(server, "/feed?page=1")
    assert (ids(raws), not crawl.incomplete) == (["1", "2"], is_proven)


def test_a_page_without_records_in_the_middle_is_passed() -> None:
    middle = turtle(view("", "X", "next", "</feed?page=3>"))
    first = turtle(datasets(1), view("", "X", "next", "</feed?page=2>"))
    raws, crawl, _ = fetch_pages(first, middle, turtle(datasets(2)))
    assert (ids(raws), crawl.incomplete) == (["1", "2"], [])


@pytest.mark.parametrize(
    "bad", [Answer(b"", status=500), Answer(b"<a> <b> ", "text/turtle"), Answer(loopback.PAGE, "text/turtle")]
)
def test_a_page_that_cannot_be_read_fails_the_run_after_what_came_before(bad: Answer) -> None:
    crawl = Crawl()
    with loopback.running(paged(turtle(datasets(1), view("", "X", "next", "</feed?page=2>")), bad)) as server:
        source = Source(id="s", name="s", title="S", url=server.url("/feed"), kind="dcat")
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
            records = HARVESTERS["dcat"].fetch(source, client, crawl)
            assert ids([next(records)]) == ["1"]
            with pytest.raises(HarvestError, match="page=2"):
                next(records)


def test_a_dataset_on_two_pages_counts_once_and_a_service_may_stand_on_each() -> None:
    service = '<https://d.example/api> a dcat:DataService ; dct:title "API" .\n'
    first = turtle(datasets(1, 2), service, view("", "X", "next", "</feed?page=2>"))
    raws, crawl, _ = fetch_pages(first, turtle(datasets(2, 3), service))
    assert ids(raws) == ["1", "2", "api", "3"]
    assert rules(crawl) == ["duplicate-identifier"]


def test_a_service_that_a_file_leads_to_is_taken_from_the_page_that_lists_it() -> None:
    brief = '<https://d.example/api> a dcat:DataService ; dct:title "API" .\n'
    listed = "<https://d.example/> a dcat:Catalog ; dcat:{} <https://d.example/{}> .\n"
    first = turtle(listed.format("dataset", 1), brief, datasets(1), view("", "X", "next", "</feed?page=2>"))
    second = turtle(listed.format("service", "api"), brief, '<https://d.example/api> dct:description "All of it" .')
    raws, crawl, _ = fetch_pages(first, second)
    assert ids(raws) == ["1", "api"]
    assert b'"All of it"' in raws[1].body
    assert crawl.findings == []
    raws, crawl, _ = fetch_pages(first, turtle(listed.format("dataset", 2), brief, datasets(2)))
    assert ids(raws) == ["1", "2", "api"], "where no page lists it, it comes last"


def test_a_dataset_that_is_only_named_on_a_page_is_taken_where_it_is_described() -> None:
    named = "<https://d.example/> a dcat:Catalog ; dcat:dataset <https://d.example/1>, <https://d.example/2> .\n"
    first = turtle(
        named, "<https://d.example/2> a dcat:Dataset .", datasets(1), view("", "X", "next", "</feed?page=2>")
    )
    raws, crawl, _ = fetch_pages(first, turtle(named, datasets(2)))
    assert ids(raws) == ["1", "2"]
    assert b'"T2"' in raws[1].body
    assert crawl.findings == []


def test_a_dataset_that_one_page_has_twice_is_no_missing_one() -> None:
    double = '[] a dcat:Dataset ; dct:identifier "A" ; dct:title "1" .\n'
    paging = view("https://d.example/c", "Collection", "first", "<>", 2)
    raws, crawl = fetch_one(turtle(double, double.replace('"1"', '"1" ; dcat:keyword "K"'), paging))
    assert crawl.doubles == 1
    assert (len(raws), crawl.declared_total, rules(crawl)) == (1, 1, ["duplicate-identifier"])


@pytest.mark.parametrize(("total", "declared"), [(2, 3), (3, 3), (9, 9), (None, None)])
def test_a_total_may_count_datasets_or_everything(total: int | None, declared: int | None) -> None:
    service = '<https://d.example/api> a dcat:DataService ; dct:title "API" .\n'
    paging = view("https://d.example/c", "Collection", "first", "<>", total)
    _, crawl = fetch_one(turtle(datasets(1, 2), service, paging))
    assert crawl.declared_total == declared


# --- unchanged --------------------------------------------------------------------------------------------------------


def conditional(request: Request) -> Answer:
    """A feed with an ETag and a date."""
    if request.headers.get("if-none-match") == 'W/"v1"':
        return Answer(b"", "", 304)
    validators = {"ETag": 'W/"v1"', "Last-Modified": "Mon, 02 Mar 2026 08:00:00 GMT"}
    return Answer((PREFIXES + FEED).encode(), "text/turtle", headers=validators)


@pytest.mark.against("F-27")
def test_an_unchanged_feed_costs_one_short_answer() -> None:  # F-27
    with loopback.running(loopback.site(conditional)) as server:
        raws, first = fetch(server)
        assert (len(raws), first.unchanged) == (3, False)
        told = {"If-None-Match": 'W/"v1"', "If-Modified-Since": "Mon, 02 Mar 2026 08:00:00 GMT"}
        assert first.validators == told | {"bytes": first.validators["bytes"]}
        raws, again = fetch(server, known=first.validators)
        assert (raws, again.unchanged, again.incomplete) == ([], True, [])
        assert len(fetch(server)[0]) == 3  # a full run asks without conditions


def test_a_feed_of_several_pages_is_as_before_when_each_of_them_is() -> None:
    pages = {"/feed": turtle(datasets(1), view("", "X", "next", "</feed?page=2>")), "/feed?page=2": turtle(datasets(2))}

    def answer(request: Request) -> Answer:
        page = pages[request.target]
        etag = f'"{len(page.body)}"'
        same = request.headers.get("if-none-match") == etag
        return Answer(b"", "", 304) if same else Answer(page.body, page.media_type, headers={"ETag": etag})

    with loopback.running(loopback.site(answer)) as server:
        raws, first = fetch(server)
        again, second = fetch(server, known=first.validators)
        assert (len(raws), again, second.unchanged, second.incomplete) == (2, [], True, [])
        assert server.asked() == [*pages, *pages]
        pages["/feed?page=2"] = turtle(datasets(2, 3))
        again, third = fetch(server, known=first.validators)
        assert (len(again), third.unchanged, third.incomplete) == (3, False, [])
        assert len(fetch(server)[0]) == 3  # a full run asks without conditions


def test_a_feed_with_a_page_that_tells_nothing_is_read_whole() -> None:
    first = turtle(datasets(1), view("", "X", "next", "</feed?page=2>"), ETag='"1"')
    _, crawl, _ = fetch_pages(first, turtle(datasets(2)))
    assert crawl.validators == {}


@pytest.mark.against("F-27")
def test_not_modified_without_being_asked_is_an_error() -> None:
    with pytest.raises(HarvestError) as caught:
        fetch_one(Answer(b"", "", 304))
    assert caught.value.code == "HTTP_STATUS"


# --- what is no feed --------------------------------------------------------------------------------------------------

OWS = b"""<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception
 exceptionCode="NoApplicableCode"><ows:ExceptionText>No</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"""


def zipped(name: str) -> bytes:
    """An archive that holds one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "x")
    return packed.getvalue()


@pytest.mark.against("F-06")
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(loopback.PAGE, "text/turtle"), "NOT_A_FEED"),
        (Answer(b"\n<!-- x --><HTML>", "text/html"), "NOT_A_FEED"),
        (Answer(b"  \n", "text/turtle"), "NOT_A_FEED"),
        (Answer(b'{"success": false, "error": "no"}', "application/json"), "NOT_A_FEED"),
        (Answer(b"[]", "application/json"), "NOT_A_FEED"),
        (Answer(b"PK\3\4\0\0\0\0", "application/zip"), "NOT_A_FEED"),
        (Answer(b"%PDF-1.4\n\0\0", "application/pdf"), "NOT_A_FEED"),
        (Answer(b"<http://e/s> <http://e/p> <http://e/o> .", "text/turtle"), "NOT_A_FEED"),
        (Answer(b"Service unavailable", "text/plain"), "NOT_WELL_FORMED"),
        (Answer(b"", status=404), "HTTP_STATUS"),
        (Answer(b"", status=429, headers={"Retry-After": "900"}), "RETRY_LATER"),
    ],
)
def test_what_is_no_feed_fails_the_run(answer: Answer, code: str) -> None:
    with pytest.raises(HarvestError) as caught:
        fetch_one(answer)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("body", "type", "says"),
    [
        (zipped("catalogue.ttl"), "application/zip", "is a ZIP archive (catalogue.ttl), which is not read."),
        (zipped("xl/workbook.xml"), "text/turtle", "is an Excel workbook. Register it with the kind 'table'"),
        (b"titre;description\nArbres;Des arbres\n", "text/csv", "is a list in a table (CSV)."),
        (b"titre,description\nArbres,Des arbres\n", "text/turtle", "is a list in a table (CSV)."),
    ],
)
def test_what_is_another_kind_is_said_to_be_it(body: bytes, type: str, says: str) -> None:
    with pytest.raises(HarvestError) as caught:
        fetch_one(Answer(body, type))
    assert caught.value.code == "NOT_A_FEED"
    assert says in str(caught.value)


@pytest.mark.against("F-08")
def test_an_exception_report_is_no_empty_feed() -> None:
    with pytest.raises(HarvestError) as caught:
        fetch_one(Answer(OWS, "application/xml"))
    assert caught.value.code in {"NOT_A_FEED", "NOT_WELL_FORMED"}


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ((PREFIXES + datasets(1) + "<https://d.example/2> a dcat:Dataset ;\n  dct:title 'x\n").encode(), 7),
        (
            b'<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<a>\n</rdf:RDF>',
            4,
        ),
        (b'{\n"@context": {},\n"@graph": [\n', 4),
    ],
)
def test_what_is_not_well_formed_fails_with_line_and_reason(body: bytes, line: int) -> None:
    with loopback.running(loopback.always(Answer(body, "text/plain"))) as server, pytest.raises(HarvestError) as caught:
        fetch(server)
    assert caught.value.code == "NOT_WELL_FORMED"
    assert caught.value.where.startswith(f"{server.url('/feed')}, line ")
    assert abs(int(caught.value.where.rpartition(" ")[2]) - line) <= 1
    assert "not " in str(caught.value)


def outcome(server: Server) -> str:
    """How a crawl ends, in one word."""
    try:
        _, crawl = fetch(server)
    except HarvestError as error:
        return error.code
    return "incomplete" if crawl.incomplete else "complete"


@pytest.mark.against("F-09")
def test_a_cut_file_is_never_a_whole_one() -> None:
    """F-09: cut at any tenth, a feed with a length is broken off; one without is no proof."""
    body = (PREFIXES + datasets(*range(50))).encode()

    for share in range(10):
        cut = body[: len(body) * share // 10]

        def behave(server: Server, request: Request, sock: Any, cut: bytes = cut) -> bool:
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\n\r\n" + cut)
            return False

        with loopback.running(Server(behave)) as server:
            assert outcome(server) in {"NOT_WELL_FORMED", "NOT_A_FEED", "incomplete"}


@pytest.mark.against("F-23")
def test_one_bad_value_costs_only_itself() -> None:
    """F-23, Q7: 500 datasets, 50 of them with a broken value of some kind; all 500 are there."""
    bad = [
        "dcat:landingPage <https://d.example/a b>",
        'dct:title "x"@toolongatag',
        'dct:issued "2020"^^<http://e/d> . <http://evil/s> <http://evil/p> <http://evil/o>',
        "dct:issued 1" + "0" * 5000,
        "dct:modified 1e999999999",
    ]
    says = [bad[n // 10 % 5] if n % 10 == 0 else "dct:title 1" for n in range(500)]
    lines = [f'<https://d.example/{n}> a dcat:Dataset ; dct:title "T" ; {says[n]} .\n' for n in range(500)]
    raws, crawl = fetch_one(turtle(*lines))
    assert len(raws) == 500
    assert crawl.incomplete == []
    source = Source(id="s", name="s", title="S", url="https://d.example/feed", kind="dcat")
    assert all(HARVESTERS["dcat"].normalise(raw, source).entry.title for raw in raws)


@pytest.mark.against("F-13")
def test_latin_bytes_are_read_and_reported() -> None:
    body = (PREFIXES + '<https://d.example/1> a dcat:Dataset ; dct:title "Été" .').encode("cp1252")
    raws, crawl = fetch_one(Answer(body, "text/turtle; charset=utf-8"))
    assert "Été" in raws[0].body.decode()
    assert rules(crawl) == ["encoding-invalid"]


@pytest.fixture
def sink() -> Iterator[Server]:
    with loopback.running(loopback.always(Answer(b"{}", "application/ld+json"))) as server:
        yield server


RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
NODE = '<rdf:Description rdf:about="http://e/"><rdf:value>&e;</rdf:value></rdf:Description>'

LURES = [
    '{"@context": "SINK", "@id": "https://d.example/1", "@type": "Dataset"}',
    '{"@context": {"@import": "SINK"}, "@id": "https://d.example/1"}',
    '{"@context": [{"a": {"@id": "http://e/a", "@context": "SINK"}}], "@id": "https://d.example/1", "a": {"b": 1}}',
    f'<?xml version="1.0"?><!DOCTYPE r SYSTEM "SINK"><rdf:RDF {RDF}/>',
    f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "SINK">]><rdf:RDF {RDF}>{NODE}</rdf:RDF>',
    f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY % e SYSTEM "SINK"> %e;]><rdf:RDF {RDF}/>',
]


@pytest.mark.against("TC-15", "TC-22")
@pytest.mark.parametrize("body", LURES)
def test_no_document_makes_us_fetch_another(sink: Server, body: str) -> None:  # E5, E6
    answer = Answer(body.replace("SINK", sink.url("/secret")).encode(), "application/ld+json")
    with loopback.running(loopback.always(answer)) as server:
        assert outcome(server) in {"NOT_WELL_FORMED", "NOT_A_FEED", "complete"}
    assert sink.connections == 0


# --- pushed records ---------------------------------------------------------------------------------------------------


def test_a_pushed_record_is_what_a_harvest_would_have_fetched() -> None:
    fetched = fetch_one(turtle(ONE))[0][0]
    for format in FORMATS:
        body = rdf.serialise(rdf.parse((PREFIXES + ONE).encode()).triples(), format)
        pushed = parse_record(body, rdf.MEDIA_TYPES[rdf.Format(format)], "mine")
        assert (pushed.identifier, pushed.body, pushed.media_type) == ("mine", fetched.body, fetched.media_type)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<a> <b> ", "Turtle"),
        ((PREFIXES + datasets(1, 2)).encode(), "describes 2 entries"),
        (b"<http://e/s> <http://e/p> <http://e/o> .", "describes no entry"),
    ],
)
def test_a_pushed_record_that_is_none_is_refused_with_a_sentence(body: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_record(body, "text/turtle", "mine")


def test_a_record_may_come_in_any_serialisation() -> None:
    body = json.dumps({"@id": "https://d.example/1", "@type": "http://www.w3.org/ns/dcat#Dataset"}).encode()
    raw = RawRecord(identifier="1", body=body, media_type="application/ld+json")
    source = Source(id="s", name="s", title="S", url="https://d.example/feed", kind="dcat")
    assert DcatFeed().normalise(raw, source).entry.iri == "https://d.example/1"
