"""Real records of portals that speak JSON, replayed over HTTP through the real harvesters (../shared/samples)."""

import pytest
from samples import samples

from benchmarks.json_portals import PORTALS, portal, serving
from benchmarks.samples import SOURCES, Sample
from dcat.model import Dataset
from harvesters import HARVESTERS
from harvesters.base import Crawl, Normalised, RawRecord, Source, StillThere
from harvesters.http import Client, Pace

REPLAYED = [one for one in SOURCES if one.kind in PORTALS]

READ = {
    "explore": (2, 11),
    "georegister": (3, 7),
    "open-canada": (10, 48),
    "ogc-spec": (1, 3),
    "culture": (262, 552),
    "cdc": (247, 741),
    "energystar": (24, 72),
    "sodha": (1, 3),
    "bonn": (101, 316),
    "koeln": (137, 512),
    "biodiversity": (1, 1),
    "hub": (1, 5),
}
"""Records and files of each."""

CONFIG = {"arcgis-hub": {"read": "search"}}


@pytest.mark.parametrize("sample", REPLAYED, ids=lambda one: one.name)
def test_everything_is_read_and_told_apart(sample: Sample) -> None:
    harvester, config = HARVESTERS[sample.kind], CONFIG.get(sample.kind, {})
    with serving(portal(sample.kind, samples(*sample.path.split("/")), sample.most)) as (url, sizes):
        source = Source(id="s", name="s", title="S", url=url, kind=sample.kind, config=config)

        def fetch(crawl: Crawl) -> list[RawRecord | StillThere]:
            with Client(allow=("127.0.0.0/8",), pace=Pace(0)) as client:
                return list(harvester.fetch(source, client, crawl))

        crawl = Crawl()
        first = [one for one in fetch(crawl) if isinstance(one, RawRecord)]
        whole = sum(sizes)
        sizes.clear()
        again = fetch(Crawl(known=crawl.validators, versions={one.identifier: one.version for one in first}))
    assert crawl.incomplete == []
    if crawl.validators or any(one.version for one in first):
        assert not [one for one in again if isinstance(one, RawRecord)]
    read = [harvester.normalise(raw, source) for raw in first]
    assert (len(read), files(read)) == READ[sample.name]
    assert all(one.entry.title for one in read)
    if len(read) > 100 and crawl.validators:
        assert sum(sizes) <= whole / 100


def files(read: list[Normalised]) -> int:
    """Files of all datasets."""
    return sum(len(one.entry.distribution) for one in read if isinstance(one.entry, Dataset))
