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
from factory import Feed, open_catalogue, record, texts
from loopback import Answer, always, running

from catalogue.publishing import feed, parted_files
from catalogue.publishing.feed_files import ENDINGS, FeedFiles
from catalogue.publishing.parted_files import PACKED, PARTS, Damaged, Source, Writing, beside, lying
from catalogue.service import Catalogue
from catalogue.stopping import Stop
from dcat import rdf, vocab
from dcat.model import Agent, DataService, Dataset, DatasetSeries, Distribution, Entry, Iri
from dcat.rdf import serialising

BASE = "https://agency.example/id/"
ENTRIES = 95


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


def entry(number: int, title: str = "Comptages", publisher: int = 0, kind: str = "") -> Entry:
    """An entry that shares its publisher, its themes and more with others."""
    iri = Iri(f"{BASE}{number}")
    said = {
        "iri": iri,
        "title": texts(fr=f"{title} {number}", nl=f"Tellingen {number}"),
        "publisher": Agent(iri=Iri(f"{BASE}publisher/{number % 3}"), name=texts(fr=f"Ville {number % 3} {publisher}")),
    }
    if (kind or ("service" if number % 10 == 0 else "series" if number % 10 == 1 else "")) == "service":
        served = tuple(Iri(f"{BASE}{number + step}") for step in (2, 3, 12))
        return DataService(**said, endpoint_url=(Iri(f"{iri}/wfs"),), serves_dataset=served)
    if (kind or ("series" if number % 10 == 1 else "")) == "series":
        return DatasetSeries(**said)
    return Dataset(
        **said,
        description=texts(fr="Une description. " * (number % 7)),
        theme=(vocab.THEMES.concept(vocab.THEMES.terms[number % 13]),),
        in_series=(Iri(f"{BASE}{number // 10 * 10 + 1}"),),
        distribution=(Distribution(iri=Iri(f"{iri}/file"), access_url=(Iri(f"https://files.example/{number}"),)),),
    )


def push(catalogue: Catalogue, number: int, said: Entry, source: str = "agency") -> None:
    """Publishes it, for the first time or again."""
    catalogue.records.push(source, str(number), record(str(number), said).body, "application/json")


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


class Changes:
    """What happens to a catalogue, one thing after another."""

    def __init__(self, catalogue: Catalogue, random: Random) -> None:
        self.catalogue, self.random = catalogue, random
        self.live, self.gone, self.next = list(range(ENTRIES)), list[int](), ENTRIES

    def insert(self) -> None:
        """An entry comes."""
        push(self.catalogue, self.next, entry(self.next))
        self.live.append(self.next)
        self.next += 1

    def change(self) -> None:
        """An entry says something else."""
        number = self.random.choice(self.live)
        push(self.catalogue, number, entry(number, self.random.choice(("Feux", "Arbres", "Bancs" * 500))))

    def change_shared(self) -> None:
        """An entry says something else of its publisher, whom others name too."""
        number = self.random.choice(self.live)
        push(self.catalogue, number, entry(number, publisher=self.random.randrange(5)))

    def change_kind(self) -> None:
        """What was one kind of entry stands elsewhere in the feed."""
        number = self.random.choice(self.live)
        self.catalogue.records.withdraw("agency", str(number))
        push(self.catalogue, number, entry(number, kind=self.random.choice(("service", "series", "dataset"))))

    def remove(self) -> None:
        """An entry goes."""
        number = self.live.pop(self.random.randrange(len(self.live)))
        self.catalogue.records.withdraw("agency", str(number))
        self.gone.append(number)

    def restore(self) -> None:
        """One that went comes back."""
        if self.gone:
            number = self.gone.pop(self.random.randrange(len(self.gone)))
            push(self.catalogue, number, entry(number))
            self.live.append(number)

    def list_elsewhere(self) -> None:
        """Another source has the same dataset: it is related to the one that counts."""
        number = self.random.choice(self.live)
        push(self.catalogue, number, entry(number, title="Copie"), "other")


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
