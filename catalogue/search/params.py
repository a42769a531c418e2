"""Queries in addresses: read, checked, and written back in one canonical form."""

import re
from collections.abc import Iterable, Mapping

from dcat.our_languages import OUR_LANGUAGES

from .base import BadQuery, BadValue, Query
from .conditions import choices
from .facets import FACETS, FILTERS, VALUE_LIMIT

SORTS = ("relevance", "-modified", "-issued", "title", "-updated", "id")
"""`-updated`: when the catalogue last learned something new, the newest first; `id`: what never shifts."""
PER_PAGE = (10, 25, 50, 100)

TEXT_LIMIT = 256
"""Characters of the words asked for."""
FILTER_LIMIT = 20
"""Values chosen in one query."""
DEPTH_LIMIT = 10_000
"""Results that can be paged to; whoever wants more takes the catalogue as a file."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]")


def query_from_params(params: Iterable[tuple[str, str]], language: str = "fr", facets: tuple[str, ...] = ()) -> Query:
    """The query that the parameters of an address ask. Unknown ones are ignored; raises `BadQuery` for a bad value."""
    given: dict[str, list[str]] = {}
    for name, value in params:
        given.setdefault(name, []).append(value)
    first = {name: values[0].strip() for name, values in given.items()}
    query = Query(
        text=" ".join(_CONTROL.sub(" ", first.get("q", "")).split()),
        only=one_of(first, "only", ("", "1")) == "1",
        partly="listed" if one_of(first, "looser", ("", "1")) == "1" else "filling",
        filters=_filters(given),
        sort=one_of(first, "sort", SORTS),
        page=_number(first, "page", 1),
        per_page=int(one_of(first, "per_page", tuple(map(str, PER_PAGE)))),
        language=language,
        facets=facets,
    )
    check(query)
    return query


def params_from_query(query: Query, page: int | None = None) -> list[tuple[str, str]]:
    """The parameters of a query in canonical order, defaults left out; `page` replaces its page."""
    params = [("q", query.text)] if query.text else []
    params += [("only", "1")] if query.only else []
    params += [("looser", "1")] if query.text and query.partly == "listed" else []
    params += [(name, value) for name in FILTERS for value in query.filters.get(name, ())]
    params += [("sort", query.sort)] if query.sort != SORTS[0] else []
    params += [("per_page", str(query.per_page))] if query.per_page != PER_PAGE[0] else []
    number = query.page if page is None else page
    return params + ([("page", str(number))] if number > 1 else [])


def check(query: Query) -> None:
    """Raises `BadQuery` for a query that no engine should be asked."""
    if len(query.text) > TEXT_LIMIT:
        raise BadQuery(
            "%(name)s must have at most %(most)s characters, not %(value)s.",
            "q",
            most=TEXT_LIMIT,
            value=len(query.text),
        )
    for name, value, known in (("sort", query.sort, SORTS), ("lang", query.language, OUR_LANGUAGES)):
        if value not in known:
            raise BadQuery(
                "%(name)s must be one of %(known)s, not “%(value)s”.", name, known=", ".join(known), value=value
            )
    if not 1 <= query.per_page <= max(PER_PAGE):
        raise BadQuery(
            "%(name)s must be a whole number from %(least)s to %(most)s, not “%(value)s”.",
            "per_page",
            least=1,
            most=max(PER_PAGE),
            value=query.per_page,
        )
    if query.page < 1 or query.page * query.per_page > DEPTH_LIMIT:
        raise BadQuery(
            "%(name)s must be a whole number from 1 to %(most)s; the whole catalogue is at /catalog.ttl.",
            "page",
            most=DEPTH_LIMIT // query.per_page,
        )
    _check_number(query)
    _check_names(query)


def _check_number(query: Query) -> None:
    demanded = list(choices(query.condition)) if query.condition else []
    names = [*query.filters, *(one.name for one in demanded)]
    if sum(map(len, (*query.filters.values(), *(one.values for one in demanded)))) > FILTER_LIMIT:
        raise BadQuery("At most %(most)s values can be chosen at once.", names[0], most=FILTER_LIMIT)


def _check_names(query: Query) -> None:
    for name in (*query.filters, *query.facets):
        if name not in FILTERS:
            raise BadQuery(
                "%(name)s is nothing that can be searched by. Known: %(known)s.", name, known=", ".join(FILTERS)
            )
    for name in query.facets:
        if name not in FACETS:
            raise BadQuery("%(name)s cannot be counted. Facets: %(known)s.", name, known=", ".join(FACETS))


def _filters(given: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    chosen = {name: chosen_values(name, given[name]) for name in FILTERS if name in given}
    return {name: values for name, values in chosen.items() if values}


def chosen_values(name: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Values of a filter in canonical form and order, empty ones left out. Raises `BadQuery`."""
    return tuple(sorted({_value(name, text.strip()) for text in texts if text.strip()}))


def _value(name: str, text: str) -> str:
    if len(text) > VALUE_LIMIT or _CONTROL.search(text):
        raise BadQuery("%(name)s has a value that cannot be one: “%(value)s”.", name, value=printable(text[:40]))
    try:
        return FILTERS[name].parse(text)
    except BadValue as error:
        raise BadQuery(error.sentence, name, **error.values) from error


def one_of(first: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    """A value of a closed list, whose first one is the default. Raises `BadQuery`."""
    value = first.get(name) or known[0]
    if value not in known:
        raise BadQuery(
            "%(name)s must be one of %(known)s, not “%(value)s”.",
            name,
            known=", ".join(filter(None, known)),
            value=printable(value[:40]),
        )
    return value


def printable(text: str) -> str:
    """What somebody sent, fit for a sentence."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _number(first: Mapping[str, str], name: str, default: int) -> int:
    text = first.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise BadQuery("%(name)s must be a whole number from 1, not “%(value)s”.", name, value=printable(text[:40]))
    return int(text)
