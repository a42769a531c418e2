"""Pages of the feed as files: what lies there for a page is what would be made, whatever happened."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest
from changing import BASE, ENTRIES, Changes, entry, push
from factory import Feed, open_catalogue, record

from catalogue import clock
from catalogue.errors import Unavailable
from catalogue.publishing import feed_pages
from catalogue.publishing.feed_files import ENDINGS
from catalogue.publishing.feed_pages import Page
from catalogue.publishing.gzip_members import joined_sum
from catalogue.publishing.page_bodies import Body
from catalogue.service import Catalogue
from catalogue.sources.editing import Change
from catalogue.stopping import Stop
from catalogue.store.leases import LostLease
from catalogue.work.feeding import REST, Feeding
from catalogue.work.worker import Worker
from dcat import vocab
from dcat.model import Dataset

SIZE = 20


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """A catalogue of a few pages."""
    monkeypatch.setattr(feed_pages, "PER_PAGE", SIZE)
    catalogue, memory = open_catalogue(tmp_path / "var")
    address = "https://agency.example/feed"
    memory.feeds[address] = Feed([record(str(number), entry(number)) for number in range(ENTRIES)])
    catalogue.runs.harvest(catalogue.sources.add(address, "memory", title="Agency").name)
    catalogue.sources.add("https://other.example/feed", "memory", title="Other")
    yield catalogue
    catalogue.close()


def write(catalogue: Catalogue) -> int:
    """Writes what is missing; returns of how many pages."""
    return catalogue.feed_pages.write(lambda _: None, Stop())


def pages(catalogue: Catalogue) -> list[Page]:
    """All of them, as they are counted."""
    count = -(-catalogue.pieces.count() // SIZE)
    return [catalogue.feed_pages.page(number, size=SIZE) for number in range(1, count + 1)]


def lying(catalogue: Catalogue) -> list[str]:
    """The names of the files that lie there."""
    folder = catalogue.feed_pages.folder
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def body(catalogue: Catalogue, page: Page, ending: str = "ttl") -> bytes:
    """What lies there for a page."""
    found = catalogue.feed_pages.find(page, ending)
    assert found
    return found.plain()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_changed_what_lies_there_for_a_page_is_what_is_made(filled: Catalogue, seed: int) -> None:
    random = Random(seed)
    changes = Changes(filled, random)
    kinds = [changes.insert, changes.change, changes.change_shared, changes.change_kind, changes.remove]
    kinds += [changes.restore, changes.list_elsewhere]
    write(filled)
    for _ in range(6):
        for change in random.choices(kinds, k=random.randint(1, 3)):
            change()
        for is_written in (False, True):  # what lay there before may be found for a page of now, and must be right
            for page in pages(filled):
                for ending in ENDINGS:
                    found = filled.feed_pages.find(page, ending)
                    assert found or not is_written
                    assert not found or found.plain() == filled.feed_pages.made(page, ending)
            write(filled)


def test_who_counts_in_the_place_of_whom_is_as_it_is_now(filled: Catalogue) -> None:
    push(filled, 5, entry(5, title="Copie"), "other")
    write(filled)
    publisher = filled.entries.with_iris([f"{BASE}5"])[f"{BASE}5"].publisher_name
    filled.sources.edit("other", Change(publisher=publisher))  # its own source counts more than the first one
    made = [filled.feed_pages.made(page, "ttl") for page in pages(filled)]
    assert any(f"dct:relation <{BASE}".encode() not in one and b"dct:relation" in one for one in made)
    for page, now in zip(pages(filled), made, strict=True):
        found = filled.feed_pages.find(page, "ttl")
        assert found is None or found.plain() == now


def test_what_the_catalogue_says_no_more_of_a_node_its_entries_say(filled: Catalogue) -> None:
    spoken = tuple(map(vocab.LANGUAGES.concept, (term for term in vocab.LANGUAGES if term.extra.get("tag") == "nl")))
    said = entry(7)
    assert isinstance(said, Dataset)
    push(filled, 7, msgspec.structs.replace(said, language=spoken))
    write(filled)
    other = Catalogue(replace(filled.settings, languages=("fr",)), harvesters=filled.harvesters)
    assert other.feed_pages.is_behind()
    for page in pages(other):
        found = other.feed_pages.find(page, "nt")
        assert found is None or found.plain() == other.feed_pages.made(page, "nt")
    write(other)
    assert any(spoken[0].iri.encode() + b"> <" in body(other, page, "nt") for page in pages(other))
    other.close()


def test_only_pages_on_which_something_changed_are_written_anew(filled: Catalogue) -> None:
    assert write(filled) == len(pages(filled)) == 5
    assert len(lying(filled)) == 5 * len(ENDINGS) + 1
    push(filled, 3, entry(3, "Feux"))
    assert write(filled) == 1
    assert len(lying(filled)) == 5 * len(ENDINGS) + 1
    assert write(filled) == 0


def test_a_document_in_gzip_is_one_stream_with_the_sum_of_the_whole() -> None:
    for first, second in ((b"", b""), (b"a", b""), (b"", b"b"), (b"head" * 999, bytes(range(256)) * 4_000)):
        packed = Body.of(second).behind(first)
        member = zlib.decompressobj(wbits=31)
        assert member.decompress(packed) == first + second == gzip.decompress(packed)
        assert (member.eof, member.unused_data) == (True, b"")
        assert joined_sum(zlib.crc32(first), zlib.crc32(second), len(second)) == zlib.crc32(first + second)


def test_what_is_published_while_a_page_is_made_is_on_none_that_is_kept(
    filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = filled.feed.members

    def changed(*given: object, **more: object) -> Iterator[str]:
        if not filled.entries.count_of([f"https://agency.example/id/{ENTRIES}"]):
            push(filled, ENTRIES, entry(ENTRIES))
        return members(*given, **more)  # type: ignore[arg-type]

    before = pages(filled)[0]
    with monkeypatch.context() as patched:
        patched.setattr(filled.feed, "members", changed)
        write(filled)
    assert filled.feed_pages.find(before, "nt") is None
    assert filled.feed_pages.is_behind()
    assert filled.feed_pages.written(), "a worker does not rest before it begins anew"
    write(filled)
    assert not filled.feed_pages.is_behind()
    assert all(filled.feed_pages.find(page, "nt") for page in pages(filled))


def test_who_is_told_to_stop_or_lost_the_lease_leaves_nothing(filled: Catalogue) -> None:
    stop = Stop()
    stop.ask()
    assert filled.feed_pages.write(lambda _: None, stop) == 0

    def lost(_: object) -> None:
        raise LostLease

    with pytest.raises(LostLease):
        filled.feed_pages.write(lost, Stop())
    assert lying(filled) == []
    assert filled.feed_pages.is_behind()


def test_who_is_forgotten_is_in_no_file(filled: Catalogue) -> None:
    def named() -> list[Page]:
        return [page for page in pages(filled) if b"Jeanne" in body(filled, page)]

    push(filled, 33, entry(33, title="Jeanne Peeters"))
    write(filled)
    (old,) = named()
    push(filled, 33, entry(33, title="Agente"))
    write(filled)
    assert named() == []
    assert filled.feed_pages.find(old, "ttl") is None
    filled.feed_files.forget_all()
    assert lying(filled) == []
    assert filled.feed_pages.is_behind()


def test_what_is_damaged_and_what_a_killed_worker_left_is_written_anew(filled: Catalogue) -> None:
    write(filled)
    page, folder = pages(filled)[2], filled.feed_pages.folder
    whole = lying(filled)
    for damage in (lambda data: data[:-9], lambda data: data[:99] + b"x" + data[100:], lambda _: b""):
        path = folder / f"{page.name}.rdf"
        path.write_bytes(damage(path.read_bytes()))
        (folder / ".part-killed").mkdir()
        (folder / ".part-killed" / "half.ttl").write_bytes(b"half")
        assert filled.feed_pages.find(page, "rdf") is None
        assert write(filled) == 1
        assert body(filled, page, "rdf") == filled.feed_pages.made(page, "rdf")
        assert lying(filled) == whole


def test_a_folder_that_cannot_be_written_is_told(filled: Catalogue) -> None:
    filled.feed_pages.folder.parent.mkdir()
    filled.feed_pages.folder.write_bytes(b"")
    with pytest.raises(Unavailable, match=r"The pages of the feed cannot be written\. .*pages"):
        write(filled)
    assert b"Comptages" in filled.feed_pages.made(pages(filled)[0], "ttl")


def test_a_worker_writes_them_behind_the_whole_feed_and_rests_between(
    filled: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    Worker(filled, chores=(Feeding,)).once()
    assert len(lying(filled)) == 5 * len(ENDINGS) + 1
    chore, now = Feeding(filled), clock.now()
    assert chore.due(now) is None
    push(filled, 3, entry(3, "Feux"))
    assert [due.pieces for due in (chore.due(now), chore.due(now + REST + timedelta(minutes=1))) if due] == [4, 5]
    Worker(filled, chores=(Feeding,)).once()
    assert filled.feed_files.missing() == []
    assert filled.feed_pages.is_behind()
    later = now + REST + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    Worker(filled, chores=(Feeding,)).once()
    assert not filled.feed_pages.is_behind()


def test_nothing_is_written_of_nothing(tmp_path: Path) -> None:
    catalogue, _ = open_catalogue(tmp_path / "var")
    assert not catalogue.feed_pages.is_behind()
    assert catalogue.feed_pages.page(1).ids == ()
    catalogue.close()
