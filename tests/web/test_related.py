"""Data that belong together, each with the reason why, on the page of a dataset."""

from collections.abc import Iterator
from typing import Any, cast

import pages
import pytest
from factory import concept, file, open_catalogue, record, texts
from flask.testing import FlaskClient
from previewed import see

from catalogue.indexing import related
from catalogue.search.base import SearchUnavailable
from catalogue.service import Catalogue
from catalogue.store.rows import EntryRow
from dcat import vocab
from dcat.model import Agent, Dataset, DatasetSeries, Entry, Iri, Location, Publication
from web.app import create_app

COUNTS, CITED, YEARS = (Iri(f"https://a.example/id/{name}") for name in ("counts", "cited", "years"))
JETTE = vocab.PLACES.by_code["21010"].iri
TABLES = {
    "counts": "Code postal;Rue;Passages;ID;Longitude;Latitude\n1090;Longue;3;1;4.3;50.8\n",
    "streets": "CODE_POSTAL;rue;longueur\n1090;Longue;300\n",
    "trees": "code postal;essence;id;longitude;latitude\n1090;tilleul;1;4.3;50.8\n",
}
"""Two columns of three make a table alike; one of two does not, nor where something is."""


def dataset(name: str, publisher: str, theme: str, **more: Any) -> Dataset:
    return Dataset(
        title=texts(fr=name, nl=f"{name} nl"),
        publisher=Agent(name=texts(fr=publisher)),
        theme=(concept(vocab.THEMES, theme),),
        distribution=(file(f"https://files.example/{name}.csv", "CSV"),),
        **more,
    )


ENTRIES: dict[str, Entry] = {
    "counts": dataset(
        "counts",
        "Ville",
        "TRAN",
        iri=COUNTS,
        in_series=(YEARS,),
        spatial=(Location(iri=JETTE),),
        keyword=texts(fr="vélo"),
    ),
    "years": DatasetSeries(iri=YEARS, title=texts(fr="Comptages annuels")),
    "before": dataset("before", "Région", "ENVI", in_series=(YEARS,)),
    "report": Publication(title=texts(fr="Le vélo en 2025"), uses=(COUNTS, CITED)),
    "cited": dataset("cited", "Institut", "HEAL", iri=CITED),
    "streets": dataset("streets", "Cadastre", "REGI"),
    "trees": dataset("trees", "Jardins", "ENVI"),
    "lights": dataset("lights", "Ville", "TRAN", keyword=texts(fr="feux")),
    "racks": dataset("racks", "Ville", "TRAN", keyword=texts(fr="vélo")),
    "stops": dataset("stops", "Trams", "TRAN", spatial=(Location(iri=JETTE),)),
    "schools": dataset("schools", "Écoles", "EDUC"),
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    opened, _ = open_catalogue(tmp_path_factory.mktemp("related"))
    opened.sources.add("https://a.example/feed", "memory", title="Agency")
    for identifier, entry in ENTRIES.items():
        opened.records.push("agency", identifier, record(identifier, entry).body, "application/json")
    for name, text in TABLES.items():
        see(opened, cast("EntryRow", opened.entries.named("dataset", name)), text)
    opened.index.rebuild()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(catalogue: Catalogue) -> FlaskClient:
    return create_app(catalogue.settings, catalogue).test_client()


def told(client: FlaskClient, path: str) -> list[str]:
    """What the page says under the heading."""
    found = pages.tree(client.get(path)).findall(".//section[@aria-labelledby='related']//li")
    return [pages.words(one) for one in found]


def test_each_is_told_with_its_reason_the_strongest_first(client: FlaskClient) -> None:
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in told(client, "/fr/dataset/counts")] == [
        "before De la même série : Comptages annuels",
        "cited Utilisé par la même publication : Le vélo en 2025",
        "streets Mêmes colonnes : Code postal, Rue",
        "racks Même producteur et même thème : Transports",
        "lights Même producteur et même thème : Transports",
    ]


def test_a_dataset_that_nothing_belongs_to_says_nothing(client: FlaskClient) -> None:
    assert told(client, "/fr/dataset/schools") == []


def test_of_one_reason_not_all_are_told_while_there_are_others(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = catalogue.entries.with_iris([COUNTS])[COUNTS]
    monkeypatch.setattr(related, "OF_A_REASON", 1)
    assert [one.reason for one in catalogue.related.of(row)] == [
        related.SERIES, related.PUBLICATION, related.COLUMNS, related.PUBLISHER, related.COMMUNE,
    ]  # fmt: skip


def test_without_the_index_the_page_tells_what_entries_say_of_each_other(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_query: object) -> None:
        raise SearchUnavailable("The index does not answer.")

    monkeypatch.setattr(catalogue.index, "listed", away)
    row = catalogue.entries.with_iris([COUNTS])[COUNTS]
    assert [one.name for one in catalogue.related.of(row)] == ["before", "cited"]
