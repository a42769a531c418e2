"""Queries are read from addresses, checked, and written back in one form."""

import re
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.base import BadQuery, Query
from catalogue.search.facets import FACETS, FILTERS
from catalogue.search.params import PER_PAGE, SORTS, check, params_from_query, query_from_params
from dcat.our_languages import OUR_LANGUAGES


def test_everything_in_an_address_is_read() -> None:
    given_params = [
        ("q", "  vélo  \x00 bus "),
        ("theme", "TRAN"),
        ("theme", "ENVI"),
        ("keyword", " Petite  Enfance "),
        ("bbox", "4.30,50.8,4.4,50.90"),
        ("sort", "-modified"),
        ("page", "3"),
        ("per_page", "25"),
        ("only", "1"),
        ("utm_source", "x"),
    ]
    query = query_from_params(given_params, "nl", ("theme",))
    assert query == Query(
        text="vélo bus",
        only=True,
        partly="filling",
        filters={"theme": ("ENVI", "TRAN"), "keyword": ("petite enfance",), "bbox": ("4.3,50.8,4.4,50.9",)},
        sort="-modified",
        page=3,
        per_page=25,
        language="nl",
        facets=("theme",),
    )


def test_looser_matches_are_listed_when_asked_for() -> None:
    query = query_from_params([("q", "vélo bus"), ("looser", "1")])
    assert query.partly == "listed"
    assert params_from_query(query) == [("q", "vélo bus"), ("looser", "1")]


@pytest.mark.against("TC-18")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sort", "_script"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "1e9"),
        ("page", "1001"),
        ("page", "٣"),
        ("per_page", "1000"),
        ("per_page", "11"),
        ("theme", "TRANS"),
        ("theme", "TRAN/../"),
        ("type", "catalog"),
        ("format", "CSV OR 1"),
        ("language", "french"),
        ("frequency", "often"),
        ("hvd", "true"),
        ("area", "Ixelles"),
        ("updated", "yesterday"),
        ("quality", "405"),
        ("bbox", "1,2,3"),
        ("bbox", "a,b,c,d"),
        ("bbox", "nan,nan,nan,nan"),
        ("bbox", "4,51,5,50"),
        ("bbox", "-200,0,0,1"),
        ("bbox", "170,2,-170,1"),
        ("period", "../.."),
        ("period", "2020/2018"),
        ("period", "soon"),
        ("period", "/"),
        ("period", "2019-5"),
        ("period", "2018abc"),
        ("period", "2018/2020/2025"),
        ("similar", "x"),
        ("publisher", "a b"),
        ("keyword", "x" * 201),
        ("only", "yes"),
        ("looser", "yes"),
        ("q", "x" * 257),
    ],
)
def test_a_bad_value_is_refused_with_the_name_of_its_parameter(name: str, value: str) -> None:
    with pytest.raises(BadQuery) as raised:
        query_from_params([(name, value)])
    assert raised.value.parameter == name
    assert str(raised.value).startswith(name)


@pytest.mark.parametrize("name", [name for name, one in FILTERS.items() if "pattern" in one.parse.schema])
def test_no_schema_allows_what_is_no_text(name: str) -> None:
    pattern = re.compile(FILTERS[name].parse.schema["pattern"])
    for character in "\x00\x7f\x85\u2028\u2029":
        assert not pattern.search(f"a{character}b")


def test_too_many_values_are_refused() -> None:
    with pytest.raises(BadQuery, match="At most 20"):
        query_from_params([("keyword", f"k{number}") for number in range(21)])


@pytest.mark.against("TC-30")
def test_nothing_beyond_the_ten_thousandth_result_is_asked_for() -> None:
    assert query_from_params([("page", "100"), ("per_page", "100")]).page == 100
    with pytest.raises(BadQuery, match=r"/catalog\.ttl"):
        query_from_params([("page", "101"), ("per_page", "100")])


