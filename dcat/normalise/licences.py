"""Licences of files and services: from an IRI, a name or a sentence to the term of the EU table.

An unversioned "CC BY" is read as version 4.0, which is also what the EU code CC_BY means.
"""

import re
from functools import lru_cache
from typing import TypeVar

import msgspec

from ..model import (
    DataService,
    Dataset,
    DatasetSeries,
    Distribution,
    Iri,
    LicenseDocument,
    Publication,
    RightsStatement,
    Text,
    Texts,
)
from ..vocab import LICENCE_TYPES, LICENCES, Term, key
from .languages import tagged
from .notes import Log
from .terms import several

F = TypeVar("F", Distribution, DataService, Dataset, DatasetSeries, Publication)

LONGEST = 4_000
"""Characters of a sentence that are searched for a licence."""

_ADDRESS = re.compile(r"https?://[^\s<>\"'()\[\]]+")
_SHORTEST_PHRASE = 5
_DEED = re.compile(r"/(?:legalcode|deed)(?:[./][a-z-]{2,8})?/?\Z|[?#].*\Z", re.IGNORECASE)
_PORT = re.compile(
    r"(creativecommons\.org/licenses/[a-z-]+/\d\.\d)/(?:[a-z]{2,3}|igo|scotland)(?=/|\Z).*", re.IGNORECASE
)
"""A Creative Commons licence in the words of one country, which the EU table does not tell from the others."""
_SPDX = re.compile(r"https?://(?:www\.)?spdx\.org/licenses/([\w.-]+?)(?:\.html|\.json|\.txt)?/?", re.IGNORECASE)
_RESTRICTION = re.compile(
    r"\b(?:nc|nd|sa|non[- ]?commerci\w*|niet[- ]commerci\w*|nicht[- ]kommerzi\w*"
    r"|no ?deriv\w*|share ?alike|gelijk ?delen)\b"
)
_DENIED_BEFORE = re.compile(
    r"(?:\b(?:not|no(?: longer)?|non|geen|niet|nicht|keine?r?|pas|plus|formerly|previously|voorheen|vroeger|fruher"
    r"|ehemals|anciennement))"
    r"(?: (?:a|an|any|the|under|in|onder|een|de|het|unter|der|die|sous|la|le|une?|l'|longer|meer|mehr|published"
    r"|licen[cs]ed?|licentie|lizenz)){0,4} ?\Z"
)
"""What says, right before the name of a licence, that it is not the one (`niet onder de licentie CC BY`)."""
_DENIED_AFTER = re.compile(
    r"(?: (?:licen[cs]e|licentie|lizenz))?"
    r" (?:does not|doesn't|is not|isn't|is niet|geldt niet|ist nicht|gilt nicht|n'est pas|n'est plus|ne s'applique)\b"
)
_REACH = 80
"""Characters before a name in which a denial of it stands."""


@lru_cache(maxsize=2_048)
def licence(text: str) -> Term | None:
    """The licence that an IRI or a name means, or the one that a sentence names."""
    if len(text) > LONGEST:
        text = text[:LONGEST]
    return _by_address(text) or _within(text)


def _by_address(text: str) -> Term | None:
    bare = _DEED.sub("", text)
    if found := _SPDX.fullmatch(bare):
        return LICENCES.find(found[1])
    return LICENCES.find(text) or LICENCES.find(bare) or LICENCES.find(_PORT.sub(r"\1", bare))


def _within(text: str) -> Term | None:
    addresses = [address.rstrip(".,;") for address in _ADDRESS.findall(text)]
    for address in addresses:
        if term := _by_address(address):
            return term
    if text.startswith(("http://", "https://")) and " " not in text.strip():
        return None
    plain = key(_ADDRESS.sub(" ", text))
    named = {_phrases()[found[0]] for found in _phrase_pattern().finditer(plain) if not _is_denied(plain, found)}
    if len(named) != 1:
        return None
    term = next(iter(named))
    is_open = term.extra["family"] in {"free", "attribution"}
    return None if is_open and _RESTRICTION.search(plain) else term


def _is_denied(plain: str, name: re.Match[str]) -> bool:
    before = plain[max(0, name.start() - _REACH) : name.start()]
    return bool(_DENIED_BEFORE.search(before) or _DENIED_AFTER.match(plain, name.end()))


@lru_cache(maxsize=1)
def _phrases() -> dict[str, Term]:
    phrases: dict[str, Term] = {}
    for term in LICENCES:
        for text in (*term.aliases, *(label.value for label in term.labels), term.extra.get("spdx", "")):
            phrase = key(text)
            if len(phrase) >= _SHORTEST_PHRASE and "/" not in phrase.replace(" / ", ""):
                phrases.setdefault(phrase, term)
    return phrases


