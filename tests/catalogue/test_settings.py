"""Settings: what the environment and the file may say."""

from pathlib import Path
from typing import Any

import pytest
from factory import Feed, open_catalogue, record, texts
from flask.testing import FlaskClient

from catalogue.errors import SettingsError
from catalogue.publishing.region import region_name
from catalogue.settings import Settings, as_environment, load
from dcat.model import Contact, Dataset, Iri, Text
from web.app import create_app

NOWHERE = Path("no-such-file.toml")


@pytest.mark.parametrize(
    ("said", "meant"),
    [("true", True), ("TRUE", True), ("1", True), ("yes", True), ("false", False), ("0", False), ("off", False)],
)
def test_a_switch_is_on_or_off(said: str, *, meant: bool) -> None:
    assert load({"DATASTORE_SHOW_PERSONS": said}, NOWHERE).show_persons is meant


@pytest.mark.parametrize("said", ["", "maybe", "2", "truefalse"])
def test_a_switch_that_is_neither_is_refused(said: str) -> None:
    with pytest.raises(SettingsError, match=r"show_persons: .* must be true or false"):
        load({"DATASTORE_SHOW_PERSONS": said}, NOWHERE)


def test_a_switch_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "datastore.toml"
    file.write_text("show_persons = true\n")
    assert load({}, file).show_persons is True
    assert load({"DATASTORE_SHOW_PERSONS": "false"}, file).show_persons is False
    file.write_text("show_persons = 3\n")
    with pytest.raises(SettingsError, match="show_persons"):
        load({}, file)


def test_a_file_from_windows(tmp_path: Path) -> None:
    file = tmp_path / "datastore.toml"
    file.write_bytes('title = "Données"\r\n'.encode("utf-8-sig"))
    assert load({}, file).title == "Données"
    file.write_bytes('region = "Gent"\r\ntitle = "Données"\r\n'.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"datastore\.toml: line 2 is not in UTF-8"):
        load({}, file)


@pytest.mark.parametrize(
    "values", [{}, {"show_persons": True, "fetch_allow": ("10.0.0.0/8",), "languages": ("nl", "fr")}]
)
def test_a_process_that_is_started_has_the_same_settings(values: dict[str, Any]) -> None:
    settings = Settings(**values)
    assert load(as_environment(settings), NOWHERE) == settings


@pytest.mark.parametrize("show", [False, True])
def test_names_of_persons_are_published_only_when_allowed(tmp_path: Path, *, show: bool) -> None:
    desk = Contact(
        name=(Text("Jeanne Peeters", "fr"),),
        organization=(Text("Service des arbres", "fr"),),
        email=(Iri("mailto:jeanne.peeters@town.example"),),
        is_individual=True,
    )
    entry = Dataset(title=texts(fr="Arbres"), description=texts(fr="Les arbres"), contact=(desk,))
    catalogue, memory = open_catalogue(tmp_path, show_persons=show)
    memory.feeds["https://town.example/feed"] = Feed([record("1", entry)])
    name = catalogue.sources.add("https://town.example/feed", "memory", title="Town").name
    catalogue.runs.harvest(name)
    client: FlaskClient = create_app(catalogue.settings, catalogue).test_client()
    (piece,) = catalogue.pieces.all()
    run = catalogue.runs.of_source(name)[0].id
    shown = {
        path: client.get(path, follow_redirects=True)
        for path in (
            f"/dataset/{piece.name}.ttl",
            f"/dataset/{piece.name}.json",
            "/catalog.nt",
            "/search.json?q=arbres",
            f"/fr/dataset/{piece.name}",
            f"/fr/dataset/{piece.name}/checks",
            f"/fr/source/{name}",
            f"/fr/source/{name}/run/{run}",
        )
    }
    assert {answer.status_code for answer in shown.values()} == {200}
    said = {path for path, answer in shown.items() if "peeters" in answer.text.casefold()}
    about = {f"/dataset/{piece.name}.ttl", f"/dataset/{piece.name}.json", f"/fr/dataset/{piece.name}", "/catalog.nt"}
    assert said == (about if show else set())
    assert ("Jeanne Peeters" in "".join(catalogue.feed.alone(piece.id))) is show
    catalogue.close()


def test_a_change_of_the_setting_reads_every_record_again(tmp_path: Path) -> None:
    person = Contact(name=(Text("Jeanne Peeters", "fr"),), is_individual=True)
    entry = Dataset(title=texts(fr="Arbres"), description=texts(fr="Les arbres"), contact=(person,))
    for show, changed in ((True, 0), (False, 1), (False, 0)):
        catalogue, memory = open_catalogue(tmp_path, show_persons=show)
        memory.feeds["https://town.example/feed"] = Feed([record("1", entry)])
        known = [source.name for source in catalogue.sources.all()]
        name = known[0] if known else catalogue.sources.add("https://town.example/feed", "memory", title="Town").name
        assert catalogue.runs.harvest(name).changed == changed
        catalogue.close()


@pytest.mark.parametrize(
    ("region", "french"), [("Brussels", "Bruxelles"), ("Flanders", "la Flandre"), ("Elsewhere",) * 2]
)
def test_a_region_has_the_names_of_its_row_or_its_own(region: str, french: str) -> None:
    assert region_name(region, "fr") == french
    assert region_name(region, "xx") == region


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://a b/",
        "https://",
        "https://x:y",
        'https://a"b',
        "https://a.example?x",
        "https://[::1",
        "https://a@b",
    ],
)
def test_a_public_address_that_is_none_is_refused_at_start(url: str) -> None:
    with pytest.raises(SettingsError, match="site_url"):
        load({"DATASTORE_SITE_URL": url}, Path("no-such-file"))


@pytest.mark.parametrize("name", ["CONTACT", "ACCESSIBILITY_BODY"])
@pytest.mark.parametrize("text", ["the desk", "mailto:desk@example.org", "https://[", "www.example.org", "a@b@c"])
def test_whom_pages_lead_to_is_a_mailbox_or_a_page(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"{name.lower()}: .* is neither a mailbox"):
        load({f"DATASTORE_{name}": text}, NOWHERE)
    for fine in ("", "desk@example.org", "https://example.org/contact?from=data#form"):
        assert load({f"DATASTORE_{name}": fine}, NOWHERE)


def test_a_portal_has_a_language() -> None:
    with pytest.raises(SettingsError, match="languages: name at least one"):
        load({"DATASTORE_LANGUAGES": ""}, Path("no-such-file"))


@pytest.mark.parametrize("name", ["DATA_DIR", "TITLE", "REGION"])
def test_what_is_never_empty_is_refused_when_it_is(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name.lower()}: it is empty"):
        load({f"DATASTORE_{name}": " "}, NOWHERE)


@pytest.mark.parametrize("name", ["KEEP_REMOVED_DAYS", "CHECK_LINKS_DAYS", "HARVEST_PROCESSES", "PREVIEW_MEMORY_MB"])
def test_a_number_that_nothing_can_count_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name.lower()}: it must be at most"):
        load({f"DATASTORE_{name}": "99999999999"}, NOWHERE)


def test_blanks_around_a_value_are_none_of_it() -> None:
    """As files of environments and secrets of containers have them."""
    settings = load({"DATASTORE_SITE_URL": "https://a.example/ \n", "DATASTORE_TITLE": " Data\n"}, NOWHERE)
    assert (settings.site_url, settings.title) == ("https://a.example", "Data")
