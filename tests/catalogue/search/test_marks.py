"""What is marked in a text is what it was found by."""

import pytest

from catalogue.search.base import Query
from catalogue.search.plan import plan
from catalogue.search.snippets import Wanted, marks
from dcat.model import Text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("lid", "leden"),
        ("stad", "steden"),
        ("schip", "schepen"),
        ("weg", "wegen"),
        ("dak", "daken"),
        ("museum", "musea"),
        ("kind", "kinderen"),
    ],
)
def test_a_dutch_noun_whose_vowel_changes_is_marked(asked: str, said: str) -> None:
    found = marks(Text(said, "nl"), Wanted(plan(Query(text=asked, language="nl"))))
    assert found == ((0, len(said)),)


def test_a_word_that_only_begins_alike_is_not_marked() -> None:
    assert marks(Text("lezen", "nl"), Wanted(plan(Query(text="lid", language="nl")))) == ()


@pytest.mark.parametrize(
    ("asked", "said", "marked"),
    [
        ("eau", "bateau\neau, l'eau (eaux)", ["eau", "eau", "eaux"]),
        ("eau", "eau-eau eau", ["eau", "eau", "eau"]),
        ("air", "L'air d'un air.", ["air", "air"]),
        ("bruit", f"bruit {'et ' * 70}bruit", ["bruit"]),
    ],
)
def test_words_are_marked_where_they_stand_within_a_snippet(asked: str, said: str, marked: list[str]) -> None:
    found = marks(Text(said, "fr"), Wanted(plan(Query(text=asked, language="fr"))))
    assert [said[start:end] for start, end in found] == marked
    assert all(start == 0 or not said[start - 1].isalpha() for start, _ in found)


def test_a_phrase_with_an_elision_is_marked() -> None:
    said = "La qualité de l'air à Gand"
    found = marks(Text(said, "fr"), Wanted(plan(Query(text="luchtkwaliteit", language="nl"))))
    assert [said[start:end] for start, end in found] == ["qualité", "de", "air"]
