"""Forty sources on one host: never two at once, never faster than agreed, and who asks for rest is left alone."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from factory import open_catalogue
from loopback import LOOPBACK, Answer, Request, running, site
from sampling import share

from catalogue import clock
from catalogue.sources import manners
from catalogue.work.worker import Worker

ENTRY = (
    '<https://d.example/{n}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Jeu {n}"@fr .'
)


class Host:
    """Serves forty feeds and remembers how it was asked; every eighth is too busy."""

    def __init__(self) -> None:
        self.begun: list[float] = []
        self.busy = self.most = 0
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """A small feed, after a moment."""
        with self._lock:
            self.begun.append(time.monotonic())
            self.busy += 1
            self.most = max(self.most, self.busy)
        time.sleep(0.05)
        with self._lock:
            self.busy -= 1
        number = int(request.path.rpartition("/")[2])
        if number % 8 == 0:
            return Answer(b"", status=429, headers={"Retry-After": "7200"})
        return Answer(ENTRY.format(n=number).encode(), "text/turtle")


@pytest.mark.against("F-04", "F-26")
def test_one_host_is_asked_by_one_and_slowly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: Callable[..., None]
) -> None:
    monkeypatch.setattr(manners, "is_loopback", lambda _: False)  # a host on loopback is asked without pauses
    host, number = Host(), share(9, 40)
    catalogue, _ = open_catalogue(tmp_path / "var", fetch_allow=LOOPBACK)
    with running(site(host.answer)) as server:
        names = [
            catalogue.sources.add(server.url(f"/feed/{n}"), "dcat", title=f"S{n}", schedule="0 3 * * *").name
            for n in range(1, number + 1)
        ]
        for name in names:
            catalogue.runs.request(name)
        began = clock.now()
        Worker(catalogue, threads=4).once()
    gaps = [later - sooner for sooner, later in zip(host.begun, host.begun[1:], strict=False)]
    rows = {name: catalogue.sources.named(name) for name in names}
    busy = [row for n, row in enumerate(rows.values(), 1) if n % 8 == 0]
    early = [row.name for row in busy if row.next_run is None or (row.next_run - began).total_seconds() < 7_000]
    catalogue.close()
    note(
        "Q20",
        f"{number} of 40 sources on one host, four threads of one worker: at most {host.most} connection, "
        f"{min(gaps):.2f} s between requests at least, {len(busy) - len(early)} of {len(busy)} Retry-After obeyed",
        holds=host.most == 1 and min(gaps) >= 0.99 and not early and len(host.begun) == number,
        wrong=[*early, len(host.begun)],
    )
