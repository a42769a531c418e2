"""How fast the whole catalogue goes out, beside `cat` of the same document to a file.

    python -m benchmarks.serve_feed [datasets]

The catalogue is filled by a real harvest. The feed passes through the application, from the database to the bytes that
a server would send; times are the best of three, memory is the highest that a process of its own ever had.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.feeds import feed
from benchmarks.ingest import harvested, served
from catalogue.service import Catalogue
from catalogue.settings import Settings
from web.app import create_app

IDLE = "idle"
"""A process that serves next to nothing: what its memory is without a feed."""
FEEDS = ("nt", "nt gzip", "ttl", "rdf", "jsonld")


def filled(folder: Path, datasets: int) -> Settings:
    """The settings of a catalogue with that many datasets."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "feed.nt").write_bytes(feed(datasets, "nt"))
    settings = Settings(data_dir=folder / "var", fetch_allow=("127.0.0.0/8",))
    catalogue = Catalogue(settings)
    catalogue.init()
    with served(folder) as address:
        harvested(catalogue, catalogue.sources.add(f"{address}/feed.nt", "dcat", title="Feed").name)
    catalogue.close()
    return settings


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of three."""

    def once() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return min(once() for _ in range(3))


def serve(settings: Settings, asked: str, target: Path) -> None:
    """Writes an answer (`catalog.nt`, `catalog.nt gzip`) to a file, block by block as a server would send it."""
    path, _, packing = asked.partition(" ")
    catalogue = Catalogue(settings)
    client = create_app(replace(settings, access_log=False), catalogue).test_client()  # what we print is read
    answer = client.get(f"/{path}", headers={"Accept-Encoding": packing or "identity"}, buffered=False)
    assert answer.status_code == 200
    with target.open("wb") as file:
        file.writelines(answer.iter_encoded())
    catalogue.close()


def measured(folder: Path, kind: str) -> tuple[float, int]:
    """Seconds and highest memory in MiB of a process that serves the feed."""
    command = [sys.executable, "-m", "benchmarks.serve_feed", str(folder), kind]
    seconds, kibibytes = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return seconds, kibibytes // 1024


def alone(folder: Path, kind: str) -> None:
    """What such a process does: prints its seconds and its memory."""
    settings = Settings(data_dir=folder / "var")
    path = "healthz" if kind == IDLE else f"catalog.{kind}"
    seconds = best(lambda: serve(settings, path, folder / "out"))
    memory = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(json.dumps([seconds, int(memory.split()[1])]))


def main(datasets: int = 10_000) -> None:
    """Prints one line a feed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = filled(folder, datasets)
        document = folder / "catalog.nt"
        serve(settings, "catalog.nt", document)
        cat = best(lambda: subprocess.run(["sh", "-c", f"cat {document} > {folder}/copy"], check=True))
        idle = measured(folder, IDLE)[1]
        print(f"{datasets} datasets, {document.stat().st_size / 1e6:.0f} MB of N-Triples")
        print(f"cat                {cat:6.2f} s")
        for kind in FEEDS:
            seconds, memory = measured(folder, kind)
            print(f"/catalog.{kind:9} {seconds:6.2f} s   {seconds / cat:6.1f} times cat   {memory - idle:4d} MiB more")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        alone(Path(sys.argv[1]), sys.argv[2])
    else:
        main(*(int(argument) for argument in sys.argv[1:]))
