"""Text becomes the same terms in documents and queries."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalogue.search.language import analysis
from catalogue.search.language.compounds import parts
from catalogue.search.language.folding import fold
from dcat.model import Text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Qualité de l’air", ["qualite", "de", "air"]),
        ("d'Anderlecht, qu'il", ["anderlecht", "il"]),
        ("aujourd'hui", ["aujourd", "hui"]),
        ("auto's en fiets", ["auto", "en", "fiets"]),
        ("Œuvres, Straße, ÅRHUS, Łódź", ["oeuvres", "strasse", "arhus", "lodz"]),
        ("e\u0301cole", ["ecole"]),
        ("Fahr\u00adrad", ["fahrrad"]),
        ("ISO-19115 v3.0.1, PM2.5", ["iso", "19115", "v3.0.1", "pm2.5"]),
        ("en 2019. Puis", ["en", "2019", "puis"]),
        ("CO₂", ["co2"]),
        ("Ελλάδα Київ", ["ελλαδα", "киів"]),
        ("x" * 65, []),
        ("(((~*:\\", []),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert analysis.words(text) == words


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("énergies", "energie", "fr"),
        ("vélos", "velo", "fr"),
        ("fietspaden", "fietspad", "nl"),
        ("Häuser", "Hauser", "de"),
        ("schools", "school", "en"),
        ("feux", "feu", "fr"),
        ("lieux", "lieu", "fr"),
        ("travaux", "travail", "fr"),
        ("vitraux", "vitrail", "fr"),
        ("potagers", "potager", "fr"),
        ("loyers", "loyer", "fr"),
        ("foyers", "foyer", "fr"),
        ("publications", "publication", "fr"),
        ("usagers", "usager", "fr"),
        ("lois", "loi", "fr"),
        ("financière", "financier", "fr"),
        ("zonnepanelen", "zonnepaneel", "nl"),
        ("personenwagens", "personenwagen", "nl"),
        ("eenheden", "eenheid", "nl"),
        ("maandelijkse", "maandelijks", "nl"),
        ("sectoren", "sector", "nl"),
        ("watertorens", "watertoren", "nl"),
        ("boompje", "bomen", "nl"),
        ("autootje", "auto's", "nl"),
        ("kaartjes", "kaart", "nl"),
        ("plantje", "planten", "nl"),
        ("tuintje", "tuin", "nl"),
        ("standbeelden", "standbeeld", "nl"),
        ("Kitas", "Kita", "de"),
        ("Elektroautos", "Elektroauto", "de"),
        ("Büros", "Büro", "de"),
        ("Parks", "Park", "de"),
        ("Handys", "Handy", "de"),
    ],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str, language: str) -> None:
    assert analysis.stem(fold(one), language) == analysis.stem(fold(other), language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("loyer", "loi", "fr"),
        ("foyer", "foi", "fr"),
        ("passages", "passagers", "fr"),
        ("publications", "publiques", "fr"),
        ("usage", "usager", "fr"),
        ("eenheid", "een", "nl"),
        ("wagen", "waag", "nl"),
        ("divers", "dive", "fr"),
        ("jeux", "jeu", "fr"),  # every second text here says "jeu de données"
        ("Haus", "Hau", "de"),
        ("Basis", "Basi", "de"),
        ("grundlos", "grundlo", "de"),
    ],
)
def test_other_words_keep_their_own_stem(one: str, other: str, language: str) -> None:
    assert analysis.stem(fold(one), language) != analysis.stem(fold(other), language)


def test_tokens_tell_where_the_words_stand() -> None:
    text = "L’École d’Ixelles"
    assert [(token.word, text[token.start : token.end]) for token in analysis.tokens(text)] == [
        ("ecole", "École"),
        ("ixelles", "Ixelles"),
    ]


@given(st.text())
def test_tokens_and_words_agree_on_any_text(text: str) -> None:
    found = list(analysis.tokens(text))
    assert [token.word for token in found] == analysis.words(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)


@given(st.text())
@example("\u037a")  # an iota that stands alone is a blank with an iota below, when taken apart
def test_folding_twice_changes_nothing(text: str) -> None:
    for word in analysis.words(text):
        assert fold(word) == word
        assert not any(character.isspace() for character in word)


@pytest.mark.parametrize(
    ("word", "language", "found"),
    [
        ("fietspaden", "nl", ("fiets", "paden")),
        ("fietstelpalen", "nl", ("fiets", "telpalen")),
        ("gemeenteraadsverkiezingen", "nl", ("gemeente", "raads", "verkiezingen")),
        ("luchtkwaliteit", "nl", ("lucht", "kwaliteit")),
        ("wasserqualitat", "de", ("wasser", "qualitat")),
        ("uberschwemmungsgebiete", "de", ("uberschwemmungs", "gebiete")),
        ("brandstofverbruik", "nl", ("brandstof", "verbruik")),
        ("autowegen", "nl", ("auto", "wegen")),
        ("vluchtelingenkamp", "nl", ("vluchteling",)),
        ("pensioenkloof", "nl", ("pensioen", "kloof")),
        ("katastergemarkungen", "de", ("kataster", "gemarkungen")),
        ("parkeren", "nl", ()),
        ("organisatie", "nl", ()),
        ("information", "de", ()),
        ("fiets", "nl", ()),
        ("bicyclettes", "fr", ()),
    ],
)
def test_compounds_are_cut_into_known_parts(word: str, language: str, found: tuple[str, ...]) -> None:
    assert parts(word, language) == found


@pytest.mark.parametrize(
    ("word", "language"),
    [
        *(("automatische", language) for language in ("nl", "de")),
        *((word, "nl") for word in ("woonerven", "brandstoffen", "netwerken", "standplaatsen", "standbeeld")),
        *((word, "nl") for word in ("laadpaal", "telpalen", "flitspaal", "ziekenhuizen", "luchthaven", "weergegeven")),
        *((word, "nl") for word in ("huisvesting", "doelstelling", "rechtstreeks", "nederland", "vrijstelling")),
        *(
            (word, "de")
            for word in ("netzwerk", "haushalte", "parkplatze", "brandenburg", "alternativen", "zugelassen")
        ),
    ],
)
def test_words_are_not_cut_into_others_that_they_do_not_hold(word: str, language: str) -> None:
    assert parts(word, language) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (Text("De kwaliteit van het water", "nl"), "nl"),
        (Text("De kwaliteit van het water"), "nl"),
        (Text("Les écoles de la commune"), "fr"),
        (Text("Die Schulen der Gemeinde"), "de"),
        (Text("Schools of the region", "en-gb"), "en"),
        (Text("Budget 2024"), ""),
    ],
)
def test_untagged_text_tells_its_language_by_its_small_words(text: Text, language: str) -> None:
    assert analysis.language_of(text) == language


def test_a_query_leaves_out_stop_words_unless_there_is_nothing_else() -> None:
    assert analysis.query_words("la qualité de l'air à Bruxelles") == ["qualite", "air", "bruxelles"]
    assert analysis.query_words("the who") == ["the", "who"]
    assert analysis.query_words("car parks") == ["car", "parks"]


def test_a_query_has_at_most_32_words() -> None:
    assert len(analysis.query_words(" ".join(f"w{number}" for number in range(100)))) == 32


def test_a_query_of_unknown_language_has_every_stem_once() -> None:
    assert analysis.stems_of("bus") == ("bus",)
    assert len(analysis.stems_of("steden")) > 1


@pytest.mark.parametrize(("word", "other"), [("forem", "for"), ("aed", "ad"), ("taxis", "taxe")])
def test_a_word_is_not_looked_for_by_a_stem_that_says_something_else(word: str, other: str) -> None:
    """A little word, two letters that it does not begin with, or a noun that Snowball puts together with another."""
    assert not set(analysis.stems_of(word, "fr")) & {analysis.stem(other, "fr"), other}
    assert analysis.stem("dates", "fr") in analysis.stems_of("date"), "a plural is no other word"


def test_a_blank_that_nobody_sees_parts_words_as_it_does_in_what_is_published() -> None:
    assert analysis.query_words("voirie\u200bcommunale") == ["voirie", "communale"]
    assert analysis.query_words("ho\u0302pi\u00adtaux\u2060") == ["hopitaux"]
