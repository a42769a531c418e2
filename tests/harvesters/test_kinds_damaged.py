"""Every kind of source with answers that are cut, mixed up, or hold something else than they should.

Whatever comes, it is read, or refused in words; and a record that is lost is told, or the run does not pass for
complete.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import loopback
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loopback import Answer
from oddities import Place, places_in, with_odd
from recordings import RECORDINGS, Recording

from harvesters import HARVESTERS
from harvesters.base import Crawl, Fetched, HarvestError, RawRecord, SkipRecord, Source
from harvesters.http import Client, Pace

ODD = (
    None,
    5,
    -1.5,
    "x",
    {},
    [[1], {}],
    {"a": 1},
    [None, "x", {}],
    True,
    "\0\ud800",
    10**30,
    "2026-13-45",
    "http://[x",
)
"""What may stand where something else is expected."""

TOKENS = (b"", b"x", b"5", b"\0", b"&foo;", b"<a/>", b"\xff\xfe", b"http://[x", b"2026-99-99")
"""The same in what is no JSON."""

A_FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
"""The same ones every time: more of them, and others, with `-p no:randomly --hypothesis-seed`."""


def harvested(recording: Recording, number: int, damaged: Callable[[bytes], bytes]) -> tuple[list[Fetched], Crawl, str]:
    """What comes of a source one of whose answers is damaged: its records, what is told of them, and the error."""
    script, crawl, code = recording.script, Crawl(), ""
    bad = script["answers"][number]

    def answer(lines: dict[str, Any], whole: Answer) -> Answer:
        return replace(whole, body=damaged(whole.body)) if lines == bad else whole

    found: list[Fetched] = []
    kind = HARVESTERS[recording.kind]
    with (
        loopback.running(recording.server(answer)) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=10, tries=1) as client,
    ):
        source = Source(
            id="s", name="s", title="S", url=server.url(script["url"]), kind=kind.kind, config=script["config"]
        )
        try:
            found.extend(kind.fetch(source, client, crawl))
        except HarvestError as error:
            code = error.code
    for raw in found:
        if isinstance(raw, RawRecord):
            with suppress(SkipRecord, ValueError):
                kind.normalise(raw, source)
    return found, crawl, code


def is_told(recording: Recording, found: list[Fetched], crawl: Crawl, code: str) -> bool:
    """True when nothing is missing, or something says so; a source that gives nothing at all is told by every run."""
    is_less = 0 < len(found) + crawl.doubles < len(recording.script["records"])
    said = code or crawl.incomplete or crawl.findings or crawl.declared_total not in {None, len(found)}
    return not is_less or bool(said)


IN_JSON = [one for one in RECORDINGS if any("json" in answer["type"] for answer in one.script["answers"])]
OTHERS = [one for one in RECORDINGS if any("json" not in answer["type"] for answer in one.script["answers"])]


def answers_of(recording: Recording, *, in_json: bool) -> list[int]:
    """The numbers of the answers that are JSON, or are not."""
    every = enumerate(recording.script["answers"])
    return [number for number, answer in every if ("json" in answer["type"]) == in_json]


def body_of(recording: Recording, number: int) -> bytes:
    """An answer as it is recorded."""
    return (recording.folder / recording.script["answers"][number]["file"]).read_bytes()


@pytest.mark.parametrize("recording", IN_JSON, ids=str)
@A_FEW
@given(data=st.data())
def test_whatever_stands_in_json_is_read_or_told(recording: Recording, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(answers_of(recording, in_json=True)))
    places = [
        place for place in places_in(json.loads(body_of(recording, number))) if not is_of_a_kind_of_its_own(place)
    ]
    place, odd = data.draw(st.sampled_from(places or [()])), data.draw(st.sampled_from(ODD))
    found, crawl, code = harvested(recording, number, lambda body: with_odd(body, place, odd) if place else b"5")
    assert is_told(recording, found, crawl, code)


def is_of_a_kind_of_its_own(place: Place) -> bool:
    """True for what says which of several things something is: another word means another thing, and loses nothing."""
    return place[-1] in {"rel", "@type", "@graph", "@context", "links"} or (place[-1] == 0 and place[0] == "@graph")


@pytest.mark.parametrize("recording", OTHERS, ids=str)
@A_FEW
@given(data=st.data())
def test_whatever_stands_in_other_answers_is_read_or_refused(recording: Recording, data: st.DataObject) -> None:
    """A part is put away, doubled, changed for another or for something odd."""
    number = data.draw(st.sampled_from(answers_of(recording, in_json=False)))
    parts = re.split(rb"(<[^>]*>|[;,\n.])", body_of(recording, number))
    here, there = (data.draw(st.integers(0, len(parts) - 1)) for _ in range(2))
    odd = data.draw(st.sampled_from((*TOKENS, parts[here] * 2, parts[there])))

    def damaged(body: bytes) -> bytes:
        found = re.split(rb"(<[^>]*>|[;,\n.])", body)
        found[here] = odd
        return b"".join(found)

    harvested(recording, number, damaged)


@pytest.mark.parametrize("recording", RECORDINGS, ids=str)
@A_FEW
@given(data=st.data())
def test_an_answer_that_is_cut_or_has_a_wrong_byte_is_read_or_refused(
    recording: Recording, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(recording.script["answers"]) - 1))
    at = data.draw(st.integers(0, len(body_of(recording, number))))
    byte = data.draw(st.one_of(st.none(), st.integers(0, 255)))
    rest = 1 if byte is not None else None

    def damaged(body: bytes) -> bytes:
        return body[:at] if rest is None else body[:at] + bytes([byte or 0]) + body[at + rest :]

    harvested(recording, number, damaged)


@pytest.mark.parametrize("recording", [one for one in RECORDINGS if len(one.script["answers"]) > 1], ids=str)
@A_FEW
@given(data=st.data())
def test_an_answer_in_the_place_of_another_is_read_or_refused(recording: Recording, data: st.DataObject) -> None:
    here, there = (data.draw(st.integers(0, len(recording.script["answers"]) - 1)) for _ in range(2))
    harvested(recording, here, lambda _: body_of(recording, there))
