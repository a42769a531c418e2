"""Forty sources on one host: never two at once, never faster than agreed, and who asks for rest is left alone."""

import multiprocessing
import threading
import time
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from factory import open_catalogue
from loopback import LOOPBACK, Answer, Request, running, site
from sampling import share

from catalogue import clock
from catalogue.sources import manners
from catalogue.work.worker import Worker

PROCESSES = 2
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


def work(folder: str, threads: int, may_begin: Barrier) -> None:
    """A process that does what is due in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manners, "is_loopback", lambda _: False)  # a host on loopback is asked without pauses
        catalogue, _ = open_catalogue(Path(folder), fetch_allow=LOOPBACK)
        may_begin.wait(60)
        Worker(catalogue, threads=threads).once()
        catalogue.close()


@pytest.mark.against("F-04", "F-26")
def test_one_host_is_asked_by_one_and_slowly(tmp_path: Path, note: Callable[..., None]) -> None:
    host, number = Host(), share(9, 40)
    catalogue, _ = open_catalogue(tmp_path / "var", fetch_allow=LOOPBACK)
    context = multiprocessing.get_context("forkserver")
    may_begin = context.Barrier(PROCESSES)
    workers = [context.Process(target=work, args=(str(tmp_path / "var"), 3, may_begin)) for _ in range(PROCESSES)]
    with running(site(host.answer)) as server:
        names = [
            catalogue.sources.add(server.url(f"/feed/{n}"), "dcat", title=f"S{n}", schedule="0 3 * * *").name
            for n in range(1, number + 1)
        ]
        for name in names:
            catalogue.runs.request(name)
        began = clock.now()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(600)
    gaps = [later - sooner for sooner, later in zip(host.begun, host.begun[1:], strict=False)]
    rows = {name: catalogue.sources.named(name) for name in names}
    busy = [row for n, row in enumerate(rows.values(), 1) if n % 8 == 0]
    early = [row.name for row in busy if row.next_run is None or (row.next_run - began).total_seconds() < 7_000]
    runs = [catalogue.runs.of_source(name)[0] for name in names]
    catalogue.close()
    note(
        "Q20",
        f"{number} of 40 sources on one host, {PROCESSES} workers of three threads: at most {host.most} connection, "
        f"{min(gaps):.2f} s between requests at least, {len(busy) - len(early)} of {len(busy)} Retry-After obeyed",
        holds=host.most == 1 and sum(gaps) >= 0.99 * len(gaps) and not early and len(host.begun) == number,
        worse=min(gaps) < 0.99,  # one that was late on its way brings the next one nearer
        wrong=[*early, len(host.begun), [(run.state, run.error) for run in runs]],
    )
