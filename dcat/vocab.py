"""The controlled vocabularies of DCAT-AP, with their labels in four languages and the spellings that feeds use.

The tables in `tables/` hold one term a row: `code`, `fr`, `nl`, `de`, `en` (an empty cell means: as in English), `iri`
where it is not base + code, `aliases` divided by ` | `, and columns of their own, kept in `Term.extra`. They are read
when first asked for.

Sources: the EU authority tables (http://publications.europa.eu/resource/authority/), the HVD categories
(http://data.europa.eu/bna/asd487ae75), the ADMS types, and the spellings seen in Belgian feeds.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from urllib.parse import unquote

import msgspec

from .model import Concept, Iri, Text, Texts
from .our_languages import OUR_LANGUAGES

MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
"""What an IANA media type becomes an IRI with."""

HVD_REGULATION = Iri("http://data.europa.eu/eli/reg_impl/2023/138/oj")
"""Implementing Regulation (EU) 2023/138 on high-value datasets."""


class Term(msgspec.Struct, frozen=True):
    """One term of a vocabulary."""

    code: str
    iri: Iri
    labels: Texts
    """One label per language of `OUR_LANGUAGES`."""
    scheme: Iri | None = None
    """The concept scheme it belongs to; None for a local licence, a place or an agency."""
    aliases: tuple[str, ...] = ()
    """Other spellings and IRIs that mean it."""
    extra: dict[str, str] = {}
    """The table's own columns, such as `days` of a frequency or `family` of a licence; empty cells are left out."""

    def __hash__(self) -> int:
        return hash((self.code, self.iri))

    def words(self, column: str) -> tuple[str, ...]:
        """A column of `extra` that holds several values."""
        return tuple(self.extra.get(column, "").split())


def label(term: Term, language: str) -> str:
    """The label in a language, or in English when there is none."""
    found = {text.lang: text.value for text in term.labels}
    return found.get(language) or found["en"]


_SEPARATORS = re.compile(r"[\s_\-–]+")
_ADDRESS = re.compile(r"^(?:https?:?/{1,2})?(?:www\.)?")


@lru_cache(maxsize=16_384)
def key(text: str) -> str:
    """What two spellings of one name or one IRI share: case, accents, hyphens, kinds of
    apostrophe, scheme, `www.` and final slash go, and the EU's tables are where they moved."""
    bare = _ADDRESS.sub("", unquote(text).strip().casefold()).rstrip("/#")
    bare = bare.replace("publications.europa.eu/mdr/", "publications.europa.eu/resource/")
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
        bare = bare.replace("\u2019", "'")
    return _SEPARATORS.sub(" ", bare).strip()


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table in `tables/`."""
    text = files(__package__).joinpath("tables", f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


class Vocabulary:
    """The terms of one table, found by IRI, by code, or by any spelling."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _description(self) -> dict[str, str]:
        return next(row for row in table("vocabulary") if row["code"] == self.name)

    @property
    def scheme(self) -> Iri | None:
        """IRI of its concept scheme, when it has one."""
        return Iri(self._description["iri"]) if self._description["iri"] else None

    @property
    def title(self) -> Texts:
        """Its own name, in four languages."""
        return _labels(self._description)

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """All terms in the order of the table."""
        base = self._description["base"] or (f"{self.scheme}/" if self.scheme else "")
        return tuple(_term(row, base, self.scheme) for row in table(self.name))

    @cached_property
    def by_iri(self) -> Mapping[str, Term]:
        """Terms by IRI, exactly as written in the table."""
        return {term.iri: term for term in self.terms if term.iri}

    @cached_property
    def by_code(self) -> Mapping[str, Term]:
        """Terms by code, exactly as written in the table."""
        return {term.code: term for term in self.terms}

    @cached_property
    def _by_key(self) -> Mapping[str, Term]:
        spellings: dict[str, Term] = {}
        for kind in (_own_columns, _names, _label_values, _alias_values):  # the later wins: an alias is a decision
            claimed: dict[str, Term] = {}
            for term in self.terms:
                for text in filter(None, kind(term)):
                    claimed.setdefault(key(text), term)
            spellings |= claimed
        return spellings

    @cached_property
    def _concepts(self) -> Mapping[str, Concept]:
        return {
            term.iri: Concept(iri=term.iri, labels=term.labels, scheme=term.scheme) for term in self.terms if term.iri
        }

    def find(self, text: str) -> Term | None:
        """The term that a code, label, alias or IRI means, however it is spelled."""
        return self.by_iri.get(text) or (self._by_key.get(key(text)) if text else None)

    def concept(self, term: Term) -> Concept:
        """The term as it is published: typed by its scheme, labelled in four languages."""
        return self._concepts[term.iri]

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)


