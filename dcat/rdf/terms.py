"""Which texts are valid terms: pyoxigraph's own constructors decide, so that what passes here can always be written."""

import re
from functools import lru_cache
from hashlib import blake2b

import pyoxigraph as ox

IRI_LIMIT = 2048
"""Characters of the longest IRI that is taken for one."""

_LABEL = re.compile(r"[A-Za-z0-9_]+", re.ASCII)


@lru_cache(maxsize=8_192)
def is_iri(text: str) -> bool:
    """True for an absolute IRI (RFC 3987) of at most `IRI_LIMIT` characters."""
    if len(text) > IRI_LIMIT:
        return False
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def is_language(tag: str) -> bool:
    """True for a well-formed language tag (BCP 47)."""
    try:
        ox.Literal("", language=tag)
    except ValueError:
        return False
    return True


def blank(label: str) -> str:
    """A blank node; its label is replaced by a digest when some format could not hold it."""
    return f"_:{label if _LABEL.fullmatch(label) else digest(label)}"


def digest(text: str) -> str:
    """Twenty hexadecimal digits that stand for a text, after a letter."""
    return "b" + blake2b(text.encode("utf-8", "replace"), digest_size=10).hexdigest()
