"""The index lost, cut off or away: search goes on without it, says so, and the worker builds it again (F-37, F-40)."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from factory import filled_catalogue

from catalogue.search.base import Query, SearchUnavailable
from catalogue.service import Catalogue
from catalogue.work.worker import Worker
from web.app import create_app


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = filled_catalogue(tmp_path)
    yield catalogue
    catalogue.close()


def folder(catalogue: Catalogue) -> Path:
    return catalogue.settings.data_dir / "search"


def lose(catalogue: Catalogue) -> None:
    shutil.rmtree(folder(catalogue))


def unname(catalogue: Catalogue) -> None:
    (folder(catalogue) / "CURRENT").write_text("")


def cut(catalogue: Catalogue) -> None:
    """Under the process that has it open: reading what is no longer there would end the process."""
    catalogue.index.search(Query(text="budget"))
    for file in folder(catalogue).glob("*/*"):
        if file.suffix not in {".json", ".lock"}:
            with file.open("r+b") as opened:
                opened.truncate(file.stat().st_size // 2)


def spoil(catalogue: Catalogue) -> None:
    for file in folder(catalogue).glob("*/meta.json"):
        file.write_text("{")


@pytest.mark.against("F-37", "F-40")
@pytest.mark.parametrize("harm", [lose, unname, cut, spoil])
def test_search_goes_on_and_the_worker_builds_the_index_again(
    filled: Catalogue, harm: Callable[[Catalogue], None]
) -> None:
    query = Query(text="budget")
    whole = filled.index.search(query)
    harm(filled)
    with pytest.raises(SearchUnavailable):
        filled.index.search(query)
    reduced = filled.index.search_anyway(query)
    assert reduced.reduced
    assert 0 < reduced.count <= whole.count_all_words
    assert all(hit.title_marks or hit.document.keyword for hit in reduced.hits)
    Worker(filled).once()
    again = filled.index.search_anyway(query)
    assert (again.reduced, again.count) == (False, whole.count)


def test_elasticsearch_away_costs_facets_and_no_page(filled: Catalogue) -> None:
    query = Query(text="budget")
    whole = filled.index.search(query)
    away = Catalogue(replace(filled.settings, search_url="http://127.0.0.1:9/catalogue"))
    reduced = away.index.search_anyway(query)
    assert reduced.reduced
    assert 0 < reduced.count <= whole.count_all_words
    client = create_app(away.settings, away).test_client()
    for path in ("/fr/", "/fr/search?q=budget", "/api/1/search?q=budget", "/catalog.ttl", "/healthz"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "127.0.0.1:9" not in answer.text
    away.close()


def test_without_words_everything_is_found_filtered_and_counted_as_the_index_does(filled: Catalogue) -> None:
    every = Query(facets=("theme", "type", "format"), sort="-modified")
    some = Query(filters={"type": ("service", "series")}, sort="title", per_page=100)
    counted, filtered = filled.index.search(every), filled.index.search(some)
    lose(filled)
    reduced = filled.index.search_anyway(every)
    assert reduced.count == counted.count
    assert {name: {one.value: one.count for one in found} for name, found in reduced.facets.items()} == {
        name: {one.value: one.count for one in found if one.count} for name, found in counted.facets.items()
    }
    again = filled.index.search_anyway(some)
    assert [hit.document.id for hit in again.hits] == [hit.document.id for hit in filtered.hits]


def test_words_are_left_out_without_the_index_too(filled: Catalogue) -> None:
    whole = {hit.document.id for hit in filled.index.search(Query(text="budget", per_page=100)).hits}
    lose(filled)
    asked = {text: filled.index.search_anyway(Query(text=text, per_page=100)) for text in ("budget", "-budget")}
    with_it, without = ({hit.document.id for hit in found.hits} for found in asked.values())
    assert with_it
    assert without
    assert not with_it & without
    assert with_it <= whole
    assert asked["-budget"].left_out == ("budget",)


def test_pages_of_a_reduced_search_show_each_entry_once(filled: Catalogue) -> None:
    lose(filled)
    whole = filled.index.search_anyway(Query(per_page=100))
    one_by_one = [
        hit.document.id
        for page in range(1, whole.count + 1)
        for hit in filled.index.search_anyway(Query(per_page=1, page=page)).hits
    ]
    assert one_by_one == [hit.document.id for hit in whole.hits]


def test_a_filter_that_only_an_index_answers_is_refused(filled: Catalogue) -> None:
    lose(filled)
    with pytest.raises(SearchUnavailable):
        filled.index.search_anyway(Query(filters={"bbox": ("4,50,5,51",)}))


def test_a_catalogue_that_is_too_large_to_count_in_time_is_not_counted_wrongly(
    filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.indexing.reduced.SECONDS", -1.0)
    lose(filled)
    with pytest.raises(SearchUnavailable):
        filled.index.search_anyway(Query(facets=("theme",)))
