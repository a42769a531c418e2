"""Which documents say nearly the same: yearly issues, the same file per commune or per language, copies."""

import re
from hashlib import blake2b

from .base import Document
from .language.analysis import words
from .language.texts import best_text

CODE_LENGTH = 13
"""Hexadecimal digits of a code: what a float holds exactly, as which tantivy counts numbers."""
_NUMBER = re.compile(r"[0-9.]+")


def group(document: Document) -> str:
    """A code that near-duplicates share: same kind, same publisher, same title but for numbers. One
    without publisher or without a word in its title is like no other. A copy is like what it is a copy of."""
    if document.group:
        return document.group
    title = best_text(document.title, "fr")
    kept = (word for word in words(title.value) if not _NUMBER.fullmatch(word))
    meant = " ".join(kept) if document.publisher_name else ""
    told = f"{document.type} {document.publisher_name} {meant or document.id}"
    return blake2b(told.encode(), digest_size=8).hexdigest()[:CODE_LENGTH]
