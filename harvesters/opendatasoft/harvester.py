"""The kind of source `opendatasoft`: datasets in, entries out. https://help.opendatasoft.com/apis/ods-explore-v2/"""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from .. import json, options
from ..base import Crawl, Fetched, Harvester, Mapped, Normalised, Option, Part, RawRecord, Source
from ..http import Client
from ..http.addresses import root
from ..mapping import fields_left_out
from .dataset import Reading, page_of
from .portal import API, Portal

READING = """\
- The list gives each dataset whole, in each of its languages; past 10,000 datasets the export does.
- Of more than 100 datasets, as many as before and none processed later (`metadata_processed`, `data_processed`),
  nothing else is asked. Else, once a week and with `--full` all are read.
"""


class Opendatasoft(Harvester):
    """An Opendatasoft portal."""

    kind: ClassVar[str] = "opendatasoft"
    title: ClassVar[str] = "Opendatasoft portal (its own address), Explore API 2.1"
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "languages",
            list,
            [],
            "Languages that descriptions are asked for in; empty means those that each dataset has.",
            options.languages,
        ),
        Option("where", str, "", 'ODSQL filter that datasets must match, such as `publisher="Infrabel"`.'),
        Option(
            "exports",
            list,
            ["csv", "json", "xlsx", "geojson", "shp"],
            "Formats in which the table of a dataset is offered as a file; those of maps only where it has a place.",
            options.texts,
        ),
        Option("services", bool, True, "Publish the API of each table as a service of its own."),
        Option("themes", dict, {}, 'EU theme of portal themes, such as `{"Mobilité": "TRAN"}`.', options.themes),
        Option("skip_harvested", bool, False, "Leave out datasets that the portal took from another portal."),
    )
    reading: ClassVar[str] = READING
    selecting: ClassVar[tuple[str, ...]] = ("include", "where")
    mapping: ClassVar[tuple[Mapped, ...]] = (
        Mapped("dataset_id", "dct:identifier, dcat:landingPage", "the page is `/explore/dataset/<id>/`"),
        Mapped("metas.default.title", "dct:title", "in each language"),
        Mapped("metas.default.description", "dct:description", "in each language; HTML becomes text"),
        Mapped("metas.default.keyword", "dcat:keyword", "in each language"),
        Mapped("metas.default.theme", "dcat:theme", "the portal's own words; told when no EU theme is known for one"),
        Mapped("metas.default.publisher", "dct:publisher"),
        Mapped("metas.default.modified", "dct:modified"),
        Mapped("metas.default.language", "dct:language"),
        Mapped("metas.default.license", "dct:license", "of each file and of the service"),
        Mapped("metas.default.license_url", "dct:license"),
        Mapped("metas.default.references", "foaf:page"),
        Mapped("metas.default.attributions", "dct:provenance"),
        Mapped("metas.default.territory", "dct:spatial"),
        Mapped("metas.default.geographic_reference", "dct:spatial", "codes such as `be_80_21004`"),
        Mapped("metas.default.geographic_area", "dct:spatial", "GeoJSON becomes a box"),
        Mapped("metas.default.bbox", "dct:spatial", "GeoJSON becomes a box"),
        Mapped(
            "metas.default.source_domain", "dct:provenance", "a copy from another portal says so; see `skip_harvested`"
        ),
        Mapped("metas.default.source_domain_title", "dct:provenance"),
        Mapped("metas.default.source_domain_address", "dct:provenance"),
        Mapped("metas.default.source_dataset", "adms:identifier", "the page of the original at its own portal"),
        Mapped("metas.dcat.created", "dct:issued", "where `issued` is missing"),
        Mapped("metas.dcat.issued", "dct:issued"),
        Mapped("metas.dcat.creator", "dct:creator"),
        Mapped("metas.dcat.contact_name", "dcat:contactPoint"),
        Mapped("metas.dcat.contact_email", "dcat:contactPoint"),
        Mapped("metas.dcat.accrualperiodicity", "dct:accrualPeriodicity", "words or the EU's IRI"),
        Mapped("metas.default.update_frequency", "dct:accrualPeriodicity", "where the other is not there"),
        Mapped("metas.dcat.spatial", "dct:spatial", "words"),
        Mapped("metas.dcat.temporal", "dct:temporal", "`start/end`"),
        Mapped("metas.dcat.temporal_coverage_start", "dct:temporal"),
        Mapped("metas.dcat.temporal_coverage_end", "dct:temporal"),
        Mapped("metas.dcat.conforms_to", "dct:conformsTo"),
        Mapped("metas.dcat.dataquality", "dct:provenance"),
        Mapped("metas.inspire.theme", "dcat:theme"),
        Mapped("metas.inspire.file_identifier", "adms:identifier"),
        Mapped("has_records", "dcat:distribution", "the exports, and the API as a service (`dcat:servesDataset`)"),
        Mapped("data_visible", "dct:accessRights", "restricted, and without exports, where the data is not to be seen"),
        Mapped("features", "dcat:distribution", "`geo`: exports as maps too"),
        Mapped("attachments", "dcat:distribution"),
        Mapped("alternative_exports", "dcat:distribution"),
    )
    left_out: ClassVar[Mapping[str, str]] = {
        **fields_left_out("the columns; the page of the dataset shows them", "fields"),
        **fields_left_out("how the portal keeps it", "dataset_uid", "visibility", "metas.default.federated"),
        **fields_left_out("how the portal keeps it", "metas.default.parent_domain", "metas.default.shared_catalog"),
        **fields_left_out(
            "how the portal keeps it", "metas.default.oauth_scope", "metas.default.update_frequency_auto"
        ),
        **fields_left_out("how its dates are reckoned", "metas.default.modified_updates_on_data_change"),
        **fields_left_out("how its dates are reckoned", "metas.default.modified_updates_on_metadata_change"),
        **fields_left_out("of the record, not of the data", "metas.default.metadata_processed"),
        **fields_left_out("of the record, not of the data", "metas.default.data_processed"),
        **fields_left_out("about the display", "metas.default.timezone", "metas.default.geographic_area_mode"),
        **fields_left_out("about the display", "metas.default.geographic_reference_auto", "metas.visualization"),
        **fields_left_out("about the display", "metas.explore", "metas.default.geometry_types"),
        **fields_left_out("changes with every row", "metas.default.records_count", "metas.default.records_size"),
        **fields_left_out("the languages of the texts, which say it themselves", "metas.default.metadata_languages"),
    }

    def site(self, url: str) -> str:
        """The portal stands at the root of its host."""
        return root(url)

    def answers(self, site: str, client: Client) -> bool:
        """True for a portal whose list of datasets answers."""
        return {"total_count", "results"} <= json.asked(client, f"{site}{API}/datasets", limit=1).keys()

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every dataset once, in all its languages."""
        site = self.site(source.url)
        for id, dataset in Portal(site, client, crawl, self.config(source)).datasets():
            yield json.record(id, dataset, crawl, address=page_of(site, id))

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one dataset; its API is a part of its own."""
        fields = json.fields(raw, "a dataset of Opendatasoft", self.left_out)
        if not fields.text("dataset_id"):
            raise ValueError("dataset_id: there is none. This is no dataset of Opendatasoft.")
        reading = Reading(fields, self.site(source.url), self.config(source))
        dataset = reading.dataset()
        service = reading.service(dataset)
        parts = (Part(name="api", entry=service),) if service else ()
        return Normalised(entry=dataset, parts=parts, unread=dict(fields.unread()))
