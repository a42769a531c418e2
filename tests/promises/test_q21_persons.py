"""A person whom a source names: in nothing that is published, however often the source is read."""

from collections.abc import Callable
from pathlib import Path

from factory import Feed, open_catalogue, record, texts
from pages import HTML

from catalogue.search.base import Query
from catalogue.stopping import Stop
from dcat.model import Agent, Contact, Dataset, Iri
from web.app import create_app

NAME, MAILBOX = "Godelieve Vandersmissen", "godelieve.vandersmissen@agency.example"
URL = "https://agency.example/feed"


def test_a_person_is_published_nowhere(tmp_path: Path, note: Callable[..., None]) -> None:
    catalogue, memory = open_catalogue(tmp_path / "var")
    person = Contact(name=texts(nl=NAME), email=(Iri(f"mailto:{MAILBOX}"),), is_individual=True)
    entry = Dataset(title=texts(nl="Bomen"), publisher=Agent(name=texts(nl="Stad")), contact=(person,))
    memory.feeds[URL] = Feed([record("bomen", entry)])
    name = catalogue.sources.add(URL, "memory", title="Agency").name
    for _ in range(3):
        catalogue.runs.harvest(name, full=True)
    catalogue.dumps.make(lambda _: None, Stop())
    client = create_app(catalogue.settings, catalogue).test_client()
    endings = ("", ".ttl", ".jsonld", ".json", ".rdf")
    paths = [
        *(f"/dataset/bomen{ending}" for ending in endings),
        "/catalog.nt",
        "/nl/dataset/bomen",
        "/search.json?q=bomen",
    ]
    paths += [
        "/nl/dataset/bomen/checks",
        "/api/1/datasets/bomen",
        "/api/1/harvest/job/1/items/",
        "/dumps/latest/datasets.csv",
    ]
    paths += ["/api/3/action/package_search", f"/nl/source/{name}/run/1", "/api/1/changes", "/search.atom?q=bomen"]
    told = []
    for path in paths:
        with client.get(path, headers=HTML, follow_redirects=True) as answer:
            told += [path] if names(answer.text) else []
    found = catalogue.index.search(Query(text="Vandersmissen")).count
    catalogue.close()
    note(
        "Q21",
        f"after 3 harvests named in {len(told)} of {len(paths)} pages and feeds, found by {found} searches. Not "
        "measured: erasing on demand, from records as they came, history and backups: there is no command for it",
        holds=not told and not found,
        part="persons in contact points",
        wrong=told,
    )


def names(text: str) -> bool:
    """True for a text with the name or the mailbox of the person."""
    return "vandersmissen" in text.lower()
