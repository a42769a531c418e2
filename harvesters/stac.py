"""STAC: a dataset for each collection, never for an item, out of an API or a catalogue of files.

https://github.com/radiantearth/stac-spec (1.0, 1.1), https://github.com/radiantearth/stac-api-spec
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import quote

import msgspec

from dcat.model import (
    Agent,
    Concept,
    DataService,
    Dataset,
    Distribution,
    Document,
    Identifier,
    Iri,
    LicenseDocument,
    Location,
    Period,
    ProvenanceStatement,
    RightsStatement,
    Text,
)

from . import json, links
from .base import MOST_PAGES, Crawl, Fetched, Harvester, Mapped, Normalised, RawRecord, Source, StillThere
from .details import one_by_one
from .errors import HarvestError
from .fields import Fields
from .http import Client
from .mapping import fields_left_out
from .nodes import box, date, iri, iris, labelled, statement
from .pages import Page, Pages, absolute, on_same_server
from .revisited import Revisited, Told, identified
from .same_pages import SamePages

MOST_AT_ONCE = 100
"""Collections asked for at once; many APIs give all they have."""

_ELSEWHERE = frozenset({"proprietary", "various", "other"})
"""Words for licences that a link names, if anything does."""

_PUBLISHING = ("licensor", "producer", "processor", "host")
"""Roles of providers, that of the publisher first: a host only keeps the files."""

_GEO_JSON = "application/geo+json"


READING = """\
- An API is read through its list of collections, whose pages are asked for with the ETag or date of the last time.
  Where its server gives none the list comes whole each time: the standard gives collections no date and no filter.
- Of a catalogue of files each file is asked for with the ETag or date of the last time, and a collection that did not
  change is not sent again. Files that lead on to others always are: what they lead to may have changed. So a
  catalogue costs a line of HTTP a collection.
"""


class Stac(Harvester):
    """A STAC API or a catalogue of files."""

    kind: ClassVar[str] = "stac"
    title: ClassVar[str] = "STAC (address of the API, or of the root catalogue's file)"
    reading: ClassVar[str] = READING
    mapping: ClassVar[tuple[Mapped, ...]] = (
        Mapped("id", "dct:identifier"),
        Mapped("title", "dct:title", "the id where it is missing"),
        Mapped("description", "dct:description"),
        Mapped("keywords", "dcat:keyword"),
        Mapped("license", "dct:license, dct:rights", "`various`, `other` and `proprietary`: what the link says"),
        Mapped("providers", "dct:publisher", "the licensor, else the producer, the processor, the host"),
        Mapped("providers.roles", "dct:publisher, dct:creator", "producers are creators"),
        Mapped("extent", "dct:spatial, dct:temporal", "the first box and the first interval, open where it is null"),
        Mapped("links", "dcat:distribution, dcat:landingPage, foaf:page", "with the items, as files and as a service"),
        Mapped("assets", "dcat:distribution"),
        Mapped("language", "dct:title", "of the texts"),
        Mapped("created", "dct:issued"),
        Mapped("updated", "dct:modified"),
        Mapped("published", "dct:issued"),
        Mapped("version", "dcat:version"),
        Mapped("sci:doi", "adms:identifier"),
        Mapped("sci:citation", "dct:provenance"),
    )
    left_out: ClassVar[Mapping[str, str]] = {
        **fields_left_out("of the format", "type", "stac_version", "stac_extensions", "links.method", "links.body"),
        **fields_left_out("about the items, which are no datasets", "summaries", "item_assets", "cube:dimensions"),
        **fields_left_out("about the items, which are no datasets", "cube:variables", "item_type", "itemType"),
        **fields_left_out("other languages have records of their own", "languages"),
        **fields_left_out("of the format", "crs", "storageCrs", "conformsTo", "links.headers", "links.merge"),
        **fields_left_out("further publications", "sci:publications"),
    }

    def site(self, url: str) -> str:
        """The API without what is asked of it; a catalogue's file is its own address."""
        path = re.split("[?#]", url.strip())[0]
        return path if path.endswith(".json") else re.sub(r"(/(collections|search|conformance)(/.*)?|/)\Z", "", path)

    def answers(self, site: str, client: Client) -> bool:
        """True for the root of an API, and for a file."""
        return {"stac_version", "links"} <= json.asked(client, site).keys()

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every collection once; files that did not change are not sent again."""
        yield from _Catalogue(self.site(source.url), client, crawl).collections()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one collection."""
        fields = json.fields(raw, "a STAC collection", self.left_out)
        if not fields.text("id"):
            raise ValueError("id: there is none. This is no STAC collection.")
        entry = _Reading(fields, raw.address, self.site(source.url)).dataset()
        return Normalised(entry=entry, unread=dict(fields.unread()))


# --- the catalogue ----------------------------------------------------------------------------------------------------


