"""What changed at a CKAN portal: asked for by its dates, believed while they add up."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import loopback
import portals
import pytest
from loopback import Answer, Server
from portals import envelope, package, refusal

from harvesters import HARVESTERS, news
from harvesters.base import Crawl, Fetched, RawRecord, Source, StillThere
from harvesters.http import Client, Pace

MONDAY, NEXT_MONDAY = "Mon, 02 Mar 2026 08:00:00 GMT", "Mon, 09 Mar 2026 08:00:00 GMT"


class Portal:
    """A portal that sorts and filters by date, whose packages change."""

    def __init__(self, count: int) -> None:
        self.packages = [package(n, metadata_modified=f"2026-01-{n + 1:02}T10:00:00.5") for n in range(count)]
        self.date, self.can_sort = MONDAY, True
        self.server: Server = portals.ckan([], instead=self._answer)

    def change(self, number: int, date: str, **fields: Any) -> None:
        """Changes a package."""
        self.packages[number] |= {"metadata_modified": date, **fields}

    def _answer(self, action: str, query: Mapping[str, str]) -> Answer | None:
        if action != "package_search":
            return None
        name, _, order = query.get("sort", "").partition(" ")
        if name == "metadata_modified" and not self.can_sort:
            return refusal("Search Query Error", status=409)
        since = re.search(r"metadata_modified:\[(.*)Z TO \*\]", query.get("fq", ""))
        found = [one for one in self.packages if not since or str(one["metadata_modified"]) >= since[1]]
        found.sort(key=lambda one: str(one.get(name)), reverse=order == "desc")
        start = int(query["start"])
        results = found[start : start + min(int(query["rows"]), 10)]
        answer = envelope({"count": len(found), "results": results})
        return Answer(answer.body, answer.media_type, headers={"Date": self.date})


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """One that is not small, for all that its packages are few."""
    monkeypatch.setattr(news, "SMALL", 10)
    made = Portal(25)
    with loopback.running(made.server):
        yield made


def fetch(portal: Portal, before: Crawl | None = None) -> tuple[list[Fetched], Crawl, list[Mapping[str, str]]]:
    """What a run gives, what it learns, and what it asks for. `before`: the crawl of the last complete run."""
    crawl = Crawl() if before is None else Crawl(known=before.validators, versions=before.versions)
    source = Source(id="s", name="s", title="S", url=portal.server.url(), kind="ckan")
    asked = len(portal.server.requests)
    with Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0) as client:
        found = list(HARVESTERS["ckan"].fetch(source, client, crawl))
    held = {one.identifier: one.version for one in found if isinstance(one, RawRecord)}
    still = {one.identifier for one in found if isinstance(one, StillThere)}
    kept = {id: version for id, version in crawl.versions.items() if id in still or crawl.unchanged}
    crawl.versions = {**kept, **held}
    return found, crawl, [request.query for request in portal.server.requests[asked:]]


def fresh(found: list[Fetched]) -> list[str]:
    return [one.identifier for one in found if isinstance(one, RawRecord)]


def test_a_portal_in_which_nothing_changed_is_asked_for_one_package(portal: Portal) -> None:
    found, first, _ = fetch(portal)
    assert len(fresh(found)) == 25
    again, second, asked = fetch(portal, first)
    assert (again, second.unchanged, second.validators) == ([], True, first.validators)
    assert [(one["rows"], one["sort"]) for one in asked] == [("1", "metadata_modified desc")]


def test_a_small_portal_is_read_whole_so_that_what_changed_behind_its_date_is_seen(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "SMALL", 25)
    _, first, _ = fetch(portal)
    portal.packages[7] |= {"name": "renamed", "title": "Changed behind its date"}
    found, second, asked = fetch(portal, first)
    assert (len(fresh(found)), second.unchanged) == (25, False)
    assert "renamed" in str(next(one for one in found if one.identifier == "id-007"))
    assert not any("fq" in one for one in asked)


def test_only_packages_that_changed_are_asked_for(portal: Portal) -> None:
    _, first, _ = fetch(portal)
    portal.change(3, "2026-03-01T10:00:00", title="New")
    portal.packages.append(package(25, metadata_modified="2026-03-01T11:00:00"))
    found, second, asked = fetch(portal, first)
    assert fresh(found) == ["id-003", "id-025"]
    assert len(found) == 26
    assert (second.declared_total, second.incomplete) == (26, [])
    assert [one.get("fq") for one in asked] == [None, "metadata_modified:[2026-01-25T10:00:00.5Z TO *]"]
    assert fetch(portal, second)[1].unchanged


def test_a_package_that_is_gone_asks_for_everything(portal: Portal) -> None:
    """Also when another came for it, so that there are as many as before."""
    _, first, _ = fetch(portal)
    portal.packages[0] = package(30, metadata_modified="2026-03-01T10:00:00")
    found, _, _ = fetch(portal, first)
    assert len(fresh(found)) == 25
    assert "id-000" not in fresh(found)


def test_everything_is_read_in_the_first_run_of_a_week(portal: Portal) -> None:
    _, first, _ = fetch(portal)
    portal.change(7, portal.packages[7]["metadata_modified"], title="Changed behind its date")
    assert fetch(portal, first)[1].unchanged
    portal.date = NEXT_MONDAY
    assert len(fresh(fetch(portal, first)[0])) == 25


def test_after_a_run_that_was_not_complete_everything_is_read(portal: Portal) -> None:
    _, first, _ = fetch(portal)
    first.validators = {}
    assert len(fresh(fetch(portal, first)[0])) == 25


@pytest.mark.parametrize("odd", [None, 5, "", "yesterday"])
def test_a_portal_with_packages_without_dates_is_read_whole(portal: Portal, odd: Any) -> None:
    portal.packages[4]["metadata_modified"] = odd
    _, first, _ = fetch(portal)
    assert first.validators == {}


def test_a_portal_that_cannot_sort_is_read_whole(portal: Portal) -> None:
    portal.can_sort = False
    _, first, _ = fetch(portal)
    found, second, _ = fetch(portal, first)
    assert (len(fresh(found)), second.unchanged) == (25, False)
