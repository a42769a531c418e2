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
