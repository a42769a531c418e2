"""Whatever comes in through a door is answered as somebody's fault, or well: never with a 5xx (`fuzzing`)."""

import socket
from collections.abc import Iterator

import pytest
from fuzzing import DOORS, Portal, nobody, not_stood
from sampling import SOAK

COUNT = 100_000 if SOAK else 150
"""Requests for each door."""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", nobody)
        made = Portal(tmp_path_factory.mktemp("fuzzed"))
        yield made
        made.catalogue.close()


@pytest.mark.parametrize("door", DOORS)
def test_no_request_makes_a_fault_of_ours(portal: Portal, door: str) -> None:
    bad = list(filter(None, (not_stood(door, number, portal) for number in range(COUNT))))
    assert not bad, f"{len(bad)} of {COUNT}:\n" + "\n".join(bad[:20])
