"""Getting all records out of a repository, or no more than what changed since the newest that we hold.

Lists go on by tokens: one that expired is begun anew, one that leads back is the end. When a part of a list cannot be
read, identifiers are listed and each record is asked for alone, so that the one at fault costs itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from dcat.findings import finding

from ..base import MOST_PAGES, Crawl, Fetched, HarvestError, RawRecord, StillThere
from ..details import one_by_one
from ..pages import Page, Pages, is_spoilt
from ..xml import XML
from ..xml_records import Found, linked_last
from .repository import EXPIRED, UNGIVEN, UNKNOWN, Batch, Entry, Refusal, Repository

_NAMESPACES = (
    "http://www.w3.org/ns/dcat#",
    "http://data.europa.eu/r5r/",
    "http://standards.iso.org/iso/19115/-3/mdb/2.0",
    "http://standards.iso.org/iso/19115/-3/mdb/1.0",
    "http://www.isotc211.org/2005/gmd",
    "http://www.isotc211.org/2005/gmi",
    "http://datacite.org/schema/kernel-4",
    "http://datacite.org/schema/kernel-3",
    "http://schema.datacite.org/oai/oai-1.0/",
    "http://schema.datacite.org/oai/oai-1.1/",
    "http://www.openarchives.org/OAI/2.0/oai_dc/",
)
"""Formats by their namespace, the one that says most first."""
_WEEK, _DAY, _PREFIX = "week", "day", "prefix"
"""Under which a run notes when it was, by the repository's own clock, and the format that it read."""
_NO_CLOCK = "untold"

LATE = timedelta(days=3)
"""After so long nothing comes any more under a datestamp that has passed: repositories tell what changed when their
nightly work is done, and in the time of where they stand."""


MOST_ASKED = 200
"""Records deleted in one of several sets that are asked for one by one; of more the next list of all sets tells."""