@lru_cache(maxsize=1)
def _phrase_pattern() -> re.Pattern[str]:
    longest_first = sorted(_phrases(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?![\w.]\w)(?!\w)")


@lru_cache(maxsize=256)
def document(term: Term) -> LicenseDocument:
    """A licence of the table as it is published."""
    types = tuple(LICENCE_TYPES.concept(LICENCE_TYPES.by_code[code]) for code in sorted(term.words("types")))
    if term.scheme is None:
        return LicenseDocument(iri=term.iri, type=types, titles=term.labels)
    return LicenseDocument(iri=term.iri, type=types, pref_labels=term.labels, scheme=term.scheme)


def said(given: LicenseDocument) -> tuple[str, ...]:
    """What a source wrote for a licence."""
    words = tuple(text.value for text in (*given.titles, *given.labels, *given.pref_labels))
    return (given.iri, *words) if given.iri else words


def _by_its_page(given: LicenseDocument) -> LicenseDocument:
    """A licence without IRI that is called by an address has that."""
    pages = [text for text in (*given.labels, *given.titles) if _ADDRESS.fullmatch(text.value)]
    if given.iri or not pages:
        return given
    titles, labels = (tuple(one for one in texts if one not in pages) for texts in (given.titles, given.labels))
    return msgspec.structs.replace(given, iri=Iri(pages[0].value), titles=titles, labels=labels)


def _kinds(given: LicenseDocument) -> tuple[str, ...]:
    """The addresses of its types, in the place of which some put the licence."""
    return tuple(str(kind.iri) for kind in given.type if kind.iri)


def name_license(file: F, log: Log) -> F:
    """dct:license; what is no licence becomes dct:rights, and a licence named only in dct:rights is found there."""
    given = file.license
    if given is None:
        return _from_rights(file, log)
    given = _by_its_page(given)
    words = said(given)
    sought = words + _kinds(given)
    term = next((found for text in sought if (found := licence(text))), None)
    if term is not None:
        if given.iri != term.iri:
            log.note("dct:license", sought[0], "licence-mapped", term.iri)
            file = _keep_sentence(file, given, log)
        return msgspec.structs.replace(file, license=document(term))
    if given.iri is not None:
        log.note("dct:license", given.iri, "licence-unlisted", given.iri)
        types = several(LICENCE_TYPES, given.type, "dct:license/dct:type", log)
        return msgspec.structs.replace(file, license=msgspec.structs.replace(given, type=types))
    if words:
        log.note("dct:license", words[0], "licence-unknown")
    return msgspec.structs.replace(_keep_words(file, _words(given), log), license=None)


def _from_rights(file: F, log: Log) -> F:
    for text in _rights_words(file.rights):
        if term := licence(text):
            log.note("dct:license", text, "licence-in-rights", term.iri)
            return msgspec.structs.replace(file, license=document(term))
    if log.context.license and (default := LICENCES.find(log.context.license)):
        log.note("dct:license", "", "licence-default", default.iri)
        return msgspec.structs.replace(file, license=document(default))
    return file


def _rights_words(statements: tuple[RightsStatement, ...]) -> list[str]:
    words: list[str] = []
    for statement in statements:
        words += [statement.iri] if statement.iri else []
        words += [label.value for label in statement.labels]
    return words


def _words(given: LicenseDocument) -> Texts:
    return given.titles or given.labels or given.pref_labels


def _keep_sentence(file: F, given: LicenseDocument, log: Log) -> F:
    """A sentence says more than the licence it names; it is kept as rights."""
    sentences = tuple(text for text in _words(given) if LICENCES.find(text.value) is None and " " in text.value.strip())
    return _keep_words(file, sentences, log)


def _keep_words(file: F, words: Texts, log: Log) -> F:
    if not words:
        return file
    statement = RightsStatement(labels=tagged(words, log.language, "dct:rights", log))
    return msgspec.structs.replace(file, rights=(*file.rights, statement))


def one_rights(file: F, log: Log) -> F:
    """One dct:rights: the official shapes allow no more, so several statements become one."""
    if len(file.rights) < 2:
        return file
    log.note("dct:rights", len(file.rights), "rights-joined", 1)
    return msgspec.structs.replace(file, rights=(_joined(file.rights),))


def _joined(statements: tuple[RightsStatement, ...]) -> RightsStatement:
    words: dict[str, list[str]] = {}
    for statement in statements:
        for text in (*statement.labels, *statement.pref_labels):
            values = words.setdefault(text.lang, [])
            if text.value not in values:
                values.append(text.value)
    named = [statement.iri for statement in statements if statement.iri]
    labels = tuple(Text("\n\n".join(values), lang) for lang, values in sorted(words.items()))
    return RightsStatement(iri=named[0] if len(named) == 1 or not labels else None, labels=labels)
