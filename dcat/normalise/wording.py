"""The texts of a field: free text under its language, one for each; names and codes as they are, but clean."""

from collections.abc import Callable

from ..model import (
    Activity,
    Catalog,
    CatalogRecord,
    Distribution,
    Node,
    ProvenanceStatement,
    Resource,
    RightsStatement,
    Text,
    Texts,
)
from . import languages, texts
from .notes import Log

MOST = 500
"""Texts of one field that are looked at."""

_PLAIN = frozenset({"dct:identifier", "skos:notation", "dcat:version"})
_PROSE = frozenset({"dct:description", "adms:versionNotes"})
_SPEAKING = (Resource, Distribution, Catalog, CatalogRecord)
_STATEMENTS = (RightsStatement, ProvenanceStatement, Activity)

TextCleaner = Callable[[Texts, str, Log], Texts]
"""(texts, property, log) → clean texts."""

Wash = Callable[[str], tuple[str | None, tuple[str, ...]]]
"""A text → its clean value and the rules that changed it."""


def cleaner(struct: type[Node], curie: str) -> TextCleaner:
    """How the texts of a field are cleaned: by whether they are codes, keywords, free text or names."""
    if curie in _PLAIN:
        return _plain_texts
    if curie == "dcat:keyword":
        return _keywords
    speaking = issubclass(struct, _SPEAKING) and curie in {"dct:title", *_PROSE}
    if speaking or issubclass(struct, _STATEMENTS):
        return _prose if curie in _PROSE or issubclass(struct, _STATEMENTS) else _titles
    return _named_aloud if curie in {"dct:title", "dct:description"} else _names


def _washed(values: Texts, wash: Wash, curie: str, log: Log) -> Texts:
    kept: list[Text] = []
    for text in values[:MOST]:
        value, rules = wash(text.value)
        for rule in rules:
            log.note(curie, text.value, rule, value or "")
        if value is not None:
            kept.append(text if value == text.value else Text(value, text.lang))
    if len(values) > MOST:
        log.note(curie, len(values), "list-cut", MOST)
    return tuple(kept)


def _prose(values: Texts, curie: str, log: Log) -> Texts:
    return _same(values, _speaking(_washed(values, texts.prose, curie, log), "\n\n", curie, log))


def _titles(values: Texts, curie: str, log: Log) -> Texts:
    return _same(values, _speaking(_washed(values, texts.line, curie, log), " / ", curie, log))


def _same(old: Texts, new: Texts) -> Texts:
    """The old texts when nothing changed: who sees the very same object need not look again."""
    return old if old == new else new


def _speaking(values: Texts, joint: str, curie: str, log: Log) -> Texts:
    """One text per language, each under its true tag."""
    values = languages.tagged(values, log.language, curie, log)
    if len(values) > 1:
        values = languages.one_per_language(values, joint, curie, log)
        values = languages.without_copies(values, curie, log)
    values = languages.true_tags(values, curie, log)
    if len(values) > languages.MOST:
        log.note(curie, len(values), "list-cut", languages.MOST)
    return ordered_texts(values[: languages.MOST])


def _keywords(values: Texts, curie: str, log: Log) -> Texts:
    washed = _washed(values, texts.line, curie, log)
    return _same(values, ordered_texts(languages.tagged(washed, log.language, curie, log)))


def _names(values: Texts, curie: str, log: Log) -> Texts:
    """Names of bodies, places and things: a tag is welcome and not demanded."""
    washed = _washed(values, texts.line, curie, log)
    tags = (Text(text.value, languages.tag(text.lang)[0]) if text.lang else text for text in washed)
    return _same(values, ordered_texts(tuple(tags)))


def _named_aloud(values: Texts, curie: str, log: Log) -> Texts:
    """Titles of pages, standards and licences: names, each with a tag."""
    tags = (text if text.lang else Text(text.value, languages.likely(text.value, log.language)) for text in values)
    return _names(tuple(tags), curie, log)


def _plain_texts(values: Texts, curie: str, log: Log) -> Texts:
    return _same(values, ordered_texts(_washed(values, texts.plain, curie, log)))


def one_plain_text(value: Text, curie: str, log: Log) -> Text | None:
    """A field that holds one text, such as a version."""
    kept = _washed((value,), texts.plain, curie, log)
    return kept[0] if kept else None


def ordered_texts(values: Texts) -> Texts:
    """Texts without repetition, by language and value."""
    if len(values) < 2:
        return values
    return tuple(sorted(set(values), key=lambda text: (text.lang, text.value)))
