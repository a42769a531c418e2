"""What a run counts and remarks on while records come, and so does a rehearsal of one, which writes nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from dcat.findings import Finding, finding
from dcat.near_names import listed
from dcat.rules import is_violated
from harvesters.base import Crawl, Fetched, Source
from harvesters.remarks import Remarks

from ..ingest import filters
from ..ingest.identity import clean_identifier
from ..ingest.raw_records import Taken
from ..store.outcome import Outcome
from . import deletions
from .coming import compare_with_declared

UNREAD_NAMES = 200
"""Names of unused fields that a run's report lists, the most frequent ones."""
REMARKS = 1000
"""Remarks about the source as a whole that a run's report lists."""


class Account:
    """Sums of records by what became of them, their identifiers, and what is to be told of the source as a whole."""

    def __init__(self) -> None:
        self.came = 0
        """Records that the source gave, each of which may hold several entries."""
        self.sums: Counter[str] = Counter()
        self.listed: set[str] = set()
        """Identifiers that the source lists and wants published."""
        self.withdrawn: set[str] = set()
        """Identifiers of records that the source gives, and says are not public."""
        self.unread: Counter[str] = Counter()
        self.violations = 0
        """Records with a finding that makes what is published invalid."""
        self.remarks = Remarks()
        self._left_out = 0

    def first_of_each(self, fetched: Iterable[Fetched]) -> Iterator[Fetched]:
        """Of records with the same identifier the first counts (F-14); the others are remarked on."""
        seen: set[str] = set()
        for each in fetched:
            identifier = clean_identifier(each.identifier)
            self.came += 1
            if identifier not in seen:
                seen.add(identifier)
                yield each
                continue
            self.pass_over(1)
            where = getattr(each, "address", "")
            named = f"{identifier} ({where})" if where else identifier
            self.remarks.append(finding("duplicate-identifier", where, "dct:identifier", named))

    def pass_over(self, count: int) -> None:
        """So many are not taken in."""
        self.sums.update(seen=count, skipped=count)

    def hold_back(self, source: Source, identifiers: list[str]) -> None:
        """Records with identifiers of another kind than the source had wait for a person."""
        if identifiers:
            self.pass_over(len(identifiers))
            value = listed(Counter(identifiers))
            self.remarks.append(finding("records-held-back", source.url, "dct:identifier", value))

    def add(self, taken: Iterable[Taken]) -> None:
        """What became of these records."""
        taken = list(taken)
        self.sums += tally(taken)
        for one in taken:
            self.unread.update(one.unread)
            self.violations += is_violated(one.findings)
            self._left_out += one.code == filters.CODE
            if one.code in deletions.WITHDRAWN:
                self.withdrawn.add(one.identifier)
            if one.outcome != Outcome.SKIPPED:
                self.listed.add(one.identifier)

    def close(self, source: Source, crawl: Crawl) -> None:
        """All has come: is it as many as the source says, and any at all?"""
        compare_with_declared(crawl, self.came)
        self.pass_over(crawl.doubles)
        self.look_whether_any_came(source, crawl)

    def look_whether_any_came(self, source: Source, crawl: Crawl) -> None:
        """A source that gives nothing, or of which nothing is left, is most often a mistake in its address or
        options."""
        if crawl.incomplete:
            return
        if not self.came:
            self.remarks.append(finding("source-empty", source.name))
        elif self._left_out >= self.came:
            told = {name: source.config[name] for name in ("include", "exclude") if source.config.get(name)}
            self.remarks.append(finding("filter-leaves-nothing", source.name, "", msgspec.json.encode(told).decode()))

    def told(self, crawl: Crawl, moved: tuple[Finding, ...] = (), linking: tuple[Finding, ...] = ()) -> dict[str, Any]:
        """What the report says beside sums: what is missing, which fields nothing reads, remarks on the source."""
        unread = Counter(crawl.unread) + self.unread
        not_read = (finding("not-read", value=listed(unread)),) if unread else ()
        return {
            "incomplete": tuple(crawl.incomplete[:REMARKS]),
            "unread": dict(unread.most_common(UNREAD_NAMES)),
            "findings": (*not_read, *crawl.findings, *moved, *self.remarks, *linking)[:REMARKS],
        }


def tally(taken: Iterable[Taken]) -> Counter[str]:
    """The sums of a run that these records add to. A restored record also counts as changed."""
    sums = Counter(one.outcome.lower() for one in taken)
    return sums + Counter(seen=sums.total(), changed=sums["restored"])
