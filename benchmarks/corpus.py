"""Documents for the benchmarks of search, made from the samples as the catalogue makes them; multiplied when more are
wanted."""

import gzip
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from catalogue.indexing.entry_document import document
from catalogue.search.base import Document
from catalogue.store.rows import EntryRow
from dcat import rdf
from dcat.model import Dataset, Text, Texts
from dcat.read import read

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"
_THEN = datetime(2024, 1, 1, tzinfo=UTC)


def data_gov_be(samples: Path = SAMPLES) -> list[Document]:
    """The datasets of data.gov.be, each once."""
    found: dict[str, Document] = {}
    for path in sorted((samples / "datagovbe").glob("*.nt.gz")):
        for dataset in read(rdf.parse(gzip.decompress(path.read_bytes()), "nt")).datasets:
            iri = dataset.iri or f"{path.stem}/{len(found)}"
            row = _row(dataset, iri, path.name.partition(".")[0], len(found))
            found.setdefault(iri, document(row, today=_THEN.date()))
    return list(found.values())


def many(count: int, seed: int = 1, samples: Path = SAMPLES) -> Iterator[Document]:
    """That many documents: the samples, then copies with the words of others mixed in, so that no two are equal."""
    originals, chance = data_gov_be(samples), random.Random(seed)
    for number in range(count):
        one = originals[number % len(originals)]
        yield one if number < len(originals) else _copy(one, chance.choice(originals), number, chance)


def _row(dataset: Dataset, iri: str, publisher: str, number: int) -> EntryRow:
    return EntryRow(
        id=f"{number:08x}",
        name=f"dataset-{number}",
        kind="dataset",
        iri=iri,
        source=publisher,
        identifier=iri,
        entry=dataset,
        publisher_name=publisher,
        revision=1,
        created=_THEN,
        updated=_THEN,
        checked=_THEN,
    )


def _copy(one: Document, other: Document, number: int, chance: random.Random) -> Document:
    return msgspec.structs.replace(
        one,
        id=f"{number:08x}",
        name=f"dataset-{number}",
        iri=f"https://example.org/{number}",
        identifier=(f"sample-{number}",),
        title=_mixed(one.title, other.title, chance),
        description=_mixed(one.description, other.description, chance),
        keyword=other.keyword,
        theme=other.theme or one.theme,
        modified=f"{chance.randint(2012, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
    )


def _mixed(one: Texts, other: Texts, chance: random.Random) -> Texts:
    """The texts of one with a third of their words taken from the other's text in the same language."""
    words = {text.lang: text.value.split() for text in other}
    return tuple(Text(" ".join(_swapped(text.value.split(), words.get(text.lang), chance)), text.lang) for text in one)


def _swapped(own: list[str], others: list[str] | None, chance: random.Random) -> list[str]:
    return [chance.choice(others) if others and chance.random() < 0.33 else word for word in own]
