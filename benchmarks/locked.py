"""How much of a harvest's work is done while other writers wait for it.

    python -m benchmarks.locked [DATABASE_URL]

One feed of some thousand real datasets (../shared/samples/datagovbe) is harvested into a new catalogue, without its
index, and again with every dataset changed. Printed is the processor time of each run, that within its transactions
that write, and their ratio. A database that is named must be empty.
"""

import gzip
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpus import SAMPLES
from benchmarks.ingest import served
from benchmarks.promises import NotMeasured
from benchmarks.replay import held, noted
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.database import Database

TITLE = b'<http://purl.org/dc/terms/title> "'


class Share(NamedTuple):
    """Seconds of the processor."""

    datasets: int
    whole: float
    held: float

    @property
    def share(self) -> float:
        """Of the work for which others wait."""
        return self.held / self.whole


def feed() -> bytes:
    """All datasets as N-Triples. Raises `NotMeasured`."""
    if not (files := sorted((SAMPLES / "datagovbe").glob("*.nt.gz"))):
        raise NotMeasured(f"there are no real feeds: {SAMPLES}")
    return b"".join(gzip.decompress(file.read_bytes()) for file in files)


def measured(catalogue: Catalogue, source: str) -> Share:
    """One run."""
    catalogue.runs.request(source, full=True)
    order = catalogue.runs.take()
    assert order is not None
    with noted((Database, "write"), clock=time.thread_time) as moments:
        began = time.thread_time()
        run = catalogue.runs.carry_out(order)
        whole = time.thread_time() - began
    assert run.state.startswith("done"), run.error
    return Share(run.seen, whole, held(moments))


def runs(url: str = "") -> Iterator[tuple[str, Share]]:
    """The first run, and the one with every dataset changed. Raises `NotMeasured`."""
    data = feed()
    with tempfile.TemporaryDirectory() as name, served(Path(name)) as address:
        file = Path(name) / "feed.nt"
        file.write_bytes(data)
        settings = Settings(
            data_dir=Path(name) / "var", database_url=url, fetch_allow=("127.0.0.0/8",), harvest_processes=1
        )
        with closing(Catalogue(settings)) as catalogue:
            catalogue.init()
            source = catalogue.sources.add(f"{address}/feed.nt", "dcat", title="Feed").name
            yield "new", measured(catalogue, source)
            file.write_bytes(data.replace(TITLE, TITLE + b"Autrement "))
            yield "changed", measured(catalogue, source)


def main(url: str = "") -> None:
    """Prints a line a run."""
    for what, found in runs(url):
        each = 1000 / found.datasets
        print(
            f"{what:8} {found.datasets} datasets   {found.whole * each:.2f} ms each   "
            f"{found.held * each:.2f} ms locked   {found.share:.0%}",
            flush=True,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
