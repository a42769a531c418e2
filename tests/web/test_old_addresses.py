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
        ("/de/group/tran", "/de/theme/TRAN"),
        ("/group", "/fr/themes"),
        ("/tag/arbre%20vert", "/fr/keyword/arbre%20vert"),
        ("/dataset/arbres/resource/7a1f/download/a.csv", "/fr/dataset/arbres"),
        ("/feeds/dataset.atom", "/search.atom"),
        ("/feeds/custom.atom?q=budget&groups=gove", "/search.atom?q=budget&theme=GOVE"),
        ("/feeds/organization/stad.atom", "/search.atom?publisher=stad"),
        ("/feeds/tag/arbre.atom", "/search.atom?keyword=arbre"),
    ],
)  # fmt: skip
def test_addresses_of_ckan_lead_to_ours(client: FlaskClient, old: str, new: str) -> None:
    answer = client.get(old)
    assert answer.status_code == (301 if old.startswith("/feeds") else 303)
    assert answer.headers["Location"] == new
    if "stad" not in old and "arbre" not in old and "mobility" not in old:
        assert client.get(new).status_code == 200


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
