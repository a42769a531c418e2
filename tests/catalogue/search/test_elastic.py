"""What only the Elasticsearch engine has to stand: servers that refuse, lag, or are somebody else's."""

import http.client
import logging
import subprocess
import tempfile
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest
import services
from elastic_transport import ConnectionTimeout
from searchables import document, documents

from catalogue.errors import SettingsError
from catalogue.search import open_index
from catalogue.search.base import Document, Query, SearchUnavailable
from catalogue.search.elastic.address import address
from catalogue.search.elastic.index import ElasticIndex
from catalogue.search.elastic.words import mapping, source_of
from catalogue.search.refusal import Refused
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.work.doctor import Check, examine


def closed_port() -> int:
    """A port that nobody listens on."""
    return services.free_port()


# --- addresses -------------------------------------------------------------------------------------------------------


def test_an_address_is_read() -> None:
    where = address("https://me:p%40ss@es.example.org:9243/brussels?ca_certs=/etc/ca.pem&shards=3")
    assert where.host == "https://es.example.org:9243"
    assert (where.prefix, where.user, where.ca_certs, where.shards) == ("brussels", ("me", "p@ss"), "/etc/ca.pem", 3)
    assert address("http://localhost/x?api_key=abc").api_key == "abc"
    assert address("http://[::1]:9200/p").host == "http://[::1]:9200"
    assert address("https://[2001:db8::7]/p").host == "https://[2001:db8::7]:9200"


@pytest.mark.parametrize(
    "url",
    [
        "https://host:9200",
        "https://host:9200/",
        "https://host:9200/Upper",
        "https://host:9200/a/b",
        "https://host:9200/*",
        "https://host:9200/x?verify=no",
        "https://host:9200/x?shards=many",
        "https://host:9200/x?shards=0",
        "https://host:9200/x?shards=-1",
        "https://host:9200/x?shards=1025",
        "https://host:9200/x?shards=²",
        "https://host:x/p",
        "https://host:99999/p",
        "https://host:0/p",
        "https://[::1/p",
        "https://[nonsense]/p",
        "https:///x",
    ],
)
def test_a_wrong_address_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(SettingsError, match="search_url"):
        open_index(Settings(search_url=url))


# --- a server that is not there --------------------------------------------------------------------------------------


ACTS: list[Callable[[ElasticIndex], object]] = [
    lambda index: index.search(Query()),
    lambda index: index.generation(),
    lambda index: index.revisions(),
    lambda index: index.put([document("a")]),
    lambda index: index.remove(["a"]),
    lambda index: index.rebuild([]),
]


@pytest.mark.against("TC-10")
@pytest.mark.parametrize("act", ACTS)
def test_nobody_there_is_said_without_the_password(act: Callable[[ElasticIndex], object]) -> None:
    index = ElasticIndex(f"http://me:secret@127.0.0.1:{closed_port()}/x")
    with pytest.raises(SearchUnavailable, match=r"cannot be reached") as raised:
        act(index)
    assert "secret" not in str(raised.value)


def test_the_status_of_nobody_is_told(elasticsearch_url: str) -> None:
    assert ElasticIndex(f"http://127.0.0.1:{closed_port()}/x").status()["state"] == "unavailable"
    status = ElasticIndex(f"{elasticsearch_url}/never-made").status()
    assert status["state"] == "unavailable"
    assert "datastore index rebuild" in str(status["problem"])
    assert status["version"]


# --- an index that is not as it should be ----------------------------------------------------------------------------


@pytest.mark.against("F-40")
@pytest.mark.parametrize("act", ACTS[:5])
def test_a_missing_index_is_unavailable_and_is_not_made_by_writing(
    elasticsearch_url: str, act: Callable[[ElasticIndex], object]
) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/missing")
    with pytest.raises(SearchUnavailable, match="Run `datastore index rebuild`"):
        act(index)
    assert not index._server.client.indices.exists(index="missing*", allow_no_indices=False)


@pytest.mark.against("F-41")
def test_an_index_of_another_version_is_not_read(elasticsearch_url: str) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/older")
    index.rebuild([document("a", fr="Arbres")])
    index._server.client.indices.put_mapping(index="older", meta={"definition": "0"})
    index._forget()
    with pytest.raises(SearchUnavailable, match="made by another version"):
        index.search(Query())
    index.rebuild([document("a", fr="Arbres")])
    assert index.search(Query(text="arbre")).count == 1


