"""udata: how a portal is read, and what its fields mean."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import loopback
import pytest
from factory import open_catalogue
from loopback import Answer, Request

from dcat.model import Dataset, Text
from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, SkipRecord, Source, StillThere
from harvesters.http import Client, Pace

KIND = HARVESTERS["udata"]
LIGHT = {"id", "last_modified", "last_update", "internal"}


def item(number: int, **fields: Any) -> dict[str, Any]:
    """A small dataset."""
    said = {"title": f"Titre {number}", "last_modified": "2026-01-01", "last_update": "2026-01-02", "resources": []}
    return {"id": f"d{number}", **said, **fields}


class Portal:
    """A portal over a list of datasets."""

    def __init__(self, count: int, *, most: int = 100, masks: bool = True) -> None:
        self.items = [item(number) for number in range(count)]
        self.most, self.masks = most, masks
        self.total: int | None = None
        self.sorts = True
        self.asked: list[Request] = []
        self.broken: set[str] = set()

    def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        if request.path == "/api/1/datasets/":
            return self.listed(request)
        found = [one for one in self.items if request.path == f"/api/1/datasets/{one['id']}/"]
        if not found or found[0]["id"] in self.broken:
            return None
        return Answer(json.dumps(found[0]).encode(), "application/json")

    def listed(self, request: Request) -> Answer | None:
        page, size = int(request.query["page"]), min(int(request.query["page_size"]), self.most)
        if "sort" in request.query and not self.sorts and request.query["sort"] != "created":
            return Answer(b'{"message": "sort: no valid choice"}', "application/json", 400)
        newest_first = self.sorts and request.query.get("sort") == "-last_update"
        items = sorted(self.items, key=touched, reverse=True) if newest_first else self.items
        data = items[(page - 1) * size : page * size]
        if not data:
            return None
        if "x-fields" in request.headers and self.masks:
            data = [{name: value for name, value in one.items() if name in LIGHT} for one in data]
        more = page * size < len(self.items)
        said = {
            "next_page": "…" if more else None,
            "data": data,
            "total": len(self.items) if self.total is None else self.total,
            "page_size": size,
        }
        return Answer(json.dumps(said).encode(), "application/json")


def touched(item: dict[str, Any]) -> str:
    """By what a portal sorts."""
    return str(item.get("internal", {}).get("last_modified_internal") or item["last_modified"])


def fetched(
    portal: Portal, versions: dict[str, str] | None = None, known: dict[str, str] | None = None, **config: Any
) -> tuple[list[Fetched], Crawl]:
    crawl = Crawl(versions=versions or {}, known=known or {})
    portal.asked.clear()
    with loopback.running(loopback.site(portal.answer)) as server:
        source = Source(id="s", name="s", title="S", url=server.url(""), kind=KIND.kind, config=config)
        with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
            return list(KIND.fetch(source, client, crawl)), crawl


def versions(fetched: list[Fetched]) -> dict[str, str]:
    return {one.identifier: one.version for one in fetched if isinstance(one, RawRecord)}


def dataset(said: dict[str, Any], **config: Any) -> Dataset:
    raw = RawRecord(identifier="x", body=json.dumps(said).encode(), media_type="application/json")
    source = Source(id="s", name="s", title="S", url="https://p.example/", kind="udata", config=config)
    entry = KIND.normalise(raw, source).entry
    assert isinstance(entry, Dataset)
    return entry


def test_what_the_portal_archives_is_removed_at_once(tmp_path: Path) -> None:
    portal = Portal(5)
    catalogue, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK)
    with closing(catalogue), loopback.running(loopback.site(portal.answer)) as server:
        name = catalogue.sources.add(server.url(""), "udata", title="Portal").name
        assert catalogue.runs.harvest(name).new == 5
        portal.items[2] = item(2, archived="2026-05-05", last_modified="2026-05-05")
        run = catalogue.runs.harvest(name)
        assert (run.skipped, run.held, run.removed) == (1, 0, 1)
        catalogue.runs.harvest(name)
        again = catalogue.runs.harvest(name)
        assert (again.skipped, again.same, again.removed, again.writes) == (1, 4, 0, 0)


# --- the portal -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("most", "size"), [(100, 10), (7, 10), (5, 100)])
def test_all_pages_are_read_however_many_a_page_holds(most: int, size: int) -> None:
    raws, crawl = fetched(Portal(23, most=most), page_size=size)
    assert (len(raws), crawl.declared_total, crawl.incomplete) == (23, 23, [])


def test_only_what_changed_is_asked_for() -> None:
    portal = Portal(12)
    known = versions(fetched(portal)[0])
    again, crawl = fetched(portal, known)
    assert all(isinstance(one, StillThere) for one in again)
    assert (len(portal.asked), crawl.incomplete) == (2, [])
    portal.items[4] = item(4, last_modified="2026-05-05", title="Neuf")
    again, _ = fetched(portal, known)
    assert [one.identifier for one in again if isinstance(one, RawRecord)] == ["d4"]
    assert [one.path for one in portal.asked[2:]] == ["/api/1/datasets/d4/"]


@pytest.mark.usefixtures("no_source_is_small")
def test_a_portal_in_which_nothing_changed_is_asked_for_one_dataset() -> None:
    portal = Portal(12)
    raws, first = fetched(portal)
    again, second = fetched(portal, versions(raws), known=first.validators)
    assert (again, second.unchanged, len(portal.asked)) == ([], True, 1)
    del portal.items[3]
    again, second = fetched(portal, versions(raws), known=first.validators)
    assert (len(again), second.unchanged) == (11, False)


@pytest.mark.usefixtures("no_source_is_small")
def test_a_portal_that_cannot_sort_or_sorts_by_another_date_is_asked_for_all_its_dates() -> None:
    portal = Portal(3)
    portal.sorts = False
    assert fetched(portal)[1].validators == {}
    portal.sorts = True
    portal.items[2] = item(2, internal={"last_modified_internal": "2026-01-01"}, last_modified="2026-09-09")
    portal.items[0] = item(0, internal={"last_modified_internal": "2026-05-05"}, last_modified="2026-01-01")
    assert fetched(portal)[1].validators == {"state": "3 2026-05-05"}
    portal.items[1] = item(1, last_modified="2026-06-06")
    portal.items[1]["internal"] = {}
    portal.listed = lambda request: Portal.listed(  # type: ignore[method-assign]
        portal, Request("GET", request.target.replace("-last_update", "created"), request.headers)
    )
    assert fetched(portal)[1].validators == {}


def test_a_portal_that_gives_all_fields_whatever_is_asked_is_read_from_its_list() -> None:
    portal = Portal(3, masks=False)
    known = versions(fetched(portal)[0])
    portal.items[0] = item(0, last_modified="2026-05-05")
    again, _ = fetched(portal, known)
    assert (len(again), len(portal.asked)) == (3, 2)


def test_a_changed_dataset_that_cannot_be_had_costs_itself_and_the_proof() -> None:
    portal = Portal(3)
    known = versions(fetched(portal)[0])
    portal.items[0]["last_modified"] = "2026-05-05"
    portal.broken = {"d0"}
    again, crawl = fetched(portal, known)
    assert (len(again), len(crawl.incomplete)) == (2, 1)


@pytest.mark.parametrize("total", [2, 9])
def test_a_total_that_lies_proves_nothing(total: int) -> None:
    portal = Portal(5)
    portal.total = total
    raws, crawl = fetched(portal, page_size=2)
    assert len(raws) == 5
    assert (total == 9) == bool(crawl.incomplete or crawl.declared_total == 9)


def test_an_organisation_may_be_asked_for_alone() -> None:
    portal = Portal(2)
    fetched(portal, organization="o1")
    assert portal.asked[0].query["organization"] == "o1"


def test_what_is_no_udata_is_said() -> None:
    portal = Portal(0)
    portal.listed = lambda _: Answer(b'{"message": "no such thing"}', "application/json")  # type: ignore[method-assign]
    with pytest.raises(HarvestError, match="no such thing"):
        fetched(portal)


@pytest.mark.parametrize(
    ("copied", "site"),
    [
        ("https://p.example/", "https://p.example"),
        ("https://p.example/fr/datasets/abc/?x=1#y", "https://p.example"),
        ("https://p.example/api/1/datasets/", "https://p.example"),
        ("https://p.example/datasets", "https://p.example"),
    ],
)
def test_the_address_is_cut_to_that_of_the_portal(copied: str, site: str) -> None:
    assert KIND.site(copied) == site


# --- fields -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [({"private": True}, "PRIVATE"), ({"archived": "2024-01-01"}, "NOT_ACTIVE"), ({"deleted": "2024"}, "NOT_ACTIVE")],
)
def test_what_is_not_to_be_published_is_skipped(said: dict[str, Any], code: str) -> None:
    with pytest.raises(SkipRecord) as caught:
        dataset(item(1, **said))
    assert caught.value.code == code


def test_what_was_harvested_names_its_original() -> None:
    harvest = {"domain": "autre.example", "uri": "https://autre.example/id/1", "remote_id": "1"}
    notations = [one.notation[0].value for one in dataset(item(1, harvest=harvest)).other_identifier]
    assert notations == ["https://p.example/datasets/d1/", "https://autre.example/id/1", "1"]
    with pytest.raises(SkipRecord, match=r"autre\.example"):
        dataset(item(1, harvest=harvest), skip_harvested=True)


def test_codes_are_said_in_the_portals_words_or_as_they_are() -> None:
    known = dataset(
        item(
            1,
            license="lov2",
            license_words={"title": "Licence Ouverte", "url": "https://l.example/"},
            spatial={"zones": ["fr:commune:1", "country:fr"]},
            zone_names={"fr:commune:1": "Boisfort"},
        )
    )
    assert known.license
    assert (known.license.iri, known.license.titles) == ("https://l.example/", (Text("Licence Ouverte"),))
    assert [place.labels[0].value for place in known.spatial] == ["Boisfort", "country:fr"]
    bare = dataset(item(1, license="lov2")).license
    assert bare
    assert bare.labels == (Text("lov2"),)
    assert dataset(item(1, license="notspecified", license_words={"title": "None given"})).license is None


def test_resources_are_files_or_pages_by_their_type() -> None:
    resources = [
        {"url": "https://f.example/a.csv", "type": "main", "filesize": 5, "checksum": {"type": "sha1", "value": "ab"}},
        {"url": "https://f.example/api", "type": "api"},
        {"url": "https://f.example/doc.pdf", "type": "documentation", "title": "Notice"},
    ]
    found = dataset(item(1, resources=resources))
    assert [file.download_url for file in found.distribution] == [("https://f.example/a.csv",), ()]
    assert [page.iri for page in found.page] == ["https://f.example/doc.pdf"]
    assert found.distribution[0].checksum


def test_a_person_who_publishes_alone_is_one() -> None:
    found = dataset(item(1, owner={"first_name": "Jeanne", "last_name": "Dupont"})).publisher
    assert found
    assert found.is_individual


def test_the_page_of_an_organisation_is_read_alone_if_there_is_one() -> None:
    first, second = KIND.places("https://p.example/fr/organizations/lacs/")
    assert (first.site, first.config, second.config) == ("https://p.example", {"organization": "lacs"}, {})
    known = Answer(b"{}", "application/json")
    server = loopback.site(lambda request: known if request.path == "/api/1/organizations/lacs/" else None)
    with loopback.running(server), Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
        site = server.url("")
        assert KIND.lacks(site, {"organization": "lacs"}, client) == ""
        assert "no such organisation" in KIND.lacks(site, {"organization": "mers"}, client)
