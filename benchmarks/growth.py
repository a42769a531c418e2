"""What one request costs in a catalogue ten times as large: nothing may grow with the number of entries.

    python -m benchmarks.growth [few] [many]

Both catalogues are served in one process, in turns; times are of the processor, the median of the requests after the
first one at each address, since what is asked once for each state of the catalogue is asked by that. The first one has
its own column.
"""

import gc
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks.grown import grown
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.work.serve import SELDOM
from web.app import create_app

PROMISE = 1.3
REQUESTS = 15
LATE = 0.9
"""Where in a list its late pages are."""
WORDS = "budget"


class Portal:
    """One catalogue and somebody who asks it."""

    def __init__(self, settings: Settings) -> None:
        self.site = settings.site_url
        self.catalogue = Catalogue(settings)
        self.client: FlaskClient = create_app(settings, self.catalogue).test_client()
        self.count = self.catalogue.pieces.count()

    def addresses(self) -> dict[str, str]:
        """Addresses by what they are."""
        late = int(self.count * LATE)
        dataset = self.catalogue.entries.after("", 1, late)[0].name
        source = self.catalogue.sources.all()[0].name
        publisher = self.catalogue.publishers.all()[0].name
        return {
            "home": "/en/?anew=1",
            "home, kept": "/en/",
            "quality": "/en/quality?anew=1",
            "publishers": "/en/publishers?anew=1",
            "publisher": f"/en/publisher/{publisher}",
            "dataset": f"/en/dataset/{dataset}",
            "dataset, RDF": f"/dataset/{dataset}.ttl",
            "sources": "/en/sources?anew=1",
            "source": f"/en/source/{source}",
            "duplicates": "/api/1/duplicates/",
            "list of site maps": "/sitemap.xml",
            "late site map": f"/sitemap/{late // 1000}.xml",
            "late page of the feed": f"/catalog.nt?page={late // 100}",
            "late page of quality": f"/quality.nt?page={late // 100}",
            "late page of the API": f"/api/1/datasets/?limit=20&offset={late}",
            "late page of CKAN's names": f"/api/3/action/package_list?limit=20&offset={late}",
            "late page of CKAN": f"/api/3/action/package_search?rows=20&start={min(late, 9000)}",
            "late page of OAI-PMH": "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
            "search, words": f"/search.json?q={WORDS}",
            "search, everything": "/search.json",
            "search page": f"/en/search?q={WORDS}",
            "readyz": "/readyz",
        }

    def seconds(self, path: str, tag: str = "") -> float:
        """Processor time of one request."""
        headers = {"If-None-Match": tag} if tag else {}
        began = time.process_time()
        answer = self.client.get(path, headers=headers, base_url=self.site)
        took = time.process_time() - began
        assert answer.status_code == (304 if tag else 200), (path, answer.status_code, answer.text[:200])
        return took

    def tag(self, path: str) -> str:
        """The tag of an answer."""
        return self.client.get(path, base_url=self.site).headers["ETag"]


def measured(few: Portal, many: Portal) -> list[str]:
    """Prints a line an address. Returns what grows more than is promised."""
    grows: list[str] = []
    asked = [(what, (few, here, ""), (many, there, "")) for what, here, there in _both(few, many)]
    unchanged = ["/en/search", "/catalog.ttl?page=1"]
    asked += [(f"304 of {path}", (few, path, few.tag(path)), (many, path, many.tag(path))) for path in unchanged]
    print(f"{'milliseconds of the processor':<28} {few.count:>8} {many.count:>8}  times   first")
    for what, here, there in asked:
        first = [portal.seconds(path, tag) * 1000 for portal, path, tag in (here, there)]
        taken: tuple[list[float], list[float]] = ([], [])
        for _ in range(REQUESTS):
            for seconds, (portal, path, tag) in zip(taken, (here, there), strict=True):
                seconds.append(portal.seconds(path, tag) * 1000)
        small, large = map(statistics.median, taken)
        late = large / small > PROMISE
        grows += [what] if late else []
        print(
            f"{what:<28} {small:8.2f} {large:8.2f}  {large / small:5.2f}   {first[0]:.0f} → {first[1]:.0f}{' !' * late}"
        )
    return grows


def _both(few: Portal, many: Portal) -> list[tuple[str, str, str]]:
    there = many.addresses()
    return [(what, path, there[what]) for what, path in few.addresses().items()]


def main(few: int = 5_000, many: int = 50_000) -> None:
    """Builds both, measures, and fails when something grows."""
    with tempfile.TemporaryDirectory() as name:
        run(*(grown(_folder(Path(name) / str(entries)), entries) for entries in (few, many)))


def run(few: Settings, many: Settings) -> None:
    """Measures two catalogues."""
    gc.set_threshold(*SELDOM)
    small, large = Portal(few), Portal(many)
    with closing(small.catalogue), closing(large.catalogue):
        grows = measured(small, large)
    if grows:
        sys.exit(f"More than {PROMISE} times as much: {', '.join(grows)}")


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
