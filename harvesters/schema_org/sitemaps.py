"""Which pages a site has: robots.txt, its site maps and theirs. https://www.sitemaps.org/protocol.html, RFC 9309"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from dcat.findings import finding
from dcat.rdf.formats import to_utf8

from .. import xml
from ..base import MOST_RECORDS, Crawl, HarvestError
from ..http import GZIP, Client, Response, gunzip
from ..sniff import is_html

MOST_MAPS = 1000
"""Site maps of one run; sitemaps.org allows 50,000 addresses in each."""

ACCEPT = "application/xml, text/xml;q=0.9, text/plain;q=0.8, */*;q=0.1"


_ABSENT = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class Listed(NamedTuple):
    """A page that a site map lists."""

    url: str
    changed: str
    """Its `lastmod`, as written; empty when the map gives none."""

    def __str__(self) -> str:
        return self.url


class Sitemaps:
    """The pages of one site during one run."""

    def __init__(self, start: str, client: Client, crawl: Crawl) -> None:
        """`start`: the base of the site, or one of its site maps."""
        self._start, self._client, self._crawl = start, client, crawl
        self._robots = RobotFileParser()
        self._left_out: list[str] = []

    def pages(self) -> Iterator[Listed]:
        """Every page below the start, each once; those that may not be asked for are told and left out."""
        maps, is_given = self._first_maps()
        waiting, seen, pages = list(maps), set(maps), set[str]()
        while waiting:
            here = waiting.pop(0)
            try:
                inner, listed = self._read(here, may_be_absent=not is_given and here in maps)
            except HarvestError as error:
                if here in maps or error.status not in _ABSENT:
                    raise
                self._crawl.incomplete.append(str(error))  # an index often names maps that are no more
                continue
            fresh = [one for one in inner if one not in seen]
            seen.update(fresh)
            waiting += fresh
            if len(seen) > MOST_MAPS:
                self._crawl.incomplete.append(f"Only the first {MOST_MAPS} site maps were read.")
                waiting.clear()
            for page in listed:
                if page.url not in pages and self._may_read(page.url):
                    pages.add(page.url)
                    yield page
            if len(pages) >= MOST_RECORDS:
                self._crawl.incomplete.append(f"Only the first {MOST_RECORDS} pages were read.")
                break
        self._tell_of_left_out()

    def _first_maps(self) -> tuple[list[str], bool]:
        """The site maps to begin with, and whether the site, or the operator, names them."""
        parts = urlsplit(self._start)
        robots = self._client.ask(urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", "")), accept="text/plain")
        if robots.status == HTTPStatus.OK and not is_html(robots.body):
            self._robots.parse(to_utf8(robots.body)[0].decode("utf-8", "replace").splitlines())
        else:
            self._robots.parse([])
        if is_sitemap(self._start):
            return [self._start], True
        named = [self._here(one) for one in self._robots.site_maps() or []]
        if found := list(dict.fromkeys(filter(None, named))):
            return found, True
        return [f"{self._start.rstrip('/')}/sitemap.xml"], False

    def _read(self, url: str, *, may_be_absent: bool) -> tuple[list[str], list[Listed]]:
        """The site maps and the pages that a site map lists."""
        response = self._client.ask(url, accept=ACCEPT)
        if may_be_absent and response.status in _ABSENT:
            raise HarvestError(
                "HTTP_STATUS",
                f"{self._start} has no site map: robots.txt names none, and there is no {url}. Give the address of the "
                "site map, or ask the site to have one.",
                url,
                status=response.status,
            )
        response = self._client.get(url, accept=ACCEPT) if response.status != HTTPStatus.OK else response
        self._crawl.pages += 1
        if response.body.startswith(GZIP):
            response = response._replace(body=gunzip([response.body], self._client.max_bytes, url), proven=True)
        return self._parsed(response)

    def _parsed(self, response: Response) -> tuple[list[str], list[Listed]]:
        if not xml.is_xml(response.body) and response.body.lstrip().startswith(b"http"):
            lines = to_utf8(response.body)[0].decode("utf-8", "replace").split()
            return [], [Listed(here, "") for line in lines if (here := self._here(line))]
        root = xml.read(response, self._crawl, "a site map")
        if xml.name(root) not in {"urlset", "sitemapindex"}:
            raise HarvestError("NOT_A_FEED", f"{response.url} is XML and no site map.", response.url)
        found = [
            Listed(here, xml.text(xml.child(one, "lastmod")))
            for one in xml.children(root)
            if (here := self._here(xml.text(xml.child(one, "loc"))))
        ]
        return ([one.url for one in found], []) if xml.name(root) == "sitemapindex" else ([], found)

    def _here(self, link: str) -> str:
        """A link of the site as an address of it: `www.` and the scheme may differ. Empty for one of another site."""
        own = urlsplit(self._start)
        try:
            parts = urlsplit(urljoin(self._start, link.strip()))
        except ValueError:
            parts = urlsplit("")
        if _host(parts.hostname) != _host(own.hostname):
            self._left_out.append(link)
            return ""
        return urlunsplit((own.scheme, own.netloc, parts.path, parts.query, ""))

    def _may_read(self, url: str) -> bool:
        below = self._start if not is_sitemap(self._start) else urljoin(self._start, "/")
        if url.startswith(below.rstrip("/")) and self._robots.can_fetch(self._client.user_agent, url):
            return True
        self._left_out.append(url)
        return False

    def _tell_of_left_out(self) -> None:
        if left := self._left_out:
            value = f"{len(left)}: {', '.join(left[:3])}"
            self._crawl.findings.append(finding("pages-left-out", self._start, "", value))


def is_sitemap(url: str) -> bool:
    """True for the address of a site map, and not of a site."""
    return urlsplit(url).path.lower().endswith((".xml", ".xml.gz", ".txt"))


def _host(name: str | None) -> str:
    return (name or "").removeprefix("www.")
