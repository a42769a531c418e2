"""What is in files, and the rows of their tables, as programs ask for them."""

import csv
import io
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from previewed import FILES, id_of

from catalogue.service import Catalogue
from catalogue.store import kept_rows
from web.app import create_app


@pytest.fixture(scope="module")
def client(seen: Catalogue) -> FlaskClient:
    return create_app(seen.settings, seen).test_client()


@pytest.fixture
def ask(seen: Catalogue, client: FlaskClient):  # type: ignore[no-untyped-def]
    def asked(name: str, query: str = "", status: int = 200) -> Any:
        answer = client.get(f"/api/1/file/{id_of(seen, name)}/rows{query}")
        assert answer.status_code == status, answer.text
        return answer.get_json()

    return asked


def test_a_file_says_what_is_in_it(seen: Catalogue, client: FlaskClient) -> None:
    answer = client.get(f"/api/1/file/{id_of(seen, 'counts.csv')}")
    told = answer.get_json()
    assert (told["format"], told["encoding"], told["separator"], told["decimal"]) == ("CSV", "Windows-1252", ";", ",")
    assert (told["rows"], told["width"], told["problem"]) == (20, 5, "")
    assert [one["key"] for one in told["columns"]] == ["date", "commune", "code_postal", "passages", "vitesse_km_h"]
    assert told["columns"][4]["unit"] == "km/h"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["ETag"]


@pytest.mark.parametrize("name", [name for name in FILES if name not in {"page.csv", "several.zip"}])
def test_each_file_brings_a_question_that_works(seen: Catalogue, client: FlaskClient, name: str) -> None:
    told = client.get(f"/api/1/file/{id_of(seen, name)}").get_json()
    address = urlsplit(told["example"])
    answer = client.get(f"{address.path}?{address.query}")
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["total"] >= 1


def test_rows_are_given_by_the_keys_of_their_columns(ask) -> None:  # type: ignore[no-untyped-def]
    found = ask("counts.csv", "?columns=passages,date&limit=2")
    assert found["data"] == [{"passages": 1001, "date": "2026-03-01"}, {"passages": 1002, "date": "2026-03-02"}]
    assert found["total"] == 20
    assert found["next"].endswith("?columns=passages%2Cdate&limit=2&offset=2")


