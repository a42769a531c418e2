"""Records that doors keep as they were written: never another one than would be written now, and never too many."""

import re
from pathlib import Path

import msgspec
from factory import Feed, mobility, open_catalogue, record, texts
from flask.testing import FlaskClient

from dcat.model import Agent
from web.app import create_app
from web.http.kept import Kept
from web.http.kept_records import kept

URL = "https://town.example/feed"
CSW = "/csw?service=CSW&version=2.0.2&request=GetRecords&resultType=results&elementSetName=full&outputSchema="
LISTS = (
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListRecords&metadataPrefix=dcat_ap",
    *(f"{CSW}{schema}" for schema in ("http://www.opengis.net/cat/csw/2.0.2", "http://www.isotc211.org/2005/gmd")),
    f"{CSW}http://data.europa.eu/r5r/",
    "/api/1/datasets/",
    "/api/3/action/package_search",
    "/ogc/collections/datasets/items",
)
ASKED = re.compile(r'responseDate>[^<]*|time[sS]tamp"?[:=]"[^"]*"')


def written(client: FlaskClient) -> list[str]:
    """What each list says, without the moment at which it was asked for."""
    return [ASKED.sub("", client.get(address).text) for address in LISTS]


def test_what_is_kept_is_what_would_be_written(tmp_path: Path) -> None:
    catalogue, memory = open_catalogue(tmp_path)
    entry = mobility()[2][1]
    client = create_app(catalogue.settings, catalogue).test_client()
    name = catalogue.sources.add(URL, "memory", title="Town").name
    changed = (
        entry,
        msgspec.structs.replace(entry, title=texts(fr="Un autre titre")),
        msgspec.structs.replace(entry, publisher=Agent(name=texts(fr="Un autre service"))),
    )
    told = []
    for one in changed:
        memory.feeds[URL] = Feed([record("a", one), record("b", mobility()[3][1])])
        catalogue.runs.harvest(name)
        told.append(written(client))
        assert told[-1] == written(client)
        fresh = create_app(catalogue.settings, catalogue).test_client()
        assert told[-1] == written(fresh)
    assert all(len({state[number] for state in told}) == len(changed) for number in range(len(LISTS)))
    catalogue.close()


def test_a_record_is_written_once(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path)
    times: list[str] = []

    def write(name: str) -> bytes:
        times.append(name)
        return name.encode()

    with create_app(catalogue.settings, catalogue).app_context():
        for name in ("one", "two", "one", "two"):
            assert kept(lambda name=name: write(name), name) == name.encode()  # type: ignore[misc]
    assert times == ["one", "two"]
    catalogue.close()


def test_what_nobody_asked_for_goes_first() -> None:
    things = Kept[str](1_000)
    for key in ("a", "b", "a", "c"):
        things.get(key)
        things.keep(key, key, 400)
    assert [key for key in "abc" if things.get(key)] == ["a", "c"]
    assert things.bytes == 800
    things.keep("d", "d", 1_001)
    assert [key for key in "acd" if things.get(key)] == ["a", "c"]
