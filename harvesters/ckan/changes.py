"""What changed at a portal since its last complete harvest, by the dates of its own records (`metadata_modified`).

They are believed while they add up: what changed and what is held are together as many as the portal says it has. In
the first run of each week of the portal's own clock, and in a full run, everything is read; and always from a small
portal, where dates save next to nothing, and what changes behind its date would be missed for a week.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from .. import news
from ..base import Crawl, HarvestError
from ..pages import Page, Pages, is_spoilt

NEWEST = "newest"
"""Under which a run notes what the next one compares with."""

_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?")

Search = Callable[[int, int, str, str], Page]
"""Packages by position and number, in an order, since a date (empty: all)."""


class Changes:
    """What one portal tells of its changes during one run."""

    def __init__(self, search: Search, crawl: Crawl, week: Callable[[], str]) -> None:
        """`week`: of the portal's own clock, by the answer that came last."""
        self._search, self._crawl, self._week = search, crawl, week
        self._total = 0
        self._latest = ""
        self._are_dated = True

    def are_none(self) -> bool:
        """True when the portal has as many packages as at the last complete run, and none that changed later."""
        known = self._crawl.known.get(NEWEST, "")
        newest = self._newest() if known else None
        if newest is None:
            return False
        self._total = newest.total or 0
        self._crawl.unchanged = self._state(version_of(newest.items[0])) == known
        if self._crawl.unchanged:
            self._crawl.validators = {NEWEST: known}
        return self._crawl.unchanged

    def found(self, identify: Callable[[Any], str], where: str, rows: int) -> dict[str, Any] | None:
        """The packages that changed since the newest that we hold; None when everything must be read."""
        held, was = self._crawl.versions, self._crawl.known.get(NEWEST, "")
        if not self._total or not held or was.rpartition(" ")[2] != self._week():
            return None
        crawl, since = Crawl(), max(held.values())
        try:
            first = self._search(0, rows, "id asc", since)
            if first.total is None or first.total * 2 > len(held):
                return None
            pages = Pages(crawl, where, identify)
            rest = pages.by_position(
                lambda start, count: self._search(start, count, "id asc", since) if start else first, rows
            )
            changed = dict(rest)
        except HarvestError as error:
            if not (is_spoilt(error) or error.code == "SEARCH_FAILED"):
                raise
            return None
        self._crawl.pages += crawl.pages
        adds_up = self._total == len(held.keys() | changed.keys()) and not (crawl.incomplete or crawl.findings)
        return changed if adds_up else None

    def see(self, date: str) -> None:
        """Takes note of the date of a package that is there."""
        self._latest = max(self._latest, date)
        self._are_dated = self._are_dated and bool(date)

    def note(self) -> None:
        """Notes what the next run compares with, unless a package told no date or the portal is small."""
        total = self._crawl.declared_total
        if total and total > news.SMALL and self._are_dated and not self._crawl.incomplete:
            self._total = total
            self._crawl.validators = {NEWEST: self._state(self._latest)}

    def _state(self, date: str) -> str:
        return f"{self._total} {date} {self._week()}"

    def _newest(self) -> Page | None:
        """The package that changed last; None from a portal that cannot sort, or tells no date."""
        try:
            page = self._search(0, 1, "metadata_modified desc", "")
        except HarvestError as error:
            if not (is_spoilt(error) or error.code in {"SEARCH_FAILED", "NOT_AUTHORISED", "API_ERROR"}):
                raise
            return None
        return page if page.items and version_of(page.items[0]) else None


def version_of(package: Any) -> str:
    """When the portal's own record of a package changed; empty when it does not say."""
    said = package.get("metadata_modified") if isinstance(package, Mapping) else None
    return said if isinstance(said, str) and _DATE.fullmatch(said) else ""


def since_filter(date: str) -> str:
    """The Solr filter for what changed at that date or later, whose dates are UTC."""
    return f"metadata_modified:[{date.rstrip('Z')}Z TO *]" if date else ""
