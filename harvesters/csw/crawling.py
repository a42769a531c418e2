"""Getting all records out of a CSW, or no more than what changed.

     what changed last? ─ as before ─▶ nothing
        └─▶ what changed since? ─ with what we hold that is all ─▶ that
                └─▶ everything, page by page, sorted by identifier

`nextRecord` is not believed: services say 0, one beyond the end, or less than where they are. Pages go on by what came.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .. import news
from ..base import Crawl, Fetched, HarvestError, RawRecord, StillThere
from ..pages import Page, Pages, is_spoilt
from ..xml_records import Found, linked_last
from .server import DCAT, GMD, ISO, RECORD, Answer, Server

_SORTS = ("dc:identifier:A", "Identifier:A", "apiso:Identifier:A", "")
"""Names of the identifier for sorting, as services know it; at last as they like."""
_MODIFIED = ("dct:modified", "Modified")
"""The same for the last change: as Dublin Core has it, and as the specification calls it (OGC 07-006r1, 6.3.2)."""


class Crawling:
    """One service during one run."""

    def __init__(self, server: Server, crawl: Crawl, config: Mapping[str, Any]) -> None:
        self._server, self._crawl, self._config = server, crawl, config
        self._schema = GMD
        self._sorts: tuple[str, ...] = _SORTS
        """The order that the service knows, once one was answered in."""
        self._modified = ""
        """What the service calls the last change; empty when it cannot sort by it."""
        self._total: int | None = None
        """Records that the service says it has; None when it does not tell what changed last."""

    def records(self) -> Iterator[Fetched]:
        """Every record once; those that name others last."""
        if self._is_as_before():
            return
        self._schema = self._chosen(self._server.schemas())
        if (changed := self._changes()) is not None:
            yield from changed
            return
        yield from self._everything()

    def _chosen(self, offered: list[str]) -> str:
        """The schema to read: DCAT where it is offered and wanted, else ISO, at last Dublin Core."""
        wanted = {"auto": (*DCAT, *ISO), "dcat": DCAT, "iso": ISO}[self._config["schema"]]
        if found := next((schema for schema in wanted if schema in offered), ""):
            return found
        if self._config["schema"] != "dcat":
            return GMD if not offered or GMD in offered else RECORD if RECORD in offered else GMD
        raise HarvestError(
            "NOT_A_FEED",
            f"{self._server.address} offers no DCAT; its output schemas are {', '.join(offered)[:300]}. "
            "Leave out the option 'schema'.",
            self._server.address,
        )

    def _is_as_before(self) -> bool:
        """By the number of records and the last change; once a week by nothing, since dates are not believed for ever.

        A service that sorts nothing has the same record first and last, and tells nothing so.
        """
        for name in _MODIFIED:
            newest, oldest = self._first(f"{name}:D"), self._first(f"{name}:A")
            if newest and oldest and newest.matched is not None and (newest.matched == 1 or newest != oldest):
                self._modified, self._total = name, newest.matched
                (one,) = newest.records
                state = (one.identifier, one.version, self._server.week)
                return news.nothing_changed(self._crawl, newest.matched, *state)
        return False

    def _first(self, sort: str) -> Answer | None:
        """The first record in an order; None from a service that does not know the order, or tells no dates."""
        try:
            answer = self._server.records(RECORD, 1, 1, elements="summary", sortBy=sort)
        except HarvestError as error:
            if not is_spoilt(error) and not error.status:
                raise
            return None
        is_dated = len(answer.records) == 1 and bool(answer.records[0].version)
        return answer if is_dated else None

    def _is_time_to_sweep(self) -> bool:
        """True when the last complete run was not in this week of the service's own clock, when the service does not
        tell what changed, and always of a small one."""
        was, week = next(iter(self._crawl.known.values()), ""), self._server.week
        return self._total is None or self._total <= news.SMALL or (bool(week) and not was.endswith(f" {week}"))

    def _changes(self) -> list[Fetched] | None:
        """What changed since the newest that we hold, when that and what we hold is all there is; None when not."""
        held = self._crawl.versions
        moments = [moment for moment in held.values() if moment[:4].isdigit()]
        if not moments or self._is_time_to_sweep():
            return None
        constraint = f"{self._modified} >= '{max(moments)}'"
        try:
            changed = self._all(constraint, len(held))
        except HarvestError as error:
            if not is_spoilt(error) and not error.status:
                raise
            return None
        if changed is None or self._total != len(held.keys() | changed.keys()):
            return None
        return self._merged(held, changed)

    def _all(self, constraint: str, most: int) -> dict[str, Found] | None:
        """Every record that matches; None when they cannot be read for certain, or are as many as all of them."""
        crawl = Crawl()

        def page(start: int, count: int) -> Page:
            answer = self._server.records(self._schema, start, count, constraint=constraint)
            few = answer.matched is not None and answer.matched * 2 <= max(most, 2)
            return Page(answer.records, answer.matched) if few else Page([], answer.matched or 1)

        pages = Pages(crawl, self._server.address, lambda one: one.identifier)
        found = dict(pages.by_position(page, self._config["records"], first=1))
        self._crawl.pages += crawl.pages
        return None if crawl.incomplete or crawl.findings else found

    def _merged(self, held: Mapping[str, str], changed: Mapping[str, Found]) -> list[Fetched]:
        """What is held still, and what changed. A date without time may stand for two changes of one day."""
        self._crawl.declared_total = self._total
        fresh = {
            id: one for id, one in changed.items() if not (one.version[10:] and self._crawl.holds(id, one.version))
        }
        kept: list[Fetched] = [StillThere(identifier=id) for id in held if id not in fresh]
        return [
            *kept,
            *(self._raw(id, one) for id, one in sorted(fresh.items(), key=lambda item: item[1].leads_elsewhere)),
        ]

    def _everything(self) -> Iterator[Fetched]:
        pages = Pages(self._crawl, self._server.address, lambda one: one.identifier)
        found = pages.by_position(self._page, self._config["records"], first=1)
        yield from linked_last((self._raw(id, one), one.leads_elsewhere) for id, one in found)

    def _page(self, start: int, count: int) -> Page:
        """In a fixed order, so that no record slips between two pages; as it likes, from a service that cannot sort."""
        refusals: list[HarvestError] = []
        for sort in self._sorts:
            try:
                answer = self._server.records(self._schema, start, count, **({"sortBy": sort} if sort else {}))
            except HarvestError as error:
                refusals.append(error)
                if error.code not in {"API_ERROR", "HTTP_STATUS"}:
                    raise
            else:
                self._sorts = (sort,)
                return Page(answer.records, answer.matched)
        raise refusals[0]

    def _raw(self, id: str, one: Found) -> RawRecord:
        return one.raw(id, self._server.address_of(id, self._schema), one.version)
