"""A run that somebody cancels: it ends, saves nothing more, and is not tried again before its time."""

import pytest
from factory import Feed, Memory, record, texts

from catalogue.errors import Conflict
from catalogue.service import Catalogue
from dcat.model import Dataset
from harvesters.base import Normalised, RawRecord, Source

URL = "https://agency.example/feed"


@pytest.fixture
def source(catalogue: Catalogue, memory: Memory) -> str:
    """A source that is read every night."""
    memory.feeds[URL] = Feed([record("x", Dataset(title=texts(fr="Jeu"), description=texts(fr="Un jeu.")))])
    return catalogue.sources.add(URL, "memory", title="Agency", schedule="0 3 * * *").name


def test_a_run_that_waits_is_cancelled(catalogue: Catalogue, source: str) -> None:
    run = catalogue.runs.request(source)
    assert catalogue.runs.cancel(source) == [run.id]
    ended = catalogue.runs.numbered(run.id)
    assert (ended.state, ended.error_code) == ("aborted", "CANCELLED")
    assert catalogue.runs.take() is None
    with pytest.raises(Conflict, match="No run of 'agency' waits or goes on"):
        catalogue.runs.cancel(source)
    assert next(row.what for row in catalogue.audit.all()) == "run.cancel"
    assert catalogue.runs.harvest(source).new == 1


def test_a_run_that_goes_on_is_cancelled_and_saves_nothing_more(
    catalogue: Catalogue, memory: Memory, source: str
) -> None:
    normalise = memory.normalise

    def slow(raw: RawRecord, of: Source) -> Normalised:
        catalogue.runs.cancel(source)
        return normalise(raw, of)

    memory.normalise = slow  # type: ignore[method-assign]
    run = catalogue.runs.harvest(source)
    assert (run.state, run.error_code, run.new) == ("aborted", "CANCELLED", 0)
    assert catalogue.entries.counts().datasets == 0
    row = catalogue.sources.named(source)
    assert row.next_run
    again = row.next_run.astimezone(catalogue.settings.zone)
    assert (again.hour, again.minute, again.second) == (3, 0, 0), "it is not tried again at once, as a failed one is"
