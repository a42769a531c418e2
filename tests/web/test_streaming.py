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
    ("ending", "coding"),
    [("nt", ""), ("nt", "gzip"), ("nt", "br"), ("nt", "zstd"), ("ttl", ""), ("rdf", ""), ("jsonld", "")],
)
def test_memory_is_bounded(
    app: Flask, filled: Catalogue, monkeypatch: pytest.MonkeyPatch, ending: str, coding: str
) -> None:
    monkeypatch.setattr(filled.pieces, "by_kind", pieces)
    monkeypatch.setattr(filled.pieces, "shared", nodes)
    tracemalloc.start()
    try:
        answer = app.test_client().get(f"/catalog.{ending}", headers={"Accept-Encoding": coding}, buffered=False)
        size = sum(len(block) for block in answer.response)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 200
    assert size > (1_000 if coding else 60_000_000)
    assert peak < LIMIT
