"""The vocabularies: every term complete, every spelling found."""

import pytest

from dcat import vocab
from dcat.our_languages import OUR_LANGUAGES
from dcat.vocab import VOCABULARIES, Vocabulary

EVERY_TERM = [(vocabulary, term) for vocabulary in VOCABULARIES for term in vocabulary]


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.name)
def test_every_term_has_a_label_in_four_languages(vocabulary: Vocabulary) -> None:
    for term in vocabulary:
        assert {text.lang for text in term.labels} == set(OUR_LANGUAGES)
        assert all(text.value.strip() for text in term.labels), term.code


def test_every_commune_has_a_box_in_the_region() -> None:
    communes = [term for term in vocab.PLACES if "postcodes" in term.extra]
    assert len(communes) == 19
    for term in communes:
        west, south, east, north = map(float, term.words("bbox"))
        assert 4.24 <= west < east <= 4.48, term.code
        assert 50.76 <= south < north <= 50.92, term.code


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.name)
def test_codes_and_iris_are_unique(vocabulary: Vocabulary) -> None:
    iris = [term.iri for term in vocabulary if term.iri]
    assert len(vocabulary.by_code) == len(vocabulary)
    assert len(set(iris)) == len(iris)


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.name)
def test_no_alias_means_two_terms(vocabulary: Vocabulary) -> None:
    owner: dict[str, str] = {}
    for term in vocabulary:
        for alias in term.aliases:
            assert owner.setdefault(vocab.key(alias), term.code) == term.code, alias
            assert vocabulary.find(alias) is term


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda vocabulary: vocabulary.name)
def test_every_iri_and_nearly_every_code_leads_back(vocabulary: Vocabulary) -> None:
    for term in vocabulary:
        if term.iri:
            assert vocabulary.find(term.iri) is term
            assert vocabulary.concept(term).iri == term.iri
        if (vocabulary.name, term.code) != (
            "file-type",
            "RDF",
        ):  # "RDF" without more means RDF/XML, as data.gov.be reads it
            assert vocabulary.find(term.code) is term, term.code


@pytest.mark.parametrize(
    ("vocabulary", "text", "code"),
    [
        (vocab.THEMES, "http://publications.europa.eu/resource/authority/data-theme/ENVI", "ENVI"),
        (vocab.THEMES, "https://publications.europa.eu/resource/authority/data-theme/ENVI/", "ENVI"),
        (vocab.THEMES, "Économie et finances", "ECON"),
        (vocab.THEMES, "economie et finances", "ECON"),
        (vocab.FREQUENCIES, "http://purl.org/cld/freq/monthly", "MONTHLY"),
        (vocab.FREQUENCIES, "R/P1Y", "ANNUAL"),
        (vocab.FREQUENCIES, "jaarlijks", "ANNUAL"),
        (vocab.FREQUENCIES, "Quarter%20Hour", "15MIN"),
        (vocab.ACCESS_RIGHTS, "non-public", "NON_PUBLIC"),
        (vocab.FORMATS, "text/csv", "CSV"),
        (vocab.FORMATS, "ESRI Shapefile", "SHP"),
        (vocab.FORMATS, "OGC:WMS", "WMS_SRVC"),
        (vocab.FORMATS, "rdf", "RDF_XML"),
        (vocab.LANGUAGES, "fre", "FRA"),
        (vocab.LANGUAGES, "nl", "NLD"),
        (vocab.LANGUAGES, "Français", "FRA"),
        (vocab.LICENCES, "https://creativecommons.org/licenses/by/4.0/legalcode", "CC_BY_4_0"),
        (vocab.LICENCES, "http://www.creativecommons.org/licenses/by/4.0", "CC_BY_4_0"),
        (vocab.LICENCES, "cc-by", "CC_BY_4_0"),
        (vocab.LICENCES, "Licence Ouverte v2.0 (Etalab)", "ETALAB_2_0"),
        (vocab.LICENCES, "http://cirb.brussels/fr/nos-solutions/urbis-solutions/licence-urbis-open-data", "URBIS"),
        (vocab.HVD_CATEGORIES, "http://data.europa.eu/bna/c_b79e35eb", "c_b79e35eb"),
        (vocab.PLACES, "http://sws.geonames.org/2800867", "04000"),
        (vocab.PLACES, "Schaarbeek", "21015"),
        (vocab.PLACES, "21009", "21009"),
        (vocab.AGENCIES, "Leefmilieu Brussel", "0236916956"),
        (vocab.AGENCIES, "STIB / MIVB", "0247499953"),
        (vocab.AGENCIES, "Commune d\u2019Ixelles", "0207401341"),
        (vocab.DISTRIBUTION_STATUSES, "http://purl.org/adms/status/Completed", "COMPLETED"),
        (vocab.AVAILABILITIES, "http://data.europa.eu/r5r/availability/available", "AVAILABLE"),
    ],
)
def test_a_spelling_finds_its_term(vocabulary: Vocabulary, text: str, code: str) -> None:
    term = vocabulary.find(text)
    assert term is not None
    assert term.code == code


@pytest.mark.parametrize("text", ["", " ", "http://", "no such thing", "\x00", "%", "%ff"])
def test_what_means_nothing_finds_nothing(text: str) -> None:
    assert all(vocabulary.find(text) is None for vocabulary in VOCABULARIES)


def test_labels_are_chosen_by_language_and_fall_back_on_english() -> None:
    term = vocab.THEMES.by_code["TRAN"]
    assert vocab.label(term, "nl") == "Vervoer"
    assert vocab.label(term, "it") == "Transport"


def test_a_frequency_knows_its_days() -> None:
    assert vocab.days_between_updates(vocab.FREQUENCIES.by_code["WEEKLY"]) == 7
    assert vocab.days_between_updates(vocab.FREQUENCIES.by_code["IRREG"]) is None


def test_a_local_licence_has_an_iri_of_its_own_and_no_eu_scheme() -> None:
    licence = vocab.LICENCES.by_code["STATBEL"]
    assert licence.scheme is None
    assert licence.iri.startswith("https://statbel.fgov.be/")


@pytest.mark.parametrize("column", ["themes"])
def test_columns_that_name_themes_name_existing_ones(column: str) -> None:
    for vocabulary in (vocab.INSPIRE_THEMES, vocab.TOPIC_CATEGORIES, vocab.EUROVOC_DOMAINS):
        for term in vocabulary:
            assert term.words(column)
            assert set(term.words(column)) <= set(vocab.THEMES.by_code)
    assert all(set(row["themes"].split()) <= set(vocab.THEMES.by_code) for row in vocab.table("theme-alias"))


def test_types_of_agencies_and_licences_exist() -> None:
    assert {term.extra["type"] for term in vocab.AGENCIES} <= set(vocab.PUBLISHER_TYPES.by_code)
    assert all(set(term.words("types")) <= set(vocab.LICENCE_TYPES.by_code) for term in vocab.LICENCES)


def test_every_scheme_has_a_title() -> None:
    titles = vocab.scheme_titles()
    assert titles["http://publications.europa.eu/resource/authority/data-theme"]
    assert len(titles) == 15
