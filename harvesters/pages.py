"""Page loops: what comes next, what is new, and when to stop.

A kind says how one page is asked for and what tells its items apart; everything that goes wrong with pages is handled
here, once: repeated items, repeated pages, totals that lie, pages that fail because of one record in them, addresses
that lead to another server, and paging without end.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from dcat.findings import finding

from .base import MOST_PAGES, MOST_RECORDS, Crawl, HarvestError
from .http.addresses import origin

PATIENCE = 3
"""Pages without a new record, one after the other, before a feed is said to go round in circles."""

LOST_IN_A_ROW = 20
"""Requests that fail one after the other before a source is said to be down: enough to find one bad record among a
thousand, and ten more after it."""

UNTIL_THE_FIRST = 3
"""Requests that may fail before a source has answered at all: a page, and two single records of it."""

CAP_STEP, LEAST_CAP = 5, 10
"""Sources give round numbers of records at most: a page with another number of them is no page that was cut."""

ENGINE_STEP = 5000
"""Search engines find round numbers of records at most (10,000 of Elasticsearch), and tell no more as the total."""

PAST_THE_END = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE})
"""How sources that do not say how many records they have refuse the page after the last one."""

SPOILT = frozenset({"NOT_WELL_FORMED", "BROKEN_OFF", "TOO_LARGE", "TIMEOUT", "API_ERROR"})
"""Codes of what one record may do to the page that holds it; so may an HTTP status of the server's (5xx)."""


class Page(NamedTuple):
    """One page, read."""

    items: Sequence[Any]
    total: int | None = None
    """Number of items on all pages, when the source says it."""
    next: str = ""
    """Address or token of the next page; empty on the last one. Not needed where pages are asked for by position."""


