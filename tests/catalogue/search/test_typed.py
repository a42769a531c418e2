"""What people type besides the words that they look for: courtesies, prefixes, addresses, identifiers, years."""

import pytest
from searchables import document

from catalogue.search.base import Query, SearchIndex


def having_all(index: SearchIndex, text: str, language: str = "fr") -> set[str]:
    """Ids of what has all the words."""
    return {hit.document.id for hit in index.search(Query(text=text, language=language, partly="left")).hits}


@pytest.mark.parametrize(
    "text",
    [
        "population près de chez moi",
        "population à proximité",
        "bevolking in mijn buurt",
        "bevolking in de buurt",
        "Bevölkerung in der Nähe",
        "population nearby",
        "dernières données population",
        "nieuwste bevolking",
        "neueste Bevölkerung",
        "latest population data",
        "télécharger population",
        "bevolking downloaden",
        "Bevölkerung herunterladen",
        "population free download",
        "gratis data bevolking",
        "population à jour",
        "c’est quoi, la population",
        "cest quoi la population",
        "jai besoin de la population",
        "bonjour, population svp",
        "population data.gov.be",
        "population site:opendata.agence.be",
        "title:population",
        'notes:"population"',
    ],
)
def test_what_no_entry_need_have_is_not_missed(empty: SearchIndex, text: str) -> None:
    empty.put([document("population", fr="Population", nl="Bevolking"), document("wifi", fr="Arbres")])
    assert having_all(empty, text) == {"population"}


@pytest.mark.parametrize("text", ["free wifi", "wifi gratuit", "population par buurt", "ligne de bus", "data.gov.be"])
def test_the_same_words_are_missed_where_they_are_what_is_asked_for(empty: SearchIndex, text: str) -> None:
    empty.put([document("a", fr="Wifi"), document("b", fr="Population"), document("c", fr="Bus")])
    assert having_all(empty, text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "accidents 2015..2017",
        "accidents 2015…2017",
        "accidents 2015-17",
        "accidents 2015 -> 2017",
        "accidents entre 2015 et 2017",
        "accidents between 2015 and 2017",
        "ongevallen tussen 2015 en 2017",
        "Unfälle zwischen 2015 und 2017",
        "ongevallen 2015 t/m 2017",
        "ongevallen van 2015 tot en met 2017",
        "accidents from 2015 to 2017",
        "accidents de 2015 au 2017",
    ],
)
def test_a_span_of_years_is_read_as_people_write_it(empty: SearchIndex, text: str) -> None:
    empty.put([document(str(year), fr=f"Accidents {year}") for year in (2014, 2015, 2016, 2017, 2018)])
    assert having_all(empty, text) == {"2015", "2016", "2017"}


@pytest.mark.parametrize(
    "text",
    [
        "accidents depuis 2017",
        "accidents à partir de 2017",
        "ongevallen sinds 2017",
        "ongevallen vanaf 2017",
        "Unfälle seit 2017",
        "Unfälle ab 2017",
        "accidents since 2017",
        "accidents >= 2017",
        "accidents 2017+",
    ],
)
def test_all_years_since_one_are_meant(empty: SearchIndex, text: str) -> None:
    empty.put([document(str(year), fr=f"Accidents {year}") for year in (2016, 2017, 2018)])
    assert having_all(empty, text) == {"2017", "2018"}


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("accidents avant 2017", {"2015", "2016"}),
        ("accidents avant l'année 2017", {"2015", "2016"}),
        ("ongevallen vóór 2017", {"2015", "2016"}),
        ("ongevallen voór 2017", {"2015", "2016"}),
        ("Unfälle vor 2017", {"2015", "2016"}),
        ("accidents before 2017", {"2015", "2016"}),
        ("accidents < 2017", {"2015", "2016"}),
        ("accidents jusqu'en 2016", {"2015", "2016"}),
        ("ongevallen tot en met 2016", {"2015", "2016"}),
        ("Unfälle bis 2016", {"2015", "2016"}),
        ("accidents until 2016", {"2015", "2016"}),
        ("accidents <= 2016", {"2015", "2016"}),
        ("accidents après 2017", {"2018"}),
        ("ongevallen na 2017", {"2018"}),
        ("Unfälle nach 2017", {"2018"}),
        ("accidents after 2017", {"2018"}),
        ("accidents > 2017", {"2018"}),
        ("ongevallen voor 2017", {"2017"}),
        ("accidents 2015 -> 2017", {"2015", "2016", "2017"}),
    ],
)
def test_all_years_before_or_after_one_are_meant(empty: SearchIndex, text: str, years: set[str]) -> None:
    """What is of the year that is the bound itself is neither before nor after it; Dutch `voor` is for it."""
    empty.put([document(str(year), fr=f"Accidents en {year}") for year in (2015, 2016, 2017, 2018)])
    assert having_all(empty, text) == years


@pytest.mark.parametrize(
    "text",
    [
        "relevé 1/5/2023",
        "relevé 01/05/2023",
        "relevé 1.5.2023",
        "relevé 2023-05-01",
        "relevé 1 mai 2023",
        "relevé du 1er mai 2023",
        "relevé 1 mei 2023",
        "relevé 1. Mai 2023",
        "relevé 1 May 2023",
    ],
)
def test_a_day_is_found_however_it_is_written(empty: SearchIndex, text: str) -> None:
    empty.put(
        [
            document("number", fr="Relevé du 01/05/2023"),
            document("iso", fr="Relevé 2023-05-01"),
            document("words", nl="Relevé 1 mei 2023"),
            document("covering", fr="Relevé", start="2023-04", end="2023-06"),
            document("other", fr="Relevé 2023-06-02", start="2023-06", end="2023-07"),
        ]
    )
    assert having_all(empty, text) == {"number", "iso", "words", "covering"}


