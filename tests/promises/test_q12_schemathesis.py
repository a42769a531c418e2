"""The API does what its own description says, whatever is sent: requests made up from the OpenAPI document."""

import itertools
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from factory import TOWNS, Feed, Memory, mobility, record
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from sampling import share
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case

from catalogue.service import Catalogue
from catalogue.settings import Settings
from harvesters import HARVESTERS
from web.app import create_app

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
UNSAID = {
    "bbox": "south is not above north",
    "period": "it begins before it ends",
    "modified_since": "a day that the calendar has",
    "page": "page × per_page is at most 10,000",
    "since": "a day that the calendar has",
    "url": "a host that may be asked, and that is there",
    "schedule": "cron text",
    "config": "the options of the kind",
    "credentials": "one of five forms",
    "title": "a text that is more than blanks",
    "kind": "an address goes with all kinds but one",
    "body": "RDF, which no schema describes",
    "when": "something must change",
    "": "the same, for the whole body",
}
"""Fields whose rule JSON Schema cannot say: what breaks it is refused although the schema allows it."""


class Portal:
    """A portal with one source, the keys of six roles, and no way out."""

    def __init__(self, folder: Path) -> None:
        memory = Memory()
        limits = {"searches_per_minute": 0, "writes_per_minute": 0, "checks_per_minute": 0}
        site = Settings(data_dir=folder / "var", site_url="https://data.example.brussels", **limits)
        self.catalogue = Catalogue(site, harvesters={**HARVESTERS, "memory": memory})
        self.catalogue.init()
        memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in mobility()])
        self.source = self.catalogue.sources.add(TOWNS, "memory", title="Open towns", publisher="commune").name
        self.catalogue.runs.harvest(self.source)
        self.app: Flask = create_app(site, self.catalogue)
        keys = self.catalogue.keys
        revoked, row = keys.create("commune")
        keys.revoke(row.id)
        self.roles = {
            "nobody": "",
            "producer": keys.create("commune", scopes=("harvest", "push"))[0],
            "pusher": keys.create("commune", scopes=("push",))[0],
            "another": keys.create("somebody-else", scopes=("harvest", "push"))[0],
            "operator": keys.create("region", scopes=("harvest", "push", "operator"))[0],
            "revoked": revoked,
        }

    def described(self) -> dict[str, Any]:
        """The OpenAPI document; steps of addresses may be what is there."""
        document: dict[str, Any] = self.app.test_client().get("/api/1/openapi.json").get_json()
        there = {"source": self.source, "job": "1", "item": "1", "identifier": "bench", "name": "comptages-velos"}
        for operation in itertools.chain.from_iterable(methods.values() for methods in document["paths"].values()):
            for one in operation["parameters"]:
                if one["in"] == "path" and one["name"] in there:
                    one["schema"] = {"anyOf": [{"enum": [there[one["name"]]]}, one["schema"]]}
        return document


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no name leads out of this test")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    made = Portal(tmp_path)
    yield made
    made.catalogue.close()


def unsaid(failure: Failure, case: Case, answer: Any) -> bool:
    """True when a valid request was refused for a rule that no schema can say, in words, or an invalid one answered
    although a value in it is empty: that is none, as of a form with a field left empty."""
    if type(failure).__name__ == "AcceptedNegativeData":
        return any(one in ("", [], {}) or (isinstance(one, list) and "" in one) for one in (case.query or {}).values())
    if type(failure).__name__ != "RejectedPositiveData" or answer.status_code not in {400, 412, 422}:
        return False
    problem = answer.json()
    is_of_all_filters = "values can be chosen at once" in problem["detail"]
    is_unsaid = is_of_all_filters or problem.get("field", "").split(".")[0] in UNSAID
    return answer.status_code == 412 or (is_unsaid and len(problem["detail"]) > 20)


def tried(operation: Any, keys: list[str], mode: GenerationMode, number: int) -> Iterator[str]:
    """What goes wrong with so many requests of one operation, each sent with every key: making one up takes longer than
    answering it. A status for each that goes well."""
    said: list[str] = []

    @settings(
        max_examples=number, database=None, derandomize=True, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        said.extend(outcome(operation, case, key) for key in keys)

    try:
        ask()
    except Unsatisfiable:  # an operation that takes nothing cannot be asked wrongly
        assert mode is GenerationMode.NEGATIVE
    yield from said


def outcome(operation: Any, case: Case, key: str) -> str:
    """The status that a request is answered with, or what is wrong with its answer."""
    headers = {"Accept-Encoding": "identity"} | ({"Authorization": f"Bearer {key}"} if key else {})
    answer = case.call(headers=headers)
    try:
        case.validate_response(answer, headers=headers)
    except FailureGroup as failures:
        wrong = [one for one in failures.exceptions if not unsaid(one, case, answer)]
        mode = case.meta.generation.mode.value if case.meta else ""
        return f"{operation.label} {mode}: {wrong[0]} {answer.content[:300]!r}" if wrong else "unsaid"
    return str(answer.status_code)


@pytest.mark.against("TC-12", "TC-18")
def test_the_api_does_what_it_says_whoever_asks(portal: Portal, note: Callable[..., None]) -> None:
    schema = schemathesis.openapi.from_dict(portal.described())
    schema.app = portal.app
    operations = sorted((found.ok() for found in schema.get_all_operations()), key=lambda one: one.method == "delete")
    number, outcomes = share(1, 100), Counter[str]()
    keys = list(portal.roles.values()) if number > 1 else [portal.roles["producer"]]
    for operation, mode in itertools.product(operations, MODES):
        outcomes.update(tried(operation, keys, mode, number))
    wrong = {said: times for said, times in outcomes.items() if not said.isdigit() and said != "unsaid"}
    servers = sum(times for said, times in outcomes.items() if said.startswith("5") and said.isdigit())
    note(
        "Q12",
        f"{outcomes.total()} requests, {number} of 100 of each way, {len(operations)} operations × {len(keys)} of "
        f"{len(portal.roles)} roles: {len(wrong)} failures, {servers} × 5xx; {outcomes['unsaid']} refused for a rule "
        "that no schema can say",
        holds=not wrong and not servers,
        wrong=list(wrong)[:10],
    )
