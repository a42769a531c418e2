"""What every engine must do, on a few hundred documents."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from searchables import document

from catalogue.search import asking
from catalogue.search.base import BadQuery, Document, Query, Results, SearchIndex
from catalogue.search.facets import FACETS
from catalogue.search.hits import Placed
from catalogue.search.near_duplicates import group
from catalogue.search.params import SORTS
from catalogue.search.refusal import Refused
from catalogue.search.weights import HIGH_VALUE, ON_TIME, YEAR
from dcat import vocab
from dcat.model import Iri, Text

Asking = Callable[..., Results]
ALL_FACETS = tuple(FACETS)


def ids(results: Results) -> list[str]:
    """Ids of the hits in order."""
    return [hit.document.id for hit in results.hits]


def everything(index: SearchIndex, **fields: object) -> list[str]:
    """Ids of all hits, page by page."""
    found: list[str] = []
    page = 1
    while hits := ids(index.search(Query(page=page, per_page=100, **fields))):  # type: ignore[arg-type]
        found += hits
        page += 1
    return found


# --- finding ---------------------------------------------------------------------------------------------------------


def test_no_words_find_everything_newest_first(ask: Asking, corpus: list[Document]) -> None:
    results = ask(per_page=100)
    assert results.count == results.count_all_words == len(corpus)
    dates = [hit.document.modified for hit in results.hits]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("text", ["vélo", "velo", "VÉLO", "vélos", "d’un vélo", "fiets", "Fahrrad", "bicycle"])
def test_one_meaning_is_found_whatever_the_language_and_spelling(ask: Asking, text: str) -> None:
    results = ask(text, per_page=100)
    expected = {hit.document.id for hit in ask("Comptages vélos", per_page=100).hits[:10]}
    assert expected
    assert results.count_all_words >= 20
    assert all("TRAN" in hit.document.theme for hit in results.hits[: min(100, results.count_all_words)])


def test_the_word_as_typed_comes_before_its_translation(empty: SearchIndex) -> None:
    empty.put([document("a", nl="Fietsen in de stad"), document("b", fr="Vélo en ville")])
    assert ids(empty.search(Query(text="vélo"))) == ["b", "a"]
    assert ids(empty.search(Query(text="fiets"))) == ["a", "b"]


def test_other_languages_are_told_and_can_be_left_out(empty: SearchIndex) -> None:
    empty.put([document("a", nl="Fietsen in de stad"), document("b", fr="Vélo en ville")])
    results = empty.search(Query(text="vélo"))
    assert "fiets" in results.also_searched
    assert "vélo" not in results.also_searched
    only = empty.search(Query(text="vélo", only=True))
    assert ids(only) == ["b"]
    assert only.also_searched == ()


def test_communes_are_found_by_either_name(ask: Asking) -> None:
    french, dutch = ask("Ixelles", per_page=100), ask("Elsene", per_page=100)
    assert set(ids(french)) == set(ids(dutch))
    assert french.count == dutch.count > 10


def test_documents_with_all_the_words_come_first(empty: SearchIndex) -> None:
    empty.put(
        [
            document("some", fr="Budget budget budget"),
            document("all", fr="Quelques chiffres", description=(Text("Le budget de la commune de Jette", "fr"),)),
            document("none", fr="Arbres"),
        ]
    )
    results = empty.search(Query(text="budget Jette"))
    assert ids(results) == ["all", "some"]
    assert (results.count, results.count_all_words) == (2, 1)


def some_with_all_words(index: SearchIndex) -> None:
    agency = {"publisher_name": "agency"}
    index.put([document(f"all{n}", fr=f"Budget communal, exercice {n}", **agency) for n in range(3)])
    index.put([document(f"some{n}", fr=f"Budget régional, exercice {n}", theme=("ENVI",), **agency) for n in range(12)])


@pytest.mark.parametrize(("partly", "listed", "shown"), [("left", 3, 3), ("filling", 3, 10), ("listed", 15, 10)])
def test_what_has_some_of_the_words_is_left_out_fills_the_page_or_is_listed(
    empty: SearchIndex, partly: str, listed: int, shown: int
) -> None:
    some_with_all_words(empty)
    results = empty.search(Query(text="budget communal", partly=partly, facets=("theme",)))
    assert (results.count, results.count_all_words, results.looser) == (listed, 3, 12)
    assert [hit.has_all_words for hit in results.hits] == [True] * 3 + [False] * (shown - 3)
    assert [one.count for one in results.facets["theme"]] == ([12] if partly == "listed" else [])
    assert len(set(ids(results))) == shown
    assert not empty.search(Query(text="budget communal", partly=partly, page=2)).hits or partly == "listed"


def test_what_has_some_of_the_words_is_listed_where_nothing_has_all(empty: SearchIndex) -> None:
    some_with_all_words(empty)
    results = empty.search(Query(text="budget licorne", partly="filling", per_page=25))
    assert (results.count, results.count_all_words, results.looser, len(results.hits)) == (15, 0, 15, 15)
    assert empty.search(Query(text="budget licorne", partly="left")).count == 0


def test_what_fills_the_page_up_is_folded_too(empty: SearchIndex) -> None:
    some_with_all_words(empty)
    results = empty.search(Query(text="budget communal", partly="filling", collapse=True))
    assert [hit.has_all_words for hit in results.hits] == [True, False]
    assert (results.count, results.groups, results.looser) == (3, 1, 12)


def test_near_duplicates_are_counted_where_all_of_them_are_shown(empty: SearchIndex) -> None:
    some_with_all_words(empty)
    results = empty.search(Query(text="budget communal", partly="left", count_alike=True))
    assert (results.count, results.groups, len(results.hits)) == (3, 1, 3)
    assert not any(hit.similar for hit in results.hits)


@pytest.mark.parametrize("text", ["données vélo", "vélo dataset", "fiets gegevens", "Fahrrad Daten"])
def test_a_word_that_every_entry_could_have_is_not_missed(empty: SearchIndex, text: str) -> None:
    empty.put([document("a", fr="Vélos en ville", nl="Fietsen"), document("b", fr="Données sur les arbres")])
    results = empty.search(Query(text=text))
    assert ids(results)[0] == "a"
    assert results.count_all_words == 1
    assert empty.search(Query(text="données")).count_all_words >= 1


def test_what_the_parts_of_a_compound_mean_is_found_in_another_language(empty: SearchIndex) -> None:
    empty.put([document("b", fr="Plan de circulation"), document("c", fr="Accidents de la circulation")])
    results = empty.search(Query(text="verkeersongevallen", language="nl"))
    assert (ids(results), results.count_all_words) == (["c", "b"], 1)


def test_what_one_part_of_a_compound_means_is_close(empty: SearchIndex) -> None:
    empty.put([document("a", fr="Accidents de la route"), document("b", fr="Arbres")])
    results = empty.search(Query(text="Unfallskizze"))
    assert (ids(results), results.count_all_words) == (["a"], 0)
    assert ids(empty.search(Query(text="Unfallskizze", only=True))) == []


@pytest.mark.parametrize("query", [Query(sort="title"), Query(text="arbres"), Query(sort="id", page=2, per_page=1)])
def test_what_is_listed_are_the_documents_of_the_results(empty: SearchIndex, query: Query) -> None:
    empty.put([document("a", fr="Bancs"), document("b", fr="Arbres"), document("c", fr="Arbres de rue")])
    assert empty.listed(query).documents == tuple(hit.document for hit in empty.search(query).hits) != ()


def test_what_is_listed_is_what_is_counted_and_nothing_that_fills_up_the_page(empty: SearchIndex) -> None:
    some_with_all_words(empty)
    asked = Query(text="budget communal", partly="filling", facets=("theme", "publisher"))
    listing, results = empty.listed(asked), empty.search(asked)
    assert (listing.count, listing.facets) == (results.count, results.facets)
    assert [one.id for one in listing.documents] == ids(results)[:3]
    assert len(ids(results)) == 10


def test_the_tags_of_a_description_are_no_words_of_it(empty: SearchIndex) -> None:
    html = "<p class='lead'>Des <strong>arbres</strong> &eacute;tudi&eacute;s</p>"
    empty.put([document("a", fr="Nature", description=(Text(html, "fr"),))])
    assert [empty.search(Query(text=word)).count for word in ("strong", "lead", "eacute")] == [0, 0, 0]
    assert empty.search(Query(text="étudiés arbres")).count_all_words == 1


def test_an_exact_title_comes_first_then_an_exact_identifier(empty: SearchIndex) -> None:
    empty.put(
        [
            document("a", fr="Budget communal", description=(Text("budget " * 30, "fr"),)),
            document("b", fr="Budget"),
            document("c", fr="Autre chose", identifier=("BE-2024/77",)),
        ]
    )
    assert ids(empty.search(Query(text="budget")))[0] == "b"
    assert ids(empty.search(Query(text="be-2024/77"))) == ["c"]
    assert ids(empty.search(Query(text="http://example.org/a")))[0] == "a"


@pytest.mark.parametrize(("asked", "title"), [("lid", "Leden"), ("stad", "Steden"), ("woon", "Woningen")])
def test_a_word_is_marked_that_begins_otherwise_than_its_stem(empty: SearchIndex, asked: str, title: str) -> None:
    empty.put([document("a", nl=title)])
    [hit] = empty.search(Query(text=asked, language="nl")).hits
    assert hit.title_marks == ((0, len(title)),)


def test_of_an_address_only_its_end_tells_what_the_data_are_about(empty: SearchIndex) -> None:
    address = "https://opendata.brussels.example/dataset/ruches-1080/"
    empty.put([document("a", fr="Abeilles", identifier=(address, address, "BE-2024/77"))])
    found = [empty.search(Query(text=word)).count for word in ("ruches", "1080", "2024", "opendata", "brussels")]
    assert found == [1, 1, 1, 0, 0]
    assert empty.search(Query(text=address)).count_all_words == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("vélo -location", ["counts"]),
        ("vélo NOT location", ["counts"]),
        ("vélo AND NOT location", ["counts"]),
        ("arbres OR comptages -fiets", ["trees"]),
        ("(arbres OR comptages) heure", ["counts"]),
        ("vélos comptages OU location", ["counts", "rent"]),
        ('vélo -"comptages par heure"', ["rent"]),
        ("vélo -location -comptages", []),
        ("-vélo", ["list", "trees"]),
        ("vélo -de", ["counts", "rent"]),
        ("arbres OR vélo", ["counts", "rent", "trees"]),
        ("vélo - location", ["rent"]),
        ("Lijst van kantons en -huren", ["list"]),
        ("LOCATION NOT VÉLO", ["rent"]),
        ("Location de vélos -vélo", ["rent"]),
    ],
)
def test_words_behind_a_minus_or_not_are_left_out(empty: SearchIndex, text: str, found: list[str]) -> None:
    empty.put(
        [
            document("counts", fr="Comptages de vélos par heure"),
            document("rent", fr="Location de vélos -vélo" if text.startswith("Location") else "Location de vélos"),
            document("trees", fr="Arbres"),
            document("list", nl="Lijst van kantons en -huren"),
        ]
    )
    results = empty.search(Query(text=text, partly="left"))
    assert sorted(ids(results)) == found
    assert results.count == len(found)


def test_with_and_without_a_word_are_all(ask: Asking) -> None:
    for word in ("Ixelles", "bus", "GeoJSON"):
        both = ask(f"2023 {word}", partly="left").count + ask(f"2023 -{word}", partly="left").count
        assert both == ask("2023", partly="left").count


def test_what_is_left_out_is_told(ask: Asking) -> None:
    assert ask('vélo -Uccle -"deux mots"').left_out == ("Uccle", "deux mots")
    assert ask("vélo Saint-Gilles").left_out == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("population 2019", {"closed", "open", "said"}),
        ("population 2012", set()),
        ("population 2012-2015", {"closed"}),
        ("population 2012 tot 2015", {"closed"}),
        ("population de 2021 à 2024", {"open"}),
        ("population 2024-2021", {"open"}),
    ],
)
def test_a_year_is_had_by_what_covers_it(empty: SearchIndex, text: str, found: set[str]) -> None:
    empty.put(
        [
            document("closed", fr="Population", start="2015", end="2020-06-30"),
            document("open", fr="Population recensée", start="2018-01-01"),
            document("said", fr="Population en 2019"),
            document("undated", fr="Population par quartier"),
        ]
    )
    results = empty.search(Query(text=text, partly="left"))
    assert set(ids(results)) == found
    assert results.count_all_words == len(found)


def test_a_year_in_the_title_comes_before_a_period(empty: SearchIndex) -> None:
    empty.put([document("a", fr="Population", start="2015", end="2020"), document("b", fr="Population en 2019")])
    assert ids(empty.search(Query(text="population 2019"))) == ["b", "a"]


def test_the_beginning_of_the_last_word_is_enough(ask: Asking) -> None:
    results = ask("biblio")
    assert results.count > 5
    assert results.count_all_words == 0
    assert all("Biblioth" in hit.title.value for hit in results.hits)


def test_a_compound_is_found_by_its_parts_and_its_parts_by_the_compound(empty: SearchIndex) -> None:
    empty.put(
        [document("a", nl="Luchtkwaliteit"), document("b", nl="De kwaliteit van de lucht"), document("c", nl="Bomen")]
    )
    assert set(ids(empty.search(Query(text="luchtkwaliteit")))) == {"a", "b"}
    assert set(ids(empty.search(Query(text="lucht", only=True)))) == {"a", "b"}


def test_what_a_title_means_comes_before_what_is_said_in_passing(empty: SearchIndex) -> None:
    passing = (Text("Ook voor de fiets, met kaart en tijden en alles wat daarbij hoort.", "nl"),)
    empty.put(
        [
            document("a", nl="Kaart", description=passing),
            document("b", nl="Fietsen op straat", description=(Text("Kaart en tijden, met alles erbij.", "nl"),)),
        ]
    )
    assert ids(empty.search(Query(text="vélo"))) == ["b", "a"]


def test_the_name_of_the_publisher_says_little_of_the_data(empty: SearchIndex) -> None:
    nature = {"publisher_name": "nature", "publisher": (Text("Observatoire de la nature", "fr"),)}
    empty.put(
        [
            document("a", fr="Bulles à verre", **nature),
            document("b", fr="Lieux", description=(Text("Tout ce qui pousse dans la nature et ailleurs.", "fr"),)),
            document("c", fr="Dépenses", publisher_name="uccle", publisher=(Text("Commune d’Uccle", "fr"),)),
        ]
    )
    assert ids(empty.search(Query(text="nature"))) == ["b", "a"]
    assert ids(empty.search(Query(text="natuur"))) == ["b"]
    assert ids(empty.search(Query(text="Ukkel"))) == ["c"]


def test_the_name_of_a_place_is_a_place_only(empty: SearchIndex) -> None:
    empty.put(
        [
            document("a", fr="Bancs publics", spatial=(Text("Forest", "en"),), area=("21007",)),
            document("b", fr="Arbres de la forêt"),
        ]
    )
    assert ids(empty.search(Query(text="Wald"))) == ["b"]
    assert "a" in ids(empty.search(Query(text="Vorst")))


def test_human_text_comes_before_machine_translation(empty: SearchIndex) -> None:
    empty.put(
        [
            document("a", title=(Text("Inondations", "fr-t-nl"), Text("Overstromingen", "nl"))),
            document("b", title=(Text("Inondations", "fr"), Text("Overstromingen", "nl"))),
        ]
    )
    assert ids(empty.search(Query(text="inondations", only=True))) == ["b", "a"]


SINCE_1990 = 30.41
"""Years until the date below."""
SAME: dict[str, Any] = {"fr": "Arbres", "frequency": "MONTHLY", "modified": "2020-05-30", "late": True}


@pytest.mark.parametrize(
    ("other", "adds"),
    [
        ({"late": False}, ON_TIME),
        ({"hvd": ("OTHER",)}, HIGH_VALUE),
        ({"modified": "2024-05-30"}, 4 * YEAR),
        ({"modified": ""}, -SINCE_1990 * YEAR),
        ({"modified": "1200"}, -SINCE_1990 * YEAR),
        ({"modified": "9999"}, (100 - SINCE_1990) * YEAR),
        ({"modified": "2206-11-01", "updated": "2026-06-01T12:00:00Z"}, -SINCE_1990 * YEAR),
    ],
)
def test_what_stands_better_comes_before_its_equal(empty: SearchIndex, other: dict[str, Any], adds: float) -> None:
    empty.put([document("a", **SAME), document("b", **{**SAME, **other})])
    results = empty.search(Query(text="arbre"))
    assert ids(results) == (["b", "a"] if adds > 0 else ["a", "b"])
    scores = {one.document.id: one.score for one in results.hits}
    assert scores["b"] / scores["a"] == pytest.approx(1 + adds / (1 + SINCE_1990 * YEAR), abs=0.0001)


def test_datasets_are_kept_by_the_band_of_their_quality(empty: SearchIndex) -> None:
    scores = {"a": 405, "b": 351, "c": 350, "d": 221, "e": 120, "f": 0}
    empty.put([document(name, fr="Arbres", quality=points) for name, points in scores.items()])
    empty.put([document("g", fr="Arbres")])
    results = empty.search(Query(text="arbre", facets=("quality",)))
    assert {one.value: one.count for one in results.facets["quality"]} == {"excellent": 2, "good": 2, "bad": 2}
    assert everything(empty, text="arbre", filters={"quality": ("good", "bad")}) == ["c", "d", "e", "f"]


def test_documents_of_one_score_are_in_order_of_id(empty: SearchIndex) -> None:
    names = [f"dataset-{number}" for number in range(30)]
    for half in (names[::2], names[1::2]):
        empty.put(document(name, fr="Arbres") for name in reversed(half))
    assert everything(empty, text="arbre") == sorted(names)
    assert ids(empty.search(Query(text="arbre", page=2))) == sorted(names)[10:20]
    assert everything(empty, sort="-modified") == sorted(names)


@pytest.mark.against("TC-04", "TC-19", "TC-30")
@pytest.mark.parametrize(
    "text",
    [
        "title:*",
        "_id:*",
        "* OR 1=1",
        "(" * 250,
        "NOT " * 60,
        "/(a+)+$/",
        "~99",
        '{"$ne": 1}',
        "../_cat",
        '"unclosed',
        "de l'air",
        "\\",
        "a" * 256,
        " ".join("abcdefghijklmnopqrstuvwxyz" * 4),
        " ".join("q" * 128),
        "\u202e\u200b",
        "AND",
        "+",
    ],
)
def test_any_text_is_only_words(ask: Asking, text: str) -> None:
    results = ask(text, facets=ALL_FACETS)
    assert len(results.hits) == min(10, results.count)


@pytest.mark.parametrize("signs", ["*", "???", "« »", "<=>", '""', "$"])
def test_signs_are_no_words_and_ask_for_everything(ask: Asking, signs: str, corpus: list[Document]) -> None:
    assert ask(signs).count == len(corpus)


def test_a_title_without_letters_is_found_by_itself(empty: SearchIndex) -> None:
    empty.put([document("a", fr="🚲"), document("b", fr="Vélos")])
    assert ids(empty.search(Query(text="🚲"))) == ["a"]


@pytest.mark.against("TC-30")
def test_too_long_a_question_is_refused(ask: Asking) -> None:
    with pytest.raises(BadQuery):
        ask("x" * 257)


# --- pages and order -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "vélo Ixelles", "commune budget arbres"])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_every_document_once(filled: SearchIndex, text: str, sort: str) -> None:
    whole = everything(filled, text=text, sort=sort)
    assert len(whole) == len(set(whole)) == filled.search(Query(text=text)).count
    tens = [id for page in range(1, 6) for id in ids(filled.search(Query(text=text, sort=sort, page=page)))]
    assert tens == whole[:50]


def test_scores_fall_within_each_tier(ask: Asking) -> None:
    results = ask("accidents Uccle", per_page=100)
    scores = [hit.score for hit in results.hits]
    end = results.count_all_words
    assert scores[:end] == sorted(scores[:end], reverse=True)
    assert scores[end:] == sorted(scores[end:], reverse=True)


def test_sorted_by_date_the_undated_come_last(ask: Asking, corpus: list[Document]) -> None:
    last = ask(sort="-issued", page=3, per_page=100).hits
    dates = [hit.document.issued for hit in last]
    assert dates == sorted(dates, reverse=True)
    assert dates[-1] == ""


def test_sorted_by_what_is_new_here_and_by_id(empty: SearchIndex) -> None:
    times = {"b": "10:00:00.000001+00:00", "a": "10:00:00+00:00", "c": "13:00:00+02:00"}
    empty.put([document(id, fr=id, updated=f"2024-05-02T{time}") for id, time in times.items()])
    assert ids(empty.search(Query(sort="-updated"))) == ["c", "b", "a"]
    assert ids(empty.search(Query(sort="id"))) == ["a", "b", "c"]


@pytest.mark.against("F-22")
@pytest.mark.parametrize("sort", ["-modified", "-issued"])
def test_a_date_that_is_still_to_come_heads_nothing(empty: SearchIndex, sort: str) -> None:
    learned = {"updated": "2024-06-01T08:00:00+00:00"}
    dates = {"typo": "2204-05-01", "next-year": "2025", "old": "2019-01-01", "today": "2024-06-01T10:00:00Z"}
    empty.put([document(id, fr=id, issued=day, modified=day, **learned) for id, day in dates.items()])
    assert ids(empty.search(Query(sort=sort)))[:2] == ["today", "old"]
    fresh = empty.search(Query(filters={"updated": ("3y",)}))
    assert "typo" not in ids(fresh)


def test_a_title_comes_before_the_same_title_with_more_words(empty: SearchIndex) -> None:
    long = "Registre des autorisations de voirie délivrées par la commune pour les chantiers de plus d’un jour"
    empty.put([document("z", fr="Rapport"), document("a", fr="Rapport annuel"), document("b", fr="Rapport 2")])
    empty.put([document("y", fr=long), document("c", fr=f"{long} annexe")])
    assert ids(empty.search(Query(sort="title"))) == ["z", "b", "a", "y", "c"]


def test_the_name_of_a_file_is_found_after_what_data_is_about(empty: SearchIndex) -> None:
    files = (Text("Inventaire des fontaines", "fr"),)
    empty.put([document("a", fr="Eau en ville", file=files), document("b", fr="Fontaines"), document("c", fr="Bancs")])
    assert ids(empty.search(Query(text="fontaines"))) == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "where", "there", "marked"),
    [
        ("fontaines", "file", "Inventaire des fontaines", ["fontaines"]),
        ("robinet", "file", "Un robinet par ligne.", ["robinet"]),
        ("débits", "column", "debit_moyen", ["debit"]),
        ("hydro", "layer", "ns:hydro", ["hydro"]),
        ("sources eau", "keyword", "source", ["source"]),
        ("eau ville", "", "", []),
    ],
)
def test_what_is_only_in_files_is_found_and_shown_there(
    empty: SearchIndex, text: str, where: str, there: str, marked: list[str]
) -> None:
    own = document(
        "a",
        fr="Eau en ville",
        keyword=(Text("source", "fr"),),
        file=(Text("Inventaire des fontaines", "fr"),),
        file_text=(Text("<p>Un robinet par ligne.</p>", "fr"),),
        column=("id", "debit_moyen"),
        layer=("ns:hydro",),
    )
    empty.put([own, document("b", fr="Bancs")])
    results = empty.search(Query(text=text, partly="left"))
    [hit] = results.hits
    assert (hit.where, hit.there.value) == (where, there)
    assert [there[start:end] for start, end in hit.there_marks] == marked


def test_sorted_by_title_in_the_readers_language(empty: SearchIndex) -> None:
    empty.put(
        [
            document("1", fr="Élections", nl="Verkiezingen"),
            document("2", fr="Arbres", nl="Bomen"),
            document("3", fr="eau"),
        ]
    )
    assert ids(empty.search(Query(sort="title", language="fr"))) == ["2", "3", "1"]
    assert ids(empty.search(Query(sort="title", language="nl"))) == ["2", "3", "1"]
    assert ids(empty.search(Query(sort="title", language="en"))) == ["2", "3", "1"]


def test_numbers_in_titles_are_sorted_by_size(empty: SearchIndex) -> None:
    titles = ["Lot 10", "Lot 2", "Lot 2 bis", "Relevé 20230501", "Relevé 2022", "Lot 02b"]
    empty.put([document(title, fr=title) for title in titles])
    found = [hit.document.id for hit in empty.search(Query(sort="title", language="fr")).hits]
    assert found == ["Lot 2", "Lot 2 bis", "Lot 02b", "Lot 10", "Relevé 2022", "Relevé 20230501"]


def test_a_page_beyond_the_end_is_empty(ask: Asking) -> None:
    results = ask("vélo", page=90)
    assert results.hits == ()
    assert results.count > 0


# --- filters and facets ----------------------------------------------------------------------------------------------


def kept(corpus: list[Document], name: str, values: tuple[str, ...]) -> int:
    """How many documents carry one of the values of a facet, counted by hand."""
    read = FACETS[name].values
    assert read
    return sum(bool(set(read(one)) & set(values)) for one in corpus)


def test_each_result_says_whether_it_has_all_the_words(ask: Asking) -> None:
    results = ask("vélo Ixelles", per_page=100)
    having = [hit.has_all_words for hit in results.hits]
    assert 0 < results.count_all_words < len(having)
    assert having == [True] * results.count_all_words + [False] * (len(having) - results.count_all_words)
    assert all(hit.has_all_words for hit in ask("vélo Ixelles", sort="title").hits)


def test_no_engine_is_asked_beyond_the_last_result(empty: SearchIndex) -> None:
    empty.put(document(f"d{number}", fr="Arbres") for number in range(30))
    for text in ("", "arbre"):
        assert ids(empty.search(Query(text=text, page=1000, collapse=True))) == []
        assert ids(empty.search(Query(text=text, page=100, per_page=100))) == []


def test_within_a_filter_any_between_filters_all(ask: Asking, corpus: list[Document]) -> None:
    both = ("TRAN", "ENVI")
    assert ask(filters={"theme": both}).count == kept(corpus, "theme", both)
    narrowed = ask(filters={"theme": both, "type": ("service",)}, per_page=100)
    assert 0 < narrowed.count < kept(corpus, "theme", both)
    assert all(hit.document.type == "service" and {*both} & {*hit.document.theme} for hit in narrowed.hits)


@pytest.mark.parametrize("name", FACETS)
@pytest.mark.parametrize("text", ["", "vélo Anderlecht"])
def test_each_count_is_what_a_click_finds(ask: Asking, name: str, text: str) -> None:
    chosen = {"language": ("fr", "nl")}
    counted = ask(text, facets=(name,), filters=chosen).facets[name]
    assert counted
    for one in counted[:6]:
        clicked = ask(text, filters={**chosen, name: (one.value,)})
        assert clicked.count == one.count, one
        assert one.selected == (one.value in chosen.get(name, ()))


def test_counts_leave_out_the_facets_own_choice(ask: Asking) -> None:
    free = {one.value: one.count for one in ask(facets=("theme",)).facets["theme"]}
    chosen = ask(facets=("theme", "type"), filters={"theme": ("TRAN",)})
    assert {one.value: one.count for one in chosen.facets["theme"]} == free
    assert sum(one.count for one in chosen.facets["type"]) == free["TRAN"]
    assert [one.value for one in chosen.facets["theme"] if one.selected] == ["TRAN"]


def test_values_are_ordered_by_count_then_by_themselves(ask: Asking) -> None:
    for name, counted in ask(facets=ALL_FACETS).facets.items():
        if not FACETS[name].options:
            assert list(counted) == sorted(counted, key=lambda one: (-one.count, one.value))
            assert all(one.count for one in counted)


def test_a_chosen_value_is_shown_although_nothing_has_it(ask: Asking) -> None:
    [one] = [one for one in ask(facets=("theme",), filters={"theme": ("INTR",)}).facets["theme"] if one.selected]
    assert (one.value, one.count) == ("INTR", 0)


def test_a_chosen_value_beyond_the_hundred_most_frequent_keeps_its_count(empty: SearchIndex) -> None:
    many = [document(f"{number:03}", keyword=tuple(Text(f"k{number % 110:03}") for _ in "1")) for number in range(330)]
    empty.put([*many, document("x", keyword=(Text("rare"),))])
    counted = empty.search(Query(facets=("keyword",), filters={"keyword": ("rare",)})).facets["keyword"]
    assert len(counted) == 101
    assert {one.value: one.count for one in counted}["rare"] == 1


def test_a_keyword_is_one_value_however_its_signs_are_written(empty: SearchIndex) -> None:
    said = ("Qualité de l'air", "qualité  de l’air", "QUALITE\N{COMBINING ACUTE ACCENT} DE L'AIR")
    empty.put(document(str(number), keyword=(Text(word, "fr"),)) for number, word in enumerate(said))
    counted = empty.search(Query(facets=("keyword",))).facets["keyword"]
    assert [(one.value, one.count) for one in counted] == [("qualité de l'air", 3)]


def test_the_options_of_updated_contain_each_other(ask: Asking) -> None:
    counted = ask(facets=("updated",)).facets["updated"]
    assert [one.value for one in counted] == ["30d", "12m", "3y"]
    assert 0 < counted[0].count < counted[1].count < counted[2].count


def test_a_box_finds_what_overlaps_it(ask: Asking, corpus: list[Document]) -> None:
    def overlaps(one: Document) -> bool:
        west, south, east, north = one.bbox or (999, 999, 999, 999)
        return west <= 4.30 and east >= 4.26 and south <= 50.83 and north >= 50.82

    results = ask(filters={"bbox": ("4.26,50.82,4.3,50.83",)})
    assert results.count == sum(map(overlaps, corpus)) < len(corpus)
    assert ask(filters={"bbox": ("10,10,11,11",)}).count == 0


@pytest.mark.parametrize(
    ("box", "found"),
    [
        ("179,-19,180,-16", {"across", "east"}),
        ("-180,-19,-179,-16", {"across"}),
        ("175,-19,-175,-16", {"across", "east"}),
        ("0,-30,20,30", {"here"}),
        ("-180,-90,180,90", {"across", "east", "here"}),
    ],
)
def test_a_box_may_lie_across_the_date_line(empty: SearchIndex, box: str, found: set[str]) -> None:
    empty.put(
        [
            document("across", bbox=(177.0, -20.0, 182.0, -15.0)),
            document("east", bbox=(179.0, -18.0, 179.9, -17.0)),
            document("here", bbox=(4.2, -18.0, 4.4, 20.0)),
        ]
    )
    assert set(ids(empty.search(Query(filters={"bbox": (box,)})))) == found


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ("2021/..", {"b", "c"}),
        ("../2018", {"a", "d"}),
        ("2019", {"a", "b", "d"}),
        ("2021/", {"b", "c"}),
        ("/2018", {"a", "d"}),
        ("2020-06/2020-07", {"b"}),
        ("2019-12-31", {"b", "d"}),
    ],
)
def test_a_period_finds_what_overlaps_it(empty: SearchIndex, period: str, found: set[str]) -> None:
    empty.put(
        [
            document("a", start="2018-05", end="2019-03-31"),
            document("b", start="2019-06"),
            document("c", start="2022", end="2022"),
            document("d", end="2019"),
            document("e"),
        ]
    )
    assert set(ids(empty.search(Query(filters={"period": (period,)})))) == found


def test_what_changed_since_a_moment_is_told_to_the_microsecond(empty: SearchIndex) -> None:
    empty.put(
        [
            document("a", updated="2026-01-31T12:00:00.000001+00:00"),
            document("b", updated="2026-01-31T12:00:00+00:00"),
            document("c", updated="2026-01-31T12:59:59+01:00"),
            document("d"),
        ]
    )

    def since(*moments: str) -> set[str]:
        return set(ids(empty.search(Query(filters={"modified_since": moments}))))

    assert since("2026-01-31T12:00:00Z") == {"a", "b"}
    assert since("2026-01-31T12:00:00.000001Z") == {"a"}
    assert since("2026-02-01", "2026-01-31T11:59:59Z") == {"a", "b", "c"}
    assert since("9999-12-31T23:59:59Z") == set()


def test_a_region_also_finds_its_communes(ask: Asking, corpus: list[Document]) -> None:
    assert ask(filters={"area": ("04000",)}).count == len(corpus)
    assert ask(filters={"area": ("21009",)}).count == sum("21009" in one.area for one in corpus)


def test_another_region_is_another_table(empty: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the search knows Brussels: with a made-up country the same questions have the same answers."""
    rows = (("LAND", ""), ("SHIRE", "LAND"), ("FARM", "SHIRE"), ("MILL", "SHIRE"), ("PORT", "LAND"))
    names = (Text("Place", "en"),)
    terms = (vocab.Term(code, Iri(""), names, extra={"within": within} if within else {}) for code, within in rows)
    made_up = vocab.Vocabulary("place")
    monkeypatch.setitem(vars(made_up), "terms", tuple(terms))
    monkeypatch.setattr(vocab, "PLACES", made_up)
    empty.put([document(code.lower(), area=(code,)) for code, _ in rows] + [document("brussels", area=("21009",))])

    def found(name: str, code: str) -> set[str]:
        return set(ids(empty.search(Query(filters={name: (code,)}))))

    assert found("area", "SHIRE") == {"shire", "farm", "mill"}
    assert found("area", "LAND") == {"land"}
    assert found("area", "04000") == set()
    assert found("covering", "FARM") == {"farm", "shire", "land"}
    assert found("covering", "LAND") == {"land"}


