"""The seam of search, at our own nouns: documents go in, a query is asked, results come out.

Web, jobs and command line know only this file; an engine is one file beside it.
"""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from dcat.model import Text, Texts

from .conditions import Condition


class SearchUnavailable(Exception):
    """The index does not answer. A page says so (503); it is never shown as an empty result."""


class IndexBusy(SearchUnavailable):
    """Another process is writing the index; what should have been written can be written later."""


class BadValue(ValueError):
    """A value cannot be used. The sentence is for people: it is translated first and filled in then."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence, values)
        self.sentence = sentence
        """In English, with `%(name)s` for the parameter and further places for `values`."""
        self.values = {name: str(value) for name, value in values.items()}


class BadQuery(BadValue):
    """The query asks for what cannot be given; the text says which parameter and why."""

    def __init__(self, sentence: str, parameter: str = "", **values: object) -> None:
        super().__init__(sentence, **values, name=parameter)
        self.parameter = parameter
        """The parameter that is wrong, as written in the address."""

    def __str__(self) -> str:
        return self.sentence % self.values

    def at(self, parameter: str) -> "BadQuery":
        """The same about a parameter that is called otherwise at another door."""
        return BadQuery(self.sentence, parameter, **{key: value for key, value in self.values.items() if key != "name"})


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
    file: Texts = ()
    """Names of its files."""
    file_text: Texts = ()
    """What is said of its files, and of services that give them."""
    layer: tuple[str, ...] = ()
    """Layers and kinds of features of services, as addresses name them."""
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
    updated: str = ""
    """When the catalogue last learned something new of it: a moment in ISO 8601, with offset."""
    identifier: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    """Headings of the tables in its files, as they stand there."""
    spatial: Texts = ()
    """Names of the places that it covers."""
    area: tuple[str, ...] = ()
    """NIS codes of the communes and regions that it covers."""
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north in degrees; the east is greater than 180 when it lies across 180°."""
    start: str = ""
    end: str = ""
    """First and last day covered, W3C-DTF; open where one of them is empty."""
    hvd: tuple[str, ...] = ()
    """HVD category codes; `OTHER` for one that is marked as high-value without a category."""
    quality: int | None = None
    """Score of its metadata, 0 to 405; None when it was not scored."""
    late: bool = False
    """True when its last update is older than its frequency promises."""
    copy_of: str = ""
    """Id of the entry that is the same in another catalogue and counts in its place."""
    group: str = ""
    """Code of the near-duplicates of that entry, which it then is one of."""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks."""

    text: str = ""
    """Words as typed, at most 256 characters."""
    only: bool = False
    """True to search the words as typed only, without what they mean in other languages."""
    partly: str = "listed"
    """What becomes of entries that have only some of the words: `listed` after those that have all; `filling` up the
    last page, listed only when nothing has all; `left` out."""
    filters: dict[str, tuple[str, ...]] = {}
    """Name in `FILTERS` → chosen values. Within a filter any, between filters all."""
    condition: Condition | None = None
    """What must hold besides."""
    sort: str = "relevance"
    """One of `params.SORTS`."""
    page: int = 1
    per_page: int = 10
    language: str = "fr"
    """The reader's language: for labels, sorting by title and choosing the snippet."""
    facets: tuple[str, ...] = ()
    """Facets to count."""
    all_values: bool = False
    """True to count all values of the facets, not only the most frequent ones."""
    collapse: bool = False
    """True to show only the first of near-duplicates, with the number of the others (`Hit.similar`)."""
    count_alike: bool = False
    """True to count near-duplicates (`Results.groups`, `FacetCount.folded`) also where all of them are shown."""


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
    has_all_words: bool = True
    """False where results that have only some of the words begin, when sorted by relevance."""
    similar: int = 0
    """How many near-duplicates were folded under this result; they are found by the filter `similar`."""
    where: str = ""
    """Where else it matches than above: `keyword`, `file`, `column` or `layer`; empty where it does not."""
    there: Text = Text("")
    """The text that matches there, at most 200 characters of it."""
    there_marks: tuple[tuple[int, int], ...] = ()


