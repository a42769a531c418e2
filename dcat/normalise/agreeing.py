"""What is agreed with a source is put where a record says nothing, or in place of what it says, and told."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

import msgspec

from ..model import (
    Agent,
    Concept,
    Contact,
    DataService,
    Dataset,
    DatasetSeries,
    Iri,
    LicenseDocument,
    Node,
    Publication,
    Text,
)
from ..vocab import FREQUENCIES, LANGUAGES, LICENCES, THEMES, Vocabulary
from . import licences, parties
from .agreed import Agreed
from .languages import likely
from .notes import Log

R = TypeVar("R", Dataset, DatasetSeries, DataService, Publication)


class _Field(NamedTuple):
    """A field that can be agreed."""

    name: str
    curie: str
    value: Callable[[Agreed, Log], Any]
    """What is agreed, as it is published; empty when nothing is."""


def put_agreed(entry: R, log: Log) -> R:
    """What is agreed for a source: first where nothing is said, then whatever is said."""
    defaults, overrides = log.context.defaults, log.context.overrides
    if defaults is not None:
        for field in _FIELDS:
            if (value := field.value(defaults, log)) and not _is_said(entry, field.name):
                log.note(field.curie, "", "value-agreed", said(value))
                entry = msgspec.structs.replace(entry, **{field.name: _joined(entry, field.name, value)})
    if overrides is not None:
        for field in _FIELDS:
            if value := field.value(overrides, log):
                entry = _in_place(entry, field, value, log)
        entry = _licensed(entry, overrides.license, log)
    return entry


def _is_said(entry: R, name: str) -> bool:
    """True when a record has a value; of its themes, one of the European ones."""
    value = getattr(entry, name)
    return any(one.iri in THEMES.by_iri for one in value) if name == "theme" else bool(value)


def _joined(entry: R, name: str, value: Any) -> Any:
    """A default, beside the themes of its own that a source has."""
    return (*value, *entry.theme) if name == "theme" else value


def _in_place(entry: R, field: _Field, value: Any, log: Log) -> R:
    before = getattr(entry, field.name)
    if said(before) == said(value):
        return entry  # the source says the same
    _tell(field.curie, said(before), said(value), log)
    return msgspec.structs.replace(entry, **{field.name: value})


def _licensed(entry: R, iri: str, log: Log) -> R:
    """The licence is that of each file, where there are files."""
    if not iri:
        return entry
    licence = licences.document(LICENCES.by_iri[iri])
    files = () if isinstance(entry, DataService) else entry.distribution
    before = {said(each.license) for each in files or (entry,)}
    if before == {iri}:
        return entry
    _tell("dct:license", ", ".join(sorted(filter(None, before))), iri, log)
    if not files:
        return msgspec.structs.replace(entry, license=licence)
    licensed = tuple(msgspec.structs.replace(file, license=licence) for file in files)
    return msgspec.structs.replace(entry, distribution=licensed)


def _tell(curie: str, before: str, value: str, log: Log) -> None:
    """What was said of the field before is nobody's business any more."""
    log.notes = [note for note in log.notes if curie not in note.field.split("/")]
    log.note(curie, f"{before or '–'} → {value}", "value-overridden", value)


def said(value: Any) -> str:
    """A value as one text, by which two are told to be the same."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(sorted(map(said, value)))
    if isinstance(value, Text):
        return f"{value.value}@{value.lang}" if value.lang else value.value
    if isinstance(value, Contact):
        return _all((*value.email, *value.url)) or said(value.name)
    if isinstance(value, Agent):
        return value.iri or said(value.name)
    return _of_node(value) if isinstance(value, Node) else str(value)


def _of_node(value: Node) -> str:
    labels = value.labels if isinstance(value, (Concept, LicenseDocument)) else ()
    return value.iri or said(labels)


def _all(texts: Iterable[str]) -> str:
    return ", ".join(sorted(texts))


def _publisher(agreed: Agreed, _log: Log) -> Agent | None:
    return parties.named(agreed.publisher) if agreed.publisher else None


def _contact(agreed: Agreed, _log: Log) -> tuple[Contact, ...]:
    if not agreed.contact:
        return ()
    if "://" in agreed.contact:
        return (Contact(url=(Iri(agreed.contact),)),)
    return (Contact(email=(Iri(f"mailto:{agreed.contact}"),)),)


def _keywords(agreed: Agreed, log: Log) -> tuple[Text, ...]:
    return tuple(text if text.lang else Text(text.value, likely(text.value, log.language)) for text in agreed.keyword)


def _concepts(vocabulary: Vocabulary, name: str) -> Callable[[Agreed, Log], tuple[Concept, ...]]:
    def value(agreed: Agreed, _log: Log) -> tuple[Concept, ...]:
        return tuple(vocabulary.concept(vocabulary.by_iri[iri]) for iri in getattr(agreed, name))

    return value


def _frequency(agreed: Agreed, _log: Log) -> Concept | None:
    return FREQUENCIES.concept(FREQUENCIES.by_iri[agreed.frequency]) if agreed.frequency else None


_FIELDS = (
    _Field("publisher", "dct:publisher", _publisher),
    _Field("contact", "dcat:contactPoint", _contact),
    _Field("theme", "dcat:theme", _concepts(THEMES, "theme")),
    _Field("keyword", "dcat:keyword", _keywords),
    _Field("language", "dct:language", _concepts(LANGUAGES, "language")),
    _Field("frequency", "dct:accrualPeriodicity", _frequency),
)
"""The licence stands apart: a default one is put by `licences`, for each file."""
