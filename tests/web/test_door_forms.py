"""What a door has not is refused in its own form: an address at which nothing is, a method that it does not take."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from lxml import etree
from werkzeug.test import TestResponse


def of_ckan(answer: TestResponse) -> bool:
    said = answer.get_json()
    return said["success"] is False and {"__type", "message"} <= said["error"].keys()


def of_problem(answer: TestResponse) -> bool:
    return answer.mimetype == "application/problem+json" and answer.get_json()["status"] == answer.status_code


def of_oai(answer: TestResponse) -> bool:
    return etree.fromstring(answer.data).find("{http://www.openarchives.org/OAI/2.0/}error") is not None


def of_csw(answer: TestResponse) -> bool:
    return str(etree.fromstring(answer.data).tag) == "{http://www.opengis.net/ows}ExceptionReport"


def of_text(answer: TestResponse) -> bool:
    return answer.mimetype == "text/plain" and "<" not in answer.text


Form = Callable[[TestResponse], bool]
DOORS: dict[str, tuple[str, Form]] = {
    "/api/3/action/package_list": ("/api/3/nothing", of_ckan),
    "/api/action/site_read": ("/api/action/no/such/thing", of_ckan),
    "/api/1/datasets/": ("/api/1/nothing", of_problem),
    "/ogc/collections": ("/ogc/nothing", of_problem),
    "/oai?verb=Identify": ("/oai/nothing", of_oai),
    "/csw?service=CSW&request=GetCapabilities": ("/csw/nothing", of_csw),
    "/data.json": ("/nothing.json", of_problem),
    "/catalog.ttl?page=1": ("/nothing.ttl", of_text),
    "/search.atom": ("/nothing.atom", of_text),
    "/catalog": ("/catalog/nothing", of_text),
    "/ldes": ("/ldes/nothing", of_text),
    "/dumps/": ("/dumps/nothing", of_text),
}


@pytest.mark.parametrize("door", DOORS)
def test_nothing_and_no_method_are_told_in_the_form_of_the_door(client: FlaskClient, door: str) -> None:
    nowhere, is_its_form = DOORS[door]
    for accept in ("text/html", "*/*", ""):
        answer = client.get(nowhere, headers={"Accept": accept})
        assert answer.status_code == (400 if "action" in nowhere else 404)  # CKAN calls an unknown action bad
        assert is_its_form(answer), answer.text[:200]
        answer = client.delete(door, headers={"Accept": accept})
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert is_its_form(answer), answer.text[:200]


@pytest.mark.parametrize("door", DOORS)
def test_a_head_has_the_headers_and_options_the_methods(client: FlaskClient, door: str) -> None:
    whole, head = client.get(door), client.head(door)
    assert whole.status_code == 200
    assert (head.status_code, head.data, head.content_type) == (200, b"", whole.content_type)
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    options = client.options(door, headers=asked)
    assert options.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= set(options.headers["Allow"].split(", "))
    assert options.headers["Access-Control-Allow-Origin"] == "*"
