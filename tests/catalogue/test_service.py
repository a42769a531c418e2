"""The one object that web and command line talk to."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from factory import BASE, MOBILITY, Feed, Memory, filled_catalogue, mobility, open_catalogue, record, texts

from catalogue.errors import Conflict, Invalid, NotFound
from catalogue.indexing.entry_document import document
from catalogue.search.base import Query
from catalogue.service import Catalogue
from catalogue.store import revisions
from catalogue.store.rows import EntryRow
from dcat import rdf, vocab
from dcat.model import (
    Concept,
    Dataset,
    Date,
    Distribution,
    Instant,
    Iri,
    LegalResource,
    LicenseDocument,
    Location,
    Period,
    Text,
    Wkt,
)
from harvesters.base import HarvestError

URL = "https://agency.example/feed"
TODAY = date(2026, 6, 1)


# --- reading ---------------------------------------------------------------------------------------------------------


def test_counts_publishers_and_recent_agree(filled: Catalogue) -> None:
    counts = filled.entries.counts()
    publishers = filled.publishers.all()
    assert (counts.datasets, counts.services, counts.series, counts.publishers) == (32, 1, 1, 5)
    assert sum(row.datasets for row in publishers) == counts.datasets
    assert sum(row.services for row in publishers) == counts.services
    recent = filled.entries.recent(5)
    assert [row.revision for row in recent] == sorted((row.revision for row in recent), reverse=True)


def test_an_entry_is_found_by_name_id_and_iri(filled: Catalogue) -> None:
    row = filled.entries.named("dataset", "comptages-velos")
    assert isinstance(row, EntryRow)
    assert filled.entries.with_id("dataset", row.id) == row
    assert filled.entries.with_iris([row.iri, "https://nobody.example/"]) == {row.iri: row}
    assert filled.entries.find(row.name) == filled.entries.find(row.id) == row
    for kind, name in (("service", row.name), ("dataset", "nothing")):
        with pytest.raises(NotFound):
            filled.entries.named(kind, name)


def test_entries_come_in_the_order_asked_for(filled: Catalogue) -> None:
    ids = [piece.id for piece in filled.pieces.all()][:5][::-1]
    assert [row.id for row in filled.entries.with_ids([*ids, "gone"])] == ids
    assert [piece.id for piece in filled.pieces.of([*ids, "gone"])] == ids


def test_relations_are_found_from_both_ends(filled: Catalogue) -> None:
    assert {row.name for row in filled.entries.members(f"{BASE}series/counts")} == {
        "comptages-velos",
        "trafic-en-temps-reel",
    }
    assert [row.kind for row in filled.entries.serving(f"{BASE}dataset/roadworks")] == ["service"]


def test_feeds_read_every_piece_once(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.publishing.pieces.BATCH", 7)
    whole = [piece.id for piece in filled.pieces.all()]
    assert whole == sorted(set(whole))
    assert len(whole) == filled.pieces.count() == 34
    pages = [filled.pieces.page(number, 10) for number in range(1, 6)]
    assert [piece.id for page in pages for piece in page] == whole
    assert [len(page) for page in pages] == [10, 10, 10, 4, 0]
    assert [piece.id for piece in filled.pieces.all(after=whole[9], limit=3)] == whole[10:13]


def test_feeds_can_be_narrowed_to_what_changed(filled: Catalogue) -> None:
    newest = max(piece.updated for piece in filled.pieces.all())
    assert filled.pieces.count(newest + timedelta(seconds=1)) == 0
    assert 0 < filled.pieces.count(newest) == len(list(filled.pieces.all(modified_since=newest))) < 34


def test_every_piece_is_valid_rdf_about_its_entry(filled: Catalogue) -> None:
    for piece in filled.pieces.all():
        graph = rdf.parse("".join(filled.feed.alone(piece.id)).encode(), "application/n-triples")
        assert not graph.findings
        assert piece.iri in graph.nodes
        assert "_:" not in "".join(filled.feed.alone(piece.id))


def test_the_catalogue_describes_itself(filled: Catalogue) -> None:
    catalog = filled.feed.catalog()
    assert {text.lang for text in catalog.title} == {"fr", "nl", "de", "en"}
    assert {text.lang: text.value.split()[-1] for text in catalog.description} == {
        "fr": "Bruxelles.", "nl": "Brussel.", "de": "Brüssel.", "en": "Brussels.",
    }  # fmt: skip
    assert catalog.publisher
    assert catalog.theme_taxonomy == (vocab.THEMES.scheme,)
    assert catalog.modified


def test_a_publisher_shows_what_its_sources_say(filled: Catalogue) -> None:
    (row,) = [row for row in filled.publishers.all() if row.services]
    assert (row.datasets, row.services, row.type) == (12, 1, "RegionalAuthority")
    assert filled.publishers.named(row.name) == row
    assert filled.publishers.with_iri(row.iri) == row
    everybody = {row.name: row.title for row in filled.publishers.all()}
    assert filled.publishers.titles([*everybody, "nobody"]) == everybody
    assert filled.publishers.titles([row.name]) == {row.name: row.title}
    with pytest.raises(NotFound):
        filled.publishers.named("nobody")


def test_the_generation_changes_exactly_when_something_published_does(catalogue: Catalogue, memory: Memory) -> None:
    catalogue.sources.add(URL, "memory", title="Agency")
    empty = catalogue.index.generation()
    memory.feeds[URL] = Feed([record("a", Dataset(title=texts(fr="Arbres")))])
    catalogue.runs.harvest("agency")
    filled = catalogue.index.generation()
    catalogue.runs.harvest("agency")
    assert empty != filled == catalogue.index.generation()
    catalogue.records.withdraw("agency", "a")
    assert catalogue.index.generation() != filled


# --- sources ---------------------------------------------------------------------------------------------------------


@pytest.mark.against("TC-02")
def test_a_source_is_registered_once(catalogue: Catalogue) -> None:
    row = catalogue.sources.add(URL, "memory", title="Open data: Agency", publisher="Ixelles", config={"color": "red"})
    assert (row.name, row.publisher, row.config, row.active) == ("open-data-agency", "ixelles", {"color": "red"}, True)
    with pytest.raises(Conflict, match="open-data-agency"):
        catalogue.sources.add(f"{URL}/", "memory")
    assert catalogue.sources.all("ixelles") == [row]
    assert catalogue.sources.all("uccle") == []


def test_a_source_without_title_is_named_after_its_host(catalogue: Catalogue) -> None:
    first = catalogue.sources.add(URL, "memory")
    second = catalogue.sources.add("https://agency.example/other", "memory")
    assert (first.name, first.title) == ("agency-example", "agency.example")
    assert second.name.startswith("agency-example-")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "ftp://agency.example/"}, "url"),
        ({"url": "agency.example"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://agency.example/a b"}, "url"),
        ({"url": "https://me:secret@agency.example/"}, "url"),
        ({"url": "https://agency.example:99999/"}, "url"),
        ({"url": "https://[::1/"}, "url"),
        ({"url": f"https://agency.example/{'x' * 3000}"}, "url"),
        ({"kind": "telepathy"}, "kind"),
        ({"schedule": "sometimes"}, "schedule"),
        ({"config": {"colour": "red"}}, "config"),
        ({"config": {"color": 7}}, "config"),
        ({"config": {"license": "abcdef"}}, "config"),
        ({"config": {"language": "klingon"}}, "config"),
        ({"config": {"place": "Atlantis"}}, "config"),
        ({"publisher": "!!"}, "publisher"),
    ],
)
def test_what_cannot_be_registered_names_its_field(catalogue: Catalogue, change: dict[str, Any], field: str) -> None:
    values: dict[str, Any] = {"url": URL, "kind": "memory", **change}
    with pytest.raises(Invalid) as error:
        catalogue.sources.add(values.pop("url"), values.pop("kind"), **values)
    assert error.value.field == field
    assert catalogue.sources.all() == []


def test_an_unknown_source_is_not_found(catalogue: Catalogue) -> None:
    sources, runs = catalogue.sources, catalogue.runs
    for action in (sources.named, sources.pause, sources.resume, sources.remove, runs.request, runs.of_source):
        with pytest.raises(NotFound, match="'nobody'"):
            action("nobody")


def test_an_unknown_run_is_not_found(catalogue: Catalogue) -> None:
    for read in (catalogue.runs.numbered, catalogue.runs.outcomes, catalogue.runs.finding_groups):
        with pytest.raises(NotFound):
            read(77)


# --- dry run ---------------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_happen_and_writes_nothing(catalogue: Catalogue, memory: Memory) -> None:
    memory.feeds[MOBILITY] = Feed([record(identifier, entry) for identifier, entry in mobility()])
    with catalogue._database.read() as tx:
        counters = tx.exec_driver_sql("SELECT name, value FROM counters ORDER BY name").all()
    run, rows = catalogue.runs.preview(MOBILITY, "memory", limit=5)
    assert (run.id, run.state, run.seen, run.new) == (0, "done", 5, 5)
    assert [row.outcome for row in rows] == ["NEW"] * 5
    assert all(row.name for row in rows)
    assert any(row.findings for row in rows)
    assert catalogue.entries.counts().datasets == 0
    assert catalogue.sources.all() == []
    with catalogue._database.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM publishers").scalar() == 0
        assert tx.exec_driver_sql("SELECT name, value FROM counters ORDER BY name").all() == counters


def test_nobody_waits_for_a_dry_run_and_it_waits_for_nobody(catalogue: Catalogue, memory: Memory) -> None:
    memory.feeds[MOBILITY] = Feed([record(identifier, entry) for identifier, entry in mobility()])
    with catalogue._database.write() as tx, ThreadPoolExecutor(1) as pool:
        revisions.lock(tx)
        run, _ = pool.submit(catalogue.runs.preview, MOBILITY, "memory").result(timeout=60)
    assert run.new == len(mobility())


def test_a_dry_run_of_a_registered_source_compares(catalogue: Catalogue, memory: Memory) -> None:
    catalogue.sources.add(URL, "memory", title="Agency")
    memory.feeds[URL] = Feed([record("a", Dataset(title=texts(fr="Arbres")))])
    catalogue.runs.harvest("agency")
    memory.feeds[URL].records.append(record("b", Dataset(title=texts(fr="Parcs"))))
    _, rows = catalogue.runs.preview(URL, "memory")
    assert [row.outcome for row in rows] == ["SAME", "NEW"]


def test_a_dry_run_of_a_source_that_fails_tells_why(catalogue: Catalogue, memory: Memory) -> None:
    memory.feeds[URL] = Feed(error=HarvestError("NOT_A_FEED", "It is a page for people.", URL))
    run, rows = catalogue.runs.preview(URL, "memory")
    assert (run.state, run.error_code, run.error, run.error_where) == (
        *("failed", "NOT_A_FEED", "It is a page for people.", URL),
    )
    assert rows == []


# --- index -----------------------------------------------------------------------------------------------------------


@pytest.mark.against("F-40")
def test_a_lost_index_is_built_again_from_the_store(tmp_path: Path) -> None:
    catalogue = filled_catalogue(tmp_path / "var")
    before = catalogue.index.engine.revisions()
    assert len(before) == 34
    assert catalogue.index.rebuild() == 34
    assert catalogue.index.engine.revisions() == before
    assert catalogue.index.status()["waiting"] == 0
    catalogue.close()


@pytest.mark.against("F-36")
def test_an_index_that_knows_more_than_the_store_is_mended(tmp_path: Path) -> None:
    catalogue = filled_catalogue(tmp_path / "var")
    index = catalogue.index.engine
    known = [document(row, today=TODAY) for row in catalogue.entries.recent(100)]
    index.put(msgspec.structs.replace(one, revision=one.revision + 1000) for one in known)
    index.put([msgspec.structs.replace(known[0], id="ghost", revision=999)])
    assert catalogue.index.reconcile() == 1 + 34 + 34
    held = index.revisions()
    assert "ghost" not in held
    assert held == {one.id: one.revision for one in known}
    assert catalogue.index.reconcile() == 0
    catalogue.close()


def test_an_entry_that_cannot_be_indexed_holds_up_no_other(
    catalogue: Catalogue, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(row: EntryRow, *beside: Any, today: date) -> Any:
        if row.identifier == "b":
            raise RuntimeError("a fault of ours")
        return document(row, *beside, today=today)

    catalogue.sources.add(URL, "memory", title="Agency")
    memory.feeds[URL] = Feed([record(key, Dataset(title=texts(fr=f"Jeu {key}"))) for key in "abc"])
    with monkeypatch.context() as patch:
        patch.setattr("catalogue.indexing.shadow.document", made)
        catalogue.runs.harvest("agency")
        for _ in range(2):
            status = catalogue.index.status()
            [(name, why)] = status["refused"].items()  # type: ignore[attr-defined]
            assert status["waiting"] == 0
            assert (name, "a fault of ours" in why) == ("jeu-b", True)
            assert catalogue.index.rebuild() == 2
    assert catalogue.index.reconcile() == 1
    assert catalogue.index.status()["refused"] == {}
    assert catalogue.index.search(Query(text="jeu")).count == 3


def test_starting_makes_an_index_when_there_is_none(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path / "var")
    assert catalogue.index.search(Query(text="rien")).count == 0
    catalogue.close()


def _count(folder: Path, found: "multiprocessing.Queue[int]") -> None:
    catalogue, _ = open_catalogue(folder)
    found.put(catalogue.index.search(Query(text="vélo")).count)
    catalogue.close()


def test_another_process_reads_while_this_one_is_open(tmp_path: Path) -> None:
    catalogue = filled_catalogue(tmp_path / "var")
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[int] = context.Queue()
    process = context.Process(target=_count, args=(tmp_path / "var", found))
    process.start()
    assert found.get(timeout=60) == catalogue.index.search(Query(text="vélo")).count > 0
    process.join()
    catalogue.close()


# --- documents -------------------------------------------------------------------------------------------------------


def row_of(entry: Dataset) -> EntryRow:
    """A row that holds the entry."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return EntryRow(
        id="i",
        name="n",
        kind="dataset",
        iri="https://a.example/1",
        source="s",
        identifier="own",
        entry=entry,
        publisher_name="",
        revision=7,
        created=moment,
        updated=moment,
        checked=moment,
    )


