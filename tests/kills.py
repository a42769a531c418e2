"""Processes that are killed or frozen at any instant, and what must hold after it."""

import multiprocessing
import time
from multiprocessing.process import BaseProcess

import harvest_child
import sqlalchemy as sa
from loopback import Answer, Request

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.tables import metadata

DATASETS = 120
START = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""
DATASET = """<https://agency.example/id/{n}> a dcat:Dataset ;
  dct:title "Jeu {n}, {version}"@fr ; dct:description "Un jeu."@fr ;
  dct:publisher [ a foaf:Agent ; foaf:name "Agence {agency}"@fr ] ;
  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://agency.example/{n}.csv> ] .
"""


class Feed:
    """A feed of which each round changes a third and leaves out one, and each of the first rounds adds another."""

    def __init__(self) -> None:
        self.round = 0

    def numbers(self) -> list[int]:
        """What the feed lists now."""
        size = DATASETS + min(self.round, 20) + self.round // 20  # hundreds of rounds long, not hundreds larger
        return [n for n in range(size) if n != self.round % size]

    def version(self, n: int) -> int:
        """The last round that changed a dataset."""
        return max(0, self.round - (self.round - n) % 3)

    def turtle(self, _: Request) -> Answer:
        """The feed as it is now."""
        datasets = (DATASET.format(n=n, version=self.version(n), agency=n % 5) for n in self.numbers())
        return Answer((START + "".join(datasets)).encode(), "text/turtle")


def begun(settings: Settings, name: str, what: str = "harvest", acknowledged: str = "") -> BaseProcess:
    """A process that has opened the catalogue and begins with one of `harvest_child.DONE`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["catalogue.service", "catalogue.work.worker"])
    ready = context.Event()
    process = context.Process(target=harvest_child.run, args=(settings, name, ready, what, acknowledged))
    process.start()
    assert ready.wait(60)
    return process


def kill_somewhere(
    settings: Settings, name: str, seconds: float, what: str = "harvest", acknowledged: str = ""
) -> tuple[bool, float]:
    """Begins something and kills it so long after. Whether it was still at work, and for how many seconds it was."""
    process = begun(settings, name, what, acknowledged)
    began = time.monotonic()
    process.join(seconds)
    lasted = time.monotonic() - began
    process.kill()
    process.join()
    assert process.exitcode in {0, -9}
    return process.exitcode == -9, lasted


def check_invariants(catalogue: Catalogue) -> None:
    """I1 to I6 of robustness 3.3, after the worker's next look at the outbox."""
    catalogue.index.catch_up()
    assert catalogue.index.status()["waiting"] == 0  # I3
    tables = metadata.tables
    entries, outcomes, runs = tables["entries"], tables["outcomes"], tables["runs"]
    with catalogue._database.read() as tx:
        rows = tx.execute(sa.select(entries)).all()
        contents = set(tx.execute(sa.select(tables["contents"].c.entry_id)).scalars())
        records = tx.execute(sa.select(tables["records"].c.source_id, tables["records"].c.identifier)).all()
        standing = tx.execute(sa.select(outcomes).where(outcomes.c.superseded.is_(None))).all()
        all_runs = tx.execute(sa.select(runs)).all()
    assert len({(row.source_id, row.identifier) for row in rows}) == len(rows)  # I1
    assert {row.id for row in rows} == contents
    assert {(row.source_id, row.identifier) for row in rows} == {tuple(record) for record in records}
    assert {(row.source_id, row.identifier) for row in standing} == {tuple(record) for record in records}
    live = {row.id: row.revision for row in rows if row.removed is None}
    assert catalogue.index.engine.revisions() == live  # I2
    assert len([run for run in all_runs if run.state == "running"]) <= 1  # I4
    for run in all_runs:
        assert run.seen == run.new + run.changed + run.same + run.skipped + run.refused + run.failed  # I5
        if run.state in {"failed", "aborted"}:
            assert run.error_code
            assert 0 < len(run.error.encode()) <= 1024  # I6
        saved = [row for row in standing if row.run_id == run.id]
        assert len(saved) <= run.seen + run.removed + run.held


def check_is_what_the_feed_says(catalogue: Catalogue, feed: Feed) -> None:
    """Every dataset of the feed in its last version, each once."""
    listed = {f"https://agency.example/id/{n}": feed.version(n) for n in feed.numbers()}
    rows = catalogue.entries.with_iris(listed)
    assert {iri: row.entry.title[0].value for iri, row in rows.items()} == {
        iri: f"Jeu {iri.rpartition('/')[2]}, {version}" for iri, version in listed.items()
    }
    assert catalogue.entries.counts().datasets - len(listed) <= 1  # the one that was left out last is kept for a run
