"""Which language the words of a query are read in, whoever reads."""

import pytest

from catalogue.search.base import Query
from catalogue.search.language.analysis import language_of, said, stems
from catalogue.search.language.guessing import likely
from catalogue.search.plan import plan
from dcat.model import Text
from dcat.our_languages import OUR_LANGUAGES


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("pistes cyclables", "fr"),
        ("où garer mon vélo", "fr"),
        ("wat kost mijn gemeente", "nl"),
        ("luchtkwaliteit", "nl"),
        ("Straßenverzeichnis", "de"),
        ("Haushalt der Stadt", "de"),
        ("drinking water quality", "en"),
        ("unemployment by municipality", "en"),
    ],
)
def test_words_are_read_in_their_own_language_by_every_reader(text: str, language: str) -> None:
    assert {likely(said(text), reader) for reader in OUR_LANGUAGES} == {language}


@pytest.mark.parametrize("text", ["2019", "csv", "park", ""])
@pytest.mark.parametrize("reader", OUR_LANGUAGES)
def test_what_says_no_language_is_read_in_the_readers(text: str, reader: str) -> None:
    assert likely(said(text), reader) == reader


def test_a_name_in_the_readers_language_is_meant_although_another_has_it_too() -> None:
    assert "area:21007" in plan(Query(text="Forest", language="fr")).concepts
    assert "forest" in plan(Query(text="Forest", language="en")).concepts


def test_words_mean_what_they_mean_in_their_language() -> None:
    asked = (plan(Query(text="Größe der privaten Haushalte", language=reader)).concepts for reader in OUR_LANGUAGES)
    assert len(set(asked)) == 1


@pytest.mark.parametrize("lang", ["", "und"])
def test_a_text_of_unknown_language_has_every_stem(lang: str) -> None:
    assert "citi" in stems(said("Cities"), language_of(Text("Cities", lang)))