def test_what_covers_a_commune_is_about_it_around_it_or_overlaps_it(empty: SearchIndex) -> None:
    empty.put(
        [
            document("commune", area=("21009",)),
            document("region", area=("04000",)),
            document("country", area=("01000",)),
            document("box", bbox=(4.38, 50.81, 4.5, 50.9)),
            document("other-commune", area=("21012",)),
            document("other-box", bbox=(4.45, 50.86, 4.5, 50.9)),
        ]
    )
    found = set(ids(empty.search(Query(filters={"covering": ("21009",)}))))
    assert found == {"commune", "region", "country", "box"}
    assert set(ids(empty.search(Query(filters={"area": ("21009",)})))) == {"commune"}
    assert "commune" not in ids(empty.search(Query(filters={"covering": ("21012",)})))


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_title_is_in_the_readers_language_and_marked(empty: SearchIndex) -> None:
    empty.put(
        [document("a", fr="Les pistes cyclables", nl="De fietspaden", description=(Text("Où rouler à vélo.", "fr"),))]
    )
    [french] = empty.search(Query(text="vélo pistes", language="fr")).hits
    assert french.title == Text("Les pistes cyclables", "fr")
    assert [french.title.value[start:end] for start, end in french.title_marks] == ["pistes", "cyclables"]
    assert [french.snippet.value[start:end] for start, end in french.snippet_marks] == ["vélo"]
    [dutch] = empty.search(Query(text="fietspad", language="nl")).hits
    assert [dutch.title.value[start:end] for start, end in dutch.title_marks] == ["fietspaden"]


