"""No address that leads inside is reached, whichever door it comes in by."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from commands import logs_kept
from factory import open_catalogue
from inside import AGENCY, LITERALS, SPELLINGS, resolved, sinks_on_all, urls
from loopback import Answer, Request, Server, evil, running, site
from sampling import sampled, share

from catalogue.checking import feed_check
from catalogue.errors import DatastoreError
from catalogue.service import Catalogue
from harvesters.errors import HarvestError
from web.app import create_app

ENTRY = '<https://d.example/1> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> "Jeu"@fr .'
DOCTYPE = '<!DOCTYPE r [<!ENTITY e SYSTEM %s> <!ENTITY %% p SYSTEM %s> %%p;]><r xmlns="http://e/">&e;</r>'
APIS = ("validate", "harvest/source/find/", "harvest/source/preview/", "hooks/", "harvest/sources/")
LINKS = ("paging link", "context", "entity", "robots.txt")


class Trap:
    """A feed that names an address where a careless reader would follow it."""

    kind = url = ""

    def answer(self, _: Request) -> Answer:
        """The same to everything."""
        said, in_header = json.dumps(self.url), quote(self.url, safe=":/[]@?#.")
        if self.kind == "paging link":
            return Answer(ENTRY.encode(), "text/turtle", headers={"Link": f'<{in_header}>; rel="next"'})
        if self.kind == "context":
            document = f'{{"@context": [{said}, {{"@import": {said}}}], "@id": "https://d.example/1"}}'
            return Answer(document.encode(), "application/ld+json")
        if self.kind == "entity":
            return Answer((DOCTYPE % (said, said)).encode("utf-8", "replace"), "application/rdf+xml")
        return Answer(f"Sitemap: {in_header}\n".encode(), "text/plain")


class Doors:
    """Everything that goes out to an address that somebody else says."""

    def __init__(self, catalogue: Catalogue, redirecting: Server, trap: Trap, trapped: Server) -> None:
        self.catalogue, self.redirecting, self.trap, self.trapped = catalogue, redirecting, trap, trapped
        self.client = create_app(catalogue.settings, catalogue).test_client()
        key, _ = catalogue.keys.create("commune")
        self.headers = {"Authorization": f"Bearer {key}"}
        self.names: list[str] = [*APIS, *LINKS, "source", "redirect", "command", "page of checks"]

    def try_out(self, door: str, url: str) -> None:
        """Lets the address in by one door; what it is answered does not matter."""
        if door in APIS:
            body = {
                "url": url,
                **({"kind": "dcat"} if door.startswith("harvest/source") and "find" not in door else {}),
            }
            self.client.post(f"/api/1/{door}", json=body, headers=self.headers)
        elif door in LINKS:
            self.trap.kind, self.trap.url = door, url
            self.harvest(self.trapped.url("/feed"), "schema-org" if door == "robots.txt" else "dcat")
        elif door == "page of checks":
            self.client.post("/nl/check", data={"url": url})
        elif door == "command":
            self.check(url)
        else:
            is_direct = door == "source"
            self.harvest(url if is_direct else self.redirecting.url(f"/redirect-to?url={quote(url, safe='')}"), "dcat")

    def harvest(self, url: str, kind: str) -> None:
        """Registers, runs and removes a source."""
        try:
            name = self.catalogue.sources.add(url, kind, title="Trap").name
        except DatastoreError:
            return
        self.catalogue.runs.harvest(name)
        self.catalogue.sources.remove(name)

    def check(self, url: str) -> None:
        """As `datastore check URL` does."""
        try:
            feed_check.check(url, self.catalogue.settings)
        except (DatastoreError, HarvestError, OSError):  # what is no address is a file that is not there
            return


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    catalogue, _ = open_catalogue(
        tmp_path / "var", fetch_allow=(f"{AGENCY}/32",), checks_per_minute=0, writes_per_minute=0
    )
    trap = Trap()
    with running(evil(AGENCY)) as redirecting, running(site(trap.answer, AGENCY)) as trapped, logs_kept():
        yield Doors(catalogue, redirecting, trap, trapped)
    catalogue.close()


@pytest.mark.against("TC-03", "TC-15")
def test_nothing_inside_is_reached(doors: Doors, monkeypatch: pytest.MonkeyPatch, note: Callable[..., None]) -> None:
    resolved(monkeypatch)
    tried = 0
    with sinks_on_all(monkeypatch) as sinks:
        every = urls(sinks)
        vectors = sampled(sorted({*LITERALS, *SPELLINGS}), share(4, len(every)))
        reached = []
        for door in doors.names:
            for vector in vectors:
                before = sinks.connections
                doors.try_out(door, every[vector])
                tried += 1
                reached += [(door, vector)] if sinks.connections != before else []
    asked = len(doors.trapped.requests) + len(doors.redirecting.requests)
    note(
        "Q4",
        f"{len(vectors)} of {len(every)} addresses × {len(doors.names)} doors = {tried} cases: {len(reached)} "
        f"connections to {len(every)} kinds of inside; {asked} requests to the servers that set the traps",
        holds=not reached and asked >= 5 * len(vectors),
        wrong=reached,
    )
