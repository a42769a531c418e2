"""An entry as it is published: its JSON, its RDF cut for joining, and what tells whether that is news."""

from hashlib import blake2b
from typing import NamedTuple

import msgspec

from dcat.model import Entry, Iri
from dcat.write import Parts, parts


class Edition(NamedTuple):
    """What is published of an entry, without what its catalogue record says."""

    body: bytes
    said: Parts
    hash: bytes
    """Differs whenever the entry, or by what it is known elsewhere, does."""


def edition(entry: Entry, base: Iri, keys: frozenset[str]) -> Edition:
    """A pure function of the entry with all its names. `base`: our own IRI of it; `keys`: those of `sameness`."""
    body, said = msgspec.json.encode(entry), parts(entry, f"{base}#")
    texts = (said.own, said.shared, *sorted(keys))
    hash = blake2b(b"\x00".join((body, *(text.encode() for text in texts))), digest_size=16).digest()
    return Edition(body, said, hash)
