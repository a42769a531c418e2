"""What the files of whole feeds and of their pages cost whoever writes them, and what a process holds that sends a
whole one, or that streams the feed while there is none.

    python -m benchmarks.feed_files [few] [many]

Seconds are of the processor: those of one format hold the worker, which looks for other work between two of them.
"""

import sys
import tempfile
from contextlib import closing
from pathlib import Path

from benchmarks import serve_feed
from benchmarks.grown import Shelf
from benchmarks.processor import seconds
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.stopping import Stop


def forget(settings: Settings) -> None:
    """Takes the files away."""
    with closing(Catalogue(settings)) as catalogue:
        catalogue.feed_files.forget_all()


def written(settings: Settings) -> dict[str, float]:
    """Writes what is missing. Returns the seconds of each format."""
    taken: dict[str, float] = {}
    with closing(Catalogue(settings)) as catalogue:
        while missing := catalogue.feed_files.missing():
            taken[missing[0]] = seconds(lambda: catalogue.feed_files.write(lambda _: None, Stop()))
    return taken


def paged(settings: Settings) -> float:
    """Writes the pages that are missing. Returns the seconds."""
    with closing(Catalogue(settings)) as catalogue:
        return seconds(lambda: catalogue.feed_pages.write(lambda _: None, Stop()))


def change(settings: Settings, count: int = 1) -> None:
    """Withdraws so many entries, one here and one there."""
    with closing(Catalogue(settings)) as catalogue:
        names = catalogue.entries.names(("dataset",))
        for name in names[len(names) // count - 1 :: len(names) // count][:count]:
            catalogue.records.withdraw(*catalogue.records.origin(name))


def held(settings: Settings) -> int:
    """MiB of a process that sends the feed, from its file where that is there."""
    return serve_feed.measured(settings.data_dir.parent, "nt")[1]


def main(few: int = 5_000, many: int = 20_000) -> None:
    """Prints a line a figure."""
    with tempfile.TemporaryDirectory() as name:
        shelf = Shelf(Path(name))
        for settings in map(shelf.catalogue, (few, many)):
            print(f"{settings.data_dir.parent.name} entries: streaming them takes {held(settings)} MiB", flush=True)
            _tell("all anew", written(settings) | {"pages": paged(settings)})
            for count in (1, 500):
                change(settings, count)
                _tell(f"{count} changed", written(settings) | {"pages": paged(settings)})
            print(f"sending the file takes {held(settings)} MiB", flush=True)


def _tell(what: str, taken: dict[str, float]) -> None:
    print(f"{what}: {'  '.join(f'{ending} {spent:.1f} s' for ending, spent in taken.items())}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