def _term(row: dict[str, str], base: str, scheme: Iri | None) -> Term:
    own_iri = row.get("iri", "")
    iri = Iri(own_iri or (base + row["code"] if base else ""))
    aliases = tuple(row["aliases"].split(" | ")) if row.get("aliases") else ()
    extra = {name: cell for name, cell in row.items() if cell and name not in _SHARED_COLUMNS}
    return Term(row["code"], iri, _labels(row), None if own_iri else scheme, aliases, extra)


_SHARED_COLUMNS = frozenset({"code", "iri", "aliases", *OUR_LANGUAGES})


def _labels(row: dict[str, str]) -> Texts:
    return tuple(Text(row[lang] or row["en"], lang) for lang in sorted(OUR_LANGUAGES))


def _own_columns(term: Term) -> tuple[str, ...]:
    return tuple(term.extra.get(column, "") for column in ("tag", "media_type", "spdx", "text_url"))


def _names(term: Term) -> tuple[str, ...]:
    return (term.code, term.iri)


def _label_values(term: Term) -> tuple[str, ...]:
    return tuple(text.value for text in term.labels)


def _alias_values(term: Term) -> tuple[str, ...]:
    return term.aliases


THEMES = Vocabulary("data-theme")
FREQUENCIES = Vocabulary("frequency")
"""`extra`: `period` (ISO 8601) and `days` between updates."""
ACCESS_RIGHTS = Vocabulary("access-right")
FORMATS = Vocabulary("file-type")
"""`extra`: `family`, `media_type`, `registered` at IANA, `extensions`, `flags` (M machine readable, N non-proprietary,
n non-proprietary only in the newer EU list), `eu` when the term is in the EU table."""
LANGUAGES = Vocabulary("language")
"""`extra`: `tag`, the two-letter code of ISO 639-1."""
LICENCES = Vocabulary("licence")
"""`extra`: `family` (free, attribution, share-alike, restricted, other), `hvd` (yes, no or unknown), `types` (ADMS
codes), `spdx`, `text_url`. A term without scheme is a Belgian licence outside the EU table."""
DATASET_TYPES = Vocabulary("dataset-type")
DISTRIBUTION_STATUSES = Vocabulary("distribution-status")
AVAILABILITIES = Vocabulary("planned-availability")
HVD_CATEGORIES = Vocabulary("hvd-category")
"""`extra`: `broader`, the code of the category above."""
PUBLISHER_TYPES = Vocabulary("publisher-type")
LICENCE_TYPES = Vocabulary("licence-type")
INSPIRE_THEMES = Vocabulary("inspire-theme")
TOPIC_CATEGORIES = Vocabulary("topic-category")
EUROVOC_DOMAINS = Vocabulary("eurovoc-domain")
"""The last three have `themes` in `extra`: the data themes that each means."""
PLACES = Vocabulary("place")
"""Region and communes by NIS code. `extra`: `nuts`, `postcodes`, `wikidata`, `bbox` (west south east north),
`within`, the code of the place directly around it."""
AGENCIES = Vocabulary("agency")
"""Public bodies by CBE number. `extra`: `type` (ADMS publisher type) and `place` (geonames number)."""

VOCABULARIES = (
    THEMES,
    FREQUENCIES,
    ACCESS_RIGHTS,
    FORMATS,
    LANGUAGES,
    LICENCES,
    DATASET_TYPES,
    DISTRIBUTION_STATUSES,
    AVAILABILITIES,
    HVD_CATEGORIES,
    PUBLISHER_TYPES,
    LICENCE_TYPES,
    INSPIRE_THEMES,
    TOPIC_CATEGORIES,
    EUROVOC_DOMAINS,
    PLACES,
    AGENCIES,
)


@cache
def scheme_titles() -> Mapping[str, Texts]:
    """The title of every concept scheme: a skos:ConceptScheme in a graph must have one."""
    return {vocabulary.scheme: vocabulary.title for vocabulary in VOCABULARIES if vocabulary.scheme}


@cache
def concepts() -> Mapping[str, Concept]:
    """The terms of all vocabularies as they are published, by IRI."""
    return {term.iri: vocabulary.concept(term) for vocabulary in VOCABULARIES for term in vocabulary if term.iri}


@cache
def registered_media_types() -> frozenset[str]:
    """The media types of the file-type table that IANA has registered."""
    return frozenset(term.extra["media_type"] for term in FORMATS if "registered" in term.extra)


def days_between_updates(frequency: Term) -> float | None:
    """How many days pass between two updates; None for `irregular`, `as needed` and other words without a period."""
    days = frequency.extra.get("days")
    return float(days) if days else None
