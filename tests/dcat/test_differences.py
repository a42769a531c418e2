"""What differs between two descriptions, as people are told it."""

from typing import Any

import msgspec

from dcat.differences import LONGEST, Difference, differences
from dcat.model import Agent, Concept, Contact, DataService, Dataset, Distribution, Entry, Iri, Text, Texts

OURS = "https://portal.example/id/"


def texts(*values: str, lang: str = "fr") -> Texts:
    return tuple(Text(value, lang) for value in values)


def between(before: Entry, after: Entry) -> list[tuple[str, str, str]]:
    return [msgspec.structs.astuple(one) for one in differences(before, after, OURS)]


def file(number: int, title: str = "", **more: Any) -> Distribution:
    return Distribution(iri=Iri(f"{OURS}dataset/x#distribution-{number}"), title=texts(title) if title else (), **more)


def test_what_is_the_same_has_no_differences() -> None:
    one = Dataset(iri=Iri("https://a.example/1"), title=texts("Arbres"), distribution=(file(1, "CSV"),))
    assert not between(one, msgspec.json.decode(msgspec.json.encode(one), type=Dataset))


def test_texts_differ_by_language_and_of_many_values_only_those_are_told_that_differ() -> None:
    before = Dataset(title=(Text("Arbres", "fr"), Text("Bomen", "nl")), keyword=texts("arbre", "parc", "ville"))
    after = Dataset(title=(Text("Les arbres", "fr"), Text("Bomen", "nl")), keyword=texts("arbre", "parc", "forêt"))
    assert between(before, after) == [
        ("dct:title", "Arbres@fr", "Les arbres@fr"),
        ("dcat:keyword", "ville@fr", "forêt@fr"),
    ]


def test_a_file_is_known_again_by_its_iri() -> None:
    csv, json = (Concept(iri=Iri(f"https://eu.example/{code}")) for code in ("CSV", "JSON"))
    before = Dataset(distribution=(file(2, format=csv),))
    after = Dataset(distribution=(file(1, "Neuf"), file(2, format=json)))
    assert between(before, after) == [
        ("dcat:distribution[2]/dct:format", "https://eu.example/CSV", "https://eu.example/JSON"),
        ("dcat:distribution", "", "Neuf"),
    ]


def test_the_only_one_without_a_name_is_the_same_with_another_content() -> None:
    def contact(mail: str) -> Contact:
        return Contact(iri=Iri(f"{OURS}dataset/x#contact-{mail}"), email=(Iri(f"mailto:{mail}"),))

    before, after = Dataset(contact=(contact("a@x.be"),)), Dataset(contact=(contact("b@x.be"),))
    assert between(before, after) == [("dcat:contactPoint[1]/vcard:hasEmail", "mailto:a@x.be", "mailto:b@x.be")]


def test_a_publisher_of_ours_is_told_by_its_name() -> None:
    before = Dataset(publisher=Agent(iri=Iri(f"{OURS}agent/ville"), name=texts("Ville")))
    after = Dataset(publisher=Agent(iri=Iri("https://a.example/region"), name=texts("Région")))
    assert between(before, after) == [("dct:publisher", "Ville", "https://a.example/region")]


def test_two_nodes_with_one_iri_are_told_and_break_nothing() -> None:
    iri = Iri("https://a.example/theme")
    before = Dataset(theme=(Concept(iri=iri, labels=texts("a")), Concept(iri=iri, labels=texts("b"))))
    after = Dataset(theme=(Concept(iri=iri, labels=texts("c")),))
    assert ("dcat:theme", str(iri), "") in between(before, after)


def test_another_kind_of_entry_shows_what_it_lost_and_gained() -> None:
    after = DataService(title=texts("Arbres"), endpoint_url=(Iri("https://a.example/wms"),))
    found = between(Dataset(title=texts("Arbres"), distribution=(file(1, "CSV"),)), after)
    assert found == [
        ("dcat:endpointURL", "", "https://a.example/wms"),
        ("dcat:distribution", "CSV", ""),
    ]


def test_long_texts_are_told_from_where_they_differ() -> None:
    before, after = (Dataset(description=texts("bla " * 500 + end + " fin" * 500)) for end in ("un", "deux"))
    (found,) = differences(before, after, OURS)
    assert isinstance(found, Difference)
    assert max(len(found.before), len(found.after)) == LONGEST
    assert "bla un fin" in found.before
    assert "bla deux fin" in found.after
    assert found.after.startswith("…")
    assert found.after.endswith("…@fr")