class Listing:
    """One repository during one run."""

    def __init__(self, repository: Repository, crawl: Crawl, config: Mapping[str, Any]) -> None:
        self._repository, self._crawl, self._config = repository, crawl, config
        self._prefix = ""
        self._seen: set[str] = set()
        """Identifiers that were listed."""
        self._deleted: set[str] = set()

    def records(self) -> Iterator[Fetched]:
        """Every record that is not deleted, once."""
        is_by_day = self._repository.is_by_day()
        since = self._since(is_by_day=is_by_day)
        fresh = self._given(since)
        if since:
            changed = list(fresh)
            if len(self._config["sets"]) > 1:
                changed += self._left_in_another_set(changed)
            held = {each.identifier for each in changed} | self._deleted
            yield from (StillThere(identifier=id) for id in self._crawl.versions if id not in held)
            yield from map(self._raw, changed)  # also under the datestamp that we hold: one may stand for two changes
        else:
            yield from linked_last((self._raw(each), _leads_elsewhere(each)) for each in fresh)
        self._crawl.deleted = self._deleted
        if not self._crawl.incomplete:
            self._note()

    def _given(self, since: str) -> Iterator[Entry]:
        """The records in the first format that the repository gives: some name formats that they refuse or have no
        record in."""
        refused: Refusal | None = None
        for prefix in self._prefixes(since):
            self._prefix = prefix
            fresh = self._all(since)
            try:
                first = next(fresh, None)
            except Refusal as refusal:
                if refusal.reason != UNGIVEN:
                    raise
                refused = refusal
                continue
            if first is not None or since or self._deleted:
                return chain([first] if first else [], fresh)
            refused = None
        if refused is not None:
            raise refused
        return iter(())

    def _prefixes(self, since: str) -> Iterator[str]:
        """The format that an operator wants, else that of the last run, then those that the repository names, the one
        that says most first; at last `oai_dc`, which all have."""
        if self._config["prefix"]:
            yield self._config["prefix"]
            return
        if since and (known := self._crawl.known.get(_PREFIX, "")):
            yield known
        formats = self._repository.formats()
        by_namespace = {namespace.rstrip("/"): prefix for prefix, namespace in formats.items()}
        found = filter(None, (by_namespace.get(namespace.rstrip("/")) for namespace in _NAMESPACES))
        yield from dict.fromkeys((*found, "oai_dc"))

    def _since(self, *, is_by_day: bool) -> str:
        """The newest datestamp that we hold, of those that were not in the future; empty to ask for everything: at
        first, and when the last complete run was not in this week of the repository's own clock."""
        read = self._crawl.known.get(_DAY, "")
        moments = (moment for moment in self._crawl.versions.values() if moment[:4].isdigit())
        newest = max((moment for moment in moments if not read or moment[:10] <= read), default="")
        if not newest or self._crawl.known.get(_WEEK) != self._week():
            return ""
        return _from(newest, read, is_by_day=is_by_day)

    def _note(self) -> None:
        """What the next run begins with."""
        self._crawl.validators = {_WEEK: self._week(), _PREFIX: self._prefix}
        if self._repository.day:
            self._crawl.validators[_DAY] = self._repository.day.isoformat()

    def _week(self) -> str:
        return self._repository.week or _NO_CLOCK

    def _all(self, since: str) -> Iterator[Entry]:
        """The records of all sets that are asked for, each once."""
        given: set[str] = set()
        for name in self._config["sets"] or [""]:
            asked = (
                {"metadataPrefix": self._prefix} | ({"set": name} if name else {}) | ({"from": since} if since else {})
            )
            for entry in self._whole(self._listed(asked)):
                if entry.identifier not in given:
                    yield entry
                given.add(entry.identifier)

    def _listed(self, asked: Mapping[str, str]) -> Iterator[Entry]:
        """The records of one list."""
        pages = Pages(self._crawl, self._repository.address, lambda entry: entry.identifier)
        try:
            for _, entry in pages.by_cursor(partial(self._page, asked)):
                yield entry
        except HarvestError as error:
            if not is_spoilt(error) or isinstance(error, Refusal):
                raise
            yield from self._alone(pages, asked, error)

    def _left_in_another_set(self, changed: list[Entry]) -> list[Entry]:
        """Of what some set says is deleted, the records that are still in one of ours.

        Some repositories call deleted what only left a set, so the record itself is asked for: its own status holds
        (http://www.openarchives.org/OAI/openarchivesprotocol.html#DeletedRecords).
        """
        listed = {each.identifier for each in changed}
        doubtful = sorted(self._deleted.intersection(self._crawl.versions) - listed)
        asked = one_by_one(doubtful[:MOST_ASKED], self._alone_now, self._crawl, self._repository.address)
        there = {each.identifier: each for each in asked if not each.is_deleted and self._is_ours(each)}
        self._deleted.difference_update(listed, there, doubtful[MOST_ASKED:])
        return [each for each in there.values() if each.record is not None]

    def _alone_now(self, identifier: str) -> Entry:
        """The record as it is; one that the repository knows no more is deleted, one that it will not give is there."""
        try:
            return self._repository.record(identifier, self._prefix)
        except Refusal as refusal:
            return Entry(identifier, "", is_deleted=refusal.reason == UNKNOWN)

    def _is_ours(self, entry: Entry) -> bool:
        """True for a record in one of our sets, or in one below it (`data` has `data:water`); and where its header
        names none."""
        above = [f"{name}:" for name in self._config["sets"]]
        return not entry.sets or any(f"{name}:".startswith(one) for name in entry.sets for one in above)

    def _page(self, asked: Mapping[str, str], token: str) -> Page:
        batch = self._batch("ListRecords", asked, token)
        return Page(self._news(batch), next=batch.token)

    def _whole(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The records that are given; one that comes as a header alone is told by its name."""
        for entry in entries:
            if entry.record is not None:
                yield entry
                continue
            where = self._repository.address_of(entry.identifier, self._prefix)
            self._crawl.findings.append(finding("record-unreadable", where, "metadata", entry.identifier))
            self._crawl.incomplete.append(f"The record {entry.identifier} came without its metadata.")

    def _batch(self, verb: str, asked: Mapping[str, str], token: str) -> Batch:
        """A part of a list. With a token that expired the list is begun anew, up to where it brings what is new."""
        try:
            return self._repository.batch(verb, asked, token)
        except Refusal as refusal:
            if refusal.reason != EXPIRED or not token:
                raise
        batch = self._repository.batch(verb, asked, "")
        for _ in range(MOST_PAGES):
            if not batch.token or any(entry.identifier not in self._seen for entry in batch.entries):
                break
            batch = self._repository.batch(verb, asked, batch.token)
        return Batch([entry for entry in batch.entries if entry.identifier not in self._seen], batch.token)

    def _news(self, batch: Batch) -> list[Entry]:
        """The entries of a part that are records; deleted ones are noted."""
        self._seen.update(entry.identifier for entry in batch.entries)
        self._deleted.update(entry.identifier for entry in batch.entries if entry.is_deleted)
        return [entry for entry in batch.entries if not entry.is_deleted]

    def _alone(self, pages: Pages, asked: Mapping[str, str], error: HarvestError) -> Iterator[Entry]:
        """Each record by a request of its own; raises the error when identifiers cannot be listed either."""
        known = frozenset(self._seen)
        try:
            names = [name for name in self._identifiers(asked) if name not in known]
        except HarvestError:
            raise error from None

        def one(name: str) -> Entry:
            return self._repository.record(name, self._prefix)

        found = one_by_one(names, one, self._crawl, self._repository.address)
        for _, entry in pages.single(entry for entry in found if not entry.is_deleted):
            yield entry

    def _identifiers(self, asked: Mapping[str, str]) -> list[str]:
        crawl = Crawl()

        def page(token: str) -> Page:
            batch = self._batch("ListIdentifiers", asked, token)
            return Page(self._news(batch), next=batch.token)

        listed = Pages(crawl, self._repository.address, lambda entry: entry.identifier)
        names = [name for name, _ in listed.by_cursor(page)]
        self._crawl.incomplete += crawl.incomplete
        return names

    def _raw(self, entry: Entry) -> RawRecord:
        record = entry.record or Found("", b"", XML)
        address = self._repository.address_of(entry.identifier, self._prefix)
        return record.raw(entry.identifier, address, entry.version)


def _from(newest: str, read: str, *, is_by_day: bool) -> str:
    """Since when to ask. `newest`: the newest datestamp that we hold. `read`: the day of the last complete run, when
    more may still have come under that datestamp, unless it was long over."""
    asked = newest[:10] if is_by_day else newest
    try:
        moment, last = datetime.fromisoformat(newest), date.fromisoformat(read)
    except ValueError:
        return asked
    if last - moment.date() <= LATE:
        return asked
    after = moment + (timedelta(days=1) if is_by_day else timedelta(seconds=1))
    return after.strftime("%Y-%m-%d" if is_by_day else "%Y-%m-%dT%H:%M:%SZ")


def _leads_elsewhere(entry: Entry) -> bool:
    return entry.record is not None and entry.record.leads_elsewhere