def test_a_rebuild_keeps_the_index_before_and_nothing_older_nor_what_is_not_ours(elasticsearch_url: str) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/kept")
    client = index._server.client
    other = ElasticIndex(f"{elasticsearch_url}/kept-elsewhere")
    other.rebuild([document("a")])
    for turn in range(4):
        index.rebuild([document(f"{turn}")])
    names = [name for name in client.indices.get(index="kept-*").body if "elsewhere" not in name]
    assert len(names) == 2
    assert list(client.indices.get_alias(name="kept").body) == [max(names)]
    assert other.revisions() == {"a": 1}


@pytest.mark.against("F-42")
def test_a_failed_rebuild_leaves_no_index_behind(elasticsearch_url: str) -> None:
    def breaking() -> Iterator[Any]:
        yield document("a")
        raise RuntimeError("the store went away")

    index = ElasticIndex(f"{elasticsearch_url}/broken")
    with pytest.raises(RuntimeError):
        index.rebuild(breaking())
    assert not index._server.client.indices.get(index="broken-*").body


def behind(index: ElasticIndex) -> list[str]:
    """The indices that the alias points to."""
    return list(index._server.client.indices.get_alias(name=index.where.prefix).body)


def losing(act: Callable[..., Any], *, done: bool) -> Callable[..., Any]:
    """The same request, whose answer does not come in time, whether it was done or not."""

    def lost(**options: Any) -> None:
        if done:
            act(**options)
        raise ConnectionTimeout("timed out")

    return lost


