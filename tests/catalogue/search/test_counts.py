"""Whatever is asked: a count is what choosing the value finds, and what counting by hand finds."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from searchables import TODAY, documents

from catalogue.search.base import Document, Query, SearchIndex
from catalogue.search.facets import FACETS, FILTERS
from catalogue.search.ranges import DAYS
from dcat import vocab

CORPUS = documents()
WORDS = ("", "vélo", "fietsen Ixelles", "budget", "qualité de l’air", "arbres Uccle 2019", "données", "zzz", "biblio")
ONCE = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
Values = tuple[str, ...]


def carried(name: str) -> list[str]:
    """The values of a facet that documents carry, and the options of one that has options."""
    facet = FACETS[name]
    read = facet.values or (lambda _document: facet.options)
    return sorted({value for one in CORPUS for value in read(one)})


CHOICES: dict[str, list[str]] = {name: carried(name) for name in FACETS} | {
    "bbox": ["4.26,50.82,4.3,50.83", "4.3,50.8,4.36,50.85", "10,10,11,11"],
    "period": ["2019", "2015-06/2016-01", "2023/", "/2013"],
    "covering": ["21009", "21001", "04000", "02000"],
}
PAIRS = [(name, value) for name, values in CHOICES.items() for value in values]


def grouped(pairs: list[tuple[str, str]]) -> dict[str, Values]:
    """Name → chosen values."""
    return {name: tuple(sorted({value for other, value in pairs if other == name})) for name, _ in pairs}


several = st.lists(st.sampled_from(PAIRS), max_size=4).map(grouped)


# --- by hand ---------------------------------------------------------------------------------------------------------


def overlaps(one: Document, box: Sequence[float]) -> bool:
    """True when the document's box overlaps it."""
    if not one.bbox:
        return False
    (west, south, east, north), own = box, one.bbox
    return own[0] <= east and own[2] >= west and own[1] <= north and own[3] >= south


def is_in_box(one: Document, value: str) -> bool:
    """As `bbox` is documented."""
    return overlaps(one, [float(part) for part in value.split(",")])


def is_in_period(one: Document, value: str) -> bool:
    """As `period` is documented, for the whole years of the corpus."""
    start, _, end = value.partition("/") if "/" in value else (value, "", value)
    begins, ends = one.start[:4], (one.end or "9999")[:4]
    return bool(begins) and (not end or begins <= end[:4]) and (not start or ends >= start[:4])


def covers(one: Document, value: str) -> bool:
    """As `covering` is documented."""
    around = {value, "01000"} | ({"04000"} if value.startswith("210") else set())
    box = vocab.PLACES.by_code[value].extra.get("bbox")
    return bool(around & set(one.area)) or bool(box and overlaps(one, [float(part) for part in box.split()]))


def is_fresh(one: Document, value: str) -> bool:
    """As `updated` is documented."""
    return bool(one.modified) and date.fromisoformat(one.modified) >= TODAY - timedelta(days=DAYS[value])


BY_HAND: dict[str, Callable[[Document, str], bool]] = {
    "bbox": is_in_box,
    "period": is_in_period,
    "covering": covers,
    "updated": is_fresh,
}


def holds(one: Document, name: str, value: str) -> bool:
    """True when the filter keeps the document."""
    read = FACETS[name].values if name in FACETS else None
    return value in read(one) if read else BY_HAND[name](one, value)


def kept(chosen: dict[str, Values], name: str = "", value: str = "") -> Iterator[Document]:
    """The documents that pass the filters, those of `name` replaced by `value`."""
    wanted = {**chosen, **({name: (value,)} if name else {})}
    for one in CORPUS:
        if all(any(holds(one, filter, each) for each in values) for filter, values in wanted.items()):
            yield one


# --- the properties --------------------------------------------------------------------------------------------------


@ONCE
@given(text=st.sampled_from(WORDS), chosen=several, name=st.sampled_from(sorted(FACETS)), which=st.integers(0, 99))
def test_a_count_is_what_choosing_the_value_finds(
    filled: SearchIndex, text: str, chosen: dict[str, Values], name: str, which: int
) -> None:
    counted = filled.search(Query(text=text, filters=chosen, facets=tuple(FACETS))).facets[name]
    for one in [counted[which % len(counted)], *(one for one in counted if one.selected)] if counted else ():
        clicked = filled.search(Query(text=text, filters={**chosen, name: (one.value,)}))
        assert clicked.count == one.count, (name, one)


@ONCE
@given(text=st.sampled_from(WORDS), chosen=several, name=st.sampled_from(sorted(FACETS)), which=st.integers(0, 99))
def test_where_near_duplicates_are_folded_a_count_is_what_choosing_the_value_shows(
    filled: SearchIndex, text: str, chosen: dict[str, Values], name: str, which: int
) -> None:
    asked = Query(text=text, filters=chosen, facets=tuple(FACETS), collapse=True)
    counted = filled.search(asked).facets[name]
    for one in [counted[which % len(counted)], *(one for one in counted if one.selected)] if counted else ():
        clicked = filled.search(Query(text=text, filters={**chosen, name: (one.value,)}, collapse=True))
        assert (clicked.count, clicked.groups) == (one.count, one.count - one.folded), (name, one)


@ONCE
@given(chosen=several)
def test_filters_and_counts_are_those_found_by_hand(filled: SearchIndex, chosen: dict[str, Values]) -> None:
    results = filled.search(Query(filters=chosen, facets=tuple(FACETS), per_page=100))
    expected = [one.id for one in kept(chosen)]
    assert results.count == len(expected)
    assert {hit.document.id for hit in results.hits} <= set(expected)
    for name, counted in results.facets.items():
        for one in counted[:5]:
            assert one.count == sum(1 for _ in kept(chosen, name, one.value)), (name, one)


@ONCE
@given(text=st.sampled_from(WORDS), chosen=several)
def test_words_and_filters_narrow_each_other(filled: SearchIndex, text: str, chosen: dict[str, Values]) -> None:
    pages = (filled.search(Query(text=text, page=page, per_page=100)) for page in (1, 2, 3))
    free = {hit.document.id for page in pages for hit in page.hits}
    both = filled.search(Query(text=text, filters=chosen, per_page=100))
    expected = free & {one.id for one in kept(chosen)}
    assert both.count == len(expected)
    assert {hit.document.id for hit in both.hits} <= expected
    assert both.count_all_words <= both.count


def test_every_filter_takes_part() -> None:
    assert set(CHOICES) | {"similar", "modified_since", "column"} == set(FILTERS)
