"""What answers at an address that somebody copied: which kind of source, where it is, and what of it is meant; and
whether a source has what its options name.

A document is told by its first bytes; a page leads to the feed or the API that it belongs to. Nothing is registered.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import msgspec

from harvesters import LINGUA_FRANCA
from harvesters.base import Harvester, HarvestError
from harvesters.http import GZIP, Client, Pace, Response
from harvesters.http.unpack import start_unpacked
from harvesters.sniff import is_binary, is_html, start_of, what_is_packed

from ..errors import Invalid, Unreadable
from ..settings import Settings
from ..sources import credentials as kept
from ..sources import manners, registration

LOOKED_AT = 1_000_000
"""Bytes of a document that are looked at."""
SECONDS = 25.0
"""How long is looked, at most: somebody waits."""
BETWEEN = 0.25
"""Seconds between two requests to a server: they are few, and once."""
LAST = ("waf", "schema-org")
"""Kinds that are found in pages for people, which may name something better."""
ALTERNATES = 5
"""Feeds that a page names and that are looked at."""

_DCAT = b"http://www.w3.org/ns/dcat#"
_TREE = b"https://w3id.org/tree#"
"""Of an event stream, which holds DCAT and is more than a feed."""
_FEED = re.compile(r"text/turtle|application/(?:rdf\+xml|ld\+json|n-triples)|text/n3", re.IGNORECASE)


class Proposal(msgspec.Struct, frozen=True):
    """A source that may be meant."""

    kind: str
    url: str
    config: dict[str, Any]
    """Options that read what the page shows, and no more."""
    why: str
    """What the address is, as a sentence."""


def find_out(
    url: str, settings: Settings, harvesters: Mapping[str, Harvester], credentials: dict[str, Any] | None = None
) -> Proposal:
    """The source that an address belongs to. Raises `Invalid` for no address, `Unreadable` with what is there instead.

    `credentials`: what lets us in there.
    """
    url = registration.check_url(url)
    with asking(settings, url, credentials) as client:
        return Search(url, client, harvesters).found()


def check_options(
    settings: Settings,
    harvesters: Mapping[str, Harvester],
    kind: str,
    url: str,
    *,
    config: dict[str, Any],
    credentials: dict[str, Any] | None = None,
) -> None:
    """Asks a source whether it has what its options name. Raises `Invalid` with what it has instead.

    One that does not answer is not waited for: its next run says what is the matter.
    """
    harvester = registration.harvester_of(harvesters, kind)
    if not harvester.naming:
        return
    url, config = registration.placed(harvester, url, config)
    if any(config.get(name) for name in harvester.naming):
        with asking(settings, url, credentials) as client:
            if why := harvester.lacks(harvester.site(url), config, client):
                raise Invalid(why, "config")


def asking(settings: Settings, url: str, credentials: dict[str, Any] | None) -> Client:
    """A client that asks once, and not for long."""
    shown = kept.of_form(credentials, url) if credentials is not None else None
    behaviour = manners.manners(settings, url)
    pace = Pace(min(behaviour["pace"].interval, BETWEEN))
    behaviour |= {"pace": pace, "tries": 1, "page_deadline": 10.0, "deadline": SECONDS}
    return Client(**behaviour, credentials=shown)


class Search:
    """One address that is looked at."""

    def __init__(self, url: str, client: Client, harvesters: Mapping[str, Harvester]) -> None:
        self._url, self._client, self._harvesters = url, client, harvesters
        self._refusal: HarvestError | None = None

    def found(self) -> Proposal:
        """What is there; raises `Unreadable`."""
        page = self._start(self._url)
        if page is None and self._refusal is not None and self._refusal.code != "HTTP_STATUS":
            raise Unreadable(str(self._refusal), self._refusal.code, "url")  # nobody is there at all
        others = [kind for kind in self._harvesters if kind not in LAST]
        ways = [self._document(page), self._service(others), self._feed_of(page), self._service(LAST)]
        if proposal := next((found for way in ways for found in way), None):
            return proposal
        if page is None and self._refusal is not None:
            raise Unreadable(str(self._refusal), self._refusal.code, "url")
        known = ", ".join(sorted(self._harvesters))
        raise Unreadable(f"{self._url} {_what(page)} Give --kind when you know better: {known}.", "NOT_A_FEED", "url")

    def _start(self, url: str) -> Response | None:
        try:
            page = self._client.start(url, LOOKED_AT)
            is_packed = page.body.startswith(GZIP)
            return page._replace(body=start_unpacked([page.body], LOOKED_AT, url)) if is_packed else page
        except HarvestError as error:
            self._refusal = self._refusal or error
            return None

    def _document(self, page: Response | None) -> Iterator[Proposal]:
        """What is a document by itself."""
        if page is None or is_html(page.body):
            return
        if _DCAT in page.body and _TREE not in page.body and not is_binary(page.body):
            yield Proposal(LINGUA_FRANCA, self._url, {}, "This is a DCAT feed.")
        for kind, harvester in self._harvesters.items():
            if not start_of(page.body).startswith((b"{", b"[", b"<")) and harvester.recognises(page):
                yield Proposal(kind, self._url, {}, f"This is a document of kind {kind!r}: {harvester.title}.")

    def _service(self, kinds: Iterable[str]) -> Iterator[Proposal]:
        """What answers as one of these kinds."""
        for kind in kinds:
            harvester = self._harvesters[kind]
            for place in harvester.places(self._url):
                if self._answers(harvester, place.site):
                    what = f"{place.page} of a source" if place.page else "a source"
                    why = f"This is {what} of kind {kind!r}: {harvester.title}."
                    yield Proposal(kind, place.site, dict(place.config), why)

    def _answers(self, harvester: Harvester, site: str) -> bool:
        try:
            return harvester.answers(site, self._client)
        except HarvestError:
            return False

    def _feed_of(self, page: Response | None) -> Iterator[Proposal]:
        """What a page for people names as its data; else what a document may be that only its kind can tell."""
        if page is None:
            return
        if not is_html(page.body):
            for kind, harvester in self._harvesters.items():
                if harvester.recognises(page):
                    yield Proposal(kind, self._url, {}, f"This is a document of kind {kind!r}: {harvester.title}.")
            return
        for address in alternates(page)[:ALTERNATES]:
            feed = self._start(address)
            if feed is not None and not is_html(feed.body) and _DCAT in feed.body:
                yield Proposal(LINGUA_FRANCA, address, {}, f"This is a page for people; its DCAT feed is {address}.")


def alternates(page: Response) -> list[str]:
    """The addresses at which a page says that it is there as RDF."""
    reader = _Links()
    reader.feed(page.body.decode("utf-8", "replace"))
    return list(dict.fromkeys(urljoin(page.url, link) for link in reader.found))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the links to RDF."""
        said = {name: value or "" for name, value in attrs}
        if tag == "link" and "alternate" in said.get("rel", "").lower() and _FEED.match(said.get("type", "")):
            self.found.append(said.get("href", ""))


def _what(page: Response | None) -> str:
    """What a document is that is no source, with what to do."""
    body = page.body if page else b""
    if packed := what_is_packed(body):
        return f"{packed}."
    if is_html(body):
        return "is a page for people (HTML) that names no feed, and no API that we know answers beside it."
    if not body.strip():
        return "answered with nothing."
    return f"is {(page.media_type if page else '') or 'a document'}, in which we find no catalogue."
