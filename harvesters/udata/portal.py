"""Getting datasets out of a portal of udata.

The dataset that changed last says whether anything did. If so, a list tells the identifier and the dates of each
dataset, no more (`X-Fields`); only those that changed are asked for. The first time, and in a full run, the list gives
them whole. What a dataset names by a code (licence, area, organisation) is put beside it as the portal knows it. https://udata.readthedocs.io/en/stable/
"""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from .. import json
from ..base import MOST_PAGES, Crawl, Fetched, HarvestError, StillThere
from ..details import one_by_one
from ..http import Client
from ..news import believed, nothing_changed
from ..pages import Page, Pages, page_number

API = "/api/1"

WHOSE = "a portal of udata"

_DATES = ("last_modified", "last_update")

_LIGHT = {"X-Fields": "data{id,last_modified,last_update,internal{last_modified_internal}},total"}

_ZONES_AT_ONCE = 50
_ORGANISATIONS_AT_ONCE = 100

_OF_ORGANISATIONS = ("url", "business_number_id")
"""What the list of organisations says beyond the datasets."""


class Portal:
    """One portal during one run."""

    def __init__(self, site: str, client: Client, crawl: Crawl, config: Mapping[str, Any]) -> None:
        self._site, self._client, self._crawl = site, client, crawl
        self._size, self._asked = config["page_size"], {"organization": config["organization"] or None}
        self._words = Words(self._ask)
        self._total: int | None = None
        self._most: int = self._size

    def datasets(self) -> Iterator[Fetched]:
        """Every dataset once; those that did not change since the last run are not asked for."""
        total, newest = self._newest()
        if newest and nothing_changed(self._crawl, total, *newest):
            return
        pages = Pages(self._crawl, f"{self._site}{API}/datasets/", id_of)
        found = believed(pages.by_position(self._window, self._size), self._crawl, newest, _touched)
        if not self._crawl.versions:
            yield from (self._record(id, dataset) for id, dataset in found)
            return
        changed: list[str] = []
        for id, dataset in found:
            if self._crawl.holds(id, version_of(dataset)):
                yield StillThere(identifier=id)
            elif "resources" in dataset:  # a portal that gives them whole whatever is asked
                yield self._record(id, dataset)
            else:
                changed.append(id)
        yield from one_by_one(changed, self._one, self._crawl, self._site)

    def _newest(self) -> tuple[int | None, list[str]]:
        """How many datasets there are, and when one was touched last; no date from a portal that cannot sort."""
        try:
            said = self._ask("datasets/", _LIGHT, page=1, page_size=1, sort="-last_update", **self._asked)
        except HarvestError as error:
            if error.status != HTTPStatus.BAD_REQUEST:
                raise
            return None, []
        data = json.listed(said, "data", f"{self._site}{API}/datasets/", WHOSE)
        return json.number(said, "total"), [date for one in data[:1] for date in _touched(one) if date]

    def _window(self, start: int, count: int) -> Page:
        number, size = page_number(start, min(count, self._most))
        headers = _LIGHT if self._crawl.versions else None
        try:
            said = self._ask("datasets/", headers, page=number, page_size=size, sort="created", **self._asked)
        except HarvestError as error:
            if error.status == HTTPStatus.NOT_FOUND and start:
                return Page([], self._total)
            raise
        data, total = json.listed(said, "data", f"{self._site}{API}/datasets/", WHOSE), json.number(said, "total")
        if said.get("next_page") and total is not None and start + len(data) >= total:
            total = None  # there is more than it says
        self._total = total
        if number == 1 and len(data) < size:  # a portal with a limit of its own counts its pages by that
            self._most = len(data) or size
        return Page(data, total)

    def _one(self, id: str) -> Fetched:
        return self._record(id, self._ask(f"datasets/{id}/"))

    def _record(self, id: str, dataset: Any) -> Fetched:
        address = f"{self._site}/datasets/{id}/"
        whole = self._words.beside(dataset) if isinstance(dataset, Mapping) else dataset
        return json.record(id, whole, self._crawl, address=address, version=version_of(dataset))

    def _ask(self, path: str, headers: Mapping[str, str] | None = None, **asked: Any) -> Any:
        return json.get(self._client, f"{self._site}{API}/{path}", self._crawl, headers, **asked)


