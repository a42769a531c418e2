"""Getting datasets out of an Opendatasoft portal.

The list gives each dataset whole, in one language at a time. What a dataset says in its other languages is asked for
page by page and put beside it, so that a raw record holds all of them.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from .. import json
from ..base import Crawl, HarvestError
from ..http import Client
from ..news import believed, nothing_changed
from ..pages import Page, Pages

API = "/api/explore/v2.1/catalog"

DEEPEST = 10_000
"""Datasets that the list gives (offset + limit); a portal that has more is asked for its export."""

MOST_AT_ONCE = 100
"""Datasets that the list gives at once."""

TRANSLATED = ("title", "description", "keyword", "theme", "publisher")
"""Fields that a portal may have in several languages."""

MOMENTS = ("metadata_processed", "data_processed")
"""Dates of which one is new whenever a dataset changed."""

WHOSE = "an Opendatasoft portal"


class Portal:
    """One portal during one run."""

    def __init__(self, site: str, client: Client, crawl: Crawl, config: Mapping[str, Any]) -> None:
        self._url, self._client, self._crawl, self._config = f"{site}{API}", client, crawl, config
        self._where = config["where"] or None
        self._order: str | None = "dataset_id"

    def datasets(self) -> Iterator[tuple[str, Any]]:
        """Every dataset with its id; none when nothing changed."""
        total, newest = self._newest()
        if newest and nothing_changed(self._crawl, total, *newest):
            return
        pages = Pages(self._crawl, self._url, id_of)
        if total > DEEPEST:
            found = pages.by_cursor(lambda _: self._page("exports/json"))
        else:
            found = pages.by_position(self._window, MOST_AT_ONCE)
        yield from believed(found, self._crawl, newest, _moments)

    def _newest(self) -> tuple[int, list[str]]:
        """How many datasets there are, and when one was touched last; no more than the number where none can be
        sorted."""
        total, newest = 0, []
        for number, moment in enumerate(MOMENTS):
            try:
                found, said = self._opened(self._ask("datasets", limit=1, order_by=f"{moment} desc"))
            except HarvestError as error:
                if error.status != HTTPStatus.BAD_REQUEST:
                    raise
                return self._opened(self._ask("datasets", limit=1))[1] or 0, []
            total = said or 0
            newest.append(max((_moments(one)[number] for one in found), default=""))
        return total, newest

    def _window(self, start: int, count: int) -> Page:
        return self._page("datasets", limit=min(count, MOST_AT_ONCE), offset=start)

    def _page(self, path: str, **asked: Any) -> Page:
        """A page of the list, or the export, with what its datasets say in their other languages."""
        items, total = self._sorted(path, **asked)
        found: dict[str, dict[str, Any]] = {}
        for language in self._languages(items):
            for one in self._sorted(path, lang=language, **asked)[0]:
                found.setdefault(id_of(one), {})[language] = _texts_of(one)
        return Page([_with_translations(item, found.get(id_of(item), {})) for item in items], total)

    def _sorted(self, path: str, **asked: Any) -> tuple[list[Any], int | None]:
        """In a fixed order, so that no dataset slips between two pages; as it likes, from a portal that cannot sort."""
        try:
            return self._opened(self._ask(path, order_by=self._order, **asked))
        except HarvestError as error:
            if error.status != HTTPStatus.BAD_REQUEST or not self._order:
                raise
            self._order = None
            return self._opened(self._ask(path, **asked))

    def _opened(self, said: Any) -> tuple[list[Any], int | None]:
        if isinstance(said, list):  # an export
            return said, len(said)
        return json.listed(said, "results", self._url, WHOSE), json.number(said, "total_count")

    def _ask(self, path: str, **asked: Any) -> Any:
        return json.get(self._client, f"{self._url}/{path}", self._crawl, where=self._where, **asked)

    def _languages(self, items: list[Any]) -> list[str]:
        """The languages to ask for: those of the options, else those of the datasets that have several."""
        if self._config["languages"]:
            return list(dict.fromkeys(self._config["languages"]))
        several = [languages for item in items if len(languages := _languages_of(item)) > 1]
        return list(dict.fromkeys(language for languages in several for language in languages))


def id_of(item: Any) -> str:
    """What tells a dataset from others; empty for what is none."""
    return json.identifier(item, "dataset_id")


def _default(item: Any) -> Mapping[str, Any]:
    """What every portal says of a dataset."""
    metas = item.get("metas") if isinstance(item, Mapping) else None
    found = metas.get("default") if isinstance(metas, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _moments(item: Any) -> list[str]:
    return [str(_default(item).get(moment) or "") for moment in MOMENTS]


def _languages_of(item: Any) -> list[str]:
    """The languages in which a dataset is described, its own first."""
    found = _default(item).get("metadata_languages")
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _texts_of(item: Any) -> dict[str, Any]:
    return {name: value for name, value in _default(item).items() if name in TRANSLATED and value}


def _with_translations(item: Any, found: Mapping[str, Any]) -> Any:
    """A dataset with its texts in the languages that it is described in; all of those found, when it does not say."""
    known = _languages_of(item)
    kept = {language: texts for language, texts in found.items() if not known or language in known}
    return {**item, "translations": kept} if len(kept) > 1 and isinstance(item, Mapping) else item
