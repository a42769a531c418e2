"""Opendatasoft: how a portal is read, and what its fields mean."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import loopback
import pytest
from loopback import Answer, Request

from dcat.model import DataService, Dataset, Iri, Text
from harvesters import HARVESTERS
from harvesters.base import Crawl, HarvestError, Normalised, RawRecord, SkipRecord, Source
from harvesters.http import Client, Pace
from harvesters.opendatasoft import portal

KIND = HARVESTERS["opendatasoft"]

pytestmark = pytest.mark.usefixtures("no_source_is_small")
PATH = f"{portal.API}/datasets"


def item(number: int, **default: Any) -> dict[str, Any]:
    """A small dataset."""
    metas = {"title": f"Title {number}", "metadata_processed": f"2026-01-{number % 28 + 1:02}", **default}
    return {"dataset_id": f"d-{number:05}", "has_records": True, "metas": {"default": metas}}


class Portal:
    """A portal over a list of datasets, with what was asked of it."""

    def __init__(self, items: list[dict[str, Any]], total: int | None = None, *, sorts: bool = True) -> None:
        self.items, self.total, self.sorts = items, len(items) if total is None else total, sorts
        self.asked: list[Request] = []
        self.translate: Callable[[dict[str, Any], str], dict[str, Any]] = lambda item, _: item

    def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        if "order_by" in request.query and not self.sorts:
            return Answer(b'{"error_code": "ODSQLError", "message": "Unknown field"}', "application/json", 400)
        lang = request.query.get("lang", "")
        items = [self.translate(one, lang) if lang else one for one in self.items]
        if request.path.endswith("/exports/json"):
            return Answer(json.dumps(items).encode(), "application/json")
        start, count = int(request.query.get("offset", "0")), int(request.query["limit"])
        said = {"total_count": self.total, "results": items[start : start + count]}
        return Answer(json.dumps(said).encode(), "application/json")


@contextmanager
def fetched(portal: Portal, **config: Any) -> Iterator[tuple[list[RawRecord], Crawl]]:
    crawl = Crawl()
    with loopback.running(loopback.site(portal.answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url(""), kind=KIND.kind, config=config)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
            found = list(KIND.fetch(source, client, crawl))
    yield [one for one in found if isinstance(one, RawRecord)], crawl


def read(said: dict[str, Any], **config: Any) -> Normalised:
    raw = RawRecord(identifier="x", body=json.dumps(said).encode(), media_type="application/json")
    return KIND.normalise(raw, Source(id="s", name="s", title="S", url="https://p.example/", kind="o", config=config))


def dataset(said: dict[str, Any], **config: Any) -> Dataset:
    entry = read(said, **config).entry
    assert isinstance(entry, Dataset)
    return entry


# --- the portal -------------------------------------------------------------------------------------------------------


def test_a_long_list_is_read_in_pages_of_a_hundred() -> None:
    portal = Portal([item(number) for number in range(250)])
    with fetched(portal) as (raws, crawl):
        assert (len(raws), crawl.declared_total, crawl.incomplete) == (250, 250, [])
    assert [one.query["offset"] for one in portal.asked if "offset" in one.query] == ["0", "100", "200"]


def test_more_than_the_list_gives_is_read_from_the_export(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harvesters.opendatasoft.portal.DEEPEST", 200)
    portal = Portal([item(number, metadata_languages=["fr", "nl"]) for number in range(250)])
    portal.translate = lambda one, lang: item(int(one["dataset_id"][2:]), title=lang, metadata_languages=["fr", "nl"])
    with fetched(portal) as (raws, crawl):
        assert (len(raws), crawl.declared_total, crawl.incomplete) == (250, 250, [])
        assert json.loads(raws[0].body)["translations"]["nl"]["title"] == "nl"
    assert [one.path.rpartition("/")[2] for one in portal.asked] == ["datasets", "datasets", "json", "json", "json"]


def test_a_total_that_lies_proves_nothing() -> None:
    with fetched(Portal([item(number) for number in range(3)], total=7)) as (raws, crawl):
        assert len(raws) == 3
        assert crawl.incomplete or crawl.declared_total != 3


def test_one_bad_dataset_costs_itself() -> None:
    """What is no dataset is named, and the others are read."""
    with fetched(Portal([item(1), {"dataset_id": None}, item(3)])) as (raws, crawl):  # type: ignore[list-item]
        assert [raw.identifier for raw in raws] == ["d-00001", "d-00003"]
        assert len(crawl.incomplete) == 1
    with pytest.raises(ValueError, match="dataset_id"):
        read({"metas": {"default": {"title": "x"}}})


def test_a_portal_that_cannot_sort_is_read_as_it_likes() -> None:
    with fetched(Portal([item(number) for number in range(3)], sorts=False)) as (raws, crawl):
        assert (len(raws), crawl.incomplete, crawl.validators) == (3, [], {})


def test_a_portal_that_ignores_how_it_is_to_sort_is_not_believed_that_nothing_changed() -> None:
    portal = Portal([item(1), item(2)])  # the newest comes last, however they are to be sorted
    with fetched(portal) as (_, crawl):
        assert crawl.validators == {}
    portal.items.reverse()
    with fetched(portal) as (_, crawl):
        assert crawl.validators == {"state": "2 2026-01-03 "}


def test_a_filter_that_the_portal_refuses_is_told_in_its_words() -> None:
    def refusing(request: Request) -> Answer:
        return Answer(b'{"message": "ODSQL query is malformed"}', "application/json", 400)

    portal = Portal([])
    portal.answer = refusing  # type: ignore[method-assign]
    with pytest.raises(HarvestError, match="ODSQL query is malformed"), fetched(portal, where="(("):
        pass


def test_the_filter_goes_into_every_request() -> None:
    portal = Portal([item(1)])
    with fetched(portal, where='publisher="Ville"'):
        assert {one.query.get("where") for one in portal.asked} == {'publisher="Ville"'}


# --- languages --------------------------------------------------------------------------------------------------------


def test_each_language_is_asked_for_and_merged() -> None:
    portal = Portal([item(1, title="Arbres", keyword=["rue"], metadata_languages=["fr", "nl"]), item(2, title="Bancs")])
    portal.translate = lambda _, lang: item(
        1, title={"fr": "Arbres", "nl": "Bomen"}[lang], keyword=["rue"], metadata_languages=["fr", "nl"]
    )
    with fetched(portal) as (raws, _):
        first, second = (dataset(json.loads(raw.body)) for raw in raws)
    assert first.title == (Text("Arbres", "fr"), Text("Bomen", "nl"))
    assert first.keyword == (Text("rue", "fr"),)  # the same in Dutch: nobody translated it
    assert second.title == (Text("Bancs"),)


def test_languages_of_the_options_are_asked_for() -> None:
    portal = Portal([item(1, title="Trees")])
    portal.translate = lambda _, lang: item(1, title=f"in {lang}")
    with fetched(portal, languages=["fr", "de"]) as (raws, _):
        (raw,) = raws
        found = dataset(json.loads(raw.body), languages=["fr", "de"])
    assert found.title == (Text("Trees"), Text("in fr", "fr"), Text("in de", "de"))


# --- fields -----------------------------------------------------------------------------------------------------------


def test_a_table_is_files_and_a_service() -> None:
    whole = read({**item(1, license="CC0"), "features": ["geo"]}, exports=["csv", "shp"])
    assert isinstance(whole.entry, Dataset)
    files = [file.download_url[0] for file in whole.entry.distribution]
    assert files == [f"https://p.example{PATH}/d-00001/exports/{end}" for end in ("csv", "shp")]
    (api,) = whole.parts
    assert isinstance(api.entry, DataService)
    assert api.entry.endpoint_url == (Iri(f"https://p.example{PATH}/d-00001/records"),)
    assert all(file.license and file.license.titles == (Text("CC0"),) for file in whole.entry.distribution)


@pytest.mark.parametrize("said", [{"has_records": False}, {"data_visible": False}])
def test_what_cannot_be_read_as_a_table_has_no_exports(said: dict[str, Any]) -> None:
    whole = read({**item(1), **said})
    assert isinstance(whole.entry, Dataset)
    assert (whole.entry.distribution, whole.parts) == ((), ())
    assert bool(whole.entry.access_rights) == ("data_visible" in said)


def test_maps_are_offered_only_where_there_is_a_place() -> None:
    assert len(dataset(item(1), exports=["csv", "geojson", "kml"]).distribution) == 1


def test_services_can_be_left_away() -> None:
    assert read(item(1), services=False).parts == ()


def test_files_beside_the_table_have_the_address_of_the_api() -> None:
    said = {**item(1), "has_records": False, "attachments": [{"id": "x_pdf", "url": "odsfile://x.pdf", "title": "x"}]}
    (file,) = dataset(said).distribution
    assert file.download_url == (f"https://p.example{PATH}/d-00001/attachments/x_pdf",)


def test_a_copy_names_the_original_by_which_both_are_known() -> None:
    copy = item(1, source_domain="other.example", source_dataset="velos")
    notations = [one.notation[0].value for one in dataset(copy).other_identifier]
    assert "https://other.example/explore/dataset/velos/" in notations
    own = dataset({**item(1), "dataset_id": "velos"}).other_identifier[0].notation[0].value
    assert own == "https://p.example/explore/dataset/velos/"
    with pytest.raises(SkipRecord, match=r"other\.example"):
        read(copy, skip_harvested=True)


def test_portal_themes_become_those_of_the_options() -> None:
    (theme, other) = dataset(item(1, theme=["Mobilité", "Divers"]), themes={"mobilité": "tran"}).theme
    assert theme.iri == "http://publications.europa.eu/resource/authority/data-theme/TRAN"
    assert other.labels == (Text("Divers"),)


@pytest.mark.parametrize(
    ("option", "value"), [("themes", {"x": "TRAFFIC"}), ("languages", ["xx"]), ("languages", [1]), ("exports", [""])]
)
def test_options_without_meaning_are_refused(option: str, value: Any) -> None:
    (known,) = (one for one in KIND.options if one.name == option)
    assert known.problem(value)


@pytest.mark.parametrize("copied", ["https://p.example", "https://p.example/explore/?q=x", "https://p.example/api/v2/"])
def test_the_address_is_cut_to_that_of_the_portal(copied: str) -> None:
    assert KIND.site(copied) == "https://p.example"


def test_how_often_a_table_changes_may_stand_among_the_standard_fields() -> None:
    said = {"dataset_id": "d", "metas": {"default": {"title": "Bomen", "update_frequency": "Dagelijks"}}}
    found = dataset(said).frequency
    assert found is not None
    assert found.labels == (Text("Dagelijks"),)
