"""What is published is valid: whoever comes first, whoever goes, and whatever two sources say of one thing."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from factory import Feed, Memory, concept, file, licence, open_catalogue, record, texts
from shapes import forbidden

from catalogue.errors import Invalid
from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.model import (
    Agent,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Distribution,
    Document,
    Entry,
    Iri,
    LegalResource,
    Text,
)

SITE = "https://data.example.brussels"
TREES, BANKS, ISSUES, API = (f"https://town.example/id/{name}" for name in ("trees", "banks", "issues", "api"))
SERVES, ABOUT = "<http://www.w3.org/ns/dcat#servesDataset>", "<http://data.europa.eu/r5r/applicableLegislation>"
ELI = LegalResource(iri=vocab.HVD_REGULATION)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The embedded database: validity does not depend on it. One test asks the other one the same questions."""
    return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"


def dataset(iri: str = TREES, **more: Any) -> Dataset:
    """A dataset that has all it needs."""
    said = {"title": texts(fr=f"Jeu {iri}"), "description": texts(fr="Un jeu de données")} | more
    return Dataset(iri=Iri(iri), **{"distribution": (file(f"{iri}.csv", "CSV"),)} | said)


def valued(iri: str = TREES, **more: Any) -> Dataset:
    """A dataset that claims to be of high value, and is given by a service of its own or by none."""
    claim = {"applicable_legislation": (ELI,), "hvd_category": (concept(vocab.HVD_CATEGORIES, "c_dd313021"),)}
    return dataset(iri, contact=(Contact(email=(Iri("mailto:data@town.example"),)),), **claim | more)


def service(*serves: str, iri: str = API, **more: Any) -> DataService:
    """A service for some datasets."""
    said = {"title": texts(fr="Service"), "endpoint_url": (Iri("https://town.example/api"),)} | more
    return DataService(iri=Iri(iri), serves_dataset=tuple(map(Iri, serves)), **said)


def series(iri: str = ISSUES) -> DatasetSeries:
    """A series."""
    return DatasetSeries(iri=Iri(iri), title=texts(fr="Série"), description=texts(fr="Une série"))


def harvest(catalogue: Catalogue, memory: Memory, *entries: Entry, town: str = "a") -> str:
    """One run of a town's source with these entries; the source's name."""
    url = f"https://{town}.example/feed"
    memory.feeds[url] = Feed([record(entry.iri or "", entry) for entry in entries])
    known = {source.url: source.name for source in catalogue.sources.all()}
    name = known.get(url) or catalogue.sources.add(url, "memory", title=f"Town {town}").name
    catalogue.runs.harvest(name)
    return name


def whole(catalogue: Catalogue) -> str:
    """The whole feed."""
    return "".join(catalogue.feed.whole())


def documents(catalogue: Catalogue) -> Iterable[str]:
    """Everything that is published: the whole feed, pages of one entry and of two, and each entry alone."""
    yield whole(catalogue)
    pieces = list(catalogue.pieces.all())
    for number in range(len(pieces)):
        yield "".join(catalogue.feed.joined(pieces[number : number + 1]))
        yield "".join(catalogue.feed.joined(pieces[number : number + 2]))
        yield "".join(catalogue.feed.alone(pieces[number].id))


def problems(catalogue: Catalogue) -> set[tuple[str, str]]:
    """What the profile forbids, in whichever of the documents."""
    texts = list(documents(catalogue))
    assert all(texts)
    return set().union(*map(forbidden, texts))


def row(catalogue: Catalogue, iri: str) -> EntryRow:
    """A live entry."""
    return catalogue.entries.with_iris([iri])[iri]


# --- references -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_references_are_valid_in_every_order(catalogue: Catalogue, memory: Memory, order: tuple[int, ...]) -> None:
    entries = (
        dataset(TREES, in_series=(Iri(ISSUES),), source=(Iri(BANKS),), has_version=(Iri(f"{TREES}/2"),)),
        dataset(BANKS),
        series(),
        service(TREES, BANKS, "https://elsewhere.example/d", ISSUES),
    )
    for number in order:
        harvest(catalogue, memory, entries[number], town="abcd"[number])
    text = whole(catalogue)
    assert f"<{API}> {SERVES} <{TREES}> ." in text
    assert f"<{TREES}> <http://www.w3.org/ns/dcat#inSeries> <{ISSUES}> ." in text
    assert f"<{TREES}> <http://purl.org/dc/terms/source> <{BANKS}> ." in text
    assert "elsewhere.example" not in text
    assert f"{SERVES} <{ISSUES}>" not in text, "a series is no dataset"
    assert "hasVersion" not in text


