"""`package_search` in our words: the closed part of Solr's grammar that clients use.

Clauses stand side by side, with AND or with OR between them, and with `-`, `!` or NOT before them: `field:value`,
`field:"a value"`, `field:(a OR b)`, `(field:a OR other:b)`, `metadata_modified:[2026-01-01T00:00:00Z TO *]`, `*:*`.
What OR joins is one: `organization:a OR organization:b type:dataset`, as ckanext-harvest writes it. Everything else is
refused with the reason, and so are AND and OR without brackets between them.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import msgspec

from catalogue.search.base import BadQuery, Query
from catalogue.search.conditions import Chosen, Condition, Each, Either, Other
from catalogue.search.params import check, chosen_values, query_from_params
from dcat.vocab import FORMATS, LICENCES

from .moments import span

_OTHER_LICENCES = {
    "notspecified": "NONE",
    **dict.fromkeys(("other-at", "other-closed", "other-nc", "other-open"), "OTHER"),
}
"""Identifiers of CKAN's register of licences that name none."""
_TYPES = {"dataset_series": "series", "dataset-series": "series"}


def _format(value: str) -> str:
    term = FORMATS.find(value)
    return term.code if term else value


def _licence(value: str) -> str:
    term = LICENCES.find(value)
    return term.code if term else _OTHER_LICENCES.get(value.lower(), value)


def _type(value: str) -> str:
    return _TYPES.get(value, value)


FIELDS: dict[str, tuple[str, Callable[[str], str]]] = {
    "organization": ("publisher", str),
    "owner_org": ("publisher", str),
    "groups": ("theme", str.upper),
    "tags": ("keyword", str),
    "res_format": ("format", _format),
    "license_id": ("licence", _licence),
    "type": ("type", _type),
    "dataset_type": ("type", _type),
}
"""Field of CKAN → our filter, and how a value is written there."""

ALWAYS_TRUE = {("state", "active"), ("private", "false"), ("capacity", "public"), ("site_id", "default")}
"""What is true of everything that is published."""
NEVER_TRUE = {("type", "harvest"), ("dataset_type", "harvest")}
"""What is true of nothing here: sources of harvests are packages in CKAN."""

_CLAUSE = re.compile(
    r"""\s*(?P<sign>[+\-!]|NOT\s+)?(?P<field>[A-Za-z_*][\w.]*):
    (?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<range>[\[{][^\]}]*[\]}])|\((?P<several>[^)]*)\)|(?P<plain>(?:[^\s"()\[\]\\]|\\.)+))""",
    re.VERBOSE,
)
_JOIN = re.compile(r"\s*(AND|OR|&&|\|\|)(?=[\s(])")
_GROUP = re.compile(r"\s*\+?\(((?:[^()\"]|\"(?:[^\"\\]|\\.)*\"|\([^()]*\))*)\)")
_WORD = re.compile(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+))')
_ONE_OF = re.compile(r"\s+OR\s+|\s*\|\|\s*")
_ESCAPED = re.compile(r"\\(.)")
_WILD = re.compile(r"[*?]")
_OPERATOR = re.compile(r"[\[\](){}^~]|\\|(?:^|\s)(?:(?:AND|OR|NOT)(?:\s|$)|\|\||!\S|-\S)")


class Unsupported(ValueError):
    """The query is in a part of Solr's grammar that is not spoken here: CKAN's Search Query Error."""


class Clause(NamedTuple):
    """A field has one of these values, or has not."""

    field: str
    values: tuple[str, ...]
    is_not: bool = False
    said: str = ""
    """As it was written."""


Group = list[Clause]
"""Clauses at least one of which holds."""


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
        return not (self.query.text or self.query.filters or self.query.condition)


def question(text: str, filters: list[str], box: str = "") -> Question:
    """What `q`, `fq` and `ext_bbox` ask. Raises `Unsupported`, `BadQuery`."""
    words, groups = _split(text)
    groups += [group for each in filters for group in _only_groups(each)]
    since = until = None
    chosen = [(name, value) for name, value in (("q", words), ("bbox", box)) if value]
    demanded: list[Condition] = []
    for group in groups:
        first = group[0]
        name, written = FIELDS.get(first.field, ("", str))
        if len(group) > 1 or first.is_not or (name and name in dict(chosen)):
            demanded += [_condition(group)] if not any(map(_is_true, group)) else []
        elif first.field == "metadata_modified" and not (since or until):
            since, until = _moments(first.values[0])
        elif name:
            chosen += [(name, written(value)) for value in first.values]
        elif not _is_true(first):
            raise _refused(first.said)
    try:
        query = query_from_params(chosen)
    except BadQuery as error:
        raise error.at("ext_bbox" if error.parameter == "bbox" else error.parameter) from error
    if demanded:
        query = msgspec.structs.replace(query, condition=Each(tuple(demanded)))
        check(query)
    return Question(query=query, since=since, until=until)


