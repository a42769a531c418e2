"""The feeds as files: what is sent is what would be streamed, never older than what is published, never half."""

import gzip
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from factory import Feed, Memory, filled_catalogue, open_catalogue, record, texts
from flask.testing import FlaskClient
from pages import reader

from catalogue import clock
from catalogue.errors import Unavailable
from catalogue.publishing.feed_files import ENDINGS
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from catalogue.store.leases import LostLease
from catalogue.work.feeding import PATIENCE, Feeding
from catalogue.work.worker import Worker
from dcat.model import Dataset

URL = "https://late.example.brussels/feed"
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Catalogue]:
    catalogue = filled_catalogue(tmp_path / "var")
    yield catalogue
    catalogue.close()


@pytest.fixture
def client(filled: Catalogue) -> FlaskClient:
    return reader(filled)


def written(catalogue: Catalogue) -> list[str]:
    """Writes all that is missing; returns the formats."""
    done = []
    while ending := catalogue.feed_files.write(lambda _: None, Stop()):
        done.append(str(ending))
    return done


def names(catalogue: Catalogue) -> list[str]:
    """The endings of the files that lie there."""
    folder = catalogue.feed_files.folder
    return sorted(path.name.partition(".")[2] for path in folder.iterdir()) if folder.is_dir() else []


def publish(catalogue: Catalogue, *titles: str) -> None:
    """Another source brings datasets."""
    memory = catalogue.harvesters["memory"]
    assert isinstance(memory, Memory)
    memory.feeds[URL] = Feed([record(title, Dataset(title=texts(fr=title))) for title in titles])
    known = {row.url: row.name for row in catalogue.sources.all()}
    catalogue.runs.harvest(known.get(URL) or catalogue.sources.add(URL, "memory", title="Late").name)


def test_a_feed_that_is_saved_is_called_as_its_address(filled: Catalogue, client: FlaskClient) -> None:
    written(filled)
    for packing in ({}, GZIP):
        told = client.get("/catalog.ttl", headers=packing).headers
        assert told["Content-Disposition"] == "inline; filename=catalog.ttl"
    told = client.get("/catalog", headers={"Accept": "application/rdf+xml"}).headers
    assert told["Content-Disposition"] == "inline; filename=catalog.rdf"


def test_a_file_says_what_would_be_streamed(filled: Catalogue, client: FlaskClient) -> None:
    paths = [f"/catalog.{ending}" for ending in (*ENDINGS, "xml")]
    streamed = {path: client.get(path) for path in paths}
    assert {answer.headers["ETag"][:2] for answer in streamed.values()} == {"W/"}
    assert written(filled) == list(ENDINGS)
    assert names(filled) == sorted(f"{ending}{beside}" for ending in ENDINGS for beside in ("", ".gz", ".parts"))
    for path, before in streamed.items():
        sent, packed = client.get(path), client.get(path, headers=GZIP)
        assert (sent.status_code, sent.data, sent.mimetype) == (200, before.data, before.mimetype), path
        assert gzip.decompress(packed.data) == before.data
        assert packed.headers["Content-Encoding"] == "gzip"
        assert sent.headers["ETag"] != packed.headers["ETag"]
        for answer in (sent, packed):
            assert not answer.headers["ETag"].startswith("W/")
            assert answer.headers["Accept-Ranges"] == "bytes"
            assert answer.headers["Cache-Control"] == before.headers["Cache-Control"]
            assert "Last-Modified" in answer.headers
            assert set(answer.vary) == {"Accept-Encoding"}


def test_a_worker_writes_them_and_whoever_asks_again_is_told_that_nothing_changed(
    filled: Catalogue, client: FlaskClient
) -> None:
    Worker(filled).once()
    first = client.get("/catalog.ttl", headers=GZIP)
    again = client.get("/catalog.ttl", headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    since = client.get("/catalog.ttl", headers={**GZIP, "If-Modified-Since": first.headers["Last-Modified"]})
    assert [(one.status_code, one.data) for one in (again, since)] == [(304, b"")] * 2
    assert again.headers["ETag"] == first.headers["ETag"]
    head = client.head("/catalog.ttl", headers=GZIP)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(first.data)))


@pytest.mark.parametrize(
    ("asked", "coding"), [("gzip, deflate, br, zstd", "gzip"), ("br, zstd, gzip;q=0.1", "gzip"), ("br, zstd", None)]
)
def test_no_request_packs_the_whole_feed_anew(
    filled: Catalogue, client: FlaskClient, asked: str, coding: str | None
) -> None:
    written(filled)
    lying = client.get("/catalog.nt", headers={"Accept-Encoding": coding or "identity"})
    answer = client.get("/catalog.nt", headers={"Accept-Encoding": asked})
    assert answer.headers.get("Content-Encoding") == coding
    assert (answer.data, answer.headers["ETag"]) == (lying.data, lying.headers["ETag"])
    assert set(answer.vary) == {"Accept-Encoding"}


def test_a_part_is_sent(filled: Catalogue, client: FlaskClient) -> None:
    written(filled)
    whole = client.get("/catalog.nt")
    part = client.get("/catalog.nt", headers={"Range": "bytes=100-199", "If-Range": whole.headers["ETag"]})
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    other = client.get("/catalog.nt", headers={"Range": "bytes=100-199", "If-Range": '"of-yesterday"'})
    assert (other.status_code, other.data) == (200, whole.data)


