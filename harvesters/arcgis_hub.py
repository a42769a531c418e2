"""ArcGIS Hub sites: the DCAT-US feed that each of them has, or its search API.

What a dataset is called, and under which address, changes at a hub with its title; the item and the layer that it shows
stay, so it is known by these. https://doc.arcgis.com/en/hub/data/federate-data-with-external-catalogs.htm
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, ClassVar

import msgspec

from dcat.model import (
    Agent,
    DataService,
    Dataset,
    Date,
    Distribution,
    Document,
    Identifier,
    Integer,
    Iri,
    LicenseDocument,
    Location,
    ProvenanceStatement,
    Text,
    Wkt,
)

from . import document, json, options, pod
from .base import Crawl, Fetched, Harvester, HarvestError, Mapped, Normalised, Option, RawRecord, SkipRecord, Source
from .fields import Fields
from .http import Client
from .http.addresses import root
from .mapping import fields_left_out
from .news import believed, nothing_changed
from .nodes import box, concept, concepts, iri, iris, wkt
from .pages import Page, Pages

FEEDS = ("/api/feed/dcat-us/1.1.json", "/data.json")
"""Where a hub has its feed; the second is that of hubs before 2022."""

SEARCH = "/api/search/v1/collections/dataset/items"

MOST_AT_ONCE = 100

WHOSE = "an ArcGIS Hub site"

_ITEM = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})(?:_(\d+))?(?![0-9a-f])")
_LAYER = re.compile(r"[?&](?:sub)?layer=(\d+)")
_SERVER = re.compile(r"/(?:Feature|Map|Image|Scene|VectorTile)Server\b", re.IGNORECASE)

_DOWNLOADS = (("csv", "CSV"), ("shapefile", "SHP"), ("geojson", "GEOJSON"), ("excel", "XLSX"))
"""Files that a hub makes of a layer, with their formats."""

_LAYERS = frozenset({"Feature Layer", "Feature Service", "Table"})
"""Types of items of which a hub makes files."""

_NOT_DATA = frozenset(
    {"Web Map", "Web Mapping Application", "Dashboard", "StoryMap", "Hub Page", "Hub Site Application", "Form"}
)

_ITEM_PAGE = "https://www.arcgis.com/home/item.html?id={}"


READING = """\
- The site's DCAT-US feed, asked for with the ETag or date of the last one. Where its server gives none, the feed comes
  whole each time: nothing else in it tells what changed.
- With `read: search` the search API: of more than 100 datasets, as many as before and none with a later `modified`,
  nothing else is asked. Else, once a week and with `--full` all pages are read: the API has no filter by date.
