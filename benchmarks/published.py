"""How many of the records that the real payloads in ../shared/samples hold can be published, source by source.

    python -m benchmarks.published [--why] [PART OF A NAME]

Read → cleaned → checked, without a catalogue. A record that says no more than its class is not counted: nothing can be
published of it. Promised: 99.5 % of the others, none of which violates a rule. With `--why` each record that is refused
is named.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from benchmarks.samples import SITE, SOURCES, Sample, served
from dcat.model import Entry
from dcat.normalise import Context, normalise
from dcat.rules import check, refusal
from harvesters import HARVESTERS
from harvesters.base import Crawl, HarvestError, RawRecord, SkipRecord, Source
from harvesters.http import Client, Pace

CONTEXT = Context(today="2026-11-22", site=SITE)
LINE = "{:30} {:>6} {:>6} {:>9} {:>7} {:>7}  {}"
COLUMNS = ("read", "bare", "published", "refused", "skipped")


class Fate(NamedTuple):
    """What becomes of one record."""

    identifier: str
    outcome: str
    """One of `COLUMNS` but the first."""
    reason: str = ""
    made: tuple[str, ...] = ()
    """The rules that gave it what it lacked."""


MADE = frozenset({"title-made", "endpoint-made"})
"""Rules that give a record what it could not be published without."""


def fates(one: Sample, address: str) -> Iterator[Fate]:
    """What becomes of each record of a source."""
    harvester = HARVESTERS[one.kind]
    url = f"{address}/{one.name if one.kind == 'ckan' else one.path}"
    source = Source(id=one.name, name=one.name, title=one.name, url=url, kind=one.kind)
    with Client(allow=("127.0.0.0/8",), pace=Pace(0)) as client:
        for raw in harvester.fetch(source, client, Crawl()):
            assert isinstance(raw, RawRecord), raw  # a first crawl knows nothing that could still be there
            yield _fate(raw, source)


def _fate(raw: RawRecord, source: Source) -> Fate:
    try:
        entry = HARVESTERS[source.kind].normalise(raw, source).entry
    except SkipRecord as reason:
        return Fate(raw.identifier, "skipped", str(reason))
    except ValueError as error:
        return Fate(raw.identifier, "refused", str(error))
    if is_bare(entry):
        return Fate(raw.identifier, "bare")
    clean = normalise(entry, CONTEXT, raw.identifier)
    made = tuple(sorted({note.rule for note in clean.notes} & MADE))
    if why := refusal(check(clean.entry, raw.identifier)):
        return Fate(raw.identifier, "refused", f"{type(entry).__name__}: {why.rule} {why.field} {why.value}", made)
    return Fate(raw.identifier, "published", "", made)


def is_bare(entry: Entry) -> bool:
    """True when nothing is said of an entry but its class."""
    return msgspec.structs.replace(entry, iri=None) == type(entry)()


def rows(sources: Iterable[Sample], *, why: bool) -> Iterator[str]:
    """A line a source, and one for all."""
    yield LINE.format("source", *COLUMNS, "share")
    total: Counter[str] = Counter()
    with served(sources) as address:
        for one in sources:
            try:
                found = list(fates(one, address))
            except HarvestError as error:
                yield f"{one.name}: {error}"
                continue
            counts = Counter(fate.outcome for fate in found)
            counts["read"] = len(found)
            total.update(counts)
            yield _row(one.name, counts)
            made = Counter(rule for fate in found for rule in fate.made)
            if made:
                yield f"    {', '.join(f'{rule} ×{times}' for rule, times in sorted(made.items()))}"
            if why:
                yield from (f"    {fate.identifier}: {fate.reason}" for fate in found if fate.outcome == "refused")
    yield _row("all", total)


def _row(name: str, counts: Counter[str]) -> str:
    asked = counts["read"] - counts["bare"] - counts["skipped"]
    share = f"{counts['published'] / asked:.2%}" if asked else "-"
    return LINE.format(name, *(counts[column] for column in COLUMNS), share)


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--why"]
    chosen = [one for one in SOURCES if any(part in one.name for part in arguments or [""])]
    for text in rows(chosen, why="--why" in sys.argv):
        print(text, flush=True)