def _is_true(clause: Clause) -> bool:
    """True for what holds of everything that is published."""
    said = {(clause.field, value.lower()) for value in clause.values}
    if clause.is_not and said & ALWAYS_TRUE:
        raise _refused(clause.said)
    return clause.field == "*" or (said <= NEVER_TRUE if clause.is_not else said <= ALWAYS_TRUE)


def _condition(group: Group) -> Condition:
    found = tuple(map(_demanded, group))
    return found[0] if len(found) == 1 else Either(found)


def _demanded(clause: Clause) -> Condition:
    if clause.field not in FIELDS:
        raise _refused(clause.said)
    name, written = FIELDS[clause.field]
    chosen = Chosen(name, chosen_values(name, map(written, clause.values)))
    return Other(chosen) if clause.is_not else chosen


def _split(text: str) -> tuple[str, list[Group]]:
    """The words of `q`, and the clauses among them, those that OR joins together."""
    words: list[str] = []
    groups: list[Group] = []
    at, join, joins, is_clause = 0, "", set[str](), False
    while at < len(text.rstrip()):
        if (found := _JOIN.match(text, at)) and not join and (words or groups):
            join = "OR" if found[1] in {"OR", "||"} else "AND"
            joins.add(join)
            if join == "OR" and not is_clause:
                raise _refused(text[at:])
        elif found := _GROUP.match(text, at):
            inner, more = _split(found[1])
            if inner and (more or join == "OR"):
                raise _refused(found[0])
            words += [inner] if inner else []
            _add(groups, more, join if more else "", found[0])
            join, is_clause = "", len(more) == 1
        elif found := _CLAUSE.match(text, at):
            _add(groups, [[_clause(found)]], join, found[0])
            join, is_clause = "", True
        elif join != "OR" and (found := _word(text, at)):
            words.append(found["quoted"] or found["plain"] or "")
            join, is_clause = "", False
        else:
            raise _refused(text[at:])
        at = found.end()
    if join or joins == {"AND", "OR"}:
        raise _refused(text)
    return " ".join(word for word in words if word != "*"), groups


def _add(groups: list[Group], more: list[Group], join: str, said: str) -> None:
    """Adds clauses, to those before them after an OR."""
    if join != "OR":
        groups += more
    elif len(more) == 1:
        groups[-1] = groups[-1] + more[0]
    else:
        raise _refused(said)


def _word(text: str, at: int) -> re.Match[str] | None:
    found = _WORD.match(text, at)
    return found if found and (found["quoted"] is not None or not _OPERATOR.search(found["plain"])) else None


def _only_groups(text: str) -> list[Group]:
    words, groups = _split(text)
    if words:
        raise _refused(words)
    return groups


def _clause(found: re.Match[str]) -> Clause:
    field, whole = found["field"], found[0].strip()
    is_not = (found["sign"] or "+").strip() != "+"
    if found["range"] is not None:
        if field != "metadata_modified" or is_not:
            raise _refused(whole)
        return Clause(field, (found["range"],), said=whole)
    if found["several"] is not None:
        several = tuple(one.strip() for one in _ONE_OF.split(found["several"]))
        if field in {"*", "metadata_modified"} or any(map(_is_no_value, several)):
            raise _refused(whole)
        return Clause(field, tuple(one.strip('"') for one in several), is_not, whole)
    plain = found["plain"] or ""
    value = _ESCAPED.sub(r"\1", plain if found["quoted"] is None else found["quoted"])
    is_everything = (field, found["plain"]) == ("*", "*") and not is_not
    is_unclear = field in {"*", "metadata_modified"} or not value.strip()
    bare = _ESCAPED.sub("", plain)
    is_pattern = bool(_OPERATOR.search(bare) or _WILD.search(bare))
    if not is_everything and (is_unclear or is_pattern):
        raise _refused(whole)
    return Clause(field, (value,), is_not, whole)


def _is_no_value(text: str) -> bool:
    """True for what is neither one word nor a text in quotes: blanks mean AND."""
    is_quoted = len(text) > 2 and text[0] == text[-1] == '"' and '"' not in text[1:-1]
    is_pattern = bool(_OPERATOR.search(text) or _WILD.search(text))
    return not is_quoted and (not text or '"' in text or " " in text or is_pattern)


def _moments(text: str) -> tuple[datetime | None, datetime | None]:
    try:
        return span(text)
    except (ValueError, OverflowError) as error:
        raise _refused(f"metadata_modified:{text}") from error


def _refused(part: str) -> Unsupported:
    known = ", ".join((*FIELDS, "metadata_modified"))
    return Unsupported(
        f'This cannot be understood from {part.strip()[:60]!r} on. Clauses are field:value, field:"a value", '
        "field:(a OR b) and metadata_modified:[A TO B], with AND or OR between them, not both without brackets, and "
        f"NOT or - before them; the fields are {known}."
    )
