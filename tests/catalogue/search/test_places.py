"""Places in queries: by name in either language, by postal or NIS code, beside what is asked of them."""

import csv
from importlib.resources import files

import pytest
from searchables import document

from catalogue.search.base import Query, SearchIndex
from catalogue.search.language import concepts
from catalogue.search.language.analysis import query_words
from catalogue.search.language.communes import communes
from catalogue.search.nearby import wider


def found(index: SearchIndex, text: str, **fields: object) -> list[str]:
    """Ids of the hits in order."""
    return [hit.document.id for hit in index.search(Query(text=text, **fields)).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["arbres Bruxelles", "Bruxelles arbres", "trees in brussels", "emploi arbres Bruxelles"]
)
def test_what_is_asked_of_a_place_leads_what_is_only_there(empty: SearchIndex, text: str) -> None:
    """Not every entry says where it is, and many that do are about something else."""
    empty.put(
        [
            document("a", fr="Ponctualité à l’arrivée à Bruxelles", nl="Stiptheid bij aankomst in Brussel"),
            document("b", fr="Bruxelles", nl="Brussel"),
            document(
                "c", fr="Inventaire de la végétation", nl="Vegetatie", description=document("d", fr="Des arbres").title
            ),
        ]
    )
    assert found(empty, text)[0] == "c"
    assert len(found(empty, text)) == 3


def test_what_has_the_subject_and_the_place_leads_what_has_the_subject_only(empty: SearchIndex) -> None:
    empty.put(
        [
            document("a", fr="Arbres remarquables"),
            document("b", fr="Arbres de la ville de Gand"),
            document("c", fr="Gand"),
        ]
    )
    assert found(empty, "arbres malades Gand") == ["b", "a", "c"]


@pytest.mark.parametrize(
    "text", ["population 9000", "bevolking 44021", "inwoners 9030", "population Gand", "bevolking Gent"]
)
def test_a_postal_or_nis_code_is_its_place(empty: SearchIndex, text: str) -> None:
    empty.put([document("a", nl="Bevolking van Gent"), document("b", nl="Bevolking van Antwerpen")])
    assert found(empty, text, partly="left") == ["a"]


@pytest.mark.parametrize("text", ["écoles Alost", "scholen Aalst", "écoles 9300", "scholen 41002"])
def test_a_commune_has_one_meaning_in_both_languages(empty: SearchIndex, text: str) -> None:
    empty.put([document("a", nl="Basisscholen in Aalst"), document("b", nl="Basisscholen in Ronse")])
    assert found(empty, text, partly="left") == ["a"]


def test_a_number_that_may_be_a_year_is_a_postal_code_only_beside_its_place() -> None:
    def meant(text: str) -> set[str]:
        return {one.concept for one in concepts.in_query(query_words(text), "fr")}

    assert meant("population 2020") == {"population"}
    assert "antwerp" in meant("population 2020 Anvers")
    assert [one.start for one in concepts.in_query(["2000", "anvers"], "fr")] == [0, 1]


@pytest.mark.parametrize("word", ["boom", "mol", "as", "lens", "essen", "ans", "halen", "pont"])
def test_a_commune_called_as_a_common_word_is_no_meaning_of_it(word: str) -> None:
    assert not any(concepts.is_place(one.concept) for one in concepts.in_query([word], "nl"))


def test_every_commune_has_a_code_names_and_postal_codes() -> None:
    path = files("catalogue.search.language").joinpath("communes.csv")
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert len({row["code"] for row in rows}) == len(rows) == len(communes()) == 546
    assert all(len(row["code"]) == 5 and row["fr"] and row["nl"] and row["postcodes"] for row in rows)
    assert sum(not one.names for one in communes()) < 25
    assert all(concepts.by_code()[f"area:{one.code}"] for one in communes())


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("écoles de Mons", ["écoles"]),
        ("Louvain-la-Neuve gare", ["gare"]),
        ("accidents à Mons 2020", ["accidents 2020", "accidents à Mons", "accidents"]),
        ("accidents depuis 2015", ["accidents"]),
        ("accidents à partir de 2015", ["accidents"]),
        ("données accidents de l'année 2019", ["données accidents"]),
        ("ongevallen van mei 2019 in Gent", ["ongevallen van mei 2019", "ongevallen Gent", "ongevallen"]),
        ("Bruxelles et ses écoles", ["écoles"]),
        ("écoles de la ville", []),
        ("Mons 2020", ["2020", "Mons"]),
        ("qualité de l'air à Mons", ["qualité de l'air"]),
    ],
)
def test_a_query_without_places_or_times_leaves_the_words_around_them_out(text: str, without: list[str]) -> None:
    assert list(wider(text, "fr")) == without


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("St-Gilles", "Sint-Gillis"),
        ("woluwe st. lambert", "Sint-Lambrechts-Woluwe"),
        ("St-Jans-Molenbeek", "Molenbeek-Saint-Jean"),
        ("berchem ste agathe", "Sint-Agatha-Berchem"),
        ("st-niklaas", "Sint-Niklaas"),
    ],
)
def test_a_saint_may_be_shortened(short: str, whole: str) -> None:
    named = [
        {one.concept for one in concepts.in_query(query_words(text), "fr") if concepts.is_place(one.concept)}
        for text in (short, whole)
    ]
    assert named[0]
    assert named[0] <= named[1]