@pytest.mark.parametrize(
    ("name", "written", "meant"),
    [
        ("format", "geojson", "GEOJSON"),
        ("licence", "cc_by_4_0", "CC_BY_4_0"),
        ("licence", "none", "NONE"),
        ("theme", "tran", "TRAN"),
        ("publisher", "Bruxelles-Mobilite", "bruxelles-mobilite"),
        ("language", "FR", "fr"),
        ("language", "NLD", "nl"),
        ("language", "fra", "fr"),
        ("licence", "cc-by", "CC_BY_4_0"),
        ("licence", "etalab", "ETALAB_2_0"),
        ("format", "excel", "XLSX"),
        ("format", "Shapefile", "SHP"),
        ("format", "of-our-own", "of-our-own"),
        ("frequency", "daily", "DAILY"),
        ("hvd", "C_B79E35EB", "c_b79e35eb"),
        ("hvd", "Yes", "yes"),
        ("type", "Dataset", "dataset"),
        ("updated", "12M", "12m"),
        ("quality", "GOOD", "good"),
        ("format_family", "Tables", "tables"),
        ("licence_family", "FREE", "free"),
        ("keyword", "ÉCOLES", "écoles"),
        ("similar", "8F14E45FCEEA1", "8f14e45fceea1"),
        ("column", "CODE_Postal", "code postal"),
        ("column", "Année", "annee"),
        ("period", "2030-01-01/..", "2030-01-01/"),
    ],
)
def test_a_value_is_known_in_any_case(name: str, written: str, meant: str) -> None:
    assert query_from_params([(name, written)]) == query_from_params([(name, meant)])
    assert query_from_params([(name, written)]).filters == {name: (meant,)}


def test_a_box_keeps_every_digit() -> None:
    written = "149.12835,-35.29,149.12845,-35.27"
    assert query_from_params([("bbox", written)]).filters == {"bbox": (written,)}
    assert query_from_params([("bbox", "4.0,50,5,51.50")]).filters == {"bbox": ("4,50,5,51.5",)}


def test_a_language_that_is_not_ours_is_refused() -> None:
    with pytest.raises(BadQuery, match="lang must be one of fr, nl, de, en"):
        check(Query(sort="title", language="es"))


@pytest.mark.against("TC-18")
def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(BadQuery, match="cannot be counted"):
        check(Query(facets=("bbox",)))
    with pytest.raises(BadQuery, match="nothing that can be searched by"):
        check(Query(facets=("_source",)))


def test_empty_values_are_no_values() -> None:
    assert query_from_params([("theme", ""), ("q", ""), ("page", ""), ("sort", "")]) == Query(partly="filling")


_VALUES = st.sampled_from([(name, one.example) for name, one in FILTERS.items()])


@given(
    text=st.text(max_size=100),
    filters=st.lists(_VALUES, max_size=5),
    sort=st.sampled_from(SORTS),
    page=st.integers(1, 100),
    per_page=st.sampled_from(PER_PAGE),
)
def test_an_address_written_back_asks_the_same(
    text: str, filters: list[tuple[str, str]], sort: str, page: int, per_page: int
) -> None:
    asked = query_from_params([("q", text), *filters, ("sort", sort), ("page", str(page)), ("per_page", str(per_page))])
    written = urlencode(params_from_query(asked))
    again = query_from_params(parse_qsl(written, keep_blank_values=True))
    assert again == asked
    assert urlencode(params_from_query(again)) == written


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_is_named_explained_and_has_an_example(name: str) -> None:
    one = FILTERS[name]
    assert one.name == name
    assert set(one.title) == set(OUR_LANGUAGES)
    assert all(one.title.values())
    assert one.help.endswith(".")
    assert one.parse(one.example) == one.example


@pytest.mark.parametrize("name", [name for name in FACETS if name != "publisher"])
def test_every_value_has_a_label_in_every_language(name: str) -> None:
    assert all(FACETS[name].label(FACETS[name].example, language) for language in OUR_LANGUAGES)
    assert FACETS[name].label("never-heard-of", "fr") == "never-heard-of"


def test_labels_are_words_in_the_readers_language() -> None:
    assert FACETS["theme"].label("TRAN", "nl") == "Vervoer"
    assert FACETS["hvd"].label("yes", "de") == "Alle"
    assert FACETS["language"].label("nl", "fr") == "néerlandais"
    assert FACETS["area"].label("21009", "nl") == "Elsene"
    assert FACETS["licence"].label("NONE", "fr") == "Aucune licence indiquée"
    assert FACETS["licence"].label("OTHER", "nl") == "Andere licentie"
    assert FACETS["hvd"].label("OTHER", "en") == "Category unknown"