def test_no_document_leads_outside(catalogue: Catalogue, memory: Memory) -> None:
    trees = dataset(TREES, in_series=(Iri(ISSUES),), source=(Iri(BANKS),), has_version=(Iri(BANKS),))
    harvest(catalogue, memory, trees, service(TREES, BANKS, "https://elsewhere.example/d"), series())
    harvest(catalogue, memory, dataset(BANKS), town="b")
    assert problems(catalogue) == set()


def test_a_reference_goes_and_returns_with_its_target(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, service(TREES))
    line = f"<{API}> {SERVES} <{TREES}> ."
    assert line not in whole(catalogue)
    other = harvest(catalogue, memory, dataset(TREES), town="b")
    assert line in whole(catalogue)
    catalogue.records.withdraw(other, TREES)
    assert line not in whole(catalogue)
    catalogue.records.put_back(other, TREES)
    harvest(catalogue, memory, dataset(TREES), town="b")
    assert line in whole(catalogue)
    assert forbidden(whole(catalogue)) == set()


@pytest.mark.service("postgresql")
def test_postgresql_gives_the_same_answers(postgresql_url: str, tmp_path: Path) -> None:
    catalogue, memory = open_catalogue(tmp_path / "var", database_url=postgresql_url)
    harvest(catalogue, memory, service(TREES, BANKS, ISSUES))
    name = harvest(catalogue, memory, valued(TREES, in_series=(Iri(ISSUES),)), series(), town="b")
    claim, line = f"<{TREES}> {ABOUT} <{vocab.HVD_REGULATION}> .", f"<{API}> {SERVES} <{TREES}> ."
    assert {claim, line} <= set(whole(catalogue).splitlines())
    assert catalogue.pieces.references([row(catalogue, API).id]) == {
        row(catalogue, API).id: [(API, "serves_dataset", TREES)]
    }
    catalogue.records.withdraw(name, TREES)
    assert line not in whole(catalogue)
    catalogue.close()


def test_all_pages_together_are_the_whole(catalogue: Catalogue, memory: Memory) -> None:
    harvest(
        catalogue, memory, dataset(TREES, in_series=(Iri(ISSUES),)), service(TREES, BANKS), dataset(BANKS), series()
    )
    pages = ("".join(catalogue.feed.joined([piece], is_part=True)) for piece in catalogue.pieces.all())
    assert {line for page in pages for line in page.splitlines()} == set(whole(catalogue).splitlines())


