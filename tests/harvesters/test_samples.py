"""Real catalogues, replayed over HTTP through the real harvesters.

The payloads lie beside the project (../shared/samples, see SOURCES.md there); without them these tests skip.
"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import loopback
import portals
import pytest
from loopback import Answer, Server
from portals import envelope
from samples import samples
from sampling import sampled

from dcat.messages import RULES
from dcat.model import Dataset, kind_of
from harvesters import HARVESTERS
from harvesters.base import Crawl, Normalised, RawRecord, Source
from harvesters.http import Client, Pace


def fetch(kind: str, server: Server, path: str, config: dict[str, Any]) -> tuple[list[RawRecord], Crawl, Source]:
    """Every record of a source, raw."""
    crawl = Crawl()
    source = Source(id="s", name="s", title="S", url=server.url(path), kind=kind, config=config)
    with Client(allow=loopback.LOOPBACK, pace=Pace(0)) as client:
        return list(HARVESTERS[kind].fetch(source, client, crawl)), crawl, source


def harvest(kind: str, server: Server, path: str, **config: Any) -> tuple[list[RawRecord], list[Normalised], Crawl]:
    """Every record of a source, raw and read."""
    raws, crawl, source = fetch(kind, server, path, config)
    read = [HARVESTERS[kind].normalise(raw, source) for raw in raws]
    assert all(found.rule in RULES for one in read for found in one.findings)
    return raws, read, crawl


def kinds(read: list[Normalised]) -> Counter[str]:
    return Counter(kind_of(one.entry) for one in read)


def files(read: list[Normalised]) -> int:
    return sum(len(one.entry.distribution) for one in read if isinstance(one.entry, Dataset))


def languages(read: list[Normalised]) -> set[str]:
    return {text.lang for one in read for text in one.entry.title}


# --- CKAN -------------------------------------------------------------------------------------------------------------


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_berlin() -> None:
    packages = json.loads(samples("ckan", "german-cities", "metadata", "berlin", "catalog.json").read_text("utf-8"))
    with loopback.running(portals.ckan(packages, rows_max=100)) as server:
        raws, read, crawl = harvest("ckan", server, "/")
    assert (len(raws), crawl.declared_total, crawl.pages, crawl.incomplete) == (686, 686, 7, [])
    assert kinds(read) == {"dataset": 686}
    assert files(read) == 1066
    datasets = [one.entry for one in read if isinstance(one.entry, Dataset)]
    assert all(dataset.title and dataset.issued for dataset in datasets)
    assert sum(bool(dataset.description) for dataset in datasets) == 684
    assert sum(bool(dataset.theme) for dataset in datasets) == 648
    assert sum(bool(dataset.temporal) for dataset in datasets) > 600
    assert all(file.license for dataset in datasets for file in dataset.distribution)
    assert sum((Counter(one.unread) for one in read), Counter())["extras.sector"] == 686


def test_canadian_space_agency() -> None:
    packages = lines(samples("ckan", "csa-canada-bilingual-sample20", "packages.jsonl"))
    with loopback.running(portals.ckan(packages, rows_max=7)) as server:
        raws, read, crawl = harvest("ckan", server, "/api/3/action/package_search")
    assert (len(raws), crawl.pages, crawl.incomplete) == (20, 3, [])
    assert files(read) == 174
    assert languages(read) == {"en", "fr"}
    assert all({text.lang for text in one.entry.description} == {"en", "fr"} for one in read)
    assert all({text.lang for text in one.entry.keyword} <= {"en", "fr"} for one in read)
    assert all(one.entry.publisher and one.entry.contact for one in read)


def test_plant_and_food_research() -> None:
    packages = lines(samples("ckan", "nz-pfr-dump", "datasets.jsonl"))
    with loopback.running(portals.ckan(packages)) as server:
        raws, read, crawl = harvest("ckan", server, "/")
    assert (len(raws), files(read), crawl.incomplete) == (9, 6, [])


def test_moers_is_no_ckan_catalogue() -> None:
    """Its records are JSON schemas: no id, and an object in place of each text."""
    records = json.loads(samples("ckan", "german-cities", "metadata", "moers", "catalog.json").read_text("utf-8"))

    def all_at_once(action: str, query: Mapping[str, str]) -> Answer | None:
        return envelope({"count": len(records), "results": records})

    with loopback.running(portals.ckan([], instead=all_at_once)) as server:
        raws, _, crawl = harvest("ckan", server, "/")
    assert (raws, len(crawl.incomplete), len(crawl.findings)) == ([], 185, 185)
    source = Source(id="s", name="s", title="S", url="https://moers.example/", kind="ckan")
    for record in records:
        raw = RawRecord(identifier="x", body=json.dumps(record).encode(), media_type="application/json")
        with pytest.raises(ValueError, match="name: expected a text, found an object with description"):
            HARVESTERS["ckan"].normalise(raw, source)


# --- DCAT -------------------------------------------------------------------------------------------------------------


def serving(path: Path, media_type: str) -> Server:
    """A file as a feed, under its own name."""
    return loopback.pages({f"/{path.name}": Answer(path.read_bytes(), media_type)})


def replay(path: Path, media_type: str = "text/plain") -> tuple[list[RawRecord], list[Normalised], Crawl]:
    """Every record of a feed, raw and read."""
    with loopback.running(serving(path, media_type)) as server:
        return harvest("dcat", server, f"/{path.name}")


def fetch_file(path: Path, media_type: str) -> list[RawRecord]:
    """Every record of a feed, raw."""
    with loopback.running(serving(path, media_type)) as server:
        return fetch("dcat", server, f"/{path.name}", {})[0]


DATAGOVBE = {
    "antwerpen": (492, 0),
    "elia": (96, 1),
    "fluvius": (48, 1),
    "gent": (260, 0),
    "geobe": (177, 60),
    "indicators": (83, 0),
    "infrabel": (94, 1),
    "pensionstat": (16, 0),
    "podmiis": (41, 0),
    "statbel-open": (443, 0),
}
"""Datasets and services of each source of data.gov.be."""

NAMED_ONLY = {"geobe": 3}
"""Datasets of which the feed says nothing but that they exist; they cannot be published."""


@pytest.mark.parametrize("name", sampled(list(DATAGOVBE), 4))
def test_data_gov_be(name: str) -> None:
    datasets, services = DATAGOVBE[name]
    raws, read, crawl = replay(samples("datagovbe", f"{name}.ttl.gz"), "application/gzip")
    assert kinds(read) == {kind: count for kind, count in [("dataset", datasets), ("service", services)] if count}
    assert (crawl.incomplete, crawl.findings) == ([], [])
    assert sum(not one.entry.title for one in read) == NAMED_ONLY.get(name, 0)
    for ending in ("rdf", "nt"):
        others = fetch_file(samples("datagovbe", f"{name}.{ending}.gz"), "application/gzip")
        assert {raw.identifier: raw.body for raw in others} == {raw.identifier: raw.body for raw in raws}


def test_machine_translations_stay_apart() -> None:
    _, read, _ = replay(samples("datagovbe", "elia.ttl.gz"))
    assert any(text.is_machine_translated for one in read for text in one.entry.title)


def test_federal_finances() -> None:
    """The root is the catalogue itself; 136 datasets without address, each with an identifier."""
    raws, read, crawl = replay(samples("dcat-rdf", "fpsfinance-geonetwork", "dataset-example.xml"), "application/xml")
    assert kinds(read) == {"dataset": 136}
    assert len({raw.identifier for raw in raws}) == 136
    assert (crawl.incomplete, crawl.findings) == ([], [])


FEDERAL = {
    "dcatlib/src/test/resources/dcat-multilang.rdf": {"dataset": 1},
    "dist/data/best/dcat.rdf": {"dataset": 2, "service": 1},
    "dist/data/dcat-other/fpsecocbe.xml": {"dataset": 2, "service": 1},
    "dist/data/dcat-other/fpsjust.xml": {"dataset": 1, "service": 2},
}


@pytest.mark.parametrize("name", FEDERAL)
def test_federal_files(name: str) -> None:
    _, read, crawl = replay(samples("dcat-rdf", "belgian-federal-files", *name.split("/")))
    assert kinds(read) == FEDERAL[name]
    assert crawl.incomplete == []


@pytest.mark.parametrize(
    ("name", "line"), [("dist/data/favv/dcat.rdf", 9), ("dist/data/dcat-other/fpsbosabudget.xml", 48)]
)
def test_files_that_no_parser_can_read_are_read_but_for_their_slips(name: str, line: int) -> None:
    _, read, crawl = replay(samples("dcat-rdf", "belgian-federal-files", *name.split("/")))
    assert len(read) == 3
    assert {found.rule for found in crawl.findings} == {"syntax-mended"}
    assert crawl.findings[0].value.startswith(f"{line}: ")
    assert crawl.incomplete == []
