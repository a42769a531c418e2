"""Rows of files through CKAN's `datastore_search`."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browsing import served
from ckanapi import RemoteCKAN
from ckanapi.errors import CKANAPIError, NotFound, ValidationError

from catalogue.service import Catalogue
from web.app import create_app


@pytest.fixture(scope="module")
def ckan(seen: Catalogue) -> Iterator[RemoteCKAN]:
    with served(create_app(seen.settings, seen)) as address:
        yield RemoteCKAN(address)


def resource(ckan: RemoteCKAN, file: str) -> str:
    found = ckan.action.package_search(rows=100)["results"]
    return str(next(one["id"] for package in found for one in package["resources"] if one["url"].endswith(f"/{file}")))


def test_rows_are_given_by_the_headings_of_their_file(ckan: RemoteCKAN) -> None:
    id = resource(ckan, "bars.csv")
    told = ckan.action.datastore_search(resource_id=id)
    assert told["fields"] == [{"id": "commune", "type": "text"}, {"id": "habitants", "type": "int"}]
    assert told["records"][0] == {"commune": "Jette", "habitants": 52000}
    assert (told["total"], told["limit"], told["resource_id"]) == (3, 100, id)
    words = ckan.action.datastore_search(resource_id=resource(ckan, "words.csv"), fields=["année", "nom"], limit=1)
    assert words["records"] == [{"année": 2024, "nom": "Café"}]


@pytest.mark.parametrize(
    ("asked", "communes"),
    [
        ({"sort": "habitants desc"}, ["Uccle", "Jette", "Evere"]),
        ({"sort": "commune", "limit": 1, "offset": 1}, ["Jette"]),
        ({"filters": {"commune": "Evere"}}, ["Evere"]),
        ({"filters": json.dumps({"habitants": ["85000"]})}, ["Uccle"]),
        ({"filters": {"habitants": 1}}, []),
        ({"limit": 0}, []),
    ],
)
def test_rows_are_narrowed_and_sorted(ckan: RemoteCKAN, asked: dict[str, Any], communes: list[str]) -> None:
    told = ckan.action.datastore_search(resource_id=resource(ckan, "bars.csv"), **asked)
    assert [one["commune"] for one in told["records"]] == communes


@pytest.mark.parametrize(
    "asked",
    [{"q": "Jette"}, {"distinct": True}, {"records_format": "csv"}, {"fields": "nothing"}, {"sort": "x desc"},
     {"filters": {"x": 1}}, {"filters": {"commune": ["Jette", "Evere"]}}, {"filters": {"commune": None}}],
)  # fmt: skip
def test_what_is_not_done_is_refused(ckan: RemoteCKAN, asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ckan.action.datastore_search(resource_id=resource(ckan, "bars.csv"), **asked)


def test_a_file_without_table_and_one_that_is_not_there_are_not_found(ckan: RemoteCKAN) -> None:
    with pytest.raises(NotFound):
        ckan.action.datastore_search(resource_id=resource(ckan, "several.zip"))
    for id in ("nothing", resource(ckan, "bars.csv")[:-2]):
        for ask in (ckan.action.datastore_search, ckan.action.resource_show):
            with pytest.raises(NotFound, match="There is no resource"):
                ask(id=id)
    with pytest.raises(CKANAPIError):
        ckan.action.datastore_search(resource_id=resource(ckan, "bars.csv"), filters={"habitants": "many"})