class FacetCount(msgspec.Struct, frozen=True):
    """One value of a facet, counted without the facet's own choice."""

    value: str
    count: int
    selected: bool
    folded: int = 0
    """When near-duplicates are collapsed or counted: how many of these documents are near-duplicates of others of them.
    0 where more than 10,000 documents are counted."""


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a query."""

    count: int
    """How many are listed, page by page; what fills up the last page is not counted."""
    count_all_words: int
    """How many have all the words; they stand first when sorted by relevance."""
    looser: int = 0
    """How many more have some of the words, whether they are listed or not."""
    hits: tuple[Hit, ...]
    groups: int = 0
    """When near-duplicates are collapsed or counted: how many results there are, each of them once; `count` counts
    every document. 0 when there are more than 10,000 documents, which are not collapsed."""
    facets: dict[str, tuple[FacetCount, ...]] = {}
    generation: str = ""
    """Changes whenever the index does: an ETag."""
    also_searched: tuple[str, ...] = ()
    """Words of other languages that mean the same and were searched too; `Query.only` leaves them out."""
    left_out: tuple[str, ...] = ()
    """Words and phrases that the query asks to be left out: nothing that has them is found."""
    did_you_mean: str = ""
    """The words with misspelt ones replaced by words of the index; only when that finds documents with all of them,
    or more that have some."""
    without: dict[str, int] = {}
    """When nothing was found: filter name → how many there would be without that filter."""
    closest: tuple[Hit, ...] = ()
    """When nothing was found: up to three results of the corrected words, or of the words without filters."""
    wider: str = ""
    """When nothing has all the words: the words without the places or the years and dates among them, where that finds
    something."""
    nearest: tuple[str, ...] = ()
    """When nothing is about what a word means: words for what is near to it and there, in the reader's language."""
    nearby: dict[str, tuple[str, ...]] = {}
    """The same as facets: name → values that are most frequent among what is near."""
    reduced: bool = False
    """True when there is no index: only titles and keywords were looked at, and no facets are counted."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The same answer for whoever shows no results: what is listed, without anything that a reader sees of it."""

    count: int
    """How many are listed, page by page."""
    documents: tuple[Document, ...]
    """Those of the page, and nothing that fills it up."""
    facets: dict[str, tuple[FacetCount, ...]] = {}


class SearchIndex(Protocol):
    """What an engine can do. Only one process writes; any number read."""

    def search(self, query: Query) -> Results:
        """The entries that match. Raises `BadQuery` or `SearchUnavailable`."""

    def listed(self, query: Query) -> Listing:
        """The documents of a page of the same answer: near-duplicates are not folded, no help is looked for, and
        nothing is marked. Raises `BadQuery` or `SearchUnavailable`."""

    def put(self, documents: Iterable[Document]) -> int:
        """Adds or replaces documents, in one commit. An older revision never replaces a newer one. Returns how many.
        Raises `Refused` when it is done, if some can never be taken."""

    def remove(self, ids: Iterable[str]) -> int:
        """Takes documents out, in one commit. Returns how many were asked for."""

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Builds a new index beside the old one and swaps it in. Returns how many documents it holds. Raises `Refused`
        when it is done, if some can never be taken."""

    def revisions(self) -> dict[str, int]:
        """Every id in the index with its revision: what reconciling compares with the store."""

    def generation(self) -> str:
        """A text that changes whenever the index does."""

    def status(self) -> dict[str, object]:
        """Engine, version, number of documents, size: for `datastore doctor` and `index status`. The `state` is one of
        `ready`, `unavailable`, and `away` while a part is on no server that answers."""

    def close(self) -> None:
        """Gives back files and connections."""
