"""Socrata portals, through the discovery API at their own host.

The list is scrolled by identifier, since positions end at 10,000. Charts, maps, filters, stories and measures show data
that other datasets hold, so they are neither asked for nor taken. https://dev.socrata.com/docs/other/discovery
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from dcat.model import (
    Agent,
    Concept,
    Contact,
    DataService,
    Dataset,
    Distribution,
    Document,
    Identifier,
    Iri,
    LicenseDocument,
    Location,
    Period,
    Text,
)

from . import json, options
from .base import Crawl, Fetched, Harvester, Mapped, Normalised, Option, Part, RawRecord, SkipRecord, Source
from .errors import HarvestError
from .fields import Fields
from .http import Client
from .http.addresses import root
from .mapping import fields_left_out
from .news import believed, nothing_changed
from .nodes import concept, concepts, date, documents, iri, iris, statement
from .pages import Page, Pages

API = "/api/catalog/v1"

MOST_AT_ONCE = 100

DATA = ("dataset", "file", "link")
"""Types of assets that hold data, in the words of `only`. Links come back as `href`, files also as `blob`."""

_OF_DATA = frozenset({*DATA, "href", "federated_href", "blob", "api"})

_EXPORTS = (("csv", "CSV"), ("json", "JSON"), ("xml", "XML"))
"""In which forms the table of a dataset can be had."""

_ADDED = "classification.domain_metadata."
"""Where fields stand that a portal adds."""

WHOSE = "a Socrata portal"


READING = """\
- The discovery API, scrolled by identifier, 100 assets at once.
- Of more than 100 assets, as many as before and none with a later `updatedAt`, nothing else is asked. Else, once a
  week and with `--full` all are read: the API has no filter by date.
