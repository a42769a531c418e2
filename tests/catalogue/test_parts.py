"""Several entries from one record, and records that a source lists unchanged without sending them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from catalogue.errors import NotFound
from catalogue.ingest import fingerprint
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.store.rows import EntryRow, RunRow, Tombstone
from dcat.model import DataService, Dataset, Iri, Text
from harvesters import HARVESTERS, json
from harvesters.base import Crawl, Fetched, Harvester, Normalised, Part, RawRecord, SkipRecord, Source, StillThere
from harvesters.http import Client

URL = "https://kit.example/"
TOLD = "The trees that stand in the streets of the city, and what is known of each of them."


class Kit(Harvester):
    """Lists records with versions, and fetches what it does not hold."""

    kind: ClassVar[str] = "kit"
    title: ClassVar[str] = "Kits"

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.fetched: list[str] = []
        self.versions = True
        self.declared: int | None = None

    def fetch(self, source: Source, client: Client, crawl: Crawl) -> Iterator[Fetched]:
        crawl.declared_total = self.declared
        for identifier, said in self.records.items():
            version = str(said["v"]) if self.versions else ""
            if crawl.holds(identifier, version):
                yield StillThere(identifier=identifier)
            else:
                self.fetched.append(identifier)
                body = {name: value for name, value in said.items() if name != "v"}
                yield json.record(identifier, body, crawl, address=f"{URL}{identifier}", version=version)

    def normalise(self, raw: RawRecord, source: Source) -> Normalised:
        said = json.opened(raw, "a kit")
        if said.get("private"):
            raise SkipRecord("It is private.")
        lang = said.get("lang", "en")
        about = (Text(said.get("about", "Words about it"), lang),)
        parts = [
            Part(
                name=name,
                entry=DataService(title=(Text(f"API {name}", lang),), endpoint_url=(Iri(f"{URL}{name}"),)),
            )
            for name in said.get("apis", ())
        ]
        if "serves" in said:
            own = DataService(title=(Text(said["title"], "en"),), endpoint_url=(Iri(f"{URL}ows"),))
            return Normalised(entry=own, linked={"serves_dataset": tuple(said["serves"])})
        named = said["title"] != ""
        iri = Iri(said["iri"]) if "iri" in said else None
        dataset = Dataset(
            iri=iri,
            title=(Text(said["title"], lang),) if named else (),
            description=about if named else (),
        )
        return Normalised(entry=dataset, parts=tuple(parts), unread={"x": 1})


@pytest.fixture
def kit() -> Kit:
    return Kit()


@pytest.fixture
def open_kit(kit: Kit, database_url: str, tmp_path: Path) -> Iterator[Callable[..., Catalogue]]:
    opened: list[Catalogue] = []

    def open(**settings: Any) -> Catalogue:
        values = {"data_dir": tmp_path / "var", "site_url": "https://data.example.org", "database_url": database_url}
        opened.append(Catalogue(Settings(**values | settings), harvesters={**HARVESTERS, "kit": kit}))
        opened[-1].init()
        if not opened[-1].sources.all():
            opened[-1].sources.add(URL, "kit", title="Kit")
        return opened[-1]

    yield open
    for catalogue in opened:
        catalogue.close()


@pytest.fixture
def kits(open_kit: Callable[..., Catalogue]) -> Catalogue:
    return open_kit()


def sums(run: RunRow) -> dict[str, int]:
    names = ("seen", "new", "changed", "same", "skipped", "refused", "failed", "removed", "held", "restored", "writes")
    return {name: value for name in names if (value := getattr(run, name))}


def outcomes(catalogue: Catalogue, run: RunRow) -> dict[str, str]:
    return {row.identifier: row.outcome for row in catalogue.runs.outcomes(run.id)}


def service(catalogue: Catalogue, name: str) -> EntryRow:
    row = catalogue.entries.named("service", name)
    assert isinstance(row, EntryRow)
    return row


# --- records that name others of their source -------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["service", "datasets"])
def test_a_service_leads_to_datasets_that_it_names_by_identifier(kits: Catalogue, kit: Kit, first: str) -> None:
    """Whichever comes first, in one batch, and whoever gave the datasets their addresses."""
    own = {"a": {"v": 1, "title": "Trees", "iri": "https://kit.example/id/trees"}, "b": {"v": 1, "title": "Roads"}}
    map = {"s": {"v": 1, "title": "Maps", "serves": ["a", "b", "gone"]}}
    kit.records = map | own if first == "service" else own | map
    kits.runs.harvest("kit")
    served = {
        one.entry.title[0].value
        for name in ("trees", "roads")
        if isinstance(row := kits.entries.named("dataset", name), EntryRow)
        for one in kits.entries.serving(row.iri)
    }
    entry = service(kits, "maps").entry
    assert isinstance(entry, DataService)
    assert served == {"Maps"}
    assert "https://kit.example/id/trees" in entry.serves_dataset
    assert len(entry.serves_dataset) == 3
    assert kits.runs.harvest("kit").writes == 0


def test_a_dataset_that_comes_later_is_led_to_all_the_same(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"s": {"v": 1, "title": "Maps", "serves": ["b"]}}
    kits.runs.harvest("kit")
    kit.records["b"] = {"v": 1, "title": "Roads"}
    kits.runs.harvest("kit")
    roads = kits.entries.named("dataset", "roads")
    assert isinstance(roads, EntryRow)
    assert [one.name for one in kits.entries.serving(roads.iri)] == ["maps"]


# --- several entries from one record ----------------------------------------------------------------------------------


def test_a_dataset_and_its_api_are_two_entries_that_know_each_other(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"a": {"v": 1, "title": "Trees", "apis": ["api"]}, "b": {"v": 1, "title": "Roads"}}
    kit.declared = 2
    run = kits.runs.harvest("kit")
    assert (run.state, run.complete, run.seen, run.new) == ("done", True, 3, 3)
    assert outcomes(kits, run) == {"a": "NEW", "a#api": "NEW", "b": "NEW"}
    dataset, api = kits.entries.named("dataset", "trees"), service(kits, "api-api")
    assert isinstance(api.entry, DataService)
    assert api.entry.serves_dataset == (dataset.iri,)
    assert [row.name for row in kits.entries.serving(dataset.iri)] == ["api-api"]
    assert kits.entries.serving(kits.entries.named("dataset", "roads").iri) == []


def test_a_part_is_in_the_language_of_its_record_where_nobody_says_another(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"k": {"v": 1, "title": "Trees", "lang": "", "about": TOLD, "apis": ["api"]}}
    assert kits.runs.harvest("kit").new == 2
    assert kits.entries.named("dataset", "trees").entry.title == (Text("Trees", "en"),)
    assert service(kits, "api-api").entry.title == (Text("API api", "en"),)


def test_the_same_record_again_is_the_same_entries_and_writes_nothing(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"a": {"v": 1, "title": "Trees", "apis": ["api", "map"]}}
    kit.versions = False
    kits.runs.harvest("kit")
    again = kits.runs.harvest("kit")
    assert sums(again) == {"seen": 3, "same": 3}
    assert again.complete
    full = kits.runs.harvest("kit", full=True)
    assert sums(full) == {"seen": 3, "same": 3}


def test_a_part_that_goes_is_missed_and_comes_back_under_its_addresses(
    kits: Catalogue, kit: Kit, move_clock: Callable[[timedelta], object]
) -> None:
    kit.records = {"a": {"v": 1, "title": "Trees", "apis": ["api"]}, "b": {"v": 1, "title": "Roads"}}
    kits.runs.harvest("kit")
    before = service(kits, "api-api")
    kit.records["a"] = {"v": 2, "title": "Trees"}
    for _ in range(3):
        move_clock(timedelta(days=1))
        run = kits.runs.harvest("kit")
    assert isinstance(kits.entries.named("service", "api-api"), Tombstone)
    assert isinstance(kits.entries.named("dataset", "trees"), EntryRow)
    kit.records["a"] = {"v": 3, "title": "Trees", "apis": ["api"]}
    run = kits.runs.harvest("kit")
    assert outcomes(kits, run)["a#api"] == "RESTORED"
    assert (service(kits, "api-api").id, service(kits, "api-api").iri) == (before.id, before.iri)


def test_each_entry_of_a_record_stands_for_itself(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"a": {"v": 1, "title": "", "apis": ["api"]}}
    run = kits.runs.harvest("kit")
    assert outcomes(kits, run) == {"a": "REFUSED", "a#api": "NEW"}
    assert service(kits, "api-api").entry.serves_dataset == ()  # type: ignore[union-attr]


def test_a_record_that_is_to_be_left_out_takes_its_parts_with_it(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"a": {"v": 1, "title": "Trees", "apis": ["api"], "private": True}}
    assert outcomes(kits, kits.runs.harvest("kit")) == {"a": "SKIPPED"}


def test_a_record_has_its_identifier_and_not_the_part_of_another(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"a": {"v": 1, "title": "Trees", "apis": ["b"]}, "a#b": {"v": 1, "title": "Roads"}}
    run = kits.runs.harvest("kit")
    assert outcomes(kits, run) == {"a": "NEW", "a#b": "NEW"}
    assert isinstance(kits.entries.named("dataset", "roads"), EntryRow)


def test_the_raw_record_of_a_part_is_that_of_its_record(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"a": {"v": 1, "title": "  Trees  ", "apis": ["api"]}}
    kits.runs.harvest("kit")
    assert kits.records.raw("kit", "a#api") == kits.records.raw("kit", "a")
    assert kits.records.raw("kit", "a").version == "1"
    assert [note.published for note in kits.records.trace("kit", "a") if note.field == "dct:title"] == ["Trees"]
    assert [note for note in kits.records.trace("kit", "a#api") if note.published == "Trees"] == []


def test_a_record_that_is_withdrawn_takes_its_parts_with_it(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"a": {"v": 1, "title": "Trees", "apis": ["api"]}, "b": {"v": 1, "title": "Roads", "apis": ["b"]}}
    kits.runs.harvest("kit")
    kits.records.withdraw("kit", "a")
    assert isinstance(kits.entries.named("service", "api-api"), Tombstone)
    assert isinstance(kits.entries.named("service", "api-b"), EntryRow)
    kits.records.withdraw("kit", "b#b")
    assert isinstance(kits.entries.named("dataset", "roads"), EntryRow)
    with pytest.raises(NotFound):
        kits.records.withdraw("kit", "a")


def test_a_record_that_is_sent_may_have_parts(kits: Catalogue) -> None:
    row = kits.records.push("kit", "p", b'{"title": "Sent", "apis": ["sent"]}', "application/json")
    assert (row.identifier, row.outcome, row.name) == ("p", "NEW", "sent")
    assert service(kits, "api-sent").identifier == "p#sent"


def test_a_dry_run_shows_every_entry(kits: Catalogue, kit: Kit) -> None:
    kit.records = {"a": {"v": 1, "title": "Trees", "apis": ["api"]}}
    run, rows = kits.runs.preview("https://kit.example/other", "kit")
    assert [row.identifier for row in rows] == ["a", "a#api"]
    assert run.seen == 2


# --- still there, unchanged -------------------------------------------------------------------------------------------


def records(versions: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    return {name: {"v": v, "title": f"Kit {name} {v}", "apis": [f"{name}api"]} for name, v in versions.items()}


def test_what_is_listed_unchanged_is_not_fetched_and_not_missed(kits: Catalogue, kit: Kit) -> None:
    kit.records, kit.declared = records({"a": 1, "b": 1, "c": 1}), 3
    kits.runs.harvest("kit")
    kit.fetched.clear()
    run = kits.runs.harvest("kit")
    assert (sums(run), run.complete, kit.fetched) == ({"seen": 6, "same": 6}, True, [])
    assert run.unread == {"x": 3}
    kit.records = records({"a": 1, "b": 2, "c": 1})
    run = kits.runs.harvest("kit")
    assert kit.fetched == ["b"]
    assert (run.seen, run.changed, run.same, run.removed) == (6, 1, 5, 0)


def test_a_full_run_believes_no_version(kits: Catalogue, kit: Kit) -> None:
    kit.records = records({"a": 1})
    kits.runs.harvest("kit")
    kit.records["a"]["title"] = "Changed without a word"
    assert kits.runs.harvest("kit").changed == 0
    assert kits.runs.harvest("kit", full=True).changed == 1
    assert kit.fetched == ["a", "a"]


def test_other_settings_read_what_is_held_without_fetching_it(
    open_kit: Callable[..., Catalogue], kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.records = records({"a": 1, "b": 1})
    open_kit().runs.harvest("kit")
    kit.fetched.clear()
    monkeypatch.setattr(fingerprint, "of", lambda *_: b"another software")
    read: list[str] = []
    normalise = kit.normalise
    monkeypatch.setattr(kit, "normalise", lambda raw, source: read.append(raw.identifier) or normalise(raw, source))
    run = open_kit().runs.harvest("kit")
    assert (run.same, run.complete, kit.fetched, read) == (4, True, [], ["a", "b"])


def test_what_was_missing_and_is_listed_again_is_fetched_and_comes_back(
    kits: Catalogue, kit: Kit, move_clock: Callable[[timedelta], object]
) -> None:
    kit.records = records(dict.fromkeys("abcdefgh", 1))
    kits.runs.harvest("kit")
    kit.fetched.clear()
    taken = kit.records.pop("a")
    for _ in range(3):
        move_clock(timedelta(days=1))
        kits.runs.harvest("kit")
    assert isinstance(kits.entries.named("dataset", "kit-a-1"), Tombstone)
    kit.records["a"] = taken
    run = kits.runs.harvest("kit")
    assert (run.restored, kit.fetched) == (2, ["a"])
    assert isinstance(kits.entries.named("dataset", "kit-a-1"), EntryRow)


def test_what_was_forgotten_is_fetched(kits: Catalogue, kit: Kit, move_clock: Callable[[timedelta], object]) -> None:
    kit.records = records(dict.fromkeys("abcdefgh", 1))
    kits.runs.harvest("kit")
    taken = kit.records.pop("a")
    for _ in range(3):
        move_clock(timedelta(days=1))
        kits.runs.harvest("kit")
    move_clock(timedelta(days=40))
    kits.tidying.all()
    kit.records["a"] = taken
    kit.fetched.clear()
    run = kits.runs.harvest("kit")
    assert (run.restored, kit.fetched) == (2, ["a"])


def test_a_version_that_changed_alone_is_remembered(kits: Catalogue, kit: Kit) -> None:
    kit.records = records({"a": 1})
    kits.runs.harvest("kit")
    kit.records["a"]["v"] = 2
    assert sums(kits.runs.harvest("kit")) == {"seen": 2, "same": 2, "writes": 1}
    assert kit.fetched == ["a", "a"]
    assert sums(kits.runs.harvest("kit")) == {"seen": 2, "same": 2}
    assert kit.fetched == ["a", "a"]


def test_a_source_that_tells_versions_no_more_is_read_whole(kits: Catalogue, kit: Kit) -> None:
    kit.records = records({"a": 1, "b": 1})
    kits.runs.harvest("kit")
    kit.versions = False
    assert kits.runs.harvest("kit").same == 4
    assert kit.fetched == ["a", "b"] * 2
    kit.versions, kit.fetched = True, []
    assert kits.runs.harvest("kit").same == 4
    assert kit.fetched == ["a", "b"]  # the versions were forgotten meanwhile
    assert kits.runs.harvest("kit").same == 4
    assert kit.fetched == ["a", "b"]


def test_what_a_producer_sends_takes_the_version_with_it(kits: Catalogue, kit: Kit) -> None:
    kit.records = records({"a": 1, "b": 1})
    kits.runs.harvest("kit")
    kits.records.push("kit", "a", b'{"title": "Sent"}', "application/json")
    kit.fetched.clear()
    kits.runs.harvest("kit")
    assert kit.fetched == ["a"]


def test_what_is_said_to_be_there_and_never_came_is_told(
    kits: Catalogue, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kit, "fetch", lambda *_: iter([StillThere(identifier="ghost")]))
    run = kits.runs.harvest("kit")
    assert (run.seen, run.failed) == (1, 1)
    assert run.state == "done-with-findings"