class _Catalogue:
    """One API or catalogue of files during one run."""

    def __init__(self, site: str, client: Client, crawl: Crawl) -> None:
        self._site, self._client, self._crawl = site, client, crawl
        self._pages = SamePages(client, crawl)

    def collections(self) -> Iterator[Fetched]:
        """Every collection once, with the address where it stands; none when nothing changed."""
        if self._pages.are_as_before(json.ACCEPT):
            return
        root = json.get(self._client, self._site, self._crawl)
        if not isinstance(root, Mapping) or "stac_version" not in root:
            raise HarvestError(
                "NOT_A_FEED",
                f"{self._site} is no STAC catalogue: it says no `stac_version`. Check the address.",
                self._site,
            )
        pages = Pages(self._crawl, self._site, lambda one: identified(one, id_of))
        listed = _linked(root, "data")
        found = pages.by_link(self._page, self._here(listed[0])) if listed else pages.single(self._files(root))
        for id, one in found:
            if isinstance(one, StillThere):
                yield one
            else:
                yield json.record(id, one.said, self._crawl, address=one.address, version=one.version)

    def _here(self, href: str, base: str = "") -> str:
        """A link as an address, kept on the server of the source."""
        here = base or f"{self._site}/"
        return on_same_server(absolute(href, here), here, self._site)

    def _page(self, url: str) -> Page:
        """A page of the list; one that is the whole list may say that it is as before."""
        is_first = not self._crawl.pages
        address = json.address(url, limit=MOST_AT_ONCE) if is_first else url
        conditions = self._pages.conditions if is_first else {}
        response = self._client.get(address, accept=json.ACCEPT, headers=conditions)
        if response.status == HTTPStatus.NOT_MODIFIED:
            self._crawl.unchanged = True
            return Page([])
        said = json.read(response, self._crawl)
        listed, next = json.listed(said, "collections", url, "a STAC API"), _linked(said, "next")
        self._pages.note(address, response)
        if not next and _linked(said, "next", "POST"):
            self._crawl.incomplete.append(f"{url} names a next page that GET cannot ask for.")
        if not next:
            self._pages.remember()
        items = [Told(one, f"{self._site}/collections/{quote(id_of(one), safe='')}") for one in listed]
        return Page(items, json.number(said, "numberMatched"), next[0] if next else "")

    def _files(self, root: Mapping[str, Any]) -> Iterator[Told | StillThere]:
        """The collections among the files that lead on from the root. One that leads on to others is always sent, so
        that these are found."""
        waiting, met, revisited = [self._site], {self._site}, Revisited(self._client, self._crawl)

        def ask(address: str) -> Told | StillThere:
            return Told(root, address) if address == self._site else revisited.get(address)

        while waiting and len(met) <= MOST_PAGES:
            step, waiting = waiting, []
            for one in one_by_one(step, ask, self._crawl, self._site):
                if isinstance(one, StillThere):
                    yield one
                    continue
                children = self._children(one.said, one.address)
                if _is_collection(one.said):
                    yield one._replace(version="" if children else one.version)
                fresh = [child for child in children if child not in met]
                met.update(fresh)
                waiting += dict.fromkeys(fresh)
        if waiting:
            self._crawl.incomplete.append(f"Only the first {MOST_PAGES} files were read.")

    def _children(self, said: Any, address: str) -> list[str]:
        """Where a catalogue leads; a link that leads nowhere is told."""
        base = address if address != self._site else self._root_file()
        named = [one for one in _links(said) if not isinstance(one, Mapping) or one.get("rel") == "child"]
        found = [child for href in _linked(said, "child") if (child := self._here(href, base))]
        if len(found) < len(named):
            self._crawl.incomplete.append(f"{address} has links that cannot be read, so what they lead to is missing.")
        return found

    def _root_file(self) -> str:
        """What relative links of the root begin at."""
        return self._site if self._site.endswith(".json") else f"{self._site}/"


def _is_collection(said: Any) -> bool:
    return isinstance(said, Mapping) and (said.get("type") == "Collection" or "extent" in said)


def id_of(item: Any) -> str:
    """What tells a collection from others; empty for what is none."""
    return json.identifier(item, "id")


def _linked(said: Any, relation: str, method: str = "GET") -> list[str]:
    """Where the links of that relation lead that are asked for by that method."""
    named = [one for one in _links(said) if isinstance(one, Mapping) and one.get("rel") == relation]
    hrefs = [one.get("href") for one in named if str(one.get("method") or "GET").upper() == method]
    return [href for href in hrefs if isinstance(href, str) and href]


def _links(said: Any) -> list[Any]:
    """The links of a file; what stands in the place of a list is one that cannot be read."""
    found = said.get("links") if isinstance(said, Mapping) else None
    return found if isinstance(found, list) else [] if found is None else [None]


# --- the collection ---------------------------------------------------------------------------------------------------


