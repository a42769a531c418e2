"""A second portal harvests the first one through its DCAT doors, and both say the same triples of every entry.

The other doors are in the tests of their own: CKAN, OGC, CSW, OAI-PMH, data.json, schema.org, event streams."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import loopback
import pytest
from browsing import served
from factory import filled_catalogue, open_catalogue

from catalogue.publishing.measures import Measures
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from web.app import create_app
from web.feeds import catalog

FEEDS = (
    *(f"/catalog.{ending}?page=1" for ending in ("ttl", "rdf", "jsonld", "nt")),
    *("/catalog.ttl", "/catalog.rdf?measures=none", "/dumps/latest/datasets.nt.gz", "/dumps/latest/datasets.ttl.gz"),
)

SITES = r"<https://(data\.example\.brussels|second\.example)"
OF_THE_PORTAL = re.compile(f"{SITES}/((id/(record|metric|remark|catalog)/[^>]*|catalog)?>)")
"""What a portal says of itself: its records, measures and name, and the way through a service, which hangs on them."""
PLACE = re.compile(f"{SITES}/id/[a-z]+/[a-z0-9]+#location-")
"""A place that the source gave no name has one in each portal, which ends in a digest of what it says."""


def published(catalogue: Catalogue) -> set[str]:
    """Every statement of the whole feed that is not about the portal."""
    lines = "".join(catalogue.feed.whole(Measures.NONE)).splitlines()
    return {PLACE.sub("<urn:place:", line) for line in lines if not OF_THE_PORTAL.match(line)}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Catalogue, str]]:
    """The first portal, at an address where it can be reached."""
    catalogue = filled_catalogue(tmp_path_factory.mktemp("first"))
    catalogue.dumps.make(lambda _: None, Stop())
    app = create_app(catalogue.settings, catalogue)
    with served(app) as address:
        app.extensions["settings"] = replace(catalogue.settings, site_url=address)
        yield catalogue, address
    catalogue.close()


@pytest.mark.parametrize("feed", FEEDS)
def test_a_second_portal_says_the_same(
    first: tuple[Catalogue, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, feed: str
) -> None:
    monkeypatch.setattr(catalog, "PER_PAGE", 3)
    catalogue, address = first
    second, _ = open_catalogue(tmp_path, fetch_allow=loopback.LOOPBACK, site_url="https://second.example")
    name = second.sources.add(f"{address}{feed}", "dcat", title="First").name
    run = second.runs.harvest(name)
    assert (run.complete, run.refused, run.failed, run.skipped) == (True, 0, 0, 0)
    assert published(second) == published(catalogue)
    again = second.runs.harvest(name)
    assert (again.complete, again.writes, again.removed) == (True, 0, 0)
    second.close()
