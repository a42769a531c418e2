"""Every kind of source in whole runs: over the answers recorded in `tests/data/<kind>/`, taken into a catalogue."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import loopback
import pytest
from factory import open_catalogue
from loopback import Answer
from recordings import RECORDINGS, Recording

from catalogue import clock
from catalogue.harvesting import unchanged
from catalogue.ingest import tombstones
from catalogue.ingest.identity import clean_identifier
from catalogue.service import Catalogue
from catalogue.sources.editing import Change
from catalogue.store import missing
from catalogue.store.rows import RunRow

BROKEN = Answer(b"no", status=403)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened, _ = open_catalogue(tmp_path / "var", fetch_allow=loopback.LOOPBACK)
    yield opened
    opened.close()


def skipped(recording: Recording) -> int:
    """Records that are not for us, and those that the source gives twice."""
    twice = recording.script.get("findings", []).count("duplicate-identifier")
    return twice + list(recording.script["records"].values()).count("SKIPPED")


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_second_harvest_writes_nothing_and_a_broken_one_removes_nothing(
    recording: Recording, catalogue: Catalogue
) -> None:
    script = recording.script
    is_broken = False

    def answer(lines: dict[str, Any], whole: Answer) -> Answer:
        return BROKEN if is_broken and lines == script["answers"][-1] else whole

    with loopback.running(recording.server(answer)) as server:
        name = catalogue.sources.add(server.url(script["url"]), recording.kind, config=script["config"]).name

        def harvest(*, full: bool) -> RunRow:
            return catalogue.runs.harvest(name, full=full)

        first = harvest(full=False)
        assert (first.complete, first.failed, first.refused) == (True, 0, 0)
        assert first.skipped >= skipped(recording)  # those of the same identifier too
        assert first.new >= len(script["records"]) - skipped(recording)
        for full in (False, True):
            again = harvest(full=full)
            assert (again.writes, again.same, again.removed) == (0, first.new, 0)
        is_broken = True
        for _ in range(2):
            broken = harvest(full=True)
            assert (broken.complete, broken.removed, broken.held) == (False, 0, 0)
    assert len(list(catalogue.entries.all())) == first.new


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_filter_leaves_one_record_out_and_lets_it_in_again(recording: Recording, catalogue: Catalogue) -> None:
    """With what comes of it (the API of a table), and whatever the source says about what changed since."""
    script = recording.script
    published = [name for name, title in script["records"].items() if title != "SKIPPED"]
    left_out = {"exclude": {"identifier": [published[0]]}}
    with loopback.running(recording.server()) as server:
        name = catalogue.sources.add(
            server.url(script["url"]), recording.kind, config={**script["config"], **left_out}
        ).name
        first = catalogue.runs.harvest(name)
        skipped = {one.identifier: one.code for one in catalogue.runs.outcomes(first.id, outcome="SKIPPED")}
        assert (first.complete, skipped[published[0]]) == (True, "FILTERED")
        catalogue.sources.edit(name, Change(config={"exclude": None}))
        second = catalogue.runs.harvest(name)
        again = catalogue.runs.harvest(name)
    assert (second.complete, second.skipped, second.removed) == (True, first.skipped - 1, 0)
    assert second.new >= 1
    assert (again.writes, again.same) == (0, second.new + second.changed + second.same)


TELLS_NEWS = {
    *("arcgis-hub-search", "ckan-fluent", "csw-jardin", "dataverse-archive", "dcat-blank", "dcat-jsonld"),
    *("ldes-activities", "ldes-versions", "oai-pmh-herbarium", "ogc-records-pygeoapi", "opendatasoft-communes"),
    *("schema-org-site", "socrata-city", "udata-ministry"),
}
"""Recordings of sources that tell what is new, or that nothing is, without being read whole."""
FIRST = {one.kind: one for one in reversed(RECORDINGS)}
"""Of each kind."""


@pytest.mark.usefixtures("no_source_is_small")
@pytest.mark.parametrize(
    "recording", [one for one in RECORDINGS if one is FIRST[one.kind] or str(one) in TELLS_NEWS], ids=str
)
def test_what_went_stays_away_until_the_source_lists_it_again(recording: Recording, catalogue: Catalogue) -> None:
    """Under the same version and date as ever; what only says that nothing changed since brings nothing back."""
    script = recording.script
    published = next(name for name, title in script["records"].items() if title != "SKIPPED")
    with loopback.running(recording.server()) as server:
        source = catalogue.sources.add(server.url(script["url"]), recording.kind, config=script["config"])
        catalogue.runs.harvest(source.name)
        lose(catalogue, source.id, published)
        later = catalogue.runs.harvest(source.name)
        back = catalogue.runs.outcomes(later.id, outcome="RESTORED")
        assert (later.complete, later.removed, later.new) == (True, 0, 0)
        assert not (back and str(recording) in TELLS_NEWS)
        if not back:
            with catalogue._database.write() as tx:
                unchanged.forget(tx, source.id)
            back = catalogue.runs.outcomes(catalogue.runs.harvest(source.name).id, outcome="RESTORED")
    assert [one.identifier for one in back] == [published]


def lose(catalogue: Catalogue, source: str, identifier: str) -> None:
    """Removes an entry, as a run does whose source lists it no more."""
    with catalogue._database.write() as tx:
        gone = missing.one(tx, source, clean_identifier(identifier), clock.now())
        assert tombstones.bury(tx, source, None, gone, code="MISSING_AT_SOURCE", moment=clock.now())


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
def test_a_run_that_is_broken_off_is_made_up_for_by_the_next(recording: Recording, catalogue: Catalogue) -> None:
    """As when somebody ends the program in the middle of it."""
    script = recording.script

    def end(event: dict[str, Any]) -> None:
        if event["event"] == "record":
            raise KeyboardInterrupt

    with loopback.running(recording.server()) as server:
        name = catalogue.sources.add(server.url(script["url"]), recording.kind, config=script["config"]).name
        with pytest.raises(KeyboardInterrupt):
            catalogue.runs.harvest(name, progress=end)
        made_up = catalogue.runs.harvest(name)
        again = catalogue.runs.harvest(name, full=True)
    assert (made_up.complete, made_up.failed, made_up.removed) == (True, 0, 0)
    assert (again.writes, again.same) == (0, made_up.new + made_up.same)