class Pages:
    """The pages of one source during one run. Each method yields every item once, with its identifier."""

    def __init__(self, crawl: Crawl, where: str, identify: Callable[[Any], str]) -> None:
        """`where`: the address for remarks. `identify`: what tells an item from all others; empty when nothing does."""
        self._crawl, self._where, self._identify = crawl, where, identify
        self._seen: dict[str, int] = {}
        """The page on which each identifier stood."""
        self._lost_count = 0
        self._largest: int | None = None
        """The largest total that the source gave and that may be true."""
        self._doubles = 0
        """Items that stand twice on one page: a mistake of the source's. On two pages the list has moved meanwhile, and
        another item was missed for it."""

    def by_position(
        self, ask: Callable[[int, int], Page], size: int, *, first: int = 0, deepest: int = MOST_RECORDS
    ) -> Iterator[tuple[str, Any]]:
        """Pages asked for by position and number of items, such as `offset` and `limit`.

        Goes on by what was returned, since many sources give fewer than they are asked for. `first`: the position of
        the first item (0 or 1). `deepest`: items that the source gives this way at most.
        """
        window = _Window(ask, size, first, deepest, self._lost)
        page: Page | None = window.next()
        while page is not None:
            at, before = window.at, self._met
            yield from self._news(page)
            self._declare(total := self._believed(page))
            if (not page.items) if total is None else (at >= total):
                page = self._beyond(window)
                continue
            if self._met == before and (page.items or not window.leaps(total or 0)):
                what = "the same records again" if page.items else "no more records"
                self._stop(f"From record {at} on, the source gave {what}{_of(total)}.")
                return
            if at >= deepest or self._crawl.pages >= MOST_PAGES:
                self._stop(f"Only the first {at} records were read, as many as can be read this way{_of(total)}.")
                return
            try:
                page = window.next()
            except HarvestError as error:
                if total is not None or error.status not in PAST_THE_END:
                    raise
                if not window.was_short:
                    self._may_have_more(at, error)
                return

    def _beyond(self, window: "_Window") -> Page | None:
        """The page after the total; None when nothing new stands there. Some sources call what a page holds, or what
        their search engine finds at most, the number of all records."""
        if not window.may_be_cut:
            return None
        try:
            page = window.beyond()
        except HarvestError as error:
            if window.at % ENGINE_STEP == 0:
                self._may_have_more(window.at, error)
            return None
        return page if any((id := self._identify(item)) and id not in self._seen for item in page.items) else None

    def _may_have_more(self, at: int, error: HarvestError) -> None:
        self._stop(f"From record {at} on, the source gave nothing, and may have more: {error}")

    def by_cursor(self, ask: Callable[[str], Page], start: str = "") -> Iterator[tuple[str, Any]]:
        """Pages of which each names the next one by a token."""
        yield from self._chain(ask, start, lambda _, token: token)

    def by_link(self, ask: Callable[[str], Page], start: str) -> Iterator[tuple[str, Any]]:
        """Pages of which each names the address of the next one, from the address of the first."""
        yield from self._chain(ask, start, lambda here, link: self._address(here, link, start))

    def single(self, items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
        """Items that come one by one, each by a request of its own."""
        for item in items:
            yield from self._news(Page([item]))

    def _chain(
        self, ask: Callable[[str], Page], start: str, onward: Callable[[str, str], str]
    ) -> Iterator[tuple[str, Any]]:
        trail, here, was_full = Trail(), start, False
        most = 0
        while True:
            page = ask(here)
            before = self._met
            yield from self._news(page)
            self._declare(total := self._believed(page))
            if not page.next or not (then := onward(here, page.next)):
                is_all = page.total is not None and self._met >= page.total
                has_ended = is_all or (total is None and was_full and not page.items)
                if here != start and self._met == before and not has_ended:
                    self._stop(f"The last page, {here[:200]}, brought no record that the pages before it had not.")
                return
            goes_round = trail.has_seen(here, _content(page, self._identify)) or trail.knows(then)
            if goes_round or trail.is_lost(self._met - before):
                what = "goes round in circles" if goes_round else "goes on without end"
                self._stop(f"The paging {what}: {then[:200]} follows {here[:200] or self._where}.")
                return
            if self._crawl.pages >= MOST_PAGES or len(self._seen) >= MOST_RECORDS:
                self._stop(f"Only {self._crawl.pages} pages were read, up to {here[:200]}.")
                return
            most = max(most, len(page.items))
            here, was_full = then, len(page.items) == most

    def _address(self, here: str, link: str, start: str) -> str:
        target = absolute(link, here)
        address = on_same_server(target, here, start)
        if address != target:
            self._crawl.findings.append(finding("paging-rewritten", here, "next", target))
        if not address:
            self._stop(f"{here} names a next page that is no web address: {target[:200]!r}")
        return address

    @property
    def _met(self) -> int:
        """Records that were met, each once, with those that could not be told apart."""
        return len(self._seen) + self._lost_count

    def _news(self, page: Page) -> Iterator[tuple[str, Any]]:
        """The items of a page that were not seen before; of those with the same identifier the first counts (F-14)."""
        self._crawl.pages += 1
        for item in page.items:
            identifier = self._identify(item)
            if not identifier:
                self._lost(str(item)[:200], "could not be told apart from others")
            elif identifier in self._seen:
                self._crawl.findings.append(finding("duplicate-identifier", self._where, "dct:identifier", identifier))
                self._doubles += self._seen[identifier] == self._crawl.pages
            else:
                self._seen[identifier] = self._crawl.pages
                yield identifier, item

    def _lost(self, value: str, why: str) -> None:
        self._lost_count += 1
        self._crawl.findings.append(finding("record-unreadable", self._where, "dct:identifier", value))
        self._stop(f"A record {why}: {value[:200]}")

    def _believed(self, page: Page) -> int | None:
        """The total that a page says; None where more came already (F-12)."""
        return page.total if page.total is None or len(self._seen) <= page.total else None

    def _declare(self, total: int | None) -> None:
        """A total that shrinks from page to page proves nothing: the largest one counts."""
        self._largest = total if total is None else max(total, self._largest or 0)
        self._crawl.declared_total = None if self._largest is None else self._largest - self._doubles

    def _stop(self, reason: str) -> None:
        self._crawl.incomplete.append(reason)


class _Window:
    """Pages by position. When one fails because of a record in it, fewer are asked for until that record is alone.

    https://github.com/geonetwork/core-geonetwork/pull/9321 does it for CSW.
    """

    def __init__(
        self,
        ask: Callable[[int, int], Page],
        size: int,
        first: int,
        deepest: int,
        lost: Callable[[str, str], None],
    ) -> None:
        self._ask, self._most, self._size, self._lost = ask, size, size, lost
        self._first, self._deepest = first, deepest
        self.at = 0
        """How many items lie before the next page."""
        self._step = 0
        """Items on the first page that had any: what the source gives at once."""
        self._faults: list[HarvestError] = []
        """Those in a row."""
        self._leapt = False
        self._came, self._asked = 0, 0
        """Items on the last page, and how many were asked for."""

    def next(self) -> Page:
        """The next page. Raises `HarvestError` when the source, and not a record, is at fault."""
        while True:
            try:
                page = self.beyond()
            except HarvestError as error:
                self._shrink(error)
                continue
            self._step = self._step or len(page.items)
            self._size = min(self._most, self._size * 2)
            self._faults.clear()
            self._leapt = self._leapt and not page.items
            return page

    def beyond(self) -> Page:
        """The page from here on, as it comes. Raises `HarvestError`."""
        self._asked = max(1, min(self._size, self._deepest - self.at))
        page = self._ask(self._first + self.at, self._asked)
        self._came = len(page.items)
        self.at += self._came
        return page

    @property
    def may_be_cut(self) -> bool:
        """True when the source might have put more on the last page, if it gave more at once."""
        is_round = self._came >= max(LEAST_CAP, self._step) and self._came % CAP_STEP == 0
        return (self._came >= self._asked or is_round) and self.at < self._deepest

    @property
    def was_short(self) -> bool:
        """True when the last page held fewer items than the first one, as the last of all does."""
        return self._came < self._step

    def leaps(self, total: int) -> bool:
        """After an empty page: goes on to the one after it, which some sources still give. False when there is none, or
        when it was empty too."""
        if self._leapt or not self._step or self.at + self._step >= total:
            return False
        self._leapt = True
        self.at += self._step
        return True

    def _shrink(self, error: HarvestError) -> None:
        self._faults.append(error)
        if not is_spoilt(error):
            raise error
        if len(self._faults) >= (LOST_IN_A_ROW if self._step else UNTIL_THE_FIRST):
            raise self._faults[0]
        if self._size == 1:
            self._lost(f"number {self.at + 1}: {error}", "could not be read")
            self.at += 1
        self._size = max(1, self._size // 2) if self._step else 1


def is_spoilt(error: HarvestError) -> bool:
    """True for a fault that one record may cause, while the source is well."""
    return error.code in SPOILT or (error.code == "HTTP_STATUS" and error.status >= 500)


def page_number(start: int, count: int) -> tuple[int, int]:
    """The number (from 1) and the size of the page that begins after `start` items, and holds at most `count`: for
    sources that count pages."""
    size = next(size for size in range(count, 0, -1) if start % size == 0)
    return start // size + 1, size


class Trail:
    """Where a crawl has been: it recognises the page it has seen before, by address and by content."""

    def __init__(self) -> None:
        self._addresses: set[str] = set()
        self._contents: set[bytes] = set()
        self._barren = 0

    def has_seen(self, url: str, body: bytes) -> bool:
        """Notes a page that was read; true when one with the same address or content was read before."""
        content = blake2b(body, digest_size=16).digest()
        seen = url in self._addresses or (bool(body) and content in self._contents)
        self._addresses.add(url)
        self._contents.add(content)
        return seen

    def knows(self, url: str) -> bool:
        """True for the address of a page that was read."""
        return url in self._addresses

    def is_lost(self, new: int) -> bool:
        """Notes how many new records a page brought; true after several pages without any."""
        self._barren = 0 if new else self._barren + 1
        return self._barren >= PATIENCE


def absolute(link: str, here: str) -> str:
    """A paging link as an address; itself when it cannot be one."""
    try:
        return urljoin(here, link.strip())
    except ValueError:
        return link


def on_same_server(target: str, here: str, start: str) -> str:
    """A paging link, kept on the server of this page or of the first; empty when it is no web address.

    Another host or scheme in it is a mistake of the feed (an internal name, http for https), and must not lead us
    elsewhere.
    """
    try:
        parts = urlsplit(target)
        if parts.scheme not in {"http", "https"}:
            return ""
        if origin(target) in {origin(here), origin(start)}:
            return target
        own = urlsplit(here)
        return parts._replace(scheme=own.scheme, netloc=own.netloc).geturl()
    except ValueError:
        return ""


def _content(page: Page, identify: Callable[[Any], str]) -> bytes:
    """What tells a page from others: what stands on it. Nothing for an empty one, which may come more than once."""
    return "\0".join(map(identify, page.items)).encode("utf-8", "surrogatepass")


def _of(total: int | None) -> str:
    return "" if total is None else f"; it says that it has {total}"