def test_changes_lead_to_entries_that_did_not_change(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    harvest(catalogue, memory, dataset(TREES))
    since = move_clock(timedelta(hours=1))
    harvest(catalogue, memory, service(TREES, "https://elsewhere.example/d"), town="b")
    text = "".join(catalogue.feed.joined(catalogue.pieces.by_kind(since), is_part=True))
    assert f"<{API}> {SERVES} <{TREES}> ." in text
    assert "elsewhere.example" not in text


def test_a_document_of_its_own_names_what_it_refers_to(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, dataset(TREES), service(TREES))
    alone = "".join(catalogue.feed.alone(row(catalogue, API).id))
    assert f"<{API}> {SERVES} <{TREES}> ." in alone
    assert f'<{TREES}> <http://purl.org/dc/terms/title> "Jeu {TREES}"@fr .' in alone
    assert "csv" not in alone


def test_a_document_of_ours_can_be_sent_back(catalogue: Catalogue, memory: Memory) -> None:
    name = harvest(catalogue, memory, dataset(TREES, in_series=(Iri(ISSUES),)), service(TREES), series())
    for iri in (TREES, API, ISSUES):
        before = row(catalogue, iri)
        body = "".join(catalogue.feed.alone(before.id)).encode()
        assert catalogue.records.push(name, iri, body, "application/n-triples").outcome in {"SAME", "CHANGED"}
        assert (row(catalogue, iri).id, row(catalogue, iri).entry.title) == (before.id, before.entry.title)
    harvest(catalogue, memory, dataset(BANKS), town="b")
    whole_one = "".join(catalogue.feed.joined(catalogue.pieces.all())).encode()
    with pytest.raises(Invalid, match="describes 2 entries"):
        catalogue.records.push(name, API, whole_one, "application/n-triples")


def test_a_service_within_a_dataset_may_serve_others(catalogue: Catalogue, memory: Memory) -> None:
    part = service(TREES, BANKS, "https://elsewhere.example/d")
    trees = dataset(TREES, distribution=(file("https://town.example/t", "WFS_SRVC", access_service=(part,)),))
    harvest(catalogue, memory, trees)
    assert f"<{API}> {SERVES} <{TREES}> ." in whole(catalogue)
    assert f"<{API}> {SERVES} <{BANKS}> ." not in whole(catalogue)
    harvest(catalogue, memory, dataset(BANKS), town="b")
    assert f"<{API}> {SERVES} <{BANKS}> ." in whole(catalogue)
    assert catalogue.entries.serving(BANKS) == [], "a dataset is no service"
    harvest(catalogue, memory, service(BANKS, iri=f"{API}/2"), town="c")
    assert [row.iri for row in catalogue.entries.serving(BANKS)] == [f"{API}/2"]
    assert problems(catalogue) == set()


# --- high-value data --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("towns", ["aa", "ab"])
@pytest.mark.parametrize("is_service_first", [True, False])
def test_a_dataset_is_of_high_value_while_a_service_gives_it(
    catalogue: Catalogue, memory: Memory, towns: str, *, is_service_first: bool
) -> None:
    entries: list[Entry] = [service(TREES), valued()] if is_service_first else [valued(), service(TREES)]
    if towns == "aa":
        harvest(catalogue, memory, *entries)
    else:
        for town, entry in zip(towns, entries, strict=True):
            harvest(catalogue, memory, entry, town=town)
    claim = f"<{TREES}> {ABOUT} <{vocab.HVD_REGULATION}> ."
    assert claim in whole(catalogue)
    assert problems(catalogue) == set()
    holder = row(catalogue, API).source
    catalogue.records.withdraw(holder, API)
    assert vocab.HVD_REGULATION not in "".join(line for line in whole(catalogue).splitlines() if ABOUT in line)
    assert problems(catalogue) == set()
    catalogue.records.put_back(holder, API)
    for name in {source.name for source in catalogue.sources.all()}:
        catalogue.runs.harvest(name)
    assert claim in whole(catalogue)


def test_a_dataset_of_high_value_with_a_service_of_its_own_waits_for_none(catalogue: Catalogue, memory: Memory) -> None:
    part = service(license=licence("CC0"))
    trees = valued(distribution=(file("https://town.example/t", "WFS_SRVC", access_service=(part,)),))
    trees = valued(distribution=trees.distribution, page=(Document(iri=Iri("https://town.example/doc")),))
    harvest(catalogue, memory, trees)
    assert f"<{TREES}> {ABOUT} <{vocab.HVD_REGULATION}> ." in whole(catalogue)
    assert problems(catalogue) == set()


def test_a_service_that_lacks_what_high_value_needs_is_not_called_so_by_a_dataset(
    catalogue: Catalogue, memory: Memory
) -> None:
    part = service(license=licence("CC0"))
    pages = (Document(iri=Iri("https://town.example/doc")),)
    files = (file("https://town.example/t", "WFS_SRVC", access_service=(part,)),)
    harvest(catalogue, memory, valued(distribution=files, page=pages), service())
    about = [line for line in whole(catalogue).splitlines() if ABOUT in line]
    assert any(line.startswith(f"<{TREES}> ") for line in about)
    assert not any(line.startswith(f"<{API}> ") for line in about)
    assert problems(catalogue) == set()


# --- services as distributions ----------------------------------------------------------------------------------------

LEADS = "<http://www.w3.org/ns/dcat#distribution>"


def ways(catalogue: Catalogue, iri: str) -> list[str]:
    """The distributions of a dataset in the whole feed that are services."""
    lines = [line for line in whole(catalogue).splitlines() if line.startswith(f"<{iri}> {LEADS} ")]
    return [line.split(" ")[2] for line in lines if line.endswith("#access> .")]


def test_a_dataset_leads_to_the_services_that_serve_it(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, dataset(TREES), dataset(BANKS))
    harvest(catalogue, memory, service(TREES, license=licence("CC0")), town="b")
    (node,) = ways(catalogue, TREES)
    said = [line for line in whole(catalogue).splitlines() if line.startswith(f"{node} ")]
    assert f"{node} <http://www.w3.org/ns/dcat#accessURL> <https://town.example/api> ." in said
    assert f"{node} <http://www.w3.org/ns/dcat#accessService> <{API}> ." in said
    assert ways(catalogue, BANKS) == []
    assert problems(catalogue) == set()
    catalogue.records.withdraw(row(catalogue, API).source, API)
    assert ways(catalogue, TREES) == []


def test_a_dataset_that_names_its_service_is_not_told_it_twice(catalogue: Catalogue, memory: Memory) -> None:
    files = (file("https://town.example/t", "WFS_SRVC", access_service=(service(),)),)
    harvest(catalogue, memory, dataset(TREES, distribution=files), service(TREES))
    assert ways(catalogue, TREES) == []


@pytest.mark.parametrize("is_valued", [True, False])
def test_a_dataset_of_high_value_leads_only_to_services_of_high_value(
    catalogue: Catalogue, memory: Memory, *, is_valued: bool
) -> None:
    claim = {
        "applicable_legislation": (ELI,),
        "hvd_category": (concept(vocab.HVD_CATEGORIES, "c_dd313021"),),
        "contact": (Contact(email=(Iri("mailto:data@town.example"),)),),
        "page": (Document(iri=Iri("https://town.example/doc")),),
    }
    harvest(catalogue, memory, valued(), service(TREES, license=licence("CC0"), **(claim if is_valued else {})))
    assert f"<{TREES}> {ABOUT} <{vocab.HVD_REGULATION}> ." in whole(catalogue)
    assert len(ways(catalogue, TREES)) == is_valued
    assert problems(catalogue) == set()


# --- what two entries describe ----------------------------------------------------------------------------------------


def test_a_file_of_two_datasets_is_described_once(catalogue: Catalogue, memory: Memory) -> None:
    shared = file("https://town.example/f.csv", "CSV", iri=Iri("https://town.example/f"), title=texts(fr="Un"))
    other = file("https://town.example/f.json", "JSON", "CC0", iri=shared.iri, title=texts(fr="Deux", nl="Twee"))
    harvest(catalogue, memory, dataset(TREES, distribution=(shared,)))
    harvest(catalogue, memory, dataset(BANKS, distribution=(other,)), town="b")
    assert len([line for line in whole(catalogue).splitlines() if line.startswith(f"<{shared.iri}> ")]) > 4
    assert problems(catalogue) == set()


def test_a_service_keeps_its_own_words(catalogue: Catalogue, memory: Memory) -> None:
    agent = Agent(iri=Iri("https://town.example/us"), name=texts(fr="Nous"))
    part = service(title=texts(fr="Ancien nom"), publisher=agent, license=licence("CC0"))
    trees = dataset(TREES, distribution=(file("https://town.example/t", "WFS_SRVC", access_service=(part,)),))
    harvest(catalogue, memory, trees)
    harvest(catalogue, memory, service(title=texts(fr="Nouveau nom"), license=licence("CC_BY_4_0")), town="b")
    assert "Nouveau nom" in whole(catalogue)
    assert "Ancien nom" not in whole(catalogue)
    assert problems(catalogue) == set()


def test_services_come_first_in_the_whole_feed(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, *(dataset(f"{TREES}/{number}") for number in range(5)), service(), series())
    ours = re.findall(r"^<(\S+)> <\S+#type> <http://www.w3.org/ns/dcat#(Data\w+)>", whole(catalogue), re.MULTILINE)
    assert [kind for _, kind in ours[:2]] in (["DataService", "DatasetSeries"], ["DatasetSeries", "DataService"])


def test_an_agent_has_one_type(catalogue: Catalogue, memory: Memory) -> None:
    types = ("LocalAuthority", "Company")
    agents = [Agent(iri=Iri("https://a.be/us"), name=(), type=concept(vocab.PUBLISHER_TYPES, code)) for code in types]
    for town, agent, iri in zip("ab", agents, (TREES, BANKS), strict=True):
        named = Agent(iri=agent.iri, name=(Text(f"Nous {town}", "fr"),), type=agent.type)
        harvest(catalogue, memory, dataset(iri, publisher=named), town=town)
    assert forbidden(whole(catalogue)) == set()


# --- what cannot be valid ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (DataService(iri=Iri(API), title=texts(fr="Service")), "dcat:endpointURL"),
        (DataService(iri=Iri(f"{API}/12"), endpoint_url=(Iri("https://town.example/api"),)), "dct:title"),
        (Dataset(iri=Iri(f"{TREES}/12"), description=texts(fr="Sans titre")), "dct:title"),
        (DatasetSeries(iri=Iri(f"{ISSUES}/12"), title=(Text("  ", "fr"),)), "dct:title"),
    ],
)
def test_what_lacks_a_must_is_refused(catalogue: Catalogue, memory: Memory, entry: Entry, field: str) -> None:
    name = harvest(catalogue, memory, entry, dataset(BANKS))
    outcome = catalogue.records.outcome(name, entry.iri or "")
    assert (outcome.outcome, outcome.name) == ("REFUSED", "")
    assert f"({field}), which is mandatory. So it cannot be published. Add this information" in outcome.reason
    assert ("required-missing", field) in {(found.rule, found.field) for found in outcome.findings}
    assert [piece.iri for piece in catalogue.pieces.all()] == [BANKS]


