"""The records behind one cause of a run's report."""

import pytest
from factory import Feed, Memory, record, texts

from catalogue.service import Catalogue
from catalogue.store.outcomes import Cause
from dcat.model import Dataset, Distribution, Iri

URL = "https://agency.example/feed"


@pytest.mark.parametrize(
    ("rule", "field", "expected"),
    [
        ("recommended-missing", "dcat:distribution/dct:format", ["files"]),
        ("recommended-missing", "dct:publisher", ["bare", "files"]),
        ("recommended-missing", "dct:publishe_", []),
        ("recommended-missing", "%", []),
        ("recommended-missing", "dcat:distribution", ["bare"]),
        ("nonsense", "dct:publisher", []),
    ],
)
def test_a_cause_is_that_of_a_field_whichever_file_it_was_seen_in(
    catalogue: Catalogue, memory: Memory, rule: str, field: str, expected: list[str]
) -> None:
    files = tuple(Distribution(access_url=(Iri(f"https://a.example/{number}"),)) for number in range(2))
    said = {"title": texts(fr="Jeu"), "description": texts(fr="Un jeu.")}
    memory.feeds[URL] = Feed([record("bare", Dataset(**said)), record("files", Dataset(**said, distribution=files))])
    run = catalogue.runs.harvest(catalogue.sources.add(URL, "memory", title="Agency").name)
    found = catalogue.runs.outcomes(run.id, cause=Cause(rule, field))
    assert [row.identifier for row in found] == expected