class Words:
    """What codes mean at a portal: asked for when one is met first, and of no portal that does not tell."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self._licences: dict[str, Any] | None = None
        self._organisations: dict[str, Any] | None = None
        self._zones: dict[str, str] = {}

    def beside(self, dataset: Mapping[str, Any]) -> dict[str, Any]:
        """A dataset with the words for its codes in fields of their own (`license_words`, `zone_names`)."""
        spatial = dataset.get("spatial")
        zones = spatial.get("zones") if isinstance(spatial, Mapping) else None
        names = self._names([str(zone) for zone in zones]) if isinstance(zones, list) else {}
        licence = self._licence(dataset.get("license"))
        return {
            **dataset,
            **({"zone_names": names} if names else {}),
            **({"license_words": licence} if licence else {}),
        }

    def _licence(self, code: Any) -> dict[str, Any]:
        if not isinstance(code, str):
            return {}
        if self._licences is None:
            said = self._told("datasets/licenses/")
            known = [one for one in said if isinstance(one, Mapping)] if isinstance(said, list) else []
            self._licences = {str(one.get("id")): {name: one.get(name) for name in ("title", "url")} for one in known}
        return self._licences.get(code) or {}

    def _organisation(self, id: str) -> dict[str, Any]:
        if self._organisations is None:
            self._organisations, page = {}, 1
            headers = {"X-Fields": f"data{{id,{','.join(_OF_ORGANISATIONS)}}},next_page"}
            while page:
                said = self._told("organizations/", headers, page=page, page_size=_ORGANISATIONS_AT_ONCE)
                listed = said.get("data") if isinstance(said, Mapping) else None
                for one in listed if isinstance(listed, list) else ():
                    known = {name: one[name] for name in _OF_ORGANISATIONS if one.get(name)}
                    self._organisations[str(one.get("id"))] = known
                page = page + 1 if listed and said.get("next_page") and page < MOST_PAGES else 0
        return self._organisations.get(id) or {}

    def _names(self, zones: list[str]) -> dict[str, str]:
        new = [zone for zone in zones if zone not in self._zones]
        for start in range(0, len(new), _ZONES_AT_ONCE):
            some = new[start : start + _ZONES_AT_ONCE]
            self._zones |= dict.fromkeys(some, "")
            said = self._told(f"spatial/zones/{','.join(quote(zone, safe=':') for zone in some)}/")
            features = said.get("features") if isinstance(said, Mapping) else None
            for one in features if isinstance(features, list) else ():
                about = one.get("properties") if isinstance(one, Mapping) else None
                if isinstance(about, Mapping) and isinstance(about.get("name"), str):
                    self._zones[str(one.get("id"))] = about["name"]
        return {zone: self._zones[zone] for zone in zones if self._zones.get(zone)}

    def _told(self, path: str, headers: Mapping[str, str] | None = None, **asked: Any) -> Any:
        """What the portal says; nothing when it refuses: the code itself must do."""
        try:
            return self._ask(path, headers, **asked)
        except HarvestError as error:
            if error.code not in {"HTTP_STATUS", "NOT_A_FEED", "NOT_WELL_FORMED"}:
                raise
            return None


def id_of(item: Any) -> str:
    """What tells a dataset from others; empty for what is none."""
    return json.identifier(item, "id")


def _touched(dataset: Any) -> list[str]:
    """When it was touched last, by the date that the portal keeps for itself, by which it sorts."""
    internal = dataset.get("internal") if isinstance(dataset, Mapping) else None
    kept = internal.get("last_modified_internal") if isinstance(internal, Mapping) else None
    return [str(kept or (dataset.get("last_modified") if isinstance(dataset, Mapping) else "") or "")]


def version_of(dataset: Any) -> str:
    """Its dates of change, those of the portal's own record of it among them."""
    if not isinstance(dataset, Mapping):
        return ""
    internal = dataset.get("internal")
    dates = [dataset.get(name) for name in _DATES]
    dates.append(internal.get("last_modified_internal") if isinstance(internal, Mapping) else None)
    return " ".join(str(date) for date in dates if date)
