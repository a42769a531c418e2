"""Two nodes behind a proxy, restarted one after the other under load: no reader notices."""

import http.client
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from commands import datastore, started
from sampling import share

PATHS = ("/nl/", "/nl/search?q=fiets", "/catalog.nt", "/healthz", "/api/1/datasets/")


def free_port() -> int:
    """A port that nobody has."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def node(folder: Path, port: int) -> Iterator[None]:
    """A portal that answers; at the end it is told to stop, as systemd does, and is waited for."""
    with started(folder, "serve", "--port", str(port), "--workers", "1", "--no-worker") as portal:
        portal.wait_for(re.escape(f"http://127.0.0.1:{port}/"))
        portal.wait_for("Booting worker")
        while ask(port, "/healthz") != 200:
            time.sleep(0.1)
        yield
        assert portal.stop() == 0


def ask(port: int, path: str) -> int:
    """The status of an answer that came whole; 0 when nobody answers or it breaks off."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept": "text/html, */*", "Connection": "close"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
    return answer.status


class Load:
    """Readers who ask all the time, by a proxy that turns to the other node when one does not answer."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.asked, self.turned = ports, 0, 0
        self.wrong: list[tuple[str, int]] = []
        self.ends = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(number,)) for number in range(2)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, number: int) -> None:
        """Until so many more were answered."""
        end = self.asked + number
        while self.asked < end:
            time.sleep(0.05)

    def _read(self, turn: int) -> None:
        while not self.ends.is_set():
            turn += 1
            first, other = self.ports if turn % 2 else reversed(self.ports)
            path = PATHS[turn % len(PATHS)]
            status = ask(first, path)
            if status == 0:
                self.turned += 1
                status = ask(other, path)
            self.asked += 1
            if status != 200:
                self.wrong.append((path, status))


@pytest.mark.against("F-45")
def test_a_rolling_restart_is_not_noticed(tmp_path: Path, note: Callable[..., None]) -> None:
    datastore(tmp_path, "init")
    ports, number, restarts = [free_port(), free_port()], share(60, 10_000), share(1, 20)
    with node(tmp_path, ports[0]), Load(ports) as load:
        load.wrong.clear()
        for _ in range(restarts):  # one node comes and goes, then the next: at least one always answers
            with node(tmp_path, ports[1]):
                load.wait_for(max(1, number // restarts))
        wrong = list(load.wrong)
    note(
        "Q24",
        f"{load.asked} of 10,000 requests while a node of two came and went {restarts} times ({load.turned} turned to "
        f"the other one): {len(wrong)} not answered with 200",
        holds=not wrong and load.asked >= number,
        wrong=wrong[:5],
    )
