"""Words that mean two things, numbers that are places, and words that stand together in a title."""

from collections.abc import Callable, Iterator

import pytest

from catalogue.search.base import Document, Query, SearchIndex
from catalogue.search.fields import shadow
from catalogue.search.language import concepts, homographs
from catalogue.search.plan import plan
from dcat.model import Text


def document(id: str, title: str, language: str, description: str = "", theme: str = "") -> Document:
    """A document of one language."""
    return Document(
        id=id,
        revision=1,
        iri=f"http://example.org/{id}",
        name=id,
        type="dataset",
        title=(Text(title, language),),
        description=(Text(description, language),) if description else (),
        theme=(theme,) if theme else (),
    )


def carried(title: str, language: str, description: str = "", theme: str = "") -> set[str]:
    """The concepts that the index holds of a document."""
    return set(shadow(document("x", title, language, description, theme)).texts["concepts"].split())


def meant(text: str, language: str) -> set[str]:
    """The concepts that a query names."""
    return set(plan(Query(text=text, language=language)).concepts)


@pytest.mark.parametrize(
    ("title", "language", "description", "theme", "concept", "is_meant"),
    [
        ("Größe der privaten Haushalte", "de", "Bevölkerung nach Alter", "SOCI", "household", True),
        ("Größe der privaten Haushalte", "de", "Bevölkerung nach Alter", "SOCI", "budget", False),
        ("Haushalt 2024 der Stadt Eupen", "de", "Einnahmen und Ausgaben", "GOVE", "budget", True),
        ("Haushalt 2024 der Stadt Eupen", "de", "Einnahmen und Ausgaben", "GOVE", "household", False),
        ("Haushaltsplan", "de", "", "", "budget", True),
        ("Arrêts du tram", "fr", "", "", "stop", True),
        ("Arrêts", "fr", "", "TRAN", "stop", True),
        ("Arrêts de la Cour constitutionnelle", "fr", "", "JUST", "stop", False),
        ("Saisie-arrêt des salaires", "fr", "", "", "stop", False),
        ("Files op de ring", "nl", "Verkeer op de autosnelweg", "", "traffic-jam", True),
        ("Csv-file met de namen", "nl", "", "", "traffic-jam", False),
        ("Données à caractère personnel traitées", "fr", "", "JUST", "staff", False),
        ("Power plants", "en", "Electricity production", "", "plant", False),
        ("Tennis courts", "en", "Sport", "", "court", False),
        ("Wanderungen über die Landesgrenze", "de", "Bevölkerung", "SOCI", "migration", True),
        ("Wanderungen über die Landesgrenze", "de", "Bevölkerung", "SOCI", "hiking", False),
        ("Élèves", "fr", "", "EDUC", "pupil", True),
        ("Niveau de bruit élevé", "fr", "", "ENVI", "pupil", False),
        ("Fermes pédagogiques", "fr", "Agriculture et animaux", "", "farm", True),
        ("Signal fermé", "fr", "", "TRAN", "farm", False),
        ("Labour market situation", "en", "", "", "market", False),
    ],
)
def test_a_word_of_two_meanings_needs_a_sign(
    title: str, language: str, description: str, theme: str, concept: str, is_meant: bool
) -> None:
    assert (concept in carried(title, language, description, theme)) is is_meant


def test_in_a_query_the_other_words_tell_which_meaning() -> None:
    assert meant("Haushalt", "de") >= {"household", "budget"}
    assert "household" not in meant("Haushalt Steuer", "de")
    assert "budget" not in meant("Haushalt Bevölkerung", "de")


def test_every_homograph_is_a_name_of_its_concept_and_its_signs_exist() -> None:
    known = {*concepts.concepts(), *concepts.by_code()}
    for row in homographs.rows():
        assert row["concept"] in meant(row["word"], row["language"]), row
        assert known.issuperset([*row["signs"].split(), *row["unless"].split()]), row
        assert row["signs"] or row["unless"], row


@pytest.mark.parametrize(("text", "language"), [("mon vélo", "fr"), ("garer", "fr"), ("où garer mon vélo", "fr")])
def test_little_words_are_no_towns_and_no_stations(text: str, language: str) -> None:
    assert not meant(text, language) & {"mons", "station"}


