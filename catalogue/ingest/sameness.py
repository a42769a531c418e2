"""By what an entry is known in every catalogue that lists it: identifiers that mean the same everywhere.

A key is an IRI: of the entry itself, of a DOI, of a UUID. What only its own catalogue understands, such as `12` or a
title, is none. Whether two entries with one key are the same is decided when it is asked (`catalogue.ingest.twins`).
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from dcat.model import Dataset, Entry, Texts

from ..search.language.analysis import words
from ..search.language.texts import best_text
from ..store.keys import LIKE
from .identity import digest, one_way, usable_iri

MOST_KEYS = 20
"""Keys of one entry that are kept; one that says more identifiers begins with these, in order of text."""
NO_UUID = re.compile(r"(.)\1{7}-")
"""`00000000-…` and its like are written by people who have none."""

_UUID = re.compile(r"(?:urn:uuid:|\{)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?\Z", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/)?(10\.\d{4,9}/\S+)\Z", re.IGNORECASE)


def keys(entry: Entry, iri: str, identifier: str, publisher: str) -> frozenset[str]:
    """The keys of an entry as its source says it, of the IRI that we publish it under, of the source's own identifier
    of the record, and of what it looks like."""
    said = {key for text in (iri, *identifiers(entry)) for key in strong(text)}
    if not _address(identifier):  # an address may be that of a landing page, taken for want of an identifier
        said.update(strong(identifier))
    return frozenset((*sorted(said)[:MOST_KEYS], *likeness(entry, publisher)))


def identifiers(entry: Entry) -> Iterator[str]:
    """Everything that the source calls the entry."""
    yield entry.iri or ""
    yield from (text.value for text in entry.identifier)
    if isinstance(entry, Dataset):
        for other in entry.other_identifier:
            yield other.iri or ""
            yield from (text.value for text in other.notation)


def strong(identifier: str) -> tuple[str, ...]:
    """The keys that an identifier gives: none for one that only its own catalogue understands."""
    text = identifier.strip()
    if found := _DOI.match(text):
        return (f"https://doi.org/{unquote(found[1]).lower()}",)
    if uuid := _uuid(text):
        return (uuid,)
    address = _address(text)
    last = unquote(urlsplit(address).path.rpartition("/")[2]) if address else ""
    return tuple(filter(None, (address, _uuid(last))))


def likeness(entry: Entry, publisher: str) -> tuple[str, ...]:
    """Codes that entries share which have the same title, publisher (slug) and landing page; those that name no page
    share that of title and publisher. None for an entry without publisher or without a word in its title."""
    title = called(entry.title)
    if not title or not publisher:
        return ()
    pages = sorted({_address(page.iri or "") or "" for page in entry.landing_page})[:MOST_KEYS] or [""]
    return tuple(LIKE + digest(title, publisher, page) for page in pages)


def called(title: Texts) -> str:
    """The words of a title, by which two are told to be the same."""
    return " ".join(words(best_text(title, "fr").value))


def _uuid(text: str) -> str:
    found = _UUID.match(text)
    return f"urn:uuid:{found[1].lower()}" if found and not NO_UUID.match(found[1]) else ""


def _address(text: str) -> str:
    """An http(s) IRI of more than a host, written one way, with `https` for both."""
    if usable_iri(text) is None:
        return ""
    try:
        parts = one_way(text)
    except ValueError:
        return ""
    is_more = parts.netloc and (parts.path or parts.query or parts.fragment)
    return parts._replace(scheme="https").geturl() if is_more else ""
