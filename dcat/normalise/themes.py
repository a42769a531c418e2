"""Keywords and themes: words a reader searches by, and the thirteen EU data themes that they certainly mean."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from ..model import Concept, DataService, Dataset, DatasetSeries, Iri, Publication, Text, Texts
from ..vocab import (
    EUROVOC_DOMAINS,
    HVD_CATEGORIES,
    INSPIRE_THEMES,
    THEMES,
    TOPIC_CATEGORIES,
    key,
    table,
)
from .iris import glued
from .languages import tagged
from .notes import Log
from .terms import find, said, spellings

R = TypeVar("R", Dataset, DatasetSeries, DataService, Publication)

LONGEST_KEYWORD = 200
"""Characters; what is longer is a sentence."""

_ADDRESS = re.compile(r"(?:https?|ftp|urn|info(?=:[\w-]+/)):\S*\Z", re.IGNORECASE)
_HARD_SEPARATOR = re.compile(r"\s*[;|\n]\s*")
_LIST = re.compile(r"\s*[,;|/\n]\s*")
_COMMA = re.compile(r"\s*,\s*")
_AROUND = " ,#.*-_"
_QUOTES = (('"', '"'), ("'", "'"), ("“", "”"), ("„", "“"), ("‘", "’"), ("«", "»"))
_RULE_BY_COUNT = {0: "text-placeholder", 1: "keyword-trimmed"}
_CONJUNCTION = re.compile(r"(?:^|\s)(?:and|et|en|und|of|de|du|van|&)\s", re.IGNORECASE)


# --- keywords -------------------------------------------------------------------------------------------------------


def split_keywords(entry: R, log: Log) -> R:
    """One keyword each: a list in one text is split, a name with commas is not; the same word is kept once."""
    if not entry.keyword:
        return entry
    kept: dict[tuple[str, str], Text] = {}
    for text in entry.keyword:
        if _ADDRESS.match(text.value):
            log.note("dcat:keyword", text.value, "keyword-address")
            continue
        parts = split(text.value)
        if len(parts) != 1 or parts[0] != text.value:
            log.note("dcat:keyword", text.value, _RULE_BY_COUNT.get(len(parts), "keyword-split"), ", ".join(parts))
        for part in parts:
            kept.setdefault((text.lang, part.casefold()), text if part == text.value else Text(part, text.lang))
    keywords = tuple(sorted(_short(kept.values(), log), key=lambda text: (text.lang, text.value)))
    return entry if keywords == entry.keyword else msgspec.structs.replace(entry, keyword=keywords)


def _short(texts: Iterable[Text], log: Log) -> list[Text]:
    short = []
    for text in texts:
        if len(text.value) <= LONGEST_KEYWORD:
            short.append(text)
        else:
            log.note("dcat:keyword", text.value, "keyword-too-long")
    return short


@lru_cache(maxsize=8_192)
def split(text: str) -> tuple[str, ...]:
    """The keywords in a text; what has neither letter nor digit is none."""
    if text.startswith("[") and text.endswith("]"):
        return _json_list(text)
    parts = [part for part in _HARD_SEPARATOR.split(text) if part]
    if len(parts) < 2 and "," in text:
        parts = _by_comma(text)
    words = (_bare(part) for part in parts)
    return tuple(dict.fromkeys(word for word in words if any(map(str.isalnum, word))))


def _bare(text: str) -> str:
    """A word without what stands around it; quotes go in pairs, or when the other half is missing."""
    text = text.strip(_AROUND)
    for first, last in _QUOTES:
        is_pair = text.startswith(first) and text.endswith(last) and first not in text[1:-1] and len(text) > 1
        is_half = text.count(first) + text.count(last) * (first != last) == 1
        if is_pair or (is_half and (text.startswith(first) or text.endswith(last))):
            text = text.removeprefix(first).removesuffix(last).strip(_AROUND)
    return text


def _json_list(text: str) -> tuple[str, ...]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return (text.strip("[]\"' "),)
    return tuple(dict.fromkeys(value.strip() for value in values if isinstance(value, str) and value.strip()))


def _by_comma(text: str) -> list[str]:
    """Three short parts, or two words in lower case, are a list; a known name, or `… and food` at the end, is none."""
    parts = [part for part in _COMMA.split(text) if part]
    if _is_name(text) or any(len(part.split()) > 3 for part in parts) or any(map(_CONJUNCTION.search, parts)):
        return [text]
    if len(parts) >= 3 or (len(parts) == 2 and all(part.islower() and len(part.split()) == 1 for part in parts)):
        return parts
    return [text]


def _is_name(text: str) -> bool:
    vocabularies = (THEMES, INSPIRE_THEMES, TOPIC_CATEGORIES, EUROVOC_DOMAINS, HVD_CATEGORIES)
    return key(text) in _aliases() or any(vocabulary.find(text) for vocabulary in vocabularies)


# --- themes ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _aliases() -> dict[str, tuple[str, ...]]:
    return {key(row["alias"]): tuple(row["themes"].split()) for row in table("theme-alias")}


@lru_cache(maxsize=8_192)
def codes(text: str) -> tuple[str, ...]:
    """The EU data themes that a theme of any vocabulary means; empty when that is not certain."""
    if len(text) > 500:
        return ()
    if term := THEMES.find(text) or (find(THEMES, text.partition("#")[0]) if "/data-theme/" in text else None):
        return (term.code,)
    for vocabulary in (INSPIRE_THEMES, TOPIC_CATEGORIES, EUROVOC_DOMAINS):
        if found := vocabulary.find(text):
            return found.words("themes")
    if alias := _aliases().get(key(text)):
        return alias
    refined = parse_qs(urlsplit(text).query).get("refine.theme") if "refine.theme=" in text else None
    return codes(refined[0]) if refined else ()


@lru_cache(maxsize=8_192)
def codes_of_keyword(text: str) -> tuple[str, ...]:
    """The one EU data theme that a keyword means: words with several meanings, and very short ones, tell nothing."""
    found = codes(text)
    return found if len(found) == 1 and len(text) >= 5 else ()


def name_themes(entry: R, log: Log) -> R:
    """dcat:theme: the EU themes, and the source's own themes when they have an IRI and a name."""
    found: dict[str, Concept] = {}
    words: list[Text] = []
    for concept in chain.from_iterable(map(_parted, entry.theme)):
        _take(concept, found, words, log)
    if not any(iri in THEMES.by_iri for iri in found):
        _from_keywords(entry.keyword, found, log)
    themes = tuple(found[iri] for iri in sorted(found))
    if themes == entry.theme:
        return entry
    return msgspec.structs.replace(entry, theme=themes, keyword=_with_words(entry.keyword, tuple(words), log))