def test_the_snippet_is_plain_text_around_the_match(empty: SearchIndex) -> None:
    html = (
        "<p>" + "Des mots sans rapport. " * 30 + "Voici les <b>arbres</b> &amp; les haies. " + "Encore des mots. " * 30
    )
    empty.put([document("a", fr="Nature", description=(Text(html, "fr"),))])
    [hit] = empty.search(Query(text="arbre")).hits
    assert len(hit.snippet.value) <= 200
    assert "<" not in hit.snippet.value
    assert "arbres & les haies" in hit.snippet.value
    assert [hit.snippet.value[start:end] for start, end in hit.snippet_marks] == ["arbres"]


def test_a_snippet_holds_no_markdown(empty: SearchIndex) -> None:
    items = "1. [Les **arbres**](https://x.example/a_b_c)\n2. `code_a` & haies"
    rows = "| an | 2*3 |\n|---|---|\n| x | y |"
    said = f"# Nature\n\n{items}\n\n{rows}"
    empty.put([document("a", fr="Nature", description=(Text(said, "fr"),))])
    [hit] = empty.search(Query(text="arbre")).hits
    assert hit.snippet.value == "Nature 1. Les arbres 2. code_a & haies an 2*3 x y"
    assert [hit.snippet.value[start:end] for start, end in hit.snippet_marks] == ["arbres"]


