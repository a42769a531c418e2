"""A person whom a source names: in nothing that is published, however often the source is read."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from factory import Feed, open_catalogue, record, texts
from pages import HTML

from catalogue.search.base import Query
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from dcat import rdf
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
        f"after 3 harvests named in {len(told)} of {len(paths)} pages and feeds, found by {found} searches",
        holds=not told and not found,
        part="persons in contact points, whom nobody asked to be erased",
        wrong=told,
    )


def test_a_person_is_erased_and_does_not_come_back(tmp_path: Path, note: Callable[..., None]) -> None:
    catalogue, memory = open_catalogue(tmp_path / "var", show_persons=True)
    entry = Dataset(title=texts(nl="Bomen"), description=texts(nl=f"Geteld door {NAME}, {MAILBOX}."))
    memory.feeds[URL] = Feed([record("bomen", entry)])
    name = catalogue.sources.add(URL, "memory", title="Agency").name
    catalogue.runs.harvest(name)
    later = msgspec.structs.replace(entry, description=texts(nl=f"Herteld door {NAME}."))
    memory.feeds[URL] = Feed([record("bomen", later)])
    catalogue.runs.harvest(name)
    catalogue.backups.save(tmp_path / "before.zip")
    before = places(catalogue)
    catalogue.erasing.erase([NAME, MAILBOX])
    catalogue.index.rebuild()
    left = [place for place in places(catalogue) if place in before]
    for _ in range(3):
        catalogue.runs.harvest(name, full=True)
    catalogue.records.push(name, "gestuurd", record("gestuurd", entry).body, "application/json")
    catalogue.index.catch_up()
    back = places(catalogue)
    catalogue.backups.restore(tmp_path / "before.zip", replace=True)
    catalogue.erasing.again()
    catalogue.index.rebuild()
    restored = places(catalogue)
    catalogue.close()
    note(
        "Q21",
        f"named in {len(before)} places ({', '.join(before)}): left in {len(left)}, after 3 harvests and a push in "
        f"{len(back)}, after the restore of an older backup in {len(restored)}",
        holds=len(before) >= 6 and not left and not back and not restored,
        part="erased on demand",
        wrong={"left": left, "back": back, "restored": restored},
    )


def places(catalogue: Catalogue) -> list[str]:
    """Where the person is named."""
    found = {
        "entries": repr([catalogue.entries.find("bomen").entry]),
        "records as they came": repr([catalogue.records.raw("agency", "bomen").body.decode()]),
        "history": repr(catalogue.history.of_entry(catalogue.entries.find("bomen").id)),
        "reports of runs": repr(
            [
                (catalogue.runs.outcomes(run.id), catalogue.runs.differences(run.id))
                for run in catalogue.runs.of_source("agency")
            ]
        ),
        "feeds": b"".join(rdf.stream(catalogue.feed.whole(), "nt")).decode(),
        "the index": "Vandersmissen" * catalogue.index.search(Query(text="Vandersmissen")).count,
        "files of the database and the index": "".join(
            file.read_bytes().decode("latin-1") for file in catalogue.settings.data_dir.rglob("*") if file.is_file()
        ),
    }
    return [place for place, text in found.items() if names(text)]


def names(text: str) -> bool:
    """True for a text with the name or the mailbox of the person."""
    return "vandersmissen" in text.lower()
