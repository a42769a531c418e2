"""What answers of the portal cost that nothing has to be made for, each beside its peer in the same run.

Times are of the processor: the median of several turns, in each of which both are done.
"""

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from benchmarks.processor import seconds
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.stopping import Stop
from web.app import create_app

BLOCK = 128 * 1024
"""Bytes that `cat` copies at a time."""
TURNS = 9


def ratios(settings: Settings) -> Iterator[tuple[str, float]]:
    """The feed from its file beside copying it; a page that is kept, and one that did not change, beside `/healthz`."""
    with closing(Catalogue(settings)) as catalogue:
        while catalogue.feed_files.write(lambda _: None, Stop()):
            pass
        client = create_app(replace(settings, access_log=False), catalogue).test_client()

        def asked(path: str, **headers: str) -> Callable[[], object]:
            return lambda: client.get(path, headers=headers, base_url=settings.site_url).data

        file = catalogue.feed_files.find("nt", packed=False)
        assert file
        yield "feed", _ratio(asked("/catalog.nt"), lambda: _copied(file.path), 3)
        tag = client.get("/en/", base_url=settings.site_url).headers["ETag"]
        yield "304", _ratio(asked("/en/", **{"If-None-Match": tag}), asked("/healthz"), 30)
        yield "home", _ratio(asked("/en/"), asked("/healthz"), 30)


def _ratio(one: Callable[[], object], other: Callable[[], object], times: int) -> float:
    def often(work: Callable[[], object]) -> float:
        return sum(seconds(work) for _ in range(times))  # each lets go of its bytes before the next one

    return statistics.median([often(one) / often(other) for _ in range(TURNS + 1)][1:])


def _copied(path: Path) -> None:
    with path.open("rb", buffering=0) as source, tempfile.TemporaryFile(buffering=0) as target:
        while block := source.read(BLOCK):
            target.write(block)
