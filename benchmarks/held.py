"""What a harvest holds in memory, at several sizes of its source.

    python -m benchmarks.held [KIND DATASETS …]
    python -m benchmarks.held feed MEGABYTES …

Each size is harvested by a process of its own into a new catalogue, index included. KIND: `dcat` (one feed in Turtle),
`dcat-pages` (of 500 datasets), `feed` (one feed of so many megabytes, a hundred datasets each), or one of
`benchmarks.harvest_kinds` that is no JSON of one record each. Printed is what the process holds at most, also as
a ratio to the smallest size, what the larger of its children holds (it parses long documents, or reads records), and
what all of them hold together.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import whole_portals as whole
from benchmarks.alone import Measured, harvest
from benchmarks.harvest_kinds import WHOLE
from benchmarks.portal_words import ABOUT
from catalogue.service import Catalogue
from catalogue.settings import Settings

SIZES = ("2000", "8000", "24000")

SOURCES: dict[str, tuple[str, Callable[[int], whole.Answer], str]] = {
    **{kind: (kind, made, path) for kind, (made, path) in WHOLE.items()},
    "dcat-pages": ("dcat", whole.dcat_pages, "/"),
    "feed": ("dcat", lambda megabytes: whole.dcat(100 * megabytes, ABOUT * 110), "/feed.ttl"),
}
"""The kind, what makes the source, and where it is."""


def held(name: str, size: int) -> Measured:
    """What the first harvest of a source took."""
    kind, made, path = SOURCES[name]
    with tempfile.TemporaryDirectory() as folder, whole.serving_bytes(made(size), tagged=True) as site:
        settings = Settings(data_dir=Path(folder), fetch_allow=("127.0.0.0/8",), harvest_processes=1)
        catalogue = Catalogue(settings)
        catalogue.init()
        source = catalogue.sources.add(f"{site}{path}", kind, title="Source").name
        catalogue.close()
        return harvest(settings, source)


def main(name: str = "dcat", *sizes: str) -> None:
    """Prints a line a size."""
    first: Measured | None = None
    for size in map(int, sizes or SIZES):
        found = held(name, size)
        first = first or found
        print(
            f"{name} {size:6}: {found.seen:6} entries {found.seconds:6.1f} s   {found.memory / 1000:6.1f} MB "
            f"({found.memory / first.memory:.2f} times)   child {found.parser / 1000:6.1f} MB   "
            f"together {found.together / 1000:6.1f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
