"""DCAT feeds: one file in any serialisation of RDF, or pages of it.

A feed is cut into records, one for each dataset, series and service: its own part of the graph as N-Triples.
"""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from http import HTTPStatus
from typing import ClassVar, NamedTuple
from urllib.parse import urlsplit

import msgspec

from dcat import rdf
from dcat.entries import entries, only_entry, overview
from dcat.findings import finding
from dcat.model import DataService, Dataset, DatasetSeries, Distribution, Publication, properties
from dcat.namespaces import PREFIXES, RDF_TYPE, expand
from dcat.rdf import Graph
from dcat.read import read_entry

from . import hydra
from .base import (
    MOST_PAGES,
    MOST_RECORDS,
    Crawl,
    Harvester,
    HarvestError,
    Mapped,
    Normalised,
    RawRecord,
    SkipRecord,
    Source,
)
from .feed_identity import Names, names, told_apart
from .http import GZIP, Client, Response, gunzip, not_what_was_asked
from .pages import Trail, on_same_server
from .same_pages import SamePages
from .sniff import is_binary, is_empty, is_html, is_triples, what_is_packed

ACCEPT = (
    "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.8, "
    "application/trig;q=0.7, */*;q=0.1"
)

N_TRIPLES = "application/n-triples"

MOST_MENTIONS = 10_000
"""Services that are kept until all pages are read, for one may describe them better."""

USUAL_SIZE = 20_000
"""Bytes of a document for each of its records, before it is parsed: real feeds take 5,000 to 17,000 in Turtle, 6,000 to
25,000 in RDF/XML, 9,000 to 46,000 as N-Triples."""

_LOST = {"subject-invalid": "have no valid address", "record-unreadable": "could not be read"}
"""Remarks about a page that say that a record is missing, with the reason."""

TABLE = tuple(
    Mapped(struct.CLASS, ", ".join(dict.fromkeys(field.property.curie for field in properties(struct))))
    for struct in (Dataset, DatasetSeries, DataService, Publication, Distribution)
)
"""The properties that are read of each class: those of the model."""

SELF_ENDING = frozenset({rdf.Format.RDF_XML, rdf.Format.JSON_LD})
"""Serialisations that say where they end: a cut document is not well-formed."""


READING = """\
- One file, or pages that lead to the next (Hydra, `hydra:next` and its older spellings, as an IRI or a text). Each
  page is asked for once; links to another host are followed on the source's own.
- The document tells its format, whatever its server calls it. Documents are never fetched because another names
  them: contexts of JSON-LD that are widely used are ours.
- A feed is cut into its datasets, series and services, each with the files, agents and places that it is made of. A
  record is known by its IRI; one without, by its `dct:identifier`, its page, title or files. A service that is on
  a page for the sake of a file, and not listed there, is read from the page that lists it.
- Where nothing is a dataset of DCAT, what schema.org calls one (`schema:Dataset`) is.
- When the server says of each page that nothing changed (`ETag`, `Last-Modified`), nothing else is asked for. Where
  it says nothing, all pages come each time: dates in a feed are the publishers' own. A feed of one page that is the
  same byte for byte is not parsed again.
- Of a document of more than 4 MB no more than the record at hand stands in memory: what it says is kept in a temporary
  file (`TMPDIR`, up to eight times its size, for a moment twice) while its records are cut out. A process of its own
  parses it and ends; that one needs the size of the document and some 60 MB, more of RDF/XML and JSON-LD. The process
  that harvests held 160 MB of 2,000 datasets in one file; of 24,000 it holds some 40 MB more, of 8,000 in pages 12 MB
  more than of 2,000. Of one file of 100 MB, whose texts are long, it held 265 MB while it wrote the index, and while
  that file was parsed 165 MB beside the 157 MB of the one that parsed it (`python -m benchmarks.held`).
- Values are mended as [normalisation](../normalisation.md) tells.
"""


