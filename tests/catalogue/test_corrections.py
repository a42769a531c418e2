"""Single fields that somebody corrects by hand: laid over what the source says, until it says the same."""

import pytest
from factory import Feed, Memory, file, record, texts

from catalogue.errors import Invalid, NotFound
from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.model import Dataset, Entry
from harvesters.base import Normalised, RawRecord, Source

URL = "https://agency.example/feed"


def said(title: str, licence: str = "CC0") -> RawRecord:
    """A record as the source gives it."""
    data = file("https://agency.example/trees.csv", "CSV", licence)
    dataset = Dataset(title=texts(fr=title, nl="Bomen"), description=texts(fr="Un jeu."), distribution=(data,))
    return record("trees", dataset)


@pytest.fixture
def source(catalogue: Catalogue, memory: Memory) -> str:
    """A source whose dataset has a mistake in its title."""
    memory.feeds[URL] = Feed([said("Arbes")])
    name = catalogue.sources.add(URL, "memory", title="Agency").name
    catalogue.runs.harvest(name)
    return name


def published(catalogue: Catalogue) -> Entry:
    """What is published of it."""
    row = catalogue.entries.named("dataset", "arbes")
    assert isinstance(row, EntryRow)
    return row.entry


def remarks(catalogue: Catalogue, source: str) -> list[tuple[str, str]]:
    """Its corrections, as its report tells them."""
    found = catalogue.records.outcome(source, "trees").findings
    return [(one.field, one.value) for one in found if one.rule == "corrected-by-hand"]


def test_a_correction_stays_through_every_harvest_and_is_told(
    catalogue: Catalogue, memory: Memory, source: str
) -> None:
    row = catalogue.records.correct(source, "trees", {"title[fr]": "Arbres", "Licentie": "cc-by"})
    assert row.outcome == "CHANGED"
    entry = published(catalogue)
    assert entry.title == texts(fr="Arbres", nl="Bomen")
    assert isinstance(entry, Dataset)
    assert entry.distribution[0].license.iri == vocab.LICENCES.by_code["CC_BY_4_0"].iri
    assert {field for field, _ in remarks(catalogue, source)} == {"dct:title", "dct:license"}
    runs = [catalogue.runs.harvest(source, full=full) for full in (False, True, False)]
    assert [(run.same, run.writes) for run in runs] == [(1, 0)] * 3
    memory.feeds[URL] = Feed([said("Arbes de la ville")])
    assert catalogue.runs.harvest(source).changed == 0
    assert published(catalogue).title == texts(fr="Arbres", nl="Bomen")
    assert ("dct:title", "Arbes de la ville@fr, Bomen@nl → Arbres@fr, Bomen@nl") in remarks(catalogue, source)
    assert "corrected-by-hand" in {note.rule for note in catalogue.records.trace(source, "trees")}
    run, rows = catalogue.runs.preview_of(source)
    assert (run.same, {one.rule for one in rows[0].findings} >= {"corrected-by-hand"}) == (1, True)


def test_a_correction_goes_when_the_source_says_the_same(catalogue: Catalogue, memory: Memory, source: str) -> None:
    catalogue.records.correct(source, "trees", {"title[fr]": "Arbres"})
    memory.feeds[URL] = Feed([said("Arbres")])
    catalogue.runs.harvest(source)
    assert remarks(catalogue, source) == []
    memory.feeds[URL] = Feed([said("Arbres et arbustes")])
    catalogue.runs.harvest(source)
    assert published(catalogue).title == texts(fr="Arbres et arbustes", nl="Bomen")
    assert "correction.agreed" in {row.what for row in catalogue.audit.all()}


def test_a_correction_is_taken_away(catalogue: Catalogue, source: str) -> None:
    catalogue.records.correct(source, "trees", {"title[fr]": "Arbres"})
    catalogue.records.correct(source, "trees", {"title[fr]": ""})
    assert published(catalogue).title == texts(fr="Arbes", nl="Bomen")
    assert remarks(catalogue, source) == []
    assert catalogue.runs.harvest(source).writes == 0


def test_a_corrected_record_goes_when_its_source_lists_it_no_more(
    catalogue: Catalogue, memory: Memory, source: str
) -> None:
    other = record("other", Dataset(title=texts(fr="Autre"), description=texts(fr="Autre.")))
    memory.feeds[URL] = Feed([said("Arbes"), other])
    catalogue.runs.harvest(source)
    memory.feeds[URL] = Feed([other])
    assert catalogue.runs.harvest(source).removed == 0
    catalogue.records.correct(source, "trees", {"title[fr]": "Arbres"})
    assert catalogue.runs.harvest(source).removed == 1


def test_what_a_run_read_before_it_was_corrected_is_read_again(
    catalogue: Catalogue, memory: Memory, source: str
) -> None:
    memory.feeds[URL] = Feed([said("Arbes de la ville")])
    normalise = memory.normalise

    def slow(raw: RawRecord, of: Source) -> Normalised:
        memory.normalise = normalise  # type: ignore[method-assign]
        catalogue.records.correct(source, "trees", {"title[fr]": "Arbres"})
        return normalise(raw, of)

    memory.normalise = slow  # type: ignore[method-assign]
    catalogue.runs.harvest(source)
    catalogue.runs.harvest(source)
    assert published(catalogue).title == texts(fr="Arbres", nl="Bomen")


@pytest.mark.parametrize(
    ("field", "value", "where", "words"),
    [
        ("colour", "red", "field", "'colour' cannot be corrected"),
        (
            "licence",
            "abcdef",
            "licence",
            "^'abcdef' is no licence that we know, such as 'CC_BY_4_0'.* Nothing changed.$",
        ),
        ("modified", "hier", "modified", "hier"),
        ("theme", "nonsense", "theme", "nonsense"),
        ("frequency", "often", "frequency", "often"),
    ],
)
def test_a_value_is_checked_as_any(
    catalogue: Catalogue, source: str, field: str, value: str, where: str, words: str
) -> None:
    with pytest.raises(Invalid, match=words) as error:
        catalogue.records.correct(source, "trees", {field: value})
    assert error.value.field == where
    assert remarks(catalogue, source) == []


def test_only_what_is_published_is_corrected(catalogue: Catalogue, source: str) -> None:
    with pytest.raises(NotFound):
        catalogue.records.correct(source, "nobody", {"title": "x"})
    catalogue.records.withdraw(source, "trees")
    with pytest.raises(NotFound, match="no published record"):
        catalogue.records.correct(source, "trees", {"title": "x"})
