"""The public address changes: everything of ours is named anew, nothing of the sources is, and nothing is left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from commands import invoke
from factory import Feed, Memory, mobility, open_catalogue, record, texts, towns
from sqlalchemy import create_engine

from catalogue.errors import Conflict, Invalid
from catalogue.search.base import Query
from catalogue.service import Catalogue
from catalogue.store.schema import alembic
from catalogue.work.doctor import examine
from dcat.model import Agent, Dataset, Distribution, Document, Iri
from harvesters import HARVESTERS

OLD, NEW = "https://data.example.brussels", "https://opendata.example.brussels/portal"
SOURCES = {"https://mobility.example.brussels/feed": mobility(), "https://towns.example.brussels/feed": towns()}
STAYS = f"{OLD}/about"


def own() -> Dataset:
    """A dataset whose source gives no name to anything, and links to a page of ours."""
    return Dataset(
        title=texts(fr="Sans nom"),
        publisher=Agent(name=texts(fr="Commune")),
        landing_page=(Document(iri=Iri(STAYS)),),
        distribution=(Distribution(access_url=(Iri("https://town.example/a"),)), Distribution(title=texts(fr="b"))),
    )


def fill(catalogue: Catalogue, memory: Memory) -> list[str]:
    """Harvests two sources and one whose entries are all named by us; their slugs."""
    feeds = {**SOURCES, "https://own.example/feed": [("1", own()), ("2", own())]}
    memory.feeds = {url: Feed([record(id, entry) for id, entry in feed]) for url, feed in feeds.items()}
    names = [catalogue.sources.add(url, "memory").name for url in memory.feeds]
    for name in names:
        assert catalogue.runs.harvest(name).state.startswith("done")
    return names


def moved(catalogue: Catalogue, memory: Memory) -> Catalogue:
    """The same catalogue under the settings of another address."""
    return Catalogue(replace(catalogue.settings, site_url=NEW), harvesters={**HARVESTERS, "memory": memory})


def graph(catalogue: Catalogue) -> set[str]:
    """All triples, without the moments at which our records changed."""
    lines = "".join(catalogue.feed.whole()).splitlines()
    return {line for line in lines if "/modified>" not in line and "#generatedAtTime>" not in line}


def test_everything_of_ours_moves_and_what_sources_named_stays(catalogue: Catalogue, memory: Memory) -> None:
    fill(catalogue, memory)
    before = graph(catalogue)
    there = moved(catalogue, memory)
    there.address.rebase(OLD, NEW)
    after = graph(there)
    assert not [line for line in after if f"{OLD}/id/" in line or f"<{OLD}/catalog>" in line]
    assert any(STAYS in line for line in after)
    assert len(after) == len(before)
    there.close()


def test_a_move_gives_what_a_new_start_would_give(
    catalogue: Catalogue, memory: Memory, tmp_path: Path, move_clock: Callable[[timedelta], datetime]
) -> None:
    fill(catalogue, memory)
    there = moved(catalogue, memory)
    there.address.rebase(OLD, NEW)
    anew, feeds = open_catalogue(tmp_path / "anew", site_url=NEW)
    fill(anew, feeds)
    assert graph(there) == graph(anew)
    for opened in (there, anew):
        opened.close()


def test_the_next_harvest_finds_nothing_to_change(catalogue: Catalogue, memory: Memory) -> None:
    names = fill(catalogue, memory)
    there = moved(catalogue, memory)
    there.address.rebase(OLD, NEW)
    for name in names:
        for full in (False, True):
            run = there.runs.harvest(name, full=full)
            assert (run.changed, run.new, run.writes, run.error) == (0, 0, 0, "")
    there.close()


def test_the_index_follows_a_move(catalogue: Catalogue, memory: Memory) -> None:
    fill(catalogue, memory)
    there = moved(catalogue, memory)
    count = there.address.rebase(OLD, NEW)
    assert there.index.rebuild() == count
    assert there.index.search(Query(text="sans nom", per_page=10)).hits[0].document.name.startswith("sans-nom")
    there.close()


def test_names_are_read_from_where_they_were_given_while_the_setting_says_another(
    catalogue: Catalogue, memory: Memory
) -> None:
    fill(catalogue, memory)
    there = moved(catalogue, memory)
    assert graph(there) == graph(catalogue)
    assert f"datastore rebase {OLD} {NEW}" in there.address.difference()
    assert catalogue.address.difference() == ""
    there.close()


def test_nothing_is_minted_before_the_first_entry(catalogue: Catalogue, memory: Memory) -> None:
    there = moved(catalogue, memory)
    assert there.address.minted_at() == NEW
    fill(there, memory)
    assert there.address.minted_at() == catalogue.address.minted_at() == NEW
    there.close()


@pytest.mark.parametrize(
    ("old", "new"), [(OLD, "https://elsewhere.example"), ("https://never.example", NEW), (NEW, NEW)]
)
def test_a_move_that_does_not_fit_is_refused(catalogue: Catalogue, memory: Memory, old: str, new: str) -> None:
    fill(catalogue, memory)
    there, before = moved(catalogue, memory), graph(catalogue)
    with pytest.raises(Invalid):
        there.address.rebase(old, new)
    assert graph(there) == before
    there.close()


def test_nobody_moves_while_a_run_goes_on(catalogue: Catalogue, memory: Memory) -> None:
    [name, *_] = fill(catalogue, memory)
    catalogue.runs.request(name)
    order = catalogue.runs.take()
    assert order is not None
    there = moved(catalogue, memory)
    with pytest.raises(Conflict, match="Stop the workers"):
        there.address.rebase(OLD, NEW)
    catalogue.runs.give_back(order)
    there.close()


def test_tombstones_move_too(catalogue: Catalogue, memory: Memory) -> None:
    fill(catalogue, memory)
    found = catalogue.entries.find("sans-nom")
    catalogue.records.withdraw("own-example", "1")
    there = moved(catalogue, memory)
    there.address.rebase(OLD, NEW)
    assert there.entries.find("sans-nom").iri == found.iri.replace(OLD, NEW)
    there.close()


def test_the_command_the_doctor_and_every_start_tell(empty_catalogue: tuple[Catalogue, Memory], tmp_path: Path) -> None:
    catalogue, memory = empty_catalogue
    fill(catalogue, memory)
    settings = {"DATA_DIR": str(catalogue.settings.data_dir), "SITE_URL": NEW}
    assert f"datastore rebase {OLD} {NEW}" in invoke(tmp_path, "source", "list", **settings)[1]
    checks = {check.name: check for check in examine(replace(catalogue.settings, site_url=NEW))}
    assert not checks["public address"].ok
    assert f"are named under {NEW}" in invoke(tmp_path, "rebase", OLD, NEW, **settings)[0]
    assert invoke(tmp_path, "source", "list", **settings)[1] == ""
    assert {check.name: check for check in examine(replace(catalogue.settings, site_url=NEW))}["public address"].ok


def test_a_database_of_an_earlier_release_knows_where_it_was_named(
    empty_catalogue: tuple[Catalogue, Memory],
) -> None:
    catalogue, memory = empty_catalogue
    step = ScriptDirectory.from_config(alembic()).get_revision("0007")
    engine = create_engine(catalogue.settings.database)

    def minted_at() -> str:
        """What the step finds in tables as they were before contents were packed."""
        with engine.connect() as connection, connection.begin():
            config = alembic()
            config.attributes["connection"] = connection
            command.downgrade(config, "0023")
            found: str = step.module.minted_at(connection)
            command.upgrade(config, "head")
        return found

    assert minted_at() == ""
    fill(catalogue, memory)
    assert minted_at() == OLD
    engine.dispose()
