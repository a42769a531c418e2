"""The search as data: the same question as on the search page, answered in JSON, RDF or Atom."""

import msgspec
from flask import Response, g, request
from flask.typing import ResponseReturnValue

from catalogue.publishing.texts_by_language import Tagged, by_language
from catalogue.search.base import BadQuery, FacetCount, Hit, Listing, Query, Results
from catalogue.search.facets import FACETS
from catalogue.search.params import printable

from ..current import catalogue, searched, settings
from ..http import params
from ..http.caching import cached
from ..json.entry_shapes import page_address
from ..wording import words
from . import atom, hydra, json_feed, profiles
from .documents import held, rdf_document
from .entry_documents import json_document
from .formats import ATOM, JSON, JSON_FEED, SEARCH, Format, by_ending


class PublisherName(msgspec.Struct, frozen=True):
    """Who publishes an entry."""

    name: str
    title: Tagged


class FoundIn(msgspec.Struct, frozen=True):
    """Where an entry matches beside its title and description."""

    where: str
    """`keyword`, `file`, `column` or `layer`."""
    text: Tagged


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that was found."""

    id: str
    iri: str
    name: str
    type: str
    title: Tagged
    publisher: PublisherName | None
    themes: tuple[str, ...]
    formats: tuple[str, ...]
    modified: str
    score: float
    url: str
    has_all_words: bool
    found_in: FoundIn | None


class FacetValue(msgspec.Struct, frozen=True):
    """One value of a facet, with the number of entries that choosing it would give."""

    value: str
    label: str
    count: int
    selected: bool
    folded: int = 0
    """How many of these are near-duplicates of others of them."""


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found."""

    count: int
    """What has all the words: by form, stem or meaning."""
    page: int
    per_page: int
    results: tuple[Result, ...]
    facets: dict[str, tuple[FacetValue, ...]]
    also_searched: tuple[str, ...] = ()
    did_you_mean: str | None = None
    looser: int = 0
    """How many more have some of the words; `looser=1` lists them after the others."""
    folded: int = 0
    """How many of those listed are near-duplicates of others; the search page shows each of these once. 0 also where
    more than 10,000 are listed."""
    left_out: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    """Words and phrases behind a `-` or `NOT`: nothing that has them is found. Absent where there are none."""
    reduced: bool | msgspec.UnsetType = msgspec.UNSET
    """True while the index does not answer: only titles and keywords were looked at. Absent otherwise."""


FEEDS = {ATOM: atom.feed, JSON_FEED: json_feed.feed}
"""What readers of feeds read."""


@cached()
def results(ending: str) -> ResponseReturnValue:
    """`/search.json` and its neighbours."""
    format = by_ending(ending, SEARCH)
    query = asked(with_facets=format is JSON)
    if format is not JSON:
        query = params.taken_away(query)
    if format.rdf:  # who takes data away takes what is there for all there is, so a part is refused
        return as_rdf(query, catalogue().index.listed(query), format)
    if format in FEEDS:
        return FEEDS[format](query, searched(newest_first(query)))
    return as_json(query, searched(query))


def newest_first(query: Query) -> Query:
    """The question as readers of feeds mean it: in the order of what each entry says of itself as `updated`, unless
    the address asks for another."""
    is_meant = request.args.get("sort", "") in {"", "-modified"}
    return msgspec.structs.replace(query, sort="-updated") if is_meant else query


def asked(*, with_facets: bool) -> Query:
    """The question in the address, for JSON with counts. `lang` chooses the language of labels and snippets."""
    g.lang = asked_language()
    query = params.asked(g.lang, tuple(FACETS) if with_facets else ())
    return msgspec.structs.replace(query, count_alike=with_facets)


def asked_language() -> str:
    """The language in `lang`, else the first of the portal. Raises `BadQuery` for one that is not offered."""
    known = settings().languages
    wanted = request.args.get("lang") or known[0]
    if wanted not in known:
        raise BadQuery(
            "%(name)s must be one of %(known)s, not “%(value)s”.",
            "lang",
            known=", ".join(known),
            value=printable(wanted[:40]),
        )
    return wanted


def as_json(query: Query, results: Results) -> Response:
    """The answer as JSON."""
    return json_document(answer(query, results))


def as_rdf(query: Query, found: Listing, format: Format) -> Response:
    """The entries found as one graph, with the same paging as the feed of the catalogue."""
    profiles.check()
    pieces = catalogue().pieces.of(one.id for one in found.documents)
    parameters = params.pairs(query, page=1)
    paging = hydra.paging(f"/search.{format.ending}", parameters, query.page, query.per_page, found.count)
    return held(rdf_document([paging, *catalogue().feed.joined(pieces, is_part=True)], format))


def answer(query: Query, results: Results) -> SearchAnswer:
    """The answer in the shape that programs rely on."""
    return SearchAnswer(
        count=results.count_all_words,
        looser=results.looser,
        folded=results.count - results.groups if results.groups else 0,
        page=query.page,
        per_page=query.per_page,
        results=tuple(result(hit) for hit in results.hits),
        facets={name: facet_values(name, counts) for name, counts in results.facets.items()},
        also_searched=results.also_searched,
        did_you_mean=results.did_you_mean or None,
        left_out=results.left_out or msgspec.UNSET,
        reduced=True if results.reduced else msgspec.UNSET,
    )


def result(hit: Hit) -> Result:
    """One hit."""
    found = hit.document
    publisher = PublisherName(found.publisher_name, by_language(found.publisher)) if found.publisher_name else None
    return Result(
        id=found.id,
        iri=found.iri,
        name=found.name,
        type=found.type,
        title=by_language(found.title),
        publisher=publisher,
        themes=found.theme,
        formats=found.format,
        modified=found.modified,
        score=hit.score,
        has_all_words=hit.has_all_words,
        found_in=FoundIn(hit.where, by_language((hit.there,))) if hit.where else None,
        url=page_address(found.type, found.name, g.lang),
    )


def facet_values(facet: str, counted: tuple[FacetCount, ...]) -> tuple[FacetValue, ...]:
    """The values of one facet, each with its name."""
    own = publisher_names([one.value for one in counted]) if facet == "publisher" else {}

    def label(value: str) -> str:
        return own.get(value) or FACETS[facet].label(value, g.lang) or value

    return tuple(FacetValue(one.value, label(one.value), one.count, one.selected, one.folded) for one in counted)


def publisher_names(slugs: list[str]) -> dict[str, str]:
    """The names of publishers in the language asked for, or the best that exists."""
    titles = catalogue().publishers.titles(slugs)
    picked = {name: words.pick(title, g.lang) for name, title in titles.items()}
    return {name: best.text.value for name, best in picked.items() if best}
