"""What was found in the description of each entry: its score, and from when its next update is overdue."""

from collections.abc import Container
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import msgspec
from sqlalchemy import func, select

from dcat.quality import Score, combined

from .bulk import put
from .codec import Counts, among, pack_score, score_of, unpack
from .database import Transaction
from .entries import LIVE
from .tables import assessments, entries, findings, outcomes


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in the description of one entry."""

    points: int | None
    """Of its score; only datasets have one."""
    measures: bytes | None
    """The score itself, packed: whoever saves it is waited for."""
    late_from: date | None
    """The first day on which its next update is overdue; None when nobody can say."""
    hash: bytes
    """Differs whenever its catalogue record would say something else about it."""

    @classmethod
    def of(cls, score: Score | None, late_from: date | None, hash: bytes) -> "Assessment":
        """What a score comes to."""
        points, measures = _summed(score) if score else (None, None)
        return cls(points=points, measures=measures, late_from=late_from, hash=hash)


@lru_cache(maxsize=4_096)
def _summed(score: Score) -> tuple[int, bytes]:
    """The points of a score and the score packed, which many datasets share."""
    return score.points, pack_score(score)


class Assessed(NamedTuple):
    """How good the descriptions in the catalogue are."""

    whole: Score | None
    """Of all datasets; None while there is none."""
    by_publisher: dict[str, Score]
    """Of those of each publisher, by slug."""

    @classmethod
    def of(cls, scores: dict[str, Score]) -> "Assessed":
        """All of them together, and of each publisher, where "" stands for none."""
        named = {publisher: score for publisher, score in scores.items() if publisher}
        return cls(combined(scores.values()) if scores else None, named)


def hashes(tx: Transaction, ids: list[str]) -> dict[str, bytes]:
    """By id of the entry, what its catalogue record was made from last."""
    query = select(assessments.c.entry_id, assessments.c.hash).where(among(tx, assessments.c.entry_id, ids))
    return {id: hash for id, hash in tx.execute(query)}  # noqa: C416 (rows, not pairs)


def save(tx: Transaction, found: dict[str, Assessment], held: Container[str]) -> int:
    """Keeps what was found, by id of the entry; of those `held` something was found before. Returns rows written."""
    rows = [
        {
            "entry_id": id,
            "hash": one.hash,
            "points": one.points,
            "measures": one.measures,
            "late_from": one.late_from,
        }
        for id, one in found.items()
    ]
    return put(tx, assessments, rows, "entry_id", held)


def scores(tx: Transaction) -> dict[str, Score]:
    """The score of all live datasets of each publisher, by slug; datasets without a publisher are under ""."""
    query = (
        select(entries.c.publisher, assessments.c.measures, func.count())
        .join(assessments, assessments.c.entry_id == entries.c.id)
        .where(LIVE, assessments.c.measures.is_not(None))
        .group_by(entries.c.publisher, assessments.c.measures)
    )
    totals: dict[str, Counts] = {}
    for publisher, measures, times in tx.execute(query):
        total = totals.setdefault(publisher, {})
        for code, (fulfilled, counted, unknown) in unpack(measures, Counts).items():
            before = total.get(code, (0, 0, 0))
            total[code] = before[0] + fulfilled * times, before[1] + counted * times, before[2] + unknown * times
    return {publisher: score_of(total) for publisher, total in totals.items()}


def causes(tx: Transaction) -> list[tuple[str, str, int, str]]:
    """What was found in live entries: (rule, field, number of entries, an example value), most entries first."""
    here = (entries.c.source_id == outcomes.c.source_id) & (entries.c.identifier == outcomes.c.identifier)
    number = func.count(func.distinct(findings.c.outcome_id))
    query = (
        select(findings.c.rule, findings.c.field, number, func.min(findings.c.value))
        .join(outcomes, outcomes.c.id == findings.c.outcome_id)
        .join(entries, here)
        .where(LIVE, outcomes.c.superseded.is_(None))
        .group_by(findings.c.rule, findings.c.field)
        .order_by(number.desc(), findings.c.rule, findings.c.field)
    )
    return [(rule, field, count, value) for rule, field, count, value in tx.execute(query)]
