"""Whoever takes an answer slowly, or not at all, is not waited for without end, nor by every thread."""

import io
import socket
import threading
from collections.abc import Iterator

import pytest
from patience import ENOUGH

from catalogue.work import taken

BODY = bytes(range(256)) * 20_000
"""More than the system keeps for a connection."""


Ends = tuple[taken.Taken, socket.socket]
"""Ours and the client's."""


@pytest.fixture
def ends() -> Iterator[Ends]:
    one, theirs = socket.socketpair()
    with taken.Taken(one.detach()) as ours, theirs:
        yield ours, theirs


@pytest.fixture
def slot(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """There is one for slow clients."""
    only = threading.BoundedSemaphore(1)
    monkeypatch.setattr(taken, "_slow", only)
    return only


def read(client: socket.socket, size: int) -> bytes:
    """So many bytes, or all until the end."""
    client.settimeout(ENOUGH)
    found = b""
    while len(found) < size and (more := client.recv(1 << 20)):
        found += more
    return found


def test_what_is_sent_arrives_whole(ends: Ends, slot: threading.Semaphore) -> None:
    ours, theirs = ends
    sending = threading.Thread(target=lambda: (ours.sendall(BODY), ours.sendfile(io.BytesIO(BODY), 5, len(BODY) - 9)))
    sending.start()
    assert read(theirs, 2 * len(BODY) - 9) == BODY + BODY[5:-4]
    sending.join()
    assert ours.taken == 2 * len(BODY) - 9
    assert slot.acquire(blocking=False)


@pytest.mark.parametrize("is_file", [True, False])
def test_an_answer_that_nobody_takes_is_given_up(
    ends: Ends, slot: threading.Semaphore, is_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taken, "SILENCE", 0.01)
    monkeypatch.setattr(taken, "PATIENCE", 0.0)
    with pytest.raises(BrokenPipeError, match="not taken in time"):
        _ = ends[0].sendfile(io.BytesIO(BODY)) if is_file else ends[0].sendall(BODY)
    assert slot.acquire(blocking=False)


def test_an_answer_that_is_taken_byte_by_byte_is_given_up(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taken, "PATIENCE", 0.0)
    ours, _ = ends
    ours.waited = taken.SECONDS + len(BODY) / taken.RATE
    with pytest.raises(BrokenPipeError, match="not taken in time"):
        ours.sendall(BODY)


def test_few_slow_ones_are_waited_for_at_once(
    ends: Ends, slot: threading.Semaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taken, "PATIENCE", 0.0)
    with slot, pytest.raises(BrokenPipeError, match="Too many clients"):
        ends[0].sendall(BODY)


def test_a_brisk_one_needs_no_place_among_the_slow(
    ends: Ends, slot: threading.Semaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taken, "PATIENCE", float(ENOUGH))
    ours, theirs = ends
    with slot:
        sending = threading.Thread(target=ours.sendall, args=(BODY,))
        sending.start()
        assert read(theirs, len(BODY)) == BODY
        sending.join()
