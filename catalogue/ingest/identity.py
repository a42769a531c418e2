"""Who is who: ids, slugs and IRIs, each made from what does not change.

A record is known by its source and the source's own identifier, never by its title. From that pair comes the id; the
slug is given once and kept; the IRI is the source's own when it gives one that nobody else of the catalogue has.
"""

import base64
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import msgspec
from slugify import slugify

from dcat.model import Agent, Distribution, Entry, Iri, Node, Texts, properties
from dcat.our_languages import best_along

N = TypeVar("N", bound=Node)

SLUG_LENGTH = 80
"""Characters of a slug made from a title, cut between words."""
IDENTIFIER_BYTES = 1000
"""Bytes of the longest identifier kept as it is; what is longer is cut and closed with its digest."""
IRI_BYTES = 2000
"""Bytes of the longest IRI that an entry may have: what every database can index."""

_USUAL_PORTS = {"http": 80, "https": 443}
_ELISION = (("’", "-"), ("'", "-"))
_OUR_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`\x7f-\x9f]+\Z", re.IGNORECASE)
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def digest(*parts: str, size: int = 10) -> str:
    """An opaque text of letters and digits made from the parts."""
    data = b"\x00".join(part.encode("utf-8", "surrogatepass") for part in parts)
    return base64.b32encode(blake2b(data, digest_size=size).digest()).decode().rstrip("=").lower()


def source_id(url: str, kind: str, number: int = 0) -> str:
    """The id of a source: registered again after its removal, it gets back its entries. `number`: how many of that
    address moved away since, with the ids that they had."""
    return digest("source", kind, url_key(url), *([str(number)] if number else ()), size=5)


@lru_cache(maxsize=4_096)
def entry_id(source: str, identifier: str) -> str:
    """The id of an entry, from the id of its source and the source's own identifier. Remembered: of each record of a
    batch it is asked before the writers' lock is taken and again while others wait for it."""
    return digest("entry", source, identifier)


def one_way(url: str) -> SplitResult:
    """An address written one way: scheme and host in small letters, without the usual port, no slash at the end. Raises
    `ValueError` when it is none."""
    parts = urlsplit(url.strip())
    port = f":{parts.port}" if parts.port and parts.port != _USUAL_PORTS.get(parts.scheme) else ""
    host = (parts.hostname or "").lower() + port
    return parts._replace(scheme=parts.scheme.lower(), netloc=host, path=parts.path.rstrip("/"))


def url_key(url: str) -> str:
    """The address by which two registrations of one source are told to be the same."""
    return one_way(url)._replace(fragment="").geturl()


def clean_identifier(identifier: str) -> str:
    """The identifier as every database can keep and find it: without control characters, of bounded length."""
    text = _UNSTORABLE.sub("\ufffd", identifier.strip())
    if len(text.encode()) <= IDENTIFIER_BYTES:
        return text
    return text.encode()[: IDENTIFIER_BYTES - 40].decode(errors="ignore") + "…" + digest(text)


def slug(texts: Texts, languages: Sequence[str]) -> str:
    """A readable slug; empty when no text has a letter or digit that can be written in one."""
    text = best_along(languages, texts)
    return _slugified(text.value) if text else ""


@lru_cache(maxsize=4_096)
def _slugified(text: str) -> str:
    """The backend is named, or the slugs would depend on which other packages are installed."""
    return slugify(text, max_length=SLUG_LENGTH, word_boundary=True, replacements=_ELISION, backend="text-unidecode")


def names(wanted: str, id: str) -> tuple[str, ...]:
    """The slugs that an entry may have, best first: the wanted one, or with as much of the id as makes it unique."""
    longer = (f"{wanted}-{id[:length]}".strip("-") for length in (6, 10, len(id)))
    return tuple(name for name in (wanted, *longer) if name)


def usable_iri(iri: str | None) -> Iri | None:
    """The IRI when an entry may have it: http or https, valid and not too long."""
    return Iri(iri) if iri and _OUR_IRI.match(iri) and len(iri.encode()) <= IRI_BYTES else None


def minted_iri(site: str, kind: str, id: str) -> Iri:
    """Our own IRI for an entry."""
    return Iri(f"{site}/id/{kind}/{id}")


def agent_iri(site: str, agent: Agent, languages: Sequence[str]) -> Iri:
    """Our IRI for an agent that has none: one for each name, so that all who write it so mean the same one."""
    return Iri(f"{site}/id/agent/{slug(agent.name, languages) or _content(agent)}")


def mint(entry: Entry, base: Iri, site: str, languages: tuple[str, ...]) -> Entry:
    """The entry with an IRI for every node in it that had none.

    Agents are shared between entries and get an IRI by name. All other nodes get a fragment of `base`, our own IRI of
    the entry, made from what identifies them within it: a distribution from its addresses, anything else from its
    content. The same node in the next harvest therefore has the same IRI.
    """

    def named(node: Node, taken: set[str]) -> Node:
        said, node = node, inside(node)
        if node.iri:
            return node
        if isinstance(said, Agent):  # known by what is said of it, whatever its parts are called
            return msgspec.structs.replace(node, iri=agent_iri(site, said, languages))
        iri = f"{base}#{type(node).__name__.lower()}-{_key(node)}"
        return msgspec.structs.replace(node, iri=iri if iri not in taken else f"{iri}-{_content(node)}")

    def inside(node: N) -> N:
        changes: dict[str, Any] = {}
        for name, many in _parts(type(node)):
            if value := getattr(node, name):
                changes[name] = each(value) if many else named(value, set())
        return msgspec.structs.replace(node, **changes) if changes else node

    def each(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        taken: set[str] = set()
        done: dict[Node, None] = {}
        for node in dict.fromkeys(nodes):
            fresh = named(node, taken)
            taken.add(fresh.iri or "")
            done[fresh] = None
        return tuple(sorted(done, key=lambda node: node.iri or ""))

    return inside(entry)


@cache
def _parts(struct: type[Node]) -> tuple[tuple[str, bool], ...]:
    """The fields of a struct that hold nodes, and whether they hold several."""
    fields = (field for field in properties(struct) if isinstance(field.item, type) and issubclass(field.item, Node))
    return tuple((field.name, field.many) for field in fields)


def _key(node: Node) -> str:
    if isinstance(node, Distribution) and (node.download_url or node.access_url):
        return digest(*node.access_url, "", *node.download_url, size=5)
    return _content(node)


def _content(node: Node) -> str:
    return digest(msgspec.json.encode(node).decode(), size=5)
