"""The doctor finds what is wrong and says what to do."""

from collections import namedtuple
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from commands import datastore, last_json
from factory import Feed, open_catalogue, record, texts

from catalogue import clock
from catalogue.errors import DatastoreError
from catalogue.names import PACKAGES, refuse_foreign_packages
from catalogue.service import Catalogue
from catalogue.settings import Settings, unknown
from catalogue.work import doctor
from catalogue.work.doctor import CHECKS, examine
from dcat.model import Dataset

OURS = {name: ["datastore-portal"] for name in PACKAGES}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path / "var")
    catalogue = Catalogue(settings)
    catalogue.init()
    catalogue.close()
    return settings


def wrong(settings: Settings) -> dict[str, str]:
    return {check.name: check.message for check in examine(settings) if not check.ok}


def test_a_fresh_installation_is_well(settings: Settings) -> None:
    assert wrong(settings) == {}
    assert [check.name for check in examine(settings)] == list(CHECKS)


def test_without_init_it_says_so(tmp_path: Path) -> None:
    assert "datastore init" in wrong(Settings(data_dir=tmp_path))["database"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert "data folder" in wrong(Settings(data_dir=tmp_path / "file" / "var"))


@pytest.mark.parametrize("name", ["feeds", "dumps", "previews"])
def test_a_folder_in_it_that_cannot_be_written_is_said(settings: Settings, name: str) -> None:
    """As one is that the worker of another user made."""
    (settings.data_dir / name / ".doctor").mkdir(parents=True)
    assert f"var/{name}/.doctor cannot be read or written" in wrong(settings)["data folder"]


def test_a_key_that_cannot_be_used_is_said(settings: Settings) -> None:
    (settings.data_dir / "secret.key").touch()
    assert "The key of this installation is cut off" in wrong(settings)["data folder"]


def test_what_a_setting_leads_to_is_looked_at(settings: Settings) -> None:
    lost = replace(settings, collections="/nowhere.toml")
    assert "collections: /nowhere.toml cannot be used" in wrong(lost)["settings"]
    assert "mail_url" in wrong(replace(settings, mail_url="mail.example.org:25"))["settings"]
    assert "DATASTORE_MAIL_FROM" in wrong(replace(settings, mail_url="smtp://mail.example.org"))["notices"]


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("worker", "--once")])
def test_no_process_starts_with_a_setting_that_would_break_a_page(tmp_path: Path, command: tuple[str, ...]) -> None:
    _, said = datastore(tmp_path, *command, expect=2, COLLECTIONS="/nowhere.toml")
    assert "collections: /nowhere.toml cannot be used" in said


def test_what_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url="postgresql+psycopg://user:hidden@127.0.0.1:9/none",
        search_url="http://user:hidden@127.0.0.1:9/datastore",
    )
    found = wrong(settings)
    assert {"database", "index", "sources", "work"} <= set(found)
    assert "hidden" not in str(found)


def test_a_search_engine_that_does_not_answer_is_told_once(tmp_path: Path) -> None:
    datastore(tmp_path, "init")
    said, errors = datastore(tmp_path, "doctor", expect=1, SEARCH_URL="http://127.0.0.1:9/datastore")
    (index,) = (line for line in said.splitlines() if line.startswith("BAD"))
    assert "127.0.0.1:9" in index
    assert errors.split("\n\n") == ["Error: Something is not well: see above.\n"]


def test_the_settings_in_force_are_shown_without_secrets(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path, title="Ours", secret_key="hidden", search_url="http://u:hidden@127.0.0.1:9/x"
    )
    shown = next(check for check in examine(settings) if check.name == "settings")
    assert shown.ok
    assert "title Ours" in shown.message
    assert "hidden" not in shown.message


def test_package_names_that_are_ours_are_accepted() -> None:
    refuse_foreign_packages(OURS)
    refuse_foreign_packages({})


@pytest.mark.parametrize("name", OURS)
def test_a_package_that_somebody_else_claims_is_refused(name: str) -> None:
    with pytest.raises(DatastoreError, match=f"'{name}' is also installed by stranger") as refusal:
        refuse_foreign_packages(OURS | {name: ["datastore-portal", "stranger"]})
    assert "environment of its own" in str(refusal.value)


def test_the_command_shows_every_check(tmp_path: Path) -> None:
    out, err = datastore(tmp_path, "doctor", expect=1)
    assert "BAD  database" in out
    assert "see above" in err
    datastore(tmp_path, "init")
    out, _ = datastore(tmp_path, "doctor")
    assert out.count("ok ") == len(CHECKS)
    out, _ = datastore(tmp_path, "doctor", "--json")
    assert [check["name"] for check in last_json(out)] == list(CHECKS)


