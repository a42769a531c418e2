"""Getting datasets out of a Dataverse repository: only those whose version changed are exported.

https://guides.dataverse.org/en/latest/api/search.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .. import json
from ..base import Crawl, Fetched, RawRecord, StillThere
from ..details import one_by_one
from ..http import Client
from ..news import believed, nothing_changed
from ..pages import Page, Pages

WHOSE = "a Dataverse repository"

EXPORT = "dataverse_json"


class Repository:
    """One repository during one run."""

    def __init__(self, site: str, client: Client, crawl: Crawl, config: Mapping[str, Any]) -> None:
        self._site, self._client, self._crawl, self._size = site, client, crawl, config["per_page"]
        self._asked = {"q": config["query"], "type": "dataset", "subtree": config["subtree"] or None}

    def datasets(self) -> Iterator[Fetched]:
        """Every dataset once, with the versions that we hold first; none when nothing changed."""
        first = self._page(0, 1)
        newest = [_published(one) for one in first.items]
        if newest and nothing_changed(self._crawl, first.total, *newest, *map(version_of, first.items)):
            return
        pages = Pages(self._crawl, f"{self._site}/api/search", id_of)
        listed = believed(
            pages.by_position(self._page, self._size), self._crawl, newest, lambda item: [_published(item)]
        )
        changed: dict[str, str] = {}
        for id, item in listed:
            version = version_of(item)
            if self._crawl.holds(id, version):
                yield StillThere(identifier=id)
            else:
                changed[id] = version
        where = f"{self._site}/api/datasets/export"
        yield from one_by_one(changed, lambda doi: self._exported(doi, changed[doi]), self._crawl, where)

    def _page(self, start: int, count: int) -> Page:
        """Datasets of the list, those first that were published last."""
        where = f"{self._site}/api/search"
        asked: dict[str, Any] = {"start": start, "per_page": count, "sort": "date", "order": "desc", **self._asked}
        said = json.get(self._client, where, self._crawl, **asked)
        data = said.get("data", said) if isinstance(said, Mapping) else said
        return Page(json.listed(data, "items", where, WHOSE), json.number(data, "total_count"))

    def _exported(self, id: str, version: str) -> RawRecord:
        """A dataset whole, out of the export, which anybody may read."""
        where = f"{self._site}/api/datasets/export"
        said = json.get(self._client, where, self._crawl, exporter=EXPORT, persistentId=id)
        address = json.address(f"{self._site}/dataset.xhtml", persistentId=id)
        return json.record(id, said, self._crawl, address=address, version=version)


def id_of(item: Any) -> str:
    """What tells a dataset from others: its DOI or handle; empty for what is none."""
    return json.identifier(item, "global_id")


def _published(item: Any) -> str:
    return str(item.get("published_at") or "") if isinstance(item, Mapping) else ""


def version_of(item: Any) -> str:
    """The version of a dataset and when it was changed."""
    names = ("updatedAt", "versionId", "majorVersion", "minorVersion")
    said = [item.get(name) for name in names] if isinstance(item, Mapping) else []
    return " ".join(str(one) for one in said if one is not None)