- A dataset is known by its item and layer, whatever its title and address become.
"""


class ArcgisHub(Harvester):
    """An ArcGIS Hub site."""

    kind: ClassVar[str] = "arcgis-hub"
    title: ClassVar[str] = "ArcGIS Hub site (its own address)"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "read",
            str,
            "feed",
            "`feed`: the DCAT-US feed of the site; `search`: its search API, for a feed that is cut or empty.",
            options.one_of("feed", "search"),
        ),
    )
    reading: ClassVar[str] = READING
    mapping: ClassVar[tuple[Mapped, ...]] = (
        *pod.MAPPING,
        Mapped("id", "dct:identifier", "search: the item and its layer"),
        Mapped("geometry", "dct:spatial", "search: where `extent` is missing"),
        Mapped("properties.title", "dct:title", "search"),
        Mapped("properties.name", "dct:title", "search: where `title` is missing"),
        Mapped("properties.description", "dct:description", "search: HTML becomes text"),
        Mapped("properties.snippet", "dct:description", "search: where `description` is missing"),
        Mapped("properties.tags", "dcat:keyword", "search"),
        Mapped("properties.categories", "dcat:theme", "search: the last step of each"),
        Mapped("properties.culture", "dct:title", "search: the language of the texts"),
        Mapped("properties.source", "dct:publisher", "search"),
        Mapped("properties.orgName", "dct:publisher", "search: where `source` is missing"),
        Mapped("properties.organization", "dct:publisher", "search: where both are missing"),
        Mapped("properties.accessInformation", "dct:provenance", "search: credits"),
        Mapped("properties.structuredLicense", "dct:license", "search"),
        Mapped("properties.license", "dct:license", "search: where `structuredLicense` names none"),
        Mapped("properties.licenseInfo", "dct:license", "search: words"),
        Mapped("properties.created", "dct:issued", "search: milliseconds"),
        Mapped("properties.modified", "dct:modified", "search: milliseconds"),
        Mapped("properties.extent", "dct:spatial", "search"),
        Mapped("properties.slug", "dcat:landingPage", "search"),
        Mapped("properties.url", "dcat:endpointURL, dcat:accessURL", "search: a service of ArcGIS, or a file"),
        Mapped("properties.type", "dcat:distribution", "search: layers are files too; maps and pages are no datasets"),
        Mapped("properties.access", "dct:accessRights", "search: only `public` is published"),
        Mapped("properties.size", "dcat:byteSize", "search"),
        Mapped("properties.additionalResources", "foaf:page", "search: what its producer says belongs to it"),
    )
    left_out: ClassVar[Mapping[str, str]] = {
        **pod.LEFT_OUT,
        **fields_left_out("of GeoJSON", "type", "time", "links"),
        **fields_left_out(
            "about the item in ArcGIS, not about the data",
            *("id", "owner", "orgId", "guid", "typeKeywords", "documentation", "spatialReference", "properties"),
            *("proxyFilter", "subInfo", "appCategories", "industries", "languages", "listed", "numComments"),
            *("numRatings", "avgRating", "numViews", "scoreCompleteness", "groupDesignations", "commentsEnabled"),
            *("itemControl", "contentStatus", "isOrgItem", "typeCategories", "groupIds", "advancedSettings", "region"),
            *("collection", "hubType", "content", "composeStatus", "composedAt", "errors", "openData", "downloadable"),
            *("itemModified", "modifiedProvenance", "sourceProvenance", "enrichCoverage", "enrichQuality", "hasApi"),
            *("searchDescription", "thumbnail", "thumbnailUrl", "largeThumbnail", "banner", "screenshots", "orgExtent"),
            *("contentSecurityPolicy", "xFrameOptions", "itemExtent", "validExtent", "metadata"),
            within="properties",
        ),
        **fields_left_out(
            "the columns and the server; the page of the dataset shows them",
            *("layer", "layers", "server", "fields", "fieldNames", "statistics", "recordCount", "displayField"),
            *("advancedQueryCapabilities", "currentVersion", "geometryType", "maxRecordCount", "objectIdField"),
            *("serverCapabilities", "serviceSpatialReference", "supportedQueryFormats", "supportsAdvancedQueries"),
            *("useStandardizedQueries",),
            within="properties",
        ),
    }

    def site(self, url: str) -> str:
        """The site stands at the root of its host."""
        return root(url)

    def answers(self, site: str, client: Client) -> bool:
        """True for a site whose search API answers."""
        return {"features", "numberMatched"} <= json.asked(client, f"{site}{SEARCH}", limit=1).keys()

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every dataset once, by its item and layer."""
        site = self.site(source.url)
        hub = _Hub(site, client, crawl)
        for id, item in hub.found() if self.config(source)["read"] == "search" else hub.fed():
            yield json.record(id, item, crawl, address=f"{site}/datasets/{id}")

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one dataset, as the feed or the search has it."""
        said, site = json.opened(raw, "a dataset of ArcGIS Hub"), self.site(source.url)
        if "properties" in said:
            fields = Fields(said, left_out=self.left_out)
            entry = _Reading(fields, raw.identifier, site).dataset()
            return Normalised(entry=entry, unread=dict(fields.unread()))
        fed, _, unread = pod.entry_of(said, raw.address or source.url)
        if not isinstance(fed, Dataset):
            raise SkipRecord("It is no dataset.", "NOT_DATA")
        return Normalised(entry=of_item(fed, raw.identifier), unread=unread)


# --- the site ---------------------------------------------------------------------------------------------------------


class _Hub:
    """One site during one run."""

    def __init__(self, site: str, client: Client, crawl: Crawl) -> None:
        self._site, self._client, self._crawl = site, client, crawl

    def fed(self) -> Iterator[tuple[str, Any]]:
        """Every dataset of the feed; none when nothing changed."""
        said, url = self._feed()
        if self._crawl.unchanged:
            return
        listed = json.listed(said, "dataset", url, WHOSE)
        yield from Pages(self._crawl, url, id_of).by_cursor(lambda _: Page(listed, len(listed)))

    def _feed(self) -> tuple[Any, str]:
        """What the feed says, and its address. A hub makes it when it is asked, which may take several times."""
        for url in (f"{self._site}{path}" for path in FEEDS):
            try:
                return document.fetched_json(url, self._client, self._crawl), url
            except HarvestError as error:
                if error.status != HTTPStatus.NOT_FOUND or url.endswith(FEEDS[-1]):
                    raise
        raise AssertionError("unreachable: the last address returns or raises")

    def found(self) -> Iterator[tuple[str, Any]]:
        """Every dataset of the search; none when nothing changed."""
        newest = self._page(1, 1, sortBy="-properties.modified")
        dates = [_modified(one) for one in newest.items[:1]]
        if dates and nothing_changed(self._crawl, newest.total, *dates):
            return
        pages = Pages(self._crawl, f"{self._site}{SEARCH}", id_of)
        found = pages.by_position(self._page, MOST_AT_ONCE, first=1)
        yield from believed(found, self._crawl, dates, lambda item: [_modified(item)])

    def _page(self, start: int, count: int, **asked: Any) -> Page:
        url = f"{self._site}{SEARCH}"
        said = json.get(self._client, url, self._crawl, limit=count, startindex=start, **asked)
        return Page(json.listed(said, "features", url, WHOSE), json.number(said, "numberMatched"))


def id_of(item: Any) -> str:
    """What tells a dataset from others: its item, and its layer unless that is the first; empty for what is none."""
    if not isinstance(item, Mapping):
        return ""
    properties = item.get("properties")
    inner = properties.get("id") if isinstance(properties, Mapping) else None
    said = next((one for one in (item.get("identifier"), item.get("id"), inner) if isinstance(one, str) and one), "")
    found = _ITEM.search(said.lower())
    if not found:
        return said.strip()
    layer = found[2] or next(iter(_LAYER.findall(said)), "")
    return found[1] if layer in {"", "0"} else f"{found[1]}_{layer}"


def _modified(item: Any) -> str:
    """When it last changed, in as many digits as all others."""
    properties = item.get("properties") if isinstance(item, Mapping) else None
    return str(properties.get("modified") or "").zfill(20) if isinstance(properties, Mapping) else ""


# --- the dataset ------------------------------------------------------------------------------------------------------


def of_item(fed: Dataset, id: str) -> Dataset:
    """A dataset of the feed, known by its item. Its page is no file, and a server of ArcGIS is a service."""
    pages = (file.access_url[0] for file in fed.distribution if _is_page(file) and file.access_url)
    return msgspec.structs.replace(
        fed,
        iri=None,
        identifier=(Text(id),),
        other_identifier=(*fed.other_identifier, *_item_page(id)),
        landing_page=fed.landing_page or tuple(Document(iri=url) for url in pages),
        distribution=tuple(_served(file) for file in fed.distribution if not _is_page(file)),
    )


def _item_page(id: str) -> tuple[Identifier, ...]:
    """The page of the item, by which other catalogues know a dataset that is one layer, or all."""
    return (Identifier(notation=(Text(_ITEM_PAGE.format(id)),)),) if _ITEM.fullmatch(id) and "_" not in id else ()


def _is_page(file: Distribution) -> bool:
    """True for the page of a dataset, which the feed lists among its files."""
    said = [label.value.lower() for named in (file.format, file.media_type) if named for label in named.labels]
    return "web page" in said or "text/html" in said


def _served(file: Distribution) -> Distribution:
    """A server of ArcGIS as a service."""
    address = next((url for url in file.access_url if _SERVER.search(url)), None)
    if address is None or file.access_service:
        return file
    service = DataService(title=file.title, endpoint_url=(address,), license=file.license)
    return msgspec.structs.replace(file, access_service=(service,), download_url=())


class _Reading:
    """One item of the search while it is read."""

    def __init__(self, fields: Fields, id: str, site: str) -> None:
        self._fields, self._id, self._site = fields, id, site
        self._says = (fields.objects("properties") or [Fields({})])[0]
        fields.ignore(("id", "geometry"))
        self._says.ignore(("snippet", "name", "orgName", "organization", "license", "licenseInfo"))
        self._lang = self._says.text("culture").partition("-")[0]
        self._license = self._licence()

    def dataset(self) -> Dataset:
        """What it says. Raises `SkipRecord` for what is no data, or not public."""
        says, type = self._says, self._says.text("type")
        if type in _NOT_DATA:
            raise SkipRecord(f"It is a {type}, which shows what other datasets hold.", "NOT_DATA")
        if (access := says.text("access") or "public") != "public":
            raise SkipRecord(f"It is not public at its source (access: {access}).", "PRIVATE")
        publisher, credits = says.texts("source", "orgName", "organization"), self._texts("accessInformation")
        files = (*self._service(), *self._files(type))
        slug = says.text("slug") or self._id
        return Dataset(
            title=self._texts("title", "name"),
            description=self._texts("description", "snippet"),
            keyword=self._texts("tags"),
            theme=concepts(word.rpartition("/")[2] for word in says.words("categories")),
            publisher=Agent(name=publisher) if publisher else None,
            identifier=(Text(self._id),),
            other_identifier=_item_page(self._id),
            issued=_moment(says.value("created")),
            modified=_moment(says.value("modified")),
            landing_page=(Document(iri=Iri(f"{self._site}/datasets/{slug}")),),
            page=tuple(self._additional()),
            provenance=(ProvenanceStatement(labels=credits),) if credits else (),
            spatial=tuple(self._places()),
            distribution=files,
            license=None if files else self._license,
        )

    def _texts(self, *names: str) -> tuple[Text, ...]:
        return tuple(Text(text.value, text.lang or self._lang) for text in self._says.texts(*names))

    def _service(self) -> Iterator[Distribution]:
        """The server of its layer, or the file that it is."""
        url, size = self._says.text("url"), self._says.text("size")
        if url:
            bytes = Integer(size) if size.isdigit() and not _SERVER.search(url) else None
            file = Distribution(access_url=iris([url]), byte_size=bytes, license=self._license)
            yield _served(msgspec.structs.replace(file, title=self._texts("title", "name")))

    def _additional(self) -> Iterator[Document]:
        """Pages and files that its producer put beside it, without the server that it has anyway."""
        own = self._says.text("url")
        for one in self._says.objects("additionalResources"):
            address, titles = iri(one.text("url")), one.texts("name")
            if address and not own.startswith(address):
                yield Document(iri=address, titles=tuple(Text(text.value, text.lang or self._lang) for text in titles))

    def _files(self, type: str) -> Iterator[Distribution]:
        """Files that the site makes of a layer."""
        if type not in _LAYERS:
            return
        item, _, layer = self._id.partition("_")
        for name, format in _DOWNLOADS:
            url = f"{self._site}/api/download/v1/items/{item}/{name}?layers={layer or '0'}"
            address = iris([url])
            yield Distribution(access_url=address, download_url=address, format=concept(format), license=self._license)

    def _places(self) -> Iterator[Location]:
        found = _corners(self._says.value("extent"))
        shape = self._fields.literal("geometry")
        if found or shape:
            yield Location(bbox=found) if found else Location(geometry=wkt(shape))

    def _licence(self) -> LicenseDocument | None:
        """The licence that the hub names, else the words of the item."""
        says = self._says
        for one in says.objects("structuredLicense"):
            one.ignore(("type", "abbr", "text"))
            if url := one.text("url"):
                return LicenseDocument(iri=iri(url), titles=one.texts("name"))
        word, words = says.text("license"), says.texts("licenseInfo")
        word = "" if word.lower() in {"none", "custom"} else word
        labels = (Text(word),) if word else ()
        return LicenseDocument(titles=words, labels=labels) if words or labels else None


def _moment(milliseconds: Any) -> Date | None:
    """Milliseconds since 1970 as a date; a date as it is."""
    if isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool):
        try:
            return Date(datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        except (ValueError, OverflowError, OSError):
            return None
    return Date(milliseconds) if isinstance(milliseconds, str) and milliseconds else None


def _corners(extent: Any) -> Wkt | None:
    """A box from two corners, bare or within an object; None for what is none."""
    corners: Any = extent.get("coordinates") if isinstance(extent, Mapping) else extent
    try:
        (west, south), (east, north) = corners
        return box(float(west), float(south), float(east), float(north))
    except (TypeError, ValueError):
        return None
