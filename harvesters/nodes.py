"""Nodes of the model made from the words of a field: an IRI where it is one, a label where it is words.

Values stay as they are written: `dcat.normalise` mends them.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from dcat.model import (
    Concept,
    Date,
    Document,
    Iri,
    LegalResource,
    RightsStatement,
    Standard,
    Text,
    Wkt,
)

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def is_iri(text: str) -> bool:
    """True for what was meant as an address or IRI and not as words."""
    return _IRI.fullmatch(text) is not None


def beside(address: str, base: str) -> str:
    """An address without a host, as it stands beside another; as it is written where the two make none."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def iri(text: str) -> Iri | None:
    """The text as an IRI; None for none."""
    return Iri(text) if text else None


def iris(words: Iterable[str]) -> tuple[Iri, ...]:
    """The texts as IRIs, as they are written."""
    return tuple(Iri(word) for word in words)


def labelled(struct: Any, field: str, text: str) -> Any:
    """A node from one text: its IRI when it is one, else a label in the field of that name; None for no text."""
    if not text:
        return None
    return struct(iri=Iri(text)) if is_iri(text) else struct(**{field: (Text(text),)})


def concept(text: str) -> Concept | None:
    """A term by its IRI or its name."""
    found: Concept | None = labelled(Concept, "labels", text)
    return found


def concepts(words: Iterable[str]) -> tuple[Concept, ...]:
    """Terms by their IRIs or names."""
    return tuple(labelled(Concept, "labels", word) for word in words)


def documents(words: Iterable[str]) -> tuple[Document, ...]:
    """Pages by their addresses."""
    return tuple(labelled(Document, "titles", word) for word in words)


def standards(words: Iterable[str]) -> tuple[Standard, ...]:
    """Standards by their IRIs or names."""
    return tuple(labelled(Standard, "titles", word) for word in words)


def laws(words: Iterable[str]) -> tuple[LegalResource, ...]:
    """Laws by their IRIs."""
    return tuple(LegalResource(iri=Iri(word)) for word in words)


def statement(text: str) -> RightsStatement | None:
    """Words about rights, or the term they name."""
    found: RightsStatement | None = labelled(RightsStatement, "labels", text)
    return found


def date(text: str) -> Date | None:
    """A date as it is written; None for none."""
    return Date(text) if text else None


def wkt(text: str) -> Wkt | None:
    """A geometry as it is written (WKT, GeoJSON or GML); None for none."""
    return Wkt(text) if text else None


def box(west: float, south: float, east: float, north: float) -> Wkt:
    """The rectangle between four degrees."""
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Wkt(f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))")
