"""DKAN portals: the metastore of DKAN 2, else the package actions of DKAN 1.

The metastore gives every dataset in one answer, as Project Open Data writes them; what it only names by an identifier
(a file, a publisher) is asked for. https://dkan.readthedocs.io/en/latest/
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, ClassVar

import msgspec

from dcat.model import Document, Iri

from . import json, package, pod
from .base import Crawl, Fetched, Harvester, HarvestError, Mapped, Normalised, RawRecord, Source, StillThere
from .details import one_by_one
from .fields import opened, what_it_is
from .http import Client
from .mapping import fields_left_out
from .pages import Page, Pages
from .revisited import Revisited, Told, identified

METASTORE = "/api/1/metastore/schemas"
ACTIONS = "/api/3/action"

_REFERENCED = ("publisher", "distribution", "theme", "keyword")
"""Schemas whose items a dataset may name by their identifiers."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)

_HOUSEKEEPING = frozenset({"revision_timestamp", "log_message"})
"""Fields of DKAN 1 about its own records."""

_CHANGED = re.compile(r"\ADate changed\s+")
"""What DKAN 1 writes before a date."""

_HIDDEN = frozenset({"unpublished", "nicht veröffentlicht", "non publié", "niet gepubliceerd", "true", "1", "yes"})
"""Words of DKAN 1 for what is private; all others (`Published`, `Veröffentlicht`) say that it is not."""


READING = """\
- DKAN 2: its metastore in one answer, asked for with the ETag or date of the last one. Where it names files or
  publishers by identifiers these are asked for, and then the list cannot tell that nothing changed.
- DKAN 1: the list of names, then each package, with the ETag or date of the last time; what did not change is not sent
  again. Its API tells no dates in a list and has no filter: of a server that gives neither ETag nor date all packages
  come each time.
"""


class Dkan(Harvester):
    """A DKAN portal."""

    kind: ClassVar[str] = "dkan"
    title: ClassVar[str] = "DKAN portal (its own address)"
    reading: ClassVar[str] = READING
    mapping: ClassVar[tuple[Mapped, ...]] = pod.MAPPING
    left_out: ClassVar[Mapping[str, str]] = {
        **pod.LEFT_OUT,
        **fields_left_out("how the portal keeps it", "%modified", "%Ref:distribution", "%Ref:publisher", "%Ref:theme"),
        **fields_left_out("how the portal keeps it", "%Ref:keyword", "%Ref:downloadURL"),
    }

    def site(self, url: str) -> str:
        """The portal without the paths of its API and pages."""
        path = re.split("[?#]", url.strip())[0]
        return re.sub(r"(/(api|dataset|datasets|search|data\.json)(/.*)?|/)\Z", "", path)

    def answers(self, site: str, client: Client) -> bool:
        """True for a metastore, and for the actions of CKAN without its search, which DKAN 1 lacks."""
        if "dataset" in json.asked(client, f"{site}{METASTORE}"):
            return True
        try:
            search = client.ask(f"{site}{ACTIONS}/package_search")
        except HarvestError:
            return False
        listed = json.asked(client, f"{site}{ACTIONS}/package_list")
        return search.status == HTTPStatus.NOT_FOUND and isinstance(listed.get("result"), list)

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every dataset once; packages that did not change are not sent again."""
        site = self.site(source.url)
        portal = _Portal(site, client, crawl)
        for id, one in portal.datasets():
            if isinstance(one, StillThere):
                yield one
            else:
                yield json.record(id, one.said, crawl, address=f"{site}/dataset/{id}", version=one.version)

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one dataset of the metastore, or one package."""
        said, site = json.opened(raw, "a dataset of DKAN"), self.site(source.url)
        if "resources" in said:
            entry, unread = package.entry_of(evened_out(said), site)
            return Normalised(entry=entry, unread=unread)
        known = {name: value for name, value in said.items() if not name.startswith("%")}
        entry, parts, unread = pod.entry_of(known, raw.address or source.url)
        if not entry.landing_page and raw.address:
            entry = msgspec.structs.replace(entry, landing_page=(Document(iri=Iri(raw.address)),))
        return Normalised(entry=entry, parts=parts, unread=unread)


# --- the portal -------------------------------------------------------------------------------------------------------