def test_a_hit_carries_the_whole_document(filled: SearchIndex, corpus: list[Document]) -> None:
    by_id = {one.id: one for one in corpus}
    assert all(hit.document == by_id[hit.document.id] for hit in filled.search(Query(per_page=100)).hits)


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.mark.against("F-39")
def test_an_older_revision_never_replaces_a_newer_one(empty: SearchIndex) -> None:
    empty.put([document("a", fr="Nouveau", revision=7)])
    empty.put([document("a", fr="Ancien", revision=6)])
    assert empty.revisions() == {"a": 7}
    assert empty.search(Query(text="ancien")).count == 0
    empty.put([document("a", fr="Plus nouveau", revision=8), document("a", fr="Ancien", revision=5)])
    assert empty.revisions() == {"a": 8}
    assert empty.search(Query(text="ancien")).count == 0


def test_what_is_put_and_removed_is_seen_at_once(empty: SearchIndex) -> None:
    before = empty.generation()
    assert empty.put([document("a", fr="Arbres"), document("b", fr="Arbres")]) == 2
    after = empty.generation()
    assert after != before
    assert empty.search(Query(text="arbre")).count == 2
    assert empty.remove(["a", "never-there"]) == 2
    assert empty.search(Query(text="arbre")).count == 1
    assert empty.revisions() == {"b": 1}
    assert empty.generation() not in {before, after}
    assert empty.remove(["never-there"]) == 1
    assert empty.remove([]) == empty.put([]) == 0


