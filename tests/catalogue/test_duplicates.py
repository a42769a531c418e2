"""The same dataset in several catalogues."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from factory import Feed, Memory, record, texts

from catalogue.ingest.twins import Cluster
from catalogue.search.base import Query
from catalogue.service import Catalogue
from catalogue.store import keys
from dcat.model import Agent, DataService, Dataset, Document, Entry, Iri, Text

DOI = "https://doi.org/10.5281/zenodo."
UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
Move = Callable[[timedelta], datetime]


def dataset(title: str = "Arbres", publisher: str = "", page: str = "", **fields: object) -> Dataset:
    """A dataset of a publisher."""
    agent = Agent(name=texts(fr=publisher)) if publisher else None
    pages = (Document(iri=Iri(page)),) if page else ()
    return Dataset(title=texts(fr=title), publisher=agent, landing_page=pages, **fields)  # type: ignore[arg-type]


def known(*identifiers: str) -> dict[str, object]:
    """Identifiers of a dataset."""
    return {"identifier": tuple(Text(one) for one in sorted(identifiers))}


@pytest.fixture
def give(catalogue: Catalogue, memory: Memory, move_clock: Move) -> Callable[..., None]:
    """Lets a source give entries, by its name; registers it the first time. Each reading is a minute later."""

    def give(source: str, _publisher: str = "", **entries: Entry) -> None:
        url = f"https://{source}.example/feed"
        if url not in memory.feeds:
            catalogue.sources.add(url, "memory", title=source, publisher=_publisher)
        memory.feeds[url] = Feed([record(identifier, entry) for identifier, entry in entries.items()])
        move_clock(timedelta(minutes=1))
        assert catalogue.runs.harvest(source).state in {"done", "done-with-findings", "held"}

    return give


def found(catalogue: Catalogue) -> list[list[str]]:
    """Each cluster as `source name` of its entries, the canonical one first."""
    return [[f"{one.source} {one.name}" for one in cluster.twins] for cluster in catalogue.copies.overview().clusters]


def looking_alike(catalogue: Catalogue) -> list[list[str]]:
    """The same of suggestions."""
    return [[f"{one.source} {one.name}" for one in cluster.twins] for cluster in catalogue.copies.overview().suggested]


def cluster_of(catalogue: Catalogue, name: str) -> Cluster:
    """The cluster of an entry."""
    id = catalogue.entries.find(name).id
    return catalogue.copies.clusters([id])[id]


def test_the_address_that_two_sources_say_makes_them_the_same(catalogue: Catalogue, give: Callable[..., None]) -> None:
    iri = Iri("https://agency.example/trees")
    give("region", one=dataset(iri=iri))
    give("agency", one=dataset("Bomen", iri=iri))
    assert found(catalogue) == [["region arbres", "agency bomen"]]
    first, second = cluster_of(catalogue, "bomen").twins
    assert first.iri == iri
    assert second.iri.startswith("https://data.example.brussels/id/dataset/")
    assert first.shared == second.shared == (iri,)
    [remark] = catalogue.records.outcome("agency", "one").findings[-1:]
    assert (remark.rule, remark.value) == ("iri-taken", iri)


@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        (f"{DOI}12", "doi:10.5281/Zenodo.12", f"{DOI}12"),
        (UUID.upper(), f"https://geo.example/records/{UUID}", f"urn:uuid:{UUID}"),
        ("http://agency.example/d/1", "https://agency.example/d/1/", "https://agency.example/d/1"),
    ],
)
def test_identifiers_that_mean_the_same_everywhere(
    catalogue: Catalogue, give: Callable[..., None], one: str, other: str, key: str
) -> None:
    give("agency", a=dataset(**known("7", one)))
    give("region", b=dataset("Bomen", **known("8", other)))
    assert [twin.shared for twin in cluster_of(catalogue, "bomen").twins] == [(key,), (key,)]


def test_local_identifiers_and_titles_make_nobody_the_same(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("agency", a=dataset(**known("12", "NodeID7")))
    give("region", a=dataset(**known("12", "NodeID7")))
    assert found(catalogue) == []
    assert catalogue.copies.clusters([row.id for row in catalogue.entries.recent()]) == {}


def test_a_dataset_and_its_service_are_not_the_same(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("agency", a=dataset(**known(UUID)))
    give("region", b=DataService(title=texts(fr="Service"), identifier=(Text(UUID),)))
    assert found(catalogue) == []


def test_entries_of_one_source_are_never_the_same(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("agency", a=dataset("A", **known(UUID)), b=dataset("B", **known(UUID)))
    assert found(catalogue) == []
    give("region", c=dataset("C", **known(UUID)))
    assert found(catalogue) == []  # which of the two would it be?


def test_a_key_that_everybody_has_says_nothing(
    catalogue: Catalogue, give: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "SHARERS", 3)
    for number in range(4):
        give(f"town{number}", a=dataset(f"Jeu {number}", **known("https://licences.example/7")))
        assert len(found(catalogue)) == (1 if number in {1, 2} else 0)


def test_a_third_entry_shows_that_two_are_the_same(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("one", a=dataset("A", **known(f"{DOI}1")))
    give("two", b=dataset("B", **known(f"{DOI}2")))
    assert found(catalogue) == []
    give("three", c=dataset("C", **known(f"{DOI}1", f"{DOI}2")))
    assert found(catalogue) == [["one a", "two b", "three c"]]
    for name in "abc":
        assert [one.name for one in cluster_of(catalogue, name).twins] == ["a", "b", "c"]


def test_a_bond_that_would_join_two_entries_of_one_source_is_left_out(
    catalogue: Catalogue, give: Callable[..., None]
) -> None:
    give("one", a=dataset("A", **known(f"{DOI}1")), b=dataset("B", **known(f"{DOI}2")))
    give("two", c=dataset("C", **known(f"{DOI}1", f"{DOI}2")))
    assert found(catalogue) == [["one a", "two c"]]
    assert cluster_of(catalogue, "a") == cluster_of(catalogue, "c")


def test_the_publishers_own_source_counts_first(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("region", "Région", a=dataset("Copie", publisher="Ville d’Ixelles", **known(UUID)))
    give("ixelles", "Ville d’Ixelles", b=dataset("Original", publisher="Ville d’Ixelles", **known(UUID)))
    assert found(catalogue) == [["ixelles original", "region copie"]]
    assert [one.is_own for one in cluster_of(catalogue, "copie").twins] == [True, False]


def test_the_publisher_of_a_source_is_known_by_any_of_its_names(
    catalogue: Catalogue, give: Callable[..., None]
) -> None:
    mobility = Agent(name=texts(fr="Bruxelles Mobilité", nl="Brussel Mobiliteit"))
    give("region", a=dataset("Copie", **known(UUID)), b=Dataset(title=texts(fr="Autre"), publisher=mobility))
    give("mobiel", "Brussel Mobiliteit", b=Dataset(title=texts(fr="Original"), publisher=mobility, **known(UUID)))
    assert found(catalogue) == [["mobiel original", "region copie"]]
    [row] = [one for one in catalogue.publishers.all() if one.name == catalogue.sources.named("mobiel").publisher]
    assert row.datasets == 2


def test_a_removed_entry_leaves_its_cluster_and_comes_back(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("agency", a=dataset("Original", **known(UUID)))
    give("region", b=dataset("Copie", **known(UUID)))
    catalogue.records.withdraw("agency", "a")
    assert found(catalogue) == []
    catalogue.records.put_back("agency", "a")
    give("agency", a=dataset("Original", **known(UUID)))
    assert found(catalogue) == [["agency original", "region copie"]]


def test_keys_follow_the_entry_and_an_unchanged_one_writes_nothing(
    catalogue: Catalogue, give: Callable[..., None]
) -> None:
    give("agency", a=dataset("Original", **known(UUID)))
    give("region", b=dataset("Copie", **known(UUID)))
    assert catalogue.runs.harvest("region").writes == 0
    assert catalogue.runs.harvest("region", full=True).writes == 0
    give("region", b=dataset("Copie", **known("12")))
    assert found(catalogue) == []


def test_an_address_said_differently_is_a_change(catalogue: Catalogue, give: Callable[..., None]) -> None:
    first, second = Iri("https://agency.example/1"), Iri("https://agency.example/2")
    give("agency", a=dataset("Un", iri=first), b=dataset("Deux", iri=second))
    give("region", c=dataset("Copie", iri=first))
    assert found(catalogue) == [["agency un", "region copie"]]
    give("region", c=dataset("Copie", iri=second))
    assert found(catalogue) == [["agency deux", "region copie"]]


def test_what_looks_the_same_is_only_suggested(catalogue: Catalogue, give: Callable[..., None]) -> None:
    page = "https://agency.example/trees"
    give("agency", a=dataset("Arbres remarquables", "Ville", page), b=dataset("Parcs", "Ville"))
    give("region", c=dataset("ARBRES REMARQUABLES", "Ville", page + "/"), d=dataset("Parcs", "Autre"))
    give("other", e=dataset("Arbres remarquables", "Ville", "https://other.example/trees"))
    assert found(catalogue) == []
    assert looking_alike(catalogue) == [["agency arbres-remarquables", f"region {name_of(catalogue, 'region', 'c')}"]]
    id = catalogue.entries.find("arbres-remarquables").id
    assert [twin.source for twin in catalogue.copies.suggested([id])[id].others(id)] == ["region"]


def test_what_is_known_to_be_the_same_is_not_suggested_too(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("agency", a=dataset("Arbres", "Ville", **known(UUID)))
    give("region", b=dataset("Arbres", "Ville", **known(UUID)))
    overview = catalogue.copies.overview()
    assert len(overview.clusters) == 1
    assert overview.suggested == ()


def test_a_renamed_record_does_not_hide_its_cluster(catalogue: Catalogue, give: Callable[..., None]) -> None:
    others = {f"x{number}": dataset(f"Autre {number}") for number in range(5)}
    give("agency", a=dataset("Original", **known(UUID)), **others)
    give("region", b=dataset("Copie", **known(UUID)))
    give("agency", a2=dataset("Original", **known(UUID)), **others)
    [cluster] = found(catalogue)
    assert sorted(one.split()[0] for one in cluster) == ["agency", "region"]


def test_a_copy_is_related_to_the_one_that_counts_as_long_as_it_is_there(
    catalogue: Catalogue, give: Callable[..., None]
) -> None:
    give("agency", a=dataset("Original", **known(UUID)), s=DataService(title=texts(fr="S"), identifier=(Text(DOI),)))
    give("region", b=dataset("Copie", **known(UUID)), s=DataService(title=texts(fr="S"), identifier=(Text(DOI),)))
    original, copy = (twin.iri for twin in cluster_of(catalogue, "copie").twins)
    said = f"<{copy}> <http://purl.org/dc/terms/relation> <{original}> .\n"
    assert "".join(catalogue.feed.whole()).count("/terms/relation>") == 1
    assert said in "".join(catalogue.feed.whole())
    assert said in "".join(catalogue.feed.alone(catalogue.entries.find("copie").id))
    assert "/terms/relation>" not in "".join(catalogue.feed.alone(catalogue.entries.find("original").id))
    catalogue.records.withdraw("agency", "a")
    assert "/terms/relation>" not in "".join(catalogue.feed.whole())
    assert "/terms/relation>" not in "".join(catalogue.feed.alone(catalogue.entries.find("copie").id))


def test_what_the_source_says_itself_is_not_said_twice(catalogue: Catalogue, give: Callable[..., None]) -> None:
    iri = Iri("https://agency.example/trees")
    give("agency", a=dataset("Original", iri=iri))
    give("region", b=dataset("Copie", relation=(iri,), **known(iri)))
    assert "".join(catalogue.feed.whole()).count("/terms/relation>") == 1


# --- in search -------------------------------------------------------------------------------------------------------


def shown(catalogue: Catalogue, text: str, **more: object) -> list[tuple[str, int]]:
    """Name and number of folded ones of each result."""
    hits = catalogue.index.search(Query(text=text, collapse=True, **more)).hits  # type: ignore[arg-type]
    return [(hit.document.name, hit.similar) for hit in hits]


@pytest.mark.against("F-16")
def test_search_shows_a_cluster_once_by_the_one_that_counts(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("region", a=dataset("Tilleul tilleul", "Région", **known(UUID)))
    give("ixelles", "Ixelles", b=dataset("Arbre tilleul", "Ixelles", **known(UUID)))
    give("other", c=dataset("Rien à voir, tilleul", "Autre"))
    assert sorted(shown(catalogue, "tilleul")) == [("arbre-tilleul", 1), ("rien-a-voir-tilleul", 0)]
    assert catalogue.index.search(Query(text="tilleul", collapse=True)).groups == 2


def test_a_copy_is_shown_where_only_it_matches(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("agency", a=dataset("Original", **known(UUID)))
    give("region", b=dataset("Copie traduite", **known(UUID)))
    assert shown(catalogue, "traduite") == [("copie-traduite", 0)]


def test_search_follows_the_cluster(catalogue: Catalogue, give: Callable[..., None]) -> None:
    give("one", a=dataset("Chêne A", **known(f"{DOI}1")))
    give("two", b=dataset("Chêne B", **known(f"{DOI}2")))
    assert len(shown(catalogue, "chêne")) == 2
    give("three", c=dataset("Chêne C", **known(f"{DOI}1", f"{DOI}2")))
    assert shown(catalogue, "chêne") == [("chene-a", 2)]
    assert catalogue.index.status()["waiting"] == 0
    catalogue.records.withdraw("one", "a")
    catalogue.index.catch_up()
    assert shown(catalogue, "chêne") == [("chene-b", 1)]
    give("three", c=dataset("Chêne C", **known(f"{DOI}3")))
    assert sorted(shown(catalogue, "chêne")) == [("chene-b", 0), ("chene-c", 0)]
    give("three", c=dataset("Chêne C", **known(f"{DOI}2")))
    catalogue.index.rebuild()
    assert shown(catalogue, "chêne") == [("chene-b", 1)]


def name_of(catalogue: Catalogue, source: str, identifier: str) -> str:
    """The slug of a record."""
    return catalogue.records.outcome(source, identifier).name