def test_a_place_is_meant_by_its_name_as_written_or_in_the_genitive() -> None:
    assert "mons" in meant("Mons", "fr")
    assert "antwerp" in carried("Antwerpens Hafen", "de")


@pytest.mark.parametrize("number", ["1080", "21012"])
def test_a_postal_or_nis_code_is_its_commune_in_a_query_alone(number: str) -> None:
    assert "area:21012" in meant(number, "nl")
    assert "area:21012" not in carried(f"{number} bomen", "nl")


def test_jeu_de_donnees_is_no_game() -> None:
    assert "jeu" not in shadow(document("x", "Jeu de données sur l'air", "fr")).texts["stems"].split()
    assert "jeux" in shadow(document("x", "Aires de jeux", "fr")).texts["stems"].split()


@pytest.fixture(scope="module")
def in_a_row(opening: Callable[[str], SearchIndex]) -> Iterator[SearchIndex]:
    """Documents with the same words, one of which has them one after the other in its title."""
    index = opening("rows")
    told = "population par commune, population totale, commune par commune"
    others = [document(f"other{n}", f"Commune {n} : population, âge, population", "fr", told) for n in range(8)]
    index.rebuild([*others, document("row", "Chiffres de la population par commune et par an", "fr")])
    yield index
    index.close()


def test_the_words_as_typed_lead_where_half_the_titles_have_them_with_others_between(empty: SearchIndex) -> None:
    told = "Population des communes, commune par commune et par âge, population."
    near = [document(f"near{n}", f"Population de la commune {n}", "fr", told) for n in range(8)]
    empty.put(
        [*near, document("row", "Répartition de la population par commune - Belgique", "fr", "Chiffres officiels")]
    )
    assert empty.search(Query(text="population par commune", language="fr")).hits[0].document.id == "row"
    assert empty.search(Query(text="population commune", language="fr")).count == 9


@pytest.mark.parametrize("text", ["population par commune", "populations des communes"])
def test_words_one_after_the_other_in_a_title_come_first(in_a_row: SearchIndex, text: str) -> None:
    assert in_a_row.search(Query(text=text, language="fr")).hits[0].document.id == "row"


@pytest.mark.parametrize(
    ("text", "language", "same", "others"),
    [
        ("politie", "nl", ("Commissariats de police", "fr"), ("Partis politiques", "fr")),
        ("Brugge", "nl", ("Les plages de Bruges", "fr"), ("Old brug and bike", "en")),
        ("bruges", "fr", ("Musea in Brugge", "nl"), ("Bruggen over de Leie", "nl")),
        ("stationnement", "fr", ("Parkeerplaatsen", "nl"), ("Weather stations", "en")),
        ("batterij", "nl", ("Batteries domestiques", "fr"), ("Hauteur des bâtis", "fr")),
        ("livres", "fr", ("Un livre par habitant", "fr"), ("Leveringen", "nl")),
    ],
)
def test_a_name_is_not_found_by_other_words_that_share_its_stem(
    empty: SearchIndex, text: str, language: str, same: tuple[str, str], others: tuple[str, str]
) -> None:
    empty.put([document("same", *same), document("others", *others)])
    found = empty.search(Query(text=text, language=language, partly="left"))
    assert ([hit.document.id for hit in found.hits], found.count) == (["same"], 1)


def test_a_word_that_only_asks_tells_less_than_what_is_asked(empty: SearchIndex) -> None:
    listing = document("list", "Aid: the list", "en", "List of countries and school attendance.")
    schools = document("schools", "Schools", "en", "The address of each of them, by kind and by town.")
    empty.put([listing, schools, *(document(str(n), f"Aid {n}", "en", "Money.") for n in range(8))])
    assert empty.search(Query(text="list of schools", language="en")).hits[0].document.id == "schools"


def test_a_title_with_all_the_words_leads_in_whatever_order(empty: SearchIndex) -> None:
    empty.put(
        [
            document("title", "Onderwijs: scholen, lager en secundair", "nl", "Adressen van de scholen in het gewest."),
            document("text", "Onderwijs", "nl", "Secundair onderwijs en hoger onderwijs."),
        ]
    )
    assert empty.search(Query(text="secundair onderwijs", language="nl")).hits[0].document.id == "title"
