"""Many things a few at a time."""

from itertools import count, islice

from catalogue.batches import batched, steady


def test_the_last_batch_is_what_is_left() -> None:
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batched((), 2)) == []


def test_a_stream_without_end_is_taken_as_it_is_needed() -> None:
    assert list(islice(batched(count(), 3), 2)) == [[0, 1, 2], [3, 4, 5]]


def test_with_one_item_more_or_less_most_lists_are_what_they_were() -> None:
    items = [f"entry-{number}" for number in range(1_000)]
    before = list(steady(items, 10, str))
    assert [item for batch in before for item in batch] == items
    assert max(map(len, before)) <= 20
    assert list(steady((), 10, str)) == []
    for others in (items[:500] + items[501:], [*items[:3], "another", *items[3:]]):
        fresh = [batch for batch in steady(others, 10, str) if batch not in before]
        assert 1 <= len(fresh) <= 3
