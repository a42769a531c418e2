"""The kind of source `waf`: files in, entries out."""

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import quote, urlsplit

import msgspec

from dcat import rdf
from dcat.entries import only_entry

from .. import fgdc, options
from ..base import Crawl, Fetched, Harvester, HarvestError, Mapped, Normalised, Option, RawRecord, Source
from ..http import Client
from ..xml_records import TYPES, normalised
from .folder import RDF_TYPES, SAFE, Folder
from .listing import links
from .page import READING


class Waf(Harvester):
    """A web accessible folder."""

    kind: ClassVar[str] = "waf"
    title: ClassVar[str] = "Folder of metadata files on a web server: ISO 19115, FGDC or DCAT (address of the folder)"
    options: ClassVar[tuple[Option, ...]] = (
        Option("depth", int, 5, "How many folders deep files are looked for.", options.between(0, 20)),
        Option("only", str, "", "Names of files that are taken, such as `*_iso.xml`; empty means all."),
    )
    record_types: ClassVar[frozenset[str]] = TYPES
    reading: ClassVar[str] = READING
    formats: ClassVar[dict[str, tuple[Mapped, ...]]] = {"FGDC": fgdc.MAPPING}
    left_out: ClassVar[dict[str, str]] = fgdc.LEFT_OUT

    def site(self, url: str) -> str:
        """The folder, without the order of its list, and without the page that lists it."""
        try:
            parts = urlsplit(url.strip())
        except ValueError:
            return url
        path, _, name = parts.path.rpartition("/")
        is_page = name.lower().startswith("index.") or not name
        return parts._replace(path=f"{path}/" if is_page else f"{parts.path}/", query="", fragment="").geturl()

    def answers(self, site: str, client: Client) -> bool:
        """True for the list of a folder with files of metadata in it, or folders."""
        try:
            found = links(client.get(site))
        except HarvestError:
            return False
        return any(link.is_folder or link.url.lower().endswith((".xml", *RDF_TYPES)) for link in found)

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        """Yields the records of every file; files whose date and size are as before are not fetched."""
        config = self.config(source)
        folder = Folder(self.site(source.url), client, crawl, depth=config["depth"], only=config["only"])
        yield from folder.records()

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        """Reads one record; what could not be read when it came cannot be read now, and is refused with the reason."""
        if raw.media_type not in TYPES:
            only_entry(rdf.parse(raw.body, raw.media_type, raw.address))
        found = normalised(raw, source)
        return msgspec.structs.replace(found, linked=_by_path(raw.identifier, found)) if found.linked else found


def _by_path(path: str, found: Normalised) -> dict[str, tuple[str, ...]]:
    """What a record names, by the paths that records are known by here. Records name others by their identifiers: where
    the file is called as its own record is (`{id}.xml`), the others' are taken to be."""
    own = next((quote(text.value, safe=SAFE) for text in found.entry.identifier), "")
    folder, name, ending = path.rpartition(own) if own else ("", "", "")
    if not name or folder[-1:] not in {"", "/", "#"} or ending[:1] not in {"", "."}:
        return dict(found.linked)
    return {
        field: tuple(f"{folder}{quote(one, safe=SAFE)}{ending}" for one in named)
        for field, named in found.linked.items()
    }
