"""What a second harvest of an unchanged source takes, by kind: bytes, and rows written.

    python -m benchmarks.unchanged [records [kind …]]

Over the sources of `benchmarks.harvest_kinds`. Those that are files on a web server have an ETag, as files have; of
APIs only those of DKAN 1, which a cache answers. The bytes are those of the bodies as they are sent. Where each record
comes by itself they are packed with gzip, as servers do with texts; pages of records are not, because ours say much the
same words, and gzip would make far less of them than of real ones.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.harvest_kinds import KINDS, WHOLE, source
from catalogue.service import Catalogue
from catalogue.settings import Settings

MOST = 0.01
"""Of the bytes of the first harvest."""
TAGGED = frozenset({"data-json", "dcat", "dkan", "ldes", "schema-org", "sdmx", "stac", "table"})
PACKED = frozenset({"dataverse", "dkan", "schema-org", "waf"})


class Taken(NamedTuple):
    """One harvest."""

    size: int
    """Bytes."""
    answers: int
    records: int
    writes: int


def harvests(catalogue: Catalogue, kind: str, count: int) -> Iterator[Taken]:
    """The first harvest of a source, and the second."""
    with source(kind, count, tagged=kind in TAGGED, packed=kind in PACKED) as (url, config, sizes):
        name = catalogue.sources.add(url, kind, title=kind, config=config).name
        for _ in range(2):
            sizes.clear()
            run = catalogue.runs.harvest(name)
            assert run.complete, run.incomplete or run.error
            yield Taken(sum(sizes), len(sizes), run.seen, run.writes)


def main(records: int = 1000, *kinds: str) -> int:
    """Prints a line a kind; how many take too much, or write."""
    much = 0
    with tempfile.TemporaryDirectory() as name:
        catalogue = Catalogue(
            Settings(data_dir=Path(name), fetch_allow=("127.0.0.0/8",), harvest_processes=1, check_links=False)
        )
        catalogue.init()
        for kind in kinds or sorted(KINDS.keys() | WHOLE):
            first, second = harvests(catalogue, kind, records)
            much += second.size > MOST * first.size or second.writes > 0
            print(
                f"{kind:14} {first.records:6} records {first.size:10,} B in {first.answers:5} answers, then "
                f"{second.size:9,} B in {second.answers:5} ({second.size / first.size:7.2%}), {second.writes} writes"
            )
        catalogue.close()
    return much


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), *sys.argv[2:]) if len(sys.argv) > 1 else main())
