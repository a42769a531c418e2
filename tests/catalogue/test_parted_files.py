"""Files of feeds in parts: whatever changed, they are byte for byte what is written when nothing lies there, and what
did not change is copied and not made again."""

import gzip
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import requests
from changing import ENTRIES, Changes, entry, push
from factory import Feed, open_catalogue, record
from loopback import Answer, always, running

from catalogue.publishing import feed, parted_files
from catalogue.publishing.feed_files import ENDINGS, FeedFiles
from catalogue.publishing.parted_files import PACKED, PARTS, Damaged, Source, Writing, beside, lying
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from dcat import rdf
from dcat.rdf import serialising


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a catalogue that nobody changes."""
    folder = tmp_path_factory.mktemp("parted") / "var"
    catalogue, memory = open_catalogue(folder)
    address = "https://agency.example/feed"
    memory.feeds[address] = Feed([record(str(number), entry(number)) for number in range(ENTRIES)])
    catalogue.runs.harvest(catalogue.sources.add(address, "memory", title="Agency").name)
    catalogue.sources.add("https://other.example/feed", "memory", title="Other")
    catalogue.close()
    return folder


@pytest.fixture
def filled(stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalogue]:
    """A catalogue whose feed has some dozen parts."""
    monkeypatch.setattr(serialising, "SMALLEST", 6_000)
    monkeypatch.setattr(serialising, "LARGEST", 20_000)
    monkeypatch.setattr(feed, "BATCH", 8)
    shutil.copytree(stored, tmp_path / "var")
    catalogue, _ = open_catalogue(tmp_path / "var")
    yield catalogue
    catalogue.close()


def written(files: FeedFiles) -> dict[str, bytes]:
    """What all files hold when everything is written that is missing."""
    while files.write(lambda _: None, Stop()):
        pass
    assert files.missing() == []
    return {path.name: path.read_bytes() for path in files.folder.iterdir()}


def whole(catalogue: Catalogue, folder: Path) -> dict[str, bytes]:
    """The same where nothing lies."""
    shutil.rmtree(folder, ignore_errors=True)
    elsewhere = replace(catalogue.settings, data_dir=folder)
    return written(FeedFiles(catalogue._database, elsewhere, lambda: catalogue.feed))


def is_same(left: dict[str, bytes], right: dict[str, bytes]) -> bool:
    """Without what a failing assertion would print of megabytes."""
    return left.keys() == right.keys() and all(left[name] == right[name] for name in left)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_changed_the_files_are_those_that_are_written_from_nothing(
    filled: Catalogue, tmp_path: Path, seed: int
) -> None:
    random = Random(seed)
    changes = Changes(filled, random)
    kinds = [changes.insert, changes.change, changes.change_shared, changes.change_kind, changes.remove]
    kinds += [changes.restore, changes.list_elsewhere]
    written(filled.feed_files)
    for _ in range(6):
        for change in random.choices(kinds, k=random.randint(1, 4)):
            change()
        assert is_same(written(filled.feed_files), whole(filled, tmp_path / "whole"))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The N-Triples of the parts that are made and not copied."""
    texts: list[str] = []
    of = parted_files.Writing._made

    def counted(self: Writing, source: Source) -> tuple[bytes, bytes]:
        texts.append(source.text())
        return of(self, source)

    monkeypatch.setattr(parted_files.Writing, "_made", counted)
    return texts


def parts(files: FeedFiles) -> int:
    """Of how many the feed is."""
    with lying(files.folder / f"{files.state()}.nt", rdf.form("nt")) as found:
        assert found
        return len(list(found.sources()))


@pytest.mark.parametrize("change", [Changes.insert, Changes.change, Changes.remove])
def test_what_did_not_change_is_not_made_again(
    filled: Catalogue, made: list[str], change: Callable[[Changes], None]
) -> None:
    written(filled.feed_files)
    count = parts(filled.feed_files)
    assert len(made) == len(ENDINGS) * count
    assert count > 16
    made.clear()
    change(Changes(filled, Random(5)))
    written(filled.feed_files)
    assert len(made) <= len(ENDINGS) * 5


@pytest.mark.parametrize("damage", ["cut", "flipped", "foreign", "gone"])
@pytest.mark.parametrize("ending", ["nt", "jsonld.gz", "ttl.parts"])
def test_of_a_damaged_file_nothing_is_taken_over(
    filled: Catalogue, tmp_path: Path, ending: str, damage: str, made: list[str]
) -> None:
    written(filled.feed_files)
    path = filled.feed_files.folder / f"{filled.feed_files.state()}.{ending}"
    data, middle = path.read_bytes(), path.stat().st_size // 2
    damaged = {"cut": data[:middle], "foreign": b"{}" * middle}
    damaged["flipped"] = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    path.unlink() if damage == "gone" else path.write_bytes(damaged[damage])
    Changes(filled, Random(1)).change()
    made.clear()
    assert is_same(written(filled.feed_files), whole(filled, tmp_path / "whole"))
    assert made


