"""Records that took another identifier at their source (F-15)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import loopback
import pytest
from factory import Feed, Memory, open_catalogue, record, texts
from sqlalchemy import event

from catalogue.errors import Conflict, NotFound
from catalogue.harvesting.run import Run
from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow, RunRow, Tombstone
from dcat.model import Agent, Dataset, Document, Entry, Iri
from harvesters.base import RawRecord

URL = "https://agency.example/feed"
Give = Callable[..., RunRow]


def trees(page: str = "https://agency.example/trees", **fields: object) -> Dataset:
    """A dataset whose identifier is about to change."""
    values = {"title": texts(fr="Arbres"), "publisher": Agent(name=texts(fr="Ville")), **fields}
    return Dataset(landing_page=(Document(iri=Iri(page)),) if page else (), **values)  # type: ignore[arg-type]


@pytest.fixture
def give(catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]) -> Give:
    """Lets the source list ten other datasets and those given, and reads it an hour later."""
    catalogue.sources.add(URL, "memory", title="Agency")
    others = [record(f"x{number}", Dataset(title=texts(fr=f"Autre {number}"))) for number in range(10)]

    def give(**entries: Entry) -> RunRow:
        memory.feeds[URL] = Feed([*others, *(record(identifier, entry) for identifier, entry in entries.items())])
        move_clock(timedelta(hours=1))
        return catalogue.runs.harvest("agency")

    return give


def proposals(run: RunRow) -> list[str]:
    """What the report of a run proposes."""
    return [one.value for one in run.findings if one.rule == "identifier-changed"]


def name_of(catalogue: Catalogue, identifier: str) -> str:
    """The slug of a record."""
    return catalogue.records.outcome("agency", identifier).name


@pytest.mark.against("F-15")
def test_an_entry_that_took_another_identifier_is_proposed(catalogue: Catalogue, give: Give) -> None:
    assert proposals(give(old=trees())) == []
    run = give(new=trees())
    old, new = name_of(catalogue, "old"), name_of(catalogue, "new")
    assert proposals(run) == [f"{old} → {new}"]
    [finding] = run.findings
    assert (finding.subject, finding.field) == (new, "dct:identifier")
    assert isinstance(catalogue.entries.find(old), EntryRow)  # a proposal changes nothing
    assert proposals(give(new=trees())) == [f"{old} → {new}"]
    assert proposals(give(new=trees())) == []  # by then the old one is removed


@pytest.mark.parametrize(
    "changed",
    [
        {"title": texts(fr="Arbres et haies")},
        {"publisher": Agent(name=texts(fr="Région"))},
        {"page": "https://agency.example/other"},
    ],
)
def test_another_title_publisher_or_page_is_another_dataset(give: Give, changed: dict[str, object]) -> None:
    give(old=trees())
    assert proposals(give(new=trees(**changed))) == []  # type: ignore[arg-type]


def test_one_that_was_there_before_did_not_take_its_place(give: Give) -> None:
    give(old=trees(), twin=trees())
    assert proposals(give(twin=trees())) == []


def test_two_that_could_be_it_are_no_proposal(give: Give) -> None:
    give(old=trees())
    assert proposals(give(one=trees(), two=trees())) == []


@pytest.mark.against("F-15")
def test_confirmed_the_old_addresses_lead_to_the_new_one(catalogue: Catalogue, give: Give) -> None:
    give(old=trees())
    old = catalogue.entries.find(name_of(catalogue, "old"))
    give(new=trees())
    new = catalogue.entries.find(name_of(catalogue, "new"))
    assert isinstance(old, EntryRow)
    catalogue.runs.confirm_move("agency", old.name, new.name)
    for found in (
        catalogue.entries.find(old.name),
        catalogue.entries.find(old.id),
        catalogue.entries.named("dataset", old.name),
        catalogue.entries.with_id("dataset", old.id),
    ):
        assert (found.id, found.name) == (new.id, new.name)
    assert catalogue.records.outcome("agency", "old").outcome == "REMOVED"
    catalogue.index.catch_up()
    assert old.id not in catalogue.index.engine.revisions()
    assert proposals(give(new=trees())) == []
    catalogue.runs.confirm_move("agency", old.name, new.name)  # twice is once


def test_it_can_be_confirmed_after_the_removal(catalogue: Catalogue, give: Give) -> None:
    give(old=trees())
    give(new=trees())
    give(new=trees())
    old, new = name_of(catalogue, "old"), name_of(catalogue, "new")
    assert isinstance(catalogue.entries.find(old), Tombstone)
    catalogue.runs.confirm_move("agency", old, new)
    assert catalogue.entries.find(old).name == new


def test_one_that_comes_back_has_its_addresses_again(catalogue: Catalogue, give: Give) -> None:
    give(old=trees())
    give(new=trees())
    old, new = name_of(catalogue, "old"), name_of(catalogue, "new")
    catalogue.runs.confirm_move("agency", old, new)
    give(old=trees(), new=trees())
    assert catalogue.entries.find(old).name == old


def test_moved_twice_the_first_address_leads_on(catalogue: Catalogue, give: Give) -> None:
    give(a=trees())
    give(b=trees())
    catalogue.runs.confirm_move("agency", name_of(catalogue, "a"), name_of(catalogue, "b"))
    give(c=trees())
    catalogue.runs.confirm_move("agency", name_of(catalogue, "b"), name_of(catalogue, "c"))
    assert catalogue.entries.find(name_of(catalogue, "a")).name == name_of(catalogue, "c")
    catalogue.records.withdraw("agency", "c")
    found = catalogue.entries.find(name_of(catalogue, "a"))
    assert isinstance(found, Tombstone)
    assert found.name == name_of(catalogue, "c")


def test_what_is_still_listed_did_not_move(catalogue: Catalogue, give: Give) -> None:
    give(old=trees(), new=trees())
    old, new = name_of(catalogue, "old"), name_of(catalogue, "new")
    with pytest.raises(Conflict, match="still lists"):
        catalogue.runs.confirm_move("agency", old, new)
    with pytest.raises(Conflict, match="another entry"):
        catalogue.runs.confirm_move("agency", old, old)
    with pytest.raises(NotFound, match="no entry named 'nobody'"):
        catalogue.runs.confirm_move("agency", old, "nobody")
    give(old=trees())
    give(old=trees())
    with pytest.raises(Conflict, match="published"):
        catalogue.runs.confirm_move("agency", old, new)


def test_an_entry_of_another_source_cannot_take_its_place(catalogue: Catalogue, memory: Memory, give: Give) -> None:
    other = "https://other.example/feed"
    memory.feeds[other] = Feed([record("o", trees())])
    catalogue.runs.harvest(catalogue.sources.add(other, "memory", title="Other").name)
    give(old=trees())
    give()
    with pytest.raises(NotFound):
        catalogue.runs.confirm_move("agency", name_of(catalogue, "old"), catalogue.records.outcome("other", "o").name)


# --- what the harvester itself knows ----------------------------------------------------------------------------------


def test_where_the_harvester_says_so_the_addresses_are_led_at_once(
    catalogue: Catalogue, memory: Memory, give: Give
) -> None:
    give(name=trees())
    old = name_of(catalogue, "name")
    memory.feeds[URL] = Feed(
        [*memory.feeds[URL].records[:10], record("name 1", trees(page="")), record("name 2", trees())],
        renamed={"name": ["name 1", "name 2", "name 3"], "nobody": ["name 1"]},
    )
    run = catalogue.runs.harvest("agency")
    assert (run.complete, run.new, run.removed, run.held, run.findings) == (True, 2, 1, 0, ())
    assert catalogue.entries.find(old).name == name_of(catalogue, "name 2")  # its record is the same as before
    assert catalogue.records.outcome("agency", "name").outcome == "REMOVED"
    give(name=trees())
    assert catalogue.entries.find(old).name == old


def test_a_source_that_renames_everything_keeps_nobody_from_writing_for_long(
    catalogue: Catalogue, memory: Memory, give: Give, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One statement for each, beside those for all together."""
    places = [f"https://agency.example/{number}" for number in range(60)]
    give(**{f"old {place}": trees(page=place) for place in places})
    now = [record(f"new {place}", trees(page=place)) for place in places]
    renamed = {f"old {place}": [f"new {place}"] for place in places}
    memory.feeds[URL] = Feed([*memory.feeds[URL].records[:10], *now], renamed=renamed)
    statements: list[str] = []
    counts: list[int] = []
    retire = Run.retire_the_missing

    def counting(run: Run) -> None:
        statements.clear()
        retire(run)
        counts.append(len(statements))

    event.listen(catalogue._database._engine, "before_cursor_execute", lambda *said: statements.append(said[2]))
    monkeypatch.setattr(Run, "retire_the_missing", counting)
    run = catalogue.runs.harvest("agency")
    assert (run.removed, run.held) == (60, 0)
    assert counts[0] < 2 * 60


