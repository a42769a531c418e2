"""The kind of source `ldes`: an event stream of datasets. https://w3id.org/ldes/specification"""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from dcat.findings import finding
from dcat.read import read_entry

from ..base import MOST_RECORDS, Crawl, Fetched, Harvester, HarvestError, Normalised, RawRecord, Source, StillThere
from ..http import Client, Response
from ..sniff import is_html
from . import tree
from .members import changes, name_of
from .page import READING
from .spool import Spool

N_TRIPLES = "application/n-triples"

MOST_OPEN = 50
"""Pages that may still change that are remembered to begin with; of more the whole tree is walked."""


class Ldes(Harvester):
    """A Linked Data Event Stream."""

    kind: ClassVar[str] = "ldes"
    title: ClassVar[str] = "Linked Data Event Stream (LDES) of DCAT, its stream or view"
    record_types: ClassVar[frozenset[str]] = frozenset({N_TRIPLES})
    reading: ClassVar[str] = READING

    def site(self, url: str) -> str:
        """Without the place in the page."""
        return url.partition("#")[0]

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every dataset, series and service as it is now; after the first run only what changed is asked for,
        as far as its objects can be understood without the older ones."""
        with closing(_Stream(self.site(source.url), client, crawl)) as stream:
            yield from stream.records()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads the one entry of a record."""
        entry, findings, unread = read_entry(raw.body, raw.media_type, raw.address or source.url)
        return Normalised(entry=entry, findings=findings, unread=unread)

    def answers(self, site: str, client: Client) -> bool:
        """True for a page of a tree."""
        response = client.ask(site, accept=tree.ACCEPT)
        if response.status != 200 or is_html(response.body) or b"w3id.org/tree" not in response.body:
            return False
        return _is_tree(response)


class _Stream:
    """One stream during one run."""

    def __init__(self, start: str, client: Client, crawl: Crawl) -> None:
        self._start, self._client, self._crawl = start, client, crawl
        self._tree = tree.Tree(start, client, crawl)
        self._spool = Spool()
        self._open: list[str] = []
        """Pages that may still change."""
        self._closed = "open" in crawl.known
        """True when the server says of some pages that they never change again."""
        self._spool.latest = crawl.known.get("bookmark", "")
        self._old = frozenset(crawl.known.get("seen", "").split())
        """What had changed at the bookmark already."""

    def close(self) -> None:
        """Gives the room back."""
        self._spool.close()

    def records(self) -> Iterator[Fetched]:
        """The entries, or what is still there of them."""
        bookmark = self._crawl.known.get("bookmark", "")
        if bookmark and (self._tree.is_as_before(self._asked()) or not self._is_new(bookmark)):
            self._crawl.unchanged = True
            return
        if bookmark and self._crawl.versions and self._can_go_on():
            yield from self._what_changed()
        else:
            self._begin_again()
            self._take("")
            yield from self._everything()
        self._remember()

    def _asked(self) -> dict[str, tree.Conditions]:
        """The pages in which something new would appear, each with how to ask whether it did."""
        noted: dict[str, tree.Conditions] = json.loads(self._crawl.known.get("asked", "{}"))
        return {urljoin(self._start, page): conditions for page, conditions in noted.items()}

    def _is_new(self, bookmark: str) -> bool:
        """Reads what came since, and says whether that is anything."""
        first = [urljoin(self._start, page) for page in json.loads(self._crawl.known.get("open", "[]"))]
        self._take(bookmark, first)
        return self._spool.latest != bookmark or self._spool.marks() != self._crawl.known.get("seen", "")

    def _take(self, since: str, first: list[str] | None = None) -> None:
        for page in self._tree.pages(first or [self._start], since):
            if page.may_change:
                self._open.append(page.url)
            self._closed = self._closed or not page.may_change
            for change in changes(page.graphs):
                if not change.object:
                    self._lose(page.url)
                elif change.time >= since:
                    self._spool.mark(change)
                    if not (since and change.time == since and name_of(change) in self._old):
                        self._spool.put(change)

    def _lose(self, url: str) -> None:
        self._crawl.findings.append(finding("record-unreadable", url, "tree:member", "a member without IRI"))
        self._crawl.incomplete.append(f"A member on {url} has no IRI, and is a version of nothing that has one.")

    def _can_go_on(self) -> bool:
        """True when what changed are entries that can be read without what is older."""
        return all(
            (one.kind and self._spool.is_whole(one.name)) if one.is_there else one.name in self._crawl.versions
            for one in self._spool.objects()
        )

    def _what_changed(self) -> Iterator[Fetched]:
        yield from (StillThere(identifier=name) for name in self._crawl.versions if not self._spool.has(name))
        yield from self._everything()

    def _begin_again(self) -> None:
        self._spool.close()
        self._spool = Spool()
        self._tree = tree.Tree(self._start, self._client, self._crawl)
        self._open.clear()
        self._crawl.findings.clear()

    def _everything(self) -> Iterator[RawRecord]:
        for number, one in enumerate(self._spool.objects()):
            if number >= 10 * MOST_RECORDS:
                self._crawl.incomplete.append(f"Only the first {number} objects were read.")
                return
            if not one.is_there:
                self._crawl.deleted.add(one.name)
            elif one.kind:
                body, time = self._spool.entry(one)
                yield RawRecord(identifier=one.name, body=body, media_type=N_TRIPLES, address=self._start, version=time)

    def _remember(self) -> None:
        """What the next run begins with; nothing of a stream without dates."""
        if self._spool.latest:
            self._crawl.validators = {"bookmark": self._spool.latest, "seen": self._spool.marks()}
            if self._closed and len(self._open) <= MOST_OPEN:
                self._crawl.validators["open"] = json.dumps(list(dict.fromkeys(map(_path, self._open))))
            asked = self._tree.open("" if self._closed else self._spool.latest)
            if len(asked) <= MOST_OPEN and all(asked.values()):
                self._crawl.validators["asked"] = json.dumps({_path(page): how for page, how in asked.items()})


def _path(page: str) -> str:
    """The address of a page on its server."""
    return urlsplit(page)._replace(scheme="", netloc="").geturl()


def _is_tree(response: Response) -> bool:
    try:
        return tree.speaks_tree(tree.parsed(response))
    except HarvestError:
        return False
