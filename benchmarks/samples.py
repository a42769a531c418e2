"""What becomes of the real payloads in ../shared/samples: harvested over HTTP, twice, and published.

    python -m benchmarks.samples [--shacl] [FOLDER]

Prints a line for each source, what was repaired and how often, and what could not be mapped. With `--shacl` the whole
export is validated with the official shapes (../shared/dcat-ap/validate.py), which takes minutes. The catalogue is kept
in the folder when one is named.
"""

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from benchmarks.json_portals import PORTALS, portal, serving
from benchmarks.listening import listening
from benchmarks.xml_portals import Csw, Record, Repository, apache, listed_in, records_of
from catalogue.publishing.export import export
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.rows import EntryRow, RunRow
from dcat.messages import RULES
from dcat.normalise import Note

SHARED = Path(__file__).resolve().parents[2] / "shared"
SAMPLES = SHARED / "samples"
SITE = "https://data.example.org"
SETS = "base,range,cv,hvd,extra"
SHOWN = 12
"""Values listed for each field that could not be mapped."""


class Sample(NamedTuple):
    """One source."""

    name: str
    kind: str
    path: str
    """Below the samples; of CKAN the file that holds the packages, of CSW and OAI-PMH the file or folder of files that
    hold the records, of a site the folder that holds its pages."""
    most: int = 10_000
    """Packages of it that are served."""


