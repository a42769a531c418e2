"""What is good about a description, and what is lacking, in a few words: what readers lose most by first."""

from typing import NamedTuple

from catalogue.store.addresses import BROKEN, WORKS
from catalogue.store.rows import EntryRow
from dcat.quality import Measure

from . import facts
from .measured import Links
from .words import gettext as _

GOOD, LACKING = 3, 2
"""Sentences of each."""


class Judged(NamedTuple):
    """Sentences about a description."""

    good: list[str]
    lacking: list[str]


def of(row: EntryRow, links: Links) -> Judged:
    """The most useful sentences of each sort; none of a service or series, which have no score."""
    if row.score is None:
        return Judged([], [])
    told = [*_of_use(row, links), *_of_measures({one.code: one for one in row.score.measures})]
    good = [yes for is_good, yes, _no in told if is_good]
    lacking = [no for is_good, _yes, no in told if is_good is False]
    return Judged(good[:GOOD], lacking[:LACKING])


Sentence = tuple[bool | None, str, str]
"""Whether it is so, if anybody can say; the words for yes, and for no."""


def _of_use(row: EntryRow, links: Links) -> list[Sentence]:
    """Whether one can get the data, and whether they are fresh."""
    states = {row.state for row in links.values()}
    asked = states & {WORKS, BROKEN}
    work = _("All links work") if states == asked else _("The links that we could check work")
    late = facts.is_late(row)
    return [
        (BROKEN not in asked if asked else None, work, _("A link does not work")),
        (None if late is None else not late, _("Updated as often as promised"), _("Not updated as often as promised")),
    ]


def _of_measures(measures: dict[str, Measure]) -> list[Sentence]:
    """What the description says, by the indicators of the score."""
    words = {
        "licence": (_("Says what you may do with it"), _("Does not say what you may do with it")),
        "machine-readable": (_("Files that programs can read"), _("Files that programs cannot read")),
        "contact-point": (_("Names somebody to ask"), _("Names nobody to ask")),
        "temporal": (_("Says which period it covers"), _("Does not say which period it covers")),
        "spatial": (_("Says which area it covers"), _("Does not say which area it covers")),
        "keyword": (_("Has keywords to find it by"), _("Has no keywords to find it by")),
    }
    return [(_is_whole(measures.get(code)), *both) for code, both in words.items()]


def _is_whole(measure: Measure | None) -> bool | None:
    if measure is None or not measure.counted:
        return None
    return measure.fulfilled == measure.counted
