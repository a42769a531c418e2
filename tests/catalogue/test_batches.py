"""Many things a few at a time."""

from itertools import count, islice

from catalogue.batches import batched


def test_the_last_batch_is_what_is_left() -> None:
    assert list(batched(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batched((), 2)) == []


def test_a_stream_without_end_is_taken_as_it_is_needed() -> None:
    assert list(islice(batched(count(), 3), 2)) == [[0, 1, 2], [3, 4, 5]]
