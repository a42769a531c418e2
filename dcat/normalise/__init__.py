"""Dirty values become clean ones, and each step says what it changed.

    clean ─▶ keywords ─▶ themes ─▶ parties ─▶ places ─▶ periods ─▶ terms ─▶ files ─▶ what lacks a must is dropped
          ─▶ HVD ─▶ defaults ─▶ what is agreed ─▶ complete

`clean` makes every value safe by its type; the steps after it give each field the meaning that DCAT-AP 3.0.1 wants.
Pure: no network, no clock, no settings; what a step must know stands in its `Context`.
"""

from collections.abc import Callable
from typing import Any

from ..model import DataService, Dataset, DatasetSeries, Entry, Publication
from ..vocab import LANGUAGES
from .agreeing import put_agreed
from .completing import (
    complete,
    default_access,
    default_place,
    describe,
    one_identifier,
    one_resolution,
)
from .endpoints import find_endpoint
from .files import SERVICE_STEPS, mend_files
from .frequencies import name_frequency
from .hvd import mark_hvd
from .incomplete import without_incomplete
from .languages import guess
from .notes import Context, Log, Normalised, Note
from .parties import name_creators, name_publisher, without_personal_agents, without_persons
from .periods import doubt_dates, mend_periods
from .places import name_places
from .relations import plain_relations
from .terms import name_access_rights, name_languages, name_types, resolve
from .themes import name_themes, split_keywords
from .titles import give_title
from .values import clean

__all__ = ["Context", "Normalised", "Note", "complete", "normalise", "written_in"]

Step = Callable[[Any, Log], Any]

COMMON: tuple[Step, ...] = (
    split_keywords,
    name_themes,
    without_personal_agents,
    name_publisher,
    without_persons,
    name_places,
    default_place,
    mend_periods,
    doubt_dates,
    name_languages,
    name_frequency,
)

STEPS: dict[type[Entry], tuple[Step, ...]] = {
    Dataset: (
        give_title,
        *COMMON,
        name_creators,
        plain_relations,
        name_types,
        name_access_rights,
        mend_files,
        without_incomplete,
        mark_hvd,
        describe,
        default_access,
        one_identifier,
        one_resolution,
        put_agreed,
    ),
    DatasetSeries: (
        give_title,
        *COMMON,
        name_access_rights,
        mend_files,
        without_incomplete,
        mark_hvd,
        describe,
        put_agreed,
    ),
    Publication: (
        give_title,
        *COMMON,
        name_creators,
        name_access_rights,
        mend_files,
        without_incomplete,
        one_identifier,
        put_agreed,
    ),
    DataService: (give_title, find_endpoint, *COMMON, *SERVICE_STEPS[7:], without_incomplete, mark_hvd, put_agreed),
}
"""What is done to each kind of entry, in order."""


def normalise(entry: Entry, context: Context, identifier: str = "", *, beside: str = "") -> Normalised:
    """The entry as it can be published, with what became of its values.

    `identifier` is the source's own for this record; it tells which of several dct:identifier is meant. `beside`: the
    language of the entry that it is described with, for texts of which nothing else tells it.
    """
    log = Log(context, entry.iri or identifier, identifier, written_in(entry, context) or beside)
    result: Any = clean(entry, log) or type(entry)()
    for step in STEPS[type(entry)]:
        result = step(result, log)
    return Normalised(entry=complete(result), notes=tuple(log.notes), findings=log.findings())


def written_in(entry: Entry, context: Context) -> str:
    """The language of its texts without a tag: the source's, else what the entry says it is in or is written in."""
    if context.language:
        return context.language
    if len(entry.language) == 1 and (term := resolve(LANGUAGES, entry.language[0])):
        return term.extra.get("tag", "")
    return guess(" ".join(text.value for text in (*entry.description, *entry.title) if not text.lang))
