"""The kind of source `dataverse`: datasets in, entries out. https://guides.dataverse.org/en/latest/api/"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from .. import json, options
from ..base import Crawl, Fetched, Harvester, Mapped, Normalised, Option, Place, RawRecord, Source
from ..fields import Fields
from ..http import Client
from ..mapping import fields_left_out
from .dataset import Reading, flattened
from .repository import Repository

READING = """\
- The search lists the datasets; each is exported once a version. A dataset under the version that is held is not
  exported again.
- Of more than 100 datasets, as many as before and none published later, only the newest is asked for; else, and once a
  week, the list is read (about a tenth of a first harvest). With `--full` everything is exported.
"""


class Dataverse(Harvester):
    """A Dataverse repository."""

    kind: ClassVar[str] = "dataverse"
    title: ClassVar[str] = "Dataverse repository (its own address)"
    options: ClassVar[tuple[Option, ...]] = (
        Option("subtree", str, "", "Alias of the collection (dataverse) whose datasets are taken; empty means all."),
        Option("query", str, "*", "Search that datasets must match."),
        Option("per_page", int, 100, "Datasets listed at once.", options.between(1, 1000)),
    )
    reading: ClassVar[str] = READING
    selecting: ClassVar[tuple[str, ...]] = ("include", "subtree", "query")
    naming: ClassVar[tuple[str, ...]] = ("subtree",)
    mapping: ClassVar[tuple[Mapped, ...]] = (
        Mapped("persistentUrl", "dct:identifier, dcat:landingPage", "the DOI, which is the dataset's IRI too"),
        Mapped("publisher", "dct:publisher", "the repository"),
        Mapped("publicationDate", "dct:issued"),
        Mapped("version.versionState", "adms:status", "only what is released is published"),
        Mapped("version.versionNumber", "dcat:version"),
        Mapped("version.versionMinorNumber", "dcat:version"),
        Mapped("version.releaseTime", "dct:modified"),
        Mapped("version.lastUpdateTime", "dct:modified", "where `releaseTime` is missing"),
        Mapped("version.license", "dct:license", "of each file"),
        Mapped("version.termsOfUse", "dct:rights", "where it names no licence; a licence named in it is found"),
        Mapped("citation.title", "dct:title"),
        Mapped("citation.dsDescription", "dct:description"),
        Mapped("citation.subject", "dcat:theme"),
        Mapped("citation.keyword", "dcat:keyword"),
        Mapped("citation.topicClassification", "dcat:keyword"),
        Mapped("citation.author", "dct:creator", "a person where an ORCID or a comma tells so"),
        Mapped("citation.datasetContact", "dcat:contactPoint"),
        Mapped("citation.language", "dct:language"),
        Mapped("citation.otherId", "adms:identifier"),
        Mapped("citation.timePeriodCovered", "dct:temporal"),
        Mapped("citation.publication", "dct:isReferencedBy"),
        Mapped("citation.alternativeURL", "foaf:page"),
        Mapped("citation.originOfSources", "dct:provenance"),
        Mapped("citation.dataSources", "dct:provenance"),
        Mapped("geospatial.geographicCoverage", "dct:spatial"),
        Mapped("geospatial.geographicBoundingBox", "dct:spatial"),
        Mapped("files", "dcat:distribution"),
        Mapped("files.label", "dct:title"),
        Mapped("files.description", "dct:description"),
        Mapped("files.restricted", "dct:rights, dct:accessRights", "a page in place of the file"),
        Mapped("files.dataFile.id", "dcat:accessURL, dcat:downloadURL"),
        Mapped("files.dataFile.contentType", "dcat:mediaType"),
        Mapped("files.dataFile.filesize", "dcat:byteSize"),
        Mapped("files.dataFile.checksum", "spdx:checksum"),
        Mapped("files.dataFile.md5", "spdx:checksum", "where `checksum` is missing"),
        Mapped("files.dataFile.creationDate", "dct:issued"),
    )
    left_out: ClassVar[Mapping[str, str]] = {
        **fields_left_out(
            "how the repository keeps it", "id", "identifier", "protocol", "authority", "storageIdentifier", "separator"
        ),
        **fields_left_out(
            "how the repository keeps it",
            *("id", "datasetId", "datasetPersistentId", "storageIdentifier", "createTime", "fileAccessRequest", "UNF"),
            *("latestVersionPublishingState", "versionNote", "deaccessionLink", "publicationDate", "citationDate"),
            within="version",
        ),
        **fields_left_out("how the repository keeps it", "datasetType", "publishedDate", "citation.dateOfDeposit"),
        **fields_left_out(
            "about how the data was made; the page of the dataset shows it",
            *("notesText", "depositor", "software", "grantNumber", "producer", "productionDate", "productionPlace"),
            *("contributor", "distributor", "distributionDate", "kindOfData", "series", "relatedMaterial"),
            *("relatedDatasets", "otherReferences", "dateOfCollection", "characteristicOfSources", "subtitle"),
            *("accessToSources", "alternativeTitle"),
            within="citation",
        ),
        **fields_left_out("said by the areas themselves", "geospatial.geographicUnit"),
        **fields_left_out(
            "how the repository keeps it",
            *(
                "version",
                "datasetVersionId",
                "directoryLabel",
                "categories",
                "dataFile.persistentId",
                "dataFile.pidURL",
            ),
            *("dataFile.filename", "dataFile.description", "dataFile.storageIdentifier", "dataFile.rootDataFileId"),
            *("dataFile.friendlyType", "dataFile.tabularData", "dataFile.originalFileFormat", "dataFile.UNF"),
            *("dataFile.originalFormatLabel", "dataFile.originalFileSize", "dataFile.originalFileName"),
            *(
                "dataFile.publicationDate",
                "dataFile.fileAccessRequest",
                "dataFile.lastUpdateTime",
                "dataFile.categories",
            ),
            within="files",
        ),
    }

    def site(self, url: str) -> str:
        """The repository without the paths of its API and pages."""
        return re.sub(
            r"(/(api|dataverse|dataset\.xhtml|file\.xhtml|dataverse\.xhtml)(/.*)?|/)\Z", "", re.split("[?#]", url)[0]
        )

    def places(self, url: str) -> Iterator[Place]:
        """The repository of a page, with the collection that it shows."""
        if (found := re.search(r"/dataverse/([^/?#]+)", url)) and found[1] != "root":
            yield Place(self.site(url), {"subtree": found[1]}, f"the page of collection {found[1]!r}")
        yield Place(self.site(url))

    def answers(self, site: str, client: Client) -> bool:
        """True for a repository that says its version."""
        said = json.asked(client, f"{site}/api/info/version")
        return said.get("status") == "OK" and isinstance(said.get("data"), Mapping)

    def lacks(self, site: str, config: Mapping[str, Any], client: Client) -> str:
        """A collection that the repository does not have."""
        return json.missing(client, f"{site}/api/dataverses/{quote(config['subtree'], safe='')}", "collection")

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every released dataset once; those whose version we hold are not asked for."""
        yield from Repository(self.site(source.url), client, crawl, self.config(source)).datasets()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one dataset."""
        said = json.opened(raw, "a dataset of Dataverse")
        fields = Fields(flattened(said), left_out=self.left_out)
        entry = Reading(fields, self.site(source.url)).dataset()
        return Normalised(entry=entry, unread=dict(fields.unread()))