def test_what_was_removed_can_be_put_back(empty: SearchIndex) -> None:
    empty.put([document("a", fr="Arbres", revision=3)])
    empty.remove(["a"])
    assert empty.put([document("a", fr="Arbres", revision=3)]) == 1
    assert empty.revisions() == {"a": 3}


def test_a_rebuild_replaces_everything(empty: SearchIndex) -> None:
    empty.put([document("a", fr="Arbres")])
    assert empty.rebuild([document("b", fr="Arbres"), document("c", fr="Parcs")]) == 2
    assert empty.revisions() == {"b": 1, "c": 1}
    assert ids(empty.search(Query(text="arbre"))) == ["b"]


def test_a_rebuild_that_fails_leaves_the_old_index(empty: SearchIndex) -> None:
    def breaking() -> object:
        yield document("b", fr="Arbres")
        raise RuntimeError("the store went away")

    empty.put([document("a", fr="Arbres")])
    with pytest.raises(RuntimeError, match="went away"):
        empty.rebuild(breaking())  # type: ignore[arg-type]
    assert empty.revisions() == {"a": 1}


def test_the_status_tells_engine_size_and_state(filled: SearchIndex, corpus: list[Document]) -> None:
    status = filled.status()
    assert status["state"] == "ready"
    assert status["documents"] == len(corpus)
    assert int(str(status["bytes"])) > 10_000
    assert status["generation"] == filled.generation()


