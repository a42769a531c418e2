"""Why records were not taken and runs failed, in the language of the reader."""

import re
from collections.abc import Iterator
from pathlib import Path

import pages
import pytest
from factory import Feed, Memory, open_catalogue, record, texts
from flask.testing import FlaskClient

from catalogue.ingest import filters
from catalogue.ingest.draft import DEADLY
from catalogue.service import Catalogue
from catalogue.sources import why_failed
from catalogue.store.rows import OutcomeRow
from dcat.findings import Finding
from dcat.model import Dataset, Text
from harvesters.base import HarvestError, RawRecord
from web.app import create_app
from web.wording import reasons

ROOT = Path(__file__).parents[2]
URL = "https://agency.example/feed"
Opened = tuple[Catalogue, Memory, FlaskClient]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A catalogue with one source."""
    catalogue, memory = open_catalogue(tmp_path / "var")
    catalogue.sources.add(URL, "memory", title="Agence")
    yield catalogue, memory, create_app(catalogue.settings, catalogue).test_client()
    catalogue.close()


def report(opened: Opened, lang: str) -> str:
    """The words of the report of the next run."""
    catalogue, _, client = opened
    return pages.words(pages.read(client, f"/{lang}/source/agence/run/{catalogue.runs.harvest('agence').id}"))


def coded(folder: str, pattern: str) -> set[str]:
    """Codes that the program gives, as its files have them."""
    files = "\n".join(path.read_text("utf-8") for path in (ROOT / folder).rglob("*.py"))
    return set(re.findall(pattern, files))


def test_every_code_of_a_failed_run_has_words() -> None:
    raised = coded("harvesters", r"HarvestError\(\s*\"([A-Z_]+)\"")
    closed = coded("catalogue", r"error_code=\"([A-Z_]+)\"|\"error_code\": \"([A-Z_]+)\"|\.fail\(\"([A-Z_]+)\"")
    ours = {code for found in closed for code in found if code}
    assert len(raised) > 10
    assert {"FAULT", "STOPPED", "ABORTED", "STORE_UNAVAILABLE"} <= ours
    assert raised | ours <= why_failed.codes()


def test_every_code_of_a_record_has_words() -> None:
    skipped = coded("harvesters", r"SkipRecord\([^\n]*, \"([A-Z_]+)\"\)")
    taken = coded("catalogue", r"code=\"([A-Z_]+)\", reason=")
    held = coded("catalogue", r"\"([A-Z]+_MISSING|MISSING_[A-Z]+)\", (?:f\"|reason\))")
    assert {"PRIVATE", "NOT_ACTIVE"} <= skipped
    assert {"UNREADABLE", "INVALID", "FAULT"} <= taken
    assert len(held) == 3
    kept = coded("catalogue", r"code=\"(KEPT)\"") | coded("catalogue", r"CODE = \"(WITHDRAWN)\"")
    assert skipped | taken | held | kept | {filters.CODE, DEADLY} == reasons.RECORDS.keys()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("fr", "Une règle obligatoire"), ("nl", "Een verplichte regel"), ("de", "Eine verbindliche Regel")],
)
def test_a_refused_record_is_explained(opened: Opened, lang: str, words: str) -> None:
    opened[1].feeds[URL] = Feed([record("1", Dataset(title=(Text(" "),)))])
    said = report(opened, lang)
    assert words in said
    assert "which is mandatory" not in said


def test_a_fault_of_ours_is_told_as_one(opened: Opened) -> None:
    opened[1].feeds[URL] = Feed([RawRecord(identifier="1", body=b"fault", media_type="x/y")])
    assert "La faute est à nous" in report(opened, "fr")


def test_a_missing_record_is_told_with_what_will_happen(opened: Opened) -> None:
    several = [record(str(number), Dataset(title=texts(fr=f"Jeu {number}"))) for number in range(20)]
    opened[1].feeds[URL] = Feed(several)
    report(opened, "de")
    opened[1].feeds[URL] = Feed(several[1:])
    assert "Fehlt es wieder, wird es entfernt." in report(opened, "de")
    opened[1].feeds[URL] = Feed(several[12:])
    assert "Er ontbreken veel fiches tegelijk." in report(opened, "nl")
    opened[1].feeds[URL] = Feed()
    assert "La source ne donne soudain plus rien." in report(opened, "fr")


def test_a_removed_record_is_told_with_its_reason(opened: Opened) -> None:
    several = [record(str(number), Dataset(title=texts(fr=f"Jeu {number}"))) for number in range(20)]
    opened[1].feeds[URL] = Feed(several)
    report(opened, "fr")
    opened[1].feeds[URL] = Feed(several[1:])
    report(opened, "fr")
    assert "Le catalogue du producteur ne le mentionne plus." in report(opened, "fr")


def test_a_failed_run_is_explained_with_the_english_detail(opened: Opened) -> None:
    opened[1].feeds[URL] = Feed(error=HarvestError("UNREACHABLE", "https://agency.example cannot be reached.", URL))
    said = report(opened, "fr")
    assert "La source n’est pas joignable. Vérifiez l’adresse, et que son serveur fonctionne" in said
    assert "https://agency.example cannot be reached." in said


@pytest.mark.parametrize("code", ["", "LATER_VERSION"])
def test_what_has_no_words_keeps_its_sentence(opened: Opened, code: str) -> None:
    with opened[2].application.test_request_context("/fr/"):
        row = OutcomeRow(identifier="1", outcome="SKIPPED", code=code, reason="It is odd.")
        assert reasons.of_record(row) == ("", "It is odd.")


def test_broken_rules_are_told_and_unknown_ones_left_out(opened: Opened) -> None:
    missing = Finding("required-missing", "1", "dct:title")
    row = OutcomeRow(identifier="1", outcome="REFUSED", code="INVALID", findings=(Finding("gone"), missing))
    with opened[2].application.test_request_context("/nl/"):
        why = reasons.of_record(row)
    assert why.words.startswith("Een verplichte regel is niet nageleefd")
    assert "titel" in why.words
    assert why.detail == ""


def test_only_a_run_that_went_through_is_said_to_have_gone_without_remark(opened: Opened) -> None:
    assert "sans remarque" not in report(opened, "fr")
    opened[1].feeds[URL] = Feed([])
    assert "La source ne donne aucune fiche." in report(opened, "fr")
    opened[1].feeds[URL] = Feed([RawRecord(identifier="1", body=b"skip", media_type="x/y")])
    assert "sans remarque" in report(opened, "fr")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("401 Unauthorized", "La source ne nous laisse entrer qu’avec une clé ou un mot de passe."),
        ("404 Not Found", "Il n’y a rien à l’adresse de la source."),
        ("503 Service Unavailable", "La source a une panne."),
        ("418 I'm a Teapot", "La source a répondu par une erreur."),
    ],
)
def test_a_status_is_told_in_the_language_of_the_reader(opened: Opened, status: str, words: str) -> None:
    _, memory, _ = opened
    memory.feeds[URL] = Feed(error=HarvestError("HTTP_STATUS", f"{URL} answered {status}. Look at it.", URL))
    said = report(opened, "fr")
    assert words in said
    assert status in said
    assert "Tout est passé" not in said


def test_words_of_failures_exist_in_every_language_in_its_typography() -> None:
    for code in sorted(why_failed.codes()):
        said = {lang: why_failed.words(code, "", lang) for lang in pages.LANGUAGES}
        assert all(said.values()), code
        assert not re.search(r"(?<!\N{NO-BREAK SPACE})[?;»](?!\w)|[^\N{NO-BREAK SPACE}]:(?!\w)", said["fr"]), said["fr"]
    assert why_failed.words("NOBODY", "", "fr") == ""
