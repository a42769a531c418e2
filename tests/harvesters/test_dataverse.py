"""Dataverse: how a repository is read, and what its fields mean."""

import json
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from dcat.model import Dataset, Text
from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, SkipRecord, Source, StillThere
from harvesters.http import Client, Pace

KIND = HARVESTERS["dataverse"]


def exported(number: int, files: int = 1, citation: dict[str, Any] | None = None, **version: Any) -> dict[str, Any]:
    """A small dataset as it is exported."""
    fields = [
        {"typeName": name, "value": value} for name, value in {"title": f"T {number}", **(citation or {})}.items()
    ]
    listed = [{"label": f"f{n}.csv", "dataFile": {"id": n, "contentType": "text/csv"}} for n in range(files)]
    whole = {"versionState": "RELEASED", "files": listed, "metadataBlocks": {"citation": {"fields": fields}}, **version}
    return {"persistentUrl": f"https://doi.org/10.1/{number}", "publisher": "Archive", "datasetVersion": whole}


class Repository:
    """A repository over a number of datasets."""

    def __init__(self, count: int, most: int = 100) -> None:
        self.hits = [{"global_id": f"doi:10.1/{n}", "published_at": f"2024-01-{count - n:02}"} for n in range(count)]
        self.most, self.total = most, count
        self.broken: set[str] = set()
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        query = request.query
        if request.path == "/api/datasets/export":
            number = query["persistentId"].rpartition("/")[2]
            said: Any = exported(int(number)) if number not in self.broken else None
            return said and Answer(json.dumps(said).encode(), "application/json")
        start, count = int(query["start"]), min(int(query["per_page"]), self.most)
        data = {"total_count": self.total, "items": self.hits[start : start + count]}
        return Answer(json.dumps({"status": "OK", "data": data}).encode(), "application/json")