def test_a_document_with_nothing_but_an_id_can_be_indexed(empty: SearchIndex) -> None:
    bare = Document(id="a", revision=1, iri="", name="", type="dataset")
    assert empty.put([bare]) == 1
    [hit] = empty.search(Query()).hits
    assert hit.document == bare
    assert hit.title == Text("")


@pytest.mark.against("F-38")
def test_a_document_that_cannot_be_indexed_holds_up_no_other(empty: SearchIndex) -> None:
    some = [document("a", fr="Arbres"), document("b", fr="Arbres", updated="yesterday"), document("c", fr="Arbres")]
    for write in (empty.put, empty.rebuild):
        with pytest.raises(Refused) as raised:
            write(some)
        assert (raised.value.taken, list(raised.value.reasons)) == (2, ["b"])
        assert "yesterday" in raised.value.reasons["b"]
        assert set(ids(empty.search(Query(text="arbre")))) == {"a", "c"}


def test_odd_documents_do_no_harm(empty: SearchIndex, corpus: list[Document]) -> None:
    odd = msgspec.structs.replace(
        corpus[0],
        id="odd/é id",
        title=(Text("\x00\u202e<script>", "fr\n"), Text("x" * 100_000, "xx")),
        keyword=(Text("k" * 70_000), Text(" "), Text("")),
        modified="31/02/2020",
        start="0000",
        end="later",
        theme=("", "NEVER"),
    )
    assert empty.put([odd]) == 1
    assert empty.search(Query(facets=ALL_FACETS)).count == 1
    assert empty.revisions() == {"odd/é id": odd.revision}


