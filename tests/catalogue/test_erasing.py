"""A person erased on demand: out of all that is kept, and not back whatever comes in (A15, Q21)."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from commands import invoke
from factory import Feed, Memory, open_catalogue, record, texts
from loopback import Answer, always, running

from catalogue import clock
from catalogue.audit import acting
from catalogue.erasing.erasing import Told
from catalogue.errors import Invalid
from catalogue.ingest import erased
from catalogue.ingest.erased import Erased
from catalogue.search.base import Query
from catalogue.service import Catalogue
from catalogue.sources.editing import Change
from catalogue.store import erasures, questions, types
from catalogue.store.database import Transaction
from catalogue.store.tables import metadata
from catalogue.work.rehearsing import Rehearsing
from catalogue.work.worker import Worker
from dcat.model import Agent, Contact, Dataset, Iri
from harvesters.base import RawRecord

NAME, MAILBOX = "Godelieve Vandersmissen", "godelieve.vandersmissen@agency.example"
WHO = (NAME, MAILBOX)
KEY = b"k" * 32
URL = "https://agency.example/feed"
GONE = erased.GONE
SETTINGS = {"show_persons": True, "mail_url": "smtp://127.0.0.1:9", "mail_from": "opendata@example.brussels"}
"""With persons who are published, and letters that nobody takes."""


def those(*who: str) -> Erased:
    return Erased(KEY, [erased.mark(one, KEY) for one in who])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Gemaakt door {NAME}.", f"Gemaakt door {GONE}."),
        ("VANDERSMISSEN, Godelieve (dienst)", f"{GONE} (dienst)"),
        ("Gödelieve  Vandersmissen", GONE),
        (
            f'{{"maker":"x\\n{NAME}","mail":"mailto:{MAILBOX.upper()}"}}',
            f'{{"maker":"x\\n{GONE}","mail":"mailto:{GONE}"}}',
        ),
        (r'"G\u00f6delieve Vandersmissen"', f'"{GONE}"'),
        ("<a>Godelieve</a><b>Vandersmissen</b>", f"<a>{GONE}</a><b>{GONE}</b>"),
        (
            '_:b1 <http://v/given-name> "Godelieve" .\n_:b1 <http://v/family-name> "Vandersmissen" .',
            f'_:b1 <http://v/given-name> "{GONE}" .\n_:b1 <http://v/family-name> "{GONE}" .',
        ),
        ('{"given": "Godelieve", "family": "Vandersmissen"}', f'{{"given": "{GONE}", "family": "{GONE}"}}'),
        (r"zie \ngodelieve.vandersmissen@agency.example.", rf"zie \n{GONE}."),
        ("<mailto:godelieve.vandersmissen%40agency.example>", f"<mailto:{GONE}>"),
    ],
)
def test_however_a_person_is_written_they_are_found(text: str, left: str) -> None:
    gone = those(*WHO)
    assert gone.of_text(text) == left
    assert gone.of_text(left) == left
    assert gone.of_bytes(text.encode()).decode() == left


@pytest.mark.parametrize(
    "text",
    [
        "Godelieve Peeters en Jan Vandersmissen",
        "Godelievestraat 3, Vandersmissenplein",
        "info@agency.example, xgodelieve.vandersmissen@agency.example",
        "https://agency.example/Godelieve/Vandersmissen/bomen.csv",
        "",
    ],
)
def test_others_are_left_alone(text: str) -> None:
    assert those(*WHO).of_text(text) == text


def test_records_keep_their_encoding() -> None:
    gone = those("René Éloy")
    assert gone.of_bytes("à René Éloy".encode("latin-1")) == "à ...".encode("latin-1")
    assert gone.of_bytes("à René Éloy".encode("utf-16")).decode("utf-16") == f"à {GONE}"


@pytest.mark.parametrize("who", ["Vandersmissen", "", "a@", "@b.example"])
def test_what_many_texts_hold_is_nobody(who: str) -> None:
    with pytest.raises(Invalid):
        erased.mark(who, KEY)


def test_every_text_of_the_store_is_rewritten_or_said_not_to_be() -> None:
    for table in metadata.sorted_tables:
        there = {
            one.name for one in table.columns if isinstance(one.type, (types.SafeText, sa.LargeBinary, *types.PACKED))
        }
        rewritten = {*erasures.TEXTS.get(table.name, ()), *erasures.JSONS.get(table.name, ())}
        left = set(erasures.LEFT.get(table.name, ()))
        assert there == rewritten | left, table.name
        assert not rewritten & left


# --- out of all that is kept ------------------------------------------------------------------------------------------


def bomen(**values: object) -> Dataset:
    """A dataset that names a person in each text."""
    person = Contact(name=texts(nl=NAME), email=(Iri(f"mailto:{MAILBOX}"),), is_individual=True)
    said = Dataset(
        title=texts(nl="Bomen"),
        description=texts(nl=f"Geteld door {NAME}, {MAILBOX}."),
        publisher=Agent(name=texts(nl="Stad"), mbox=Iri(f"mailto:{MAILBOX}")),
        contact=(person,),
        keyword=texts(nl=NAME),
    )
    return msgspec.structs.replace(said, **values)


@pytest.fixture
def known(tmp_path: Path, database_url: str) -> Iterator[tuple[Catalogue, Memory]]:
    """A catalogue that names a person wherever it can."""
    catalogue, memory = open_catalogue(tmp_path / "var", database_url=database_url, **SETTINGS)
    with acting("command line anna"):
        fill(catalogue, memory)
    yield catalogue, memory
    catalogue.close()


def fill(catalogue: Catalogue, memory: Memory) -> None:
    source = catalogue.sources.add(URL, "memory", title="Lijst").name
    catalogue.sources.edit(source, Change(title=f"Lijst van {NAME}"))
    refused = RawRecord(identifier="slecht", body=f'{{"wie":"{NAME}"}}'.encode(), media_type="application/json")
    old = bomen(title=texts(nl="Oude bomen"))
    memory.feeds[URL] = Feed([record("bomen", bomen()), record("oud", old), refused])
    catalogue.runs.harvest(source)
    changed = bomen(description=texts(nl=f"Herteld door {NAME}."))
    memory.feeds[URL] = Feed([record("bomen", changed), record("oud", old), refused])
    catalogue.runs.harvest(source)
    catalogue.records.withdraw(source, "oud")
    catalogue.records.push(
        source, "gestuurd", record("gestuurd", bomen(title=texts(nl="Gestuurd"))).body, "application/json"
    )
    catalogue.records.correct(source, "bomen", {"title[fr]": f"Arbres de {NAME}"})
    catalogue.subscriptions.add(f"mailto:{MAILBOX}")
    id = catalogue.entries.find("bomen").id
    catalogue.followers.ask(id, MAILBOX, "nl")
    catalogue.followers.ask_for(Query(text=f"Werk van {NAME}"), "anna@home.example", "nl")
    with catalogue._database.write() as tx:
        for text, address in ((f"Werkt {NAME} er nog?", ""), ("Hoe oud zijn de bomen?", MAILBOX)):
            asked = {"text": text, "language": "nl", "address": address, "nonce": b""}
            questions.add(tx, id, form=text[:16].encode(), moment=clock.now(), **asked)


def naming(catalogue: Catalogue) -> list[str]:
    """Tables of the store and files of the data folder that name the person."""
    with catalogue._database.read() as tx:
        found = {
            str(table.name): repr(tx.execute(sa.select(table)).mappings().all()) for table in metadata.sorted_tables
        }
    folder = catalogue.settings.data_dir
    files = [file for file in (folder.parent if catalogue._database.is_sqlite else folder).rglob("*") if file.is_file()]
    found |= {file.name: file.read_bytes().decode("latin-1") for file in files}
    return [place for place, text in found.items() if is_named(text)]


def is_named(text: str) -> bool:
    return "vandersmissen" in text.lower()


def test_a_person_is_erased_from_all_that_is_kept(known: tuple[Catalogue, Memory]) -> None:
    catalogue, _ = known
    assert {"records", "contents", "history", "differences", "audit"} <= set(naming(catalogue))
    seen = catalogue.erasing.look(WHO)
    told = catalogue.erasing.erase(WHO)
    catalogue.index.rebuild()
    assert told == seen
    assert (told.records, told.removed, told.subscriptions) == (3, 1, 3)
    assert {"findings", "history", "differences", "decisions", "questions", "sources"} <= set(told.passages)
    assert told.audit
    assert naming(catalogue) == []
    assert catalogue.index.search(Query(text="Vandersmissen")).count == 0
    assert catalogue.entries.find("bomen").entry.title == texts(nl="Bomen", fr=f"Arbres de {GONE}")
    assert [row.text for row in catalogue.questions.listed()[1]] == [f"Werkt {GONE} er nog?"]
    assert msgspec.structs.replace(catalogue.erasing.look(WHO), names=()) == Told()
    assert catalogue.audit.first_broken() is None
    assert next(catalogue.audit.all()).what == "person.erase"


def test_what_somebody_writes_meanwhile_stays_without_the_person(
    known: tuple[Catalogue, Memory], monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, _ = known
    rewrite, title = erasures.rewrite, sa.update(metadata.tables["sources"]).values(title=f"Nieuwe lijst van {NAME}")
    written = iter([title])

    def late(tx: Transaction, one: erasures.Passage) -> None:
        if one.table == "sources" and (statement := next(written, None)) is not None:
            tx.execute(statement)
        rewrite(tx, one)

    monkeypatch.setattr(erasures, "rewrite", late)
    catalogue.erasing.erase(WHO)
    catalogue.index.rebuild()
    assert [row.title for row in catalogue.sources.all()] == [f"Nieuwe lijst van {GONE}"]
    assert naming(catalogue) == []


@pytest.fixture
def without(known: tuple[Catalogue, Memory]) -> tuple[Catalogue, Memory]:
    """The same after the person was erased."""
    known[0].erasing.erase(WHO)
    known[0].index.rebuild()
    return known


def test_no_harvest_brings_a_person_back(without: tuple[Catalogue, Memory]) -> None:
    catalogue, memory = without
    assert len(memory.feeds[URL].records) == 3
    for _ in range(3):
        catalogue.runs.harvest("lijst", full=True)
    catalogue.rehearsals.request("lijst")
    Worker(catalogue, chores=(Rehearsing,)).once()
    assert naming(catalogue) == []
    run = catalogue.runs.harvest("lijst")
    assert (run.same, run.writes) == (1, 0)


def test_no_push_and_nothing_that_is_put_back_or_corrected_names_them(without: tuple[Catalogue, Memory]) -> None:
    catalogue, _ = without
    body = record("nieuw", bomen(title=texts(nl="Nieuw"))).body
    catalogue.records.push("lijst", "nieuw", body, "application/json")
    catalogue.records.put_back("lijst", "oud")
    catalogue.runs.harvest("lijst")
    with pytest.raises(Invalid, match="erased on demand"):
        catalogue.records.correct("lijst", "bomen", {"title[en]": f"Trees of {NAME}"})
    assert catalogue.entries.find("oude-bomen").entry.title == texts(nl="Oude bomen")
    assert naming(catalogue) == []


def test_a_run_that_goes_on_meanwhile_ends_and_the_next_takes_it_up(known: tuple[Catalogue, Memory]) -> None:
    catalogue, memory = known

    class Slow(list[RawRecord]):
        def __iter__(self) -> Iterator[RawRecord]:
            yield from super().__iter__()
            catalogue.erasing.erase(WHO)

    memory.feeds[URL] = Feed(Slow(memory.feeds[URL].records))
    run = catalogue.runs.harvest("lijst", full=True)
    assert (run.state, "erased while this was read" in run.error) == ("failed", True)
    assert naming(catalogue) == []


def test_an_older_backup_brings_nobody_back(known: tuple[Catalogue, Memory], tmp_path: Path) -> None:
    catalogue, _ = known
    backup = tmp_path.parent / f"{tmp_path.name}.zip"
    catalogue.backups.save(backup)
    catalogue.erasing.erase(WHO)
    catalogue.backups.restore(backup, replace=True)
    assert naming(catalogue)
    catalogue.erasing.again()
    catalogue.index.rebuild()
    assert naming(catalogue) == []


def test_the_command_tells_where_erases_and_remembers(tmp_path: Path) -> None:
    said = f'<http://e.example/bomen> a dcat:Dataset ; dct:title "Bomen"@nl ; dct:description "Van {NAME}"@nl .'
    turtle = f"@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . {said}"
    invoke(tmp_path, "init")
    with running(always(Answer(turtle.encode(), "text/turtle"))) as server:
        invoke(tmp_path, "source", "add", server.url("/feed"), "--kind", "dcat", "--title", "Feed")
        invoke(tmp_path, "harvest", "feed")
        invoke(tmp_path, "backup", "before.zip")
        invoke(tmp_path, "worker", "--once")  # writes feeds and dumps as files
        assert named_in_files(tmp_path)
        seen = json.loads(invoke(tmp_path, "erase", "-", "--dry-run", "--json", text_in=f"{NAME}\n")[0])
        assert (seen["records"], NAME in shown(tmp_path)) == (1, True)
        told, _ = invoke(tmp_path, "erase", "-", text_in=f"{NAME}\n{MAILBOX}\n")
        assert "records" in told
        assert not named_in_files(tmp_path)
        assert NAME not in shown(tmp_path)
        invoke(tmp_path, "harvest", "feed", "--full")
        assert NAME not in shown(tmp_path)
    invoke(tmp_path, "restore", "before.zip", "--replace")
    assert NAME not in shown(tmp_path)
    assert "one word" in invoke(tmp_path, "erase", "Vandersmissen", expect=2)[1]
    assert "Say whom" in invoke(tmp_path, "erase", expect=1)[1]
    assert (tmp_path / "var" / "erased.list").stat().st_mode & 0o777 == 0o600


def named_in_files(folder: Path) -> list[Path]:
    """Files of the data folder that name the person, also packed ones."""
    files = [file for file in (folder / "var").rglob("*") if file.is_file()]
    return [file for file in files if is_named(gunzipped(file.read_bytes()).decode("latin-1"))]


def gunzipped(data: bytes) -> bytes:
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def shown(folder: Path) -> str:
    invoke(folder, "export", "all.ttl")
    return (folder / "all.ttl").read_text("utf-8")
