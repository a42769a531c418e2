"""Ids, slugs and IRIs come from what does not change."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.ingest import identity
from dcat.model import Agent, Concept, Dataset, Distribution, Iri, LicenseDocument, Period, Text
from dcat.our_languages import OUR_LANGUAGES

SITE = "https://data.example"
BASE = Iri(f"{SITE}/id/dataset/abc")


def mint(entry: Dataset) -> Dataset:
    """The entry with IRIs."""
    minted = identity.mint(entry, BASE, SITE, OUR_LANGUAGES)
    assert isinstance(minted, Dataset)
    return minted


@given(st.text(), st.text(), st.text(), st.text())
def test_ids_differ_when_source_or_identifier_does(source: str, identifier: str, other: str, another: str) -> None:
    same = (source, identifier) == (other, another)
    assert (identity.entry_id(source, identifier) == identity.entry_id(other, another)) is same


def test_ids_are_the_same_for_ever() -> None:
    assert identity.entry_id("zosdgqfj", "bike-counts") == "bniudgn5esbec5my"
    assert identity.source_id("https://agency.example/feed", "dcat") == "mbzypndo"


@pytest.mark.parametrize(
    "url",
    [
        "https://agency.example/feed",
        "https://agency.example/feed/",
        "HTTPS://Agency.Example:443/feed",
        "  https://agency.example/feed#part ",
        "https://user:pass@agency.example/feed",
    ],
)
def test_one_address_written_in_several_ways_is_one_source(url: str) -> None:
    assert identity.url_key(url) == "https://agency.example/feed"


@pytest.mark.parametrize(
    "url", ["http://agency.example/feed", "https://agency.example/Feed", "https://agency.example/feed?a=1"]
)
def test_another_address_is_another_source(url: str) -> None:
    assert identity.url_key(url) != "https://agency.example/feed"


@pytest.mark.against("TC-01")
@given(st.text(max_size=3000))
def test_identifiers_become_storable_and_stay_apart(text: str) -> None:
    clean = identity.clean_identifier(text)
    assert len(clean.encode()) <= identity.IDENTIFIER_BYTES
    assert not set(clean) & {"\x00", "\n", "\x1b"}
    assert identity.clean_identifier(clean) == clean


@pytest.mark.parametrize(
    ("titles", "slug"),
    [
        ((Text("Bomen", "nl"), Text("Arbres de l’État", "fr")), "arbres-de-l-etat"),
        ((Text("Bomen", "nl"), Text("Arbres", "fr-t-nl")), "bomen"),
        ((Text("Arbres", "fr-t-nl"),), "arbres"),
        ((Text("Straßen in Brüssel", "de"),), "strassen-in-brussel"),
        ((Text("Деревья", "ru"),), "derevia"),
        ((Text("!?"),), ""),
        ((), ""),
        ((Text("mot " * 50, "fr"),), "-".join(["mot"] * 20)),
    ],
)
def test_slugs_can_be_read(titles: tuple[Text, ...], slug: str) -> None:
    assert identity.slug(titles, OUR_LANGUAGES) == slug


def test_a_taken_slug_gets_as_much_of_the_id_as_it_needs() -> None:
    assert identity.names("arbres", "abcdefghijklmnop") == (
        *("arbres", "arbres-abcdef", "arbres-abcdefghij", "arbres-abcdefghijklmnop"),
    )
    assert identity.names("", "abcdefghijklmnop")[0] == "abcdef"


def test_minted_iris_are_the_same_again_and_for_equal_content() -> None:
    licence = LicenseDocument(labels=(Text("Libre", "fr"),))
    entry = Dataset(
        title=(Text("Arbres", "fr"),),
        temporal=(Period(),),
        distribution=(
            Distribution(access_url=(Iri("https://a.example/1"),), license=licence),
            Distribution(access_url=(Iri("https://a.example/2"),), license=licence),
        ),
    )
    first = mint(entry)
    assert first == mint(entry)
    assert mint(first) == first
    licences = [one.license for one in first.distribution if one.license]
    assert licences[0].iri == licences[1].iri
    assert licences[0].iri
    assert licences[0].iri.startswith(f"{BASE}#licensedocument-")


def test_what_says_the_same_twice_is_once() -> None:
    file = Distribution(access_url=(Iri("https://a.example/1"),))
    assert len(mint(Dataset(distribution=(file, file))).distribution) == 1


def test_files_at_one_address_that_differ_stay_apart() -> None:
    file = Distribution(access_url=(Iri("https://a.example/1"),))
    other = msgspec.structs.replace(file, format=Concept(labels=(Text("CSV"),)))
    iris = [one.iri for one in mint(Dataset(distribution=(file, other))).distribution]
    assert len(set(iris)) == 2


def test_an_agent_is_known_by_its_name_wherever_it_stands() -> None:
    entry = Dataset(publisher=Agent(name=(Text("Commune d’Ixelles", "fr"),)), creator=(Agent(name=(Text("!"),)),))
    minted = mint(entry)
    assert minted.publisher
    assert minted.publisher.iri == f"{SITE}/id/agent/commune-d-ixelles"
    assert minted.creator[0].iri
    assert minted.creator[0].iri.startswith(f"{SITE}/id/agent/")


def test_iris_that_are_there_stay() -> None:
    agent = Agent(iri=Iri("https://a.example/agency"), name=(Text("A"),))
    assert mint(Dataset(publisher=agent)).publisher == agent
