"""The kind of source `schema-org`: a site whose pages describe datasets (https://schema.org/Dataset)."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from http import HTTPStatus
from itertools import islice
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from dcat.findings import finding

from .. import json, options
from ..base import (
    Crawl,
    Fetched,
    Harvester,
    HarvestError,
    Mapped,
    Normalised,
    Option,
    Place,
    RawRecord,
    Source,
    StillThere,
)
from ..details import one_by_one
from ..fields import Fields
from ..http import Client, OneAnswer, Response
from ..http.answers import status_error
from ..in_one_document import held_of, version_of
from ..nodes import is_iri
from ..pages import on_same_server
from ..sniff import is_html
from . import jsonld
from .entry import entry_of, publication_of
from .sitemaps import Listed, Sitemaps
from .tables import LEFT_OUT, MAPPING

ACCEPT = "text/html, application/xhtml+xml;q=0.9, application/ld+json;q=0.8, */*;q=0.1"

_END = re.compile(rb"</(html|body)\s*>", re.IGNORECASE)

FIRST_PAGES, TRIED = 1000, 3
"""Pages of a site map that are looked at, and asked for, to find out whether a site describes datasets."""

SIGNS = (b"ld+json", b"itemscope", b"typeof")
"""What a page holds that describes something for programs."""

GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


READING = """\
- `robots.txt` leads to the site maps, these to the pages, and of each page its JSON-LD is read, where it has none its
  microdata or RDFa. No script is run.
- When all dates of the site maps (`lastmod`) are as before, no page is asked for; else only those with another date.
  The site maps themselves come each time: they are what tells.
- Pages without a date are read each time. With `--full` all are.
"""


class SchemaOrg(Harvester):
    """A site that describes its datasets with schema.org."""

    kind: ClassVar[str] = "schema-org"
    title: ClassVar[str] = "Site with schema.org in its pages (its address, or that of its site map)"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "pages",
            list,
            [],
            "Words one of which is in the address of each page of a dataset, such as `/dataset/`; empty reads all.",
            options.texts,
        ),
    )
    reading: ClassVar[str] = READING
    documents: ClassVar[str] = "a page or JSON-LD with schema.org"
    mapping: ClassVar[tuple[Mapped, ...]] = MAPPING
    left_out: ClassVar[dict[str, str]] = LEFT_OUT

    def site(self, url: str) -> str:
        """Without query, place in the page and last slash."""
        return url.partition("#")[0].partition("?")[0].rstrip("/")

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields the datasets of each page that a site map lists; those of pages that did not change are not asked
        for."""
        words = self.config(source)["pages"]
        listed = [
            page
            for page in Sitemaps(self.site(source.url), client, crawl).pages()
            if not words or any(word in page.url for word in words)
        ]
        if listed and all(page.changed for page in listed) and crawl.is_as_before(_digest(listed)):
            return
        held = held_of(crawl)

        def ask(page: Listed) -> tuple[Listed, jsonld.Page | None]:
            return page, None if _as_changed(page) in held else _page(page, client, crawl)

        told: set[str] = set()
        for page, found in one_by_one(listed, ask, crawl, source.url):
            if found is None:
                yield from (StillThere(identifier=one) for one in held[_as_changed(page)])
                told.update(held[_as_changed(page)])
            else:
                yield from records(page, found, crawl, told)

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one dataset or publication."""
        said = json.opened(raw, "a dataset of schema.org")
        fields = Fields(said, left_out=LEFT_OUT)
        entry = entry_of(fields, raw.address or source.url)
        is_data = not jsonld.types_of(said).isdisjoint(jsonld.DATASETS)
        return Normalised(entry=entry if is_data else publication_of(entry, fields), unread=dict(fields.unread()))

    def places(self, url: str) -> Iterator[Place]:
        """A part of a site by itself, or the whole site."""
        own = self.site(url)
        whole = urljoin(own, "/").rstrip("/")
        yield from map(Place, dict.fromkeys((own, whole)))

    def answers(self, site: str, client: Client) -> bool:
        """True when one of the first pages that a site map lists, those of datasets by their address before others,
        describes a dataset."""
        try:
            listed = list(islice(Sitemaps(site, client, Crawl()).pages(), FIRST_PAGES))
            tried = sorted(listed, key=lambda page: "dataset" not in page.url.lower())[:TRIED]
            return any(_page(page, client, Crawl()).datasets for page in tried)
        except HarvestError:
            return False

    def recognises(self, document: Response) -> bool:
        """True for a page or JSON-LD that describes a dataset with the words of schema.org."""
        body = document.body
        if b"schema.org" not in body or b"Dataset" not in body:
            return False
        looks_so = body.lstrip()[:1] in {b"{", b"["} or (is_html(body) and any(sign in body for sign in SIGNS))
        return looks_so and bool(jsonld.read(document).datasets)

    def records_of(self, document: OneAnswer, source: Source, crawl: Crawl) -> Iterator[Fetched]:
        """The datasets of a page or of a document of JSON-LD."""
        yield from records(Listed(source.url, ""), jsonld.read(document.answer), crawl, set())


def records(page: Listed, found: jsonld.Page, crawl: Crawl, told: set[str]) -> Iterator[RawRecord]:
    """The datasets of a page. `told`: identifiers of this run."""
    if found.broken:
        crawl.findings.append(finding("record-unreadable", page.url, "", f"{page.url}: {found.broken}"))
        crawl.incomplete.append(f"{page.url} could not be read: {found.broken}.")
    apart = dict(_told_apart(page, found, crawl, told))
    for identifier, said in apart.items():
        whole = said | ({"language-of-page": found.language} if found.language else {})
        version = version_of(_as_changed(page), len(apart))
        yield json.record(identifier, whole, crawl, address=page.url, version=version)


def _told_apart(page: Listed, found: jsonld.Page, crawl: Crawl, told: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The datasets of a page that are none of those told, each by its identifier."""
    for number, said in enumerate(found.datasets, start=1):
        identifier = _identifier(said) or _path(page)
        if len(found.datasets) > 1 and identifier == _path(page):
            identifier = f"{identifier}#{Fields(said).text('name') or number}"
            crawl.findings.append(finding("identifier-weak", page.url, "dct:identifier", identifier))
        if identifier in told:
            crawl.findings.append(finding("duplicate-identifier", page.url, "dct:identifier", identifier))
            crawl.doubles += 1
            continue
        told.add(identifier)
        yield identifier, said