def test_a_source_that_failed_and_one_that_is_held_are_named(tmp_path: Path) -> None:
    catalogue, memory = open_catalogue(tmp_path)
    many = [record(f"r{n}", Dataset(title=texts(fr=f"Jeu {n}"))) for n in range(12)]
    memory.feeds["https://held.example/feed"] = Feed(many)
    for title in ("Held", "Failed"):
        catalogue.sources.add(f"https://{title.lower()}.example/feed", "memory", title=title)
    assert "sources" not in wrong(catalogue.settings)
    catalogue.runs.harvest("held")
    memory.feeds["https://held.example/feed"] = Feed(many[:2])
    for name in ("held", "failed"):
        catalogue.runs.harvest(name)
    said = wrong(catalogue.settings)["sources"]
    assert "failed: The source answers 404 Not Found." in said
    assert "datastore source removals held" in said
    catalogue.sources.pause("failed")
    assert "failed:" not in wrong(catalogue.settings)["sources"]
    catalogue.close()


def test_what_is_due_while_nobody_works_is_said(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path)
    name = catalogue.sources.add("https://agency.example/feed", "memory", title="Agency").name
    catalogue.runs.request(name)
    assert "work" not in wrong(catalogue.settings)
    with catalogue._database.write() as tx:
        tx.exec_driver_sql("UPDATE runs SET queued = '2020-01-01 00:00:00.000000'")
    said = wrong(catalogue.settings)["work"]
    assert "harvest 1 (since 2020-01-01 00:00 UTC)" in said
    assert "datastore worker" in said
    held = catalogue.leases.appear()
    assert held
    assert "work" not in wrong(catalogue.settings)
    held.give_back()
    assert "work" in wrong(catalogue.settings)
    catalogue.close()


def test_a_source_that_never_ran_is_named_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, _ = open_catalogue(tmp_path)
    name = catalogue.sources.add("https://agency.example/feed", "memory", title="Agency").name
    assert "sources" not in wrong(catalogue.settings)
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert f"datastore harvest {name}" in wrong(catalogue.settings)["sources"]
    catalogue.sources.pause(name)
    assert "sources" not in wrong(catalogue.settings)
    catalogue.close()


def test_a_backup_that_is_missing_or_old_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, _ = open_catalogue(tmp_path)
    catalogue.sources.add("https://agency.example/feed", "memory", title="Agency")
    assert "backup" not in wrong(catalogue.settings)
    start = clock.now()
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=8))
    assert "No backup was made" in wrong(catalogue.settings)["backup"]
    catalogue.backups.save(tmp_path / "saved")
    assert "backup" not in wrong(catalogue.settings)
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=16))
    assert "The last backup is of" in wrong(catalogue.settings)["backup"]
    catalogue.close()


def test_who_could_not_be_reached_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, _ = open_catalogue(tmp_path)
    row, _ = catalogue.subscriptions.add("http://127.0.0.1:9/hook?key=hush")
    assert "notices" not in wrong(catalogue.settings)
    catalogue.notices.trial(row.id)
    said = wrong(catalogue.settings)["notices"]
    assert "Of 1 who are told what happens to sources, 1 could not be reached, such as http://127.0.0.1:9/…" in said
    assert "hush" not in said
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "notices" not in wrong(catalogue.settings)
    catalogue.close()


def test_a_disk_that_is_nearly_full_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor, "disk_usage", lambda _: usage(10**11, 10**11 - 10**8, 10**8))
    assert "0.1 GB of 100 GB are free. Make room" in wrong(settings)["data folder"]


def test_a_misspelt_variable_is_said_with_the_name_that_is_meant(tmp_path: Path) -> None:
    datastore(tmp_path, "init")
    out, _ = datastore(tmp_path, "doctor", expect=1, SITEURL="https://x.example", COLOUR="red")
    assert "DATASTORE_SITEURL is no setting and does nothing. Is DATASTORE_SITE_URL meant?" in out
    assert "DATASTORE_COLOUR is no setting and does nothing." in out
    assert "DATASTORE_SITEURL" in datastore(tmp_path, "source", "list", SITEURL="x")[1]


def test_a_variable_in_small_letters_is_said_too() -> None:
    assert unknown({"datastore_site_url": "https://x.example"}) == [
        "datastore_site_url is no setting and does nothing. Is DATASTORE_SITE_URL meant?"
    ]


@pytest.mark.against("TC-13")
def test_a_key_that_is_too_short_and_a_database_without_tables_are_refused(tmp_path: Path) -> None:
    assert "16 characters" in datastore(tmp_path, "serve", "--port", "0", expect=2, SECRET_KEY="short")[1]
    assert "datastore init" in datastore(tmp_path, "serve", "--port", "0", expect=2)[1]
