"""data.json: streamed, whatever stands around a dataset or within it."""

import json
import tracemalloc
from collections import Counter
from typing import Any

import loopback
import pytest
from loopback import Answer

from dcat.model import DataService, Dataset, DatasetSeries, Identifier, Iri, LicenseDocument, Text
from harvesters import HARVESTERS, json_stream, reader_of
from harvesters.base import Crawl, HarvestError, RawRecord, Source
from harvesters.http import Client, Pace, Response
from harvesters.remarks import MOST

KIND = HARVESTERS["data-json"]
URL = "https://agency.example/data.json"
SOURCE = Source(id="s", name="s", title="S", url=URL, kind="data-json")


def response(body: bytes) -> Response:
    return Response(URL, 200, {"Content-Type": "application/json"}, body, True)


def read(said: Any, crawl: Crawl | None = None) -> list[RawRecord]:
    """The records of a document, served over HTTP."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    with (
        loopback.running(loopback.always(Answer(body, "application/json"))) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0)) as client,
    ):
        source = Source(id="s", name="s", title="S", url=server.url("/data.json"), kind="data-json")
        found = list(KIND.fetch(source, client, Crawl() if crawl is None else crawl))
    return [raw for raw in found if isinstance(raw, RawRecord)]


def dataset(**said: Any) -> Dataset:
    (raw,) = read({"dataset": [{"identifier": "1", "title": "Trees", **said}]})
    entry = KIND.normalise(raw, SOURCE).entry
    assert isinstance(entry, Dataset)
    return entry


# --- the stream -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 1 << 20])
def test_items_are_the_same_however_little_is_looked_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "STEP", step)
    listed = [{"x": 'é "q" \\ {['}, [1, [2]], 12.5e3, None, True, ""]
    said = {"a": 12345, "list": listed, "b": {"c": []}, "empty": []}
    body = json.dumps(said, ensure_ascii=False, indent=1).encode()
    found = list(json_stream.items(response(body), Crawl()))
    assert found == [("a", 12345), *(("list", each) for each in listed), ("b", {"c": []})]
    assert list(json_stream.items(response(b"\xef\xbb\xbf [1, 2 ] "), Crawl())) == [("", 1), ("", 2)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"dataset": [{"a": 1},\n {"b": tru}]}', "at line 2, column 8"),
        (b'{"dataset": [{"a": 1}, {"b"', "It was cut off there"),
        (b'{"dataset": [{"a": 1}', "It was cut off there"),
        (b'{"dataset": []} {"x": 1}', "something stands after its end at line 1, column 17"),
        (b'{"dataset" [1]}', "Expecting ':' at line 1, column 12"),
        (b'{"dataset": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"dataset": [' + b"9" * 5000 + b"]}", "4300 digits"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(body: bytes, words: str) -> None:
    with pytest.raises(HarvestError, match=words) as caught:
        list(json_stream.items(response(body), Crawl()))
    assert caught.value.code == "NOT_WELL_FORMED"


@pytest.mark.parametrize("step", [7, 1 << 20])
@pytest.mark.parametrize(
    ("item", "after", "told"),
    [
        ('{"b": "C:\\data"}', "", '3: "C:\\data"'),
        ('{"b": "C:\\data",}', "", '3: "C:\\data"'),
        ('{"b": "C:\\data"}', "\n,", "4: ,"),
    ],
)
def test_a_slip_costs_no_item(item: str, after: str, told: str, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "STEP", step)
    crawl = Crawl()
    body = f'{{"dataset": [\n{{"a": 1}},\n{item}{after}]}}'.encode()
    found = list(json_stream.items(response(body), crawl))
    assert found == [("dataset", {"a": 1}), ("dataset", {"b": r"C:\data"})]
    assert told in [one.value for one in crawl.findings]
    assert {(one.rule, one.subject) for one in crawl.findings} == {("syntax-mended", URL)}


def test_an_item_that_is_longer_than_any_dataset_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "STEP", 10)
    monkeypatch.setattr(json_stream, "LONGEST_ITEM", 100)
    body = b'{"dataset": [{"a": 1},\n {"keyword": [' + b'"k",' * 100 + b'"k"]}]}'
    found = json_stream.items(response(body), Crawl())
    assert next(found) == ("dataset", {"a": 1})
    with pytest.raises(HarvestError, match=r"an item of more than \d+ MB, on line 2") as caught:
        next(found)
    assert caught.value.code == "TOO_LARGE"


def test_memory_does_not_grow_with_the_document() -> None:
    one = json.dumps({"identifier": "x", "title": "Trees", "description": "y" * 2000}).encode()
    body = b'{"dataset": [' + b",".join([one] * 20_000) + b"]}"
    document = response(body)
    tracemalloc.start()
    try:
        assert sum(1 for _ in json_stream.items(document, Crawl())) == 20_000
        assert tracemalloc.get_traced_memory()[1] < len(body) / 5
    finally:
        tracemalloc.stop()


# --- the file ---------------------------------------------------------------------------------------------------------


def test_what_is_no_dataset_costs_itself_and_the_proof_that_all_was_seen() -> None:
    crawl = Crawl()
    first, last = ({"identifier": number, "title": "Trees"} for number in "12")
    raws = read({"dataset": [first, None, "x", {}, last]}, crawl)
    assert [raw.identifier for raw in raws] == ["1", "2"]
    assert [one.value.partition(":")[0] for one in crawl.findings] == ["dataset 2", "dataset 3", "dataset 4"]
    assert len(crawl.incomplete) == 3


def test_of_datasets_with_one_identifier_the_first_counts() -> None:
    crawl = Crawl()
    assert len(read({"dataset": [{"identifier": "1", "title": "A"}, {"identifier": "1", "title": "B"}]}, crawl)) == 1
    assert ([one.rule for one in crawl.findings], crawl.incomplete) == (["duplicate-identifier"], [])


def test_of_each_remark_only_as_many_as_anybody_reads_are_kept() -> None:
    crawl = Crawl()
    read({"dataset": [*[{"identifier": "1", "title": "A"}] * (2 * MOST), None]}, crawl)
    assert Counter(one.rule for one in crawl.findings) == {"duplicate-identifier": MOST, "record-unreadable": 1}


def test_json_about_something_else_is_refused() -> None:
    with pytest.raises(HarvestError, match="JSON without a list `dataset`"):
        read({"result": {"dataset": []}})
    assert read({"dataset": [], "title": "x"}) == []


def test_what_others_are_part_of_is_their_series_unless_it_has_files() -> None:
    parent, child = {"identifier": "p", "title": "All"}, {"identifier": "c", "title": "One", "isPartOf": "p"}
    series, one = [KIND.normalise(raw, SOURCE).entry for raw in read({"dataset": [parent, child]})]
    assert isinstance(series, DatasetSeries)
    assert isinstance(one, Dataset)
    assert one.in_series == (series.iri,) == (f"{URL}#p",)
    full = parent | {"distribution": [{"downloadURL": "https://x.example/a.csv"}]}
    assert all(isinstance(KIND.normalise(raw, SOURCE).entry, Dataset) for raw in read({"dataset": [full, child]}))


def test_a_member_of_a_series_may_stand_in_the_list_too() -> None:
    one = {"identifier": "1", "title": "Trees"}
    crawl = Crawl()
    said = {"datasetSeries": [{"identifier": "s", "title": "All", "seriesMember": [one]}], "dataset": [one, one]}
    assert [raw.identifier for raw in read(said, crawl)] == ["s", "1"]
    assert crawl.findings == []
    service = {"identifier": "api", "title": "API", "servesDataset": [one | {"@id": "https://x.example/1"}]}
    api, served = read({"service": [service]})
    entry = KIND.normalise(api, SOURCE)
    assert isinstance(entry.entry, DataService)
    assert (entry.entry.serves_dataset, entry.unread) == (("https://x.example/1",), {})
    assert served.identifier == "1"


# --- values -----------------------------------------------------------------------------------------------------------


def test_a_mailbox_and_an_interval_are_read_as_they_stand() -> None:
    found = dataset(modified="R/P1W", contactPoint={"fn": "Desk", "hasEmail": "mailto:d@x.example"})
    assert (found.modified, found.frequency and found.frequency.labels) == (None, (Text("R/P1W"),))
    assert [(one.name, one.email) for one in found.contact] == [((Text("Desk"),), ("mailto:d@x.example",))]


@pytest.mark.parametrize(
    ("said", "geometry", "label"),
    [
        ("-77.1,38.7,-76.9,39.0", "-77.1,38.7,-76.9,39.0", ""),
        ({"coordinates": [4.3, 50.8], "type": "Point"}, '{"coordinates": [4.3, 50.8], "type": "Point"}', ""),
        (
            {"xmin": 4.3, "ymin": 50.8, "xmax": 4.4, "ymax": 50.9},
            '{"xmax": 4.4, "xmin": 4.3, "ymax": 50.9, "ymin": 50.8}',
            "",
        ),
        ("Brussels", None, "Brussels"),
    ],
)
def test_an_area_is_a_box_a_shape_or_a_name(said: Any, geometry: str | None, label: str) -> None:
    (place,) = dataset(spatial=said).spatial
    assert place.geometry == geometry
    assert [text.value for text in place.labels] == ([label] if label else [])


def test_of_several_licences_the_first_counts() -> None:
    assert dataset(license=["https://a.example/1", "https://a.example/2"]).license == LicenseDocument(
        iri=Iri("https://a.example/1")
    )


def test_other_identifiers_are_read() -> None:
    assert dataset(otherIdentifier=[{"notation": "x"}]).other_identifier == (Identifier(notation=(Text("x"),)),)


def test_a_licence_may_be_an_object() -> None:
    found = dataset(license={"name": "CC BY", "url": "https://creativecommons.org/licenses/by/4.0/"})
    assert found.license == LicenseDocument(
        iri=Iri("https://creativecommons.org/licenses/by/4.0/"), titles=(Text("CC BY"),)
    )


def test_rights_that_say_nothing_are_left_out() -> None:
    files = [{"downloadURL": "https://x.example/a.csv"}, {"accessURL": "https://x.example/", "rights": "Ask us."}]
    found = dataset(rights="true", license="none", distribution=files)
    assert [([one.labels[0].value for one in file.rights], file.license) for file in found.distribution] == [
        ([], None),
        (["Ask us."], None),
    ]


def test_an_address_of_an_api_is_a_service_too() -> None:
    (raw,) = read(
        {
            "dataset": [
                {
                    "identifier": "1",
                    "title": "Trees",
                    "publisher": {"name": "Green spaces"},
                    "contactPoint": {"hasEmail": "mailto:trees@x.example"},
                    "webService": "https://x.example/soap",
                    "distribution": [{"accessURL": "https://x.example/api", "format": "API"}],
                }
            ]
        }
    )
    parts = KIND.normalise(raw, SOURCE).parts
    assert [(part.name, part.entry.endpoint_url) for part in parts if isinstance(part.entry, DataService)] == [
        ("api", ("https://x.example/soap",)),
        ("api-2", ("https://x.example/api",)),
    ]
    whole = KIND.normalise(raw, SOURCE).entry
    assert whole.publisher
    assert {(part.entry.publisher, part.entry.contact) for part in parts} == {(whole.publisher, whole.contact)}


# --- documents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [{"title": "x"}]}, "data-json"),
        ({"conformsTo": {"title": "DCAT-US 3.0"}, "datasetSeries": [{"title": "x"}]}, "data-json"),
        ([{"title": "x", "accessLevel": "public"}], "data-json"),
        ([{"title": "x", "name": "x", "resources": []}], "ckan"),
        ({"@context": {"dct": "http://purl.org/dc/terms/"}, "@graph": [{"publisher": "x"}]}, "dcat"),
        ({"title": "x"}, "dcat"),
    ],
)
def test_a_file_is_recognised(said: Any, kind: str) -> None:
    assert reader_of(response(json.dumps(said).encode())).kind == kind