class DcatFeed(Harvester):
    """A DCAT file or paged DCAT feed."""

    kind: ClassVar[str] = "dcat"
    title: ClassVar[str] = "DCAT file or pages (Turtle, RDF/XML, JSON-LD, N-Triples; also packed with gzip)"
    record_types: ClassVar[frozenset[str]] = frozenset({N_TRIPLES})
    documents: ClassVar[str] = "DCAT in an RDF format"
    reading: ClassVar[str] = READING
    formats: ClassVar[dict[str, tuple[Mapped, ...]]] = {"Properties, by their class": TABLE}

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
        """Yields every dataset, series and service once, the first of those with the same identifier.

        Those without IRI come last, when all of them are known: see `feed_identity`.
        """
        yield from _Feed(source.url, client, crawl).records()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads the one entry of a record."""
        if raw.body.endswith(_IS_CATALOG) and raw.body.count(b"\n") == 1:
            raise SkipRecord("It is a catalogue and no dataset. The datasets that it lists are read.", "NOT_DATA")
        entry, findings, unread = read_entry(raw.body, raw.media_type, raw.address or source.url)
        return Normalised(entry=entry, findings=findings, unread=unread)

    def record(self, identifier: str, body: bytes, media_type: str) -> RawRecord | None:
        """One record in any serialisation of RDF: every producer may send that, whatever the kind of the source."""
        return parse_record(body, media_type, identifier)

    def graph(self, answer: Response, max_bytes: int) -> Graph | None:
        """What a page says."""
        return graph_of(answer, max_bytes)


def parse_record(body: bytes, media_type: str, identifier: str, base: str = "") -> RawRecord:
    """One record that a producer sends, in any serialisation, as a harvest would have fetched it.

    Raises `ValueError` with a sentence when it cannot be parsed, or describes no entry or several.
    """
    graph = rdf.parse(body, media_type, base)
    subject, kind = only_entry(graph)
    if graph.findings:  # kept as it was sent, so that whoever reads it tells what was mended
        return RawRecord(identifier=identifier, body=body, media_type=media_type)
    return RawRecord(identifier=identifier, body=rdf.subgraph(graph, subject, kind), media_type=N_TRIPLES)


def graph_of(response: Response, max_bytes: int) -> Graph:
    """What a page of a feed says, packed or not. Raises `HarvestError` when it cannot be unpacked, `ParseError`."""
    body = gunzip([response.body], max_bytes, response.url) if response.body.startswith(GZIP) else response.body
    return rdf.parse(body, _declared_format(response._replace(body=body)), response.url)


class _Page(NamedTuple):
    """One page, read."""

    response: Response
    """Without its body, which may be long."""
    content: bytes
    """Tells it from other pages."""
    paging: hydra.Paging
    graph: Graph


class _Nameless(NamedTuple):
    """An entry without IRI."""

    names: Names
    kind: str
    raw: RawRecord


class _Feed:
    """One feed during one run."""

    def __init__(self, start: str, client: Client, crawl: Crawl) -> None:
        self._start = start
        self._client = client
        self._crawl = crawl
        self._trail = Trail()
        self._pages = SamePages(client, crawl)
        self._kinds: dict[str, str] = {}
        """The kind of each record that was yielded, by its identifier."""
        self._doubles = 0
        """Datasets that one page describes twice under one identifier."""
        self._mentions: dict[str, tuple[str, RawRecord]] = {}
        """Entries that a page names and may not describe (`_is_mention`): another page may."""
        self._nameless: list[_Nameless] = []
        self._listed: dict[str, tuple[str, str]] = {}
        """What catalogues list, with the catalogue and its property."""
        self._catalogs: set[str] = set()
        """Catalogues that are listed as entries."""

    def records(self) -> Iterator[RawRecord]:
        """The records of all pages."""
        declared: int | None = None
        address = self._start
        if self._pages.are_as_before(ACCEPT):
            return
        while address:
            page = self._page(address)
            if page is None:
                self._crawl.unchanged = True
                return
            declared = page.paging.total if declared is None else declared
            before = self._met
            yield from self._described(page.graph, address, declared or 0)
            address = self._next(page, self._met - before, declared)
        for identifier, (kind, raw) in self._mentions.items():
            if identifier not in self._kinds:
                self._kinds[identifier] = kind
                yield raw
        yield from self._named()
        self._tell_of_undescribed()
        self._crawl.declared_total = self._declared(declared)

    def _page(self, address: str) -> _Page | None:
        """The page at an address; None when the feed, which is one page, has not changed."""
        conditions = self._pages.conditions if address == self._start else {}
        response = self._client.get(address, accept=ACCEPT, headers=conditions)
        if response.status == HTTPStatus.NOT_MODIFIED or self._pages.is_as_before(response):
            return None
        body = response.body
        if body.startswith(GZIP):
            body = gunzip([body], self._client.max_bytes, address)
            response = response._replace(body=body, proven=True)
        declared = _declared_format(response)
        if is_empty(body) or is_html(body) or is_binary(body):
            raise not_what_was_asked(response, "RDF")
        self._crawl.expect(self._met + len(body) // USUAL_SIZE)
        graph = _parsed(body, declared, address)
        if not _speaks_dcat(graph, body, declared):
            raise not_what_was_asked(response, "a DCAT catalogue")
        self._crawl.pages += 1
        self._pages.note(address, response)
        self._remember(graph, response, rdf.sniff(body, declared))
        paging = hydra.paging(graph, response)
        return _Page(response._replace(body=b""), blake2b(body).digest(), paging, graph)

    def _remember(self, graph: Graph, response: Response, format: rdf.Format) -> None:
        """What a page says about itself and about what could not be read in it."""
        self._crawl.findings += graph.findings
        for rule, reason in _LOST.items():
            if lost := [found.value for found in graph.findings if found.rule == rule]:
                self._stop(f"{len(lost)} records {reason}, such as {lost[0][:200]!r}.")
        if not response.proven and format not in SELF_ENDING:
            self._stop(f"{response.url} does not say how long it is, so it may have been cut off.")

    def _described(self, graph: Graph, address: str, declared: int) -> Iterator[RawRecord]:
        """The entries that a page describes, each once, and catalogues among them; those without IRI are kept."""
        page = overview(graph)
        self._listed |= page.listed
        for subject in page.catalogs:
            if subject not in self._catalogs:
                self._catalogs.add(subject)
                yield RawRecord(
                    identifier=subject,
                    body=b"<%b>%b" % (subject.encode(), _IS_CATALOG),
                    media_type=N_TRIPLES,
                    address=address,
                )
        self._crawl.expect(max(declared, self._met + len(page.entries)))
        for subject, kind in page.entries.items():
            known = names(graph, subject)
            identifier = known.chain[0] if known.chain else ""
            if identifier in self._kinds and not rdf.is_blank(subject):
                # Services and series may be described on every page that needs them; a dataset may not.
                if kind == "dataset":
                    other = f"{identifier} ({subject})" if subject != identifier else identifier
                    self._found("duplicate-identifier", subject, "dct:identifier", other)
                continue
            try:
                body = rdf.subgraph(graph, subject, kind)
            except rdf.TooMuch as error:
                self._stop(f"{subject} could not be read. {error}")
                self._found("record-unreadable", address, "dct:identifier", subject)
                continue
            raw = RawRecord(identifier=identifier, body=body, media_type=N_TRIPLES, address=address)
            if rdf.is_blank(subject):
                self._keep(_Nameless(known, kind, raw))
            elif self._is_mention(graph, subject, kind, page.listed):
                _, known_as = self._mentions.get(identifier, (kind, raw))
                self._mentions[identifier] = kind, max(known_as, raw, key=lambda one: len(one.body))
            else:
                self._kinds[identifier] = kind
                yield raw

    def _is_mention(self, graph: Graph, subject: str, kind: str, listed: Mapping[str, object]) -> bool:
        """True for what has no more than its class, and for a service which the catalogue of the page does not list
        though it lists others: it may be on the page for the sake of a file that leads to it."""
        if graph.nodes[subject].keys() <= {RDF_TYPE}:
            return True
        return kind == "service" and bool(listed) and subject not in listed and len(self._mentions) < MOST_MENTIONS

    def _keep(self, entry: _Nameless) -> None:
        """Keeps an entry without IRI until all are known; one that says nothing cannot be told apart."""
        if entry.names.chain:
            self._nameless.append(entry)
            return
        self._stop("A dataset without address, identifier, landing page, title and files could not be told apart.")
        self._found("record-unreadable", entry.raw.address, "dct:identifier", self._start)

    def _named(self) -> Iterator[RawRecord]:
        """The entries without IRI, each under what tells it from all others."""
        apart = told_apart([entry.names for entry in self._nameless])
        page_of: dict[str, str] = {}
        for known, kind, raw in self._nameless:
            identifier = apart.get(known.chain, known.chain[0])
            if identifier in self._kinds or known.chain not in apart:
                if kind == "dataset":
                    self._found("duplicate-identifier", identifier, "dct:identifier", identifier)
                    self._crawl.doubles += 1
                    self._doubles += page_of.get(identifier) == raw.address
                continue
            self._kinds[identifier] = kind
            page_of[identifier] = raw.address
            if known.is_weak:
                self._found("identifier-weak", identifier, "dct:identifier", identifier)
            for other in known.chain:
                if other != identifier:
                    self._crawl.renamed.setdefault(other, []).append(identifier)
            yield msgspec.structs.replace(raw, identifier=identifier)

    def _tell_of_undescribed(self) -> None:
        """Names what catalogues list and no page describes, when all pages were read."""
        if self._crawl.incomplete:
            return
        for iri, (catalog, property) in self._listed.items():
            if iri not in self._kinds and iri not in self._catalogs:
                self._found("entry-not-described", catalog, property, iri)

    def _next(self, page: _Page, new: int, declared: int | None) -> str:
        """The address of the next page; empty at the end, or where the paging goes wrong."""
        here = page.response.url
        if self._trail.has_seen(here, page.content):
            self._stop(f"The paging goes round in circles: {here} is a page that was read before.")
            return ""
        target = page.paging.next
        if not target:
            if not new and self._crawl.pages > 1 and declared != self._datasets + self._doubles:
                self._stop(f"The last page, {here}, brought no record that the pages before it had not.")
            self._pages.remember()
            return ""
        address = on_same_server(target, here, self._start)
        if address != target:
            self._found("paging-rewritten", here, "hydra:next", target)
        if not address:
            self._stop(f"{here} names a next page that is no web address: {target[:200]!r}")
        elif self._trail.knows(address):
            self._stop(f"The paging goes round in circles: {here} leads to {target}, which was read before.")
        elif self._trail.is_lost(new):
            self._stop(f"The paging goes on without end: {here} and the pages before it brought nothing new.")
        elif self._crawl.pages >= MOST_PAGES or self._met >= MOST_RECORDS:
            self._stop(f"Only {self._crawl.pages} pages were read, up to {here}.")
        else:
            return address
        return ""

    def _declared(self, total: int | None) -> int | None:
        """The total that the feed declares. Some count only datasets, so a total that fits them means all records.

        A dataset that one page has twice was counted twice; one that stands on two pages may have pushed out another.
        """
        if total is None:
            return None
        total -= self._doubles
        return (len(self._kinds) if total == self._datasets else total) + len(self._catalogs)

    @property
    def _met(self) -> int:
        """Entries of the pages that were read."""
        return len(self._kinds) + len(self._nameless)

    @property
    def _datasets(self) -> int:
        return sum(kind == "dataset" for kind in self._kinds.values())

    def _found(self, rule: str, subject: str, field: str, value: str) -> None:
        self._crawl.findings.append(finding(rule, subject, field, value))

    def _stop(self, reason: str) -> None:
        self._crawl.incomplete.append(reason)


_IS_CATALOG = f" <{RDF_TYPE}> <{expand('dcat:Catalog')}> .\n".encode()
"""What is kept of a catalogue that is listed as a dataset: no more than that it is one."""


def _declared_format(response: Response) -> str:
    """The content type; where that says nothing the ending of the address, and where it cannot be the first bytes."""
    if is_triples(response.body) and response.media_type.endswith(("xml", "json", "html")):
        return "nt"
    if response.media_type not in _SAYS_NOTHING:
        return response.headers.get("Content-Type", "")
    return urlsplit(response.url).path.removesuffix(".gz").rpartition(".")[2]


_SAYS_NOTHING = frozenset(
    {"", "text/plain", "application/octet-stream", "application/gzip", "application/x-gzip", "binary/octet-stream"}
)


def _parsed(body: bytes, declared: str, address: str) -> Graph:
    try:
        return rdf.parse(body, declared, address)
    except rdf.ParseError as error:
        if packed := what_is_packed(body):
            raise HarvestError("NOT_A_FEED", f"{address} {packed}.", address) from error
        where = f"{address}, line {error.line}" if error.line else address
        raise HarvestError("NOT_WELL_FORMED", f"{address} cannot be read. {error}", where) from error


_DCAT = (PREFIXES["dcat"], PREFIXES["hydra"])


def _speaks_dcat(graph: Graph, body: bytes, declared: str) -> bool:
    """False for RDF about something else, and for JSON that is no JSON-LD: an error message, another API."""
    if not graph.nodes:
        return rdf.sniff(body, declared) is not rdf.Format.JSON_LD or b'"@context"' in body or b'"@graph"' in body
    for statements in graph.nodes.values():
        types = (type for type in statements.get(RDF_TYPE, ()) if isinstance(type, str))
        if any(iri.startswith(_DCAT) for iri in (*statements, *types)):
            return True
    return "dataset" in entries(graph).values()
