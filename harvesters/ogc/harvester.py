"""The kind of source `ogc-records`: records in, entries out. https://docs.ogc.org/is/20-004r1/20-004r1.html"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from dcat.read import read_entry

from .. import json, options
from ..base import Crawl, Fetched, Harvester, Mapped, Normalised, Option, RawRecord, Source
from ..http import Client
from ..mapping import fields_left_out
from .record import entry_of
from .service import N_TRIPLES, Service

READING = """\
- Pages are asked for by position, or by their links where those say something else.
- Of more than 100 records, as many as before and none with a later `updated`, nothing else is asked. Else, once a week
  and with `--full` all pages are read, as always of a service that cannot sort (`sortby=-updated`), does not say how
  many records it has, or is asked for RDF: nothing in the standard tells what changed there.
"""


class OgcRecords(Harvester):
    """A catalogue of OGC API - Records."""

    kind: ClassVar[str] = "ogc-records"
    title: ClassVar[str] = "OGC API Records (the service, or one of its collections)"
    record_types: ClassVar[frozenset[str]] = frozenset({json.JSON, N_TRIPLES})
    options: ClassVar[tuple[Option, ...]] = (
        Option("collections", list, [], "Collections that are read; empty means all that hold records.", options.texts),
        Option("format", str, "json", "What is asked for (`f`): `json`, or a DCAT format of the server's, as `dcat`."),
        Option("filter", str, "", "Parameters that records must match, such as `type=dataset&q=water`."),
    )
    reading: ClassVar[str] = READING
    selecting: ClassVar[tuple[str, ...]] = ("include", "collections", "filter")
    naming: ClassVar[tuple[str, ...]] = ("collections",)
    mapping: ClassVar[tuple[Mapped, ...]] = (
        Mapped("id", "dct:identifier"),
        Mapped("geometry", "dct:spatial", "GeoJSON becomes a box"),
        Mapped("time", "dct:temporal", "`null` and `..` are open ends"),
        Mapped("properties.type", "dcat:endpointURL", "`service` becomes a service, all other types datasets"),
        Mapped("properties.title", "dct:title"),
        Mapped("properties.description", "dct:description"),
        Mapped("properties.keywords", "dcat:keyword"),
        Mapped("properties.themes", "dcat:theme, dcat:keyword", "concepts with an address; others are keywords"),
        Mapped("properties.language", "dct:title", "the language of the record's texts"),
        Mapped("properties.resourceLanguages", "dct:language"),
        Mapped("properties.contacts", "dct:publisher, dcat:contactPoint", "by their roles"),
        Mapped(
            "properties.created", "dct:issued", "in `resourceCreated`, `created`; not if `recordCreated` repeats it"
        ),
        Mapped("properties.resourceCreated", "dct:issued"),
        Mapped(
            "properties.updated", "dct:modified", "in `resourceUpdated`, `updated`; not if `recordUpdated` repeats it"
        ),
        Mapped("properties.resourceUpdated", "dct:modified"),
        Mapped(
            "properties.externalIds",
            "adms:identifier",
            "one of the scheme `uri`, or of RFC 3987, is the IRI of the entry",
        ),
        Mapped("properties.license", "dct:license", "of the files; with it links of the relation `license`"),
        Mapped("properties.rights", "dct:rights"),
        Mapped("properties.accessrights", "dct:accessRights"),
        Mapped("properties.accessRights", "dct:accessRights"),
        Mapped("properties.resolution", "dcat:temporalResolution"),
        Mapped("links", "dcat:distribution, dcat:landingPage, foaf:page", "by protocol, address, relation and type"),
    )
    left_out: ClassVar[Mapping[str, str]] = {
        **fields_left_out("of GeoJSON", "type", "conformsTo", "bbox"),
        **fields_left_out("addresses with gaps, which lead nowhere as they stand", "linkTemplates"),
        **fields_left_out("the languages of other versions of the record", "properties.languages"),
        **fields_left_out("each file says its own", "properties.formats"),
        **fields_left_out("how the server keeps it", "properties._metadata-anytext", "properties._metadata-schema"),
        **fields_left_out("of the record, not of the data", "properties.recordCreated", "properties.recordUpdated"),
    }

    def site(self, url: str) -> str:
        """The service, or one collection of it, without what is asked of it."""
        path = re.sub(
            r"(/collections/[^/]+)?(/items.*|/collections|/conformance|/openapi|/)?\Z", r"\1", url.partition("?")[0]
        )
        return path.partition("#")[0]

    def answers(self, site: str, client: Client) -> bool:
        """True for a service whose collections hold records, and for one of these."""
        if "/collections/" in site:
            return _is_of_records(json.asked(client, site, f="json"))
        found = json.asked(client, f"{site}/collections", f="json").get("collections")
        return isinstance(found, list) and any(map(_is_of_records, found))

    def lacks(self, site: str, config: Mapping[str, Any], client: Client) -> str:
        """A collection that the service does not have."""
        found = json.asked(client, f"{site}/collections", f="json").get("collections")
        known = [str(one.get("id")) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
        missing = [name for name in config["collections"] if name not in known]
        return f"{site} has no collection {missing[0]!r}. It has: {', '.join(known)}." if known and missing else ""

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields every record of every collection once."""
        yield from Service(self.site(source.url), client, crawl, self.config(source)).records()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one record."""
        if raw.media_type == N_TRIPLES:
            entry, findings, unread = read_entry(raw.body, raw.media_type, raw.address or source.url)
            return Normalised(entry=entry, findings=findings, unread=unread)
        fields = json.fields(raw, "a record of OGC API Records", self.left_out)
        entry = entry_of(fields, raw.address)
        return Normalised(entry=entry, unread=dict(fields.unread()))


def _is_of_records(collection: Any) -> bool:
    return isinstance(collection, Mapping) and collection.get("itemType") == "record"
