"""What is promised of bad days, as figures: the list of promises, and what was measured of them and when.

A test in this folder measures one promise and hands the figure to `note`; `python -m tests.promises.page` prints the
page from the notes. `make test` measures a sample of each, `DATASTORE_SOAK=1` everything, `DATASTORE_SOAK=0.2` a fifth.
"""

import json
import os
import platform
import re
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTES = ROOT / "build" / "promises"


@dataclass(frozen=True)
class Promise:
    """One promise: what happens, and the figure that must come out."""

    number: str
    what: str
    target: str


PROMISES = (
    Promise("Q1", "Harvest, push, rebuild killed at any instant (SIGKILL)", "300 kills on each database: 0 violations"),
    Promise("Q2", "Each step that reaches outside the process fails once", "0 violations, 0 unforeseen exceptions"),
    Promise("Q3", "Public, mutated and hostile feeds", "0 dead processes, 0 requests, none > 5 s or 512 MB"),
    Promise("Q4", "Addresses that lead inside, at every door", "0 connections"),
    Promise("Q5", "Bombs", "peak memory ≤ baseline + 150 MB, stopped ≤ deadline + 2 s"),
    Promise("Q6", "Bad days of sources of every size", "0 wrongful removals"),
    Promise("Q7", "Poisoned records among good ones", "every good one published, every bad one named"),
    Promise("Q8", "The same feed again", "0 writes, ≤ 1 request when nothing changed"),
    Promise("Q9", "The index rebuilt under load", "the same documents, 0 errors, 0 empty pages"),
    Promise("Q10", "Restored on an empty machine", "the same catalogue, ≤ 1 h for 20,000 datasets"),
    Promise("Q11", "The index away", "pages and feeds 200, search ≤ 2 s and says so, well again ≤ 60 s"),
    Promise("Q12", "Every operation of the API with made-up requests, six roles", "0 failures of all checks, 0 × 5xx"),
    Promise("Q13", "Who may do what: every operation × seven identities", "0 deviations"),
    Promise("Q14", "Naughty strings in every field, on every page and feed", "0 foreign elements, 0 scripts run"),
    Promise("Q15", "Generated records written and read back in four formats", "the same triples, none injected"),
    Promise("Q16", "Headers of every route, errors too", "exactly the list, 0 violations in a browser"),
    Promise("Q17", "Hostile searches", "99 % < 500 ms, 0 × 5xx, no process ended"),
    Promise("Q18", "Two workers, one frozen and woken", "200 rounds: never two writers"),
    Promise("Q19", "Fifteen minutes of use", "memory, files and threads level, nothing waits"),
    Promise("Q20", "Forty sources on one host", "1 connection, 1 request a second, Retry-After obeyed"),
    Promise("Q21", "A person's data erased", "gone from 6 places, not back after 3 harvests"),
    Promise(
        "Q22", "What we are made of", "all hashes locked, a CycloneDX list with licences, audited or said not to be"
    ),
    Promise("Q23", "Privacy of readers", "0 cookies, 0 requests to others, 0 whole addresses in logs"),
    Promise("Q24", "Restarted under load", "0 × 5xx in 10,000 requests"),
    Promise("Q25", "Known faults and advisories with a test of their own", "76 of 76, or a line that says why not"),
)


@dataclass(frozen=True)
class Note:
    """What was measured of one promise, or of one part of it."""

    promise: str
    part: str
    figure: str
    held: bool
    command: str
    date: str
    seconds: int
    """Wall clock, whole seconds."""
    machine: str

    def keep(self) -> None:
        """Writes it where the page is made from."""
        NOTES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w]+", "-", f"{self.promise} {self.part}".strip()).lower()
        (NOTES / f"{name}.json").write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf-8")


def notes() -> list[Note]:
    """All that was measured in this checkout, the last of each part."""
    return [Note(**json.loads(path.read_text("utf-8"))) for path in sorted(NOTES.glob("*.json"))]


def machine() -> str:
    """What it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GiB, Python {platform.python_version()}"
