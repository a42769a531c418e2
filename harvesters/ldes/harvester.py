"""The kind of source `ldes`: an event stream of datasets. https://w3id.org/ldes/specification"""

import json
from collections.abc import Iterator
from contextlib import closing
from hashlib import blake2b
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from dcat.rdf import is_blank
from dcat.read import read_entry

from ..base import MOST_RECORDS, Crawl, Fetched, Harvester, HarvestError, Normalised, RawRecord, Source, StillThere
from ..http import Client, Response
from ..sniff import is_html
from . import tree
from .members import Change, changes
from .spool import Spool

N_TRIPLES = "application/n-triples"

MOST_OPEN = 50
"""Pages that may still change that are remembered to begin with; of more the whole tree is walked."""


MOST_AT_ONCE = 1000
"""Changes of one moment that are remembered one by one."""


class Ldes(Harvester):
    """A Linked Data Event Stream."""

    kind: ClassVar[str] = "ldes"
    title: ClassVar[str] = "Linked Data Event Stream (LDES) of DCAT, its stream or view"
    record_types: ClassVar[frozenset[str]] = frozenset({N_TRIPLES})

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
        self._start, self._crawl = start, crawl
        self._tree = tree.Tree(start, client, crawl)
        self._spool = Spool()
        self._open: list[str] = []
        """Pages that may still change."""
        self._closed = "open" in crawl.known
        """True when the server says of some pages that they never change again."""
        self._latest = crawl.known.get("bookmark", "")
        self._at_latest: set[str] = set()
        """What changed at the latest moment, of which more may come."""
        self._old = frozenset(crawl.known.get("seen", "").split())
        """What had changed at the bookmark already."""

    def close(self) -> None:
        """Gives the room back."""
        self._spool.close()

    def records(self) -> Iterator[Fetched]:
        """The entries, or what is still there of them."""
        bookmark = self._crawl.known.get("bookmark", "")
        if bookmark and not self._is_new(bookmark):
            self._crawl.unchanged = True
            return
        if bookmark and self._crawl.versions and self._can_go_on():
            yield from self._what_changed()
        else:
            self._begin_again()
            self._take("")
            yield from self._everything()
        self._remember()

    def _is_new(self, bookmark: str) -> bool:
        """Reads what came since, and says whether that is anything."""
        first = [urljoin(self._start, page) for page in json.loads(self._crawl.known.get("open", "[]"))]
        self._take(bookmark, first)
        return self._latest != bookmark or self._seen() != self._crawl.known.get("seen", "")

    def _take(self, since: str, first: list[str] | None = None) -> None:
        for page in self._tree.pages(first or [self._start], since):
            if page.may_change:
                self._open.append(page.url)
            self._closed = self._closed or not page.may_change
            for change in changes(page.graphs):
                if change.time >= since:
                    self._note(change)
                    if not (since and change.time == since and _name(change) in self._old):
                        self._spool.put(change)

    def _note(self, change: Change) -> None:
        if change.time > self._latest:
            self._latest = change.time
            self._at_latest.clear()
        if change.time == self._latest:
            self._at_latest.add(_name(change))

    def _can_go_on(self) -> bool:
        """True when what changed are entries that can be read without what is older."""
        return all(
            (kind and self._spool.is_whole(name)) if is_there else name in self._crawl.versions
            for name, kind, is_there in self._spool.objects()
        )

    def _what_changed(self) -> Iterator[Fetched]:
        changed = {name for name, _, _ in self._spool.objects()}
        yield from (StillThere(identifier=name) for name in self._crawl.versions if name not in changed)
        yield from self._everything()

    def _begin_again(self) -> None:
        self._spool.close()
        self._spool = Spool()
        self._open.clear()
        self._latest = ""
        self._at_latest.clear()
        self._crawl.findings.clear()

    def _everything(self) -> Iterator[RawRecord]:
        for number, (name, kind, is_there) in enumerate(list(self._spool.objects())):
            if number >= 10 * MOST_RECORDS:
                self._crawl.incomplete.append(f"Only the first {number} objects were read.")
                return
            if kind and is_there:
                body, time = self._spool.entry(name)
                yield RawRecord(identifier=name, body=body, media_type=N_TRIPLES, address=self._start, version=time)

    def _remember(self) -> None:
        """What the next run begins with; nothing of a stream without dates."""
        if self._latest:
            self._crawl.validators = {"bookmark": self._latest, "seen": self._seen()}
            if self._closed and len(self._open) <= MOST_OPEN:
                paths = (urlsplit(page)._replace(scheme="", netloc="").geturl() for page in self._open)
                self._crawl.validators["open"] = json.dumps(list(dict.fromkeys(paths)))

    def _seen(self) -> str:
        """What changed at the latest moment; of very much only what tells it from other."""
        names = " ".join(sorted(self._at_latest))
        return names if len(self._at_latest) <= MOST_AT_ONCE else blake2b(names.encode(), digest_size=16).hexdigest()


def _name(change: Change) -> str:
    """What tells a change from others of the same moment, whatever its blank nodes are called this time."""
    terms = (["_:" if is_blank(term) else str(term) for term in triple] for triple in change.payload)
    said = repr((change.object, sorted(terms)))
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _is_tree(response: Response) -> bool:
    try:
        return tree.speaks_tree(tree.parsed(response))
    except HarvestError:
        return False
