"""Who may do what: every operation of the API as every kind of key, against one rule."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from factory import TOWNS, Feed, mobility, open_catalogue, record
from flask.testing import FlaskClient

from catalogue import clock
from web.api import OPERATIONS
from web.api.operations import Operation
from web.app import create_app

OWNED = ("{source}", "{job}", "{item}", "{hook}")
"""Steps of an address that belong to a producer."""
RECORD = record("trees", mobility()[2][1]).body
"""A body that can be published; other operations understand it in part or not at all."""


class Identity(NamedTuple):
    """Who asks."""

    name: str
    key: str
    scopes: tuple[str, ...] = ()
    is_owner: bool = False


class Stage(NamedTuple):
    """A portal with the things of one producer, and everybody who asks for them."""

    client: FlaskClient
    places: dict[str, str]
    identities: list[Identity]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    limits = {"searches_per_minute": 0, "writes_per_minute": 0, "checks_per_minute": 0}
    catalogue, memory = open_catalogue(tmp_path / "var", **limits)
    memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in mobility()])
    source = catalogue.sources.add(TOWNS, "memory", title="Open towns", publisher="commune").name
    catalogue.runs.harvest(source)
    hook, _ = catalogue.subscriptions.add("https://commune.example/in", publisher="commune")
    places = {"source": source, "job": "1", "item": "1", "identifier": "trees", "name": "trams", "hook": str(hook.id)}
    create = catalogue.keys.create
    revoked, row = create("commune")
    catalogue.keys.revoke(row.id)
    long_ago = clock.now() - timedelta(days=400)
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: long_ago)
        expired, _ = create("commune", days=30)
    identities = [
        Identity("nobody", ""),
        Identity("nonsense", "x" * 40),
        Identity("expired", expired),
        Identity("revoked", revoked),
        Identity("another producer", create("somebody-else")[0], ("harvest", "push")),
        Identity("operator", create("region", ("harvest", "push", "operator"))[0], ("harvest", "push", "operator")),
        Identity("producer, push only", create("commune", ("push",))[0], ("push",), is_owner=True),
        Identity("producer, harvest only", create("commune", ("harvest",))[0], ("harvest",), is_owner=True),
        Identity("producer", create("commune")[0], ("harvest", "push"), is_owner=True),
    ]
    yield Stage(create_app(catalogue.settings, catalogue).test_client(), places, identities)
    catalogue.close()


def rule(operation: Operation, who: Identity) -> set[int]:
    """The refusals that this identity must get; none where it may."""
    if not operation.scope:
        return set()
    if not who.scopes:
        return {401}
    if operation.scope not in who.scopes:
        return {403}
    is_owned = any(step in operation.path for step in OWNED) and operation.scope != "operator"
    return {404} if is_owned and not who.is_owner else set()


def asked(stage: Stage, operation: Operation, who: Identity) -> int:
    """The status that somebody gets."""
    path = re.sub(r"{(\w+)}", lambda step: stage.places.get(step[1], "1"), operation.path)
    headers = {"Authorization": f"Bearer {who.key}"} if who.key else {}
    body = {} if operation.method in {"GET", "DELETE"} else {"data": RECORD, "content_type": "application/json"}
    return stage.client.open(path, method=operation.method, headers=headers, **body).status_code


@pytest.mark.against("TC-02")
def test_everybody_may_what_the_rule_says_and_no_more(stage: Stage, note: Callable[..., None]) -> None:
    wrong, cases = [], 0
    for who in stage.identities:
        for operation in sorted(OPERATIONS, key=lambda one: one.method == "DELETE"):
            status, refusals = asked(stage, operation, who), rule(operation, who)
            is_right = status in refusals if refusals else status not in {401, 403} and status < 500
            cases += 1
            if not is_right:
                wrong.append(f"{who.name}: {operation.method} {operation.path} → {status}, not {refusals or 'done'}")
    note(
        "Q13",
        f"{len(OPERATIONS)} operations × {len(stage.identities)} identities = {cases} cases: {len(wrong)} deviations",
        holds=not wrong,
        wrong=wrong,
    )
