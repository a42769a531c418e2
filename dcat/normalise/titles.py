"""A title where a source gave none: what its files, first sentence, page or identifier call it. Ours, and told so."""

import re
from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import msgspec

from ..model import DataService, Dataset, DatasetSeries, Entry, Publication, Text, Texts
from .formats import meaning
from .languages import likely
from .notes import Log
from .texts import is_placeholder

R = TypeVar("R", Dataset, DatasetSeries, DataService, Publication)

LONGEST = 120
"""Characters of a title that is made of a sentence."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}\Z")
_SEPARATORS = re.compile(r"[\s_.+-]+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBERED = re.compile(r"(?:[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|[0-9a-f]{16,})", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:download(?:en)?|t[eé]l[eé]charg\w*|herunterladen|data(?:set)?|donn[eé]es|daten|file|fichier|bestand|datei|link|lien"
    r"|url|resource|ressource|access|index|default|main|view|details?|item|record|[\W\d]*)(?:[ _-]*\d+)?",
    re.IGNORECASE,
)


def give_title(entry: R, log: Log) -> R:
    """dct:title is a must: where none is given, what the entry is called elsewhere stands in for it."""
    if entry.title:
        return entry
    for where, title in _candidates(entry, log):
        if title:
            log.note("dct:title", where, "title-made", title[0].value)
            return msgspec.structs.replace(entry, title=title)
    return entry


def _candidates(entry: Entry, log: Log) -> Iterator[tuple[str, Texts]]:
    for file in entry.distribution if isinstance(entry, Dataset | DataService) else ():
        yield "dcat:distribution/dct:title", tuple(text for text in file.title if not says_nothing(text.value))
    yield "dct:description", tuple(Text(first_sentence(text.value), text.lang) for text in entry.description)
    pages = (*entry.landing_page, *entry.page)
    for page in pages:
        yield "dcat:landingPage/dct:title", tuple(text for text in page.titles if not says_nothing(text.value))
    for where, named in (
        ("dcat:landingPage", [page.iri for page in pages if page.iri]),
        ("dct:identifier", [*(text.value for text in entry.identifier), log.identifier, entry.iri or ""]),
    ):
        names = (name for text in named if (name := readable(text)))
        yield where, tuple(Text(name, likely(name, log.language)) for name in list(names)[:1])


def says_nothing(title: str) -> bool:
    """True for the title of a file that fits any: `CSV`, `Download 2`, `données`."""
    text = title.strip()
    return _SAYS_NOTHING.fullmatch(text) is not None or is_placeholder(text) or meaning(title) is not None


def first_sentence(text: str) -> str:
    """The first sentence of a description, cut between words."""
    sentence = next((part.strip() for part in _SENTENCE.split(text.strip()) if part.strip()), "")
    if len(sentence) <= LONGEST:
        return sentence.removesuffix(".") or sentence
    return f"{sentence[: LONGEST - 1].rpartition(' ')[0] or sentence[: LONGEST - 1]}…"


def readable(text: str) -> str:
    """The words of an identifier or of the last step of an address: `Street trees`; empty for numbers and codes."""
    parts = urlsplit(text) if "://" in text else None
    if parts is not None and not parts.path.strip("/") and not parts.fragment:
        return ""
    last = unquote(re.split(r"[/#:]", text.partition("?")[0].rstrip("/#"))[-1])
    name = _SEPARATORS.sub(" ", _ENDING.sub("", last)).strip()
    if _NUMBERED.search(last) or not _WORD.search(name) or says_nothing(name) or len(name) > LONGEST:
        return ""
    return name[:1].upper() + name[1:]
