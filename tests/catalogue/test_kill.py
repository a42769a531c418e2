"""A worker killed at any instant loses nothing, doubles nothing, and leaves nothing that the next run does not mend."""

import multiprocessing
import random
from collections.abc import Iterator
from pathlib import Path

import harvest_child
import pytest
from loopback import LOOPBACK, Answer, Request, Server, running, site

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.tables import metadata

sa = pytest.importorskip("sqlalchemy")

DATASETS = 120
KILLS = {"sqlite": 20, "postgresql": 10}
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
    """A feed of which each round changes a third, adds one and leaves out another."""

    def __init__(self) -> None:
        self.round = 0

    def numbers(self) -> list[int]:
        """What the feed lists now."""
        return [n for n in range(DATASETS + self.round) if n != self.round]

    def version(self, n: int) -> int:
        """The last round that changed a dataset."""
        return max((at for at in range(self.round + 1) if at % 3 == n % 3), default=0)

    def turtle(self, _: Request) -> Answer:
        """The feed as it is now."""
        datasets = (DATASET.format(n=n, version=self.version(n), agency=n % 5) for n in self.numbers())
        return Answer((START + "".join(datasets)).encode(), "text/turtle")


@pytest.fixture
def feed() -> Feed:
    """The feed."""
    return Feed()


@pytest.fixture
def server(feed: Feed) -> Iterator[Server]:
    """Where the feed is served."""
    with running(site(feed.turtle)) as server:
        yield server


@pytest.mark.against("F-30")
def test_a_worker_killed_at_any_instant(database_url: str, tmp_path: Path, feed: Feed, server: Server) -> None:
    settings = Settings(data_dir=tmp_path / "var", database_url=database_url, fetch_allow=LOOPBACK)
    catalogue = Catalogue(settings)
    catalogue.init()
    name = catalogue.sources.add(server.url("/feed.ttl"), "dcat", title="Agency").name
    chance = random.Random(database_url.partition(":")[0])
    assert not kill_somewhere(settings, name, 60)
    (whole,) = catalogue.runs.of_source(name)
    assert whole.ended
    assert whole.started
    seconds = (whole.ended - whole.started).total_seconds()
    killed = 0
    for _ in range(KILLS[database_url.partition(":")[0].partition("+")[0]]):
        feed.round += 1
        killed += kill_somewhere(settings, name, chance.uniform(0, 1.3 * seconds))
        check_invariants(catalogue)
    assert killed >= 3
    assert catalogue.runs.harvest(name).state == "done"
    check_invariants(catalogue)
    check_is_what_the_feed_says(catalogue, feed)
    assert (
        catalogue.runs.harvest(name).writes
        <= len(catalogue.runs.outcomes(catalogue.runs.of_source(name)[0].id, outcome="REMOVED")) * 4
    )
    assert catalogue.runs.harvest(name).writes == 0
    catalogue.close()


def kill_somewhere(settings: Settings, name: str, seconds: float) -> bool:
    """Starts a harvest and kills it so long after it began; True when it was still at work."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["catalogue.service"])
    ready = context.Event()
    process = context.Process(target=harvest_child.run, args=(settings, name, ready))
    process.start()
    assert ready.wait(60)
    process.join(seconds)
    process.kill()
    process.join()
    assert process.exitcode in {0, -9}
    return process.exitcode == -9


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