class _Portal:
    """One portal during one run."""

    def __init__(self, site: str, client: Client, crawl: Crawl) -> None:
        self._site, self._client, self._crawl = site, client, crawl
        self._known: dict[str, Any] = {}
        """What was asked for by its identifier."""
        self._revisited = Revisited(client, crawl)

    def datasets(self) -> Iterator[tuple[str, Told | StillThere]]:
        """Every dataset with its identifier; none when nothing changed."""
        url = f"{self._site}{METASTORE}/dataset/items"
        response = self._client.ask(url, accept=json.ACCEPT, headers=self._crawl.known)
        if response.status == HTTPStatus.NOT_MODIFIED and self._crawl.known:
            self._crawl.unchanged = True
            return
        pages = Pages(self._crawl, self._site, lambda one: identified(one, id_of))
        if response.status == HTTPStatus.NOT_FOUND:
            yield from pages.single(self._packages())
            return
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            raise json.refused(response)
        listed = opened(json.read(response, self._crawl))
        if not isinstance(listed, list):
            raise HarvestError(
                "NOT_A_FEED", f"{url} answered {what_it_is(listed)} in place of a list of datasets.", url
            )
        items = [Told(one, url) for one in listed]
        for id, one in pages.by_cursor(lambda _: Page(items, len(items))):
            yield id, one._replace(said=self._resolved(one.said))
        # what is named by an identifier may change while the list does not
        self._crawl.validators = {} if self._known else response.validators

    def _packages(self) -> Iterator[Told | StillThere]:
        """The packages of DKAN 1, one by one: its lists of whole packages are cut where they are long."""
        listed = self._action("package_list")
        if not isinstance(listed, list):
            where = f"{self._site}{ACTIONS}/package_list"
            raise HarvestError("NOT_A_FEED", f"{where} answered {what_it_is(listed)} in place of a list.", where)
        names = list(dict.fromkeys(map(str, listed)))
        self._crawl.declared_total = len(names)
        yield from one_by_one(names, self._package, self._crawl, self._site)

    def _package(self, name: str) -> Told | StillThere:
        """One package, which DKAN 1 gives as a list of one."""
        one = self._revisited.get(json.address(f"{self._site}{ACTIONS}/package_show", id=name))
        if isinstance(one, StillThere):
            return one
        found = _result(one.said, one.address)
        return one._replace(said=found[0] if isinstance(found, list) and found else found)

    def _action(self, action: str) -> Any:
        url = f"{self._site}{ACTIONS}/{action}"
        return _result(json.get(self._client, url, self._crawl), url)

    def _resolved(self, dataset: Any) -> Any:
        """A dataset with what it names by identifiers in their place."""
        return {name: self._named(name, value) if name in _REFERENCED else value for name, value in dataset.items()}

    def _named(self, schema: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._named(schema, one) for one in value]
        if isinstance(value, Mapping) and isinstance(value.get("data"), Mapping | str):
            return value["data"]
        if isinstance(value, str) and _UUID.fullmatch(value):
            return self._item(schema, value)
        return value

    def _item(self, schema: str, id: str) -> Any:
        """What goes by an identifier; the identifier itself, told, when it cannot be had."""
        if id not in self._known:
            asked = list(one_by_one([id], lambda name: self._ask_item(schema, name), self._crawl, self._site))
            self._known[id] = asked[0] if asked else id
        return self._known[id]

    def _ask_item(self, schema: str, id: str) -> Any:
        said = json.get(self._client, f"{self._site}{METASTORE}/{schema}/items/{id}", self._crawl)
        return said.get("data", said) if isinstance(said, Mapping) else said


def _result(said: Any, url: str) -> Any:
    """What an action gives."""
    if isinstance(said, Mapping) and said.get("success") is not False and "result" in said:
        return said["result"]
    why = json.reason(said) or f"It answered {what_it_is(said)}."
    raise HarvestError("API_ERROR", f"{url} gave no result. {why} Check that it is a DKAN portal.", url)


def id_of(item: Any) -> str:
    """What tells a dataset, or a package, from others; empty for what is none."""
    return json.identifier(item, "identifier", "id")


# --- the package of DKAN 1 --------------------------------------------------------------------------------------------


def evened_out(said: Mapping[str, Any]) -> dict[str, Any]:
    """A package of DKAN 1 as CKAN would write it.

    Its states and types have capitals, its publisher is a group, it says in words of the portal's language that
    something is public, and it calls files by their paths.
    """
    resources = said.get("resources")
    listed = said.get("groups")
    groups = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    found = {name: value for name, value in said.items() if name not in {"groups", "private", *_HOUSEKEEPING}}
    found |= {name: value.lower() for name in ("state", "type") if isinstance(value := said.get(name), str)}
    found["private"] = str(said.get("private")).strip().lower() in _HIDDEN
    if groups and not said.get("organization"):
        found["organization"] = {"title": groups[0].get("title")}
    if isinstance(resources, list):
        found["resources"] = [_resource(one) if isinstance(one, Mapping) else one for one in resources]
    return found


def _resource(said: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in said.items() if name not in _HOUSEKEEPING}
    found = {name: _CHANGED.sub("", value) if isinstance(value, str) else value for name, value in kept.items()}
    found["state"] = str(found.get("state") or "active").lower()
    if str(found.get("name")).startswith("dataset/"):
        del found["name"]
    return found
