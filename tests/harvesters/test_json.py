"""JSON as portals send it, over a real server."""

import gzip
import json as stdlib
from collections.abc import Callable
from typing import Any

import loopback
import pytest
from loopback import Answer

from harvesters import json
from harvesters.base import Crawl, HarvestError, RawRecord
from harvesters.http import Client, Pace, Response


def ask(answer: Answer, **asked: Any) -> tuple[Any, Crawl, list[str]]:
    crawl = Crawl()
    with (
        loopback.running(loopback.always(answer)) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, read_timeout=5) as client,
    ):
        return json.get(client, server.url("/items?lang=fr"), crawl, **asked), crawl, server.asked()


def sent(body: bytes, type: str = "application/json", status: int = 200) -> Answer:
    return Answer(body, type, status)


def test_parameters_follow_those_of_the_address() -> None:
    _, _, asked = ask(sent(b"{}"), q="à b", limit=10, after=None, where=["x", "y"])
    assert asked == ["/items?lang=fr&q=%C3%A0+b&limit=10&where=x&where=y"]


@pytest.mark.against("F-13")
@pytest.mark.parametrize(
    ("body", "type", "rules"),
    [
        ('{"t": "Été"}'.encode(), "application/json", []),
        (b"\xef\xbb\xbf" + '{"t": "Été"}'.encode(), "text/plain", []),
        ('{"t": "Été"}'.encode("utf-16"), "application/json", []),
        (gzip.compress('{"t": "Été"}'.encode()), "application/json", []),
        ('{"t": "Été"}'.encode("cp1252"), "application/json; charset=iso-8859-1", []),
        ('{"t": "Été"}'.encode("cp1252"), "application/json; charset=utf-8", ["encoding-invalid"]),
    ],
)
def test_json_is_read_in_whatever_encoding(body: bytes, type: str, rules: list[str]) -> None:
    """F-13."""
    said, crawl, _ = ask(sent(body, type))
    assert said == {"t": "Été"}
    assert [found.rule for found in crawl.findings] == rules
    assert all(found.subject.startswith("http") for found in crawl.findings)


def test_a_list_is_an_answer_and_oddities_of_json_are_read() -> None:
    said, _, _ = ask(sent(b'[{"n": NaN, "big": 100000000000000000000000, "half": "\\ud800"}]'))
    assert said[0]["big"] == 10**23


def test_nothing_in_the_place_of_a_list_is_an_empty_one() -> None:
    """As programs in Go write it."""
    where = ("https://s.example/", "a portal")
    assert json.listed({"items": None, "total": 0}, "items", *where) == []
    for said in ({"total": 0}, {"items": "none"}, {"items": None, "error": "quota exceeded"}, None):
        with pytest.raises(HarvestError, match="without a list `items`"):
            json.listed(said, "items", *where)


@pytest.mark.parametrize(
    ("said", "identifier"),
    [
        ({"id": " a "}, "a"),
        ({"id": 17}, "17"),
        ({"id": " ", "name": "b"}, "b"),
        ({"id": None, "name": True}, ""),
        ({"id": 1.5}, ""),
        (None, ""),
    ],
    ids=str,
)
def test_an_identifier_is_a_text_or_a_whole_number(said: Any, identifier: str) -> None:
    assert json.identifier(said, "id", "name") == identifier


def test_a_control_character_in_a_text_costs_no_answer() -> None:
    said, _, _ = ask(sent(b'{"t": "a\tb\x01\nc"}'))
    assert said == {"t": "a\tb\x01\nc"}


@pytest.mark.against("F-06", "F-09")
@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (sent(loopback.PAGE), "NOT_A_FEED", "a page for people (HTML)"),  # F-06
        (sent(b""), "NOT_A_FEED", "answered with nothing"),
        (sent(b"<rdf/>", "application/xml"), "NOT_A_FEED", "application/xml that is not a JSON object"),
        (sent(b'"no"'), "NOT_A_FEED", "is not a JSON object or list"),
        (sent(b'{"a": [1, 2'), "NOT_WELL_FORMED", "line 1, column 12"),  # F-09
        (sent(b'{"a": 1}\n{"b"'), "NOT_WELL_FORMED", "line 2, column 1"),
        (sent(b"[" * 100_000), "NOT_WELL_FORMED", "nested too deeply"),
        (sent(b'{"n": ' + b"9" * 5000 + b"}"), "NOT_WELL_FORMED", "is not JSON"),
        (sent(b"gone", status=410), "HTTP_STATUS", "410 Gone"),
        (sent(b'{"error": {"message": "No such dataset."}}', status=404), "HTTP_STATUS", "It said: No such dataset."),
        (sent(b'{"title": "Bad", "detail": "limit > 100"}', status=400), "HTTP_STATUS", "It said: limit > 100."),
        (sent(b'{"trace": "x"}', status=400), "HTTP_STATUS", "400 Bad Request"),
    ],
)
def test_what_is_no_json_is_said_in_words(answer: Answer, code: str, words: str) -> None:
    with pytest.raises(HarvestError) as caught:
        ask(answer)
    assert caught.value.code == code
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert caught.value.where.startswith("http://127.0.0.1")


def test_the_same_content_is_the_same_record() -> None:
    crawl = Crawl()
    one = json.record("x", {"b": 1, "a": [{"d": 1, "c": 2}]}, crawl, address="https://s.example/x", version="7")
    two = json.record("x", {"a": [{"c": 2, "d": 1}], "b": 1}, crawl, address="https://s.example/x", version="7")
    assert one == two
    assert (one.media_type, one.version, crawl.findings) == ("application/json", "7", [])


def test_half_characters_cost_themselves() -> None:
    crawl = Crawl()
    raw = json.record("x", {"t": "half \ud800"}, crawl, address="https://s.example/x")
    assert stdlib.loads(raw.body) == {"t": "half "}
    assert [found.rule for found in crawl.findings] == ["text-invalid"]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"', b"[" * 100_000])
@pytest.mark.parametrize("read", [json.opened, json.fields])
def test_a_record_that_holds_no_object_is_refused_with_a_sentence(
    read: Callable[[RawRecord, str], Any], body: bytes
) -> None:
    with pytest.raises(ValueError, match=r"\S \S"):
        read(RawRecord(identifier="x", body=body, media_type="application/json"), "a package")


def test_an_answer_of_more_values_than_memory_is_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "MOST_VALUES", 100)
    answer = Response("http://e.example/", 200, {}, b"[" + b"{}," * 99 + b"{}]", True)
    with pytest.raises(HarvestError, match="more than 100 values") as caught:
        json.read(answer, Crawl())
    assert caught.value.code == "TOO_LARGE"
    assert json.read(answer._replace(body=b"[" + b"1," * 50 + b"1]"), Crawl()) == [1] * 51
