"""The quality of descriptions as JSON: points of 405, band, the five aspects, and what would bring points."""

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

import msgspec

from catalogue.checking.finding_report import FindingReport, Hint, described, hints_of
from catalogue.publishing.quality_shape import QualityShape, quality_shape
from catalogue.publishing.texts_by_language import Tagged
from catalogue.search.facets import FACETS
from dcat import quality
from dcat.findings import Finding
from dcat.messages import RULES
from dcat.quality import Score

from ..wording import words

MOST_CAUSES = 100
"""Remarks in one answer."""


class QualityWithHints(QualityShape, frozen=True, kw_only=True):
    """A quality score with what would improve it."""

    hints: tuple[Hint, ...]
    """What would bring points, most first."""


class PublisherQuality(msgspec.Struct, frozen=True):
    """How good the descriptions of one publisher are."""

    name: str
    title: Tagged
    datasets: int
    quality: QualityShape


class CauseShape(FindingReport, frozen=True, kw_only=True):
    """What is the matter with a field, and with how many entries; `value` is an example."""

    entries: int


class CatalogueQuality(msgspec.Struct, frozen=True, kw_only=True):
    """How good the descriptions in the catalogue are."""

    quality: QualityWithHints | None
    """Of all datasets together; null while there is none."""
    publishers: tuple[PublisherQuality, ...]
    """Those that have datasets, in order of name."""
    causes: tuple[CauseShape, ...]
    """What was found in entries, most entries first. A field of one file and that of another are told apart."""


def causes(groups: Iterable[tuple[str, str, int, str]]) -> tuple[CauseShape, ...]:
    """The remarks made of most entries, as programs read them."""
    known = ((Finding(rule, "", field, value), number) for rule, field, number, value in groups if rule in RULES)
    first = islice(known, MOST_CAUSES)
    return tuple(CauseShape(entries=number, **msgspec.structs.asdict(described(one))) for one, number in first)


def shape_with_hints(score: Score) -> QualityWithHints:
    """A score with what would improve it."""
    return QualityWithHints(**msgspec.structs.asdict(quality_shape(score)), hints=hints_of(score))


class Advice(NamedTuple):
    """What can be gained, in the reader's language."""

    name: str
    advice: str
    points: float


def advice(score: Score) -> Iterable[Advice]:
    """What would bring points, most first."""
    lang = words.language()
    for measure in score.hints:
        indicator = quality.indicators()[measure.code]
        yield Advice(indicator.name[lang], indicator.hint[lang], measure.to_gain)


def band(code: str) -> str:
    """What a band is called in the reader's language."""
    return FACETS["quality"].label(code, words.language())
