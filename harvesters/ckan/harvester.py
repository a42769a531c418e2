"""The kind of source `ckan`: packages in, entries out."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from dcat.findings import Finding, finding
from dcat.rdf import clean_text

from ..base import COMMON_OPTIONS, Crawl, Harvester, Normalised, Option, RawRecord, SkipRecord, Source
from ..fields import shape
from ..http import Client
from .package import entry_of, is_harvested
from .portal import Portal


class Ckan(Harvester):
    """A CKAN portal."""

    kind: ClassVar[str] = "ckan"
    title: ClassVar[str] = "CKAN portal (address of the portal or of its API)"
    options: ClassVar[tuple[Option, ...]] = (
        Option("rows", int, 1000, "Packages asked for at once; the portal may give fewer."),
        Option("filter", str, "", "Solr filter (fq) that packages must match, such as `tags:open`."),
        Option("organisations", list, [], "Names of the organisations whose packages are taken; empty means all."),
        Option("skip_harvested", bool, False, "Leave out packages that the portal took from elsewhere."),
        *COMMON_OPTIONS,
    )

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:
        """Yields every public package once, the first of those with the same id."""
        site = site_of(source.url)
        seen: dict[str, int] = {}
        doubles = 0
        for package in Portal(site, client, crawl, self.config(source)).packages(seen):
            raw = _raw(package, site, crawl)
            if raw is None:
                continue
            if raw.identifier in seen:
                crawl.findings.append(finding("duplicate-identifier", raw.address, "id", raw.identifier))
                doubles += seen[raw.identifier] == crawl.pages
                continue
            seen[raw.identifier] = crawl.pages
            yield raw
        if crawl.declared_total is not None:
            # Twice on one page is a double of the portal; on two pages, the list moved, and another was missed for it.
            crawl.declared_total -= doubles

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one package."""
        config = self.config(source)
        try:
            package = json.loads(raw.body)
        except RecursionError as error:
            raise ValueError("The package is nested too deeply to be read.") from error
        if not isinstance(package, dict):
            raise ValueError(f"Expected a CKAN package, which is an object, found {shape(package)}.")
        if config["skip_harvested"] and is_harvested(package):
            raise SkipRecord("The portal took it from elsewhere (extras harvest_…).", "HARVESTED")
        entry, unread = entry_of(package, site_of(source.url))
        return Normalised(entry=entry, unread=unread)


def site_of(url: str) -> str:
    """The address of a portal, from that of its API, of its list of datasets, or its own."""
    return re.sub(r"(/api(/.*)?|/dataset/?|/)?([?#].*)?\Z", "", url.strip(), count=1)


def _raw(package: Any, site: str, crawl: Crawl) -> RawRecord | None:
    """The raw record of a package; None, and a remark, for what cannot be told apart from others."""
    id = package.get("id") if isinstance(package, Mapping) else None
    if not isinstance(id, str) or not (id := clean_text(id).strip()):
        found = f"its id is {shape(id)}" if isinstance(package, Mapping) else f"it is {shape(package)}"
        crawl.incomplete.append(f"A package could not be told apart: {found}.")
        crawl.findings.append(finding("record-unreadable", site, "id", json.dumps(package)[:200]))
        return None
    name = package.get("name")
    address = f"{site}/dataset/{name if isinstance(name, str) else id}"
    body, found_text = _encoded(package, address)
    crawl.findings += found_text
    return RawRecord(identifier=id, body=body, media_type="application/json", address=address)


def _encoded(package: Mapping[str, Any], address: str) -> tuple[bytes, list[Finding]]:
    """The package as JSON, its keys in order and without counters of visits: the same content has the same bytes."""
    package = _without_counters(package)
    try:
        return msgspec.json.encode(package, order="sorted"), []
    except UnicodeEncodeError:  # half a character, which no encoding can hold
        text = json.dumps(package, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return clean_text(text).encode(), [finding("text-invalid", address, "", "half characters")]


def _without_counters(package: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in package.items() if name != "tracking_summary"}
    if isinstance(resources := kept.get("resources"), list):
        kept["resources"] = [_without_counters(each) if isinstance(each, dict) else each for each in resources]
    return kept
