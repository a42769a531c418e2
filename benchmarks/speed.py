"""What is promised about speed, as ratios to a peer that is measured in the same run, each with its target.

    python -m benchmarks.speed [datasets] [--record]

`--record` keeps the ratios in `speed.json` and writes `docs/reference/speed.md`; another run says which of them became
worse by more than a fifth. Times are of the processor: a busy machine changes them, the ratios hardly.
"""

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks import ingest
from benchmarks.feeds import feed
from benchmarks.serve_feed import filled
from catalogue import clock
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.stopping import Stop
from catalogue.whole_file import appearing
from web.app import create_app

RECORDED = Path(__file__).with_name("speed.json")
PAGE = Path(__file__).parent.parent / "docs" / "reference" / "speed.md"
WORSE = 0.2
"""A ratio that is worse by more than this share is shown."""
BLOCK = 128 * 1024
"""Bytes that `cat` copies at a time."""
REPEATED = 9


class Promise(NamedTuple):
    """A ratio that is promised."""

    what: str
    peer: str
    target: float
    is_least: bool = False
    """True where more is better."""

    def is_kept(self, ratio: float) -> bool:
        """True when the ratio is as good as promised."""
        return ratio >= self.target if self.is_least else ratio <= self.target

    def is_worse(self, ratio: float, before: float) -> bool:
        """True when it became worse by more than a fifth."""
        return ratio < before * (1 - WORSE) if self.is_least else ratio > before * (1 + WORSE)

    def said(self) -> str:
        """The target as it is read."""
        return f"{'≥' if self.is_least else '≤'} {self.target:g}"


PROMISES = {
    "harvest": Promise("a whole harvest", "rdflib's parse of the same feed, as a rate", 1.5, is_least=True),
    "one changed": Promise("a harvest with one dataset changed", "fetching, parsing and cutting the feed", 1.5),
    "same bytes": Promise("a harvest of the same bytes", "fetching, parsing and cutting the feed", 0.2),
    "unchanged": Promise("a harvest of a source that says that nothing changed", "the same", 0.2),
    "feed": Promise("the whole feed sent from its file", "copying it as `cat` does", 2.0),
    "304": Promise("an answer that nothing changed (304)", "`/healthz`", 1.5),
    "home": Promise("the home page, kept", "`/healthz`", 3.0),
}


def ratios(datasets: int) -> Iterator[tuple[str, float]]:
    """Measures each promise."""
    found = ingest.measured(feed(datasets, "ttl"), "ttl")
    yield "harvest", found.parse / found.first
    yield "one changed", found.one / found.cutting
    yield "same bytes", found.same / found.cutting
    yield "unchanged", found.told / found.cutting
    with tempfile.TemporaryDirectory() as name:
        yield from _of_the_portal(replace(filled(Path(name), datasets), access_log=False))


def _of_the_portal(settings: Settings) -> Iterator[tuple[str, float]]:
    with closing(Catalogue(settings)) as catalogue:
        while catalogue.feed_files.write(lambda _: None, Stop()):
            pass
        client = create_app(settings, catalogue).test_client()

        def asked(path: str, **headers: str) -> Callable[[], object]:
            return lambda: client.get(path, headers=headers, base_url=settings.site_url).data

        file = catalogue.feed_files.find("nt", packed=False)
        assert file
        yield "feed", _ratio(asked("/catalog.nt"), lambda: _copied(file.path), 3)
        tag = client.get("/en/", base_url=settings.site_url).headers["ETag"]
        yield "304", _ratio(asked("/en/", **{"If-None-Match": tag}), asked("/healthz"), 30)
        yield "home", _ratio(asked("/en/"), asked("/healthz"), 30)


def _ratio(one: Callable[[], object], other: Callable[[], object], times: int) -> float:
    """How many times as long one takes as the other: the median of several turns, in each of which both are done."""
    turns = [_seconds(one, times) / _seconds(other, times) for _ in range(REPEATED + 1)]
    return statistics.median(turns[1:])


def _seconds(work: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - began


def _copied(path: Path) -> None:
    with path.open("rb", buffering=0) as source, tempfile.TemporaryFile(buffering=0) as target:
        while block := source.read(BLOCK):
            target.write(block)


def page(found: dict[str, float], datasets: int) -> str:
    """The page of the reference."""
    rows = "".join(
        f"| {one.what} | {one.peer} | {one.said()} | {'' if one.is_kept(found[key]) else '**not kept:** '}"
        f"{found[key]:.2f} |\n"
        for key, one in PROMISES.items()
    )
    load = os.getloadavg()[0]
    return f"""# Speed

What is promised about speed: ratios of processor times to a peer in the same run, so that they mean the same on every
machine. Written by `python -m benchmarks.speed {datasets} --record`, never by hand; `make bench` measures anew and says
what became worse by more than a fifth. `benchmarks/growth.py` asks the same of a catalogue ten times as large.

Measured on {clock.now().date()} with {datasets} datasets, Python {platform.python_version()}, {os.cpu_count()} \
processors under a load of {load:.0f}.

| what | beside | promised | measured |
|---|---|---|---|
{rows}"""


def main(datasets: int = 1_000, *, record: bool = False) -> None:
    """Prints a line a promise."""
    before = json.loads(RECORDED.read_text()) if RECORDED.is_file() else {}
    found: dict[str, float] = {}
    for key, ratio in ratios(datasets):
        one, found[key] = PROMISES[key], round(ratio, 3)
        marks = "" if one.is_kept(ratio) else "   not kept"
        if key in before and one.is_worse(ratio, before[key]):
            marks += f"   worse: {before[key]:.2f} was recorded"
        print(f"{one.what:<50} {ratio:6.2f} {one.said():>7}   beside {one.peer}{marks}", flush=True)
    if record:
        for file, text in ((RECORDED, json.dumps(found, indent=1) + "\n"), (PAGE, page(found, datasets))):
            with appearing(file) as out:
                out.write(text.encode())


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    main(*numbers, record="--record" in sys.argv)
