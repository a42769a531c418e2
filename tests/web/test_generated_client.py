"""A client that openapi-python-client makes of our OpenAPI document: it calls every operation and reads the answers."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from browsing import served
from factory import TOWNS, Feed, Memory, mobility, record
from previewed import see

from catalogue import clock
from catalogue.previews.files import file_id
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store import questions
from harvesters import HARVESTERS
from web.api import OPERATIONS
from web.app import create_app

CONFIG = {"package_name_override": "portal_client", "post_hooks": []}
TREES = {
    "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
    "@id": "https://example.brussels/id/trees",
    "@type": "dcat:Dataset",
    "dct:title": {"@value": "Arbres", "@language": "fr"},
    "dct:description": {"@value": "Les arbres de la commune.", "@language": "fr"},
}
TABLE = "espece;hauteur;commune\nTilia cordata;21;Jette\nPlatanus;30;Evere\nFagus;18;Jette\n"
NEW = {"kind": "dcat", "url": "https://new.example.brussels/feed.ttl", "title": "New"}
REUSE = {"kind": "app", "title": "Trees near you", "url": "https://trees.example/", "language": "en"}
HOOK = {"url": "https://commune.example/other"}


class Call(NamedTuple):
    """One operation with what it is given, and the status that it answers here."""

    name: str
    given: dict[str, Any]
    status: int = 200
    body: tuple[str, Any] | None = None
    """The name of its model and what it is made of; with an empty name, what is sent as it is."""


class Stage(NamedTuple):
    """A client, and what it asks about."""

    client: Any
    calls: list[Call]


def made(folder: Path, document: dict[str, Any]) -> None:
    """Makes the client."""
    (folder / "openapi.json").write_text(json.dumps(document))
    (folder / "config.yml").write_text(json.dumps(CONFIG))
    command = (str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--meta", "none")
    places = ("--path", "openapi.json", "--config", "config.yml", "--output-path", "portal_client")
    told = subprocess.run([*command, *places], cwd=folder, capture_output=True, text=True, check=True)
    for file in (folder / "portal_client" / "api").rglob("*.py"):  # 0.29 names Unset without importing it
        file.write_text(file.read_text().replace("import Response, UNSET\n", "import Response, UNSET, Unset\n"))
    warnings = set(re.findall(r"^WARNING.*|^Unable.*|^Cannot.*", told.stdout + told.stderr, re.MULTILINE))
    assert {line for line in warnings if "within" not in line} == set(), told.stdout


def calls(catalogue: Catalogue) -> list[Call]:
    """Every operation, in an order in which each finds what it needs."""
    name = catalogue.sources.add(TOWNS, "memory", title="Open towns", publisher="commune").name
    catalogue.runs.harvest(name)
    sent = catalogue.sources.add("", "push", title="Sent", publisher="commune").name
    hook, _ = catalogue.subscriptions.add("https://commune.example/in", publisher="commune")
    row = next(row for row in catalogue.entries.all() if row.kind == "dataset" and row.entry.distribution)
    see(catalogue, row, TABLE)
    (key,) = catalogue.previews.of_entry(row.id)
    file = file_id(row.id, key)
    with catalogue._database.write() as tx:
        asked = {"text": "How old are they?", "language": "en", "address": "", "nonce": b""}
        question = {"question": str(questions.add(tx, row.id, form=b"1", moment=clock.now(), **asked))}
    source, own, job, at = {"source": name}, {"source": sent}, {"job": "1"}, {"hook": str(hook.id)}
    record = own | {"identifier": "park/trees"}
    item = {"item": str(catalogue.runs.outcomes(1)[0].id)}
    return [
        Call("describe", {}),
        Call("search_entries", {"q": "budget"}),
        Call("list_unanswered", {}),
        Call("list_entries", {"limit": 2}),
        Call("show_entry", {"name": row.name}),
        Call("list_publishers", {}),
        Call("show_publisher", {"name": row.publisher_name}),
        Call("show_quality", {}),
        Call("list_changes", {}),
        Call("list_duplicates", {}),
        Call("show_file", {"file": file}),
        Call("list_rows", {"file": file, "limit": 2}),
        Call("list_columns", {"file": file}),
        Call("list_backends", {}),
        Call("list_sources", {}),
        Call("show_source", source),
        Call("list_jobs", source),
        Call("show_job", job),
        Call("list_items", job),
        Call("list_differences", job),
        Call("list_errors", job),
        Call("show_raw", item),
        Call("show_mapped", item),
        Call("show_trace", item),
        Call("preview_source", source),
        Call("preview_new_source", {}, 200, ("Trial", {"url": "http://127.0.0.1:9/", "kind": "dcat"})),
        Call("find_source", {}, 422, ("FindOrder", {"url": "http://127.0.0.1:9/"})),
        Call("create_source", {}, 201, ("NewSource", NEW)),
        Call("decline_source", {"source": "new"}, 200, ("Declining", {"reason": "It is a copy."})),
        Call("approve_source", {"source": "new"}),
        Call("change_source", source, 200, ("SourceChange", {"title": "Open towns of today"})),
        Call("pause_source", source),
        Call("resume_source", source),
        Call("run_source", source, 202, ("RunOrder", {"job_type": "force_harvest"})),
        Call("cancel_job", {"job": "2"}),
        Call("approve_deletions", job, 409),
        Call("keep_deletions", job, 409),
        Call("list_moves", source),
        Call("confirm_moves", source),
        Call("confirm_move", source, 404, ("MoveOrder", {"old": "a", "new": "b"})),
        Call("rehearse_source", source, 202, ("RehearsalOrder", {})),
        Call("show_rehearsal", source),
        Call("put_record", record, 201, ("PutRecordJsonBody", TREES)),
        Call("show_record", record),
        Call("correct_record", record, 200, ("CorrectRecordBody", {"title[fr]": "Les arbres"})),
        Call("post_records", own, 200, ("PostRecordsJsonBody", TREES | {"@id": "https://example.brussels/id/parks"})),
        Call("list_records", own),
        Call("delete_record", record),
        Call("list_withdrawn", own),
        Call("put_back", own, 200, ("PutBack", {"identifier": "park/trees"})),
        Call("validate_feed", {}, 200, ("ValidateFeedJsonBody", TREES)),
        Call("list_questions", {}),
        Call("answer_question", question, 200, ("NewAnswer", {"answer": "Sixty years.", "public": True})),
        Call("close_question", question),
        Call("add_reuse", {}, 201, ("WrittenReuse", REUSE | {"dataset": row.name})),
        Call("approve_reuse", {"reuse": "1"}),
        Call("list_reuses", {"limit": 2}),
        Call("remove_reuse", {"reuse": "1"}),
        Call("list_hooks", {}),
        Call("create_hook", {}, 201, ("NewHook", HOOK)),
        Call("show_hook", at),
        Call("change_hook", at, 200, ("HookChange", {"when": "always"})),
        Call("try_hook", at),
        Call("list_deliveries", at),
        Call("delete_hook", at),
        Call("list_audit", {}),
        Call("delete_source", source),
    ]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder, memory = tmp_path_factory.mktemp("client"), Memory()
    memory.feeds[TOWNS] = Feed([record(identifier, entry) for identifier, entry in mobility()])
    settings = Settings(data_dir=folder / "var", source_approval=True, check_links=False, writes_per_minute=0)
    catalogue = Catalogue(settings, harvesters={**HARVESTERS, "memory": memory})
    catalogue.init()
    app = create_app(settings, catalogue)
    made(folder, app.test_client().get("/api/1/openapi.json").get_json())
    key, _ = catalogue.keys.create("commune", ("harvest", "push", "operator"))
    sys.path.insert(0, str(folder))
    try:
        client, asked = importlib.import_module("portal_client").AuthenticatedClient, calls(catalogue)
        with served(app) as site:
            yield Stage(client(base_url=site, token=key), asked)
    finally:
        sys.path.remove(str(folder))
        catalogue.close()


def test_every_operation_is_called(stage: Stage) -> None:
    assert sorted(call.name for call in stage.calls) == sorted(one.name for one in OPERATIONS)


def test_what_it_sends_is_understood_and_what_it_gets_is_read(stage: Stage) -> None:
    models, wrong = importlib.import_module("portal_client.models"), []
    for call in stage.calls:
        ask: Callable[..., Any] = importlib.import_module(f"portal_client.api.default.{call.name}").sync_detailed
        body = {"body": getattr(models, call.body[0]).from_dict(call.body[1])} if call.body else {}
        answer = ask(client=stage.client, **call.given, **body)
        if (answer.status_code, answer.parsed is None) != (call.status, False):
            wrong.append((call.name, answer.status_code, answer.content[:300]))
    assert wrong == []
