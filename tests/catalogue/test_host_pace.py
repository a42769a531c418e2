"""The pace of a host that several processes keep together, on either database."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalogue.service import Catalogue
from catalogue.sources.host_pace import HostPace
from catalogue.store import leases
from harvesters.base import HarvestError
from harvesters.errors import Stopped

HOST = "data.example.org"


@pytest.fixture
def paces(catalogue: Catalogue) -> Iterator[tuple[HostPace, HostPace]]:
    """Those of two processes."""
    two = HostPace(catalogue.settings.database), HostPace(catalogue.settings.database)
    yield two
    for one in two:
        one._database.close()


def test_a_host_that_another_process_asks_is_waited_for_and_then_given_up(paces: tuple[HostPace, HostPace]) -> None:
    one, other = paces
    with one.turn(HOST, 30), pytest.raises(HarvestError, match="busy with other runs") as caught, other.turn(HOST, 0.3):
        pass
    assert caught.value.code == "DEADLINE"
    with one.turn("another.example", 30), other.turn("third.example", 30):
        pass


def test_the_pause_is_kept_by_all(paces: tuple[HostPace, HostPace]) -> None:
    one, other = paces
    with one.turn(HOST, 30, 2.0):
        ended = time.monotonic()
    with other.turn(HOST, 60):
        assert time.monotonic() - ended > 1.9


@pytest.mark.parametrize("mine", [0, 1])
def test_who_is_told_to_stop_waits_for_no_host(paces: tuple[HostPace, HostPace], mine: int) -> None:
    """Whether another run of this process has the host, or another process."""
    stopped, began = threading.Event(), time.monotonic()
    with paces[0].turn(HOST, 30):
        threading.Timer(0.3, stopped.set).start()
        with pytest.raises(Stopped), paces[mine].turn(HOST, 30, stopped=stopped):
            pass
    assert time.monotonic() - began < 5


def test_who_is_told_to_stop_sits_out_no_pause(paces: tuple[HostPace, HostPace]) -> None:
    stopped, began = threading.Event(), time.monotonic()
    with paces[0].turn(HOST, 30, 30.0):
        pass
    threading.Timer(0.3, stopped.set).start()
    with pytest.raises(Stopped), paces[0].turn(HOST, 60, stopped=stopped):
        pass
    assert time.monotonic() - began < 5


def test_what_a_process_that_died_had_is_free(catalogue: Catalogue, paces: tuple[HostPace, HostPace]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leases, "worker", lambda: leases.socket.gethostname() + ":999999999")
        assert paces[0]._try(HOST, 60)[0]
    with paces[1].turn(HOST, 30):
        pass


def test_without_a_database_each_keeps_its_own_pace(tmp_path: Path) -> None:
    pace = HostPace(f"sqlite:///{tmp_path / 'none.sqlite'}")
    with pace.turn(HOST, 30):
        pass
    pace._database.close()


def test_hosts_that_nobody_asks_are_forgotten(catalogue: Catalogue, paces: tuple[HostPace, HostPace]) -> None:
    with paces[0].turn(HOST, 30):
        catalogue.tidying.all()
        with catalogue._database.read() as tx:
            assert leases.holders(tx, leases.HOST) == [leases.worker()]
