"""Texts as JSON: by language tag."""

from dcat.model import Texts

UNTAGGED = "und"
"""Key of a text without language (BCP 47, “undetermined”)."""

Tagged = dict[str, str]
"""Language tag → text."""


def by_language(texts: Texts) -> Tagged:
    """The first text of each language."""
    found: Tagged = {}
    for text in texts:
        found.setdefault(text.lang or UNTAGGED, text.value)
    return found


def lists_by_language(texts: Texts) -> dict[str, list[str]]:
    """All texts of each language."""
    tags = {text.lang or UNTAGGED for text in texts}
    return {tag: [text.value for text in texts if (text.lang or UNTAGGED) == tag] for tag in sorted(tags)}


def values(texts: Texts) -> list[str]:
    """The texts without their language: identifiers have none."""
    return [text.value for text in texts]
