"""How fast each kind of source is harvested, beside `dcat` in the same run.

    python -m benchmarks.harvest_kinds [records]

The same datasets (title, description, keywords, publisher, licence, dates, a box, two files) in the words of each kind,
over loopback, from request to store, without the entries beside a dataset (services). Times are of the processor; the
portal answers from a process of its own. None should be under half of `dcat`.
"""

import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks import whole_portals as whole
from benchmarks.event_stream import Stream
from benchmarks.ingest import harvested
from benchmarks.json_portals import PORTALS, serving
from benchmarks.portal_words import ABOUT, DAY, ENDINGS, KEYWORDS, LICENCE, RING, address
from benchmarks.processor import timed
from catalogue.service import Catalogue
from catalogue.settings import Settings

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["benchmarks.json_portals", "benchmarks.whole_portals"])

LEAST = 0.5
"""Of the speed of `dcat`."""

WARM = 20
"""Datasets that are harvested first: tables are loaded once a process, not once a harvest."""

Record = dict[str, Any]


def explore(number: int) -> Record:
    """A dataset of Opendatasoft."""
    default = {
        "title": f"Measurements {number}",
        "description": ABOUT,
        "keyword": KEYWORDS,
        "publisher": "Agency of Air",
        "license": "CC BY 4.0",
        "license_url": LICENCE,
        "modified": DAY,
        "geographic_area": {"type": "Polygon", "coordinates": [RING]},
        "metadata_languages": ["en"],
    }
    return {"dataset_id": f"d-{number:06}", "has_records": True, "metas": {"default": default}}


def ogc(number: int) -> Record:
    """A record of OGC API Records."""
    properties = {
        "type": "dataset",
        "title": f"Measurements {number}",
        "description": ABOUT,
        "keywords": KEYWORDS,
        "contacts": [{"organization": "Agency of Air", "roles": ["publisher"]}],
        "license": LICENCE,
        "updated": DAY,
    }
    links = [{"rel": "enclosure", "href": address(number, ending)} for ending in ENDINGS]
    geometry = {"type": "Polygon", "coordinates": [RING]}
    return {"id": f"r-{number:06}", "geometry": geometry, "properties": properties, "links": links}


def udata(number: int) -> Record:
    """A dataset of udata."""
    return {
        "id": f"u{number:06}",
        "title": f"Measurements {number}",
        "description": ABOUT,
        "tags": KEYWORDS,
        "organization": {"id": "o", "name": "Agency of Air"},
        "license": "cc-by",
        "last_modified": DAY,
        "last_update": DAY,
        "spatial": {"geom": {"type": "Polygon", "coordinates": [RING]}},
        "resources": [{"url": address(number, ending), "format": ending, "type": "main"} for ending in ENDINGS],
    }


def socrata(number: int) -> Record:
    """An asset of Socrata."""
    resource = {
        "id": f"s-{number:06}",
        "type": "dataset",
        "name": f"Measurements {number}",
        "description": ABOUT,
        "attribution": "Agency of Air",
        "updatedAt": DAY,
        "data_updated_at": DAY,
    }
    pairs = [{"key": "Common-Core_License", "value": LICENCE}]
    about = {"domain_tags": KEYWORDS, "domain_metadata": pairs}
    return {"resource": resource, "classification": about, "metadata": {"domain": "d.example.org"}}


def dataverse(number: int) -> Record:
    """A dataset of Dataverse."""
    cited = {
        "title": f"Measurements {number}",
        "dsDescription": [{"dsDescriptionValue": {"typeName": "dsDescriptionValue", "value": ABOUT}}],
        "keyword": [{"keywordValue": {"typeName": "keywordValue", "value": word}} for word in KEYWORDS],
    }
    version = {
        "versionState": "RELEASED",
        "versionNumber": 1,
        "versionMinorNumber": 0,
        "releaseTime": DAY,
        "lastUpdateTime": DAY,
        "license": {"name": "CC BY 4.0", "uri": LICENCE},
        "metadataBlocks": {"citation": {"fields": [{"typeName": n, "value": v} for n, v in cited.items()]}},
        "files": [{"label": f"{n}.csv", "dataFile": {"id": 2 * number + n, "contentType": "text/csv"}} for n in (0, 1)],
    }
    named = {"authority": "10.1234", "identifier": f"V{number:06}", "publisher": "Agency of Air"}
    return {**named, "persistentUrl": f"https://doi.org/10.1234/V{number:06}", "latestVersion": version}