@pytest.mark.parametrize(
    "text",
    ["relevé mai 2023", "relevé mei 2023", "relevé May 2023", "relevé 2023-05", "relevé 05/2023", "relevé 5/2023"],
)
def test_a_month_is_found_however_it_is_written(empty: SearchIndex, text: str) -> None:
    covering = document("covering", fr="Relevé", start="2023", end="2023")
    empty.put([document("mei", nl="Relevé mei 2023"), covering, document("april", fr="Relevé avril 2023")])
    assert having_all(empty, text) == {"mei", "covering"}


@pytest.mark.parametrize(
    "text", ["arbres 2019", "arbres depuis 2018", "arbres mai 2019", "bomen 2019", "trees before 2020"]
)
def test_what_is_only_of_the_year_has_no_part_of_what_is_asked(empty: SearchIndex, text: str) -> None:
    """Where nothing has all the words, entries of that year about anything else come in hundreds."""
    empty.put(
        [document("tree", fr="Arbres"), document("may", fr="Accidents de mai 2019"), document("b", fr="Budget 2019")]
    )
    results = empty.search(Query(text=text, partly="filling"))
    assert ([hit.document.id for hit in results.hits], results.looser) == (["tree"], 1)


@pytest.mark.parametrize(
    "text", ["budget de l'année 2019", "budget de lannee 2019", "budget van het jaar 2019", "Budget im Jahr 2019"]
)
def test_what_says_that_a_year_is_one_is_not_missed(empty: SearchIndex, text: str) -> None:
    empty.put([document("budget", fr="Budget 2019"), document("other", fr="Budget annuel de l’année")])
    assert having_all(empty, text) == {"budget"}


@pytest.mark.parametrize(
    "text", ["voitures pour 1000 habitants", "autos per 1.000 inwoners", "Autos pro 100 000 Einwohner"]
)
def test_a_number_that_is_counted_by_is_no_place_and_not_missed(empty: SearchIndex, text: str) -> None:
    empty.put([document("cars", fr="Voitures par habitant"), document("brussels", fr="Habitants de Bruxelles")])
    assert having_all(empty, text) == {"cars"}


def test_a_year_alone_finds_what_is_of_it(empty: SearchIndex) -> None:
    empty.put([document("tree", fr="Arbres"), document("budget", fr="Budget 2019")])
    assert having_all(empty, "2019") == having_all(empty, "données 2019") == {"budget"}


def test_a_month_is_no_span_of_years(empty: SearchIndex) -> None:
    empty.put([document("a", fr="Accidents 2016"), document("b", fr="Accidents 2015-12")])
    assert having_all(empty, "accidents 2015-12") == {"b"}


@pytest.mark.parametrize(
    ("identifier", "texts"),
    [
        (
            "https://doi.org/10.5281/zenodo.1234567",
            ("10.5281/zenodo.1234567", "doi:10.5281/zenodo.1234567", "DOI 10.5281/ZENODO.1234567"),
        ),
        ("doi:10.5072/FK2/ABC", ("https://doi.org/10.5072/FK2/ABC", "10.5072/fk2/abc", "dx.doi.org/10.5072/FK2/ABC")),
        ("10.5072/XYZ.99", ("http://dx.doi.org/10.5072/XYZ.99", "doi: 10.5072/xyz.99")),
        ("3f2b1c9e-8a77-4c55-9a10-1234567890ab", ("urn:uuid:3F2B1C9E-8A77-4C55-9A10-1234567890AB",)),
        ("urn:uuid:3f2b1c9e-8a77-4c55-9a10-1234567890ab", ("{3f2b1c9e-8a77-4c55-9a10-1234567890ab}",)),
        ("https://agence.example/set/7", ("http://agence.example/set/7#this", "agence.example/set/7/?lang=fr")),
    ],
)
def test_an_identifier_is_found_however_it_is_written(
    empty: SearchIndex, identifier: str, texts: tuple[str, ...]
) -> None:
    empty.put([document("wanted", fr="Relevé", identifier=(identifier,)), document("other", fr="Autre")])
    assert [having_all(empty, text) for text in texts] == [{"wanted"}] * len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "https://portal.example/fr/dataset/horaires-des-piscines",
        "https://portal.example/fr/dataset/horaires-des-piscines?lang=fr#files",
        "www.portal.example/datasets/horaires-des-piscines/",
        "Horaires des piscines (2023) - data.gov.be",
        "Horaires des piscines (2023) | Portail des données",
    ],
)
def test_the_address_and_the_title_of_a_page_find_its_entry_first(empty: SearchIndex, text: str) -> None:
    wanted = document("wanted", fr="Horaires des piscines (2023)", name="horaires-des-piscines")
    empty.put([document("other", fr="Portail : horaires des données des piscines 2023, data, dataset"), wanted])
    hit = empty.search(Query(text=text)).hits[0]
    assert (hit.document.id, hit.has_all_words) == ("wanted", True)
