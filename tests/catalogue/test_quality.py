"""What is found in a description is kept, published with it, and changes when it should and not otherwise."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from factory import Feed, Memory, concept, file, record, texts
from shapes import forbidden

from catalogue.ingest import catalog_record
from catalogue.ingest.catalog_record import Topic
from catalogue.publishing.measures import Measures
from catalogue.search.base import Query
from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow, RunRow
from dcat import quality, vocab
from dcat.dqv import PIVEAU
from dcat.findings import finding
from dcat.model import Agent, CatalogRecord, DataService, Dataset, Date, Entry, Iri, Text
from dcat.rdf import parse
from dcat.read import read
from harvesters.base import RawRecord

SITE = "https://data.example.brussels"
URL = "https://town.example/feed"
TODAY = date(2026, 6, 1)


def dataset(*words: str, publisher: str = "Ville", **more: Any) -> Dataset:
    """A dataset with these keywords."""
    return Dataset(
        title=texts(fr="Arbres remarquables"),
        description=texts(fr="Les arbres remarquables de la commune."),
        keyword=tuple(Text(word, "fr") for word in words),
        publisher=Agent(iri=Iri(f"https://town.example/id/{publisher}"), name=texts(fr=publisher)),
        distribution=(file("https://town.example/trees.csv", "CSV"),),
        **more,
    )


def harvest(catalogue: Catalogue, memory: Memory, *raws: RawRecord, full: bool = False) -> RunRow:
    """One run over these records."""
    memory.feeds[URL] = Feed(list(raws))
    if not catalogue.sources.all():
        catalogue.sources.add(URL, "memory", title="Town")
    return catalogue.runs.harvest("town", full=full)


def only(catalogue: Catalogue) -> EntryRow:
    """The one live entry."""
    (row,) = catalogue.entries.recent(10)
    return row


def record_of(catalogue: Catalogue) -> CatalogRecord:
    """The catalogue record of the one live entry, as others read it."""
    (found,) = read(parse("".join(catalogue.feed.alone(only(catalogue).id)).encode(), "nt")).records
    return found


def value(found: CatalogRecord, metric: str) -> int:
    """The value of a metric."""
    return next(int(one.value or -1) for one in found.measurements if one.metric and one.metric.iri == metric)


# --- kept ------------------------------------------------------------------------------------------------------------


def test_the_score_of_a_dataset_is_kept_with_it(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, record("a", dataset("arbre")))
    row = only(catalogue)
    assert isinstance(row.entry, Dataset)
    assert row.score == quality.score(row.entry)
    assert row.score
    assert catalogue.index.search(Query(text="arbres")).hits[0].document.quality == row.score.points


def test_publishers_and_the_catalogue_have_the_score_of_their_datasets(catalogue: Catalogue, memory: Memory) -> None:
    assert catalogue.assessments.scores().whole is None
    harvest(
        catalogue,
        memory,
        record("a", dataset("arbre")),
        record("b", dataset("arbre", "parc", publisher="Région")),
        record("c", dataset(publisher="Région")),
        record("d", dataset("arbre")),
    )
    rows = catalogue.entries.recent(10)
    found = catalogue.assessments.scores()
    assert found.whole == quality.combined(row.score for row in rows if row.score)
    assert set(found.by_publisher) == {"ville", "region"}
    for publisher, score in found.by_publisher.items():
        own = [row.score for row in rows if row.publisher_name == publisher and row.score]
        assert score == quality.combined(own)


def test_what_is_gone_counts_no_more_and_what_is_back_counts_again(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    harvest(catalogue, memory, record("a", dataset("arbre")), record("b", dataset(publisher="Région")))
    both = catalogue.assessments.scores()
    catalogue.records.withdraw("town", "b")
    assert set(catalogue.assessments.scores().by_publisher) == {"ville"}
    catalogue.records.put_back("town", "b")
    harvest(catalogue, memory, record("a", dataset("arbre")), record("b", dataset(publisher="Région")))
    assert catalogue.assessments.scores().by_publisher == both.by_publisher
    catalogue.records.withdraw("town", "b")
    move_clock(timedelta(days=40))
    catalogue.tidying.all()
    catalogue.records.put_back("town", "b")
    harvest(catalogue, memory, record("a", dataset("arbre")), record("b", dataset(publisher="Région")))
    assert catalogue.assessments.scores().by_publisher == both.by_publisher


def test_a_dataset_that_becomes_a_service_has_no_score_any_more(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, record("a", dataset("arbre")))
    service = DataService(title=texts(fr="Service"), endpoint_url=(Iri("https://town.example/wfs"),))
    harvest(catalogue, memory, record("a", service))
    assert (only(catalogue).kind, only(catalogue).score) == ("service", None)
    assert catalogue.assessments.scores().whole is None


# --- published -------------------------------------------------------------------------------------------------------


def test_the_record_says_how_good_the_description_is_and_what_is_the_matter(
    catalogue: Catalogue, memory: Memory
) -> None:
    harvest(catalogue, memory, record("a", dataset("arbre")))
    row, found = only(catalogue), record_of(catalogue)
    assert row.score
    assert {one.computed_on for one in found.measurements} == {row.iri}
    assert value(found, f"{PIVEAU}findabilityScoring") == row.score.dimensions[0].points
    assert value(found, f"{SITE}/id/metric/score") == row.score.points, "links were not measured, so it is not theirs"
    said = {str(one.body.iri).rpartition("/remark/")[2] for one in found.annotations if one.body}
    assert "recommended-missing/dct:temporal" in said
    assert found.generated == found.modified
    assert found.derived_from is None, "memory: is no address of the web"


def test_the_catalogue_says_how_good_its_descriptions_are(catalogue: Catalogue, memory: Memory) -> None:
    assert catalogue.feed.catalog().measurements == ()
    harvest(catalogue, memory, record("a", dataset("arbre")))
    (found,) = read(parse("".join(catalogue.feed.whole(Measures.ALL)).encode(), "nt")).catalogs
    score = catalogue.assessments.scores().whole
    assert score
    values = {one.metric.iri: one.value for one in found.measurements if one.metric}
    assert len(values) == 6
    assert values[Iri(f"{SITE}/id/metric/score")] == str(score.points)


def test_what_is_published_of_quality_is_valid(catalogue: Catalogue, memory: Memory) -> None:
    service = DataService(title=texts(fr="Service"), endpoint_url=(Iri("https://town.example/wfs"),))
    entries: list[Entry] = [dataset("arbre", "TODO", issued=Date("soon")), Dataset(title=texts(fr="Vide")), service]
    harvest(catalogue, memory, *(record(str(number), entry) for number, entry in enumerate(entries)))
    whole = "".join(catalogue.feed.whole(Measures.ALL))
    assert whole.count("#QualityMeasurement>") == 6 + 2 * 6, "of the catalogue and of each dataset"
    assert "/id/remark/date-invalid/dct:issued>" in whole
    assert not forbidden(whole)


@pytest.mark.parametrize(
    ("address", "published"),
    [
        ("https://agency.example/catalog.ttl", "https://agency.example/catalog.ttl"),
        ("https://agency.example/catalog.ttl?page=3&apikey=secret#x", "https://agency.example/catalog.ttl"),
        ("http://agency.example:8080/a/b", "http://agency.example:8080/a/b"),
        ("https://user:secret@agency.example/catalog.ttl", None),
        ("file:///etc/feed.ttl", None),
        ("memory:", None),
        ("", None),
        ("https://agency.example/a b", None),
        ("https://[agency/", None),
    ],
)
def test_where_a_record_was_read_is_told_without_secrets(address: str, published: str | None) -> None:
    assert catalog_record.public(address) == published


# --- changing --------------------------------------------------------------------------------------------------------


def test_a_new_remark_on_an_unchanged_entry_reaches_its_record(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    harvest(catalogue, memory, record("a", dataset("arbre")))
    before, told = only(catalogue), record_of(catalogue)
    catalogue.index.catch_up()
    move_clock(timedelta(days=1))
    run = harvest(catalogue, memory, record("a", dataset("arbre", "TODO")))
    after, now = only(catalogue), record_of(catalogue)
    assert (run.same, run.changed) == (1, 0)
    assert run.writes > 0
    assert after.entry == before.entry
    assert after.revision > before.revision, "feeds and pages that were kept are asked for again"
    placeholder = f"{SITE}/id/remark/text-placeholder/dcat:keyword"
    assert [one.value for one in now.annotations if one.body and one.body.iri == placeholder] == [(Text("TODO"),)]
    assert (told.modified, now.modified) == ("2026-06-01T12:00:00Z", "2026-06-02T12:00:00Z")
    assert now.issued == told.issued
    assert harvest(catalogue, memory, record("a", dataset("arbre", "TODO"))).writes == 0
    assert harvest(catalogue, memory, record("a", dataset("arbre", "TODO")), full=True).writes == 0
    assert only(catalogue).revision == after.revision


def test_a_remark_that_only_our_pages_show_makes_them_new_as_well(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, record("a", dataset("arbre")))
    generation = catalogue.index.generation()
    marked = msgspec.structs.replace(
        dataset("arbre"), description=texts(fr="<p>Les arbres remarquables de la commune.")
    )
    harvest(catalogue, memory, record("a", marked))
    outcome = catalogue.records.outcome("town", "a")
    assert "text-markup" in {one.rule for one in outcome.findings}
    assert catalogue.index.generation() != generation


def test_the_same_is_found_every_time() -> None:
    created = datetime(2026, 1, 1, tzinfo=UTC)
    topic = Topic(Iri(f"{SITE}/id/record/x"), dataset("arbre"), (finding("text-markup", "a"),), "", created)
    found = catalog_record.quality_of(topic, SITE)
    assert catalog_record.assessment(topic, found) == catalog_record.assessment(
        topic, catalog_record.quality_of(topic, SITE)
    )
    better = topic._replace(findings=())
    told = catalog_record.quality_of(better, SITE)
    assert catalog_record.assessment(better, told).hash != catalog_record.assessment(topic, found).hash


# --- late ------------------------------------------------------------------------------------------------------------


def is_late(catalogue: Catalogue) -> bool:
    """What search says of the one entry."""
    (hit,) = catalogue.index.search(Query(text="arbres")).hits
    return hit.document.late


def test_what_becomes_late_is_indexed_again_on_that_day(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    monthly = dataset("arbre", modified=Date("2026-04-30"), frequency=concept(vocab.FREQUENCIES, "MONTHLY"))
    harvest(catalogue, memory, record("a", monthly))
    assert only(catalogue).late_from == date(2026, 6, 4)
    assert not is_late(catalogue)
    move_clock(timedelta(days=2))
    assert catalogue.index.catch_up() == 0
    assert not is_late(catalogue)
    move_clock(timedelta(days=5))
    assert catalogue.index.catch_up() == 1
    assert is_late(catalogue)
    assert catalogue.index.catch_up() == 0
    move_clock(timedelta(days=1))
    assert catalogue.index.catch_up() == 0, "it was late yesterday as well"
    timely = msgspec.structs.replace(monthly, modified=Date("2026-06-08"))
    harvest(catalogue, memory, record("a", timely))
    assert not is_late(catalogue)


def test_datasets_are_found_by_the_band_of_their_quality(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, record("a", dataset("arbre")), record("b", Dataset(title=texts(fr="Arbres"))))
    bands = {row.identifier: row.score.band for row in catalogue.entries.recent(10) if row.score}
    assert len(set(bands.values())) == 2
    for identifier, band in bands.items():
        (hit,) = catalogue.index.search(Query(filters={"quality": (band,)})).hits
        assert identifier in hit.document.identifier
