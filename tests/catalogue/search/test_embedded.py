"""The embedded index: one writer, many readers, and what happens on a bad day."""

import os
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from searchables import document, documents

from catalogue.errors import SettingsError
from catalogue.search import open_index
from catalogue.search.base import IndexBusy, Query, SearchUnavailable
from catalogue.search.clauses import (
    EVERYTHING,
    All,
    AnyOf,
    Best,
    Boosted,
    Clause,
    Fixed,
    Prefix,
    Sum,
    Term,
    Without,
    is_narrower,
    narrowed,
)
from catalogue.search.embedded import view
from catalogue.search.embedded.folder import IndexFolder
from catalogue.search.embedded.index import EmbeddedIndex
from catalogue.search.embedded.words import FEW_TERMS, TOGETHER, spelt_out, tie_number, to_filter
from catalogue.search.facets import FACETS
from catalogue.search.view import Ask
from catalogue.settings import Settings

Damage = Callable[[Path], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an index of three documents."""
    EmbeddedIndex(tmp_path / "search").rebuild(document(id, fr="Arbres") for id in "abc")
    return tmp_path / "search"


def in_use(folder: Path) -> Path:
    """The index in use."""
    return folder / (folder / "CURRENT").read_text().strip()


def test_the_settings_open_the_index_in_the_data_folder(tmp_path: Path) -> None:
    index = open_index(Settings(data_dir=tmp_path))
    index.rebuild([document("a", fr="Arbres")])
    assert EmbeddedIndex(tmp_path / "search").revisions() == {"a": 1}
    with pytest.raises(SettingsError, match="search_url"):
        open_index(Settings(data_dir=tmp_path, search_url="solr://localhost"))


def test_opening_makes_nothing(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "search")
    assert index.status()["state"] == "unavailable"
    assert not (tmp_path / "search").exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda index: index.search(Query()),
        lambda index: index.revisions(),
        lambda index: index.generation(),
        lambda index: index.put([document("a")]),
        lambda index: index.remove(["a"]),
    ],
)
def test_without_an_index_everything_says_what_to_do(tmp_path: Path, act: Callable[[EmbeddedIndex], object]) -> None:
    with pytest.raises(SearchUnavailable, match=r"There is no search index in .* Run `datastore index rebuild`"):
        act(EmbeddedIndex(tmp_path / "search"))


def _no_files(index: Path) -> None:
    for path in index.iterdir():
        path.unlink()


def _cut_files(index: Path) -> None:
    for path in index.iterdir():
        os.truncate(path, path.stat().st_size // 2)


def _garbled_files(index: Path) -> None:
    for path in index.iterdir():
        path.write_bytes(os.urandom(path.stat().st_size))


def _garbled_segments(index: Path) -> None:
    for path in index.iterdir():
        if path.suffix in {".store", ".fast", ".idx", ".term"}:
            path.write_bytes(b"\xff" * path.stat().st_size)


@pytest.mark.against("F-40")
@pytest.mark.parametrize("damage", [_no_files, _cut_files, _garbled_files, _garbled_segments])
def test_a_damaged_index_is_unavailable_never_empty_and_can_be_rebuilt(folder: Path, damage: Damage) -> None:
    damage(in_use(folder))
    index = EmbeddedIndex(folder)
    with pytest.raises(SearchUnavailable, match="search index in"):
        index.search(Query(text="arbre"))
    assert index.status()["state"] == "unavailable"
    index.rebuild([document("d", fr="Arbres")])
    assert index.search(Query(text="arbre")).count == 1


def test_a_lost_folder_is_unavailable(folder: Path) -> None:
    in_use(folder).rename(folder / "elsewhere")
    with pytest.raises(SearchUnavailable):
        EmbeddedIndex(folder).search(Query())


def test_an_index_of_another_version_is_not_read(folder: Path) -> None:
    old = in_use(folder)
    old.rename(folder / "0.0.abc-1")
    (folder / "CURRENT").write_text("0.0.abc-1\n")
    with pytest.raises(SearchUnavailable, match=r"another version\. Run `datastore index rebuild`"):
        EmbeddedIndex(folder).search(Query())


def test_a_reader_sees_what_another_process_writes(folder: Path) -> None:
    reader = EmbeddedIndex(folder)
    before = reader.generation()
    _elsewhere(f"EmbeddedIndex({str(folder)!r}).put([document('d', fr='Arbres')])")
    assert reader.search(Query(text="arbre")).count == 4
    assert reader.generation() != before
    _elsewhere(f"EmbeddedIndex({str(folder)!r}).rebuild([document('z', fr='Arbres')])")
    assert reader.revisions() == {"z": 1}


def test_rows_are_made_before_the_index_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr("catalogue.search.embedded.folder.PATIENCE", 0.1)
    monkeypatch.setattr("catalogue.search.embedded.index.row_of", lambda one: made.append(one.id))
    with IndexFolder(folder).writing(), pytest.raises(IndexBusy):
        EmbeddedIndex(folder).put([document("d")])
    assert made == ["d"]


def test_a_second_writer_waits_then_says_who_is_busy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.search.embedded.folder.PATIENCE", 0.1)
    index = EmbeddedIndex(folder)
    with IndexFolder(folder).writing():
        for write in (lambda: index.put([document("d")]), lambda: index.remove(["a"]), lambda: index.rebuild([])):
            with pytest.raises(IndexBusy, match="Another process is writing"):
                write()
        assert index.search(Query()).count == 3
    assert index.put([document("d")]) == 1


def test_a_rebuild_leaves_nothing_behind(folder: Path) -> None:
    (folder / "left-over").mkdir()
    EmbeddedIndex(folder).rebuild([document("d")])
    assert sorted(path.name for path in folder.iterdir()) == sorted(["CURRENT", "LOCK", in_use(folder).name])


@pytest.mark.against("F-42")
def test_killed_at_any_moment_the_old_index_or_the_new_one_stands(folder: Path) -> None:
    code = f"""
print('on', flush=True)
index = EmbeddedIndex({str(folder)!r})
while True:
    index.rebuild(documents(40))
    index.put(documents(20, seed=3))
"""
    for moment in range(6):
        process = subprocess.Popen([sys.executable, "-c", _IMPORTS + code], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.03 + 0.05 * moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert EmbeddedIndex(folder).search(Query()).count in {3, 40, 60}
    assert EmbeddedIndex(folder).rebuild(documents(5)) == 5
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


@pytest.mark.against("F-42")
def test_after_a_commit_that_died_half_written_the_next_one_is_written(folder: Path) -> None:
    """The file that says which segments there are does not fit, as on a full disk; the deletions beside it did."""
    _elsewhere(f"""
import resource
from contextlib import suppress
from catalogue.search.base import SearchUnavailable
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
with suppress(SearchUnavailable):
    EmbeddedIndex({str(folder)!r}).remove(["a"])
""")
    assert list(in_use(folder).glob("*.del"))
    (in_use(folder) / ".tmp2YkQl0").touch()  # what it writes before it has its name
    index = EmbeddedIndex(folder)
    assert set(index.revisions()) == {"a", "b", "c"}
    assert index.remove(["b"]) == 1
    assert set(index.revisions()) == {"a", "c"}
    assert not list(in_use(folder).glob(".tmp*"))


@pytest.mark.against("F-34")
def test_an_index_without_room_for_any_of_its_files_is_not_called_damaged(folder: Path) -> None:
    """tantivy tells what the system refuses in another way for each of them."""
    _elsewhere(f"""
import resource
from catalogue.search.base import SearchUnavailable
index = EmbeddedIndex({str(folder)!r})
for room in (0, 100, 600, 3_200):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        index.put(documents(60))
    except SearchUnavailable as error:
        said = str(error)
        assert 'larger than this user may make a file' in said or 'its disk is full or fails' in said, said
        assert 'damaged' not in said
    else:
        raise AssertionError(room)
""")
    assert EmbeddedIndex(folder).put(documents(60)) == 60


@pytest.mark.against("F-41")
def test_readers_are_never_disturbed_by_rebuilds(folder: Path) -> None:
    code = f"""
index = EmbeddedIndex({str(folder)!r})
for turn in range(8):
    index.rebuild([document(id, fr='Arbres') for id in 'abc'])
"""
    process = subprocess.Popen([sys.executable, "-c", _IMPORTS + code])
    reader, asked = EmbeddedIndex(folder), 0
    while process.poll() is None:
        assert reader.search(Query(text="arbre", facets=("type",))).count == 3
        asked += 1
    assert process.returncode == 0
    assert asked > 10


def test_counts_are_remembered_until_the_index_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, counted = EmbeddedIndex(folder), []
    count = view.EmbeddedView._counted
    monkeypatch.setattr(view.EmbeddedView, "_counted", lambda *args: counted.append(args) or count(*args))
    index.search(Query(facets=("type",)))
    index.search(Query(facets=("type",), page=2))
    assert len(counted) == 1
    index.put([document("d", fr="Arbres")])
    [one] = index.search(Query(facets=("type",))).facets["type"]
    assert one.count == 4


def test_a_state_that_others_have_replaced_is_let_go_with_what_it_remembered(folder: Path) -> None:
    index = EmbeddedIndex(folder)
    for page in (1, 1, 2):
        index.search(Query(text="arbres", per_page=2, page=page, collapse=True))
    before = weakref.ref(index._view())
    index.put([document("d", fr="Arbres")])
    assert [hit.document.id for hit in index.search(Query(text="arbres")).hits] == list("abcd")
    assert before() is None, "what it remembers leads back to it"


def test_values_are_counted_alike_together_and_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(tmp_path / "search")
    index.rebuild(documents(300))
    queries = [Query(text=text, facets=tuple(FACETS)) for text in ("", "budget", "vélo")]
    together = [index.search(query).facets for query in queries]
    assert {name for found in together for name in TOGETHER if found[name]} == set(TOGETHER)
    monkeypatch.setattr(view, "COMBINATIONS", 0)
    index.close()
    assert [index.search(query).facets for query in queries] == together


def test_copies_of_the_best_results_are_passed_over_in_few_searches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, looked = EmbeddedIndex(tmp_path / "search"), []
    names = "abcdefghijklmnopqrst"
    index.rebuild(
        document(f"{name}{copy:02}", fr="Nos arbres", publisher_name=name) for name in names for copy in range(30)
    )
    look = view.EmbeddedView._looked
    monkeypatch.setattr(view.EmbeddedView, "_looked", lambda *args: looked.append(args) or look(*args))
    pages = [index.search(Query(text="arbres", collapse=True, page=page)) for page in (1, 2)]
    shown = [hit for page in pages for hit in page.hits]
    assert [hit.document.id for hit in shown] == [f"{name}00" for name in names]
    assert {hit.similar for hit in shown} == {29}
    assert len(looked) == 3, "a hundred of them, four hundred, all that have the same score"


def test_values_and_near_duplicates_are_told_in_one_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, counted = EmbeddedIndex(tmp_path / "search"), []
    index.rebuild(document(f"{year}", fr=f"Nos arbres {year}", publisher_name="a") for year in range(2020, 2024))
    values = view.EmbeddedView._values
    monkeypatch.setattr(view.EmbeddedView, "_values", lambda *args: counted.append(args) or values(*args))
    results = index.search(Query(text="arbres", facets=("type", "publisher"), collapse=True))
    assert [(one.count, one.folded) for name in ("type", "publisher") for one in results.facets[name]] == [(4, 3)] * 2
    assert (results.count, results.groups) == (4, 1)
    assert len(counted) == 1


def test_what_was_counted_for_a_question_is_not_counted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, counted = EmbeddedIndex(tmp_path / "search"), []
    index.rebuild(document(f"{year}", fr=f"Nos arbres {year}", publisher_name="a") for year in range(2020, 2024))
    count = view.EmbeddedView._count
    monkeypatch.setattr(view.EmbeddedView, "_count", lambda *args: counted.append(str(args[1])) or count(*args))
    for text in ("arbres", "arbres girafes"):
        results = index.search(Query(text=text, facets=("type", "publisher"), collapse=True, partly="filling"))
        assert [(one.count, one.folded) for one in results.facets["type"]] == [(4, 3)]
        assert (results.count, results.groups) == (4, 1)
        if text == "arbres":
            assert len(counted) == 2  # what was typed exactly, and what has some of the words
    assert len({*counted}) == len(counted)


def test_more_than_are_folded_are_counted_with_their_values_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, counted = EmbeddedIndex(tmp_path / "search"), []
    index.rebuild(document(f"{at}", fr=f"Nos arbres {at}", publisher_name="ab"[at % 2]) for at in range(20))
    count = view.EmbeddedView._count
    monkeypatch.setattr(view, "GROUP_LIMIT", 8)
    monkeypatch.setattr(view.EmbeddedView, "_count", lambda *args: counted.append(str(args[1])) or count(*args))
    query = Query(text="arbres", facets=("publisher",), filters={"publisher": ("a",)}, collapse=True)
    results = index.search(query)
    assert [(one.value, one.count, one.folded) for one in results.facets["publisher"]] == [("a", 10, 0), ("b", 10, 0)]
    assert results.count == 10
    assert len(counted) == 2, "what was typed exactly, and what matches"
    assert all('type=Str, "a"' in one for one in counted), "what passes without the filter is more than that"


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        (("arbres", "air", "eau"), ("arbres", "air"), True),
        (("arbres", "air"), ("arbres",), True),
        (("arbres", "air"), ("arbres", "air"), False),
        (("arbres", "air"), ("arbres", "eau"), False),
        (("arbres",), ("arbres", "air"), False),
    ],
)
def test_what_passes_more_filters_is_narrower(narrow: tuple[str, ...], wide: tuple[str, ...], expected: bool) -> None:
    one, other = (narrowed(*(AnyOf("words", (word,)) for word in words)) for words in (narrow, wide))
    assert is_narrower(one, other) is expected


TREES, AIR = Term("words", "arbres", 2.0), AnyOf("words", ("air", "nowhere"))


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (EVERYTHING, 4),
        (AnyOf("words", ()), 0),
        (AnyOf("words", ("air", *map(str, range(20)))), 2),
        (Sum((TREES, Sum((AIR, Best((TREES, Prefix("words", "arb", 1.0))))))), 3),
        (Sum((All((TREES, AIR)), AnyOf("words", ("eau",)))), 2),
        (All((Sum((TREES, AIR)), Boosted(AIR, TREES))), 2),
        (Without(EVERYTHING, Sum((TREES, AIR))), 1),
        (Sum((Without(TREES, AIR), AnyOf("words", ("eau",)))), 2),
        (Fixed(Sum((TREES, Without(AIR, TREES))), 3.0), 3),
    ],
)
def test_as_many_are_counted_as_are_ranked(tmp_path: Path, clause: Clause, expected: int) -> None:
    index = EmbeddedIndex(tmp_path / "search")
    titles = {"a": "Arbres", "b": "Arbres, air", "c": "Air", "d": "Eau"}
    index.rebuild(document(id, fr=title) for id, title in titles.items())
    counted, ranked = index._view().ask([Ask(clause), Ask(clause, limit=10)])
    assert counted.total == ranked.total == expected


def test_what_is_counted_asks_for_each_term_once() -> None:
    nested = Sum((TREES, Sum((AIR, Best((TREES, Fixed(TREES, 1.0)))))))
    assert str(to_filter(nested)).count("TermQuery") == 3


@pytest.mark.parametrize("count", [0, 1, FEW_TERMS, FEW_TERMS + 1])
def test_what_begins_so_is_counted_by_its_few_terms(tmp_path: Path, count: int) -> None:
    """Looked up as a beginning, it costs a quarter of all that is counted for two words."""
    index = EmbeddedIndex(tmp_path)
    index.rebuild(
        [document("other", fr="Arbres"), *(document(f"d{n}", fr=f"plan{'abcdefghi'[n]}") for n in range(count))]
    )
    begins, state = Prefix("words", "plan", 1.0), index._view()
    spelt = spelt_out(All((Sum((begins,)), EVERYTHING)), state._terms)
    assert (begins in spelt.clauses[0].clauses) == (count > FEW_TERMS)
    asked = (begins, Sum((begins, TREES)), Without(EVERYTHING, begins))
    assert [one.total for one in state.ask([*map(Ask, asked)])] == [count, count + 1, 1]


def test_tie_numbers_sort_as_ids_do() -> None:
    names = sorted(["a", "ab", "b", "", "zz", "dataset-1", "é", "0f9c3a77"], key=lambda name: name.encode())
    assert sorted(names, key=tie_number) == names


_IMPORTS = f"""
import sys
sys.path[:0] = [{str(Path(__file__).parents[3])!r}, {str(Path(__file__).parents[2])!r}]
from pathlib import Path
from catalogue.search.embedded.index import EmbeddedIndex as Opened
from searchables import document, documents
EmbeddedIndex = lambda path: Opened(Path(path))
"""


def _elsewhere(code: str) -> None:
    subprocess.run([sys.executable, "-c", _IMPORTS + code], check=True)


def test_the_corpus_is_the_same_on_every_run() -> None:
    assert documents(5) == documents(5)