def test_a_document_holds_codes_and_spans() -> None:
    entry = Dataset(
        title=(Text("Arbres", "fr"), Text("Bomen", "nl"), Text("Trees", "en-t-nl")),
        identifier=(Text("given"),),
        theme=(vocab.THEMES.concept(vocab.THEMES.by_code["ENVI"]), Concept(labels=(Text("autre"),))),
        language=(vocab.LANGUAGES.concept(vocab.LANGUAGES.by_code["DEU"]),),
        frequency=vocab.FREQUENCIES.concept(vocab.FREQUENCIES.by_code["DAILY"]),
        modified=Date("hier"),
        issued=Date("2024-05"),
        temporal=(Period(start=Date("2020"), end=Date("2021-12-31")), Period(end=Date("2023-01-01"))),
        spatial=(
            Location(bbox=Wkt("POLYGON((4.3 50.8,4.4 50.8,4.4 50.9,4.3 50.9,4.3 50.8))"), labels=(Text("Ici", "fr"),)),
            Location(bbox=Wkt("POLYGON((4.2 50.7,4.3 50.8,4.2 50.7))")),
        ),
        distribution=(
            Distribution(license=LicenseDocument(iri=vocab.LICENCES.by_code["CC0"].iri)),
            Distribution(license=LicenseDocument(labels=(Text("à nous"),))),
            Distribution(format=vocab.FORMATS.concept(vocab.FORMATS.by_code["CSV"])),
        ),
        applicable_legislation=(LegalResource(iri=vocab.HVD_REGULATION),),
    )
    made = document(row_of(entry), today=TODAY)
    assert (made.theme, made.format, made.licence) == (("ENVI",), ("CSV",), ("CC0", "OTHER"))
    assert (made.language, made.frequency) == (("de", "fr", "nl"), "DAILY")
    assert (made.issued, made.modified, made.start, made.end) == ("2024-05", "", "", "2023-01-01")
    assert made.bbox == (4.2, 50.7, 4.4, 50.9)
    assert made.identifier == ("given", "own")
    assert (made.hvd, made.revision, made.type) == (("OTHER",), 7, "dataset")


