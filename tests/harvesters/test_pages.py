"""Page loops of every kind, over sources that page as well and as badly as they do."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from harvesters import pages
from harvesters.base import Crawl, HarvestError
from harvesters.pages import Page, Pages, page_number

Asked = list[tuple[int, int]]


def identify(item: Any) -> str:
    return item if isinstance(item, str) else ""


def items(count: int) -> list[str]:
    return [f"r{number}" for number in range(count)]


def source(
    known: Sequence[Any], *, cap: int = 1000, total: int | None = -1, bad: Sequence[int] = (), code: str = "HTTP_STATUS"
) -> tuple[Callable[[int, int], Page], Asked]:
    """A source that pages by position, gives at most `cap` at once and fails for pages that hold a bad record."""
    asked: Asked = []

    def ask(at: int, size: int) -> Page:
        asked.append((at, size))
        span = range(at, min(at + min(size, cap), len(known)))
        if set(span) & set(bad):
            raise HarvestError(code, f"Page at {at} cannot be had.", "https://s.example/", status=500)
        return Page([known[number] for number in span], len(known) if total == -1 else total)

    return ask, asked


def positions(ask: Callable[[int, int], Page], size: int = 10, **how: Any) -> tuple[list[str], Crawl]:
    crawl = Crawl()
    found = [name for name, _ in Pages(crawl, "https://s.example/", identify).by_position(ask, size, **how)]
    return found, crawl


def test_positions_go_on_by_what_was_returned() -> None:
    ask, asked = source(items(25), cap=7)
    found, crawl = positions(ask)
    assert found == items(25)
    assert [at for at, _ in asked] == [0, 7, 14, 21]
    assert (crawl.declared_total, crawl.pages, crawl.incomplete, crawl.findings) == (25, 4, [], [])


def test_positions_may_begin_at_one() -> None:
    asked: list[int] = []

    def ask(at: int, size: int) -> Page:
        asked.append(at)
        return Page(items(25)[at - 1 : at - 1 + size], 25)

    assert positions(ask, first=1)[0] == items(25)
    assert asked == [1, 11, 21]


@pytest.mark.against("F-12")
@pytest.mark.parametrize("total", [None, 0, 3])
def test_a_source_without_a_believable_total_is_read_until_nothing_comes(total: int | None) -> None:
    """F-12: a total of nothing, with records."""
    found, crawl = positions(source(items(25), total=total)[0])
    assert found == items(25)
    assert (crawl.declared_total, crawl.incomplete) == (None, [])


def test_an_empty_page_in_the_middle_is_leapt_over_and_leaves_the_crawl_unproven() -> None:
    def ask(at: int, size: int) -> Page:
        return Page([] if at == 10 else items(30)[at : at + size], 30)

    found, crawl = positions(ask)
    assert found == [*items(30)[:10], *items(30)[20:]]
    assert crawl.declared_total == 30  # and 20 came, which the conductor compares


@pytest.mark.against("F-12")
@pytest.mark.parametrize(("cap", "total"), [(1000, 10), (10, 10), (10, 20), (15, 15)])
def test_a_total_that_is_what_one_page_holds_is_not_believed(cap: int, total: int) -> None:
    """F-12: a number of what came, or of what a search engine finds at most, in the place of the total."""
    found, crawl = positions(source(items(45), cap=cap, total=total)[0], size=max(10, cap) if cap < 1000 else 10)
    assert found == items(45)
    assert (crawl.declared_total, crawl.incomplete, crawl.findings) == (None, [], [])


def test_a_total_is_believed_after_a_page_that_had_room_for_more() -> None:
    for count, requests in ((23, 3), (7, 1), (25, 3)):
        ask, asked = source(items(count))
        assert positions(ask)[0] == items(count)
        assert len(asked) == requests
    ask, asked = source(items(20))
    _, crawl = positions(ask)
    assert (len(asked), crawl.declared_total, crawl.pages, crawl.incomplete) == (3, 20, 2, [])


def test_a_source_that_gives_its_only_page_again_has_no_more() -> None:
    _, crawl = positions(lambda *_: Page(items(10), 10))
    assert (crawl.declared_total, crawl.incomplete, crawl.findings) == (10, [], [])


@pytest.mark.parametrize(("count", "is_proven"), [(10_000, False), (40, True)])
def test_a_refusal_after_what_search_engines_find_at_most_leaves_the_crawl_unproven(
    count: int, is_proven: bool
) -> None:
    """https://github.com/geonetwork/core-geonetwork/issues/5950: a total of 10,000, and no page after it."""

    def ask(at: int, size: int) -> Page:
        if at >= count:
            raise HarvestError("HTTP_STATUS", "Result window is too large.", "https://s.example/", status=500)
        return Page(items(count)[at : at + size], count)

    found, crawl = positions(ask, size=count // 4)
    assert len(found) == count
    assert ["Result window is too large" in reason for reason in crawl.incomplete] == [True] * (not is_proven)


@pytest.mark.parametrize("status", [400, 404, 416])
def test_a_refusal_after_a_short_page_is_an_end_where_no_total_is_said(status: int) -> None:
    def ask(at: int, size: int, count: int = 25) -> Page:
        if at >= count:
            raise HarvestError("HTTP_STATUS", "No such page.", "https://s.example/", status=status)
        return Page(items(count)[at : at + size])

    found, crawl = positions(ask)
    assert (found, crawl.incomplete) == (items(25), [])
    found, crawl = positions(lambda at, size: ask(at, size, 20))  # as many as fit: an end, or a page that is refused
    assert (found, ["No such page" in reason for reason in crawl.incomplete]) == (items(20), [True])


def test_a_source_whose_total_is_no_total_fails_no_run_at_its_end() -> None:
    def ask(at: int, size: int) -> Page:
        if at >= 40:
            raise HarvestError("HTTP_STATUS", "No such page.", "https://s.example/", status=404)
        return Page(items(40)[at : at + size], 10)

    found, crawl = positions(ask)
    assert (found, crawl.declared_total, len(crawl.incomplete)) == (items(40), None, 1)


def test_a_source_that_gives_its_only_page_again_is_asked_once_more_though_something_on_it_is_nothing() -> None:
    asked: list[int] = []

    def ask(at: int, size: int) -> Page:
        asked.append(at)
        assert len(asked) < 5
        return Page([*items(9), None], 10)

    found, crawl = positions(ask)
    assert (found, asked, len(crawl.incomplete)) == (items(9), [0, 10], 1)


def test_a_source_that_ends_early_is_incomplete() -> None:
    ask, asked = source(items(25), total=60)
    found, crawl = positions(ask)
    assert found == items(25)
    assert "no more records; it says that it has 60" in crawl.incomplete[0]
    assert len(asked) == 5


@pytest.mark.against("F-11")
def test_a_source_that_ignores_the_position_does_not_hold_us() -> None:
    """F-11: at most one page again."""
    asked = []

    def ask(at: int, size: int) -> Page:
        asked.append(at)
        return Page(items(10), 100)

    found, crawl = positions(ask)
    assert found == items(10)
    assert len(asked) == 2
    assert "the same records again" in crawl.incomplete[0]


def test_what_cannot_be_read_this_deep_is_told() -> None:
    ask, asked = source(items(100))
    found, crawl = positions(ask, size=30, deepest=50)
    assert found == items(50)
    assert asked == [(0, 30), (30, 20)]
    assert crawl.incomplete == [
        "Only the first 50 records were read, as many as can be read this way; it says that it has 100."
    ]


@pytest.mark.against("F-23")
@pytest.mark.parametrize("bad", [[0], [1], [57], [99], [3, 4, 60], list(range(40, 46))], ids=str)
@pytest.mark.parametrize("cap", [1000, 7])
def test_a_bad_record_costs_itself_and_the_proof_not_its_page(bad: list[int], cap: int) -> None:
    """F-23."""
    ask, asked = source(items(100), bad=bad, cap=cap)
    found, crawl = positions(ask, size=50)
    assert found == [name for number, name in enumerate(items(100)) if number not in bad]
    assert [found.rule for found in crawl.findings] == ["record-unreadable"] * len(bad)
    assert [text.split(":")[1] for text in crawl.incomplete] == [f" number {number + 1}" for number in bad]
    assert len(asked) < 100


def test_a_source_that_breaks_down_stops_the_run_with_its_first_fault() -> None:
    ask, asked = source(items(100), bad=range(10, 100))
    with pytest.raises(HarvestError, match="Page at 10 "):
        positions(ask)
    assert len(asked) == 1 + pages.LOST_IN_A_ROW


@pytest.mark.against("F-03")
def test_a_source_that_is_down_is_not_stormed() -> None:
    """F-03: two single records are tried, no more."""
    ask, asked = source(items(100), bad=range(100))
    with pytest.raises(HarvestError, match="Page at 0 "):
        positions(ask)
    assert asked == [(0, 10), (0, 1), (1, 1)]


@pytest.mark.parametrize("code", ["NOT_AUTHORISED", "RETRY_LATER", "ADDRESS_NOT_ALLOWED", "DEADLINE"])
def test_a_fault_that_no_record_causes_stops_the_run_at_once(code: str) -> None:
    ask, asked = source(items(100), bad=[15], code=code)
    with pytest.raises(HarvestError):
        positions(ask)
    assert len(asked) == 2


@pytest.mark.against("F-14")
def test_of_records_with_one_identifier_the_first_counts() -> None:
    """F-14; twice on one page is a mistake of the source's, on two pages another record was missed for it."""
    found, crawl = positions(source(["a", "b", "a", "c", "b"])[0], size=3)
    assert found == ["a", "b", "c"]
    assert [remark.rule for remark in crawl.findings] == ["duplicate-identifier"] * 2
    assert crawl.declared_total == 4


def test_what_nothing_tells_apart_costs_itself_and_the_proof() -> None:
    found, crawl = positions(source(["a", None, {"x": 1}, "b"])[0], size=2)
    assert found == ["a", "b"]
    assert [remark.value for remark in crawl.findings] == ["None", "{'x': 1}"]
    assert "could not be told apart" in crawl.incomplete[0]


# --- chains of pages --------------------------------------------------------------------------------------------------


def chain(pages: dict[str, Page], start: str) -> tuple[list[str], Crawl, list[str]]:
    crawl, asked = Crawl(), []

    def ask(here: str) -> Page:
        asked.append(here)
        return pages[here]

    loop = Pages(crawl, "https://s.example/", identify)
    walk = loop.by_link if start.startswith("http") else loop.by_cursor
    return [name for name, _ in walk(ask, start)], crawl, asked


def test_tokens_lead_from_page_to_page_to_the_end() -> None:
    given = {"": Page(["a"], 3, "t1"), "t1": Page([], 3, "t2"), "t2": Page(["b", "c"], 3)}
    found, crawl, asked = chain(given, "")
    assert (found, asked) == (["a", "b", "c"], ["", "t1", "t2"])
    assert (crawl.declared_total, crawl.incomplete) == (3, [])


def test_links_may_be_relative_and_stay_on_the_server() -> None:
    base = "https://s.example/items"
    given = {
        base: Page(["a"], None, "?page=2"),
        f"{base}?page=2": Page(["b"], None, "http://inside:8080/items?page=3"),
        f"{base}?page=3": Page(["c"]),
    }
    found, crawl, _ = chain(given, base)
    assert found == ["a", "b", "c"]
    assert [(remark.rule, remark.value) for remark in crawl.findings] == [
        ("paging-rewritten", "http://inside:8080/items?page=3")
    ]
    assert crawl.incomplete == []


@pytest.mark.parametrize("link", ["javascript:next()", "http://[broken"])
def test_a_link_that_is_no_address_ends_the_crawl_unproven(link: str) -> None:
    found, crawl, _ = chain({"https://s.example/": Page(["a"], None, link)}, "https://s.example/")
    assert found == ["a"]
    assert "no web address" in crawl.incomplete[0]


@pytest.mark.against("F-11")
@pytest.mark.parametrize(
    "given",
    [
        {"": Page(["a"], None, "t"), "t": Page(["b"], None, "")} | {"t": Page(["b"], None, "t")},
        {"": Page(["a"], None, "t"), "t": Page(["b"], None, "u"), "u": Page(["c"], None, "t")},
        {"": Page(["a"], None, "t"), "t": Page(["a"], None, "u"), "u": Page(["z"])},
    ],
    ids=["to itself", "back", "the same under another token"],
)
def test_paging_that_goes_round_is_left(given: dict[str, Page]) -> None:
    """F-11."""
    found, crawl, asked = chain(given, "")
    assert len(found) == len(set(found))
    assert "goes round in circles" in crawl.incomplete[0]
    assert len(asked) <= len(given)


def test_paging_that_brings_nothing_new_is_left() -> None:
    given = {"": Page(["a"], None, "1")} | {str(number): Page([], None, str(number + 1)) for number in range(1, 99)}
    _, crawl, asked = chain(given, "")
    assert "goes on without end" in crawl.incomplete[0]
    assert len(asked) == 1 + pages.PATIENCE


def test_no_run_reads_more_pages_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_PAGES", 5)
    given = {"": Page(["a"], None, "1")} | {str(n): Page([f"r{n}"], None, str(n + 1)) for n in range(1, 99)}
    assert chain(given, "")[1].incomplete == ["Only 5 pages were read, up to 4."]
    found, crawl = positions(source(items(100))[0], size=10)
    assert len(found) == 50
    assert "Only the first 50" in crawl.incomplete[0]


# --- answers that contradict themselves ------------------------------------------------------------------------------


@pytest.mark.against("F-10")
def test_a_total_that_shrinks_from_page_to_page_proves_nothing() -> None:
    def ask(at: int, size: int) -> Page:
        known = items(30) if at < 10 else items(27)
        return Page(known[at : at + size], len(known))

    found, crawl = positions(ask)
    assert (len(found), crawl.declared_total) == (27, 30)


@pytest.mark.parametrize(("last", "total"), [([], 9), (items(3), 9), (items(3), None)], ids=str)
def test_a_last_page_without_anything_new_proves_nothing(last: list[str], total: int | None) -> None:
    def ask(link: str) -> Page:
        return Page(items(3), total, "https://s.example/2") if link.endswith("/1") else Page(last, total)

    crawl = Crawl()
    found = list(Pages(crawl, "https://s.example/", identify).by_link(ask, "https://s.example/1"))
    assert len(found) == 3
    assert "brought no record" in crawl.incomplete[0]


def test_an_empty_last_page_is_an_end_when_the_total_has_come() -> None:
    def ask(link: str) -> Page:
        return Page(items(3), 3, "https://s.example/2") if link.endswith("/1") else Page([], 3)

    crawl = Crawl()
    assert len(list(Pages(crawl, "https://s.example/", identify).by_link(ask, "https://s.example/1"))) == 3
    assert crawl.incomplete == []


@pytest.mark.parametrize(("before", "is_proven"), [(3, True), (2, False)], ids=["a full page", "a smaller page"])
def test_an_empty_last_page_is_an_end_after_a_full_one(before: int, is_proven: bool) -> None:
    """A list of as many records as fit on its pages: its server cannot know yet that nothing follows."""
    given = {"": Page(items(3), None, "t"), "t": Page(items(6)[3 : 3 + before], None, "u"), "u": Page([])}
    found, crawl, _ = chain(given, "")
    assert len(found) == 3 + before
    assert (not crawl.incomplete) is is_proven


def test_a_total_that_is_too_low_does_not_count_where_pages_name_the_next() -> None:
    given = {"": Page(["a", "b"], 2, "t"), "t": Page(["c"], 1, "u"), "u": Page([], 2)}
    found, crawl, _ = chain(given, "")
    assert (found, crawl.declared_total, crawl.incomplete) == (["a", "b", "c"], None, [])


@pytest.mark.parametrize(
    ("start", "count", "page"), [(0, 100, (1, 100)), (100, 100, (2, 100)), (50, 100, (2, 50)), (101, 50, (102, 1))]
)
def test_sources_that_count_pages_are_asked_for_the_page_that_begins_there(
    start: int, count: int, page: tuple[int, int]
) -> None:
    number, size = page_number(start, count)
    assert (number, size) == page
    assert (number - 1) * size == start
