"""Five hundred requests a door that no client should send: each is answered in the door's own form, none breaks it."""

import random
from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient
from lxml import etree

NUMBER = 500

VALUES = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1e9",
        "99999999999999999999",
        "NaN",
        "\x00",
        "\ud83d",
        "é" * 300,
        "%",
        "%00",
        "'",
        '"',
        "<",
        "&",
    ),
    *(
        "../../etc/passwd",
        "${jndi:ldap://x}",
        "{{7*7}}",
        "; drop table entries",
        "[]",
        "{}",
        "null",
        "true",
        "*",
        "a,b",
    ),
    *("2024-02-30", "2024-01-01/..", "9999-12-31T23:59:60Z", "0001-01-01", "4,50,5,51", "nan,nan,nan,nan", "inf,0,0,0"),
    *("theme = 'TRAN'", "NOT", "((((", "anytext LIKE '%'", "oai:x:y", "publisher.x", "theme.TRAN", "W10", "dc:title:A"),
)
NAMES = {
    "/oai": ("verb", "metadataPrefix", "identifier", "set", "from", "until", "resumptionToken", "x"),
    "/ogc/collections/datasets/items": (
        *("q", "bbox", "datetime", "type", "ids", "externalIds", "filter", "sortby", "limit", "offset", "after"),
        *("f", "lang", "filter-lang", "bbox-crs", "x"),
    ),
    "/csw": (
        *("service", "version", "request", "typeNames", "outputSchema", "elementSetName", "resultType", "maxRecords"),
        *("startPosition", "sortBy", "constraint", "constraintLanguage", "id", "propertyName", "sections", "x"),
    ),
}
SOUND = {
    "/oai": {
        "verb": ("ListIdentifiers", "GetRecord", "ListSets", "Identify"),
        "metadataPrefix": ("oai_dc",),
    },
    "/ogc/collections/datasets/items": {"limit": ("3",), "type": ("dataset",)},
    "/csw": {
        "service": ("CSW",),
        "version": ("2.0.2",),
        "request": ("GetRecords", "GetRecordById", "GetDomain", "GetCapabilities", "DescribeRecord"),
        "constraintLanguage": ("CQL_TEXT", "FILTER"),
        "resultType": ("results",),
    },
}
"""What makes a request sound enough to come further in."""
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
ACCEPTS = ("", "*/*", "text/html", "application/xml;q=0", "x/y", "\\", "application/json, */*;q=0.1")


def requests(path: str, luck: random.Random) -> Iterator[tuple[str, list[tuple[str, str]], str]]:
    """Method, parameters, and what is accepted."""
    for _ in range(NUMBER):
        given = [(name, luck.choice(SOUND[path][name])) for name in SOUND[path] if luck.random() < 0.8]
        given += [(luck.choice(NAMES[path]), luck.choice(VALUES)) for _ in range(luck.randrange(4))]
        luck.shuffle(given)
        yield luck.choice(METHODS), given, luck.choice(ACCEPTS)


def of_oai(body: bytes) -> bool:
    return etree.fromstring(body).tag == "{http://www.openarchives.org/OAI/2.0/}OAI-PMH"


def of_csw(body: bytes) -> bool:
    return str(etree.fromstring(body).tag).startswith(
        ("{http://www.opengis.net/ows}", "{http://www.opengis.net/cat/csw")
    )


def of_ogc(body: bytes) -> bool:
    return body.startswith(b"{")


@pytest.mark.parametrize(
    ("path", "is_its_form"),
    [("/oai", of_oai), ("/csw", of_csw), ("/ogc/collections/datasets/items", of_ogc)],
)
def test_no_broken_request_breaks_a_door(client: FlaskClient, path: str, is_its_form: Callable[[bytes], bool]) -> None:
    answered = 0
    for method, given, accept in requests(path, random.Random(15)):
        parameters = {"data" if method == "POST" else "query_string": _pairs(given)}
        answer = client.open(path, method=method, headers={"Accept": accept} if accept else {}, **parameters)
        assert answer.status_code < 500, (method, given)
        assert method == "HEAD" or is_its_form(answer.data), (method, given, answer.text[:200])
        answered += answer.status_code == 200
    assert answered > NUMBER / 20, "enough of them must be sound enough to come in"


def _pairs(given: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in given:
        found.setdefault(name, []).append(value.encode("utf-8", "replace").decode())
    return found
