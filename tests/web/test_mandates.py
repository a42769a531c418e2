"""Keys are bound to publishers: what a key sends under another's name is told, or refused where settings say so."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from commands import invoke, last_json
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.errors import Invalid, SettingsError
from catalogue.service import Catalogue
from catalogue.settings import Settings, check
from web.app import create_app

OWN, OTHER, TOLD = "Musée du Parc", "Ministère des Arbres", "publisher-of-others"
OFFICE = "https://office.example/id/agent"
RECORD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://example.org/%s> a dcat:Dataset; dct:title "Arbres"@fr; dct:description "Les arbres."@fr %s.
"""


class Portal(NamedTuple):
    catalogue: Catalogue
    client: FlaskClient
    source: str

    def key(self, *also: str) -> str:
        return self.catalogue.keys.create(OWN, also=also)[0]

    def put(self, key: str, name: str, publisher: str = "", iri: str = "") -> TestResponse:
        agent = f'a foaf:Agent; foaf:name "{publisher}"@fr'
        said = f"; dct:publisher {f'<{iri}> . <{iri}> {agent}' if iri else f'[{agent}]'}" if publisher else ""
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/turtle"}
        return self.client.put(f"/api/1/dataset/{self.source}/{name}", data=RECORD % (name, said), headers=headers)

    def publisher(self, name: str) -> str:
        """What the publisher of a published record is called; empty for a record that is not published."""
        iri = f"https://example.org/{name}"
        row = self.catalogue.entries.with_iris([iri]).get(iri)
        return row.entry.publisher.name[0].value if row and row.entry.publisher else ""


def portal(folder: Path, says: str) -> Portal:
    settings = Settings(data_dir=folder, site_url="https://data.example.org", publishers_of_others=says)
    catalogue = Catalogue(settings)
    catalogue.init()
    source = catalogue.sources.add("", "push", title="Sent", publisher=OWN).name
    return Portal(catalogue, create_app(settings, catalogue).test_client(), source)


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    made = portal(tmp_path_factory.mktemp("telling"), "tell")
    yield made
    made.catalogue.close()


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    made = portal(tmp_path_factory.mktemp("refusing"), "refuse")
    yield made
    made.catalogue.close()


def rules(answer: TestResponse) -> list[str]:
    return [found["rule"] for found in answer.get_json()["findings"]]


def test_a_record_of_somebody_else_is_told(telling: Portal) -> None:
    answer = telling.put(telling.key(), "told", OTHER)
    assert answer.status_code == 201
    (found,) = [one for one in answer.get_json()["findings"] if one["rule"] == TOLD]
    assert (found["field"], found["value"]) == ("dct:publisher", OTHER)
    assert telling.publisher("told") == OTHER


@pytest.mark.parametrize(("name", "publisher"), [("own", OWN), ("nobodys", "")])
def test_what_is_its_own_and_what_names_nobody_is_taken_without_a_word(
    refusing: Portal, name: str, publisher: str
) -> None:
    answer = refusing.put(refusing.key(), name, publisher)
    assert answer.status_code == 201
    assert TOLD not in rules(answer)
    assert refusing.publisher(name) == OWN


def test_a_record_of_somebody_else_is_refused_where_settings_say_so(refusing: Portal) -> None:
    key = refusing.key()
    answer = refusing.put(key, "refused", OTHER)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "PUBLISHER_OF_OTHERS")
    assert "The key was not made for this publisher: Ministère des Arbres." in answer.get_json()["detail"]
    assert refusing.publisher("refused") == ""
    assert refusing.put(key, "stays", OWN).status_code == 201
    assert refusing.put(key, "stays", OTHER).status_code == 422
    assert refusing.publisher("stays") == OWN


@pytest.mark.parametrize("named", [OTHER, "ministere-des-arbres"])
def test_a_key_may_be_made_for_others_too(refusing: Portal, named: str) -> None:
    answer = refusing.put(refusing.key(named), f"other-{named[0]}", OTHER)
    assert answer.status_code == 201
    assert TOLD not in rules(answer)


def test_others_are_named_by_their_iri_and_an_iri_is_no_name(refusing: Portal) -> None:
    assert refusing.put(refusing.key(OFFICE), "office", "Any name", OFFICE).status_code == 201
    # whoever gives their own name to an IRI that is somebody else's would be listed as that one
    assert refusing.put(refusing.key(), "borrowed", OWN, OFFICE).status_code == 422


def test_many_at_once_are_judged_one_by_one(refusing: Portal) -> None:
    records = RECORD % ("many-1", f'; dct:publisher [foaf:name "{OTHER}"@fr]')
    records += (RECORD % ("many-2", "")).split("foaf/0.1/> .", 1)[1]
    headers = {"Authorization": f"Bearer {refusing.key()}", "Content-Type": "text/turtle"}
    answer = refusing.client.post(f"/api/1/dataset/{refusing.source}/", data=records, headers=headers).get_json()
    assert (answer["total"], answer["taken"]) == (2, 1)


def test_no_correction_puts_anothers_name_to_a_record(refusing: Portal) -> None:
    key = refusing.key()
    refusing.put(key, "corrected", OWN)
    path, headers = f"/api/1/dataset/{refusing.source}/corrected", {"Authorization": f"Bearer {key}"}
    answer = refusing.client.patch(path, json={"publisher": OTHER}, headers=headers)
    assert (answer.status_code, answer.get_json()["field"]) == (422, "publisher")
    assert refusing.publisher("corrected") == OWN


def test_a_further_key_is_for_the_same_publishers(refusing: Portal) -> None:
    _, row = refusing.catalogue.keys.create(OWN, also=(OTHER, OFFICE))
    assert refusing.catalogue.keys.another(row)[1].publishers == ("ministere-des-arbres", OFFICE)


def test_the_command_makes_and_lists_them(tmp_path: Path) -> None:
    invoke(tmp_path, "init")
    invoke(tmp_path, "token", "create", "--publisher", OWN, "--also", OTHER, "--also", OFFICE)
    (row,) = last_json(invoke(tmp_path, "token", "list", "--json")[0])
    assert row["publishers"] == ["ministere-des-arbres", OFFICE]
    assert "musee-du-parc,ministere-des-arbres" in invoke(tmp_path, "token", "list")[0]
    for nobody in ("https://a b", "", " "):
        said = invoke(tmp_path, "token", "create", "--publisher", OWN, "--also", nobody, expect=2)[1]
        assert "neither the name nor the address of a publisher" in said


def test_what_cannot_be_meant_is_said(telling: Portal) -> None:
    with pytest.raises(SettingsError, match="publishers_of_others: 'ignore' is not one of tell, refuse"):
        check(Settings(publishers_of_others="ignore"))
    with pytest.raises(Invalid, match="may name 100 publishers"):
        telling.catalogue.keys.create(OWN, also=[f"Office {number}" for number in range(101)])
