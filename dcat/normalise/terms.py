"""Concepts of the EU tables: from whatever stands there to the table's own term, labelled in four languages."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

import msgspec

from ..model import Concept, DataService, Dataset, DatasetSeries, Distribution, Publication, RightsStatement, Text
from ..vocab import (
    ACCESS_RIGHTS,
    AVAILABILITIES,
    DATASET_TYPES,
    DISTRIBUTION_STATUSES,
    LANGUAGES,
    Term,
    Vocabulary,
)
from .notes import Log
from .written import keep

_TAIL = re.compile(r"[^/#=]+(?=[/#]*\Z)")
_LOCALE = re.compile(
    r"(?:urn:iso:std:iso:639:(?:-\d:)?)?(?P<tag>[a-z]{2,3})(?:[-_][a-z]{2,8})?(?:[.@].*)?"
    r"|(?P<name>[^\W\d_]{3,20}) ?\(.*\)",
    re.IGNORECASE,
)
"""A language with its country, script or encoding: `de-AT`, `es_ES.UTF-8`, `English (United Kingdom)`."""
_LIST = re.compile(r"\s*[,;|/]\s*|\s+(?:et|en|und|and|&)\s+")

R = TypeVar("R", Dataset, DatasetSeries, DataService, Publication)


@lru_cache(maxsize=8_192)
def find(vocabulary: Vocabulary, text: str) -> Term | None:
    """The term that a text or IRI means, also by the last part of a foreign IRI (`…/iso639-1/fr`, `…Code_daily`)."""
    if len(text) > 1_000:
        return None
    if (term := vocabulary.find(text)) is not None or "://" not in text:
        return term or (_language(text) if vocabulary is LANGUAGES else None)
    tail = _TAIL.search(text)
    if tail is None:
        return None
    return vocabulary.find(tail[0]) or vocabulary.find(tail[0].rpartition("_")[2])


def _language(text: str) -> Term | None:
    found = _LOCALE.fullmatch(text.strip())
    return LANGUAGES.find(found["tag"] or found["name"]) if found else None


def spellings(concept: Concept | RightsStatement) -> tuple[str, ...]:
    """What a source wrote for a concept: its IRI, then its labels."""
    labels = (*concept.pref_labels, *concept.labels) if isinstance(concept, RightsStatement) else concept.labels
    words = tuple(text.value for text in labels)
    return (concept.iri, *words) if concept.iri else words


def resolve(vocabulary: Vocabulary, concept: Concept | RightsStatement) -> Term | None:
    """The term that a concept means by its IRI or any of its labels."""
    if term := vocabulary.by_iri.get(concept.iri or ""):
        return term
    for text in spellings(concept):
        if term := find(vocabulary, text):
            return term
    return None


def one(vocabulary: Vocabulary, concept: Concept | None, field: str, log: Log) -> Concept | None:
    """The concept as the table has it; None, and a note, when the table has none such."""
    if concept is None:
        return None
    term = resolve(vocabulary, concept)
    if term is None:
        log.note(field, said(concept), "term-unknown")
        return None
    if concept.iri != term.iri:
        log.note(field, said(concept), "term-mapped", term.iri)
    return vocabulary.concept(term)


def several(vocabulary: Vocabulary, concepts: Iterable[Concept], field: str, log: Log) -> tuple[Concept, ...]:
    """The concepts as the table has them, each once, in the order of their IRIs."""
    given = tuple(concepts)
    if all(concept.iri in vocabulary.by_iri and concept.scheme and concept.labels for concept in given):
        return given
    kept: dict[str, Concept] = {}
    for concept in given:
        for part in _parts(vocabulary, concept):
            if (known := one(vocabulary, part, field, log)) is not None and known.iri:
                kept[known.iri] = known
    return tuple(kept[iri] for iri in sorted(kept))


def _parts(vocabulary: Vocabulary, concept: Concept) -> tuple[Concept, ...]:
    """A literal that lists several terms (`fr, nl`) as several concepts."""
    if concept.iri or len(concept.labels) != 1 or resolve(vocabulary, concept) is not None:
        return (concept,)
    words = [word for word in _LIST.split(concept.labels[0].value) if word]
    if len(words) < 2 or all(find(vocabulary, word) is None for word in words):
        return (concept,)
    return tuple(Concept(labels=(Text(word),)) for word in words)


def said(concept: Concept | RightsStatement) -> str:
    """What a source wrote, for a note."""
    return concept.iri or next(iter(spellings(concept)), "")


# --- steps ----------------------------------------------------------------------------------------------------------


def name_languages(entry: R, log: Log) -> R:
    """dct:language of the entry."""
    if not entry.language:
        return entry
    languages = several(LANGUAGES, entry.language, "dct:language", log)
    unknown = [spellings(one)[-1] for one in entry.language if not any(map(_is_language, _parts(LANGUAGES, one)))]
    return keep(msgspec.structs.replace(entry, language=languages), "dct:language", unknown)


def _is_language(concept: Concept) -> bool:
    return not spellings(concept) or resolve(LANGUAGES, concept) is not None


def name_types(entry: Dataset, log: Log) -> Dataset:
    """dct:type of a dataset; a type outside the EU table is kept when it has an IRI and a label."""
    if not entry.type:
        return entry
    known = several(DATASET_TYPES, (c for c in entry.type if not _is_foreign(c)), "dct:type", log)
    foreign = tuple(concept for concept in entry.type if _is_foreign(concept))
    return msgspec.structs.replace(entry, type=(*known, *foreign))


def _is_foreign(concept: Concept) -> bool:
    return concept.iri is not None and bool(concept.labels) and resolve(DATASET_TYPES, concept) is None


def name_access_rights(entry: R, log: Log) -> R:
    """dct:accessRights: public, restricted or non-public. Other words are rights, and go to the files."""
    rights = entry.access_rights
    if rights is None:
        return entry
    term = resolve(ACCESS_RIGHTS, rights)
    field = "dct:accessRights"
    if term is not None and term.code in {"SENSITIVE", "CONFIDENTIAL"}:
        log.note(field, said(rights), "access-right-narrowed", "NON_PUBLIC")
        term = ACCESS_RIGHTS.by_code["NON_PUBLIC"]
    elif term is not None and term.code == "NORMAL":
        log.note(field, said(rights), "access-right-narrowed", "PUBLIC")
        term = ACCESS_RIGHTS.by_code["PUBLIC"]
    if term is None:
        log.note(field, said(rights), "access-right-unknown")
        entry = msgspec.structs.replace(entry, access_rights=None)
        return _with_rights(entry, rights)
    if rights.iri != term.iri and term.iri not in {note.published for note in log.notes[-1:]}:
        log.note(field, said(rights), "term-mapped", term.iri)
    return msgspec.structs.replace(entry, access_rights=_access_right(term))


@lru_cache(maxsize=16)
def _access_right(term: Term) -> RightsStatement:
    return RightsStatement(iri=term.iri, pref_labels=term.labels, scheme=term.scheme)


def public(entry: R) -> R:
    """The entry, marked as open to all."""
    return msgspec.structs.replace(entry, access_rights=_access_right(ACCESS_RIGHTS.by_code["PUBLIC"]))


def _with_rights(entry: R, rights: RightsStatement) -> R:
    """Words about rights belong to the files and the service, not to the dataset; where none of them takes the words,
    they stay as they were written."""
    labels = rights.labels or rights.pref_labels
    if not labels and rights.iri is None:
        return entry
    statement = RightsStatement(iri=None if labels else rights.iri, labels=labels)
    if isinstance(entry, DataService):
        return entry if entry.rights else msgspec.structs.replace(entry, rights=(statement,))
    if isinstance(entry, Dataset) and any(not file.rights for file in entry.distribution):
        files = tuple(
            file if file.rights else msgspec.structs.replace(file, rights=(statement,)) for file in entry.distribution
        )
        return msgspec.structs.replace(entry, distribution=files)
    return keep(entry, "dct:accessRights", spellings(rights))


def name_status(file: Distribution, log: Log) -> Distribution:
    """adms:status and dcatap:availability of a file, also from the IRIs of DCAT-AP 2."""
    if file.status is None and file.availability is None and not file.language:
        return file
    return msgspec.structs.replace(
        file,
        status=one(DISTRIBUTION_STATUSES, file.status, "adms:status", log),
        availability=one(AVAILABILITIES, file.availability, "dcatap:availability", log),
        language=several(LANGUAGES, file.language, "dct:language", log),
    )
