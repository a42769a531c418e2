"""A feed of any size passes through a memory that does not grow with it."""

import tracemalloc
from collections.abc import Iterable, Iterator

import pytest
from flask import Flask

from catalogue import clock
from catalogue.service import Catalogue
from catalogue.store.rows import Piece

ENTRIES = 10_000
LIMIT = 16 * 1024 * 1024
"""Bytes; the document has more than 60 MB."""
SHARED = tuple(range(10))


def nodes(keys: Iterable[int]) -> list[str]:
    """What is said of the agents with these keys."""
    agent = '<https://data.example.brussels/id/agent/a{0}> <http://xmlns.com/foaf/0.1/name> "Agent {0}"@fr .\n'
    return [agent.format(key) for key in keys]


def pieces(**_: object) -> Iterator[Piece]:
    """Many entries, each made when it is asked for."""
    moment = clock.now()
    for number in range(ENTRIES):
        iri = f"https://data.example.brussels/id/dataset/d{number:05}"
        own = "".join(
            f'<{iri}> <http://purl.org/dc/terms/description> "{number} {line} {"x" * 3000}"@fr .\n' for line in range(2)
        )
        yield Piece(
            id=f"d{number:05}",
            name=f"d{number}",
            kind="dataset",
            iri=iri,
            revision=number,
            updated=moment,
            own=own,
            shared=SHARED,
        )


@pytest.mark.parametrize(
    ("ending", "packed"), [("nt", False), ("nt", True), ("ttl", False), ("rdf", False), ("jsonld", False)]
)
def test_memory_is_bounded(
    app: Flask, filled: Catalogue, monkeypatch: pytest.MonkeyPatch, ending: str, packed: bool
) -> None:
    monkeypatch.setattr(filled.pieces, "by_kind", pieces)
    monkeypatch.setattr(filled.pieces, "shared", nodes)
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    tracemalloc.start()
    try:
        answer = app.test_client().get(f"/catalog.{ending}", headers=headers, buffered=False)
        size = sum(len(block) for block in answer.response)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 200
    assert size > (100_000 if packed else 60_000_000)
    assert peak < LIMIT
