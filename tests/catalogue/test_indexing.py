"""The index follows the store, also while another one is built; what it refuses is told to everybody."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factory import BASE, Feed, Memory, open_catalogue, record, texts

from catalogue.indexing import shadow
from catalogue.indexing.turns import Turns
from catalogue.search.base import Document, Query, Results
from catalogue.search.refusal import Refused
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store import outbox, revisions
from catalogue.store.rows import EntryRow
from catalogue.work.doctor import examine
from dcat.model import Dataset, Identifier, Iri, Text
from harvesters.base import RawRecord

URL = "https://agency.example/feed"


class Shelf:
    """An index without a lock, as Elasticsearch is one: writing goes on while another is built, and is then lost."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.refuses: dict[str, str] = {}
        """Title → why."""
        self.meanwhile: list[Callable[[], object]] = []
        """Done between the end of the next rebuild's reading and its swap."""
        self.after_writing: list[Callable[[], object]] = []
        """Done after the next write, before the store knows of it."""

    def put(self, documents: Iterable[Document]) -> int:
        written = self._write(self.documents, documents)
        self._do(self.after_writing)
        return self._count(written)

    def remove(self, ids: Iterable[str]) -> int:
        asked = list(ids)
        for id in asked:
            self.documents.pop(id, None)
        self._do(self.after_writing)
        return len(asked)

    def rebuild(self, documents: Iterable[Document]) -> int:
        new: dict[str, Document] = {}
        written = self._write(new, documents)
        self._do(self.meanwhile)
        self.documents = new
        return self._count(written)

    def revisions(self) -> dict[str, int]:
        return {id: one.revision for id, one in self.documents.items()}

    def generation(self) -> str:
        return str(self.revisions())

    def status(self) -> dict[str, object]:
        return {"state": "ready", "documents": len(self.documents), "bytes": 0}

    def search(self, query: Query) -> Results:
        raise NotImplementedError

    def listed(self, query: Query) -> tuple[Document, ...]:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing to give back."""

    def _write(self, where: dict[str, Document], documents: Iterable[Document]) -> tuple[int, dict[str, str]]:
        refused = {}
        count = 0
        for one in documents:
            if why := self.refuses.get(one.title[0].value):
                refused[one.id] = why
            elif one.id not in where or where[one.id].revision <= one.revision:
                where[one.id] = one
                count += 1
        return count, refused

    def _count(self, written: tuple[int, dict[str, str]]) -> int:
        if written[1]:
            raise Refused(*written)
        return written[0]

    def _do(self, acts: list[Callable[[], object]]) -> None:
        while acts:
            acts.pop()()


class House:
    """A catalogue with one source and such an index."""

    def __init__(self, catalogue: Catalogue, memory: Memory) -> None:
        self.catalogue, self.memory = catalogue, memory
        self.shelf = Shelf()
        catalogue.index._index = self.shelf
        self.titles = {"a": "Arbres", "b": "Budget", "c": "Crèches"}
        catalogue.sources.add(URL, "memory", title="Agency")
        self.harvest()

    def harvest(self) -> None:
        """Takes in what the titles say, and indexes it."""
        self.memory.feeds[URL] = Feed([self.record(key) for key in self.titles])
        self.catalogue.runs.harvest("agency")

    def record(self, key: str) -> RawRecord:
        iri = Iri(f"https://agency.example/{key}")
        return record(key, Dataset(iri=iri, title=texts(fr=self.titles[key]), description=texts(fr="Un jeu.")))

    def push(self, key: str, title: str) -> None:
        """Changes one entry; it is indexed later."""
        self.titles[key] = title
        raw = self.record(key)
        self.catalogue.records.push("agency", key, raw.body, "application/json")

    def withdraw(self, key: str) -> None:
        """Removes one entry; it is taken out of the index later."""
        self.catalogue.records.withdraw("agency", key)
        del self.titles[key]

    def agrees(self) -> bool:
        """Whether the index, once it caught up, holds just what the store does."""
        self.catalogue.index.catch_up()
        with self.catalogue._database.read() as tx:
            wanted, waiting = outbox.live_revisions(tx), outbox.waiting(tx)
        titles = sorted(one.title[0].value for one in self.shelf.documents.values())
        return waiting == 0 and self.shelf.revisions() == wanted and titles == sorted(self.titles.values())


def test_a_harvest_indexes_what_is_its_own_first(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.push("a", "Arbres remarquables")
    house.memory.feeds["https://other.example/feed"] = Feed([record("d", Dataset(title=texts(fr="Déchets")))])
    other = house.catalogue.sources.add("https://other.example/feed", "memory", title="Other").name
    put, asked = house.shelf.put, []

    def watched(documents: Iterable[Document]) -> int:
        some = list(documents)
        asked.append(sorted(one.title[0].value for one in some))
        return put(some)

    monkeypatch.setattr(house.shelf, "put", watched)
    house.catalogue.runs.harvest(other)
    assert asked == [["Déchets"], ["Arbres remarquables"]]


def test_a_harvest_leaves_to_whoever_indexes_beside_it_what_is_not_its_own(house: House) -> None:
    house.push("a", "Arbres remarquables")
    house.memory.feeds["https://other.example/feed"] = Feed([record("d", Dataset(title=texts(fr="Déchets")))])
    other = house.catalogue.sources.add("https://other.example/feed", "memory", title="Other").name
    with Turns(house.catalogue.settings.data_dir / "indexing.lock").taken() as is_last:
        house.catalogue.runs.harvest(other)
        found = {one.title[0].value for one in house.shelf.documents.values()}
        assert ("Déchets" in found, "Arbres remarquables" in found) == (True, False)
        assert is_last(), "the harvest is done"
    house.catalogue.index.catch_up(first="nobody")
    assert "Arbres remarquables" in {one.title[0].value for one in house.shelf.documents.values()}


@pytest.fixture
def house(catalogue: Catalogue, memory: Memory) -> House:
    return House(catalogue, memory)


def rebuild(house: House) -> int:
    """The rebuild alone, without what the service does after it."""
    return shadow.rebuild(house.catalogue._database, house.shelf)


def change(house: House) -> None:
    """Something changes, comes and goes, and is indexed, while a rebuild goes on."""
    house.push("a", "Arbres remarquables")
    house.push("d", "Déchets")
    house.withdraw("b")
    house.catalogue.index.catch_up()


def test_what_was_indexed_while_another_index_was_built_is_indexed_again(house: House) -> None:
    house.shelf.meanwhile = [lambda: change(house)]
    assert rebuild(house) == 3
    assert sorted(one.title[0].value for one in house.shelf.documents.values()) == ["Arbres", "Budget", "Crèches"]
    assert house.catalogue.index.status()["waiting"] == 3
    assert house.agrees()


def test_the_service_indexes_it_at_once(house: House) -> None:
    house.shelf.meanwhile = [lambda: change(house)]
    assert house.catalogue.index.rebuild() == 3
    assert house.catalogue.index.status()["waiting"] == 0
    assert house.agrees()


def test_a_write_that_the_swap_overtakes_is_repeated(house: House) -> None:
    """It went to the old index, and the store hears of it only after the swap."""
    swap_after_next_write(house)
    house.push("a", "Arbres remarquables")
    house.catalogue.index.catch_up()
    assert house.agrees()


def test_a_removal_that_the_swap_overtakes_is_repeated(house: House) -> None:
    swap_after_next_write(house)
    house.withdraw("a")
    house.catalogue.index.catch_up()
    assert house.agrees()


def swap_after_next_write(house: House) -> None:
    """A rebuild that has read everything by now ends when the next write is done, before that is marked."""
    read = dict(house.shelf.documents)
    with house.catalogue._database.read() as tx:
        seen = revisions.last(tx)

    def swap() -> None:
        house.shelf.documents = read
        house.catalogue._database.write_again(lambda tx: outbox.mark_all(tx, refused={}, seen=seen))

    house.shelf.after_writing = [swap]


def test_an_entry_that_is_indexed_anew_without_a_change_of_its_own_is_too(house: House) -> None:
    """As one that became a copy of another, or whose update became overdue: its revision stays."""
    ids = list(house.shelf.documents)
    offered: list[str] = []
    put = house.shelf.put

    def noted(documents: Iterable[Document]) -> int:
        held = list(documents)
        offered.extend(one.id for one in held)
        return put(held)

    def anew() -> None:
        house.catalogue._database.write_again(lambda tx: outbox.forget(tx, ids[:1]))
        house.catalogue.index.catch_up()

    house.shelf.put = noted  # type: ignore[method-assign]
    house.shelf.meanwhile = [anew]
    house.catalogue.index.rebuild()
    assert offered == ids[:1] * 2


def test_of_two_rebuilds_at_a_time_whichever_ends_last_is_caught_up_with(house: House) -> None:
    def other() -> None:
        house.push("a", "Arbres remarquables")
        house.withdraw("b")
        rebuild(house)
        house.catalogue.index.catch_up()

    house.shelf.meanwhile = [other]
    rebuild(house)
    assert house.agrees()


def test_a_rebuild_leaves_nothing_waiting_that_it_put_in(house: House) -> None:
    house.push("a", "Arbres remarquables")
    house.withdraw("b")
    rebuild(house)
    assert house.catalogue.index.status()["waiting"] == 0
    assert house.agrees()


# --- on a real server ------------------------------------------------------------------------------------------------


@pytest.fixture
def served(elasticsearch_url: str, tmp_path: Path) -> Iterator[tuple[Catalogue, Catalogue, Memory]]:
    """Two processes, as it were: two catalogues on one database and one server."""
    address = f"{elasticsearch_url}/indexing"
    first, memory = open_catalogue(tmp_path / "var", search_url=address)
    first.index.rebuild()
    second = Catalogue(first.settings, first.harvesters)
    yield first, second, memory
    second.close()
    first.close()


def test_nothing_is_lost_while_one_writes_and_another_rebuilds(
    served: tuple[Catalogue, Catalogue, Memory],
) -> None:
    writer, builder, memory = served
    writer.sources.add(URL, "memory", title="Agency")
    ended = threading.Event()
    failures: list[BaseException] = []

    def build() -> None:
        try:
            while not ended.is_set():
                builder.index.rebuild()
        except BaseException as error:
            failures.append(error)

    building = threading.Thread(target=build)
    building.start()
    for turn in range(6):
        keys = [f"{number}" for number in range(turn, turn + 20)]  # one goes, one comes, some change
        entries = [(key, Dataset(title=texts(fr=f"Jeu {key} {turn // 2 if int(key) % 2 else 0}"))) for key in keys]
        memory.feeds[URL] = Feed([record(*one) for one in entries])
        writer.runs.harvest("agency", full=True)
    ended.set()
    building.join()
    assert not failures
    writer.index.catch_up()
    with writer._database.read() as tx:
        wanted = outbox.live_revisions(tx)
    assert writer.index.engine.revisions() == wanted
    assert writer.index.status()["waiting"] == 0
    assert writer.index.reconcile() == 0


# --- what cannot be indexed ------------------------------------------------------------------------------------------


def refused(catalogue: Catalogue) -> Any:
    return catalogue.index.status()["refused"]


def test_what_the_engine_refuses_is_told_by_every_process_until_it_is_taken(house: House) -> None:
    house.shelf.refuses = {"Déchets": "no such field"}
    house.push("d", "Déchets")
    house.push("a", "Arbres remarquables")
    assert house.catalogue.index.catch_up() == 1
    with closing(Catalogue(house.catalogue.settings, {})) as other:
        other.index._index = house.shelf
        assert refused(other) == {"dechets": "no such field"}
        assert other.index.status()["waiting"] == 0
        assert house.catalogue.index.rebuild() == 3
        assert refused(other) == {"dechets": "no such field"}
        house.push("d", "Déchets verts")
        house.catalogue.index.catch_up()
        assert refused(other) == {}
    assert house.agrees()


def test_an_entry_that_was_refused_and_is_removed_is_told_no_more(house: House) -> None:
    house.shelf.refuses = {"Déchets": "no such field"}
    house.push("d", "Déchets")
    house.catalogue.index.catch_up()
    house.withdraw("d")
    assert refused(house.catalogue) == {}
    house.catalogue.index.catch_up()
    assert house.agrees()


def test_reconciling_offers_it_again(house: House) -> None:
    house.shelf.refuses = {"Déchets": "no such field"}
    house.push("d", "Déchets")
    house.catalogue.index.catch_up()
    assert house.catalogue.index.reconcile() == 1
    assert refused(house.catalogue) == {"dechets": "no such field"}
    house.shelf.refuses = {}
    assert house.catalogue.index.reconcile() == 1
    assert refused(house.catalogue) == {}
    assert house.catalogue.index.reconcile() == 0


def test_the_doctor_says_what_cannot_be_indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(row: EntryRow, *_: object, **__: object) -> Document:
        raise RuntimeError("a fault of ours")

    catalogue, memory = open_catalogue(tmp_path / "var")
    catalogue.sources.add(URL, "memory", title="Agency")
    memory.feeds[URL] = Feed([record("a", Dataset(iri=Iri(f"{BASE}a"), title=texts(fr="Arbres")))])
    with monkeypatch.context() as patch:
        patch.setattr("catalogue.indexing.shadow.document", made)
        catalogue.runs.harvest("agency")
    catalogue.close()
    check = next(one for one in examine(Settings(data_dir=tmp_path / "var")) if one.name == "index")
    assert not check.ok
    assert "Entries that cannot be indexed: 1, first arbres" in check.message
    assert "a fault of ours" in check.message


# --- once a day ------------------------------------------------------------------------------------------------------


def test_index_and_store_are_compared_once_a_day(house: House, move_clock: Callable[[timedelta], object]) -> None:
    assert house.catalogue.index.reconcile_daily() == 0
    house.shelf.documents.clear()
    assert house.catalogue.index.reconcile_daily() == 0
    assert not house.shelf.documents
    move_clock(timedelta(days=1))
    assert house.catalogue.index.reconcile_daily() == 3
    assert house.agrees()


def test_a_ghost_that_is_taken_out_changes_the_generation(house: House) -> None:
    one = next(iter(house.shelf.documents.values()))
    house.shelf.documents["ghost"] = Document(
        id="ghost", revision=9, iri="x", name="x", type="dataset", title=one.title
    )
    before = house.catalogue.index.generation()
    assert house.catalogue.index.generation() == before
    assert house.catalogue.index.reconcile() == 1
    assert house.catalogue.index.generation() != before
    assert house.agrees()


@pytest.mark.parametrize(
    "other", [Identifier(notation=(Text("10.5072/xq7"),)), Identifier(iri=Iri("https://doi.org/10.5072/xq7"))]
)
def test_an_entry_is_found_by_its_other_identifiers(tmp_path: Path, other: Identifier) -> None:
    catalogue, memory = open_catalogue(tmp_path)
    named = Dataset(title=texts(fr="Arbres"), description=texts(fr="Les arbres"), other_identifier=(other,))
    memory.feeds[URL] = Feed([record("arbres", named), record("bancs", Dataset(title=texts(fr="Bancs")))])
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Town").name)
    with closing(catalogue):
        found = catalogue.index.search(Query(text="doi:10.5072/XQ7"))
        assert [hit.document.title[0].value for hit in found.hits] == ["Arbres"]
