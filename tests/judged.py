"""Queries that people type, in four languages, and the documents that they are about."""

import csv
from collections.abc import Iterator
from pathlib import Path

from catalogue.search.base import Document
from dcat.model import Text, Texts

DATA = Path(__file__).parent / "data" / "search"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(row: dict[str, str], **columns: str) -> Texts:
    """Columns as texts: language → column."""
    return tuple(Text(row[column], language) for language, column in columns.items() if row[column])


def judged_documents() -> Iterator[Document]:
    """The documents that the queries are about."""
    for row in rows("documents.csv"):
        yield Document(
            id=row["id"],
            revision=1,
            iri=f"http://example.org/{row['id']}",
            name=row["id"],
            type="dataset",
            title=texts(row, fr="fr", nl="nl", en="en", de="de"),
            description=texts(row, fr="description_fr", nl="description_nl"),
            keyword=(Text(row["keyword"], "fr"),),
            publisher=(Text(row["publisher"], "fr"),),
            theme=(row["theme"],),
            format=(row["format"],),
            spatial=(Text("Région de Bruxelles-Capitale", "fr"), Text("Brussels Hoofdstedelijk Gewest", "nl")),
        )
