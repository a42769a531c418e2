"""What is promised about speed and size: each a figure with its target, and which measurement gives it."""

from typing import NamedTuple

from benchmarks.growth import ADDRESSES, PROMISE

WORSE = 0.2
"""A figure that is worse by more than this share than the last recorded one is shown."""


class NotMeasured(Exception):
    """Something is not there that the measurement needs; says what, and how to bring it."""


class Promise(NamedTuple):
    """A figure that is promised: how many times the peer something takes, or an amount of a unit."""

    part: str
    """Under which heading it stands."""
    what: str
    beside: str
    """The peer, measured in the same run; nothing where an amount is promised."""
    target: float
    by: str
    """The measurement in `benchmarks/speed.py`."""
    unit: str = "×"
    is_least: bool = False
    """True where more is better."""

    def is_kept(self, figure: float) -> bool:
        """True when the figure is as good as promised."""
        return figure >= self.target if self.is_least else figure <= self.target

    def is_worse(self, figure: float, before: float) -> bool:
        """True when it became worse by more than a fifth."""
        return figure < before * (1 - WORSE) if self.is_least else figure > before * (1 + WORSE)

    def said(self) -> str:
        """The target as it is read."""
        return f"{'≥' if self.is_least else '≤'} {self.amount(self.target, whole=True)}"

    def amount(self, figure: float, *, whole: bool = False) -> str:
        """A figure with its unit; `whole`: as it was written."""
        digits = f"{figure:g}" if whole else f"{figure:.0f}" if figure >= 100 else f"{figure:.2f}"
        return f"{digits} {self.unit}"


HARVESTS, SIZE, FEEDS, PAGES, GROWTH, PEERS = (
    "Harvests",
    "Memory and disk",
    "Feeds",
    "Pages and search",
    "Fifty thousand entries beside five thousand",
    "Beside others",
)

PROMISES = {
    "harvest": Promise(
        HARVESTS, "a whole harvest", "rdflib's parse of the same feed, as a rate", 1.5, "harvests", is_least=True
    ),
    "real harvest": Promise(
        HARVESTS,
        "a whole harvest of real feeds",
        "rdflib's parse of the same feeds, as a rate",
        1.5,
        "real-feeds",
        is_least=True,
    ),
    "one changed": Promise(
        HARVESTS, "a harvest with one dataset changed", "fetching, parsing and cutting the feed", 1.5, "harvests"
    ),
    "same bytes": Promise(
        HARVESTS, "a harvest of the same bytes", "fetching, parsing and cutting the feed", 0.2, "harvests"
    ),
    "unchanged": Promise(
        HARVESTS,
        "a harvest of a source that says that nothing changed",
        "fetching, parsing and cutting the feed",
        0.2,
        "harvests",
    ),
    "two readers": Promise(
        HARVESTS, "one large source read by two processes", "by one, by the clock", 1.7, "processes", is_least=True
    ),
    "two readers, bound": Promise(
        HARVESTS,
        "the same, as fast as the processor's time of each allows",
        "by one",
        1.7,
        "processes",
        is_least=True,
    ),
    "side by side": Promise(
        HARVESTS, "two sources harvested at once", "one after the other, as a rate", 1.7, "side-by-side", is_least=True
    ),
    "four sources": Promise(
        HARVESTS,
        "four sources at once on PostgreSQL, with a processor each, as far as they wait for each other",
        "one after the other, as a rate",
        3.0,
        "four-sources",
        is_least=True,
    ),
    "locked": Promise(
        HARVESTS, "what of a harvest is done while other writers wait for it", "all of its work", 0.15, "locked"
    ),
    "database": Promise(SIZE, "the database beyond an empty one, a dataset of real feeds", "", 12, "real-feeds", "KB"),
    "harvest memory": Promise(
        SIZE, "what the harvest of a feed of 100 MB holds in all, read by one process", "", 400, "large-feed", "MB"
    ),
    "web memory": Promise(SIZE, "what a web process holds for itself at 50,000 entries", "", 150, "web-memory", "MB"),
    "feed": Promise(FEEDS, "the whole feed sent from its file", "copying it as `cat` does", 2.0, "answers"),
    "feed memory": Promise(
        FEEDS,
        "what a process holds that sends the file of 20,000 entries",
        "the same of 5,000",
        1.1,
        "feeds",
    ),
    "stream memory": Promise(
        FEEDS,
        "what a process holds that streams 20,000 entries, while there is no file",
        "the same of 5,000",
        1.1,
        "feeds",
    ),
    "feed files": Promise(
        FEEDS, "how long writing one of the files holds the worker at 20,000 entries", "", 60, "feeds", "s"
    ),
    "feed files, anew": Promise(
        FEEDS, "writing the files anew after one of 20,000 entries changed", "writing them all", 0.2, "feeds"
    ),
    "304": Promise(PAGES, "an answer that nothing changed (304)", "`/healthz`", 1.5, "answers"),
    "home": Promise(PAGES, "the home page, kept", "`/healthz`", 3.0, "answers"),
    "results": Promise(
        PAGES, "a page of results, the median at 20,000 entries", "the bare engine, same facets", 3.0, "pages"
    ),
    **{
        f"p95, {kind}": Promise(PAGES, f"{kind}: what 95 of 100 readers wait at most", "", 50, "pages", "ms")
        for kind in ("home", "search", "dataset", "publisher", "page of the feed")
    },
    "304 a second": Promise(PAGES, "answers that nothing changed, a process", "", 500, "pages", "a second", True),
    **{f"growth, {kind}": Promise(GROWTH, kind, "the same at 5,000 entries", PROMISE, "growth") for kind in ADDRESSES},
    "peers, typed": Promise(
        PEERS, "real feeds parsed and typed", "ckanext-dcat's parse and map, as a rate", 10.0, "peers", is_least=True
    ),
    "peers, checked": Promise(
        PEERS,
        "real feeds cut, typed, cleaned and checked",
        "ckanext-dcat's parse and map, as a rate",
        5.0,
        "peers",
        is_least=True,
    ),
}
