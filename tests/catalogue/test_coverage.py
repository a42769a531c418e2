"""Who publishes what, and who does not: from real entries, through the index."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from factory import Feed, open_catalogue, record, texts

from catalogue.coverage import bodies, communes, years
from catalogue.coverage.coverage import Answer, Row, Table, body
from catalogue.errors import NotFound
from catalogue.search import subjects
from catalogue.search.base import Document, Query
from catalogue.search.language import concepts
from catalogue.search.language.analysis import words
from catalogue.service import Catalogue
from dcat import vocab
from dcat.model import Agent, Dataset, Date, Location, Period, Text

URL = "https://towns.example.brussels/feed"
IXELLES = Agent(name=texts(fr="Commune d’Ixelles", nl="Gemeente Elsene"))
CPAS = Agent(name=texts(nl="OCMW Elsene"))
REGION = Agent(name=texts(fr="Bruxelles Pouvoirs locaux"))
PLACE = Location(iri=vocab.PLACES.by_code["21016"].iri)


def dataset(title: str, publisher: Agent, lang: str = "fr", **more: object) -> Dataset:
    return Dataset(title=(Text(title, lang),), publisher=publisher, **more)  # type: ignore[arg-type]


ENTRIES = {
    "budget-2024": dataset("Budget 2024", IXELLES),
    "budget-2023": dataset("Budget", IXELLES, temporal=(Period(start=Date("2023-01-01"), end=Date("2023-12-31")),)),
    "budget-any": dataset("Budget communal", IXELLES),
    "budget-households": dataset("Enquête sur le budget des ménages 2024", IXELLES),
    "accounts": dataset("Jaarrekeningen 2019-2021", CPAS, "nl"),
    "budget-uccle": dataset("Budget 2022 de la commune", REGION, spatial=(PLACE,)),
    "budget-all": dataset("Budgets des communes 2022", REGION),
    "trees": dataset("Arbres remarquables", IXELLES, keyword=(Text("budget", "fr"),)),
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    catalogue, memory = open_catalogue(tmp_path_factory.mktemp("coverage"))
    memory.feeds[URL] = Feed([record(identifier, entry) for identifier, entry in ENTRIES.items()])
    catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Towns").name)
    yield catalogue
    catalogue.close()


def identifiers(answers: tuple[Answer, ...]) -> set[str]:
    return {one.document.identifier[-1] for one in answers}


def row(table: Table, slug: str) -> Row:
    return table.row(body(slug))


def test_a_cell_holds_what_is_of_a_body_and_a_year(catalogue: Catalogue) -> None:
    ixelles = row(catalogue.coverage.table("budget"), "ixelles-elsene")
    assert identifiers(ixelles.of_year(2024)) == {"budget-2024"}
    assert identifiers(ixelles.of_year(2023)) == {"budget-2023"}
    assert identifiers(ixelles.undated) == {"budget-any"}
    assert all(one.is_own for one in ixelles.answers)
    assert ixelles.of_year(2022) == ()


def test_the_welfare_centre_is_a_body_of_its_own(catalogue: Catalogue) -> None:
    accounts = catalogue.coverage.table("accounts")
    assert identifiers(row(accounts, "cpas-ixelles-elsene").of_year(2020)) == {"accounts"}
    assert row(accounts, "ixelles-elsene").answers == ()
    assert len(accounts.rows) == 38
    assert len(catalogue.coverage.table("trees").rows) == 19


def test_others_may_publish_for_a_commune_or_for_all(catalogue: Catalogue) -> None:
    budgets = catalogue.coverage.table("budget")
    (answer,) = row(budgets, "uccle-ukkel").of_year(2022)
    assert not answer.is_own
    assert identifiers(budgets.others) == {"budget-all"}


def test_titles_decide_before_keywords(catalogue: Catalogue) -> None:
    assert identifiers(row(catalogue.coverage.table("trees"), "ixelles-elsene").answers) == {"trees"}
    assert "trees" not in identifiers(row(catalogue.coverage.table("budget"), "ixelles-elsene").answers)


def test_a_gap_is_what_is_due_and_missing(catalogue: Catalogue) -> None:
    budgets = catalogue.coverage.table("budget")
    ixelles = row(budgets, "ixelles-elsene")
    assert ixelles.is_gap(budgets.subject, 2022)
    assert not ixelles.is_gap(budgets.subject, 2024)
    assert not ixelles.is_gap(budgets.subject, 9999)
    trees = catalogue.coverage.table("trees")
    assert not row(trees, "ixelles-elsene").has_gap(trees.subject, range(2020, 2024))
    assert row(trees, "uccle-ukkel").has_gap(trees.subject, range(2020, 2024))


def test_what_is_new_is_counted(tmp_path: Path) -> None:
    catalogue, memory = open_catalogue(tmp_path)
    memory.feeds[URL] = Feed([record("a", ENTRIES["trees"])])
    source = catalogue.sources.add(URL, "memory", title="Towns").name
    catalogue.runs.harvest(source)
    assert row(catalogue.coverage.table("budget"), "ixelles-elsene").answers == ()
    memory.feeds[URL].records.append(record("b", ENTRIES["budget-2024"]))
    catalogue.runs.harvest(source)
    assert identifiers(row(catalogue.coverage.table("budget"), "ixelles-elsene").answers) == {"b"}
    catalogue.close()


def test_what_nobody_knows_is_not_found(catalogue: Catalogue) -> None:
    with pytest.raises(NotFound):
        catalogue.coverage.table("nothing")
    with pytest.raises(NotFound):
        body("atlantis")


@pytest.mark.parametrize(
    ("title", "start", "end", "modified", "expected"),
    [
        ("Budget 2024", "", "", "2026-01-01", {2024}),
        ("Comptes 2019-2021", "", "", "", {2019, 2020, 2021}),
        ("Comptes 2019 et 2021", "", "", "", {2019, 2021}),
        ("Arbres", "", "", "2024-05-05", set()),
        ("Budget", "2023-01-01", "2023-12-31", "2024-05-05", {2023}),
        ("Budget 2024", "2020-01-01", "2024-12-31", "", {2020, 2021, 2022, 2023, 2024}),
        ("Budget 2024", "2024-01-01", "", "2026-01-01", {2024}),
        ("Comptages", "2022", "", "2024-05-05", {2022, 2023, 2024}),
        ("Comptages", "2022", "", "", {2022}),
        ("Budget", "2024", "2020", "", set()),
        ("Réf. 12.2024, 120245 lignes, 3/2020", "", "", "", set()),
    ],
)
def test_years_are_those_that_the_description_says(
    title: str, start: str, end: str, modified: str, expected: set[int]
) -> None:
    found = Document(
        id="a", revision=1, iri="i", name="n", type="dataset", title=texts(fr=title), start=start, end=end,
        modified=modified,
    )  # fmt: skip
    assert years.of(found) == expected


@pytest.mark.parametrize(
    ("year", "months", "today", "expected"),
    [
        (2025, 6, date(2026, 6, 30), False),
        (2025, 6, date(2026, 7, 1), True),
        (2026, -12, date(2026, 1, 1), True),
        (2027, -12, date(2026, 12, 31), False),
        (2025, None, date(2030, 1, 1), False),
    ],
)
def test_what_is_due_so_many_months_after_its_year(year: int, months: int | None, today: date, expected: bool) -> None:
    assert years.is_due(year, months, today) is expected


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Commune d’Ixelles", "ixelles-elsene"),
        ("Ixelles/Elsene", "ixelles-elsene"),
        ("Stad Brussel", "bruxelles-brussel"),
        ("Administration communale de Saint-Josse-ten-Noode", "saint-josse-ten-noode-sint-joost-ten-node"),
        ("Centre public d’action sociale de Forest", "cpas-forest-vorst"),
        ("CPAS d’Uccle – OCMW Ukkel", "cpas-uccle-ukkel"),
        ("Bruxelles Mobilité", None),
        ("Région de Bruxelles-Capitale", None),
        ("Zone de police Uccle/Auderghem", None),
        ("Théâtre de Saint-Gilles", None),
        ("CPAS", None),
    ],
)
def test_publishers_are_known_by_their_names(name: str, slug: str | None) -> None:
    found = bodies.named((Text(name, "fr"),))
    assert (found.slug if found else None) == slug


@pytest.mark.parametrize("name", ["1050", "Elsene", "ixelles", "21009", "IXELLES-elsene", "ixelles-elsene"])
def test_every_name_and_number_leads_to_the_commune(name: str) -> None:
    found = communes.commune(name)
    assert found
    assert found.both == "Ixelles / Elsene"


def test_every_postal_code_leads_to_its_commune() -> None:
    for commune in communes.communes():
        for code in (*commune.postcodes, commune.code):
            assert communes.commune(code) == commune
            assert communes.in_query(f"budget {code}", "fr") == commune


def test_words_that_name_several_communes_or_none_name_no_commune() -> None:
    for query in ("vélo", "uccle anderlecht", "bruxelles mobilité", ""):
        assert communes.in_query(query, "fr") is None


def test_every_subject_has_words_that_search_knows() -> None:
    known = concepts.concepts()
    for one in subjects.subjects().values():
        assert one.concepts <= set(known), one.id
        assert all(word in known or words(word) == [word] for word in one.unless), one.id
        assert set(one.bodies) <= set(bodies.KINDS), one.id


def test_the_subject_can_be_searched_by(catalogue: Catalogue) -> None:
    found = catalogue.index.search(Query(filters={"subject": ("accounts",)}, facets=("subject",)))
    assert found.count == 1
    assert {one.value: one.count for one in found.facets["subject"]}["budget"] == 5