# --- help ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bibliotheqe", "bibliothèque"),
        ("Comtages velos", "Comptages velos"),
        ("fietstelingen", "fietstellingen"),
        ("qalité de l’air", "qualité de l’air"),
        ("anderlehct", "anderlecht"),
        ("xbudget", "budget"),
    ],
)
def test_a_misspelt_word_is_put_right_with_words_of_the_index(ask: Asking, typed: str, meant: str) -> None:
    results = ask(typed)
    assert results.did_you_mean == meant
    assert ask(results.did_you_mean).count_all_words > 0


@pytest.mark.parametrize("typed", ["vélo", "budget", "xqzw", "comptages", "", "???", "12345"])
def test_nothing_is_put_right_without_need_or_without_use(ask: Asking, typed: str) -> None:
    assert ask(typed).did_you_mean == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("molenbek", ""), ("Ukel", "Ukkel"), ("Fahrad", "Fahrrad"), ("livres", ""), ("exektion", "")],
)
def test_names_of_concepts_are_known_words(empty: SearchIndex, typed: str, meant: str) -> None:
    empty.put([document("a", fr="Lignes de vélo à Uccle, comptes d’exécution", area=("21016",))])
    assert empty.search(Query(text=typed)).did_you_mean == meant


def test_nothing_found_shows_the_closest_of_the_words_put_right(ask: Asking) -> None:
    results = ask("bibliotheqe", only=True)
    assert results.count == 0
    assert 0 < len(results.closest) <= 3
    assert "Biblioth" in results.closest[0].title.value


def test_nothing_found_tells_what_there_is_without_each_filter(ask: Asking) -> None:
    filters = {"theme": ("INTR",), "type": ("dataset",)}
    results = ask("vélo", filters=filters)
    assert results.count == 0
    assert results.without == {"theme": ask("vélo", filters={"type": ("dataset",)}).count}
    assert results.closest
    assert [hit.document.id for hit in results.closest] == ids(ask("vélo"))[:3]


def test_something_found_needs_no_help(ask: Asking) -> None:
    results = ask("vélo")
    assert (results.without, results.closest) == ({}, ())


def test_a_spelling_is_proposed_that_finds_more_though_nothing_has_all_the_words(empty: SearchIndex) -> None:
    empty.put([document("b", fr="Budget des dépenses"), document("d", fr="Dépenses")])
    assert empty.search(Query(text="budjet licorne")).did_you_mean == "budget licorne"
    assert not empty.search(Query(text="budget licorme")).did_you_mean


@pytest.mark.parametrize("text", ["où trouver des piscines", "hoeveel piscines", "piscines near", "finde piscines"])
def test_words_that_only_ask_are_not_missed(empty: SearchIndex, text: str) -> None:
    empty.put([document("p", fr="Piscines"), document("v", fr="Où trouver du vin")])
    results = empty.search(Query(text=text))
    assert (ids(results)[0], results.count_all_words) == ("p", 1)


def test_a_unit_tells_less_than_what_is_asked_of_it(empty: SearchIndex) -> None:
    units = [document(f"c{number}", fr=f"Vaccins {number} par commune") for number in range(5)]
    budgets = [document(f"b{number}", fr=f"Les budgets {number}") for number in range(7)]
    empty.put([*units, *budgets])
    assert ids(empty.search(Query(text="budget commune")))[0].startswith("b")
    assert ids(empty.search(Query(text="commune")))[0].startswith("c")


def test_what_is_near_is_told_when_nothing_has_all_the_words(empty: SearchIndex) -> None:
    museum = document("m", fr="Musées de la ville", theme=("EDUC",), publisher_name="ville")
    empty.put([museum, document("p", fr="Piscines"), document("j", fr="Budget de Jette")])
    told = empty.search(Query(text="Kino", language="de"))
    assert (told.count, told.nearest) == (0, ("Museum",))
    assert told.nearby == {"theme": ("EDUC",), "publisher": ("ville",)}
    assert empty.search(Query(text="piscines à Jette")).wider == "piscines"
    assert empty.search(Query(text="zwembaden 1090", language="nl")).wider == "zwembaden"
    assert not empty.search(Query(text="licorne Jette")).wider
    found = empty.search(Query(text="piscines"))
    assert (found.wider, found.nearest, found.nearby) == ("", (), {})


# --- near-duplicates -------------------------------------------------------------------------------------------------


