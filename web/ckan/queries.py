"""`package_search` in our words: the closed part of Solr's grammar that clients use.

Clauses stand side by side or with AND between them: `field:value`, `field:"a value"`, `field:(a OR b)`,
`metadata_modified:[2026-01-01T00:00:00Z TO *]`, `*:*`. Everything else is refused with the reason.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import msgspec

from catalogue.search.base import Query
from catalogue.search.params import query_from_params
from dcat.vocab import FORMATS

_TYPES = {"dataset_series": "series", "dataset-series": "series"}


def _format(value: str) -> str:
    term = FORMATS.find(value)
    return term.code if term else value


def _type(value: str) -> str:
    return _TYPES.get(value, value)


FIELDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "organization": ("publisher", str),
    "owner_org": ("publisher", str),
    "groups": ("theme", str.upper),
    "tags": ("keyword", str),
    "res_format": ("format", _format),
    "license_id": ("licence", str),
    "type": ("type", _type),
    "dataset_type": ("type", _type),
}
"""Field of CKAN → our filter, and how a value is written there."""

ALWAYS_TRUE = {("state", "active"), ("private", "false"), ("capacity", "public"), ("site_id", "default")}
"""What is true of everything that is published."""

_CLAUSE = re.compile(
    r"""\s*(?P<sign>[+\-!]?)(?P<field>[A-Za-z_*][\w.]*):
    (?:"(?P<quoted>[^"]*)"|\[(?P<range>[^\]]*)\]|\((?P<several>[^)]*)\)|(?P<plain>[^\s"()\[\]]+))""",
    re.VERBOSE,
)
_AND = re.compile(r"\s*(AND|&&)\s+")
_WORD = re.compile(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))')
_ONE_OF = re.compile(r"\s+OR\s+|\s*\|\|\s*")
_OPERATOR = re.compile(r"[\[\](){}^~]|\\|(?:^|\s)(?:OR|NOT|\|\||!\S|-\S)")


class Unsupported(ValueError):
    """The query is in a part of Solr's grammar that is not spoken here: CKAN's Search Query Error."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asks."""

    query: Query
    """Words and filters; its page and sort stay as they are."""
    since: datetime | None = None
    until: datetime | None = None
    """Bounds of `metadata_modified`, both included."""

    @property
    def is_listing(self) -> bool:
        """True when neither words nor filters narrow it, but for the type."""
        return not self.query.text and not self.query.filters


def question(text: str, filters: list[str]) -> Question:
    """What `q` and `fq` ask. Raises `Unsupported`, `BadQuery`."""
    words, clauses = _split(text)
    clauses += [one for each in filters for one in _only_clauses(each)]
    chosen: list[tuple[str, str]] = [("q", words)] if words else []
    since = until = None
    for field, values in clauses:
        if field == "metadata_modified":
            since, until = _moments(values[0])
        elif field in FIELDS:
            name, written = FIELDS[field]
            chosen += [(name, written(value)) for value in values]
        elif not all((field, value.lower()) in ALWAYS_TRUE for value in values):
            raise _refused(f"{field}:{values[0]}")
    return Question(query=query_from_params(chosen), since=since, until=until)


def _split(text: str) -> tuple[str, list[tuple[str, list[str]]]]:
    """The words of `q`, and the clauses among them."""
    words: list[str] = []
    clauses: list[tuple[str, list[str]]] = []
    at = 0
    while at < len(text.rstrip()):
        if found := _AND.match(text, at):
            at = found.end()
        elif found := _CLAUSE.match(text, at):
            clauses += _clause(found)
            at = found.end()
        elif (found := _WORD.match(text, at)) and (found["quoted"] is not None or not _OPERATOR.search(found["plain"])):
            words.append(found["quoted"] or found["plain"] or "")
            at = found.end()
        else:
            raise _refused(text[at:])
    return " ".join(word for word in words if word != "*"), clauses


def _only_clauses(text: str) -> Iterator[tuple[str, list[str]]]:
    words, clauses = _split(text)
    if words:
        raise _refused(words)
    yield from clauses


def _clause(found: re.Match[str]) -> list[tuple[str, list[str]]]:
    field, whole = found["field"], found[0].strip()
    if found["sign"] in {"-", "!"}:
        raise _refused(whole)
    if field == "*":
        if found["plain"] != "*":
            raise _refused(whole)
        return []
    if found["range"] is not None:
        if field != "metadata_modified":
            raise _refused(whole)
        return [(field, [found["range"]])]
    if found["several"] is not None:
        several = [one.strip().strip('"') for one in _ONE_OF.split(found["several"])]
        if any(not one or _OPERATOR.search(one) for one in several):
            raise _refused(whole)
        return [(field, several)]
    value = found["quoted"] if found["quoted"] is not None else found["plain"]
    if field == "metadata_modified" or value == "*" or (found["quoted"] is None and _OPERATOR.search(value)):
        raise _refused(whole)
    return [(field, [value])]


def _moments(text: str) -> tuple[datetime | None, datetime | None]:
    low, to, high = text.partition(" TO ")
    if not to:
        raise _refused(f"metadata_modified:[{text}]")
    return _moment(low.strip()), _moment(high.strip())


def _moment(text: str) -> datetime | None:
    if text == "*":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _refused(f"metadata_modified: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refused(part: str) -> Unsupported:
    known = ", ".join((*FIELDS, "metadata_modified"))
    return Unsupported(
        f'This cannot be understood from {part.strip()[:60]!r} on. Clauses are field:value, field:"a value", '
        f"field:(a OR b) and metadata_modified:[A TO B], with AND between them; the fields are {known}."
    )
