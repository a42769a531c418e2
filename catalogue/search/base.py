"""The seam of search, at our own nouns: documents go in, a query is asked, results come out.

Web, jobs and command line know only this file; an engine is one file beside it.
"""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from dcat.model import Text, Texts


class SearchUnavailable(Exception):
    """The index does not answer. A page says so (503); it is never shown as an empty result."""


class BadQuery(ValueError):
    """The query asks for what cannot be given; the text says which parameter and why."""


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What search knows of one entry: a shadow of the store's row, rebuilt from it at any time."""

    id: str
    revision: int
    iri: str
    name: str
    type: str
    """`dataset`, `series` or `service`."""
    title: Texts = ()
    description: Texts = ()
    keyword: Texts = ()
    publisher_name: str = ""
    """The publisher's slug."""
    publisher: Texts = ()
    """The publisher's names."""
    theme: tuple[str, ...] = ()
    """EU data-theme codes."""
    format: tuple[str, ...] = ()
    """EU file-type codes."""
    licence: tuple[str, ...] = ()
    """EU licence codes; `OTHER` for a licence that is none of them, `NONE` when there is none."""
    language: tuple[str, ...] = ()
    """Languages it is described or available in: two-letter codes."""
    frequency: str = ""
    """EU frequency code."""
    issued: str = ""
    modified: str = ""
    """W3C-DTF dates; sorted as text."""
    identifier: tuple[str, ...] = ()
    spatial: Texts = ()


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks."""

    text: str = ""
    """Words as typed, at most 256 characters."""
    filters: dict[str, tuple[str, ...]] = {}
    """Facet name → chosen values. Within a facet any, between facets all."""
    sort: str = "relevance"
    """`relevance`, `-modified`, `-issued` or `title`."""
    page: int = 1
    per_page: int = 10
    language: str = "fr"
    """The reader's language: for labels, sorting by title and choosing the snippet."""
    facets: tuple[str, ...] = ()
    """Facets to count."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One result."""

    document: Document
    score: float
    title: Text
    """The title in the reader's language or the best that exists."""
    title_marks: tuple[tuple[int, int], ...] = ()
    """Matches in the title, as (start, end) offsets in characters."""
    snippet: Text = Text("")
    """At most 200 characters of the description around the match."""
    snippet_marks: tuple[tuple[int, int], ...] = ()


class FacetCount(msgspec.Struct, frozen=True):
    """One value of a facet, counted without the facet's own choice."""

    value: str
    count: int
    selected: bool


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a query."""

    count: int
    count_all_words: int
    """How many of them have all the words; they stand first when sorted by relevance."""
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]] = {}
    generation: str = ""
    """Changes whenever the index does: an ETag."""


class SearchIndex(Protocol):
    """What an engine can do. Only one process writes; any number read."""

    def search(self, query: Query) -> Results:
        """The entries that match. Raises `BadQuery` or `SearchUnavailable`."""

    def put(self, documents: Iterable[Document]) -> int:
        """Adds or replaces documents, in one commit. An older revision never replaces a newer one. Returns how many."""

    def remove(self, ids: Iterable[str]) -> int:
        """Takes documents out, in one commit. Returns how many were asked for."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Builds a new index beside the old one and swaps it in. Returns how many documents it holds."""

    def revisions(self) -> dict[str, int]:
        """Every id in the index with its revision: what reconciling compares with the store."""

    def generation(self) -> str:
        """A text that changes whenever the index does."""

    def status(self) -> dict[str, object]:
        """Engine, version, number of documents, size: for `datastore doctor` and `index status`."""

    def close(self) -> None:
        """Gives back files and connections."""
