"""Getting packages out of a CKAN portal.

Everything is asked with `package_search`, page by page; a portal that keeps its search closed is asked for
`package_list` and each `package_show`. https://docs.ckan.org/en/2.11/api/#action-api-reference
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

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

from dcat.findings import finding
from dcat.rdf import clean_text

from ..base import (
    MOST_PAGES,
    MOST_RECORDS,
    Crawl,
    HarvestError,
)
from ..fields import shape
from ..http import Client

LOST_IN_A_ROW = 10
"""Packages that fail one after the other before a run gives up asking for the next one."""


class _Api(RemoteCKAN):  # type: ignore[misc]
    """The documented form of the address: some portals have closed the shorter one that ckanapi uses."""

    base_url = "api/3/action/"


class _Page(NamedTuple):
    """An answer of `package_search`."""

    total: int
    results: list[Any]


class Portal:
    """One portal during one run."""

    def __init__(self, site: str, client: Client, crawl: Crawl, config: Mapping[str, Any]) -> None:
        self.site = site
        self._crawl = crawl
        self._rows = max(1, int(config["rows"]))
        self._filter = _filter(config)
        self._session = client.json_session()
        self._api = _Api(site, user_agent=client.user_agent, get_only=True, session=self._session)

    def packages(self, seen: Collection[str]) -> Iterator[Any]:
        """Every package as it came; `seen` are the ids that were taken from what came before."""
        try:
            first, sort = self._first_page()
        except HarvestError as refusal:
            yield from self._one_by_one(refusal)
        else:
            yield from self._page_by_page(first, sort, seen)

    def _first_page(self) -> tuple[_Page, str]:
        """In a fixed order, so that no package slips between two pages; as it likes, from a portal that cannot sort."""
        order = "id asc"
        try:
            return self._page(0, order), order
        except HarvestError as error:
            if error.code != "SEARCH_FAILED":
                raise
            try:
                return self._page(0, ""), ""
            except HarvestError:
                raise error from None

    def _page_by_page(self, page: _Page, sort: str, seen: Collection[str]) -> Iterator[Any]:
        """Goes on by what was returned: portals give fewer packages than asked for."""
        start = 0
        for _ in range(MOST_PAGES):
            self._crawl.pages += 1
            self._crawl.declared_total = page.total
            before = len(seen)
            yield from page.results
            start += len(page.results)
            if start >= page.total:
                return
            if len(seen) == before:
                what = "the same packages again" if page.results else "no more packages"
                self._stop(f"From package {start} on, the portal gave {what}; it says that it has {page.total}.")
                return
            if start >= MOST_RECORDS:
                break
            page = self._page(start, sort)
        self._stop(f"Only the first {start} packages were read; the portal says that it has {page.total}.")

    def _page(self, start: int, sort: str) -> _Page:
        asked: dict[str, Any] = {"q": "*:*", "rows": self._rows, "start": start}
        asked |= {"sort": sort} if sort else {}
        asked |= {"fq": self._filter} if self._filter else {}
        result = self._call("package_search", **asked)
        count = result.get("count") if isinstance(result, dict) else None
        results = result.get("results") if isinstance(result, dict) else None
        if not isinstance(count, int) or not isinstance(results, list):
            raise HarvestError(
                "NOT_A_FEED",
                f"{self.site} answered package_search with {shape(result)} instead of `count` and `results`. "
                "Check that it is a CKAN portal.",
                self.site,
            )
        return _Page(count, results)

    def _one_by_one(self, refusal: HarvestError) -> Iterator[Any]:
        """For a portal that refuses the search. It cannot filter, so with a filter the refusal stands."""
        if self._filter or not _is_closed(refusal):
            raise refusal
        try:
            names = self._call("package_list")
        except HarvestError:
            raise refusal from None
        if not isinstance(names, list):
            raise refusal
        names = list(dict.fromkeys(map(str, names)))
        self._crawl.declared_total = len(names)
        lost_in_a_row = 0
        for name in names[:MOST_RECORDS]:
            self._crawl.pages += 1
            try:
                package = self._call("package_show", id=name)
            except HarvestError as error:
                lost_in_a_row += 1
                if error.code not in _OF_ONE_PACKAGE or lost_in_a_row > LOST_IN_A_ROW:
                    raise
                self._crawl.findings.append(finding("record-unreadable", self.site, name, str(error)))
                self._stop(f"Package {name[:100]!r} could not be read: {error}")
            else:
                lost_in_a_row = 0
                yield package
        if len(names) > MOST_RECORDS:
            self._stop(f"Only the first {MOST_RECORDS} of {len(names)} packages were read.")

    def _stop(self, reason: str) -> None:
        self._crawl.incomplete.append(reason)

    def _call(self, action: str, **asked: Any) -> Any:
        """The result of an action; whatever goes wrong is a `HarvestError`."""
        where = f"{self.site}/api/3/action/{action}"
        try:
            return self._api.call_action(action, asked)
        except (CKANAPIError, ServerIncompatibleError, KeyError) as error:
            code = next((code for kind, code in _CODES if isinstance(error, kind)), "API_ERROR")
            hint = "Check the address, or ask the portal."
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

_OF_ONE_PACKAGE = frozenset({"NOT_AUTHORISED", "NOT_FOUND", "API_ERROR", "HTTP_STATUS", "SEARCH_FAILED"})
"""What may be wrong with one package while the next one can be read."""


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


def _filter(config: Mapping[str, Any]) -> str:
    """The Solr filter that the options ask for."""
    names = [str(name).replace("\\", "").replace('"', "") for name in config["organisations"]]
    parts = [str(config["filter"])] if config["filter"] else []
    if names:
        parts.append("organization:(" + " OR ".join(f'"{name}"' for name in names) + ")")
    return " AND ".join(f"({part})" if len(parts) > 1 else part for part in parts)
