"""Getting packages out of a CKAN portal.

Everything is asked with `package_search`, page by page; a portal that keeps its search closed is asked for
`package_list` and each `package_show`. https://docs.ckan.org/en/2.11/api/#action-api-reference
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ckanapi import RemoteCKAN
from ckanapi.errors import (
    CKANAPIError,
    NotAuthorized,
    NotFound,
    SearchError,
    SearchIndexError,
    SearchQueryError,
    ServerIncompatibleError,
    ValidationError,
)

from dcat.rdf import clean_text

from ..base import Crawl, HarvestError
from ..details import one_by_one
from ..fields import what_it_is
from ..http import Client, how_to_be_let_in
from ..json import identifier, number
from ..pages import Page, Pages
from .changes import Changes, since_filter, version_of
from .organisations import named


class _Api(RemoteCKAN):  # type: ignore[misc]
    """The documented form of the address: some portals have closed the shorter one that ckanapi uses."""

    base_url = "api/3/action/"


class Portal:
    """One portal during one run."""

    def __init__(self, site: str, client: Client, crawl: Crawl, config: Mapping[str, Any]) -> None:
        self.site = site
        self._crawl = crawl
        self._rows = max(1, int(config["rows"]))
        self._config, self._filter = config, ""
        self._sort = "id asc"
        self._session = client.json_session()
        self._api = _Api(site, user_agent=client.user_agent, get_only=True, session=self._session)

    def wanted(self) -> list[str]:
        """The names of the organisations that the options name. Raises `HarvestError` for one that is not there."""
        texts = list(map(str, self._config["organisations"]))
        return named(texts, self._call, self.site) if texts else []

    def packages(self) -> Iterator[tuple[str, Any]]:
        """Every package once as it came, with its id; None for one that is still there unchanged."""
        self._filter = _filter(self._config, self.wanted())
        changes = Changes(self._search, self._crawl, lambda: self._session.last.week)
        if changes.are_none():
            return
        changed = changes.found(id_of, self.site, self._rows)
        for id, package in self._all() if changed is None else self._merged(changed):
            changes.see(self._crawl.versions[id] if package is None else version_of(package))
            yield id, package
        changes.note()

    def _merged(self, changed: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """What is held still, and what changed."""
        fresh = {id: one for id, one in changed.items() if not self._crawl.holds(id, version_of(one))}
        self._crawl.declared_total = len(self._crawl.versions.keys() | fresh.keys())
        yield from ((id, None) for id in self._crawl.versions if id not in fresh)
        yield from fresh.items()

    def _all(self) -> Iterator[tuple[str, Any]]:
        """Every package."""
        pages = Pages(self._crawl, self.site, id_of)
        try:
            yield from pages.by_position(self._page, self._rows)
        except HarvestError as refusal:
            if self._crawl.pages or self._filter or not _is_closed(refusal):
                raise  # the list cannot filter
            yield from pages.single(self._one_by_one(refusal))

    def _page(self, start: int, rows: int) -> Page:
        """In a fixed order, so that no package slips between two pages; as it likes, from a portal that cannot sort."""
        try:
            return self._search(start, rows, self._sort)
        except HarvestError as error:
            if error.code != "SEARCH_FAILED" or start or not self._sort:
                raise
            self._sort = ""
            try:
                return self._search(start, rows)
            except HarvestError:
                raise error from None

    def _search(self, start: int, rows: int, sort: str = "", since: str = "") -> Page:
        """Packages by position, in an order, that changed since a date."""
        asked: dict[str, Any] = {"q": "*:*", "rows": rows, "start": start}
        asked |= {"sort": sort} if sort else {}
        filters = list(filter(None, (self._filter, since_filter(since))))
        asked |= {"fq": " AND ".join(f"({one})" if len(filters) > 1 else one for one in filters)} if filters else {}
        result = self._call("package_search", **asked)
        count = number(result, "count")
        results = result.get("results") if isinstance(result, dict) else None
        if count == 0 and results is None:  # an empty list, as some languages write it
            results = []
        if count is None or not isinstance(results, list):
            raise HarvestError(
                "NOT_A_FEED",
                f"{self.site} answered package_search with {what_it_is(result)} instead of `count` and `results`. "
                "Check that it is a CKAN portal.",
                self.site,
            )
        return Page(results, count)

    def _one_by_one(self, refusal: HarvestError) -> Iterator[Any]:
        """For a portal that refuses the search."""
        try:
            names = self._call("package_list")
        except HarvestError:
            raise refusal from None
        if not isinstance(names, list):
            raise refusal
        names = list(dict.fromkeys(clean_text(str(name)) for name in names))
        self._crawl.declared_total = len(names)
        yield from one_by_one(names, lambda name: self._call("package_show", id=name), self._crawl, self.site)

    def _call(self, action: str, **asked: Any) -> Any:
        """The result of an action; whatever goes wrong is a `HarvestError`."""
        where = f"{self.site}/api/3/action/{action}"
        try:
            return self._api.call_action(action, asked)
        except (CKANAPIError, ServerIncompatibleError, KeyError) as error:
            code = next((code for kind, code in _CODES if isinstance(error, kind)), "API_ERROR")
            closed = isinstance(error, NotAuthorized)
            hint = how_to_be_let_in(self._session.last) if closed else "Check the address, or ask the portal."
            raise HarvestError(code, f"{where} answered with an error ({_said(error)}). {hint}", where) from error
        except RecursionError as error:
            raise HarvestError("NOT_A_FEED", f"{where} answered JSON that is nested too deeply.", where) from error
        finally:
            self._crawl.findings += self._session.findings
            self._session.findings.clear()


_CODES: tuple[tuple[type[Exception], str], ...] = (
    (NotAuthorized, "NOT_AUTHORISED"),
    (NotFound, "NOT_FOUND"),
    (SearchQueryError, "SEARCH_FAILED"),
    (SearchIndexError, "SEARCH_FAILED"),
    (SearchError, "SEARCH_FAILED"),
    (ValidationError, "SEARCH_FAILED"),
)


def id_of(package: Any) -> str:
    """What tells a package from others; empty for what is none."""
    return clean_text(identifier(package, "id")).strip()


def _said(error: Exception) -> str:
    """What the portal said, out of what ckanapi makes of it."""
    if isinstance(error, KeyError):
        return f"it holds no {error}"
    detail = getattr(error, "extra_msg", None) or getattr(error, "error_dict", None) or str(error)
    if isinstance(detail, dict):
        detail = detail.get("message") or ", ".join(f"{name}: {value}" for name, value in detail.items())
    # An error that ckanapi does not know is the text of a list: address, status, whole answer.
    text = re.sub(r"\A\['[^']*', \d+, '?(.*?)'?\]\Z", r"\1", str(detail), flags=re.DOTALL)
    return clean_text(text).strip()[:300] or "it did not say which"


def _is_closed(error: HarvestError) -> bool:
    """True when the search was refused, and not the portal out of reach."""
    if error.code == "HTTP_STATUS":
        return error.status in {400, 403, 404, 405, 501}
    return error.code in {"NOT_AUTHORISED", "NOT_FOUND", "SEARCH_FAILED"}


def _filter(config: Mapping[str, Any], organisations: list[str]) -> str:
    """The Solr filter that the options ask for."""
    names = [name.replace("\\", "").replace('"', "") for name in organisations]
    parts = [str(config["filter"])] if config["filter"] else []
    if names:
        parts.append("organization:(" + " OR ".join(f'"{name}"' for name in names) + ")")
    return " AND ".join(f"({part})" if len(parts) > 1 else part for part in parts)
