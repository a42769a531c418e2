"""The kind of source `ckan`: packages in, entries out."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

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
    SkipRecord,
    Source,
    StillThere,
)
from ..http import Client, OneAnswer, Response
from ..package import LEFT_OUT, MAPPING, entry_of, is_harvested
from .changes import version_of
from .copied import places
from .documents import packages
from .organisations import UNKNOWN
from .portal import Portal

READING = """\
- The address is that of the portal, of its API or of a page of it; that of an organisation or group takes only what
  is theirs.
- Packages are asked for by `package_search`, in the order of their ids, and go on by what came; where the search is
  closed, by `package_list` and one by one.
- When the portal has as many packages as at the last run and none with a later `metadata_modified`, nothing else is
  asked. When some changed, only those are asked for, if they and what is held are all that it has. Else, in the first
  run of each week, from a portal of at most a hundred packages, and with `--full`, everything is read.
- A package is known by its id. Of several with one id the first counts.
- A field may stand in the package or in its extras (`dcat_issued`), its list may be JSON in a text, and its texts
  may stand by language (`title_translated`, fluent).
"""


class Ckan(Harvester):
    """A CKAN portal."""

    kind: ClassVar[str] = "ckan"
    title: ClassVar[str] = "CKAN portal (address of the portal or of its API)"
    options: ClassVar[tuple[Option, ...]] = (
        Option("rows", int, 1000, "Packages asked for at once; the portal may give fewer.", options.between(1, 10_000)),
        Option("filter", str, "", "Solr filter (fq) that packages must match, such as `tags:open`."),
        Option(
            "organisations",
            list,
            [],
            "Names or titles of the organisations whose packages are taken; empty means all.",
            options.texts,
        ),
        Option("skip_harvested", bool, False, "Leave out packages that the portal took from elsewhere."),
    )
    selecting: ClassVar[tuple[str, ...]] = ("include", "organisations", "filter")
    naming: ClassVar[tuple[str, ...]] = ("organisations",)
    documents: ClassVar[str] = "JSON of CKAN: a package or a list of them"
    reading: ClassVar[str] = READING
    formats: ClassVar[Mapping[str, tuple[Mapped, ...]]] = {"A package": MAPPING}
    left_out: ClassVar[Mapping[str, str]] = LEFT_OUT

    def site(self, url: str) -> str:
        """The portal's own."""
        return site_of(url) or url

    def places(self, url: str) -> Iterator[Place]:
        """The portal of a page, with the organisation or group that it shows."""
        return places(url)

    def answers(self, site: str, client: Client) -> bool:
        """True for a portal whose API says how it is or finds packages, or, with a closed search, lists them."""
        for action in ("status_show", "package_search?rows=0&start=0", "package_list?limit=1"):
            said = json.asked(client, f"{site}/api/3/action/{action}")
            if said.get("success") is True and "help_show" in str(said.get("help")):  # of DKAN it is a sentence
                return True
        return False

    def lacks(self, site: str, config: Mapping[str, Any], client: Client) -> str:
        """An organisation that the portal does not have."""
        try:
            Portal(site, client, Crawl(), {"rows": 1, "filter": "", **config}).wanted()
        except HarvestError as error:
            return str(error) if error.code == UNKNOWN else ""
        return ""

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every public package once, the first of those with the same id."""
        site = site_of(source.url)
        for id, package in Portal(site, client, crawl, self.config(source)).packages():
            if package is None:
                yield StillThere(identifier=id)
                continue
            name = package.get("name")
            address = f"{site}/dataset/{name if isinstance(name, str) else id}"
            yield json.record(id, _without_counters(package), crawl, address=address, version=version_of(package))

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one package."""
        config = self.config(source)
        package = json.opened(raw, "a CKAN package")
        if config["skip_harvested"] and is_harvested(package):
            raise SkipRecord("The portal took it from elsewhere (extras harvest_…).", "HARVESTED")
        entry, unread = entry_of(package, site_of(source.url))
        return Normalised(entry=entry, unread=unread)

    def recognises(self, document: Response) -> bool:
        """True for packages as they are downloaded: one, a list, or what the API answers."""
        return bool(packages(document.body))

    def records_of(self, document: OneAnswer, source: Source, crawl: Crawl) -> Iterator[Fetched]:  # noqa: ARG002
        """The packages of a document."""
        for number, package in enumerate(packages(document.answer.body), start=1):
            named = (package.get("id"), package.get("name"))
            id = next((name for name in named if isinstance(name, str) and name), f"package {number}")
            yield json.record(id, package, crawl, address="")


def site_of(url: str) -> str:
    """The address of a portal, from that of its API, of its list of datasets, or its own; empty for none of the web."""
    site = re.sub(r"(/api(/.*)?|/dataset/?|/)?([?#].*)?\Z", "", url.strip(), count=1)
    return site if site.startswith(("http://", "https://")) else ""


def _without_counters(package: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in package.items() if name != "tracking_summary"}
    if isinstance(resources := kept.get("resources"), list):
        kept["resources"] = [_without_counters(each) if isinstance(each, dict) else each for each in resources]
    return kept
