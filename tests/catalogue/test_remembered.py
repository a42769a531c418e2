"""What is asked once for each state of the store: never older than what was published, whoever did."""

from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from factory import Feed, Memory, open_catalogue, record, texts

from catalogue.errors import Unavailable
from catalogue.publishing import entries
from catalogue.service import Catalogue
from catalogue.store import remembered, revisions
from catalogue.store.remembered import Remembered
from dcat.model import KINDS, Agent, Dataset, Iri

URL = "https://agency.example/feed"


def publish(catalogue: Catalogue, memory: Memory, *names: str) -> None:
    """The source holds these datasets now."""
    ixelles = Agent(iri=Iri("https://ixelles.example/"), name=texts(fr="Ixelles"))
    memory.feeds[URL] = Feed([record(name, Dataset(title=texts(fr=name), publisher=ixelles)) for name in names])
    catalogue.runs.harvest("agency")


@pytest.fixture
def filled(catalogue: Catalogue, memory: Memory) -> Catalogue:
    """A catalogue of one dataset."""
    catalogue.sources.add(URL, "memory", title="Agency")
    publish(catalogue, memory, "arbres")
    return catalogue


def test_a_question_is_asked_again_only_when_something_changed(filled: Catalogue, memory: Memory) -> None:
    asked: list[int] = []

    def answer(tx: Any) -> int:
        asked.append(revisions.last(tx))
        return len(asked)

    known = Remembered(filled._database)
    assert [known.ask("how often", answer) for _ in range(3)] == [1, 1, 1]
    publish(filled, memory, "arbres")
    assert known.ask("how often", answer) == 1
    publish(filled, memory, "arbres", "bancs")
    assert [known.ask("how often", answer), known.ask("another", answer)] == [2, 3]
    assert asked[0] < asked[1] == asked[2]


def test_no_more_is_remembered_than_so_many_answers(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    known = Remembered(filled._database)
    for number in range(10):
        assert known.ask(number, lambda _, number=number: number) == number
        assert len(known._known.answers) <= 3


def test_what_another_process_publishes_is_told_at_once(filled: Catalogue, memory: Memory) -> None:
    with closing(Catalogue(filled.settings)) as other:
        for names in (("arbres",), ("arbres", "bancs"), ("arbres", "bancs", "lampes")):
            publish(filled, memory, *names)
            assert other.entries.counts().datasets == len(names)
            assert [row.datasets for row in other.publishers.all()] == [len(names)]
            assert other.publishers.named("ixelles").datasets == len(names)
            assert other.pieces.count() == len(names)


@pytest.mark.parametrize("order", ["id", "name", "updated"])
@pytest.mark.parametrize("is_falling", [False, True])
def test_a_list_goes_on_from_an_entry_near_by_as_from_the_begin(
    filled: Catalogue, memory: Memory, monkeypatch: pytest.MonkeyPatch, order: str, is_falling: bool
) -> None:
    monkeypatch.setattr(entries, "NEAR", 3)
    publish(filled, memory, "arbres", *"abcde")
    publish(filled, memory, "arbres", *"abcdefgh")
    part = partial(filled.entries.listed, KINDS, order=order, is_falling=is_falling)
    every = part(0, 100).ids
    assert len(every) == 9
    for offset in range(11):
        assert part(offset, 2) == (9, every[offset : offset + 2])


def test_late_pages_tell_of_what_came_since_the_last(
    filled: Catalogue, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "NEAR", 2)
    for names in ("abcdef", "abcdefgh", "bcdefgh"):
        publish(filled, memory, "arbres", *names)
        every = [row.name for row in filled.entries.after("", 100)]
        assert [filled.entries.after("", 1, offset)[0].name for offset in range(len(every))] == every
        assert [name for offset in range(9) for name in filled.entries.names(KINDS, offset, 1)] == every
        assert filled.entries.after("", 1, len(every)) == []


def test_nobody_changes_what_others_are_told(filled: Catalogue) -> None:
    filled.publishers.all().clear()
    filled.assessments.causes().clear()
    filled.links.counts().clear()
    assert [row.name for row in filled.publishers.all()] == ["ixelles"]
    assert filled.assessments.causes()


def test_a_database_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path)
    catalogue.close()
    file = Path(str(catalogue._database._engine.url.database))
    file.write_bytes(b"no database" * 1000)
    with pytest.raises(Unavailable):
        catalogue.entries.counts()
