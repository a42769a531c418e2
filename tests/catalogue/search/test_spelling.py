"""Another spelling is proposed for what somebody meant to type, not for a word that the catalogue lacks."""

import pytest
from searchables import document

from catalogue.search.base import Query, SearchIndex


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("loup", ""),  # loop is another word
        ("PFAS", ""),
        ("NEET", ""),  # niet is a little word
        ("waard", ""),  # nobody errs in the first of so few letters
        ("moustique", ""),
        ("musqiue", "musique"),
        ("lop", ""),
        ("Anvres", "Anvers"),
        ("Charlroi", "Charleroi"),
        ("bibiotheque", "bibliothèque"),
        ("farmacie", "pharmacie"),
        ("kalité", "qualité"),
        ("simetière", "cimetière"),
        ("sentrum", "centrum"),
        ("oharmacie", "pharmacie"),
        ("aualité", "qualité"),  # as on another keyboard
        ("oualité", ""),
        ("fase", ""),  # of so few letters nothing sounds alike
    ],
)
def test_a_word_that_is_right_is_not_replaced(empty: SearchIndex, typed: str, meant: str) -> None:
    empty.put(
        [
            document("a", fr="Musique à Anvers, bibliothèque de Charleroi", nl="Loop niet, aard van het PRAS"),
            document("b", fr="Loop, musique"),
            document("c", fr="Pharmacie du cimetière, qualité, phase", nl="Centrum"),
        ]
    )
    assert empty.search(Query(text=typed)).did_you_mean == meant
