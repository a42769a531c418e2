"""Bombs: what a check of a feed costs in memory and time when the feed is made to cost as much as possible."""

import gzip
import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import environment
from loopback import Answer, Request, evil, running, site, zeros
from sampling import sampled, share

MEGABYTES, SECONDS = 150, 122
"""Above the baseline; and the deadline of a page with two seconds."""
RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://e.example/">'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def packed(member: bytes, times: int = 1) -> bytes:
    """A zip whose members unpack to much more."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(times):
            archive.writestr(f"feed{number}.ttl", member)
    return made.getvalue()


def bombs() -> dict[str, tuple[bytes, str]]:
    """Name → body and media type."""
    turtle, xml, json = "text/turtle", "application/rdf+xml", "application/ld+json"
    return {
        "brackets": (b"<http://e/s> <http://e/p> " + b"[<http://e/p> " * 200_000, turtle),
        "parentheses": (b"<http://e/s> <http://e/p> " + b"(" * 1_000_000, turtle),
        "less-than signs": (b"<" * 20_000_000, turtle),
        "nodes": (b"<http://e/s> <http://e/p> " + b"[]," * 3_000_000 + b"1 .", turtle),
        "members of a list": (b"<http://e/s> <http://e/p> (" + b"1 " * 4_000_000 + b") .", turtle),
        "long number": (b"<http://e/s> <http://e/p> 1" + b"0" * 10_000_000 + b" .", turtle),
        "exponent": (b'<http://e/s> <http://e/p> "1e999999999"^^<http://www.w3.org/2001/XMLSchema#decimal> .', turtle),
        "long text": (b'<http://e/s> <http://e/p> "' + b"x" * 50_000_000 + b'" .', turtle),
        "prefixes": (b"".join(b"@prefix p%d: <http://e/%d/> .\n" % (n, n) for n in range(500_000)), turtle),
        "laughs": (f"<!DOCTYPE r [<!ENTITY a0 'lol'>{LAUGHS}]><r>&a9;</r>".encode(), xml),
        "elements": (RDF + b"<a:b/>" * 3_000_000 + b"</rdf:RDF>", xml),
        "depth of XML": (RDF + b"<a:b>" * 1_000_000, xml),
        "attributes": (RDF + b"<a:b " + b"".join(b'a%d="x" ' % n for n in range(300_000)) + b"/></rdf:RDF>", xml),
        "depth of JSON": (b"[" * 5_000_000, json),
        "objects of JSON": (b'{"@context":{"a":"http://e/a"},"a":[' + b"{}," * 3_000_000 + b"{}]}", json),
        "gzip": (gzip.compress(b"# " * 150_000_000), "application/gzip"),
        "gzip in gzip": (gzip.compress(gzip.compress(b"x" * 300_000_000)), "application/gzip"),
        "zip": (packed(b"# " * 100_000_000), "application/zip"),
        "zip of many": (packed(b"x", 50_000), "application/zip"),
        "transfer": (zeros(400), "transfer"),
    }


LAUNCHER = """import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, code)
"""
"""Between the test and the command: a process counts the memory of whoever started it as its own."""


def cost(folder: Path, url: str) -> tuple[float, float, int]:
    """Peak memory in MB of the command or one of its children, seconds, and its exit code."""
    began = time.monotonic()
    command = [sys.executable, "-c", LAUNCHER, sys.executable, "-m", "catalogue", "check", url]
    done = subprocess.run(command, cwd=folder, env=environment(folder), check=True, capture_output=True, text=True)
    memory, code = map(int, done.stdout.split())
    return memory / 1024, time.monotonic() - began, code


@pytest.mark.against("TC-22", "TC-23", "F-24")
def test_a_bomb_costs_little(tmp_path: Path, note: Callable[..., None]) -> None:
    all = bombs()
    names = sampled(list(all), share(3, len(all)))
    fine = b'<http://e/s> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Jeu"@fr .'

    def answer(request: Request) -> Answer:
        body, media_type = {**{str(n): all[name] for n, name in enumerate(names)}, "fine": (fine, "text/turtle")}[
            request.path.strip("/")
        ]
        if media_type == "transfer":
            return Answer(body, "text/turtle", headers={"Content-Encoding": "gzip"})
        return Answer(body, media_type)

    with running(site(answer)) as server, running(evil()) as endless:
        usual, _, _ = cost(tmp_path, server.url("/fine"))
        costs = {name: cost(tmp_path, server.url(f"/{n}")) for n, name in enumerate(names)}
        costs["endless"] = cost(tmp_path, endless.url("/endless"))
    dear = {name: found for name, found in costs.items() if found[0] > usual + MEGABYTES}
    late = {name: found for name, found in costs.items() if found[1] > SECONDS}
    died = {name: found for name, found in costs.items() if found[2] < 0 or found[2] > 2}
    most, name = max((memory - usual, name) for name, (memory, _, _) in costs.items())
    slowest = max(seconds for _, seconds, _ in costs.values())
    note(
        "Q5",
        f"{len(costs)} of 21 bombs: at most {most:.0f} MB above a small feed ({name}), "
        f"{len(dear)} above {MEGABYTES} MB; the slowest in {slowest:.0f} s, {len(died)} ended by a signal",
        holds=not dear and not died,
        worse=bool(late),
        wrong={"dear": dear, "late": late, "died": died},
    )
