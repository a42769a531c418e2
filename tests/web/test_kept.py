"""Records that doors keep as they were written: never another one than would be written now, and never too many."""

import re
from pathlib import Path

import msgspec
from factory import Feed, mobility, open_catalogue, record, texts
from flask.testing import FlaskClient

from dcat.model import Agent
from web.app import create_app
from web.xml.kept import Kept

URL = "https://town.example/feed"
CSW = "/csw?service=CSW&version=2.0.2&request=GetRecords&resultType=results&elementSetName=full&outputSchema="
LISTS = (
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListRecords&metadataPrefix=dcat_ap",
    *(f"{CSW}{schema}" for schema in ("http://www.opengis.net/cat/csw/2.0.2", "http://www.isotc211.org/2005/gmd")),
    f"{CSW}http://data.europa.eu/r5r/",
)
ASKED = re.compile(r'responseDate>[^<]*|timestamp="[^"]*"')


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


def test_a_record_is_written_once() -> None:
    records, times = Kept(), []
    for key in (b"one", b"two", b"one", b"two"):
        assert records.get(key, lambda key=key: times.append(key) or key * 2) == key * 2  # type: ignore[misc]
    assert times == [b"one", b"two"]


def test_those_that_nobody_asked_for_go_first() -> None:
    records, times = Kept(most=2_100), []

    def get(key: int) -> None:
        body = bytes(range(256)) * 4
        records.get(bytes([key]), lambda: times.append(key) or body)  # type: ignore[func-returns-value]

    for key in (1, 2, 3, 1, 4, 5, 6, 7, 8, 9, 1):
        get(key)
    assert records._bytes <= 2_100
    get(2)
    assert times.count(2) == 2
