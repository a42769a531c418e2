"""How fast each door gives its list of a hundred entries, beside `/search.json` in the same run.

    python -m benchmarks.doors [datasets] [requests]

The catalogue is filled by a real harvest. Requests go through the application, from the database to the bytes that a
server would send. Times are of the processor, since other programs on the machine would else be measured too: the
95th percentile. The first request of each is not counted: it loads tables, and writes the records that doors keep.
"""

import gc
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.processor import timed
from benchmarks.serve_feed import filled
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.work.serve import SELDOM
from web.app import create_app
from web.csw.records import SCHEMAS as CSW_SCHEMAS

PEER = "/search.json?per_page=100"
PROMISE = 3.0
"""Times the peer that a door may take."""

DOORS = (
    "/catalog.nt?page=1",
    "/api/1/datasets/?limit=100",
    "/api/3/action/package_search?rows=100",
    "/ogc/collections/datasets/items?limit=100",
    "/ogc/collections/datasets/items?limit=100&type=dataset",
    *(
        f"/csw?service=CSW&version=2.0.2&request=GetRecords&resultType=results&maxRecords=100&outputSchema={schema}"
        for schema in CSW_SCHEMAS
    ),
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListRecords&metadataPrefix=dcat_ap",
)
"""One list of a hundred each."""


def percentile(seconds: list[float]) -> float:
    """The 95th, in milliseconds."""
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000


def measured(settings: Settings, requests: int) -> None:
    """Prints one line a door, in a process that serves and has done nothing else."""
    gc.set_threshold(*SELDOM)
    catalogue = Catalogue(settings)
    client = create_app(settings, catalogue).test_client()
    times: dict[str, list[float]] = {door: [] for door in (PEER, *DOORS)}
    sizes: dict[str, int] = {}
    for turn in range(requests + 1):
        for door, taken in times.items():
            answer, took = timed(partial(client.get, door))
            sizes[door] = len(answer.data)
            assert answer.status_code == 200, (door, answer.text[:300])
            if turn:  # the first one loads tables
                taken.append(took)
    catalogue.close()
    peer = percentile(times[PEER])
    for door, taken in times.items():
        ratio = percentile(taken) / peer
        late = "" if ratio <= PROMISE else f"   more than {PROMISE:.0f}"
        print(f"{percentile(taken):7.1f} ms  {ratio:5.2f} times  {sizes[door] / 1000:7.0f} kB  {door}{late}")


def main(datasets: int = 5_000, requests: int = 40) -> None:
    """Fills a catalogue and measures in another process."""
    with tempfile.TemporaryDirectory() as name:
        filled(Path(name), datasets)
        print(f"{datasets} datasets, {requests} requests a door", flush=True)
        subprocess.run([sys.executable, "-m", "benchmarks.doors", name, str(requests)], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 2 and not sys.argv[1].isdigit():
        measured(Settings(data_dir=Path(sys.argv[1]) / "var", access_log=False), int(sys.argv[2]))
    else:
        main(*(int(argument) for argument in sys.argv[1:]))