def dkan(number: int) -> Record:
    """A package of DKAN 1."""
    files = [{"id": f"{number}-{ending}", "url": address(number, ending), "format": ending} for ending in ENDINGS]
    return {
        "id": f"k-{number:06}",
        "name": f"measurements-{number}",
        "title": f"Measurements {number}",
        "notes": ABOUT,
        "tags": [{"name": word} for word in KEYWORDS],
        "groups": [{"title": "Agency of Air"}],
        "license_title": "CC BY 4.0",
        "state": "Active",
        "resources": files,
    }


def hub(number: int) -> Record:
    """An item of ArcGIS Hub."""
    properties = {
        "title": f"Measurements {number}",
        "description": ABOUT,
        "tags": KEYWORDS,
        "source": "Agency of Air",
        "structuredLicense": {"url": LICENCE, "name": "CC BY 4.0"},
        "type": "CSV",
        "url": address(number, "csv"),
        "modified": 1767312000000,
        "extent": [[4.2, 50.7], [4.5, 50.9]],
    }
    return {"id": f"{number:032x}", "properties": properties}


KINDS: dict[str, tuple[Callable[[int], Record], Record]] = {
    "arcgis-hub": (hub, {"read": "search"}),
    "dataverse": (dataverse, {}),
    "dkan": (dkan, {}),
    "ogc-records": (ogc, {}),
    "opendatasoft": (explore, {"services": False, "exports": ["csv", "json"]}),
    "socrata": (socrata, {"services": False}),
    "udata": (udata, {}),
}
"""By kind of source: what makes a record of a number, and the options that leave services away."""

WHOLE: dict[str, tuple[Callable[[int], whole.Answer], str]] = {
    "ckan": (whole.ckan, "/"),
    "csw": (whole.csw, "/csw"),
    "dcat": (whole.dcat, "/feed.ttl"),
    "data-json": (whole.data_json, "/data.json"),
    "ldes": (lambda count: Stream(5 * count).answer, "/root"),
    "oai-pmh": (whole.oai_pmh, "/oai"),
    "schema-org": (whole.schema_org, "/"),
    "sdmx": (whole.sdmx, "/rest/dataflow/AIR"),
    "stac": (whole.stac, "/"),
    "table": (whole.table, "/list.csv"),
    "waf": (whole.waf, "/"),
}
"""By the others: what makes the source, and where it is."""


@contextmanager
def source(
    kind: str, count: int, *, tagged: bool = False, packed: bool = False
) -> Iterator[tuple[str, dict[str, Any], list[int]]]:
    """A source of that many datasets: its address and options, and the size of each answer that it gives."""
    if kind in WHOLE:
        made, path = WHOLE[kind]
        sizes: list[int] = []
        with whole.serving_bytes(made(count), sizes, tagged=tagged, packed=packed) as site:
            yield f"{site}{path}", {}, sizes
    else:
        record, config = KINDS[kind]
        records = [record(number) for number in range(count)]
        with serving(PORTALS[kind][1](records), tagged=tagged, packed=packed) as (url, told):
            yield url, config, told


@contextmanager
def apart(kind: str, count: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same, served by a process of its own."""
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(kind, count, there), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("end")
        process.join()


def _serve(kind: str, count: int, there: Connection) -> None:
    with source(kind, count) as (url, config, _):
        there.send((url, config))
        there.recv()


def speed(catalogue: Catalogue, kind: str, address: str, **config: Any) -> float:
    """Datasets a second of the processor."""
    added = catalogue.sources.add(address, kind, title=f"{kind} {address}", config=config)
    count, seconds = timed(lambda: harvested(catalogue, added.name))
    return count / seconds


def main(records: int = 400) -> int:
    """Prints a line a kind; how many are too slow."""
    slow = 0
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        catalogue = Catalogue(Settings(data_dir=Path(name), fetch_allow=("127.0.0.0/8",), harvest_processes=1))
        stack.callback(catalogue.close)
        catalogue.init()

        def measured(kind: str) -> float:
            for count in (WARM, records):
                url, config = stack.enter_context(apart(kind, count))
                found = speed(catalogue, kind, url, **config)
            return found

        most = measured("dcat")
        print(f"{'dcat':14} {most:6.0f} datasets/s")
        for kind in sorted((KINDS.keys() | WHOLE) - {"dcat"}):
            found = measured(kind)
            slow += found < LEAST * most
            print(f"{kind:14} {found:6.0f} datasets/s   {found / most:5.2f} times dcat")
    return slow


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
