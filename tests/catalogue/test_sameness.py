"""What identifies an entry everywhere, and what only its own catalogue understands."""

import pytest
from factory import texts

from catalogue.ingest import sameness
from dcat.model import Dataset, Document, Identifier, Iri, Text

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize(
    "written",
    [
        "https://data.example.org/dataset/trees",
        "http://data.example.org/dataset/trees",
        "https://DATA.example.org:443/dataset/trees/",
        " http://data.example.org:80/dataset/trees# ",
    ],
)
def test_one_address_written_in_several_ways_is_one_key(written: str) -> None:
    assert sameness.strong(written) == ("https://data.example.org/dataset/trees",)


@pytest.mark.parametrize(
    "written",
    [
        "10.5281/Zenodo.12",
        "doi:10.5281/zenodo.12",
        "DOI: 10.5281/zenodo.12",
        "https://doi.org/10.5281/zenodo.12",
        "http://dx.doi.org/10.5281/zenodo.12",
        "doi.org/10.5281/ZENODO.12",
    ],
)
def test_one_doi_written_in_several_ways_is_one_key(written: str) -> None:
    assert sameness.strong(written) == ("https://doi.org/10.5281/zenodo.12",)


@pytest.mark.parametrize("written", [UUID, UUID.upper(), f"urn:uuid:{UUID}", f"{{{UUID}}}"])
def test_one_uuid_written_in_several_ways_is_one_key(written: str) -> None:
    assert sameness.strong(written) == (f"urn:uuid:{UUID}",)


def test_an_address_that_ends_in_a_uuid_gives_both() -> None:
    assert sameness.strong(f"https://geo.example.org/items/{UUID.upper()}/") == (
        f"https://geo.example.org/items/{UUID.upper()}",
        f"urn:uuid:{UUID}",
    )


@pytest.mark.parametrize(
    "local",
    [
        "",
        "12",
        "NodeID5677",
        "Arbres remarquables",
        "droogtestudie-gent-2021",
        "https://data.example.org/",
        "https://data.example.org",
        "http://[broken/x",
        "http://host:port/x",
        "ftp://data.example.org/x",
        "urn:nbn:be:12",
        "00000000-0000-0000-0000-000000000000",
        "10.5281",
        "1b3cad70bae27e7f0177c1c84f6f20795d073b14",
        "https://data.example.org/a b",
        "x" * 5000,
        "https://data.example.org/" + "x" * 5000,
    ],
)
def test_what_only_its_own_catalogue_understands_is_no_key(local: str) -> None:
    assert sameness.strong(local) == ()


def test_the_addresses_of_different_records_stay_different() -> None:
    item = "https://www.arcgis.com/home/item.html?id=10d69762522145ca845ba19a8bcd5e62&sublayer="
    different = [
        f"{item}96",
        f"{item}97",
        "https://x.example/cat#1",
        "https://x.example/cat#2",
        "https://x.example/Cat",
    ]
    assert len({sameness.strong(one) for one in different}) == len(different)


def test_all_that_a_source_calls_an_entry_is_a_key() -> None:
    entry = Dataset(
        iri=Iri("http://agency.example/trees"),
        title=texts(fr="Arbres"),
        identifier=(Text("12"), Text(UUID)),
        other_identifier=(Identifier(notation=(Text("10.5281/zenodo.12"),)),),
    )
    found = sameness.keys(entry, "https://ours.example/id/dataset/a", "https://agency.example/landing", "")
    assert found == {
        "https://agency.example/trees",
        "https://ours.example/id/dataset/a",
        f"urn:uuid:{UUID}",
        "https://doi.org/10.5281/zenodo.12",
    }


def test_the_identifier_of_the_record_counts_when_it_is_no_address() -> None:
    entry = Dataset(title=texts(fr="Arbres"))
    assert f"urn:uuid:{UUID}" in sameness.keys(entry, "", UUID, "")
    assert sameness.keys(entry, "", f"https://agency.example/page/{UUID}", "") == frozenset()


def test_looks_are_title_publisher_and_landing_page() -> None:
    def looks(title: str, publisher: str = "town", page: str = "") -> frozenset[str]:
        pages = (Document(iri=Iri(page)),) if page else ()
        return sameness.keys(Dataset(title=texts(fr=title), landing_page=pages), "", "", publisher)

    assert looks("Écoles communales") == looks("ECOLES  communales") != frozenset()
    assert looks("Écoles", page="https://a.example/1") == looks("Ecoles", page="http://a.example/1/")
    others = [looks("Écoles"), looks("Écoles", "city"), looks("Écoles", page="https://a.example/1"), looks("Parcs")]
    assert len(set(others)) == 4
    assert looks("Écoles", "") == looks("…") == frozenset()


def test_an_entry_with_too_many_identifiers_keeps_some() -> None:
    entry = Dataset(identifier=tuple(Text(f"https://a.example/{number:03}") for number in range(500)))
    assert len(sameness.keys(entry, "", "", "")) == sameness.MOST_KEYS
