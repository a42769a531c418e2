"""Slips in JSON-LD that cost their own value and not the feed: each is mended in the document, and told.

The keywords have rules of their own (https://www.w3.org/TR/json-ld11/#syntax-tokens-and-keywords); a parser gives up
the whole document when one is broken.
"""

from collections.abc import Callable, Iterator
from typing import Any

from ..findings import Finding, finding

_CODES = ("@value", "@language", "@type", "@index", "@direction", "@context")
"""Keys of an object that is a value."""
_NAMES = ("@id", "identifier", "dct:identifier")

IsRead = Callable[[Any], bool]
"""Whether a parser can read a document."""


def mend(document: Any) -> list[Finding]:
    """Mends the slips in a document that no parser can read as it is, and says what became of each."""
    by_language = {term for context in _contexts(document) for term in _by_language(context)}
    return [*_mended_contexts(document), *_mended(document, "", by_language)]


def prune(document: Any, is_read: IsRead) -> tuple[Any, list[Finding]]:
    """The document without the values that no parser reads, each tried on its own, for slips that nobody foresaw."""
    pruning = _Pruning(is_read)
    return pruning.smaller(document, None, ""), pruning.found


# --- contexts ---------------------------------------------------------------------------------------------------------


def _contexts(document: Any) -> list[dict[str, Any]]:
    tops = document if isinstance(document, list) else [document]
    given = [top.get("@context") for top in tops if isinstance(top, dict)]
    flat = [one for each in given for one in (each if isinstance(each, list) else [each])]
    return [one for one in flat if isinstance(one, dict)]


def _by_language(context: dict[str, Any]) -> Iterator[str]:
    """Terms whose values stand under their languages."""
    for term, definition in context.items():
        if isinstance(definition, dict) and "@language" in _listed(definition.get("@container")):
            yield term


def _mended_contexts(document: Any) -> Iterator[Finding]:
    for context in _contexts(document):
        for term in [term for term, meant in context.items() if not _is_definition(term, meant)]:
            yield finding("syntax-mended", "", "@context", f"{term}: {context.pop(term)}")


def _is_definition(term: str, meant: Any) -> bool:
    """False for what is neither the meaning of a term nor the value of a keyword."""
    if term in {"@base", "@language", "@vocab"}:
        return meant is None or isinstance(meant, str)
    return term[:1] == "@" or meant is None or isinstance(meant, str | dict)


# --- nodes and values -------------------------------------------------------------------------------------------------


def _mended(value: Any, record: str, by_language: set[str]) -> Iterator[Finding]:
    if isinstance(value, list):
        for item in value:
            yield from _mended(item, record, by_language)
        return
    if not isinstance(value, dict):
        return
    for mending in (_mended_id, _mended_type, _mended_value, _mended_set, _mended_reverse):
        yield from mending(value, record)
    record = _name(value) or record
    for key, inner in value.items():
        if key in by_language and isinstance(inner, dict):
            yield from _mended_languages(inner, record, key)
        if key != "@context":
            yield from _mended(inner, record, by_language)


def _name(node: dict[str, Any]) -> str:
    return next((str(node[key]) for key in _NAMES if isinstance(node.get(key), str | int)), "")


def _mended_id(node: dict[str, Any], record: str) -> Iterator[Finding]:
    if "@id" in node and not isinstance(node["@id"], str):
        given = node.pop("@id")
        name = next((str(one) for one in _listed(given) if isinstance(one, str | int)), None)
        if name is not None:
            node["@id"] = name
        if given is not None:
            yield finding("syntax-mended", name or record, "@id", given)


def _mended_type(node: dict[str, Any], record: str) -> Iterator[Finding]:
    types = _listed(node.get("@type", []))
    named = [one.get("@id") if isinstance(one, dict) else one for one in types]
    if named != types or not all(isinstance(one, str) for one in types):
        given = node.pop("@type")
        if kept := [one for one in named if isinstance(one, str)]:
            node["@type"] = kept
        yield finding("syntax-mended", record, "@type", given)


def _mended_value(node: dict[str, Any], record: str) -> Iterator[Finding]:
    if "@value" not in node:
        return
    before = dict(node)
    for key in [key for key in node if key not in _CODES]:
        del node[key]
    if not isinstance(node.get("@language", ""), str):
        del node["@language"]
    if "@language" in node:
        node.pop("@type", None)
    if isinstance(node.get("@type"), list):
        node["@type"] = next(iter(node["@type"]), "@none")
    _one_scalar(node)
    if node != before:
        yield finding("syntax-mended", record, "@value", before.get("@value"))


def _one_scalar(node: dict[str, Any]) -> None:
    value = next((one for one in _listed(node["@value"]) if isinstance(one, str | int | float)), None)
    node["@value"] = str(value) if "@language" in node and value is not None else value


def _mended_set(node: dict[str, Any], record: str) -> Iterator[Finding]:
    for keyword in ("@set", "@list"):
        if keyword in node and (others := [key for key in node if key not in {keyword, "@index", "@context"}]):
            yield finding("syntax-mended", record, keyword, {key: node.pop(key) for key in others})


def _mended_reverse(node: dict[str, Any], record: str) -> Iterator[Finding]:
    if "@reverse" in node and not isinstance(node["@reverse"], dict):
        yield finding("syntax-mended", record, "@reverse", node.pop("@reverse"))


def _mended_languages(texts: dict[str, Any], record: str, field: str) -> Iterator[Finding]:
    for language, text in list(texts.items()):
        kept = [str(one) for one in _listed(text) if isinstance(one, str | int | float)]
        if language[:1] != "@" and (kept != _listed(text)):
            texts[language] = kept
            yield finding("syntax-mended", record, field, text)


# --- what nobody foresaw ----------------------------------------------------------------------------------------------


class _Pruning:
    def __init__(self, is_read: IsRead) -> None:
        self.is_read = is_read
        self.found: list[Finding] = []

    def smaller(self, value: Any, context: Any, record: str) -> Any:
        """A document, or a node within one, without what cannot be read in it."""
        if isinstance(value, list):
            return [self.smaller(item, context, record) for item in value]
        if not isinstance(value, dict):
            return value
        context, record = value.get("@context", context), _name(value) or record
        kept = {"@context": context} if "@context" in value else {}
        for key, inner in value.items():
            items = [self.item(key, each, context, record) for each in _listed(inner)] if key != "@context" else []
            items = [item for item in items if item is not None]
            if items or (inner == [] and key != "@context"):
                kept[key] = items if isinstance(inner, list) else items[0]
        return kept

    def item(self, key: str, item: Any, context: Any, record: str) -> Any:
        """One value of a key, or what can be read of it; None for nothing."""
        if self.is_read({"@context": context, key: item}):
            return item
        smaller = self.smaller(item, context, record) if isinstance(item, dict) else None
        if smaller == {}:
            return None
        if smaller is not None and self.is_read({"@context": context, key: smaller}):
            return smaller
        name = _name(item) if isinstance(item, dict) else ""
        self.found.append(finding("record-unreadable" if name else "syntax-mended", name or record, key, name or item))
        return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