def test_what_becomes_invalid_keeps_its_last_valid_version(catalogue: Catalogue, memory: Memory) -> None:
    name = harvest(catalogue, memory, service(TREES), dataset(TREES))
    harvest(catalogue, memory, DataService(iri=Iri(API), title=texts(fr="Sans adresse")), dataset(TREES))
    assert catalogue.records.outcome(name, API).outcome == "REFUSED"
    assert row(catalogue, API).entry.title == texts(fr="Service")
    assert forbidden(whole(catalogue)) == set()


def test_a_part_that_lacks_a_must_is_left_out(catalogue: Catalogue, memory: Memory) -> None:
    part = DataService(iri=Iri(API), title=texts(fr="Sans adresse"))
    files = (Distribution(access_url=(Iri("https://town.example/t.csv"),), access_service=(part,)),)
    name = harvest(catalogue, memory, dataset(TREES, distribution=files))
    (kept,) = row(catalogue, TREES).entry.distribution  # type: ignore[union-attr]
    assert kept.access_service == ()
    places = {found.field for found in catalogue.records.outcome(name, TREES).findings if found.rule == "part-dropped"}
    assert places == {"dcat:distribution[1]/dcat:accessService[1]/dcat:endpointURL"}
    assert API not in whole(catalogue)


# --- what the producer is told ----------------------------------------------------------------------------------------


