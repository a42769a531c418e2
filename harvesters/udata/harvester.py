"""The kind of source `udata`: datasets in, entries out. https://udata.readthedocs.io/en/stable/"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from .. import json, options
from ..base import Crawl, Fetched, Harvester, Mapped, Normalised, Option, Place, RawRecord, SkipRecord, Source
from ..http import Client
from ..mapping import fields_left_out
from .dataset import dataset_of, is_harvested
from .portal import API, Portal

READING = """\
- The list gives each dataset whole, 100 at once; what it names by codes (licence, area, organisation) is asked for
  once.
- Of more than 100 datasets, as many as before and none touched later (`last_modified_internal`), nothing else is
  asked. Else the dates of all are (about 1 % of a first harvest), and those datasets whose dates are others. With
  `--full` everything is read.
"""


class Udata(Harvester):
    """A portal of udata."""

    kind: ClassVar[str] = "udata"
    title: ClassVar[str] = "udata portal (its own address), such as data.gouv.fr"
    options: ClassVar[tuple[Option, ...]] = (
        Option("organization", str, "", "Identifier of the organisation whose datasets are taken; empty means all."),
        Option("page_size", int, 100, "Datasets asked for at once.", options.between(1, 1000)),
        Option("skip_harvested", bool, False, "Leave out datasets that the portal took from elsewhere."),
    )
    reading: ClassVar[str] = READING
    selecting: ClassVar[tuple[str, ...]] = ("include", "organization")
    naming: ClassVar[tuple[str, ...]] = ("organization",)
    mapping: ClassVar[tuple[Mapped, ...]] = (
        Mapped("id", "dct:identifier"),
        Mapped("title", "dct:title"),
        Mapped("description", "dct:description", "Markdown, as written"),
        Mapped("organization", "dct:publisher", "with the web site that `/organizations/` knows"),
        Mapped("owner", "dct:publisher", "a person who publishes alone"),
        Mapped("contact_points", "dcat:contactPoint"),
        Mapped("tags", "dcat:keyword"),
        Mapped("created_at", "dct:issued"),
        Mapped("last_update", "dct:modified"),
        Mapped("last_modified", "dct:modified", "where `last_update` is missing"),
        Mapped("page", "dcat:landingPage"),
        Mapped("access_type", "dct:accessRights"),
        Mapped("spatial.zones", "dct:spatial", "by the names that `/spatial/zones/` gives the codes"),
        Mapped("zone_names", "dct:spatial", "these names; put there while fetching"),
        Mapped("spatial.geom", "dct:spatial", "GeoJSON becomes a box"),
        Mapped("temporal_coverage", "dct:temporal"),
        Mapped("frequency", "dct:accrualPeriodicity"),
        Mapped("license", "dct:license", "of each file; by the words of `/datasets/licenses/`"),
        Mapped("license_words", "dct:license", "these words; put there while fetching"),
        Mapped("resources", "dcat:distribution, foaf:page", "documentation and code are pages"),
        Mapped("resources.title", "dct:title"),
        Mapped("resources.description", "dct:description"),
        Mapped("resources.url", "dcat:accessURL, dcat:downloadURL", "of an API the access address alone"),
        Mapped("resources.format", "dct:format"),
        Mapped("resources.mime", "dcat:mediaType"),
        Mapped("resources.filesize", "dcat:byteSize"),
        Mapped("resources.checksum", "spdx:checksum"),
        Mapped("resources.schema", "dct:conformsTo"),
        Mapped("resources.created_at", "dct:issued"),
        Mapped("resources.last_modified", "dct:modified"),
        Mapped("harvest", "adms:identifier", "what it is called where it was taken from; see `skip_harvested`"),
    )
    left_out: ClassVar[Mapping[str, str]] = {
        **fields_left_out("a dataset that is so is not published", "private", "archived", "deleted"),
        **fields_left_out("how the portal keeps it", "slug", "uri", "acronym", "internal", "permissions", "extras"),
        **fields_left_out("how the portal keeps it", "resources.id", "resources.internal", "resources.filetype"),
        **fields_left_out("how the portal keeps it", "resources.extras", "resources.latest", "resources.preview_url"),
        **fields_left_out("how the portal keeps it", "resources.harvest", "community_resources", "description_short"),
        **fields_left_out(
            "about the display", "badges", "featured", "organization.logo", "organization.logo_thumbnail"
        ),
        **fields_left_out("about the display", "organization.badges", "organization.acronym", "organization.slug"),
        **fields_left_out("about the display", "organization.class", "organization.id", "organization.uri"),
        **fields_left_out("about the display", "owner.class", "owner.id", "owner.uri", "owner.page", "owner.slug"),
        **fields_left_out("about the display", "owner.avatar", "owner.avatar_thumbnail", "owner.email"),
        **fields_left_out("measured anew here", "quality", "metrics", "resources.metrics"),
        **fields_left_out("said by the areas themselves", "spatial.granularity"),
        **fields_left_out(
            "of the record, not of the data", "frequency_date", "schema", "harvest.backend", "harvest.domain"
        ),
        **fields_left_out("of the record, not of the data", "harvest.source_id", "harvest.source_url"),
        **fields_left_out("of the record, not of the data", "harvest.last_update", "harvest.created_at"),
        **fields_left_out("of the record, not of the data", "harvest.modified_at", "harvest.issued_at"),
        **fields_left_out("of the record, not of the data", "contact_points.role", "contact_points.id"),
        **fields_left_out("of the record, not of the data", "contact_points.organization", "contact_points.owner"),
        **fields_left_out(
            "rules of access, which the portal's page shows", "access_audiences", "authorization_request_url"
        ),
        **fields_left_out("rules of access, which the portal's page shows", "access_type_reason_category"),
        **fields_left_out("rules of access, which the portal's page shows", "access_type_reason"),
    }

    def site(self, url: str) -> str:
        """The portal without the paths of its API and pages."""
        return re.sub(
            r"(/api(/.*)?|(/[a-z]{2})?(/(datasets|organizations|pages)(/.*)?)?|/)\Z", "", re.split("[?#]", url)[0]
        )

    def places(self, url: str) -> Iterator[Place]:
        """The portal of a page, with the organisation that it shows."""
        if found := re.search(r"/organizations/([^/?#]+)", url):
            name = found[1]
            yield Place(self.site(url), {"organization": name}, f"the page of organisation {name!r}")
        yield Place(self.site(url))

    def answers(self, site: str, client: Client) -> bool:
        """True for a portal whose list of datasets answers in pages."""
        said = json.asked(client, f"{site}{API}/datasets/", page_size=1)
        return {"data", "next_page", "page_size", "total"} <= said.keys()

    def lacks(self, site: str, config: Mapping[str, Any], client: Client) -> str:
        """An organisation that the portal does not have."""
        return json.missing(
            client, f"{site}{API}/organizations/{quote(config['organization'], safe='')}/", "organisation"
        )

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every dataset once; those that did not change since the last run are not asked for."""
        yield from Portal(self.site(source.url), client, crawl, self.config(source)).datasets()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one dataset."""
        fields = json.fields(raw, "a dataset of udata", self.left_out)
        if (origin := is_harvested(fields)) and self.config(source)["skip_harvested"]:
            raise SkipRecord(f"The portal took it from {origin} (harvest).", "HARVESTED")
        entry = dataset_of(fields, self.site(source.url))
        return Normalised(entry=entry, unread=dict(fields.unread()))
