"""Every kind of source, harvested by a process that is killed (SIGKILL) in the middle: the next run makes up for it."""

import multiprocessing
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import harvest_child
import loopback
import pytest
from factory import open_catalogue
from loopback import Answer
from recordings import RECORDINGS

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.rows import RunRow

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["catalogue.service", "harvest_child"])

Held = dict[str, tuple[Any, ...]]
"""What a catalogue has, by identifier: what is published, and what the source said."""


@contextmanager
def begun(target: Any, settings: Settings, name: str) -> Iterator[Any]:
    """A harvest in a process of its own, which is killed at the end of the block; yields what it sets."""
    happened = context.Event()
    process = context.Process(target=target, args=(settings, name, happened))
    process.start()
    try:
        yield happened
        assert process.is_alive()
    finally:
        process.kill()
        process.join()
    assert process.exitcode == -9


ONE_OF_EACH = {recording.kind: recording for recording in reversed(RECORDINGS)}
SETTINGS: dict[str, Any] = {"fetch_allow": loopback.LOOPBACK}


@pytest.mark.parametrize("kind", ONE_OF_EACH)
def test_what_a_killed_harvest_left_is_made_up_for(kind: str, tmp_path: Path) -> None:
    """Killed while it waits for the last answer, and again when one record was saved."""
    asked, killed = threading.Event(), threading.Event()
    recording = ONE_OF_EACH[kind]
    script = recording.script

    def answer(lines: dict[str, Any], whole: Answer) -> Answer:
        if lines == script["answers"][-1]:
            asked.set()
            assert killed.wait(60)
        return whole

    with loopback.running(recording.server(answer)) as server:
        catalogue, _ = open_catalogue(tmp_path / "killed", **SETTINGS)
        name = catalogue.sources.add(server.url(script["url"]), kind, config=script["config"]).name
        catalogue.close()
        shutil.copytree(tmp_path / "killed", tmp_path / "whole")
        with begun(harvest_child.run, catalogue.settings, name):
            assert asked.wait(60)
        killed.set()
        with begun(harvest_child.wait_when_saved, catalogue.settings, name) as saved:
            assert saved.wait(60)
        found, made_up = harvested(tmp_path / "killed", name)
        expected, whole = harvested(tmp_path / "whole", name)
    assert found == expected
    assert sums(made_up) == sums(whole)
    assert len(expected) == whole.new


def harvested(folder: Path, name: str) -> tuple[Held, RunRow]:
    """What a catalogue has after a harvest and one more, which writes nothing, and the first of them."""
    catalogue, _ = open_catalogue(folder, **SETTINGS)
    try:
        run = catalogue.runs.harvest(name)
        assert catalogue.runs.harvest(name).writes == 0
        return held(catalogue, name), run
    finally:
        catalogue.close()


def held(catalogue: Catalogue, name: str) -> Held:
    """What is published and found, each with what the source said of it."""
    catalogue.index.catch_up()
    rows = list(catalogue.entries.with_ids(piece.id for piece in catalogue.pieces.all()))
    assert catalogue.index.engine.revisions() == {row.id: row.revision for row in rows}
    said = {row.identifier: catalogue.records.raw(name, row.identifier) for row in rows}
    return {row.identifier: (row.id, row.name, row.iri, row.entry, said[row.identifier]) for row in rows}


def sums(run: RunRow) -> tuple[Any, ...]:
    """What a run counts, whether a record was new to it or known from one that was killed."""
    taken = run.new + run.changed + run.same
    return run.state, run.complete, run.seen, taken, run.skipped, run.refused, run.failed, run.removed