def test_pages_follow_each_other_without_gap(ask, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    found = ask("counts.csv", "?columns=passages&limit=7&filter=passages:ge:1003")
    numbers = [row["passages"] for row in found["data"]]
    while found["next"]:
        address = urlsplit(found["next"])
        found = client.get(f"{address.path}?{address.query}").get_json()
        numbers += [row["passages"] for row in found["data"]]
    assert numbers == list(range(1003, 1021))


@pytest.mark.parametrize(
    ("name", "filter", "count"),
    [
        ("counts.csv", "passages:eq:1005", 1),
        ("counts.csv", "passages:ne:1005", 19),
        ("counts.csv", "passages:lt:1005", 4),
        ("counts.csv", "vitesse_km_h:ge:19.5", 2),
        ("counts.csv", "date:ge:2026-03-15", 6),
        ("counts.csv", "date:lt:2026-03", 0),
        ("counts.csv", "commune:eq:Schærbeek", 10),
        ("counts.csv", "commune:contains:BEEK", 20),
        ("words.csv", "nom:contains:école", 2),
        ("words.csv", "nom:starts:CAF", 1),
        ("words.csv", "nom:empty:", 1),
        ("words.csv", "nom:filled", 3),
        ("words.csv", "ouvert:eq:true", 2),
        ("words.csv", "ouvert:eq:non", 1),
        ("words.csv", "formule:eq:=1%2B1", 1),
        ("words.csv", "annee:gt:2024", 3),
    ],
)
def test_what_rows_must_be_like(ask, name: str, filter: str, count: int) -> None:  # type: ignore[no-untyped-def]
    assert ask(name, f"?filter={filter}")["total"] == count


def test_several_conditions_must_all_hold(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("counts.csv", "?filter=passages:gt:1010&filter=commune:eq:Schærbeek")["total"] == 5


def test_rows_are_sorted_and_what_is_empty_comes_last(ask) -> None:  # type: ignore[no-untyped-def]
    rising = [row["nom"] for row in ask("words.csv", "?sort=nom")["data"]]
    falling = [row["nom"] for row in ask("words.csv", "?sort=-annee,-nom")["data"]]
    assert rising[-1] is None
    assert falling == ["ÉCOLE", None, "école", "Café"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?columns=nada", "nada"),
        ("?filter=passages", "column:comparison:value"),
        ("?filter=passages:like:1", "column:comparison:value"),
        ("?filter=passages:eq:beaucoup", "integer"),
        ("?filter=date:eq:hier", "date"),
        ("?filter=c0%20IS%20NULL%20OR%201:eq:1", "no column"),
        ("?sort=passages;DROP%20TABLE%20t", "no column"),
        ("?limit=0", "limit"),
        ("?limit=50001", "limit"),
        ("?offset=-1", "offset"),
        ("?format=xml", "format"),
        ("?" + "&".join(["filter=passages:gt:1"] * 11), "10"),
    ],
)
def test_a_question_that_is_none_says_why(ask, query: str, said: str) -> None:  # type: ignore[no-untyped-def]
    assert said in ask("counts.csv", query, 400)["detail"]


@pytest.mark.parametrize("value", ["'; DROP TABLE t; --", '" OR 1=1', "%", "_", "\x00", "é" * 5000])
def test_a_value_is_only_ever_a_value(ask, seen: Catalogue, value: str) -> None:  # type: ignore[no-untyped-def]
    from urllib.parse import quote  # noqa: PLC0415 (of this test alone)

    assert ask("counts.csv", f"?filter=commune:eq:{quote(value)}")["total"] == 0
    assert ask("counts.csv", f"?filter=commune:contains:{quote(value)}")["total"] == 0
    assert ask("counts.csv")["total"] == 20


def test_a_file_without_table_and_one_that_is_none_are_404(ask, client: FlaskClient) -> None:  # type: ignore[no-untyped-def]
    assert "no table" in ask("page.csv", "", 404)["detail"]
    for address in ("/api/1/file/x", "/api/1/file/x-y/rows", "/api/1/file/-/rows"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"


def test_csv_is_as_the_standard_has_it(seen: Catalogue, client: FlaskClient) -> None:
    answer = client.get(f"/api/1/file/{id_of(seen, 'words.csv')}/rows?format=csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows[0] == ["nom", "formule", "ouvert", "année"]
    assert rows[1] == ["Café", "'=1+1", "true", "2024"]


def test_a_belgian_excel_opens_it_and_computes_nothing(seen: Catalogue, client: FlaskClient) -> None:
    answer = client.get(f"/api/1/file/{id_of(seen, 'words.csv')}/rows?format=excel")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ["'=1+1", "'@x", "'-5 et plus", ""]
    numbers = client.get(f"/api/1/file/{id_of(seen, 'counts.csv')}/rows?format=excel&columns=vitesse_km_h&limit=2")
    assert numbers.data.decode("utf-8-sig").splitlines() == ["vitesse (km/h)", "1,5", "2,5"]


def test_an_answer_that_did_not_change_is_not_made_again(seen: Catalogue, client: FlaskClient) -> None:
    address = f"/api/1/file/{id_of(seen, 'counts.csv')}/rows"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_question_that_takes_too_long_is_broken_off(ask, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(kept_rows, "LOOKS", 1)
    monkeypatch.setattr("catalogue.store.kept_rows.time.monotonic", iter(range(10**6)).__next__)
    assert re.search("takes too long", ask("counts.csv", "?sort=-commune", 400)["detail"])


@pytest.mark.parametrize(("written", "count"), [("Code Postal", 1), ("CODE_postal", 1), ("annee", 1), ("postal", 0)])
def test_data_is_found_by_the_columns_of_its_files(client: FlaskClient, written: str, count: int) -> None:
    assert client.get("/api/1/search", query_string={"column": written}).get_json()["count"] == count


def test_columns_are_told_as_a_data_dictionary(seen: Catalogue, client: FlaskClient) -> None:
    address = f"/api/1/file/{id_of(seen, 'counts.csv')}/columns"
    told = client.get(address).get_json()
    assert (told["rows"], [one["key"] for one in told["columns"]][:2]) == (20, ["date", "commune"])
    lines = list(csv.DictReader(io.StringIO(client.get(f"{address}?format=csv").text)))
    assert [line["name"] for line in lines] == [one["name"] for one in told["columns"]]
    assert lines[4]["unit"] == "km/h"
    assert {"empty_percent", "least", "most", "meaning_fr", "meaning_nl", "meaning"} <= lines[0].keys()
    excel = client.get(f"{address}?format=excel").data
    assert excel.startswith(b"\xef\xbb\xbfkey;name;type;unit;")
    assert client.get(f"{address}?format=pdf").status_code == 400