def fetched(
    repository: Repository, versions: dict[str, str] | None = None, **config: Any
) -> tuple[list[Fetched], Crawl]:
    crawl = Crawl(versions=versions or {})
    repository.asked.clear()
    with loopback.running(loopback.site(repository.answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url(""), kind=KIND.kind, config=config)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
            return list(KIND.fetch(source, client, crawl)), crawl


def dataset(said: dict[str, Any]) -> Dataset:
    raw = RawRecord(identifier="x", body=json.dumps(said).encode(), media_type="application/json")
    entry = KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://d.example/", kind="dataverse")).entry
    assert isinstance(entry, Dataset)
    return entry


# --- the repository ---------------------------------------------------------------------------------------------------


def test_only_datasets_of_another_version_are_exported() -> None:
    repository = Repository(5, most=2)
    for one in repository.hits:
        one["updatedAt"] = "2024-01-01"
    first, crawl = fetched(repository)
    assert (len(first), crawl.declared_total, crawl.incomplete) == (5, 5, [])
    known = {one.identifier: one.version for one in first if isinstance(one, RawRecord)}
    repository.hits[3]["updatedAt"] = "2024-02-02"
    again, _ = fetched(repository, known)
    assert [one.identifier for one in again if isinstance(one, RawRecord)] == ["doi:10.1/3"]
    assert sum(isinstance(one, StillThere) for one in again) == 4
    assert [one.query.get("persistentId") for one in repository.asked if "export" in one.path] == ["doi:10.1/3"]


def test_a_dataset_that_cannot_be_exported_costs_itself_and_the_proof() -> None:
    repository = Repository(3)
    repository.broken = {"1"}
    raws, crawl = fetched(repository)
    assert ([raw.identifier for raw in raws], len(crawl.incomplete)) == (["doi:10.1/0", "doi:10.1/2"], 1)


def test_a_total_that_lies_proves_nothing() -> None:
    repository = Repository(3)
    repository.total = 8
    raws, crawl = fetched(repository)
    assert len(raws) == 3
    assert crawl.incomplete


def test_a_collection_may_be_asked_for_alone() -> None:
    repository = Repository(1)
    fetched(repository, subtree="lakes")
    assert {one.query.get("subtree") for one in repository.asked if one.path == "/api/search"} == {"lakes"}


def test_what_is_no_dataverse_is_said_in_its_words() -> None:
    repository = Repository(0)
    refusal = Answer(b'{"status": "ERROR", "message": "search is closed"}', "application/json")
    repository.answer = lambda _: refusal  # type: ignore[method-assign]
    with pytest.raises(HarvestError, match="search is closed"):
        fetched(repository)


@pytest.mark.parametrize(
    ("copied", "site"),
    [
        ("https://d.example/", "https://d.example"),
        ("https://d.example/dataset.xhtml?persistentId=doi:10.1/1", "https://d.example"),
        ("https://d.example/dataverse/lakes", "https://d.example"),
        ("https://d.example/archive/api/search?q=*", "https://d.example/archive"),
    ],
)
def test_the_address_is_cut_to_that_of_the_repository(copied: str, site: str) -> None:
    assert KIND.site(copied) == site


# --- fields -----------------------------------------------------------------------------------------------------------


def test_the_doi_is_the_iri() -> None:
    found = dataset(exported(7))
    assert (found.iri, found.identifier) == ("https://doi.org/10.1/7", (Text("https://doi.org/10.1/7"),))


def test_the_native_api_is_read_like_the_export() -> None:
    said = exported(7)
    said["latestVersion"] = said.pop("datasetVersion")
    assert dataset({"status": "OK", "data": said}) == dataset(exported(7))


@pytest.mark.parametrize("state", ["DRAFT", "DEACCESSIONED"])
def test_what_is_not_released_is_skipped(state: str) -> None:
    with pytest.raises(SkipRecord, match=state):
        dataset(exported(1, versionState=state))


def test_a_restricted_file_is_led_to_by_its_page() -> None:
    closed_file = {"label": "closed.csv", "restricted": True, "dataFile": {"id": 2}}
    files = [{"label": "open.csv", "dataFile": {"id": 1}}, closed_file]
    found = dataset(_with(files))
    opened, closed = found.distribution
    assert opened.download_url == ("https://d.example/api/access/datafile/1",)
    assert (closed.download_url, closed.access_url) == ((), ("https://d.example/file.xhtml?fileId=2",))
    assert closed.rights
    assert found.access_rights is None
    assert dataset(_with(files[1:])).access_rights


def _with(files: list[dict[str, Any]]) -> dict[str, Any]:
    said = exported(1)
    said["datasetVersion"]["files"] = files
    return said


def test_hundreds_of_files_are_all_there() -> None:
    assert len(dataset(exported(1, files=420)).distribution) == 420


@pytest.mark.parametrize(
    ("license", "iri", "label"),
    [({"name": "CC0 1.0", "uri": "http://cc.example/0"}, "http://cc.example/0", None), ("CC0", None, "CC0")],
)
def test_licences_are_objects_or_words(license: Any, iri: str | None, label: str | None) -> None:
    (file,) = dataset(exported(1, license=license)).distribution
    assert file.license
    assert file.license.iri == iri
    assert [text.value for text in file.license.labels] == ([label] if label else [])


def test_terms_of_use_hold_where_no_licence_does() -> None:
    (file,) = dataset(exported(1, license="NONE", termsOfUse="Ask first.")).distribution
    assert (file.license, file.rights[0].labels) == (None, (Text("Ask first."),))


def test_descriptions_that_begin_with_their_language_have_it() -> None:
    texts = ["(NL) Een lijst.", "[eng] A list.", "(NLX) No tag."]
    said = [{"dsDescriptionValue": {"typeName": "dsDescriptionValue", "value": text}} for text in texts]
    found = dataset(exported(1, citation={"dsDescription": said})).description
    assert found == (Text("Een lijst.", "nl"), Text("A list.", "en"), Text("(NLX) No tag."))


def test_people_are_told_from_organisations() -> None:
    authors = [{"authorName": {"typeName": "authorName", "value": name}} for name in ("Peeters, An", "Town of Lakes")]
    creators = dataset(exported(1, citation={"author": authors})).creator
    assert [one.is_individual for one in creators] == [True, False]


def test_what_is_no_dataset_is_refused() -> None:
    with pytest.raises(ValueError, match="datasetVersion"):
        dataset({"status": "OK", "data": {}})


def test_the_page_of_a_collection_is_read_alone_if_there_is_one() -> None:
    first, second = KIND.places("https://d.example/dataverse/lakes?q=")
    assert (first.site, first.config, second.config) == ("https://d.example", {"subtree": "lakes"}, {})
    known = Answer(b"{}", "application/json")
    server = loopback.site(lambda request: known if request.path == "/api/dataverses/lakes" else None)
    with loopback.running(server), Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
        site = server.url("")
        assert KIND.lacks(site, {"subtree": "lakes"}, client) == ""
        assert "no such collection" in KIND.lacks(site, {"subtree": "seas"}, client)
