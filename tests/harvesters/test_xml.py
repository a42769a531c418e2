"""XML as sources send it: read within limits, whatever its status, and said in words when it is none."""

import loopback
import pytest
from loopback import Answer

from harvesters import xml
from harvesters.base import Crawl, HarvestError
from harvesters.http import Client, Pace, Response


def answered(answer: Answer) -> str:
    """The name of the root of what an address answers."""
    with (
        loopback.running(loopback.always(answer)) as server,
        Client(allow=loopback.LOOPBACK, pace=Pace(0), backoff=0, tries=1) as client,
    ):
        return xml.name(xml.get(client, server.url("/"), Crawl(), "a list")[0])


@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_answer_in_xml_is_read_whatever_its_status(status: int) -> None:
    assert answered(Answer(b"<Report xmlns='http://r.example'/>", "text/plain", status)) == "Report"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(b"no", status=404), "HTTP_STATUS"),
        (Answer(loopback.PAGE, "text/html", 503), "HTTP_STATUS"),
        (Answer(b"<cut", "text/xml", 500), "HTTP_STATUS"),
        (Answer(b"<cut", "text/xml"), "NOT_WELL_FORMED"),
        (Answer(loopback.PAGE, "text/xml"), "NOT_A_FEED"),
        (Answer(b"{}", "text/xml"), "NOT_A_FEED"),
    ],
)
def test_what_is_no_xml_is_said_by_its_status_or_by_what_it_is(answer: Answer, code: str) -> None:
    with pytest.raises(HarvestError) as caught:
        answered(answer)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("fre", "fr"),
        ("dut", "nl"),
        ("GER", "de"),
        ("eng; USA", "en"),
        ("en-GB", "en"),
        ("zxx", ""),
        ("", ""),
        ("?", ""),
    ],
)
def test_a_language_is_known_by_any_of_its_codes(code: str, tag: str) -> None:
    assert xml.language(code) == tag


def test_an_element_has_the_same_bytes_wherever_it_stood() -> None:
    inner = '<a:x xmlns:a="http://a.example" b="1"  c="2">t</a:x>'
    alone = xml.opened(inner.encode(), "an element")
    within = xml.opened(
        f'<o xmlns:z="http://z.example"><!-- c -->{inner.replace("  ", " ")}</o>'.encode(), "an element"
    )
    assert xml.canonical(alone) == xml.canonical(within[0])


@pytest.mark.parametrize(
    ("date", "week"), [("Mon, 02 Mar 2026 00:00:00 GMT", "2026-10"), ("yesterday", ""), (None, "")]
)
def test_a_server_tells_its_week(date: str | None, week: str) -> None:
    assert Response("https://a.example/", 200, {"Date": date} if date else {}, b"", True).week == week


def test_an_element_whose_namespace_is_no_address_is_given_as_it_stands() -> None:
    root = xml.opened(b'<a:b xmlns:a="http://w.example/\xc3\xaa"><a:c/></a:b>', "a record")
    assert b"<a:c/>" in xml.canonical(root)