def test_who_is_renamed_to_nobody_published_is_missing_as_any_other(
    catalogue: Catalogue, memory: Memory, give: Give
) -> None:
    give(name=trees())
    memory.feeds[URL] = Feed(memory.feeds[URL].records[:10], renamed={"name": ["name 1"]})
    run = catalogue.runs.harvest("agency")
    assert (run.removed, run.held) == (0, 1)


def test_records_that_nothing_tells_apart_are_counted(catalogue: Catalogue, memory: Memory, give: Give) -> None:
    give(name=trees())
    memory.feeds[URL] = Feed(memory.feeds[URL].records, doubles=2, declared=11)
    run = catalogue.runs.harvest("agency")
    assert (run.seen, run.skipped, run.complete) == (13, 2, True)


def edition(year: int) -> str:
    """One of several datasets without address and of one title."""
    return f"""[] a dcat:Dataset ; dct:title "Jaarboek"@nl ; dct:description "Jaarboek {year}."@nl ;
        dct:issued "{year}" ; dcat:distribution [ dcat:accessURL <https://agency.example/{year}.pdf> ] .\n"""


def test_editions_of_one_title_are_all_published_and_the_address_of_the_first_stays(tmp_path: Path) -> None:
    start = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
    served = [""]
    site = loopback.site(lambda _: loopback.Answer((start + served[0]).encode(), "text/turtle"))
    catalogue, _ = open_catalogue(tmp_path / "var", fetch_allow=loopback.LOOPBACK)
    with loopback.running(site) as server:
        source = catalogue.sources.add(server.url("/feed"), "dcat", title="Agency").name
        served[0] = edition(2024)
        catalogue.runs.harvest(source)
        first = name_of(catalogue, "Jaarboek")
        served[0] = edition(2025) + edition(2024) + edition(2026)
        run = catalogue.runs.harvest(source)
        assert (run.seen, run.new, run.removed, run.incomplete) == (3, 3, 1, ())
        assert catalogue.entries.find(first).entry.issued == "2024"
        served[0] = edition(2024)
        catalogue.runs.harvest(source)
        assert catalogue.entries.find(first).name == first
        assert catalogue.entries.find(name_of(catalogue, "Jaarboek – 2024")).name == first
    catalogue.close()