_FEDERAL = "dcat-rdf/belgian-federal-files"
_AGENCIES = (
    *("antwerpen", "elia", "fluvius", "gent", "geobe", "indicators", "infrabel", "pensionstat", "podmiis"),
    "statbel-open",
)
_CASES = (
    *("basic_dataset", "distributorinfo-multiple", "hvd_dataset_multilingual", "hvd_dataset_non_multilingual"),
    *("identifiers-anchor", "multilingual-metadata", "multilingual-resource-description", "network-service"),
    "transfersize-bytesize",
)
_GSA = (
    *("dcatus", "dcatus_2", "dcatus_bad_license_uri", "dcatus_long_description", "dcatus_multiple_invalid"),
    *("dcatus_no_identifier", "dcatus_same_title", "dcatus_same_title_step_2", "dcatus_single_record"),
    *("dcatus_single_record_non-federal", "dcatus_spatial_no_translate", "dcatus_with_none", "missing_title"),
    *("dcatus3_0", "dcatus3_0_invalid", "dcatus3_0_nested_catalog", "dcatus3_0_no_identifier"),
    *("dcatus3_0_record_no_id", "dcatus3_0_series_member_also_top_level", "dcatus3_0_series_with_members"),
    *("dcatus3_0_service_no_identifier", "dcatus3_0_service_serves_dataset", "dcatus3_0_warning"),
    *("dcatus3_0_with_records", "dcatus3_0_with_services"),
)
_ARGENTINA = (
    *("catalogo_justicia", "catalogo_justicia_removed", "catalogo_justicia_removed_publisher"),
    *("catalogo_justicia_with_defaults", "federated_1", "federated_2", "full_data", "several_assorted_errors"),
)
_CSW = "csw-iso19139"
_OAI = "oai-pmh"
_PYGEOAPI = "ogcapi-records/pygeoapi/tests/data"
SOURCES = (
    Sample("berlin", "ckan", "ckan/german-cities/metadata/berlin/catalog.json"),
    Sample("moers", "ckan", "ckan/german-cities/metadata/moers/catalog.json"),
    Sample("csa", "ckan", "ckan/csa-canada-bilingual-sample20/packages.jsonl"),
    Sample("nz-pfr", "ckan", "ckan/nz-pfr-dump/datasets.jsonl"),
    Sample("fpsfinance", "dcat", "dcat-rdf/fpsfinance-geonetwork/dataset-example.xml"),
    *(Sample(name, "dcat", f"datagovbe/{name}.nt.gz") for name in _AGENCIES),
    Sample("geobe-again", "dcat", "datagovbe/geobe.ttl.gz"),
    Sample("multilang", "dcat", f"{_FEDERAL}/dcatlib/src/test/resources/dcat-multilang.rdf"),
    Sample("best", "dcat", f"{_FEDERAL}/dist/data/best/dcat.rdf"),
    Sample("favv", "dcat", f"{_FEDERAL}/dist/data/favv/dcat.rdf"),
    Sample("fpsbosabudget", "dcat", f"{_FEDERAL}/dist/data/dcat-other/fpsbosabudget.xml"),
    Sample("fpsecocbe", "dcat", f"{_FEDERAL}/dist/data/dcat-other/fpsecocbe.xml"),
    Sample("fpsjust", "dcat", f"{_FEDERAL}/dist/data/dcat-other/fpsjust.xml"),
    *(
        Sample(f"semic-{case}", "dcat", f"iso-to-dcat/semic/tests/test-cases/{case}/expected_output.rdf")
        for case in _CASES
    ),
    Sample("dol", "data-json", "pod-datajson/us-federal-open/dol.json"),
    Sample("gsa", "data-json", "pod-datajson/us-federal-open/gsa.json"),
    *(Sample(f"gsa-{name}", "data-json", f"pod-datajson/gsa-harvester-examples/{name}.json") for name in _GSA),
    *(Sample(f"ar-{name}", "data-json", f"pod-datajson/datos.gob.ar/{name}.json") for name in _ARGENTINA),
    Sample("bolognese", "schema-org", "schemaorg/bolognese/spec/fixtures"),
    Sample("esip", "schema-org", "schemaorg/esip"),
    *(
        Sample(f"csw-{name}", "csw", f"{_CSW}/{name}")
        for name in ("australia", "brussels-datastore", "owslib", "pycsw")
    ),
    Sample("csw-marine", "csw", f"{_CSW}/bmdc-csw"),
    Sample("csw-semic", "csw", "iso-to-dcat/semic/tests/test-cases"),
    *(
        Sample(f"oai-{name}", "oai-pmh", f"{_OAI}/{path}")
        for name, path in {
            "iso": "pycsw-oai/get_ListRecords_iso19139.xml",
            "datacite": "pycsw-oai/get_ListRecords_datacite.xml",
            "dc": "pycsw-oai/get_ListRecords_oai_dc.xml",
            "sickle": "sickle",
            "repub": "pyoai/src/oaipmh/tests/fake1/00005.xml",
            "dspace": "pyoai/src/oaipmh/tests/fake2/00002.xml",
        }.items()
    ),
    Sample("waf-iso", "waf", "waf-iso/gsa-waf/example_data/iso_2_waf/"),
    Sample("waf-fgdc", "waf", "waf-iso/gsa-waf/example_data/waf/"),
    Sample("culture", "table", "udata-csv/culture-gouv/catalogue_culture_global.csv"),
    Sample("insee", "sdmx", "sdmx/pandasdmx/INSEE/dataflow.xml"),
    Sample("insee-ipi", "sdmx", "sdmx/pandasdmx/INSEE/IPI-2010-A21-structure.xml"),
    Sample("imf", "sdmx", "sdmx/pandasdmx/IMF/ECOFIN_DSD-structure.xml"),
    Sample("ldes-services", "dcat", "ldes/vsds-ldi/eventstream.ttl"),
    Sample("explore", "opendatasoft", "ods/explore-openapi/example_datasets-v2.1.json"),
    Sample("georegister", "ogc-records", f"{_PYGEOAPI}/dutch-nationaalgeoregister/sample-records.tinydb"),
    Sample("open-canada", "ogc-records", f"{_PYGEOAPI}/open.canada.ca/sample-records.tinydb"),
    Sample("ogc-spec", "ogc-records", "ogcapi-records/ogc-spec/record.json"),
    Sample("culture", "udata", "udata-csv/culture-gouv/catalogue_culture_global.csv"),
    *(
        Sample(f"stac-{name}", "stac", f"stac/pystac/tests/data-files/{path}.json")
        for name, path in {
            "test-case": "catalogs/test-case-1/catalog",
            "cbers": "catalogs/cbers-partial/catalog",
            "extents": "collections/multi-extent",
            "assets": "collections/with-assets",
        }.items()
    ),
    Sample("cdc", "socrata", "socrata/us-federal/data.cdc.gov.jsonl"),
    Sample("energystar", "socrata", "socrata/us-federal/data.energystar.gov.jsonl"),
    Sample("sodha", "dataverse", "dataverse-json/sodha/dataset-example.xml"),
    Sample("bonn", "dkan", "dkan-json/german-dkan/metadata/bonn/catalog.json"),
    Sample("koeln", "dkan", "dkan-json/german-dkan/metadata/koeln/catalog.json"),
    Sample("biodiversity", "dkan", "dkan-json/biodiversity/dataset-example.json"),
    Sample("hub", "arcgis-hub", "arcgis-hub/koop-us11/mock-dataset.json"),
)
"""Everything that a harvester of today reads."""