"""


class Socrata(Harvester):
    """A Socrata portal."""

    kind: ClassVar[str] = "socrata"
    title: ClassVar[str] = "Socrata portal (its own address)"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "domain", str, "", "Domain whose datasets are taken, where it is not the portal's own host.", options.host
        ),
        Option("services", bool, True, "Publish the API of each table as a service of its own."),
        Option("skip_harvested", bool, False, "Leave out datasets that the portal took from another domain."),
    )
    reading: ClassVar[str] = READING
    selecting: ClassVar[tuple[str, ...]] = ("include", "domain")
    mapping: ClassVar[tuple[Mapped, ...]] = (
        Mapped("resource.id", "dct:identifier", "and the files and the API of the table"),
        Mapped("resource.name", "dct:title"),
        Mapped("resource.description", "dct:description"),
        Mapped("resource.attribution", "dct:publisher"),
        Mapped("resource.attribution_link", "dct:publisher, foaf:page", "the web site of who is credited, and a page"),
        Mapped("resource.contact_email", "dcat:contactPoint"),
        Mapped("resource.type", "dcat:distribution", "tables are exports and a service, files and links are files"),
        Mapped("resource.publication_date", "dct:issued"),
        Mapped("resource.createdAt", "dct:issued", "where `publication_date` is missing"),
        Mapped("resource.data_updated_at", "dct:modified"),
        Mapped("resource.updatedAt", "dct:modified", "where `data_updated_at` is missing"),
        Mapped("classification.domain_category", "dcat:theme"),
        Mapped("classification.categories", "dcat:theme"),
        Mapped("classification.domain_tags", "dcat:keyword"),
        Mapped("classification.tags", "dcat:keyword"),
        Mapped(
            "classification.domain_metadata", "dct:publisher, dcat:contactPoint, dct:license", "Common Core: see below"
        ),
        Mapped("metadata.domain", "adms:identifier", "the page at the domain that it comes from; see `skip_harvested`"),
        Mapped("metadata.license", "dct:license"),
        Mapped("permalink", "dcat:landingPage", "where `link` is missing"),
        Mapped("link", "dcat:landingPage"),
        Mapped("owner", "dct:publisher", "where nothing else names one: the portal's own account"),
    )
    left_out: ClassVar[Mapping[str, str]] = {
        **fields_left_out(
            "the columns; the page of the dataset shows them",
            *("columns_name", "columns_field_name", "columns_datatype", "columns_description", "columns_format"),
            within="resource",
        ),
        **fields_left_out("changes with every visit", "page_views", "download_count", within="resource"),
        **fields_left_out(
            "how the portal keeps it",
            *("parent_fxf", "provenance", "locked", "hide_from_data_json", "hide_from_catalog", "lens_view_type"),
            *("lens_display_type", "blob_mime_type", "obe_fxf", "nbe_fxf", "metadata_updated_at"),
            within="resource",
        ),
        **fields_left_out("of the record, not of the data", "creator", "published_copy", "owner.id", "owner.user_type"),
        **fields_left_out("of the record, not of the data", "domain_private_metadata", within="classification"),
        **fields_left_out("about the display", "preview_image_url"),
        **fields_left_out("of budgets", "programcode", "bureaucode", within="classification.domain_metadata"),
        **fields_left_out("how to cite it", "suggestedcitation", within="classification.domain_metadata"),
    }

    def site(self, url: str) -> str:
        """The portal stands at the root of its host."""
        return root(url)

    def answers(self, site: str, client: Client) -> bool:
        """True for a portal whose discovery API answers."""
        said = json.asked(client, f"{site}{API}", domains=urlsplit(site).netloc, limit=1)
        return {"results", "resultSetSize"} <= said.keys()

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every dataset once."""
        site, config = self.site(source.url), self.config(source)
        for id, asset in _Portal(site, config["domain"], client, crawl).datasets():
            yield json.record(id, _without_counters(asset), crawl, address=f"{site}/d/{id}")

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one asset; the API of a table is a part of its own."""
        fields = json.fields(raw, "an asset of Socrata", self.left_out)
        config = self.config(source)
        reading = _Reading(fields, self.site(source.url))
        reading.check(config["domain"], skip_harvested=config["skip_harvested"])
        dataset = reading.dataset()
        service = reading.service(dataset) if config["services"] else None
        parts = (Part(name="api", entry=service),) if service else ()
        return Normalised(entry=dataset, parts=parts, unread=dict(fields.unread() + reading.unread()))


# --- the portal -------------------------------------------------------------------------------------------------------


class _Portal:
    """One portal during one run."""

    def __init__(self, site: str, domain: str, client: Client, crawl: Crawl) -> None:
        self._url, self._client, self._crawl = f"{site}{API}", client, crawl
        self._asked: dict[str, Any] = {"domains": domain or urlsplit(site).netloc, "only": ",".join(DATA)}
        self._total: int | None = None

    def datasets(self) -> Iterator[tuple[str, Any]]:
        """Every dataset with its id; none when nothing changed."""
        newest = self._newest()
        if newest and nothing_changed(self._crawl, self._total, *newest):
            return
        pages = Pages(self._crawl, self._url, id_of)
        yield from believed(pages.by_cursor(self._page), self._crawl, newest, lambda item: [_updated(item)])

    def _newest(self) -> list[str]:
        """The newest date of change; nothing where the portal cannot sort."""
        try:
            said = self._ask(limit=1, order="updatedAt DESC")
        except HarvestError as error:
            if error.status != 400:
                raise
            return []
        found = json.listed(said, "results", self._url, WHOSE)
        self._total = json.number(said, "resultSetSize")
        return [_updated(one) for one in found[:1]]

    def _page(self, scroll: str) -> Page:
        """The assets after the one with that identifier."""
        said = self._ask(limit=MOST_AT_ONCE, scroll_id=scroll or None)
        found = json.listed(said, "results", self._url, WHOSE)
        total = json.number(said, "resultSetSize") if not scroll else self._total
        self._total = total
        last = next(filter(None, map(id_of, reversed(found))), "")
        return Page(found, total, last if last != scroll else "")

    def _ask(self, **asked: Any) -> Any:
        return json.get(self._client, self._url, self._crawl, **self._asked, **asked)


def id_of(item: Any) -> str:
    """What tells an asset from others; empty for what is none."""
    return json.identifier(item.get("resource"), "id") if isinstance(item, Mapping) else ""


def _updated(item: Any) -> str:
    resource = item.get("resource") if isinstance(item, Mapping) else None
    return str(resource.get("updatedAt") or "") if isinstance(resource, Mapping) else ""


def _without_counters(asset: Mapping[str, Any]) -> dict[str, Any]:
    """Without what changes whenever somebody looks at it."""
    counters = ("page_views", "download_count")
    resource = {name: value for name, value in asset["resource"].items() if name not in counters}
    return {**asset, "resource": resource}


# --- the dataset ------------------------------------------------------------------------------------------------------


class _Reading:
    """One asset while it is read."""

    def __init__(self, fields: Fields, site: str) -> None:
        self._fields, self._site = fields, site
        self._resource, self._class, self._meta = (
            _one(fields, name) for name in ("resource", "classification", "metadata")
        )
        self._more = Fields(_added(self._class), _ADDED, left_out=Socrata.left_out)
        self._id, self._type = self._resource.text("id"), self._resource.text("type")
        self._license = self._licence()

    def unread(self) -> Counter[str]:
        """Fields that the portal adds and nobody asked for."""
        return self._more.unread()

    def check(self, domain: str, *, skip_harvested: bool) -> None:
        """Raises for what is no dataset, or is not wanted."""
        if not self._id:
            raise ValueError("resource.id: there is none. This is no asset of Socrata.")
        if self._type and self._type not in _OF_DATA:
            raise SkipRecord(f"It is a {self._type}, which shows what other datasets hold.", "NOT_DATA")
        origin = self._meta.text("domain")
        if skip_harvested and origin and origin not in {domain, urlsplit(self._site).netloc}:
            raise SkipRecord(f"The portal took it from {origin} (domain).", "HARVESTED")

    def dataset(self) -> Dataset:
        """What it says of the data."""
        more, resource = self._more, self._resource
        page = self._fields.text("link", "permalink")
        files, publisher = tuple(self._files()), self._publisher()
        words = [*self._class.words("domain_tags"), *self._class.words("tags")]
        pages = [word for name in ("references", "describedby", "homepage") for word in more.words(name)]
        pages += resource.words("attribution_link")
        themes = [*self._class.words("domain_category"), *self._class.words("categories"), *more.words("theme")]
        return Dataset(
            title=resource.texts("name"),
            description=resource.texts("description"),
            keyword=tuple(Text(word) for word in dict.fromkeys(words)),
            theme=concepts(dict.fromkeys(themes)),
            publisher=publisher,
            contact=tuple(self._contacts()),
            identifier=(Text(self._id),),
            other_identifier=tuple(self._identifiers()),
            issued=date(more.text("issued") or resource.text("publication_date", "createdAt")),
            modified=date(resource.text("data_updated_at", "updatedAt")),
            language=concepts(more.words("language")),
            landing_page=(Document(iri=Iri(page)),) if page else (),
            page=documents(dict.fromkeys(pages)),
            access_rights=statement(more.text("publicaccesslevel")),
            spatial=tuple(Location(labels=(Text(word),)) for word in more.words("geographiccoverage")),
            temporal=tuple(self._periods()),
            frequency=concept(more.text("updatefrequency")),
            distribution=files,
            license=None if files else self._license,
        )

    def service(self, dataset: Dataset) -> DataService | None:
        """The API of its table; None for a file or a link."""
        if self._type != "dataset":
            return None
        return DataService(
            title=dataset.title,
            publisher=dataset.publisher,
            contact=dataset.contact,
            keyword=dataset.keyword,
            theme=dataset.theme,
            landing_page=dataset.landing_page,
            endpoint_url=iris([f"{self._site}/resource/{self._id}.json"]),
            endpoint_description=iris([f"https://dev.socrata.com/foundry/{urlsplit(self._site).netloc}/{self._id}"]),
            format=(Concept(labels=(Text("JSON"),)),),
            license=self._license,
        )

    def _files(self) -> Iterator[Distribution]:
        if self._type in {"dataset", ""}:
            for ending, format in _EXPORTS:
                address = iris([f"{self._site}/api/views/{self._id}/rows.{ending}?accessType=DOWNLOAD"])
                yield Distribution(
                    access_url=address, download_url=address, format=concept(format), license=self._license
                )
        elif self._type in {"file", "blob"}:
            address = iris([f"{self._site}/download/{self._id}"])
            yield Distribution(access_url=address, download_url=address, license=self._license)
        else:
            yield Distribution(access_url=iris([f"{self._site}/d/{self._id}"]), license=self._license)

    def _publisher(self) -> Agent | None:
        """The one that the portal's own fields name, else who is credited, else the account that owns it."""
        page, owner = self._resource.text("attribution_link"), _one(self._fields, "owner").texts("display_name")
        self._resource.ignore(("attribution", "publication_date", "createdAt"))
        if named := self._more.texts("publisher"):
            return Agent(name=named)
        if credited := self._resource.texts("attribution"):
            return Agent(name=credited, homepage=Document(iri=Iri(page)) if page else None)
        return Agent(name=owner) if owner else None

    def _contacts(self) -> Iterator[Contact]:
        name = self._more.texts("contactname")
        emails = self._more.words("contactemail") or self._resource.words("contact_email")
        self._resource.ignore(("contact_email",))
        if name or emails:
            yield Contact(name=name, email=iris(emails))

    def _identifiers(self) -> Iterator[Identifier]:
        """Its permanent address at the domain that it comes from, by which copies of it are known."""
        domain = self._meta.text("domain") or urlsplit(self._site).netloc
        yield Identifier(notation=(Text(f"https://{domain}/d/{self._id}"),))

    def _periods(self) -> Iterator[Period]:
        start, _, end = self._more.text("temporalapplicability").partition("/")
        if end:
            yield Period(start=date(start.strip()), end=date(end.strip()))

    def _licence(self) -> LicenseDocument | None:
        name, address = self._meta.text("license"), self._more.text("license")
        titles = (Text(name),) if name else ()
        if address and not address.startswith("http"):
            titles, address = (*titles, Text(address)), ""
        return LicenseDocument(iri=iri(address), titles=titles) if titles or address else None


def _one(fields: Fields, name: str) -> Fields:
    """The object in a field; one without fields when there is none."""
    return (fields.objects(name) or [Fields({})])[0]


def _added(classification: Fields) -> dict[str, Any]:
    """Fields that a portal adds, by their names without their set and without what is between words."""
    found: dict[str, Any] = {}
    for pair in classification.objects("domain_metadata"):
        name = re.sub(r"[^a-z]", "", pair.text("key").rpartition("_")[2].lower())
        found.setdefault(name, pair.value("value"))
    return found