def test_who_names_the_format_in_a_header_gets_the_file_too(filled: Catalogue, client: FlaskClient) -> None:
    written(filled)
    answer = client.get("/catalog", headers={"Accept": "application/rdf+xml"})
    assert answer.data == client.get("/catalog.rdf").data
    assert (answer.content_location, set(answer.vary)) == ("/catalog.rdf", {"Accept", "Accept-Encoding"})
    assert "Last-Modified" in answer.headers


@pytest.mark.parametrize("query", ["page=1", "measures=all", "modified_since=2020-01-01", "q=bancs"])
def test_what_is_not_the_whole_feed_is_made(filled: Catalogue, client: FlaskClient, query: str) -> None:
    before = client.get(f"/catalog.nt?{query}")
    written(filled)
    answer = client.get(f"/catalog.nt?{query}")
    assert (answer.status_code, answer.data) == (200, before.data)
    assert "Last-Modified" not in answer.headers


def test_nobody_is_sent_what_was_published_before(filled: Catalogue, client: FlaskClient) -> None:
    written(filled)
    old = client.get("/catalog.nt")
    publish(filled, "Balises")
    fresh = client.get("/catalog.nt", headers={"If-None-Match": old.headers["ETag"]})
    assert fresh.status_code == 200
    assert "Balises" in fresh.text
    assert "Last-Modified" not in fresh.headers
    assert written(filled) == list(ENDINGS)
    sent = client.get("/catalog.nt", headers={"If-None-Match": old.headers["ETag"]})
    assert (sent.status_code, sent.data) == (200, fresh.data)
    assert len(names(filled)) == 3 * len(ENDINGS)


def test_what_changes_while_it_is_written_is_not_a_file(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = filled.feed.whole

    def changed(*given: Any) -> Iterator[str]:
        for number, said in enumerate(whole(*given)):
            yield said
            if number == 1:
                publish(filled, "Balises")

    with monkeypatch.context() as patched:
        patched.setattr(filled.feed, "whole", changed)
        assert filled.feed_files.write(lambda _: None, Stop()) == ""
    assert names(filled) == []
    assert written(filled) == list(ENDINGS)


def test_who_is_told_to_stop_or_lost_the_lease_leaves_nothing(filled: Catalogue) -> None:
    stop = Stop()
    stop.ask()
    assert filled.feed_files.write(lambda _: None, stop) == ""

    def lost(_: object) -> None:
        raise LostLease

    with pytest.raises(LostLease):
        filled.feed_files.write(lost, Stop())
    assert names(filled) == []


def test_what_a_killed_worker_left_is_taken_away(filled: Catalogue) -> None:
    left = filled.feed_files.folder / ".part-killed"
    left.mkdir(parents=True)
    (left / "feed").write_bytes(b"half")
    written(filled)
    assert not left.exists()


def test_an_old_file_that_cannot_be_taken_away_is_told(filled: Catalogue) -> None:
    (filled.feed_files.folder / "of-before.nt").mkdir(parents=True)
    with pytest.raises(Unavailable, match=r"The feeds cannot be written\. .*of-before\.nt cannot be read or written"):
        written(filled)


def test_a_file_that_is_gone_when_it_is_to_be_read_is_streamed(
    filled: Catalogue, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(filled)
    found = filled.feed_files.find("nt", packed=False)
    assert found
    body = client.get("/catalog.nt").data
    monkeypatch.setattr(filled.feed_files, "find", lambda *_, **__: found)
    found.path.unlink()
    assert client.get("/catalog.nt").data == body


def test_a_file_that_is_gone_while_it_is_looked_when_it_was_written_is_none(filled: Catalogue) -> None:
    Worker(filled, chores=(Feeding,)).once()
    written = filled.feed_files.written()
    (filled.feed_files.folder / "gone.ttl").symlink_to("nowhere")
    assert filled.feed_files.written() == written is not None


def test_they_wait_for_harvests_but_not_for_ever(filled: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    chore, now = Feeding(filled), clock.now()
    assert chore.due(now)
    filled.runs.request(filled.sources.all()[0].name)
    assert chore.due(now) is None
    filled.feed_files.folder.mkdir()
    (filled.feed_files.folder / "old.ttl").write_bytes(b"")
    assert chore.due(now) is None
    assert chore.due(now + PATIENCE + timedelta(minutes=1))


def test_dumps_are_the_same_files(filled: Catalogue) -> None:
    written(filled)
    filled.dumps.make(lambda _: None, Stop())
    for ending in ("nt", "ttl"):
        feed = filled.feed_files.find(ending, packed=True)
        assert feed
        assert filled.dumps.file("latest", f"datasets.{ending}.gz").path.samefile(feed.path)


def test_nothing_is_written_of_nothing(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path / "var")
    assert catalogue.feed_files.missing() == []
    assert catalogue.feed_files.write(lambda _: None, Stop()) == ""
    assert Feeding(catalogue).due(clock.now()) is None
    catalogue.close()
