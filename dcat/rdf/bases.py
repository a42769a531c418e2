"""The base that a document declares for itself, taken out of it: the parser then leaves references as they are written.

Who reads them decides which of them are addresses (`dcat.rdf.references`). A base that changes within a document stays
in it, and the parser resolves what follows.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from .formats import ParseError

_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_NAMED = re.compile(rb"@base\s*<([^<>\s]*)>\s*\.|\bbase\s*<([^<>\s]*)>", re.IGNORECASE)
MOST_PREFIXES, MOST_LOOKED_AT = 10_000, 100_000
"""That all agencies of the world together have a use for; and declarations that are looked at to tell."""
_PREFIX = re.compile(rb"\bprefix\s+([^\s:<>]*)\s*:\s*<", re.IGNORECASE)
_RELATIVE_PREFIX = re.compile(rb"(\bprefix\s+[^\s:<>]*:\s*)<([^<>:\s]*)>", re.IGNORECASE)
_PROLOGUE = re.compile(
    rb"(?:\s++|#[^\n]*+\n|@prefix\s[^<\n]*+<[^>\n]*+>\s*+\.|prefix\s[^<\n]*+<[^>\n]*+>)*+", re.IGNORECASE
)
"""It never goes back, so that it need not remember each prefix: half a million took 120 MB."""


def of_turtle(data: bytes) -> tuple[bytes, str]:
    """A Turtle document without the one base that stands at its beginning, its lines and columns as they were."""
    found = list(islice(_named(data), 2))
    prologue = _PROLOGUE.match(data) if len(found) == 1 else None
    if prologue is None or prologue.end() < found[0].start():
        return data, ""
    base = found[0]
    blank = re.sub(rb"[^\n]", b" ", base[0])
    return data[: base.start()] + blank + data[base.end() :], (base[1] or base[2] or b"").decode("utf-8", "replace")


def _named(data: bytes) -> Iterator[re.Match[bytes]]:
    """The bases that are named."""
    return _at_each(_BASE, data, lambda start: _NAMED.match(data, start - 1) or _NAMED.match(data, start))


def _at_each(word: bytes, data: bytes, match: Callable[[int], re.Match[bytes] | None]) -> Iterator[re.Match[bytes]]:
    """What is found where a keyword stands, in small letters or others: a pattern alone would try each letter."""
    for start, stretch in _in_small_letters(data, len(word)):
        at = stretch.find(word)
        while at >= 0:
            if found := match(start + at):
                yield found
            at = stretch.find(word, at + 1)


def _in_small_letters(data: bytes, longest: int) -> Iterator[tuple[int, bytes]]:
    """The document part by part, with where each begins; every word of that length stands whole in one of them."""
    for start in range(0, len(data), _STRETCH):
        yield start, data[start : start + _STRETCH + longest - 1].lower()


_BASE, _WORD_PREFIX = b"base", b"prefix"
_STRETCH = 1_000_000
"""Bytes that are put in small letters at a time."""


def check_prefixes(data: bytes) -> None:
    """Raises `ParseError` for a Turtle document that declares more prefixes than anybody uses; documents joined into
    one declare the same ones again and again."""
    stretches = _in_small_letters(data, len(_WORD_PREFIX))
    if sum(stretch.count(_WORD_PREFIX) for _, stretch in stretches) > MOST_PREFIXES:
        declared = set(islice((found[1] for found in _PREFIX.finditer(data)), MOST_LOOKED_AT))
        if len(declared) > MOST_PREFIXES:
            raise ParseError(f"This Turtle declares more than {MOST_PREFIXES} prefixes.")


def with_prefixes(data: bytes, resolved: Callable[[str], str]) -> bytes:
    """A Turtle document whose prefixes stand for addresses (`@prefix : <#> .`): the parser demands it of names."""

    kept, at = [], 0
    for found in _at_each(_WORD_PREFIX, data, lambda start: _RELATIVE_PREFIX.match(data, start)):
        if found.start() >= at:
            address = resolved(found[2].decode("utf-8", "replace")).encode()
            kept += [data[at : found.start(2)], address or found[2]]
            at = found.end(2)
    return b"".join((*kept, data[at:])) if kept else data


def of_rdf_xml(root: etree._Element) -> str:
    """The base of the root element, taken from it; empty when it has none, or elements in it have others."""
    if root.get(_XML_BASE) is None or any(_XML_BASE in element.attrib for element in root.iterdescendants("*")):
        return ""
    return str(root.attrib.pop(_XML_BASE))


def of_jsonld(document: Any) -> str:
    """The base that all contexts at the top of a JSON-LD document share, taken from them; else empty."""
    contexts = [context for each in _listed(document) if isinstance(each, dict) for context in _contexts(each)]
    given = [context for context in contexts if isinstance(context.get("@base"), str)]
    bases = {context["@base"] for context in given}
    if len(bases) != 1:
        return ""
    for context in given:
        del context["@base"]
    return str(bases.pop())


def _contexts(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [context for context in _listed(document.get("@context")) if isinstance(context, dict)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