def test_an_undetermined_language_is_none() -> None:
    entry = Dataset(title=(Text("Arbres", "fr"),), description=(Text("?", "und"),))
    assert document(row_of(entry), today=TODAY).language == ("fr",)


@pytest.mark.parametrize(
    ("wkt", "box"),
    [
        ("POINT(4.35 50.85)", (4.35, 50.85, 4.35, 50.85)),
        ("POLYGON((178 -20,-179 -20,-179 -15,178 -15,178 -20))", (178.0, -20.0, 181.0, -15.0)),
        ("POINT(999 999)", None),
        ("somewhere", None),
        ("POLYGON((", None),
    ],
)
def test_a_box_is_only_what_lies_on_earth(wkt: str, box: tuple[float, ...] | None) -> None:
    assert document(row_of(Dataset(spatial=(Location(centroid=Wkt(wkt)),))), today=TODAY).bbox == box


def test_periods_may_be_instants_and_licences_may_be_missing() -> None:
    period = Period(beginning=Instant(date=Date("2020-01-01")), ending=Instant(date_time=Date("2020-02-01T00:00:00Z")))
    entry = Dataset(temporal=(period,), distribution=(Distribution(access_url=(Iri("https://a/"),)),))
    made = document(row_of(entry), today=TODAY)
    assert (made.start, made.end, made.licence) == ("2020-01-01", "2020-02-01T00:00:00Z", ("NONE",))
