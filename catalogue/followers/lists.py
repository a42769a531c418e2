"""What a search finds that somebody follows: all of it as marks, so that the next look tells what came, and what became
late. What changed and what went is in the history of entries."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import msgspec

from dcat.model import Texts
from dcat.our_languages import best_for

from ..errors import Invalid
from ..indexing.followed_index import FollowedIndex
from ..notices.words import tidy
from ..search.base import Query
from ..search.facets import FACETS, FILTERS
from ..search.params import PER_PAGE, params_from_query, query_from_params
from ..store.codec import unpack
from ..store.follows import Called
from ..store.history import DATA
from ..store.outcome import Outcome

MOST = 2_000
"""Entries that a search may find to be followed by mail; of one that finds more later, the first in order of id."""
LONGEST = 1_000
"""Characters of its parameters."""
SHOWN = 60
"""Characters of what was typed that are shown."""
_TOGETHER, _MARK = PER_PAGE[-1], 8


class Held(NamedTuple):
    """An entry that a search finds."""

    kind: str
    name: str
    title: Texts
    is_late: bool


class Happened(NamedTuple):
    """What became of an entry of a list."""

    what: str
    """`new`, `changed`, `data`, `late` or `gone`: which words say it."""
    kind: str
    name: str
    title: Texts


def parameters(query: Query) -> str:
    """What is kept of a search: its words and filters, in canonical order. Raises `Invalid` when that is too long."""
    kept = msgspec.structs.replace(query, sort="relevance", page=1, per_page=PER_PAGE[0], partly="filling")
    text = urlencode(params_from_query(kept)) or "q="
    if len(text) > LONGEST:
        raise Invalid("This search is too long to be followed.", "query")
    return text


def query_of(text: str, language: str = "fr") -> Query:
    """The search that was kept. Raises `BadQuery` for a value that is none any more."""
    return query_from_params(parse_qsl(text), language)


def name(query: Query, language: str, publishers: Mapping[str, Texts]) -> str:
    """What a search is called: its words, and the values of its filters; empty when it finds everything."""
    values = (_value(name, value, language, publishers) for name, some in query.filters.items() for value in some)
    return " · ".join(filter(None, (_plain(query.text), *values)))


def _value(name: str, value: str, language: str, publishers: Mapping[str, Texts]) -> str:
    if name == "publisher":
        best = best_for(language, publishers.get(value, ()))
        return tidy(best.value) if best else value
    label = FACETS[name].label(value, language) if name in FACETS else value
    return label if label != value else f"{FILTERS[name].title[language]} {_plain(value)}"


def _plain(text: str) -> str:
    """What somebody typed, with nothing in it that a mail program makes a link of: it goes to mailboxes of others."""
    return " ".join(re.sub(r"[^\w\s'’-]+", " ", text).split())[:SHOWN]


def held(index: FollowedIndex, text: str) -> dict[str, Held]:
    """The entries that a search finds, by id: those that have all its words, at most `MOST`. Raises `BadQuery` and
    `SearchUnavailable`."""
    found: dict[str, Held] = {}
    asked = msgspec.structs.replace(query_of(text), partly="left", sort="id", per_page=_TOGETHER)
    for page in range(1, MOST // _TOGETHER + 1):
        listing = index.listed(msgspec.structs.replace(asked, page=page))
        documents = [one for one in listing.documents if not one.copy_of]
        found |= {one.id: Held(one.type, one.name, one.title, one.late) for one in documents}
        if page * _TOGETHER >= listing.count:
            break
    return found


def marks(found: Mapping[str, Held]) -> bytes:
    """All of it in 8 bytes each, and 8 for each that is late."""
    late = (late_mark(id) for id, one in found.items() if one.is_late)
    return b"".join(sorted({*map(mark, found), *late}))


def apart(known: bytes) -> set[bytes]:
    """The marks of `marks`, one by one."""
    return {known[at : at + _MARK] for at in range(0, len(known), _MARK)}


def mark(id: str) -> bytes:
    """What stands for an entry."""
    return blake2b(id.encode(), digest_size=_MARK).digest()


def late_mark(id: str) -> bytes:
    """What stands for an entry that is late."""
    return mark(f"late {id}")


def went(touched: Iterable[tuple[str, str]], known: set[bytes]) -> Iterator[str]:
    """The entries of a list, of which the marks are `known`, that the history says went."""
    return (id for id, what in touched if what == Outcome.REMOVED and mark(id) in known)


def news(
    found: Mapping[str, Held], known: set[bytes], touched: Sequence[tuple[str, str]], called: Mapping[str, Called]
) -> list[Happened]:
    """What became of a list, each entry once: what came, changed, became late and went. `known`: the marks of what it
    held; `touched`: entries with what the history says of them; `called`: those of the list that it says went."""
    changed = {id: "changed" for id, what in touched if what == Outcome.CHANGED}
    changed |= {id: "data" for id, what in touched if what == DATA}
    here = sorted(_of_found(found, known, changed), key=lambda event: _ORDER.index(event[1]))
    gone = [one for one in called.values() if one.removed is not None]
    return [
        *(Happened(what, found[id].kind, found[id].name, found[id].title) for id, what in here),
        *(Happened("gone", one.kind, one.name, unpack(one.title, Texts)) for one in gone),
    ]


_ORDER = ("new", "changed", "data", "late")


def _of_found(found: Mapping[str, Held], known: set[bytes], changed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for id, one in found.items():
        if mark(id) not in known:
            yield id, "new"
        elif id in changed:
            yield id, changed[id]
        elif one.is_late and late_mark(id) not in known:
            yield id, "late"