@contextmanager
def served(sources: Iterable[Sample], port: int = 0) -> Iterator[str]:
    """The samples on a loopback server, at the address yielded: files as files with an ETag, CKAN dumps as its API,
    folders as sites with a site map."""
    packages = {one.name: _packages(SAMPLES / one.path)[: one.most] for one in sources if one.kind == "ckan"}
    sites = {f"/{one.path}/sitemap.xml": one for one in sources if one.kind == "schema-org"}
    portals = {one.name: _portal(one) for one in sources if one.kind in _RECORDS}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            name = asked.path.split("/")[1]
            found = b"" if asked.path == "/robots.txt" else None
            if name in packages:
                found = _found(packages[name], asked.query)
            elif name in portals:
                found = portals[name].answer(_parameters(asked.query))
            elif asked.path in sites:
                found = _sitemap(sites[asked.path], f"http://{self.headers['Host']}")
            body = _file(unquote(asked.path)) if found is None else found
            tag = f'"{zlib.crc32(body)}"'
            if found is None and self.headers.get("If-None-Match") == tag:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(200)
            if found is None:
                self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/json" if name in packages else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with listening(Handler, port) as site:
        yield site


def _packages(path: Path) -> list[Any]:
    text = path.read_text("utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    packages: list[Any] = json.loads(text)
    return packages


_RECORDS = {"csw": records_of, "oai-pmh": listed_in}
"""What finds the records in a file of a portal that speaks XML."""


def _portal(one: Sample) -> Csw | Repository:
    """A portal of everything in a file or folder; what is no XML at all is left out of it."""
    place = SAMPLES / one.path
    records: dict[str, Record] = {}
    for file in sorted(place.rglob("*.xml")) if place.is_dir() else [place]:
        with suppress(ValueError):
            records |= {record.identifier: record for record in _RECORDS[one.kind](file.read_bytes())}
    found = sorted(records.values())[: one.most]
    if one.kind == "csw":
        return Csw(found)
    return Repository(found, prefix="any", namespace="http://example.org/any", granularity="YYYY-MM-DD")


def _parameters(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _found(packages: list[Any], query: str) -> bytes:
    asked = _parameters(query)
    start, rows = int(asked.get("start", 0)), min(int(asked.get("rows", 10)), 300)
    since = re.search(r"metadata_modified:\[(\S+)Z TO", asked.get("fq", ""))
    name, _, order = asked.get("sort", "id").partition(" ")
    packages = [one for one in packages if not since or one["metadata_modified"] >= since[1]]
    packages.sort(key=lambda one: str(one.get(name)), reverse=order == "desc")
    result = {"count": len(packages), "results": packages[start : start + rows]}
    return json.dumps({"help": "", "success": True, "result": result}).encode()


def _sitemap(site: Sample, address: str) -> bytes:
    """The site map of a folder of pages, dated so that the second run need not ask for them."""
    files = sorted(file for file in (SAMPLES / site.path).rglob("*") if "json" in file.suffix)
    paths = (file.relative_to(SAMPLES).as_posix() for file in files)
    urls = "".join(f"<url><loc>{address}/{path}</loc><lastmod>2026-01-01</lastmod></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def _file(path: str) -> bytes:
    file = SAMPLES / path.lstrip("/")
    if file.is_dir():
        return apache({f"{one.name}{'/' * one.is_dir()}": "2026-01-01 00:00" for one in sorted(file.iterdir())}, path)
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


_FILES = frozenset({"data-json", "dcat", "schema-org", "sdmx", "stac", "table", "waf"})
"""Kinds whose samples are served as the files that they are."""


_CONFIG: dict[str, dict[str, Any]] = {"oai-pmh": {"prefix": "any"}, "arcgis-hub": {"read": "search"}}
"""What the samples of a kind are harvested with."""


def filled(folder: Path, sources: Iterable[Sample] = SOURCES) -> tuple[Catalogue, dict[str, tuple[RunRow, RunRow]]]:
    """A catalogue of the samples, with the first and the second run of each source, by its name."""
    catalogue = Catalogue(Settings(data_dir=folder, site_url=SITE, fetch_allow=("127.0.0.0/8",)))
    catalogue.init()
    runs: dict[str, tuple[RunRow, RunRow]] = {}
    with served(sources) as address:
        for one in sources:
            with ExitStack() as stack:
                if one.kind in PORTALS:
                    url, _ = stack.enter_context(serving(portal(one.kind, SAMPLES / one.path, one.most)))
                else:
                    url = f"{address}/{one.path if one.kind in _FILES else one.name}"
                config = _CONFIG.get(one.kind, {})
                name = catalogue.sources.add(url, one.kind, title=one.name, config=config).name
                runs[name] = (catalogue.runs.harvest(name), catalogue.runs.harvest(name))
    return catalogue, runs


# --- tables -----------------------------------------------------------------------------------------------------------

Published = dict[str, list[EntryRow]]
"""Live entries by source."""


def published(catalogue: Catalogue) -> Published:
    """What each source has in the catalogue."""
    found: Published = defaultdict(list)
    for row in catalogue.entries.with_ids(piece.id for piece in catalogue.pieces.all()):
        found[row.source].append(row)
    return found


def source_table(entries: Published, runs: dict[str, tuple[RunRow, RunRow]], invalid: set[str] | None) -> Iterator[str]:
    """A line a source. `invalid`: IRIs with a violation in the official shapes, when they were asked."""
    line = "{:34} {:>5} {:>9} {:>7} {:>7} {:>6} {:>6}  {}"
    yield line.format(
        "source", "in", "published", "refused", "skipped", "failed", "clean", "second run's writes; error"
    )
    total: Counter[str] = Counter()
    for name, (first, second) in runs.items():
        rows = entries.get(name, [])
        counts = {
            "in": first.seen,
            "published": len(rows),
            "refused": first.refused,
            "skipped": first.skipped,
            "failed": first.failed,
            "clean": sum(row.iri not in invalid for row in rows) if invalid is not None else 0,
        }
        total.update(counts)
        yield line.format(name, *_shown(counts, invalid), f"{second.writes} {first.error[-70:]}".strip())
    yield line.format("all", *_shown(total, invalid), "")


def _shown(counts: Mapping[str, int], invalid: set[str] | None) -> list[str]:
    return ["?" if name == "clean" and invalid is None else str(count) for name, count in counts.items()]


def repairs(catalogue: Catalogue, entries: Published) -> Iterator[tuple[str, Note]]:
    """What became of each value of each published record: (source, note)."""
    for source, rows in entries.items():
        for row in rows:
            for note in catalogue.records.trace(source, row.identifier):
                yield source, note


def repair_table(notes: list[tuple[str, Note]]) -> Iterator[str]:
    """A line a rule: how often, in how many sources, at which field most often, and an example."""
    by_rule: dict[str, list[tuple[str, Note]]] = defaultdict(list)
    for source, note in notes:
        by_rule[note.rule].append((source, note))
    yield f"{'rule':26} {'severity':9} {'values':>7} {'sources':>7}  most often at; example"
    for rule, found in sorted(by_rule.items(), key=lambda item: -len(item[1])):
        field, example = Counter(_last(note.field) for _, note in found).most_common(1)[0][0], found[0][1]
        sources = len({source for source, _ in found})
        told = f"{example.raw[:40]!r} -> {example.published[:40]!r}"
        yield f"{rule:26} {RULES[rule].severity:9} {len(found):7} {sources:7}  {field}; {told}"


def unmapped_table(notes: list[tuple[str, Note]]) -> Iterator[str]:
    """For each field, the values that were dropped or left as they are because no table knows them."""
    unknown: dict[str, Counter[str]] = defaultdict(Counter)
    for _, note in notes:
        if note.raw and note.rule.endswith("-unknown"):
            unknown[_last(note.field)][note.raw] += 1
    for field, values in sorted(unknown.items(), key=lambda item: -item[1].total()):
        shown = ", ".join(f"{value[:60]!r} {count}" for value, count in values.most_common(SHOWN))
        yield f"{field}: {values.total()} of {len(values)} kinds: {shown}"


def _last(field: str) -> str:
    """`dct:format` for `dcat:distribution[2]/dct:format`."""
    parts = field.split("/")
    return next((part for part in reversed(parts) if ":" in part), field)


def violations(file: Path) -> tuple[str, set[str]]:
    """What the official shapes say of an export: the report, and the nodes that violate one."""
    found = file.with_suffix(".json")
    command = [sys.executable, str(SHARED / "dcat-ap" / "validate.py"), str(file), "--json", str(found)]
    options = ["--context", "none", "--background", "none", "--sets", SETS]
    report = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if report.returncode > 1:
        raise SystemExit(report.stderr)
    results = json.loads(found.read_text("utf-8"))["results"]
    return report.stdout, {one["focus"] for one in results if one["severity"] == "Violation"}


def main(folder: Path, *, shacl: bool) -> None:
    """Prints the tables."""
    catalogue, runs = filled(folder)
    invalid = None
    if shacl:
        export(catalogue.feed, folder / "catalog.nt")
        report, invalid = violations(folder / "catalog.nt")
        print(report)
    entries = published(catalogue)
    notes = list(repairs(catalogue, entries))
    for table in (source_table(entries, runs, invalid), repair_table(notes), unmapped_table(notes)):
        print("\n".join(table), end="\n\n")
    catalogue.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.samples", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", nargs="?", type=Path, help="keeps the catalogue there")
    parser.add_argument("--shacl", action="store_true", help="validates the whole export with the official shapes")
    asked = parser.parse_args()
    if asked.folder:
        main(asked.folder, shacl=asked.shacl)
    else:
        with tempfile.TemporaryDirectory() as name:
            main(Path(name), shacl=asked.shacl)