def _with_words(keywords: Texts, words: Texts, log: Log) -> Texts:
    """What was called a theme and is none is still a word to search by."""
    if not words:
        return keywords
    named = tagged(words, log.language, "dcat:keyword", log)
    parts = {Text(part, text.lang) for text in named for part in split(text.value) if len(part) <= LONGEST_KEYWORD}
    return tuple(sorted({*keywords, *parts}, key=lambda text: (text.lang, text.value)))


def _parted(concept: Concept) -> tuple[Concept, ...]:
    """A text that lists several themes (`Environnement, Transports`) as several, where each is certain."""
    listed = glued(said(concept))
    if len(listed) > 1 and all(map(codes, listed)):
        return tuple(Concept(iri=Iri(address)) for address in listed)
    if concept.iri or len(concept.labels) != 1 or codes(concept.labels[0].value):
        return (concept,)
    (text,) = concept.labels
    parts = [part for part in _LIST.split(text.value[:LONGEST_KEYWORD]) if part]
    if len(parts) < 2 or not all(map(codes, parts)):
        return (concept,)
    return tuple(Concept(labels=(Text(part, text.lang),)) for part in parts)


def _take(concept: Concept, found: dict[str, Concept], words: list[Text], log: Log) -> None:
    means = next((themes for text in spellings(concept) if (themes := codes(text))), ())
    for code in means:
        term = THEMES.by_code[code]
        found[term.iri] = THEMES.concept(term)
        if concept.iri != term.iri:
            log.note("dcat:theme", said(concept), "theme-mapped", term.iri)
    if concept.iri in THEMES.by_iri or (means and _is_eu(concept)):
        return
    if concept.iri and concept.labels and not _is_eu(concept):
        found[concept.iri] = concept
    elif not means:
        log.note("dcat:theme", said(concept), "theme-unknown", ", ".join(text.value for text in concept.labels))
        words += concept.labels


def _is_eu(concept: Concept) -> bool:
    return concept.iri is not None and "europa.eu/" in concept.iri and "/authority/data-theme/" in concept.iri


def _from_keywords(keywords: Texts, found: dict[str, Concept], log: Log) -> None:
    for text in keywords:
        for code in codes_of_keyword(text.value):
            term = THEMES.by_code[code]
            if term.iri not in found:
                log.note("dcat:theme", text.value, "theme-from-keyword", term.iri)
            found[term.iri] = THEMES.concept(term)