def _identifier(said: dict[str, Any]) -> str:
    """The dataset's own: its IRI, its identifier or its address, whichever leads somewhere; empty when it has none."""
    fields = Fields(said)
    named = [fields.text("@id"), fields.text("identifier")]
    named += [one.text("@id", "url", "value") for one in fields.objects("identifier")]
    return next(filter(is_iri, (*named, fields.text("url"))), "")


def _path(page: Listed) -> str:
    """The page within its site, which may get another name."""
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _as_changed(page: Listed) -> str:
    """Which page it is and when it changed; empty without a date."""
    return f"{page.changed} {_path(page)}" if page.changed else ""


def _page(page: Listed, client: Client, crawl: Crawl) -> jsonld.Page:
    """What a page says; nothing when it is gone, although the site map lists it."""
    response = client.ask(page.url, accept=ACCEPT)
    crawl.pages += 1
    if response.status in GONE:
        crawl.findings.append(finding("entry-not-described", page.url, "", page.url))
        return jsonld.Page([], "", "", "")
    if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        raise status_error(response)
    found = jsonld.read(response)
    if not found.datasets and is_html(response.body) and not _END.search(response.body):
        raise HarvestError("BROKEN_OFF", f"{page.url} ends before its end.", page.url)
    if found.datasets or not found.described_by:
        return found
    target = on_same_server(urljoin(page.url, found.described_by), page.url, page.url)
    described = jsonld.read(client.get(target, accept=jsonld.JSON_LD)) if target else found
    return described._replace(language=described.language or found.language)


def _digest(listed: list[Listed]) -> str:
    """What tells that the site maps list the same pages with the same dates."""
    text: Any = "\n".join(f"{page.url} {page.changed}" for page in sorted(listed))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