def told(catalogue: Catalogue, name: str, iri: str) -> set[tuple[str, str, str]]:
    """(rule, field, value) of what is said of a record about references, when it is shown now."""
    found = catalogue.records.outcome(name, iri).findings
    return {(one.rule, one.field, one.value) for one in found if one.rule in {"reference-outside", "hvd-incomplete"}}


def test_a_producer_is_told_which_references_lead_outside(catalogue: Catalogue, memory: Memory) -> None:
    part = service("https://elsewhere.example/e", iri=f"{API}/2")
    trees = dataset(TREES, distribution=(file("https://town.example/t", "WFS_SRVC", access_service=(part,)),))
    name = harvest(catalogue, memory, service(TREES, BANKS, ISSUES), trees, series())
    outside = {("reference-outside", "dcat:servesDataset", BANKS), ("reference-outside", "dcat:servesDataset", ISSUES)}
    within = (
        "reference-outside",
        "dcat:distribution/dcat:accessService/dcat:servesDataset",
        "https://elsewhere.example/e",
    )
    assert told(catalogue, name, API) == outside
    assert told(catalogue, name, TREES) == {within}
    (run,) = catalogue.runs.of_source(name)
    assert {(one.rule, one.field, one.value) for one in run.findings} == {*outside, within}
    harvest(catalogue, memory, dataset(BANKS), town="b")
    assert told(catalogue, name, API) == {("reference-outside", "dcat:servesDataset", ISSUES)}


def test_a_producer_is_told_that_no_service_gives_high_value_data(catalogue: Catalogue, memory: Memory) -> None:
    name = harvest(catalogue, memory, valued())
    assert told(catalogue, name, TREES) == {("hvd-incomplete", "dcat:accessService", "")}
    (run,) = catalogue.runs.of_source(name)
    assert (run.state, [one.rule for one in run.findings]) == ("done-with-findings", ["hvd-incomplete"])
    harvest(catalogue, memory, service(TREES), town="b")
    assert told(catalogue, name, TREES) == set()
    assert catalogue.runs.harvest(name).state == "done"
    assert catalogue.runs.harvest(name).writes == 0
