"""Kinds of source from outside: packages that bring one by an entry point, a package of the tests' own among them."""

import json
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import loopback
import pytest
from loopback import Answer, Request

from catalogue.service import Catalogue
from catalogue.settings import Settings
from harvesters import Kinds

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "add-a-kind-of-source.md").read_text("utf-8")
(KIOSK,) = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def install(folder: Path, name: str, code: str, points: str, version: str = "1.2") -> None:
    """A package as an installer leaves it: a module, and what is known of it."""
    known = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    known.mkdir(parents=True)
    (known / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (known / "entry_points.txt").write_text(f"[datastore.harvesters]\n{points}\n")
    (folder / f"{name.replace('-', '_')}.py").write_text(code)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where packages are installed, for this process and for those that it starts."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def datastore(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command, with the packages of that folder."""
    environment = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "DATASTORE_DATA_DIR": str(folder / "var"), **settings}
    command = [sys.executable, "-m", "catalogue", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_a_package_brings_a_kind_that_is_listed_and_harvests(packages: Path) -> None:
    install(packages, "kiosk-portals", KIOSK, "kiosk = kiosk_portals:Kiosk")
    listed = json.loads(datastore(packages, "source", "kinds", "--json").stdout)
    assert [(one["kind"], one["origin"]) for one in listed if one["origin"]] == [("kiosk", "kiosk-portals 1.2")]
    assert len(listed) > 1
    assert (
        "kiosk: Kiosk portal (its own address) (from kiosk-portals 1.2)"
        in datastore(packages, "source", "kinds").stdout
    )

    def answer(request: Request) -> Answer:
        item = {"id": 7, "changed": "2026-05-01", "title": {"fr": "Arbres"}, "about": "Tous les arbres."}
        said = {"total": 1, "items": [item]} if request.path == "/api/items" else item
        return Answer(json.dumps(said).encode(), "application/json")

    settings = Settings(data_dir=packages / "var", fetch_allow=loopback.LOOPBACK)
    with loopback.running(loopback.site(answer)) as server, closing(Catalogue(settings, Kinds({}))) as catalogue:
        catalogue.init()
        name = catalogue.sources.add(server.url(""), "kiosk", title="Kiosk").name
        run = catalogue.runs.harvest(name)
        assert (run.complete, run.new) == (True, 1)
        assert catalogue.entries.named("dataset", "arbres")


def test_what_cannot_be_used_is_left_out_with_the_reason(packages: Path, caplog: pytest.LogCaptureFixture) -> None:
    install(packages, "broken-one", "raise OSError('no such thing')", "broken = broken_one:Kiosk")
    install(packages, "no-harvester", "Kiosk = dict", "nothing = no_harvester:Kiosk")
    install(packages, "taken-name", KIOSK, "ckan = taken_name:Kiosk")
    install(packages, "misnamed-one", KIOSK, "stand = misnamed_one:Kiosk")
    kinds = Kinds({"ckan": "ckan:Ckan"})
    assert list(kinds) == ["ckan"]
    assert "stand" not in kinds
    assert kinds.origin("ckan") == ""
    said = {record.getMessage() for record in caplog.records}
    assert len(said) == 4
    for words in (
        "no such thing",
        "no harvester of kind 'nothing'",
        "its name is taken",
        "no harvester of kind 'stand'",
    ):
        assert any(words in one for one in said), words


def test_of_two_packages_with_one_name_the_first_counts(packages: Path) -> None:
    install(packages, "a-kiosk", KIOSK, "kiosk = a_kiosk:Kiosk")
    install(packages, "b-kiosk", KIOSK, "kiosk = b_kiosk:Kiosk")
    kinds = Kinds({})
    assert (list(kinds), len(kinds), kinds.origin("kiosk")) == (["kiosk"], 1, "a-kiosk 1.2")
    assert kinds["kiosk"].kind == "kiosk"
    with pytest.raises(KeyError):
        kinds["unknown"]
