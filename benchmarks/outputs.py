"""What becomes of every record of the samples in ../shared, as digests: whoever makes a harvest faster runs this before
and after, and compares.

    python -m benchmarks.outputs [PART OF A NAME] > before

One line a source: records, entries, and digests of what is kept of them (JSON, N-Triples, findings, quality, keys,
references) and of the documents of the index. The clock stands still, so that nothing else differs.
"""

import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from unittest.mock import patch

import msgspec
import sqlalchemy as sa

from benchmarks.samples import SITE, SOURCES, Sample, served
from catalogue import clock
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store import tables

PORT = 18_943
"""Of the server: identifiers are made of the address of their source."""
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KINDS = ("dcat", "ckan", "data-json", "schema-org")
"""Kinds that the one server serves."""
KEPT = (
    tables.entries,
    tables.contents,
    tables.nodes,
    tables.records,
    tables.findings,
    tables.assessments,
    tables.keys,
    tables.links,
)


def digest(rows: Iterable[object]) -> str:
    """Of rows in any order of equals."""
    return blake2b("\n".join(sorted(map(repr, rows))).encode("utf-8", "replace"), digest_size=6).hexdigest()


def _what(table: sa.Table) -> sa.Select[tuple[object, ...]]:
    """Every column but the fingerprint of the software, which is another after each change of it; remarks with the
    subject that they are read with."""
    if table is tables.findings:
        own = sa.func.coalesce(table.c.subject, tables.outcomes.c.identifier)
        said = [own if column is table.c.subject else column for column in table.c]
        return sa.select(*said).join(tables.outcomes, tables.outcomes.c.id == table.c.outcome_id)
    return sa.select(*(column for column in table.c if column.name != "mapping"))


def line(sample: Sample, folder: Path) -> str:
    """Harvests one source and says what is kept of it."""
    catalogue = Catalogue(Settings(data_dir=folder, site_url=SITE, fetch_allow=("127.0.0.0/8",)))
    catalogue.init()
    with served([sample], PORT) as address:
        url = f"{address}/{sample.name if sample.kind == 'ckan' else sample.path}"
        run = catalogue.runs.harvest(catalogue.sources.add(url, sample.kind, title=sample.name).name)
    with catalogue._database.read() as tx:  # noqa: SLF001 (every table as it is)
        said = [f"{table.name}={digest(tuple(row) for row in tx.execute(_what(table)))}" for table in KEPT]
    documents = digest(sorted(msgspec.json.encode(one)) for one in catalogue.index.documents())
    count = catalogue.pieces.count()
    catalogue.close()
    return f"{sample.name} {run.state} seen={run.seen} entries={count} {' '.join(said)} documents={documents}"


def main(part: str = "") -> None:
    """Prints the lines."""
    for sample in SOURCES:
        if sample.kind in KINDS and part in sample.name:
            with tempfile.TemporaryDirectory() as name, patch.object(clock, "now", lambda: NOW):
                print(line(sample, Path(name)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
