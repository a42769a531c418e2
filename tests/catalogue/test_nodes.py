"""What is said of nodes that several entries use is kept once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from factory import Feed, Memory, file, record, texts

from catalogue.service import Catalogue
from catalogue.store import nodes
from dcat.model import Agent, Dataset, Iri

SITE = "https://data.example.brussels"
NAME = "<http://xmlns.com/foaf/0.1/name>"


def dataset(title: str, publisher: str) -> Dataset:
    """A dataset of the one agent, under a name."""
    agent = Agent(iri=Iri("https://town.example/id/us"), name=texts(fr=publisher))
    files = (file("https://town.example/a.csv", "CSV"),)
    return Dataset(title=texts(fr=title), description=texts(fr=title), publisher=agent, distribution=files)


def harvest(catalogue: Catalogue, memory: Memory, *entries: Dataset, town: str = "a") -> str:
    """One run of a source with these datasets; the source's name."""
    url = f"https://{town}.example/feed"
    memory.feeds[url] = Feed([record(f"{number}", entry) for number, entry in enumerate(entries)])
    known = {source.url: source.name for source in catalogue.sources.all()}
    name = known.get(url) or catalogue.sources.add(url, "memory", title=f"Town {town}").name
    assert catalogue.runs.harvest(name).state == "done"
    return name


def names_of_agent(text: str) -> list[str]:
    """The lines that name the agent."""
    return [line for line in text.splitlines() if line.startswith(f"<https://town.example/id/us> {NAME}")]


def test_two_entries_share_the_lines_of_their_publisher(catalogue: Catalogue, memory: Memory) -> None:
    harvest(catalogue, memory, dataset("Arbres", "Ville"), dataset("Bancs", "Ville"))
    first, second = catalogue.pieces.all()
    common = set(first.shared) & set(second.shared)
    assert len(names_of_agent("".join(catalogue.pieces.shared(common)))) == 1
    assert not names_of_agent(first.own + second.own)
    assert len(names_of_agent("".join(catalogue.feed.whole()))) == 1


@pytest.mark.against("F-19")
def test_a_source_that_says_something_else_of_a_node_keeps_its_words_where_it_stands_alone(
    catalogue: Catalogue, memory: Memory
) -> None:
    harvest(catalogue, memory, dataset("Arbres", "Ville"))
    harvest(catalogue, memory, dataset("Bancs", "La Ville"), town="b")
    for piece in catalogue.pieces.all():
        assert len(names_of_agent("".join(catalogue.feed.alone(piece.id)))) == 1
    whole = "".join(catalogue.feed.whole())
    assert len(names_of_agent(whole)) == 1
    lines = [line for line in whole.split("\n") if line]
    assert len(lines) == len(set(lines))


def test_what_no_entry_names_any_more_is_swept_away(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    harvest(catalogue, memory, dataset("Arbres", "Ville"))
    (before,) = catalogue.pieces.all()
    harvest(catalogue, memory, dataset("Arbres", "La Ville"))
    assert names_of_agent("".join(catalogue.pieces.shared(before.shared)))
    catalogue.tidying.all()
    assert not names_of_agent(
        "".join(catalogue.pieces.shared(set(before.shared) - {*next(iter(catalogue.pieces.all())).shared}))
    )
    assert names_of_agent("".join(catalogue.feed.alone(before.id)))


def test_nodes_of_a_removed_entry_stay_as_long_as_it_can_be_restored(
    catalogue: Catalogue, memory: Memory, move_clock: Callable[[timedelta], datetime]
) -> None:
    source = harvest(catalogue, memory, dataset("Arbres", "Ville"))
    (piece,) = catalogue.pieces.all()
    catalogue.sources.remove(source)
    catalogue.tidying.all()
    assert catalogue.pieces.shared(piece.shared)
    move_clock(timedelta(days=31))
    catalogue.tidying.all()
    assert not catalogue.pieces.shared(piece.shared)


@pytest.mark.parametrize("odd", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_only_line_feeds_end_a_line(odd: str) -> None:
    lines = [f'<https://example.brussels/id/{name}> {NAME} "{name}{odd}same"@fr .\n' for name in "aab"]
    lines[1] = lines[1].replace("same", "other")
    assert list(nodes.split("".join(lines)).values()) == ["".join(lines[:2]), lines[2]]
    assert not nodes.split("")


def test_keys_are_kept_whatever_their_sign() -> None:
    keys = (-(2**63), -1, 0, 2**63 - 1)
    assert nodes.unpacked(nodes.packed(keys)) == keys
