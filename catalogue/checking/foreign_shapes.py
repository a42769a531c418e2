"""Shapes of others (SHACL) over a feed: as it was sent, or as it would be published."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from dcat import rdf, shapes
from dcat.rdf import Graph
from dcat.shapes import Group
from harvesters.base import Crawl, Harvester, Normalised, RawRecord, Source
from harvesters.http import Client

from ..errors import DatastoreError, Invalid
from ..ingest.draft import Intake
from ..service import Catalogue
from ..settings import Settings
from .feed_check import Kept

ENDINGS = (".ttl", ".rdf", ".xml", ".jsonld", ".nt", ".trig")
"""Files of a folder that are taken for shapes."""
FEED = "https://feed.invalid/"
"""Address of a feed that has none on the web, for as long as it is in the catalogue that is thrown away."""


def found(kept: Kept, paths: Iterable[Path], settings: Settings, *, published: bool) -> tuple[Group, ...]:
    """What the shapes in some files or folders find in a feed that was checked.

    Raises `Invalid` for shapes that cannot be read, `DatastoreError` when pyshacl is not there or cannot use them,
    `OSError` for a file that cannot be opened.
    """
    wanted = parsed(paths)
    if published:
        graphs = [publication(kept, settings)]
    elif not (graphs := kept.graphs):
        raise Invalid(
            "Shapes are for RDF, and this feed is none. Look at what would be published: --published", "shapes"
        )
    try:
        return shapes.groups(graphs, wanted, is_complete=published)
    except shapes.ShapesError as error:
        raise DatastoreError(str(error)) from error


def parsed(paths: Iterable[Path]) -> list[rdf.Triple]:
    """The shapes in some files, or in all RDF files of a folder. Raises `Invalid`, `OSError`."""
    files = [file for path in paths for file in _files(path)]
    documents: list[tuple[bytes, str]] = []
    for file in files:
        try:
            rdf.parse(body := file.read_bytes(), file.suffix)
        except rdf.ParseError as error:
            raise Invalid(f"{file} cannot be read. {error}", "shapes") from error
        documents.append((body, file.suffix))
    if not documents:
        raise Invalid(f"There is no file with shapes in {', '.join(map(str, paths))}.", "shapes")
    return shapes.parse_shapes(documents)


def _files(path: Path) -> list[Path]:
    return sorted(file for file in path.iterdir() if file.suffix in ENDINGS) if path.is_dir() else [path]


def publication(kept: Kept, settings: Settings) -> Graph:
    """The catalogue that would hold nothing but this feed: made in a folder that is thrown away."""
    if kept.intake is None:
        raise ValueError("nothing was checked")
    with tempfile.TemporaryDirectory(prefix="datastore-") as folder:
        own = replace(settings, data_dir=Path(folder), database_url="", search_url="embedded:")
        kind = kept.intake.source.kind
        catalogue = Catalogue(own, {kind: Replay(kept)})
        try:
            catalogue.init()
            url = kept.intake.source.url
            source = catalogue.sources.add(url if url.startswith("http") else FEED, kind)
            catalogue.runs.harvest(source.name)
            lines = "".join(catalogue.feed.whole())
        finally:
            catalogue.close()
    return rdf.parse(lines.encode(), "nt")


class Replay(Harvester):
    """Gives the records of a feed that was read before."""

    kind = "replay"

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[RawRecord]:  # noqa: ARG002
        """The records as they were."""
        yield from self._kept.raws

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:  # noqa: ARG002
        """Reads one as its own harvester does."""
        intake: Intake | None = self._kept.intake
        if intake is None:
            raise ValueError("nothing was checked")
        return intake.harvester.normalise(raw, intake.source)
