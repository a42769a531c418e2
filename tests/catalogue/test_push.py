"""Push and pull meet: a record that a producer sends gets what a harvest would have given it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from factory import Feed, Memory, record, texts

from catalogue.errors import Invalid, NotFound
from catalogue.ingest.raw_records import Taken
from catalogue.service import Catalogue
from catalogue.sources import push
from catalogue.store.rows import EntryRow, Tombstone
from dcat.model import Dataset
from harvesters.base import Normalised, RawRecord, Source

URL = "https://agency.example/feed"
TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://agency.example/id/trees> a dcat:Dataset ;
    dct:title "{title}"@fr ; dct:description "Les arbres."@fr ;
    dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://agency.example/trees.csv> ] .
"""
JSON_LD = """{"@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
 "@id": "https://agency.example/id/trees", "@type": "dcat:Dataset",
 "dct:title": {"@language": "fr", "@value": "Arbres"}, "dct:description": {"@language": "fr", "@value": "Les arbres."},
 "dcat:distribution": {"@type": "dcat:Distribution", "dcat:accessURL": {"@id": "https://agency.example/trees.csv"}}}"""


@pytest.fixture
def source(catalogue: Catalogue) -> str:
    """A registered source."""
    return catalogue.sources.add(URL, "memory", title="Agency").name


def turtle(title: str = "Arbres") -> bytes:
    """A record in Turtle."""
    return TURTLE.format(title=title).encode()


def test_a_pushed_record_is_published_once(catalogue: Catalogue, source: str) -> None:
    first = catalogue.records.push(source, "trees", turtle(), "text/turtle")
    again = catalogue.records.push(source, "trees", turtle(), "text/turtle; charset=utf-8")
    changed = catalogue.records.push(source, "trees", turtle("Arbres remarquables"), "text/turtle")
    assert [row.outcome for row in (first, again, changed)] == ["NEW", "SAME", "CHANGED"]
    assert {row.name for row in (first, again, changed)} == {"arbres"}
    row = catalogue.entries.named("dataset", "arbres")
    assert isinstance(row, EntryRow)
    assert (row.iri, row.identifier) == ("https://agency.example/id/trees", "trees")


def test_the_serialisation_does_not_matter(catalogue: Catalogue, source: str) -> None:
    assert catalogue.records.push(source, "trees", turtle(), "text/turtle").outcome == "NEW"
    assert catalogue.records.push(source, "trees", JSON_LD.encode(), "application/ld+json").outcome == "SAME"


def test_what_was_mended_in_a_pushed_document_is_told(catalogue: Catalogue, source: str) -> None:
    written = turtle().replace(b"http://www.w3.org/ns/dcat#", b"https://www.w3.org/ns/dcat#")
    first, again = (catalogue.records.push(source, "trees", written, "text/turtle") for _ in range(2))
    assert [first.outcome, again.outcome] == ["NEW", "SAME"]
    for row in (first, again, catalogue.records.push(source, "other", written.replace(b"trees>", b"t>"), "")):
        [told] = [one for one in row.findings if one.rule == "namespace-other"]
        assert told.value == "https://www.w3.org/ns/dcat# (http://www.w3.org/ns/dcat#)"


def test_a_pushed_record_has_findings(catalogue: Catalogue, source: str) -> None:
    row = catalogue.records.push(source, "trees", turtle(), "text/turtle")
    assert "recommended-missing" in {finding.rule for finding in row.findings}
    assert catalogue.records.outcome(source, "trees") == row


