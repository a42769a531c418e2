"""What the list of concepts may lack, from titles in several languages."""

from catalogue.search.base import Document
from catalogue.search.language.proposals import proposals
from dcat.model import Text


def document(number: int, **titles: str) -> Document:
    """A document with a title per language; `nl_t_fr` is a machine's."""
    title = tuple(Text(value, language.replace("_", "-")) for language, value in titles.items())
    return Document(id=str(number), revision=1, iri="", name=str(number), type="dataset", title=title)


def pairs(*documents: Document) -> set[tuple[str, str]]:
    """The words that are proposed for each other."""
    return {(one.word, one.other_word) for one in proposals(documents)}


def test_words_that_stand_for_each_other_are_proposed_with_a_title_of_each() -> None:
    found = proposals(
        [
            document(1, fr="Zorglub à Ixelles", nl="Grompf in Elsene"),
            document(2, fr="Zorglub à Uccle", nl="Grompf in Ukkel"),
            document(3, fr="Arbres à Uccle", nl="Bomen in Ukkel"),
        ]
    )
    assert [(one.word, one.other_word, one.titles, one.sureness) for one in found] == [("zorglub", "grompf", 2, 1.0)]
    assert found[0].example == "Zorglub à Ixelles"
    assert found[0].other_example == "Grompf in Elsene"


def test_what_search_knows_is_not_proposed() -> None:
    known = [document(n, fr=f"Vélos {n} statistique", nl=f"Fietsen {n} statistiek") for n in range(3)]
    assert not pairs(*known)


def test_machine_translations_and_one_wording_prove_nothing() -> None:
    assert not pairs(*[document(n, fr=f"Zorglub {n}", nl_t_fr=f"Grompf {n}") for n in range(3)])
    assert not pairs(*[document(n, fr="Zorglub", nl="Grompf") for n in range(3)])


def test_of_words_that_stand_together_each_takes_its_best() -> None:
    found = pairs(
        document(1, fr="Zorglub bleu", nl="Grompf blauw"),
        document(2, fr="Zorglub blork", nl="Grompf snurk"),
        document(3, fr="Blork neuf", nl="Snurk nieuw"),
    )
    assert found == {("zorglub", "grompf"), ("blork", "snurk")}