class _Reading:
    """One collection while it is read."""

    def __init__(self, fields: Fields, address: str, site: str) -> None:
        self._fields, self._address, self._site = fields, address, site
        languages = fields.objects("language")
        self._lang = languages[0].text("code") if languages else fields.text("language")
        for one in languages:
            one.ignore(("name", "alternate", "dir"))
        every = (links.link(one, address) for one in fields.objects("links"))
        self._links = [one for one in every if one.relation != "item"]
        named = links.offered(self._links, None).licences
        self._license, self._rights = self._terms(fields.text("license"), named[0] if named else "")

    def dataset(self) -> Dataset:
        """What it says."""
        fields, id = self._fields, self._fields.text("id")
        offers = links.offered(self._links, self._license, self._lang)
        files = tuple(
            msgspec.structs.replace(file, rights=self._rights)
            for file in (*self._items(), *offers.files, *self._assets())
        )
        version, citation = fields.text("version"), fields.texts("sci:citation")
        providers = fields.objects("providers")
        return Dataset(
            title=self._tagged("title") or (Text(id),),
            description=self._tagged("description"),
            keyword=self._tagged("keywords"),
            publisher=_publisher(providers),
            creator=tuple(_agent(one) for one in providers if "producer" in one.words("roles")),
            identifier=(Text(id),),
            other_identifier=tuple(Identifier(notation=(Text(word),)) for word in fields.words("sci:doi")),
            issued=date(fields.text("published", "created")),
            modified=date(fields.text("updated")),
            version=Text(version) if version else None,
            landing_page=offers.landing_pages or self._page(),
            page=offers.pages,
            provenance=(ProvenanceStatement(labels=citation),) if citation else (),
            spatial=tuple(self._places()),
            temporal=tuple(self._periods()),
            distribution=files,
        )

    def _tagged(self, name: str) -> tuple[Text, ...]:
        return tuple(Text(text.value, text.lang or self._lang) for text in self._fields.texts(name))

    def _page(self) -> tuple[Document, ...]:
        """The collection for people, where a link says so; else as programs read it."""
        html = [one.href for one in self._links if one.relation == "alternate" and one.is_page]
        return (Document(iri=Iri(html[0] if html else self._address)),)

    def _items(self) -> Iterator[Distribution]:
        """Its items: those of an API through a service, those of a catalogue of files through its own file."""
        items = [one.href for one in self._links if one.relation == "items"]
        if not items:
            yield Distribution(
                access_url=iris([self._address]),
                media_type=Concept(labels=(Text("application/json"),)),
                license=self._license,
            )
            return
        service = DataService(title=self._tagged("title"), endpoint_url=iris([self._site]), license=self._license)
        yield Distribution(
            access_url=iris(items[:1]),
            media_type=Concept(labels=(Text(_GEO_JSON),)),
            access_service=(service,),
            license=self._license,
        )

    def _assets(self) -> Iterator[Distribution]:
        """Files of the collection as a whole, but pictures of it."""
        for named in self._fields.objects("assets"):
            for one in named.each():
                file = links.file(links.link(one, self._address), self._license, self._lang)
                if not {"thumbnail", "overview"} & set(one.words("roles")):
                    yield file

    def _places(self) -> Iterator[Location]:
        for extent in self._fields.objects("extent"):
            for spatial in extent.objects("spatial"):
                boxes = spatial.value("bbox")
                first = boxes[0] if isinstance(boxes, list) and boxes and isinstance(boxes[0], list) else boxes
                if isinstance(first, list) and len(first) in {4, 6} and all(isinstance(n, int | float) for n in first):
                    half = len(first) // 2
                    yield Location(bbox=box(first[0], first[1], first[half], first[half + 1]))

    def _periods(self) -> Iterator[Period]:
        """The first interval, which is that of the whole; nothing for one that is open at both ends."""
        for extent in self._fields.objects("extent"):
            for temporal in extent.objects("temporal"):
                intervals = temporal.value("interval")
                first = intervals[0] if isinstance(intervals, list) and intervals else None
                if isinstance(first, list) and len(first) == 2 and any(first):
                    yield Period(start=date(str(first[0] or "")), end=date(str(first[1] or "")))

    def _terms(self, said: str, linked: str) -> tuple[LicenseDocument | None, tuple[RightsStatement, ...]]:
        """The licence: its code of SPDX, or the address of the link; where neither is one, the words as rights."""
        if said and said.lower() not in _ELSEWHERE:
            return labelled(LicenseDocument, "labels", said), ()
        if linked:
            return LicenseDocument(iri=iri(linked)), ()
        rights = statement(said) if said.lower() != "other" else None
        return None, (rights,) if rights else ()


def _publisher(providers: list[Fields]) -> Agent | None:
    ranked = sorted(providers, key=lambda one: min(map(_rank, one.words("roles")), default=len(_PUBLISHING)))
    return _agent(ranked[0]) if ranked else None


def _rank(role: str) -> int:
    return _PUBLISHING.index(role) if role in _PUBLISHING else len(_PUBLISHING)


def _agent(provider: Fields) -> Agent:
    page = provider.text("url")
    provider.ignore(("description",))
    return Agent(name=provider.texts("name"), homepage=Document(iri=Iri(page)) if page else None)