def test_what_was_pushed_can_be_searched(catalogue: Catalogue, source: str) -> None:
    catalogue.records.push(source, "trees", turtle(), "text/turtle")
    assert catalogue.index.catch_up() == 1


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<x", "text/turtle"),
        (b"", "text/turtle"),
        (b"@prefix dct: <http://purl.org/dc/terms/> . <http://e.example/x> dct:title 'x' .", "text/turtle"),
        (turtle() + b"<http://e.example/2> a dcat:Dataset ; dct:title 'x' .", "text/turtle"),
        (b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_a_body_that_cannot_be_read_is_invalid(catalogue: Catalogue, source: str, body: bytes, media_type: str) -> None:
    with pytest.raises(Invalid) as error:
        catalogue.records.push(source, "trees", body, media_type)
    assert error.value.field == "body"
    with pytest.raises(NotFound):
        catalogue.records.outcome(source, "trees")


def test_a_record_without_a_title_is_refused_with_the_reason(catalogue: Catalogue, source: str) -> None:
    body = b"<http://e.example/x> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/issued> '2024' ."
    row = catalogue.records.push(source, "x", body, "text/turtle")
    assert (row.outcome, "title" in row.reason) == ("REFUSED", True)


def test_an_identifier_is_needed(catalogue: Catalogue, source: str) -> None:
    with pytest.raises(Invalid, match="identifier"):
        catalogue.records.push(source, "  ", turtle(), "text/turtle")


def test_an_unknown_source_is_not_found(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound):
        catalogue.records.push("nobody", "trees", turtle(), "text/turtle")


def test_a_withdrawn_record_answers_as_removed_and_comes_back(catalogue: Catalogue, source: str) -> None:
    catalogue.records.push(source, "trees", turtle(), "text/turtle")
    row = catalogue.records.withdraw(source, "trees")
    assert (row.outcome, row.name) == ("REMOVED", "arbres")
    stone = catalogue.entries.named("dataset", "arbres")
    assert isinstance(stone, Tombstone)
    assert stone.reason == "DELETED_BY_PRODUCER"
    with pytest.raises(NotFound):
        catalogue.records.withdraw(source, "trees")
    assert catalogue.records.push(source, "trees", turtle(), "text/turtle").outcome == "RESTORED"
    assert isinstance(catalogue.entries.named("dataset", "arbres"), EntryRow)


def test_harvests_do_not_retire_what_was_pushed(catalogue: Catalogue, memory: Memory, source: str) -> None:
    catalogue.records.push(source, "trees", turtle(), "text/turtle")
    other = record("other", Dataset(title=texts(fr="Autre"), description=texts(fr="Autre.")))
    memory.feeds[URL] = Feed([other])
    runs = [catalogue.runs.harvest(source) for _ in range(3)]
    assert [run.removed for run in runs] == [0, 0, 0]
    assert catalogue.entries.counts().datasets == 2


def test_a_push_shows_in_the_report_of_the_next_run_only(catalogue: Catalogue, memory: Memory, source: str) -> None:
    other = record("other", Dataset(title=texts(fr="Autre"), description=texts(fr="Autre.")))
    memory.feeds[URL] = Feed([other])
    first = catalogue.runs.harvest(source)
    catalogue.records.push(source, "trees", turtle(), "text/turtle")
    assert [row.identifier for row in catalogue.runs.outcomes(first.id)] == ["other"]


def test_what_is_sent_of_a_harvested_record_is_told_to_be_overwritten(
    catalogue: Catalogue, memory: Memory, source: str
) -> None:
    memory.feeds[URL] = Feed([record("trees", Dataset(title=texts(fr="Arbres"), description=texts(fr="Arbres.")))])
    catalogue.runs.harvest(source)
    sent = catalogue.records.push(source, "trees", turtle(), "text/turtle")
    assert sent.outcome == "CHANGED"
    assert sent.findings[0].rule == "harvested-too"
    catalogue.runs.harvest(source)
    assert "harvested-too" not in {one.rule for one in catalogue.records.outcome(source, "trees").findings}
    new = catalogue.records.push(source, "parks", turtle(), "text/turtle")
    assert "harvested-too" not in {one.rule for one in new.findings}


def test_the_other_record_with_the_same_address_is_named(catalogue: Catalogue, source: str) -> None:
    catalogue.records.push(source, "trees", turtle(), "text/turtle")
    second = catalogue.records.push(source, "bomen", turtle(), "text/turtle")
    (shared,) = [one for one in second.findings if one.rule == "iri-shared"]
    assert shared.value.endswith(" (trees)")


def test_an_identifier_that_is_the_end_of_another_one_names_it(catalogue: Catalogue, source: str) -> None:
    catalogue.records.push(source, "https://town.example/id/2", turtle(), "text/turtle")
    for ask in (catalogue.records.outcome, catalogue.records.withdraw, catalogue.records.put_back):
        with pytest.raises(NotFound, match=r"may be 'https://town\.example/id/2': in an address, https%3A%2F%2Ft"):
            ask(source, "2")
    with pytest.raises(NotFound) as caught:
        catalogue.records.outcome(source, "%")
    assert "may be" not in str(caught.value)


# --- one transaction for one promise ---------------------------------------------------------------------------------


class Stale(Exception):
    """The version is not the one that was read."""


def only(wanted: str) -> Callable[[str], None]:
    """Lets one version be changed."""

    def check(version: str) -> None:
        if version != wanted:
            raise Stale

    return check


def made_at_once(change: Callable[[int], str]) -> list[str]:
    """The versions that are made when four change something at the same moment."""
    gate = Barrier(4)

    def tried(number: int) -> str:
        gate.wait(60)
        try:
            return change(number)
        except Stale:
            return ""

    with ThreadPoolExecutor(4) as pool:
        return [version for version in pool.map(tried, range(4)) if version]


def test_of_many_changes_of_one_version_one_is_made(catalogue: Catalogue, source: str) -> None:
    version = catalogue.records.push(source, "trees", turtle(), "text/turtle").version
    for _ in range(3):

        def change(number: int, version: str = version) -> str:
            body = turtle(f"Arbres {version} {number}")
            return catalogue.records.push(source, "trees", body, "text/turtle", condition=only(version)).version

        (version,) = made_at_once(change)
        assert catalogue.records.outcome(source, "trees").version == version


def test_of_many_corrections_of_one_version_one_is_made(catalogue: Catalogue, source: str) -> None:
    version = catalogue.records.push(source, "trees", turtle(), "text/turtle").version
    for _ in range(3):

        def correct(number: int, version: str = version) -> str:
            said = {"title[fr]": f"Arbres {version} {number}"}
            return catalogue.records.correct(source, "trees", said, condition=only(version)).version

        (version,) = made_at_once(correct)
        assert catalogue.records.outcome(source, "trees").version == version


def test_of_many_withdrawals_of_one_version_a_late_one_is_refused(catalogue: Catalogue, source: str) -> None:
    old = catalogue.records.push(source, "trees", turtle(), "text/turtle").version
    catalogue.records.push(source, "trees", turtle("Arbres remarquables"), "text/turtle")
    with pytest.raises(Stale):
        catalogue.records.withdraw(source, "trees", condition=only(old))
    assert catalogue.entries.counts().datasets == 1


def test_a_push_tells_the_version_that_it_made_and_none_that_came_later(
    catalogue: Catalogue, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = catalogue.records.push(source, "trees", turtle(), "text/turtle")
    saved = push.Receipt.saved

    def late(self: push.Receipt, taken: list[Taken], written: int) -> None:
        monkeypatch.setattr(push.Receipt, "saved", saved)
        catalogue.records.push(source, "trees", turtle("D'un autre"), "text/turtle")
        saved(self, taken, written)

    monkeypatch.setattr(push.Receipt, "saved", late)
    mine = catalogue.records.push(source, "trees", turtle("De moi"), "text/turtle")
    assert mine.version not in {first.version, catalogue.records.outcome(source, "trees").version}


def test_what_was_pushed_once_and_is_listed_then_goes_when_it_is_listed_no_more(
    catalogue: Catalogue, memory: Memory, source: str
) -> None:
    others = [record(f"r{n}", Dataset(title=texts(fr=f"Jeu {n}"), description=texts(fr="Jeu."))) for n in range(20)]
    trees = record("trees", Dataset(title=texts(fr="Arbres"), description=texts(fr="Les arbres.")))
    assert catalogue.records.push(source, "trees", trees.body, "application/json").outcome == "NEW"
    memory.feeds[URL] = Feed([*others, trees])
    catalogue.runs.harvest(source)
    assert catalogue.runs.harvest(source).writes == 0
    memory.feeds[URL] = Feed(others)
    assert [catalogue.runs.harvest(source).removed for _ in range(2)] == [0, 1]


def test_what_is_pushed_as_the_feed_has_it_stays_when_the_feed_drops_it(
    catalogue: Catalogue, memory: Memory, source: str
) -> None:
    others = [record(f"r{n}", Dataset(title=texts(fr=f"Jeu {n}"), description=texts(fr="Jeu."))) for n in range(20)]
    trees = record("trees", Dataset(title=texts(fr="Arbres"), description=texts(fr="Les arbres.")))
    memory.feeds[URL] = Feed([*others, trees])
    catalogue.runs.harvest(source)
    assert catalogue.records.push(source, "trees", trees.body, "application/json").outcome == "SAME"
    memory.feeds[URL] = Feed(others)
    assert [catalogue.runs.harvest(source).removed for _ in range(3)] == [0, 0, 0]


# --- withdrawn for good ----------------------------------------------------------------------------------------------


def test_a_withdrawn_record_stays_away_from_every_harvest_until_it_is_put_back(
    catalogue: Catalogue, memory: Memory, source: str
) -> None:
    person, other = (
        record(name, Dataset(title=texts(fr=name), description=texts(fr="Un jeu."))) for name in ("Marie", "Autre")
    )
    memory.feeds[URL] = Feed([person, other])
    catalogue.runs.harvest(source)
    row = catalogue.records.withdraw(source, "Marie")
    assert (row.outcome, "until it is put back" in row.reason) == ("REMOVED", True)
    runs = [catalogue.runs.harvest(source, full=full) for full in (False, True, False)]
    assert {(run.seen, run.skipped, run.restored, run.removed) for run in runs} == {(2, 1, 0, 0)}
    assert [run.writes for run in runs][1:] == [0, 0]
    changed = record("Marie", Dataset(title=texts(fr="Marie encore"), description=texts(fr="Un jeu.")))
    memory.feeds[URL] = Feed([changed, other])
    assert catalogue.runs.harvest(source).restored == 0
    assert catalogue.records.outcome(source, "Marie").code == "WITHDRAWN"
    assert catalogue.records.raw(source, "Marie").body == b""
    assert isinstance(catalogue.entries.named("dataset", "marie"), Tombstone)
    run, rows = catalogue.runs.preview_of(source)
    assert (run.skipped, [row.code for row in rows]) == (1, ["WITHDRAWN", ""])
    catalogue.records.put_back(source, "Marie")
    assert catalogue.runs.harvest(source).restored == 1
    entry = catalogue.entries.named("dataset", "marie")
    assert isinstance(entry, EntryRow)
    assert entry.entry.title == texts(fr="Marie encore")
    with pytest.raises(NotFound, match="was not withdrawn"):
        catalogue.records.put_back(source, "Marie")


def test_a_record_withdrawn_while_a_run_reads_it_stays_away(catalogue: Catalogue, memory: Memory, source: str) -> None:
    first = record("x", Dataset(title=texts(fr="Avant"), description=texts(fr="Un jeu.")))
    memory.feeds[URL] = Feed([first])
    catalogue.runs.harvest(source)
    after = record("x", Dataset(title=texts(fr="Après"), description=texts(fr="Un jeu.")))
    memory.feeds[URL] = Feed([after])
    normalise = memory.normalise

    def slow(raw: RawRecord, of: Source) -> Normalised:
        catalogue.records.withdraw(source, "x")
        return normalise(raw, of)

    memory.normalise = slow  # type: ignore[method-assign]
    run = catalogue.runs.harvest(source)
    assert (run.skipped, run.restored) == (1, 0)
    assert isinstance(catalogue.entries.named("dataset", "avant"), Tombstone)


def test_what_its_producer_sends_again_is_put_back(catalogue: Catalogue, memory: Memory, source: str) -> None:
    catalogue.records.push(source, "trees", turtle(), "text/turtle")
    catalogue.records.withdraw(source, "trees")
    memory.feeds[URL] = Feed([record("trees", Dataset(title=texts(fr="Arbres"), description=texts(fr="Les arbres.")))])
    assert catalogue.runs.harvest(source).restored == 0
    assert catalogue.records.push(source, "trees", turtle(), "text/turtle").outcome == "RESTORED"
    assert catalogue.runs.harvest(source).skipped == 0


def test_an_address_that_is_repaired_needs_nobody(catalogue: Catalogue, source: str) -> None:
    body = (
        b"@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        b'<http://a.example/1> a dcat:Dataset ; dct:title "Jeu"@fr ; dct:description "Un jeu."@fr ; '
        b"dcat:distribution [ a dcat:Distribution ; dcat:accessURL <http://a.example/mon\\u0020fichier.csv> ] ."
    )
    found = catalogue.records.push(source, "jeu", body, "text/turtle").findings
    assert {one.rule for one in found if "mon fichier" in one.value} == {"iri-rewritten"}
