"""Used for a while: memory, open files and threads stay level, and nothing waits in the end."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from urllib.request import urlopen

from commands import SECONDS, datastore, started
from kills import Feed
from loopback import running, site
from sampling import SHARE

WHOLE, SHORT = 900, 6
"""Seconds of all of it, and of a sample."""
PATHS = ("/nl/", "/nl/search?q=jeu", "/catalog.nt?page=1", "/api/1/datasets/?limit=10", "/search.json?q=x", "/healthz")


def processes(pid: int) -> list[int]:
    """A process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [pid, *(below for child in children for below in processes(int(child)))]


def used(pid: int) -> tuple[float, int, int]:
    """Megabytes, open files and threads of a process and all below it."""
    memory = files = threads = 0
    for one in processes(pid):
        status = Path(f"/proc/{one}/status").read_text("ascii", "replace")
        values = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        memory += int(values.get("VmRSS", "0 kB").split()[0])
        threads += int(values["Threads"])
        files += len(list(Path(f"/proc/{one}/fd").iterdir()))
    return memory / 1024, files, threads


def rested(pid: int, port: str) -> tuple[float, int, int]:
    """What a portal uses when nothing is being done: whoever writes the files of a feed has them open."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as answer:
            if not json.load(answer)["due"]:
                return used(pid)
        time.sleep(0.1)
    raise AssertionError("The worker does not come to rest.")


def test_used_for_a_while_nothing_grows(tmp_path: Path, note: Callable[..., None]) -> None:
    feed, asked, seconds = Feed(), [], max(SHORT, WHOLE * min(SHARE, 1))
    datastore(tmp_path, "init")
    with running(site(feed.turtle)) as server:
        datastore(tmp_path, "source", "add", server.url("/feed.ttl"), "--kind", "dcat", "--title", "Agency")
        with started(tmp_path, "serve", "--port", "0", "--workers", "1") as portal:
            port = portal.wait_for(r"The portal: http://127\.0\.0\.1:(\d+)/")[1]
            portal.wait_for("Booting worker")

            def ask(number: int) -> None:
                began = time.monotonic()
                with urlopen(f"http://127.0.0.1:{port}{PATHS[number % len(PATHS)]}", timeout=60) as answer:
                    answer.read()
                asked.append(time.monotonic() - began)

            def use(until: float) -> None:
                number = 0
                while time.monotonic() < until or number < 2 * len(PATHS):
                    ask(number := number + 1)
                    if number % 200 == 0:
                        feed.round += 1
                        datastore(tmp_path, "harvest", "agency")

            datastore(tmp_path, "harvest", "agency")
            use(time.monotonic() + seconds / 3)  # warm
            before, half = rested(portal.popen.pid, port), len(asked)
            use(time.monotonic() + seconds * 2 / 3)
            after = rested(portal.popen.pid, port)
            assert portal.stop() == 0
    waiting = json.loads(datastore(tmp_path, "index", "status", "--json")[0])["waiting"]
    first, last = (quantiles(part, n=20)[-1] * 1000 for part in (asked[:half], asked[half:]))
    grown, per_hour = after[0] - before[0], (after[0] - before[0]) * 3600 / (seconds * 2 / 3)
    is_long = seconds >= WHOLE / 3
    note(
        "Q19",
        f"{seconds:.0f} of {WHOLE} s, {len(asked)} requests: memory {grown:+.1f} MB"
        f"{f' ({per_hour:+.0f} MB/h)' if is_long else ''}, files {after[1] - before[1]:+d}, threads "
        f"{after[2] - before[2]:+d}, 95 % within {first:.0f} → {last:.0f} ms, {waiting} waiting",
        holds=waiting == 0 and abs(after[1] - before[1]) <= 8 and abs(after[2] - before[2]) <= 8 and grown < 60,
    )
