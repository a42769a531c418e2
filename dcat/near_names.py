"""Names that are not the profile's and are meant to be: dcat:license for dct:license, vcard:hasUrl for vcard:hasURL.

A slip is known by rule: the property is of one of the vocabularies in use, if written another way (https, another
ending), and is called as the profile's property is, or as the field that holds it, apart from capitals, hyphens, `has`
and the plural. Reading one is a finding; of what is not read, the report names the property that may be meant.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, lru_cache

from .model import Field, Node, properties, structs
from .namespaces import compact, expand, vocabularies

_PARTS = re.compile(r"(.*[/#])([^/#]+)\Z", re.DOTALL)
_SCHEME = re.compile(r"\Ahttps?://(?:www\.)?")
_NO_LETTER = re.compile(r"[^a-z0-9]")
_WITHOUT_SLIPS = frozenset({"rdf", "rdfs", "owl", "hydra", "sh", "as", "oa", "dqv"})
"""Vocabularies that the profile takes no property of which could be meant."""
_OTHERS = ("http://www.w3.org/2003/01/geo/wgs84_pos#", "http://purl.org/dc/dcam/")
_CLOSE = 0.85
MOST = 20
"""Properties that one line names."""


@lru_cache(maxsize=4_096)
def meant(struct: type[Node], iri: str) -> str:
    """The property of a struct that is meant by another, such as `dct:license`; empty when none, or one of two."""
    name = known_key(iri)
    if not name:
        return ""
    scores = {field.property.curie: _likeness(field, name) for field in properties(struct)}
    best = max(scores.values(), default=0)
    found = [curie for curie, score in scores.items() if score == best > 0]
    return found[0] if len(found) == 1 and compact(iri) not in scores else ""


@lru_cache(maxsize=4_096)
def hint(curie: str) -> str:
    """The profile's property that may be meant by one that nobody read (short form); empty when none comes to mind."""
    iri = expand(curie) if curie.partition(":")[0] in vocabularies() else curie
    name = known_key(iri)
    known = _by_name()
    if name in known:
        return known[name] if known[name] != compact(iri) else ""
    neighbours = [one for one, other in known.items() if _are_mixed_up(iri, expand(other))] if name else []
    return next((known[one] for one in get_close_matches(name, neighbours, 1, _CLOSE)), "")


def listed(unread: Mapping[str, int], ask: str = "{}?") -> str:
    """What nobody read, in one line: `dcat:license ×1 (dct:license?), x:y ×2`; the most frequent first."""
    most = sorted(unread.items(), key=lambda one: (-one[1], one[0]))[:MOST]
    told = [f"{name} ×{times}" + (f" ({ask.format(meant)})" if (meant := hint(name)) else "") for name, times in most]
    return ", ".join((*told, *(["…"] if len(unread) > MOST else [])))


def key(name: str) -> str:
    """A name without what slips of spelling change: `hasURL`, `hasUrl` and `url` are the same."""
    bare = _NO_LETTER.sub("", name.lower()).removeprefix("has")
    return bare.removesuffix("s") if len(bare) > 4 else bare


def _likeness(field: Field, name: str) -> int:
    """2 for the name of both the property and the field, 1 for that of one of them."""
    return (key(field.property.curie.partition(":")[2]) == name) + (key(field.name) == name)


@lru_cache(maxsize=4_096)
def in_its_namespace(iri: str) -> str:
    """A property or class as it is meant whose vocabulary has its namespace written another way (https, another ending
    or none, `www.`); any other as it is."""
    parts = _PARTS.match(iri)
    if parts is None or parts[1] in vocabularies().values():
        return iri
    namespace = _by_bare().get(_bare(parts[1]))
    return namespace + parts[2] if namespace else _without_ending().get(_SCHEME.sub("", iri), iri)


def _are_mixed_up(iri: str, other: str) -> bool:
    """True for properties of one vocabulary, and of those that are taken for each other: schema:box is no foaf:mbox."""
    parts = {_bare(found[1]) for each in (iri, other) if (found := _PARTS.match(each))}
    return len(parts) == 1 or parts <= _MIXED_UP


def known_key(iri: str) -> str:
    """The key of a property of the vocabularies in use, written in whatever way; empty for any other."""
    parts = _PARTS.match(iri)
    return key(parts[2]) if parts and _bare(parts[1]) in _namespaces() else ""


def _bare(namespace: str) -> str:
    return _SCHEME.sub("", namespace.lower()).rstrip("/#")


_MIXED_UP = frozenset(_bare(vocabularies()[prefix]) for prefix in ("dcat", "dct", "dc"))


@cache
def _by_bare() -> dict[str, str]:
    """The namespaces of the vocabularies in use, without what slips change; http://schema.org/ is the first of two."""
    return {_bare(iri): iri for iri in reversed(tuple(vocabularies().values()))}


@cache
def _without_ending() -> dict[str, str]:
    """The profile's properties and classes by what they become after a prefix that lacks its `#` or `/`."""
    curies = {struct.CLASS for struct in structs()} | {f.property.curie for one in structs() for f in properties(one)}
    names = ((expand(curie), curie.partition(":")[2]) for curie in sorted(curies))
    return {_bare(iri.removesuffix(name)) + name: iri for iri, name in names}


@cache
def _namespaces() -> frozenset[str]:
    own = (iri for prefix, iri in vocabularies().items() if prefix not in _WITHOUT_SLIPS)
    return frozenset(map(_bare, (*own, *_OTHERS)))


@cache
def _by_name() -> dict[str, str]:
    """The profile's properties by key; the first struct that has one counts: entries, then their parts."""
    found: dict[str, str] = {}
    fields = [field for struct in structs() for field in properties(struct)]
    for field in fields:
        found.setdefault(key(field.property.curie.partition(":")[2]), field.property.curie)
    for field in fields:
        found.setdefault(key(field.name), field.property.curie)
    return found
