"""Records that stand in one document: none of them need be asked for again while all of them are held.

A run may end between two of them, so the version of each says how many there are.
"""

from .base import Crawl


def version_of(document: str, count: int) -> str:
    """The version of each record of a document. `document`: which one it is and when it changed; empty when that is not
    known, and so is the version then."""
    return f"{count} {document}" if document else ""


def held_of(crawl: Crawl) -> dict[str, list[str]]:
    """The identifiers of the records of each document that we hold wholly, by what `version_of` was told of it."""
    found: dict[str, list[str]] = {}
    for identifier, version in crawl.versions.items():
        found.setdefault(version, []).append(identifier)
    counted = ((*version.partition(" "), identifiers) for version, identifiers in found.items())
    return {document: identifiers for count, _, document, identifiers in counted if count == str(len(identifiers))}
