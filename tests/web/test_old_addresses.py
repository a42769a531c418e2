"""Old addresses lead on: those of CKAN, and those that an operator listed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import invoke
from factory import filled_catalogue
from flask.testing import FlaskClient

from catalogue.errors import Invalid
from catalogue.service import Catalogue
from web.app import create_app

SITE = "https://data.example.brussels"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[Catalogue, FlaskClient]]:
    """A portal that other addresses led to before."""
    catalogue = filled_catalogue(tmp_path / "data")
    yield catalogue, create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


def load(catalogue: Catalogue, folder: Path, text: str) -> tuple[int, int]:
    file = folder / "old.csv"
    file.write_text(text, "utf-8")
    return catalogue.old_addresses.load(file)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/dataset?q=v%C3%A9lo&organization=brussels-mobility&sort=metadata_modified+desc",
         "/fr/search?q=v%C3%A9lo&publisher=brussels-mobility&sort=-modified"),
        ("/dataset/?groups=tran&tags=a+b&res_format=csv&color=red", "/fr/search?theme=TRAN&keyword=a+b&format=CSV"),
        ("/dataset?license_id=odc-odbl&license_id=notspecified", "/fr/search?licence=ODC_BL&licence=NONE"),
        ("/nl/dataset?q=fiets", "/nl/search?q=fiets"),
        ("/organization", "/fr/publishers"),
        ("/organization/stad", "/fr/publisher/stad"),
        ("/organization/stad?q=budget&res_format=csv", "/fr/search?publisher=stad&q=budget&format=CSV"),
        ("/nl/group/tran?sort=title_string+asc", "/nl/search?theme=TRAN&sort=title"),
        ("/de/group/tran", "/de/theme/TRAN"),
        ("/group", "/fr/themes"),
        ("/tag/arbre%20vert", "/fr/keyword/arbre%20vert"),
        ("/dataset/arbres/resource/7a1f/download/a.csv", "/fr/dataset/arbres"),
        ("/feeds/dataset.atom", "/search.atom"),
        ("/feeds/custom.atom?q=budget&groups=gove", "/search.atom?q=budget&theme=GOVE"),
        ("/feeds/organization/stad.atom", "/search.atom?publisher=stad"),
        ("/feeds/tag/arbre.atom", "/search.atom?keyword=arbre"),
        ("/catalog.n3?page=1", "/catalog.ttl?page=1"),
        ("/dataset/arbre.n3", "/dataset/arbre.ttl"),
        ("/catalog.rdf?fq=groups:gove+AND+res_format:csv&page=1", "/catalog.rdf?page=1&theme=GOVE&format=CSV"),
        ("/catalog.ttl?fq=organization:stad&fq=dataset_type:dataset", "/catalog.ttl?type=dataset&publisher=stad"),
        ("/catalog?fq=metadata_modified:[2020-01-01T00:00:00Z+TO+*]",
         "/catalog?modified_since=2020-01-01T00%3A00%3A00%2B00%3A00"),
    ],
)  # fmt: skip
def test_addresses_of_ckan_lead_to_ours(client: FlaskClient, old: str, new: str) -> None:
    answer = client.get(old)
    assert answer.status_code == (301 if old.startswith("/feeds") or ".n3" in old else 303)
    assert answer.headers["Location"] == new
    if "stad" not in old and "arbre" not in old and "mobility" not in old:
        assert client.get(new).status_code == 200


def test_a_feed_that_cannot_be_narrowed_so_is_refused_and_not_given_whole(client: FlaskClient) -> None:
    for fq in ("title:budget", "-groups:gove", "metadata_modified:[* TO 2020-01-01T00:00:00Z]"):
        answer = client.get("/catalog.ttl", query_string={"fq": fq})
        assert (answer.status_code, "fq" in answer.text or "title" in answer.text) == (400, True)
    assert client.get("/search.json?fq=groups:gove").status_code == 200


def test_an_id_in_the_place_of_a_name_leads_to_it(portal: tuple[Catalogue, FlaskClient]) -> None:
    catalogue, client = portal
    row = next(one for one in catalogue.entries.after("", 100) if one.kind == "dataset")
    for old, new in (
        (f"/fr/dataset/{row.id}", f"/fr/dataset/{row.name}"),
        (f"/dataset/{row.id}.ttl", f"/dataset/{row.name}.ttl"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, new)
    answer = client.get(f"/dataset/{row.id}", headers={"Accept": "text/turtle"})
    assert answer.headers["Location"] == f"/dataset/{row.name}.ttl"
    catalogue.records.withdraw(row.source, row.identifier)
    assert client.get(f"/fr/dataset/{row.id}").status_code == 410
    assert client.get("/en/theme/tran").headers["Location"] == "/en/theme/TRAN"
    for path in (f"/id/dataset/{row.id}", f"/dataset/{row.name}.ttl/x"):
        told = client.get(path, headers={"Accept": "application/json"})
        assert told.mimetype == "application/problem+json"
    assert client.get("/catalog.csv", headers={"Accept": "*/*"}).mimetype == "text/plain"


def test_people_are_led_in_their_language(client: FlaskClient) -> None:
    answer = client.get("/organization", headers={"Accept-Language": "nl"})
    assert answer.headers["Location"] == "/nl/publishers"
    assert "Accept-Language" in answer.vary


def test_a_listed_address_leads_on_where_nothing_else_is(portal: tuple[Catalogue, FlaskClient], tmp_path: Path) -> None:
    catalogue, client = portal
    live = catalogue.entries.after("", 1)[0]
    listed = (
        "old,new\n"
        f"/catalogue/fiche.php?id=12,/fr/dataset/{live.name}\n"
        "/catalogue/fiche.php,/fr/search\n"
        "https://old.example/dataset/vieux-nom/,/fr/dataset/nom\n"
        "/vélo,https://mobility.example.brussels/vélo\n"
        f"/fr/dataset/{live.name},/fr/never\n"
    )
    assert load(catalogue, tmp_path, listed) == (5, 5)
    for old, new in (
        ("/catalogue/fiche.php?id=12", f"{SITE}/fr/dataset/{live.name}"),
        ("/catalogue/fiche.php?id=13", f"{SITE}/fr/search"),
        ("/dataset/vieux-nom", f"{SITE}/fr/dataset/nom"),
        ("/v%C3%A9lo/", "https://mobility.example.brussels/v%C3%A9lo"),
    ):
        for method in ("GET", "HEAD"):
            answer = client.open(old, method=method)
            assert (answer.status_code, answer.headers["Location"]) == (301, new), old
        assert client.post(old).status_code in {404, 405}
    assert client.get(f"/fr/{live.kind}/{live.name}").status_code == 200, "what is here counts"
    assert client.get("/catalogue/other.php").status_code == 404


def test_a_list_is_taken_whole_or_not_at_all(portal: tuple[Catalogue, FlaskClient], tmp_path: Path) -> None:
    catalogue, client = portal
    for line, said in (
        ("/b,javascript:alert(1)", "Line 2"),
        ("/b,//evil.example/", "Line 2"),
        ("/b,/b/", "leads to itself"),
        ("b,/c", "Line 2"),
    ):
        with pytest.raises(Invalid, match=said):
            load(catalogue, tmp_path, f"/a,/fr/\n{line}\n")
    assert client.get("/a").status_code == 404
    assert load(catalogue, tmp_path, "/a;/fr/\n/c;/nl/\n") == (2, 2)
    assert load(catalogue, tmp_path, "/a,\n/c,/de/\n") == (2, 1)
    assert client.get("/a").status_code == 404
    assert client.get("/c").headers["Location"] == f"{SITE}/de/"


def test_the_command_loads_a_list(portal: tuple[Catalogue, FlaskClient], tmp_path: Path) -> None:
    catalogue, client = portal
    (tmp_path / "old.csv").write_text("/x,/fr/\n", "utf-8")
    said, _ = invoke(tmp_path, "redirects", "load", "old.csv", DATA_DIR=str(catalogue.settings.data_dir))
    assert said == "1 read; 1 old addresses lead on now.\n"
    assert client.get("/x").status_code == 301