def test_n_triples_that_were_damaged_are_written_anew_before_others_are_made_of_them(
    filled: Catalogue, tmp_path: Path
) -> None:
    files = filled.feed_files
    assert files.write(lambda _: None, Stop()) == "nt"
    path = files.folder / f"{files.state()}.nt"
    path.write_bytes(path.read_bytes().replace(b"Comptages 45", b"Comptages 46"))
    assert files.write(lambda _: None, Stop()) == ""
    assert files.missing()[0] == "nt"
    assert is_same(written(files), whole(filled, tmp_path / "whole"))


def test_who_is_killed_between_two_files_leaves_those_of_before(
    filled: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written(filled.feed_files)
    Changes(filled, Random(1)).change()
    replacing = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if self.name.endswith(".nt"):
            raise KeyboardInterrupt
        return replacing(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            filled.feed_files.write(lambda _: None, Stop())
    lie = {path.name: path.read_bytes() for path in filled.feed_files.folder.iterdir()}
    assert before.items() < lie.items()
    assert filled.feed_files.missing() == list(ENDINGS)
    assert is_same(written(filled.feed_files), whole(filled, tmp_path / "whole"))


def test_a_portal_that_is_called_otherwise_is_written_so(filled: Catalogue, tmp_path: Path) -> None:
    written(filled.feed_files)
    other = Catalogue(replace(filled.settings, title="Kataloog", show_persons=False), harvesters=filled.harvesters)
    after = written(other.feed_files)
    assert is_same(after, whole(other, tmp_path / "whole"))
    assert all(b"Kataloog" in data for name, data in after.items() if not name.endswith((PACKED, PARTS)))
    other.close()


def test_who_is_forgotten_is_in_no_file(filled: Catalogue) -> None:
    push(filled, 33, entry(33, title="Jeanne Peeters"))
    assert any(b"Jeanne" in data for data in written(filled.feed_files).values())
    push(filled, 33, entry(33, title="Agente"))
    after = written(filled.feed_files)
    packed = {name: gzip.decompress(data) for name, data in after.items() if name.endswith(PACKED)}
    assert not [name for name, data in {**after, **packed}.items() if b"Jeanne" in data]


def test_what_is_packed_is_one_stream_for_every_reader(filled: Catalogue, tmp_path: Path) -> None:
    written(filled.feed_files)
    Changes(filled, Random(3)).change()
    files = written(filled.feed_files)
    for ending in ENDINGS:
        name = f"{filled.feed_files.state()}.{ending}"
        plain, packed = files[name], files[f"{name}{PACKED}"]
        assert gzip.decompress(packed) == plain
        member = zlib.decompressobj(wbits=31)
        assert member.decompress(packed) == plain
        assert (member.eof, member.unused_data) == (True, b"")
        with running(always(Answer(packed, headers={"Content-Encoding": "gzip"}))) as server:
            assert requests.get(server.url("/feed"), timeout=10).content == plain
            asked = ["curl", "--silent", "--compressed", server.url("/feed")]
            assert subprocess.run(asked, check=True, capture_output=True).stdout == plain
    subprocess.run(["gzip", "--test", filled.feed_files.folder / f"{name}{PACKED}"], check=True)


def test_another_version_of_what_writes_makes_all_anew(
    filled: Catalogue, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(filled.feed_files)
    monkeypatch.setattr(rdf, "WRITER", "another one")
    Changes(filled, Random(1)).change()
    made.clear()
    written(filled.feed_files)
    assert len(made) == len(ENDINGS) * parts(filled.feed_files)


def test_a_text_that_is_damaged_is_not_read(tmp_path: Path) -> None:
    path, form = tmp_path / "feed.nt", rdf.form("nt")
    with path.open("wb") as plain, beside(path, PACKED).open("wb") as packed:
        writing = Writing(plain, packed, form)
        writing.add(Source.of("<http://a> <http://b> <http://c> .\n"))
        beside(path, PARTS).write_bytes(writing.end())
    with lying(path, form) as found:
        assert found
        (source,) = found.sources()
        assert source.text() == "<http://a> <http://b> <http://c> .\n"
        path.write_bytes(b"<http://a> <http://b> <http://d> .\n")
        with lying(path, form) as again:
            assert again
            (source,) = again.sources()
            with pytest.raises(Damaged):
                source.text()
