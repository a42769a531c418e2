"""What words mean in other languages, and what they do not."""

import csv
from importlib.resources import files

import pytest

from catalogue.search import concepts
from catalogue.search.analysis import query_words, stem, words
from catalogue.search.base import Query
from catalogue.search.false_friends import FALSE_FRIENDS
from catalogue.search.plan import plan
from dcat import vocab

ROWS = list(csv.DictReader(files("catalogue.search").joinpath("concepts.csv").read_text("utf-8").splitlines()))


def meant(text: str, language: str) -> set[str]:
    """The concepts that a query names."""
    return set(plan(Query(text=text, language=language)).concepts)


def test_the_list_is_long_whole_and_free_of_contradictions() -> None:
    assert len(ROWS) >= 300
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    for row in ROWS:
        for language in concepts.LANGUAGES:
            labels = row[language].split(" | ")
            assert all(words(label) for label in labels), (row["id"], language)
            assert len(set(labels)) == len(labels), (row["id"], language)


@pytest.mark.parametrize("name", ["vélo", "fiets", "Fahrrad", "bicycle"])
@pytest.mark.parametrize("reader", concepts.LANGUAGES)
def test_one_meaning_whatever_the_language_of_word_and_reader(name: str, reader: str) -> None:
    assert "bicycle" in meant(name, reader)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Verkehr", "theme:TRAN"),
        ("csv", "format:CSV"),
        ("quotidien", "frequency:DAILY"),
        ("Mobilität", "hvd:c_b79e35eb"),
        ("Elsene", "area:21009"),
        ("Ixelles", "area:21009"),
    ],
)
def test_the_words_of_the_vocabularies_mean_their_terms(text: str, code: str) -> None:
    carrying = set(concepts.by_code()[code])
    assert any(carrying & meant(text, language) for language in concepts.LANGUAGES)


def test_every_commune_is_one_concept_under_both_names() -> None:
    for place in vocab.PLACES:
        if place.code.startswith("210") and place.code != "21000":
            named = [meant(vocab.label(place, language), language) for language in ("fr", "nl")]
            assert named[0] & named[1], place.code


def test_the_longest_name_is_meant_first_and_the_wider_ones_inside_it_too() -> None:
    assert plan(Query(text="piste cyclable", language="fr")).concepts == ("bike-lane", "bicycle")


@pytest.mark.parametrize(
    ("word", "language", "found"),
    [
        ("verkeersongevallen", "nl", {"traffic", "accident"}),
        ("huishoudens", "nl", {"household"}),
        ("xyzongevallen", "nl", set()),
    ],
)
def test_a_compound_means_what_its_parts_mean(word: str, language: str, found: set[str]) -> None:
    assert found <= meant(word, language)
    assert found or not meant(word, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [("petite", "fr"), ("importantes", "fr"), ("bibliothèque nationale", "fr"), ("national", "en"), ("steeds", "nl")],
)
def test_a_word_that_only_looks_like_a_name_does_not_mean_it(text: str, language: str) -> None:
    assert not meant(text, language) & {"petition", "import-export", "foreigner", "city"}


def test_false_friends_are_named_only_where_they_are_needed() -> None:
    names = {language: {first for (first, *_) in concepts._names(language).labels} for language in concepts.LANGUAGES}
    for language, friends in FALSE_FRIENDS.items():
        needless = {word for word in friends if all(stem(word, other) not in names[other] for other in names)}
        assert not needless, language


def test_a_name_of_several_words_may_hold_one() -> None:
    assert "childcare" in meant("petite enfance", "fr") or "kindergarten" in meant("petite enfance", "fr")


def test_only_searches_the_words_as_typed() -> None:
    assert plan(Query(text="vélo verkeersongevallen", only=True)).concepts == ()


def test_what_was_typed_is_not_told_again() -> None:
    others = concepts.other_words(meant("fiets", "nl"), query_words("fiets"))
    assert "fiets" not in others
    assert {"vélo", "bicycle"} <= set(others)


@pytest.mark.parametrize(("typed", "language", "same"), [("Straßen", "de", "Straße"), ("vélos", "fr", "vélo")])
def test_another_form_of_what_was_typed_is_not_told(typed: str, language: str, same: str) -> None:
    assert same not in concepts.other_words(meant(typed, language), query_words(typed))
