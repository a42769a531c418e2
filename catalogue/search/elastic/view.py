"""Reading one state of the index on Elasticsearch."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ..base import Document, SearchUnavailable
from ..clauses import EVERYTHING, Between, Clause
from ..fields import SPELLING_FIELD
from ..memory import Memory
from ..view import GROUP_LIMIT, Alike, Answer, Ask, Known, alike_values, beyond_one
from .server import BRING_BACK, SEARCH_SECONDS, Gone, Server, is_leaving, reason
from .words import ranked, to_query

TERMINATE_AFTER = 20_000_000
"""Documents a shard looks at; an answer that stopped there would be wrong and is refused."""
KEEP_ALIVE = "2m"
"""Time that the server keeps the state that searches look at after the last of them."""
SPELLINGS = 20_000
REVISIONS_PAGE = 5_000
GROUPS = {"field": "similar", "size": GROUP_LIMIT, "min_doc_count": 2}
"""Groups of near-duplicates, as a terms aggregation."""


class ElasticView:
    """One point in time of the index."""

    def __init__(self, server: Server, point: str, generation: str) -> None:
        self._server = server
        self._point = point
        self.generation = generation
        self.memory = Memory()

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        """Answers, in the order of the asks, in one request, and a second one for near-duplicates."""
        found = self._searches([self._body(one) for one in asks])
        answers = list(map(_answer, asks, found))
        told = [place for place, one in enumerate(asks) if one.alike and answers[place].total <= GROUP_LIMIT]
        for place, alike in zip(told, self._alike([asks[place] for place in told]), strict=True):
            answers[place] = answers[place]._replace(alike=alike)
        return answers

    def _alike(self, asks: Sequence[Ask]) -> list[Alike]:
        """Near-duplicates in all and in each value and span; each field in a search of its own, because the server
        limits how many values a search counts."""
        bodies = [body for one in asks for body in self._alike_bodies(one)]
        found = iter([one["aggregations"] for one in self._searches(bodies)])
        return [
            Alike(
                dict(_buckets(next(found)["groups"])),
                {name: alike_values(next(found)["values"]["buckets"]) for name in ask.fields},
                {span: beyond_one(next(found)["values"]["buckets"][0]) for span in ask.spans},
            )
            for ask in asks
        ]

    def spellings(self, beginning: str) -> list[tuple[str, int]]:
        """Terms of the spelling field that begin so; letters only, so that they are no pattern."""
        return self._values(EVERYTHING, {"field": SPELLING_FIELD, "size": SPELLINGS, "include": f"{beginning}.*"})

    def revisions(self) -> Iterator[tuple[str, int]]:
        """Every id with its revision, page by page."""
        body: dict[str, Any] = {"size": REVISIONS_PAGE, "sort": ["_shard_doc"], "track_total_hits": False}
        body |= {"_source": False, "docvalue_fields": ["id", "revision"]}
        while hits := self._search(body)["hits"]["hits"]:
            yield from ((hit["fields"]["id"][0], hit["fields"]["revision"][0]) for hit in hits)
            body["search_after"] = hits[-1]["sort"]

    def _values(self, clause: Clause, terms: dict[str, Any]) -> list[tuple[str, int]]:
        body = {"size": 0, "query": to_query(clause), "aggs": {"values": {"terms": terms}}}
        return _buckets(self._search(body)["aggregations"]["values"])

    def _alike_bodies(self, ask: Ask) -> Iterator[dict[str, Any]]:
        within = {"groups": {"terms": GROUPS}}
        kept = {"size": ask.buckets, "min_doc_count": 2}
        values = [{"terms": {"field": name, **kept}} for name in ask.fields]
        values += [{"filters": {"filters": [to_query(span)]}} for span in ask.spans]
        for aggs in (within, *({"values": {**one, "aggs": within}} for one in values)):
            yield {**self._shared(), "size": 0, "query": to_query(ask.clause), "aggs": aggs}

    def _searches(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answers to several searches, in one request."""
        if not bodies:
            return []
        lines = itertools.chain.from_iterable(({}, body) for body in bodies)
        with self._server.answering():
            answers = self._server.searching.msearch(searches=list(lines))["responses"]
        return [_whole(one) for one in answers]

    def _search(self, body: dict[str, Any]) -> dict[str, Any]:
        with self._server.answering():
            return _whole(self._server.searching.search(body={**self._shared(), **body}).body)

    def _shared(self) -> dict[str, Any]:
        return {
            "pit": {"id": self._point, "keep_alive": KEEP_ALIVE},
            "timeout": f"{SEARCH_SECONDS}s",
            "terminate_after": TERMINATE_AFTER,
        }

    def _body(self, ask: Ask) -> dict[str, Any]:
        order = [{ask.sort: "asc"}] if ask.sort else [{"_score": "desc"}, {"id": "asc"}]
        values: dict[str, Any] = {name: {"terms": {"field": name, "size": ask.buckets}} for name in ask.fields}
        values |= {_name(span): {"filter": to_query(span)} for span in ask.spans}
        return {
            **self._shared(),
            "query": ranked(ask.clause) if ask.limit and not ask.sort else to_query(ask.clause),
            "from": ask.offset,
            "size": ask.limit,
            "track_total_hits": True,
            **({"sort": order} if ask.limit else {}),
            **({"aggs": values} if values else {}),
        }


def _whole(response: dict[str, Any]) -> dict[str, Any]:
    """The response itself when it is the whole answer."""
    if error := response.get("error"):
        if response.get("status") == 404 or is_leaving(error):
            raise Gone(f"Elasticsearch does not have this state of the index: {reason(error)}. {BRING_BACK}")
        raise SearchUnavailable(f"Elasticsearch refused a search: {reason(error)}.")
    if response.get("timed_out") or response.get("terminated_early") or response["_shards"]["failed"]:
        raise SearchUnavailable(f"Elasticsearch did not look at the whole index within {SEARCH_SECONDS} seconds.")
    return response


def _answer(ask: Ask, response: dict[str, Any]) -> Answer:
    hits = response["hits"]
    found = (Known(msgspec.convert(hit["_source"]["document"], Document), hit["_score"] or 0.0) for hit in hits["hits"])
    values = {name: _buckets(response["aggregations"][name]) for name in ask.fields}
    spans = {span: response["aggregations"][_name(span)]["doc_count"] for span in ask.spans}
    return Answer(hits["total"]["value"], tuple(found), values, spans)


def _name(span: Between) -> str:
    return f"{span.field} {span.low} {span.high}"


def _buckets(counted: dict[str, Any]) -> list[tuple[str, int]]:
    return [(one["key"], one["doc_count"]) for one in counted["buckets"]]