def test_yearly_issues_are_shown_once_with_the_number_of_the_others(empty: SearchIndex) -> None:
    empty.put(
        [
            *(
                document(f"y{year}", fr=f"Budget communal {year}", publisher_name="ixelles")
                for year in range(2015, 2024)
            ),
            document("other", fr="Budget communal 2020", publisher_name="jette"),
            document("service", fr="Budget communal", publisher_name="ixelles", type="service"),
        ]
    )
    results = empty.search(Query(text="budget", facets=("publisher", "type"), collapse=True))
    assert results.count == 11
    for name, many, one in (("publisher", "ixelles", "jette"), ("type", "dataset", "service")):
        counted = [(found.value, found.count, found.folded) for found in results.facets[name]]
        assert counted == [(many, 10, 8), (one, 1, 0)]
    assert results.groups == len(results.hits) == 3
    shown = {hit.document.publisher_name + hit.document.type: hit for hit in results.hits}
    assert shown["ixellesdataset"].similar == 8
    assert shown["jettedataset"].similar == 0
    alike = group(shown["ixellesdataset"].document)
    assert empty.search(Query(text="budget", filters={"similar": (alike,)})).count == 9
    assert len(empty.search(Query(text="budget")).hits) == 10


def test_a_copy_gives_its_place_to_the_entry_that_counts(empty: SearchIndex) -> None:
    original = document("original", fr="Arbres remarquables de la commune", publisher_name="ixelles", theme=("ENVI",))
    sibling = document("sibling", fr="Arbres remarquables de la commune 2020", publisher_name="ixelles")
    same = {"copy_of": "original", "group": group(original)}
    copies = [document(f"copy{number}", fr="Arbres arbres tilleul", publisher_name="region", **same) for number in "ab"]
    empty.put([original, sibling, *copies, document("other", fr="Arbres fruitiers", publisher_name="region")])
    ranked = [hit.document.id for hit in empty.search(Query(text="arbres tilleul")).hits]
    assert ranked[:2] == ["copya", "copyb"]
    results = empty.search(Query(text="arbres", collapse=True))
    assert sorted((hit.document.id, hit.similar) for hit in results.hits) == [("original", 3), ("other", 0)]
    assert results.groups == 2
    [hit] = empty.search(Query(text="tilleul", collapse=True)).hits
    assert (hit.document.id, hit.similar) == ("copya", 1)
    [hit] = empty.search(Query(text="arbres tilleul", filters={"theme": ("ENVI",)}, collapse=True)).hits
    assert (hit.document.id, hit.similar) == ("original", 0)
    assert empty.search(Query(text="arbres", filters={"similar": (group(original),)})).count == 4


def test_few_stretches_are_read_where_the_best_results_have_many_copies(
    empty: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    stretch = asking._stretch

    def counted(question: asking.Question, offset: int, limit: int) -> list[Placed]:
        read.append(limit)
        return stretch(question, offset, limit)

    monkeypatch.setattr(asking, "_stretch", counted)
    many = [document(f"{name}{year}", fr=f"Arbres {year}", publisher_name=name) for name in "abc" for year in range(99)]
    few = [document(name, fr="Liste de tous les arbres de la rue", publisher_name=name) for name in "defghijklm"]
    empty.put([*many, *few])
    for page, publishers in (1, "abcdefghij"), (2, "klm"):
        read.clear()
        results = empty.search(Query(text="arbres", collapse=True, page=page))
        assert "".join(hit.document.publisher_name for hit in results.hits) == publishers
        assert len(read) <= 4
    read.clear()
    assert len(empty.search(Query(text="arbres", filters={"publisher": ("a",)}, collapse=True)).hits) == 1
    assert read == [20]


def test_documents_that_went_since_they_were_counted_end_a_page(
    empty: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty.put([document(f"a{year}", fr=f"Arbres {year}") for year in range(3)])
    monkeypatch.setattr(asking, "_stretch", lambda *_: [])
    assert empty.search(Query(text="arbres", collapse=True)).hits == ()


@pytest.mark.parametrize("text", ["", "vélo Ixelles"])
def test_collapsed_pages_hold_each_group_once(filled: SearchIndex, text: str) -> None:
    first = filled.search(Query(text=text, collapse=True))
    pages = [
        filled.search(Query(text=text, collapse=True, page=page, per_page=25)).hits
        for page in range(1, -(-first.groups // 25) + 1)
    ]
    hits = [hit for page in pages for hit in page]
    assert len({hit.document.id for hit in hits}) == len(hits) == first.groups
    assert sum(1 + hit.similar for hit in hits) == first.count
    assert all(len(page) == 25 for page in pages[:-1])
    assert pages[-1]


def test_data_is_found_by_a_column_of_its_tables(empty: SearchIndex) -> None:
    empty.put(
        [
            document("postal", column=("Code_Postal", "Année")),
            document("code", column=("Code",)),
            document("none"),
        ]
    )
    assert [hit.document.id for hit in empty.search(Query(filters={"column": ("code postal",)})).hits] == ["postal"]
    assert empty.search(Query(filters={"column": ("annee", "code")})).count == 2
    assert empty.search(Query(filters={"column": ("postal",)})).count == 0


@pytest.mark.parametrize(
    ("text", "found"), [("alk*", {"a", "b"}), ("ALK* 2020", {"b"}), ("k*", {"c"}), ("al*z", set())]
)
def test_a_star_stands_for_the_rest_of_a_word(empty: SearchIndex, text: str, found: set[str]) -> None:
    empty.put(
        [
            document("a", fr="Alkalinité des eaux"),
            document("b", fr="Essais 2020", description=(Text("Mesures de l’alkylation", "fr"),)),
            document("c", fr="Station K"),
        ]
    )
    results = empty.search(Query(text=text, partly="left"))
    assert set(ids(results)) == found
    assert not results.did_you_mean


def test_the_beginning_before_a_star_is_marked(empty: SearchIndex) -> None:
    empty.put([document("a", fr="Mesures de l’alkylation")])
    [hit] = empty.search(Query(text="al*")).hits
    assert [hit.title.value[start:end] for start, end in hit.title_marks] == ["alkylation"]


@pytest.mark.parametrize("text", ["rue de la Loi 16", "Wetstraat 16", "Wetstraat 16b Brussel"])
def test_the_number_of_a_house_is_not_missed(empty: SearchIndex, text: str) -> None:
    empty.put([document("a", fr="Travaux rue de la Loi à Bruxelles", nl="Werken in de Wetstraat in Brussel")])
    assert empty.search(Query(text=text, partly="left")).count == 1
    assert not empty.search(Query(text="accidents 16", partly="left")).count


def test_words_for_formats_and_maps_find_entries_with_such_files(empty: SearchIndex) -> None:
    empty.put(
        [
            document("a", fr="Budget communal", format=("XLSX",)),
            document("b", fr="Budget communal", format=("PDF",)),
            document("c", fr="Arbres", format=("GEOJSON",)),
        ]
    )
    for text, found in (("excel budget", ["a"]), ("carte arbres", ["c"]), ("Karte Baum", ["c"]), ("csv budget", [])):
        assert ids(empty.search(Query(text=text, partly="left"))) == found, text