def test_an_older_index_that_cannot_be_deleted_does_no_harm(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/untidy")
    for _ in range(2):
        index.rebuild(documents(5))
    oldest = min(index._server.client.indices.get(index="untidy-*").body)
    indices = index._server.writing.indices
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(indices, "delete", losing(indices.delete, done=False))
        assert index.rebuild(documents(10)) == 10
    assert index.search(Query()).count == 10
    assert f"{oldest} is left over" in caplog.text
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(indices, "get", losing(indices.get, done=False))
        assert index.rebuild(documents(15)) == 15
    assert "earlier rebuilds may be left over" in caplog.text
    assert index.rebuild(documents(20)) == 20
    assert index.search(Query()).count == 20
    assert len(index._server.client.indices.get(index="untidy-*").body) == 2


def test_an_alias_that_moved_although_the_answer_was_lost_is_taken_as_moved(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/moved")
    index.rebuild(documents(5))
    indices = index._server.writing.indices
    monkeypatch.setattr(indices, "update_aliases", losing(indices.update_aliases, done=True))
    assert index.rebuild(documents(10)) == 10
    assert index.search(Query()).count == 10
    assert len(behind(index)) == 1


@pytest.mark.against("F-42")
def test_an_alias_that_did_not_move_leaves_the_old_index_in_use(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/unmoved")
    index.rebuild(documents(5))
    [old] = behind(index)
    indices = index._server.writing.indices
    with monkeypatch.context() as patch:
        patch.setattr(indices, "update_aliases", losing(indices.update_aliases, done=False))
        with pytest.raises(SearchUnavailable, match="does not answer in time"):
            index.rebuild(documents(10))
        patch.setattr(indices, "update_aliases", lambda **_: {"acknowledged": False})
        with pytest.raises(SearchUnavailable, match="in time"):
            index.rebuild(documents(10))
    assert behind(index) == [old]
    assert index.search(Query()).count == 5
    assert index.rebuild(documents(10)) == 10
    assert set(index._server.client.indices.get(index="unmoved-*").body) == {old, *behind(index)}


def test_a_new_index_that_holds_less_than_was_written_is_not_put_in_place(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/short")
    index.rebuild(documents(5))
    before = behind(index)
    with monkeypatch.context() as patch:
        patch.setattr(index._server.writing, "count", lambda **_: {"count": 9})
        with pytest.raises(SearchUnavailable, match="holds 9 of 10 documents"):
            index.rebuild(documents(10))
    with monkeypatch.context() as patch:
        patch.setattr(index._server.writing, "bulk", Refusing())
        with pytest.raises(SearchUnavailable, match="refuses 10 documents; the old index stays: no such field"):
            index.rebuild(documents(10))
    assert behind(index) == before == list(index._server.client.indices.get(index="short-*").body)
    assert index.search(Query()).count == 5


def test_the_first_index_is_made_whatever_is_refused(elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/first")
    monkeypatch.setattr(index._server.writing, "bulk", Refusing())
    with pytest.raises(Refused, match="no such field"):
        index.rebuild([document("a")])
    assert index.search(Query()).count == 0


class Refusing:
    """A bulk request of which nothing is taken."""

    def __call__(self, *, operations: list[dict[str, Any]], **_: str) -> Any:
        refused = {"status": 400, "error": {"type": "planned", "reason": "no such field"}}
        actions = [one["index"] for one in operations if "index" in one and "_id" in one["index"]]
        items = [{"index": {"_id": one["_id"], **refused}} for one in actions]
        return {"items": items}


WRONG: dict[str, Callable[[Any, str], object]] = {
    "by another program": lambda client, name: client.indices.create(index=f"{name}-other", aliases={name: {}}),
    "to several search indices": lambda client, name: [
        client.indices.create(index=f"{name}-{number}", mappings=mapping(), aliases={name: {}}) for number in "ab"
    ],
}


@pytest.mark.parametrize("said", WRONG)
def test_an_alias_that_is_not_as_we_made_it_is_unavailable_until_a_rebuild(elasticsearch_url: str, said: str) -> None:
    name = f"wrong-{list(WRONG).index(said)}"
    index = ElasticIndex(f"{elasticsearch_url}/{name}")
    WRONG[said](index._server.client, name)
    for act in ACTS[:5]:
        with pytest.raises(SearchUnavailable, match="Run `datastore index rebuild`") as raised:
            act(index)
        assert "another version" in str(raised.value) or said in str(raised.value)
    assert index.status()["state"] == "unavailable"
    assert index.rebuild(documents(5)) == 5
    assert index.search(Query()).count == 5


def test_an_index_in_place_of_the_alias_is_said(elasticsearch_url: str) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/inplace")
    index._server.client.indices.create(index="inplace")
    for act in ACTS:
        with pytest.raises(SearchUnavailable, match="inplace is an index and not the alias"):
            act(index)
    assert list(index._server.client.indices.get(index="inplace*").body) == ["inplace"]


@pytest.mark.against("F-41")
def test_readers_are_served_while_another_process_rebuilds(elasticsearch_url: str) -> None:
    writer, reader = (ElasticIndex(f"{elasticsearch_url}/swapped") for _ in range(2))
    writer.rebuild(documents(30))
    for count in (40, 50, 60):
        before = reader.search(Query(facets=("type",))).count
        writer.rebuild(documents(count))
        writer.rebuild(documents(count))  # the index that the reader looked at is gone now
        assert reader.search(Query(facets=("type",))).count in {before, count}
        reader._forget()
        assert reader.search(Query()).count == count


@pytest.fixture(
    params=[
        pytest.param("elasticsearch", marks=pytest.mark.service("elasticsearch")),
        pytest.param("elasticsearch9", marks=pytest.mark.service("elasticsearch9")),
    ]
)
def either_url(request: pytest.FixtureRequest) -> str:
    """A server of each version that we support."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def test_a_look_between_write_and_refresh_does_not_last(either_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.search.elastic.index.FRESH_SECONDS", 0.0)
    writer, reader = (ElasticIndex(f"{either_url}/between") for _ in range(2))
    writer.rebuild(documents(5))
    writer._server.client.indices.put_settings(index="between", settings={"refresh_interval": "-1"})
    seen: list[int] = []
    refresh = writer._server.writing.indices.refresh

    def late(**options: Any) -> Any:
        seen.append(reader.search(Query()).count)
        return refresh(**options)

    monkeypatch.setattr(writer._server.writing.indices, "refresh", late)
    writer.put([document("a"), document("b")])
    assert seen == [5]
    assert reader.search(Query()).count == 7


def test_the_generation_stands_still_while_nobody_writes(either_url: str) -> None:
    index = ElasticIndex(f"{either_url}/still")
    index.rebuild(documents(5))
    index.put([document("a")])
    before = index.generation()
    until = time.monotonic() + 2.5  # the server refreshes once a second what is searched
    while time.monotonic() < until:
        assert index.search(Query()).generation == before
        time.sleep(0.1)
    assert index.generation() == before
    index.remove(["a"])
    assert index.generation() != before


def test_who_asks_for_the_generation_searches_what_it_says(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.search.elastic.index.FRESH_SECONDS", 60.0)
    writer, reader = (ElasticIndex(f"{elasticsearch_url}/asked") for _ in range(2))
    writer.rebuild(documents(5))
    assert reader.search(Query()).count == 5
    writer.put([document("a")])
    assert reader.search(Query()).count == 5
    generation = reader.generation()
    assert (reader.search(Query()).count, reader.search(Query()).generation) == (6, generation)


def test_a_look_that_a_write_overtook_is_not_kept(elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/overtaken")
    index.rebuild(documents(5))
    state, overtaking = index._state, [document("a")]

    def overtaken(name: str) -> str:
        found = state(name)
        if overtaking:
            writer = threading.Thread(target=index.put, args=([overtaking.pop()],))
            writer.start()
            writer.join()
        return found

    monkeypatch.setattr(index, "_state", overtaken)
    index.search(Query())
    assert index.search(Query()).count == 6


def test_a_point_in_time_that_expired_is_renewed(elasticsearch_url: str) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/expired")
    index.rebuild(documents(10))
    assert index.search(Query()).count == 10
    assert index._view_now
    index._server.client.close_point_in_time(id=index._view_now._point)
    assert index.search(Query(text="vélo", facets=("type",))).generation


@pytest.mark.against("TC-30")
def test_the_mapping_takes_nothing_it_does_not_know(elasticsearch_url: str) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/strict")
    index.rebuild([])
    mapping = next(iter(index._server.client.indices.get_mapping(index="strict").body.values()))["mappings"]
    assert mapping["dynamic"] == "strict"


# --- what the doctor says --------------------------------------------------------------------------------------------


@pytest.fixture
def doctor(tmp_path: Path) -> Callable[[str], Check]:
    """Examines the index at an address, with a database that is well."""
    Catalogue(Settings(data_dir=tmp_path)).init()

    def check(url: str) -> Check:
        return next(one for one in examine(Settings(data_dir=tmp_path, search_url=url)) if one.name == "index")

    return check


def put_in_place(index: ElasticIndex, **settings: object) -> None:
    """Points the alias at a new empty index with such settings."""
    client, prefix = index._server.client, index.where.prefix
    [old] = client.indices.get_alias(name=prefix).body
    new = f"{prefix}-ffffffffffffffff"
    client.indices.create(index=new, mappings=mapping(), settings=settings, wait_for_active_shards="0")
    moves = [{"remove": {"index": old, "alias": prefix}}, {"add": {"index": new, "alias": prefix}}]
    client.indices.update_aliases(actions=moves)


@pytest.mark.parametrize(("replicas", "said"), [(0, "green"), (1, "yellow: it works")])
def test_an_index_that_works_is_well(
    elasticsearch_url: str, doctor: Callable[[str], Check], replicas: int, said: str
) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/well-{replicas}")
    index.rebuild(documents(10))
    index._server.client.indices.put_settings(index=f"well-{replicas}", settings={"number_of_replicas": replicas})
    check = doctor(f"{elasticsearch_url}/well-{replicas}")
    assert check.ok
    assert "10 entries" in check.message
    assert said in check.message


def test_an_index_whose_server_is_away_is_red(elasticsearch_url: str, doctor: Callable[[str], Check]) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/red")
    index.rebuild(documents(10))
    put_in_place(index, **{"index.routing.allocation.require._name": "nobody"})
    check = doctor(f"{elasticsearch_url}/red")
    assert not check.ok
    assert "is on no server (red)" in check.message
    for act in ACTS[:3]:
        with pytest.raises(SearchUnavailable, match="on a server"):
            act(ElasticIndex(f"{elasticsearch_url}/red"))
    assert index.rebuild(documents(5)) == 5
    assert doctor(f"{elasticsearch_url}/red").ok


@pytest.fixture
def starting(elasticsearch_url: str, tmp_path: Path) -> Iterator[tuple[Catalogue, ElasticIndex]]:
    """A catalogue whose index is on no server yet."""
    url = f"{elasticsearch_url}/starting"
    catalogue, index = Catalogue(Settings(data_dir=tmp_path, search_url=url)), ElasticIndex(url)
    catalogue.init()
    put_in_place(index, **{"index.routing.allocation.require._name": "nobody"})
    yield catalogue, index
    for name in index._server.client.indices.get(index="starting-*").body:
        index._server.client.indices.delete(index=name)
    catalogue.close()


def test_an_index_whose_server_is_starting_is_waited_for(starting: tuple[Catalogue, ElasticIndex]) -> None:
    catalogue, index = starting
    for _ in range(2):
        with pytest.raises(SearchUnavailable, match=r"on no server \(red\)"):
            catalogue.index.ensure()
    client = index._server.client
    [name] = client.indices.get_alias(name="starting").body
    client.indices.put_settings(index=name, settings={"index.routing.allocation.require._name": None})
    client.cluster.health(index=name, wait_for_status="yellow")
    catalogue.index.ensure()
    assert list(client.indices.get_alias(name="starting").body) == [name], "nothing was built anew"


def test_an_index_whose_server_does_not_come_back_is_built_anew(
    starting: tuple[Catalogue, ElasticIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalogue.indexing.followed_index.AWAY_SECONDS", 0)
    starting[0].index.ensure()
    assert starting[0].index.is_usable()


@pytest.mark.against("F-38")
def test_an_index_that_is_closed_to_writers_is_told_and_goes_on_when_it_is_open(
    elasticsearch_url: str, doctor: Callable[[str], Check]
) -> None:
    """As the server closes it when its disk is all but full, and opens it when there is room again."""
    index = ElasticIndex(f"{elasticsearch_url}/flooded")
    index.rebuild(documents(10))
    client = index._server.client
    [name] = client.indices.get_alias(name="flooded").body
    looks = "cluster.info.update.interval"  # at its disk, and opens the index when there is room
    client.cluster.put_settings(persistent={looks: "1h"})
    settings = partial(client.indices.put_settings, index=name)
    settings(settings={"index.blocks.read_only_allow_delete": True})
    for write in (index.put, lambda some: index.remove(one.id for one in some)):
        with pytest.raises(SearchUnavailable, match=r"does not let us write: index .* flood-stage .*[^;.]\.$"):
            write(documents(2))
    assert index.search(Query()).count == 10
    check = doctor(f"{elasticsearch_url}/flooded")
    assert not check.ok
    assert f"Elasticsearch lets nobody write the search index {name}: disk usage exceeded" in check.message
    settings(settings={"index.blocks.read_only_allow_delete": None})
    client.cluster.put_settings(persistent={looks: None})
    assert index.put(documents(2)) == 2
    assert doctor(f"{elasticsearch_url}/flooded").ok


def test_a_closed_index_is_unavailable(elasticsearch_url: str) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/closed")
    index.rebuild(documents(10))
    assert index.search(Query()).count == 10
    [name] = index._server.client.indices.get_alias(name="closed").body
    index._server.client.indices.close(index=name)
    index._forget()  # for a second more it would answer from memory
    with pytest.raises(SearchUnavailable):
        index.search(Query())
    with pytest.raises(SearchUnavailable, match="does not let us write: closed"):
        index.put(documents(2))  # no document is to blame
    assert index.status()["state"] == "unavailable"


def test_nobody_there_and_no_index_are_said(elasticsearch_url: str, doctor: Callable[[str], Check]) -> None:
    away = doctor(f"http://me:secret@127.0.0.1:{closed_port()}/x")
    assert not away.ok
    assert "cannot be reached" in away.message
    assert "secret" not in away.message
    missing = doctor(f"{elasticsearch_url}/never-made")
    assert not missing.ok
    assert "datastore index rebuild" in missing.message


# --- a key in place of a user ----------------------------------------------------------------------------------------


KEY = "bXktaWQ6bXktc2VjcmV0LWtleQ=="


class Gate(BaseHTTPRequestHandler):
    """Lets requests with the key through to the server behind it, as a server with security does."""

    port = 0
    asked: ClassVar[list[str]] = []

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append(f"{self.command} {self.path}")
        if self.headers.get("Authorization") != f"ApiKey {KEY}":
            self._answer(401, {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}, b"{}")
            return
        behind = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        kept = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
        behind.request(self.command, self.path, body or None, kept)
        answer = behind.getresponse()
        self._answer(answer.status, dict(answer.getheaders()), answer.read())
        behind.close()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection", "content-encoding"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Says nothing."""

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass  # noqa: N815 - names of the standard library


@pytest.fixture
def gate(elasticsearch_url: str) -> Iterator[str]:
    """A server behind which only the key leads. The real one of the tests cannot make keys."""
    Gate.port, Gate.asked = int(elasticsearch_url.rpartition(":")[2]), []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gate)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_key_opens_everything_and_goes_with_every_request(gate: str) -> None:
    index = ElasticIndex(f"{gate}/keyed?api_key={KEY}")
    assert index.rebuild(documents(10)) == 10
    assert index.put([document("a", fr="Arbres")]) == 1
    assert index.search(Query(text="arbre", facets=("type",))).count
    assert index.remove(["a"]) == 1
    assert len(index.revisions()) == 10
    assert index.status()["state"] == "ready"
    assert len(Gate.asked) > 10
    index.close()


def test_another_key_opens_nothing(gate: str) -> None:
    for url in (f"{gate}/keyed?api_key=b3RoZXI6a2V5", f"{gate}/keyed"):
        with pytest.raises(SearchUnavailable, match="refuses the user or key") as raised:
            ElasticIndex(url).search(Query())
        assert "b3RoZXI6a2V5" not in str(raised.value)


# --- items of a bulk -------------------------------------------------------------------------------------------------


class Bulk:
    """Stands before the real bulk request and changes some of its answers."""

    def __init__(self, index: ElasticIndex, statuses: dict[str, list[int]]) -> None:
        self.real = index._server.writing.bulk
        self.statuses = statuses
        self.offered: list[list[str]] = []

    def __call__(self, *, operations: list[dict[str, Any]], **options: str) -> dict[str, Any]:
        answer = dict(self.real(operations=operations, **options).body)
        self.offered.append([next(iter(item.values()))["_id"] for item in answer["items"]])
        for item in answer["items"]:
            [result] = item.values()
            if planned := self.statuses.get(result["_id"]):
                result["status"] = planned.pop(0)
                result["error"] = {"type": "planned", "reason": f"planned {result['status']}"}
        return answer


Planning = Callable[..., tuple[ElasticIndex, Bulk]]


@pytest.fixture
def bulked(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., tuple[ElasticIndex, Bulk]]]:
    """An index whose bulk answers are changed as planned: id → statuses, one per request."""
    monkeypatch.setattr("catalogue.search.elastic.bulk.time.sleep", lambda _seconds: None)
    index = ElasticIndex(f"{elasticsearch_url}/bulked")
    index.rebuild([])

    def planned(**statuses: list[int]) -> tuple[ElasticIndex, Bulk]:
        bulk = Bulk(index, statuses)
        monkeypatch.setattr(index._server.writing, "bulk", bulk)
        return index, bulk

    yield planned
    index.close()


def test_what_the_server_is_too_busy_for_is_offered_again(bulked: Planning) -> None:
    index, bulk = bulked(b=[429, 503])
    assert index.put([document("a"), document("b")]) == 2
    assert bulk.offered == [["a", "b"], ["b"], ["b"]]


@pytest.mark.against("F-38")
def test_a_server_that_stays_busy_is_unavailable(bulked: Planning) -> None:
    index, _ = bulked(a=[429, 429, 429])
    with pytest.raises(SearchUnavailable, match="did not take 1 documents"):
        index.put([document("a")])


@pytest.mark.against("F-38")
def test_one_document_that_is_refused_does_not_hold_up_the_others(
    bulked: Planning, caplog: pytest.LogCaptureFixture
) -> None:
    index, bulk = bulked(b=[400])
    with caplog.at_level(logging.ERROR), pytest.raises(Refused, match="planned 400") as some:
        index.put([document("a"), document("b"), document("c")])
    assert bulk.offered == [["a", "b", "c"]]
    assert (some.value.taken, some.value.reasons) == (2, {"b": "planned 400"})
    assert "does not take document b: planned 400" in caplog.text
    assert {"a", "c"} <= index.revisions().keys()


@pytest.mark.against("F-38")
def test_what_the_server_fails_over_is_offered_again_and_then_refused(bulked: Planning) -> None:
    index, bulk = bulked(a=[500], b=[500, 500, 500])
    with pytest.raises(Refused) as some:
        index.put([document("a"), document("b")])
    assert bulk.offered == [["a", "b"], ["a", "b"], ["b"]]
    assert some.value.reasons == {"b": "planned 500"}


def test_a_server_that_lets_nobody_write_refuses_no_document(bulked: Planning) -> None:
    index, _ = bulked(a=[403])
    with pytest.raises(SearchUnavailable, match="does not let us write: planned 403"):
        index.put([document("a")])


def test_a_document_that_we_cannot_write_does_not_hold_up_the_others(
    elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(one: Document) -> dict[str, Any]:
        if one.id == "b":
            raise RuntimeError("a fault of ours")
        return source_of(one)

    index = ElasticIndex(f"{elasticsearch_url}/unwritten")
    monkeypatch.setattr("catalogue.search.elastic.bulk.source_of", failing)
    for write in (index.rebuild, index.put):
        with pytest.raises(Refused, match="a fault of ours") as some:
            write([document("a"), document("b"), document("c")])
        assert (some.value.taken, list(some.value.reasons)) == (2, ["b"])
        assert index.revisions().keys() == {"a", "c"}


def test_an_answer_that_is_not_whole_is_no_answer(elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    index = ElasticIndex(f"{elasticsearch_url}/partial")
    index.rebuild(documents(20))
    monkeypatch.setattr("catalogue.search.elastic.view.TERMINATE_AFTER", 1)
    with pytest.raises(SearchUnavailable, match="did not look at the whole index"):
        index.search(Query(text="comptages arbres écoles budget", facets=("theme",)))


# --- a server with security ------------------------------------------------------------------------------------------


class Secured(NamedTuple):
    """A server that wants TLS and a user who may do what the catalogue needs, for `mine*` only."""

    host: str
    certificate: Path
    other_certificate: Path


CONFIGURATION = """\
discovery.type: single-node
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
path.data: {folder}/data
path.logs: {folder}/logs
xpack.security.enabled: true
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.key: {key}
xpack.security.http.ssl.certificate: {certificate}
"""
ROLES = """\
catalogue:
  cluster: [monitor]
  indices:
    - names: ['mine*']
      privileges: [manage, read, write]
reader:
  cluster: [monitor]
  indices:
    - names: ['mine*']
      privileges: [read, view_index_metadata, monitor]
"""


@pytest.fixture(scope="module")
def secured() -> Iterator[Secured]:
    """Starts such a server."""
    java = services.java_home(17)
    if java is None or not services.elasticsearch_zip("8.19.5").exists():
        pytest.skip("needs Elasticsearch 8.19.5 and Java 17: run `python tests/services.py install elasticsearch`")
    with tempfile.TemporaryDirectory(prefix="datastore-secured-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        home = services.elasticsearch_folder("8.19.5", folder)
        config, environment = home / "config", {"ES_JAVA_HOME": str(java), "PATH": "/usr/bin:/bin"}

        def run(*command: object) -> None:
            subprocess.run([str(part) for part in command], check=True, cwd=home, env=environment, capture_output=True)

        def certificate(name: str) -> Path:
            archive = folder / f"{name}.zip"
            run(home / "bin/elasticsearch-certutil", "cert", "--self-signed", "--pem", "--silent", "--out", archive,
                "--ip", "127.0.0.1", "--dns", "localhost", "--name", name)  # fmt: skip
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(config)
            return config / name / f"{name}.crt"

        mine, other = certificate("mine"), certificate("other")
        (config / "roles.yml").write_text(ROLES)
        for user in ("catalogue", "reader"):
            run(home / "bin/elasticsearch-users", "useradd", user, "-p", "secret-enough", "-r", user)
        http = services.free_port()
        settings = {"http": http, "transport": services.free_port(), "folder": folder, "certificate": mine}
        (config / "elasticsearch.yml").write_text(CONFIGURATION.format(key=mine.with_suffix(".key"), **settings))
        (config / "jvm.options.d" / "heap.options").write_text("-Xms512m\n-Xmx512m\n")
        process, log = services.launch(
            [home / "bin" / "elasticsearch"], folder, "secured", env=environment, **services.unprivileged(folder)
        )
        services.wait_until(lambda: services.answers(http), process, log)
        yield Secured(f"127.0.0.1:{http}", mine, other)
        services.stopper(process)()


def as_user(secured: Secured, user: str, prefix: str, *, certificate: Path | None = None) -> ElasticIndex:
    """The index as a user of the secured server."""
    trusted = certificate or secured.certificate
    return ElasticIndex(f"https://{user}:secret-enough@{secured.host}/{prefix}?ca_certs={trusted}")


@pytest.mark.service("elasticsearch")
def test_a_user_with_the_least_privilege_can_do_everything(secured: Secured) -> None:
    index = as_user(secured, "catalogue", "mine")
    assert index.rebuild(documents(30)) == 30
    assert index.put([document("a", fr="Arbres remarquables")]) == 1
    assert index.search(Query(text="arbre", facets=("type",))).count
    assert index.remove(["a"]) == 1
    assert len(index.revisions()) == 30
    assert index.rebuild(documents(10)) == 10
    assert index.status()["state"] == "ready"


@pytest.mark.service("elasticsearch")
def test_another_index_is_refused(secured: Secured) -> None:
    index = as_user(secured, "catalogue", "yours")
    for act in ACTS:
        with pytest.raises(SearchUnavailable, match="does not allow it"):
            act(index)


@pytest.mark.service("elasticsearch")
def test_a_reader_cannot_write(secured: Secured) -> None:
    as_user(secured, "catalogue", "mine").rebuild(documents(5))
    index = as_user(secured, "reader", "mine")
    assert index.search(Query()).count == 5
    for act in (ACTS[3], ACTS[5]):
        with pytest.raises(SearchUnavailable, match="does not allow it"):
            act(index)


@pytest.mark.service("elasticsearch")
def test_a_wrong_password_is_said_without_it(secured: Secured) -> None:
    index = ElasticIndex(f"https://catalogue:wrong-one@{secured.host}/mine?ca_certs={secured.certificate}")
    with pytest.raises(SearchUnavailable, match="refuses the user or key") as raised:
        index.search(Query())
    assert "wrong-one" not in str(raised.value)
    key = ElasticIndex(f"https://{secured.host}/mine?api_key=bm9ib2R5OmF0LWFsbA==&ca_certs={secured.certificate}")
    with pytest.raises(SearchUnavailable, match="refuses the user or key"):
        key.search(Query())


@pytest.mark.against("TC-14")
@pytest.mark.service("elasticsearch")
def test_a_certificate_of_somebody_else_is_refused(secured: Secured) -> None:
    with pytest.raises(SearchUnavailable, match=r"certificate of .* is not trusted"):
        as_user(secured, "catalogue", "mine", certificate=secured.other_certificate).search(Query())
    with pytest.raises(SearchUnavailable, match=r"certificate of .* is not trusted"):
        ElasticIndex(f"https://catalogue:secret-enough@{secured.host}/mine").search(Query())


@pytest.mark.service("elasticsearch")
def test_the_doctor_says_that_a_certificate_is_not_trusted(secured: Secured, doctor: Callable[[str], Check]) -> None:
    check = doctor(f"https://catalogue:secret-enough@{secured.host}/mine")
    assert not check.ok
    assert "is not trusted" in check.message
    assert "secret-enough" not in check.message


@pytest.mark.service("elasticsearch")
def test_the_doctor_says_that_a_user_is_refused(secured: Secured, doctor: Callable[[str], Check]) -> None:
    check = doctor(f"https://catalogue:wrong-one@{secured.host}/mine?ca_certs={secured.certificate}")
    assert not check.ok
    assert "refuses the user or key" in check.message
    assert "wrong-one" not in check.message


def test_the_service_answers_without_its_greeting(elasticsearch_url: str) -> None:
    """The client must not ask for `GET /`, which this server does not have."""
    with pytest.raises(urllib.error.HTTPError, match="405"):
        urllib.request.urlopen(elasticsearch_url)
