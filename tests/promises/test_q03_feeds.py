"""Feeds that were damaged in every way: read or refused in words, never anything else, and never with a request."""

import random
import socket
import time
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from patience import ENOUGH
from sampling import share
from strategies import entries

from dcat import rdf
from dcat.model import Entry
from dcat.read import read
from dcat.write import write

FORMATS = ("ttl", "rdf", "jsonld", "nt")
PIECES = (
    b"<",
    b">",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b"&",
    b"\x00",
    b"\xff\xfe",
    b"@",
    b"\\u",
    b"<!DOCTYPE",
    b"_:",
    b".",
)
CODECS = ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "utf-32", "utf-7")


def damaged(document: bytes, chance: random.Random) -> bytes:
    """The document with some harm done to it."""
    place = chance.randrange(len(document) + 1)
    harm = chance.randrange(7)
    if harm == 0:
        return document[:place]
    if harm == 1:
        return document[place:]
    if harm == 2:
        return document.decode("utf-8", "replace").encode(chance.choice(CODECS), "replace")
    if harm == 3:
        return document[:place] + chance.choice(PIECES) * chance.choice((1, 5, 5_000)) + document[place:]
    if harm == 4:
        return document[:place] + document[:place]
    flipped = bytearray(document)
    for _ in range(chance.randrange(1, 12)):
        if flipped:
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    return bytes(flipped)


def seeds(number: int) -> list[tuple[bytes, str]]:
    """Whole documents in each format, of made-up entries."""
    made: list[tuple[bytes, str]] = []

    @settings(
        max_examples=number, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(entry=entries)
    def make(entry: Entry) -> None:
        made.extend((rdf.serialise(write(entry), format), format) for format in FORMATS)

    make()
    return made


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Whoever was called on the network."""
    called: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: called.append(address))
    return called


@pytest.mark.against("F-09", "F-13", "TC-22")
def test_damaged_feeds_are_read_or_refused(connections: list[object], note: Callable[..., None]) -> None:
    number, chance, outcomes = share(200, 10_000), random.Random(3), Counter[str]()
    documents, slowest = seeds(share(10, 100)), 0.0
    for turn in range(number):
        document, format = documents[turn % len(documents)]
        body = damaged(document, chance)
        began = time.process_time()
        try:
            read(rdf.parse(body, format if turn % 2 else "", "https://feed.example.org/"))
            outcomes["read"] += 1
        except rdf.ParseError as error:
            outcomes["refused" if str(error) else "refused without a word"] += 1
        except Exception as error:
            outcomes[f"{type(error).__name__}: {error} for {body[:200]!r}"] += 1
        slowest = max(slowest, time.process_time() - began)
    wrong = {said: times for said, times in outcomes.items() if said not in {"read", "refused"}}
    note(
        "Q3",
        f"{number} of 10,000 damaged feeds in {len(FORMATS)} formats: {outcomes['read']} read, {outcomes['refused']} "
        f"refused in words, {len(wrong)} unforeseen, {len(connections)} connections, the slowest {slowest:.2f} s of "
        "processor; the public collections of the W3C are not at hand here",
        holds=not wrong and not connections and slowest < ENOUGH,
        worse=slowest >= 5,
        wrong=list(wrong)[:5],
    )