# --- a portal with another host name ---------------------------------------------------------------------------------

PORTAL = "http://old.example/dataset"
RENAMED = "https://data.example/catalogue/dataset"


def portal(base: str, numbers: range, **fields: object) -> list[RawRecord]:
    """Datasets that a portal names by its own address."""
    of_city = {"publisher": Agent(name=texts(fr="Ville")), **fields}
    return [
        record(f"{base}/{number}", Dataset(iri=Iri(f"{base}/{number}"), title=texts(fr=f"Jeu {number}"), **of_city))  # type: ignore[arg-type]
        for number in numbers
    ]


def test_a_portal_with_another_host_is_recognised_and_confirmed_at_once(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    catalogue.sources.add(URL, "memory", title="Agency")
    memory.feeds[URL] = Feed(portal(PORTAL, range(120)))
    move_clock(timedelta(hours=1))
    catalogue.runs.harvest("agency")
    before = {number: name_of(catalogue, f"{PORTAL}/{number}") for number in range(120)}
    memory.feeds[URL] = Feed(portal(RENAMED, range(118)))
    move_clock(timedelta(hours=1))
    run = catalogue.runs.harvest("agency")
    assert (run.state, run.new, run.held, len(proposals(run))) == ("held", 118, 120, 118)
    assert len(catalogue.runs.proposed_moves("agency")) == 118
    confirmed = catalogue.runs.confirm_moves("agency")
    assert len(confirmed) == 118
    for number in (0, 7, 117):
        after = catalogue.entries.find(before[number])
        assert isinstance(after, EntryRow)
        assert after.identifier == f"{RENAMED}/{number}"
    assert isinstance(catalogue.entries.find(before[119]), EntryRow)  # gone, and nothing came for it
    assert catalogue.runs.confirm_moves("agency") == []
    move_clock(timedelta(hours=1))
    run = catalogue.runs.harvest("agency")
    assert (run.state, run.same, run.removed, proposals(run)) == ("done-with-findings", 118, 2, [])


def test_what_is_alike_without_being_told_apart_is_no_proposal(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    catalogue.sources.add(URL, "memory", title="Agency")
    steady = [record(f"x{number}", Dataset(title=texts(fr=f"Autre {number}"))) for number in range(30)]

    def city(iri: str, title: str) -> RawRecord:
        return record(iri, Dataset(iri=Iri(iri), title=texts(fr=title), publisher=Agent(name=texts(fr="Ville"))))

    memory.feeds[URL] = Feed([*steady, city(f"{PORTAL}/a", "Budget"), city(f"{PORTAL}/b", "Budget")])
    move_clock(timedelta(hours=1))
    catalogue.runs.harvest("agency")
    memory.feeds[URL] = Feed([*steady, city(f"{RENAMED}/a2", "Budget"), city(f"{RENAMED}/b", "Budget")])
    move_clock(timedelta(hours=1))
    run = catalogue.runs.harvest("agency")
    old_b, new_b = name_of(catalogue, f"{PORTAL}/b"), name_of(catalogue, f"{RENAMED}/b")
    old_a, new_a = name_of(catalogue, f"{PORTAL}/a"), name_of(catalogue, f"{RENAMED}/a2")
    assert proposals(run) == [f"{old_b} → {new_b}", f"{old_a} → {new_a}"]


def test_another_path_at_the_same_host_is_recognised_and_another_number_is_not(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    catalogue.sources.add(URL, "memory", title="Agency")
    old, new = "https://data.example/old/dataset", "https://data.example/catalogue/record"

    def below(base: str, numbers: range) -> list[RawRecord]:
        return portal(base, numbers, landing_page=(Document(iri=Iri(f"{base}/all")),))

    memory.feeds[URL] = Feed([*below(old, range(12)), *below("https://data.example/2024", range(50, 52))])
    move_clock(timedelta(hours=1))
    catalogue.runs.harvest("agency")
    memory.feeds[URL] = Feed([*below(new, range(12)), *below("https://data.example/2025", range(50, 52))])
    move_clock(timedelta(hours=1))
    run = catalogue.runs.harvest("agency")
    names = [(name_of(catalogue, f"{old}/{number}"), name_of(catalogue, f"{new}/{number}")) for number in range(12)]
    assert sorted(proposals(run)) == sorted(f"{gone} → {came}" for gone, came in names)
