"""What we are made of is locked, listed with licences, and audited or said not to be."""

import json
import re
from collections.abc import Callable

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from promises.figures import ROOT
from sampling import SHARE

from requirements.audit import CLEAN, NOT_AUDITED, WEAK, audit, judged
from requirements.bill import bill, licences

SOUND = {"name": "lxml", "version": "6.1.3", "vulns": []}
SICK = {"name": "idna", "version": "3.6", "vulns": [{"id": "CVE-2024-3651"}]}
PASSED_OVER = {"name": "alembic", "skip_reason": "not found"}


def unhashed() -> tuple[int, list[str]]:
    """How many packages are locked, and which of them without a hash."""
    blocks = [
        block
        for path in sorted((ROOT / "requirements").glob("*.txt"))
        for block in re.split(r"\n(?=\S)", path.read_text("utf-8"))
        if re.match(r"[A-Za-z0-9]", block)
    ]
    return len(blocks), [block.split()[0] for block in blocks if "--hash=sha256:" not in block]


def test_all_is_locked_listed_and_audited_or_said_not_to_be(note: Callable[..., None]) -> None:
    locked, bare = unhashed()
    document = bill()
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document))
    named = licences(document)
    silent = [name for name, found in named.items() if not found]
    bare += [part["name"] for part in document["components"] if not part["hashes"]]
    note(
        "Q22",
        f"{locked} packages locked, {len(bare)} without hash; CycloneDX 1.6 of {len(named)} packages "
        f"({'valid' if wrong is None else wrong}), {len(silent)} without licence. "
        + (audit()[1] if SHARE else "The audit was not asked for in this run."),
        holds=not bare and wrong is None and not silent and len(named) > 40,
    )


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ([SOUND], CLEAN, "1 packages audited"),
        ([SOUND, SICK], WEAK, "idna 3.6: CVE-2024-3651"),
        ([SOUND, PASSED_OVER], NOT_AUDITED, "alembic (not found)"),
        ([SICK, PASSED_OVER], WEAK, "1 known weaknesses"),
        ([], NOT_AUDITED, "0 of 0"),
    ],
)
def test_only_an_audit_of_every_package_is_clean(packages: list[dict[str, object]], code: int, said: str) -> None:
    assert judged(packages)[0] == code
    assert said in judged(packages)[1]


def test_a_service_that_cannot_be_reached_audits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    code, sentence = audit()
    assert code == NOT_AUDITED
    assert sentence.startswith("Not audited: ")
