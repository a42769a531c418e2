"""Elasticsearch 8 and 9, for a country or a continent. The only file that knows its client.

The address is `https://user:password@host:9200/prefix`, with `?api_key=…` in place of a user, `ca_certs=FILE` for an
authority of one's own and `shards=N`. `prefix` is an alias; behind it stands one index, `prefix-TIME`, that a rebuild
replaces in one request. Nothing but the core server is needed, and no privilege outside `prefix*` but `monitor`.
"""

import itertools
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, AuthenticationException, AuthorizationException, Elasticsearch, NotFoundError

from .asking import answer
from .base import Document, Query, Results, SearchUnavailable
from .clauses import EVERYTHING, Between, Clause
from .elastic_address import Address, address
from .elastic_words import mapping, ranked, source_of, to_query
from .fields import DEFINITION, SPELLING_FIELD
from .memory import Memory
from .view import BUCKET_LIMIT, GROUP_LIMIT, Answer, Ask

log = logging.getLogger(__name__)

SEARCH_SECONDS = 2
"""Time that the server may take for one request of a search."""
REQUEST_SECONDS = 10
"""Time that we wait for an answer to anything else."""
WRITE_SECONDS = 60
SHARD_SECONDS = 10
"""Time that the server waits for a part of the index whose server is away, each time that an item is offered."""
TERMINATE_AFTER = 20_000_000
"""Documents a shard looks at; an answer that stopped there would be wrong and is refused."""
KEEP_ALIVE = "2m"
"""Time that the server keeps the state that searches look at after the last of them."""
BATCH = 500
"""Documents written in one request."""
TRIES = 3
"""Times that an item is offered to a server that is too busy to take it."""
SPELLINGS = 20_000
REVISIONS_PAGE = 5_000
FRESH_SECONDS = 1.0
"""Time for which the generation is not asked for again: what another process wrote is seen that much later."""

REBUILD = "Run `datastore index rebuild`."
BRING_BACK = "Bring that server back, or run `datastore index rebuild`."


# --- reading ---------------------------------------------------------------------------------------------------------


class _View:
    """One point in time of the index."""

    def __init__(self, server: "_Server", point: str, generation: str) -> None:
        self._server = server
        self._point = point
        self.generation = generation
        self.memory = Memory()

    def ask(self, asks: Sequence[Ask]) -> list[Answer]:
        """Answers, in the order of the asks, in one request."""
        if not asks:
            return []
        bodies = [self._body(one) for one in asks]
        lines = itertools.chain.from_iterable(({}, body) for body in bodies)
        with self._server.answering():
            answers = self._server.searching.msearch(searches=list(lines))["responses"]
        return [_answer(ask, _whole(one)) for ask, one in zip(asks, answers, strict=True)]

    def groups(self, clause: Clause) -> dict[str, int]:
        """Sizes of the groups of near-duplicates."""
        return dict(self._values(clause, {"field": "similar", "size": GROUP_LIMIT, "min_doc_count": 2}))

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
        values: dict[str, Any] = {name: {"terms": {"field": name, "size": BUCKET_LIMIT}} for name in ask.fields}
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


_LEAVING = "no_shard_available_action_exception"
"""What the server says, with status 503, of an index that is being deleted at this moment, and of one whose servers are
away: it is looked for once more, and what another rebuild put in its place is found; otherwise that is said."""


def _whole(response: dict[str, Any]) -> dict[str, Any]:
    """The response itself when it is the whole answer."""
    if error := response.get("error"):
        if response.get("status") == 404 or _LEAVING in _types(error):
            raise _Gone(f"Elasticsearch does not have this state of the index: {_reason(error)}. {BRING_BACK}")
        raise SearchUnavailable(f"Elasticsearch refused a search: {_reason(error)}.")
    if response.get("timed_out") or response.get("terminated_early") or response["_shards"]["failed"]:
        raise SearchUnavailable(f"Elasticsearch did not look at the whole index within {SEARCH_SECONDS} seconds.")
    return response


def _answer(ask: Ask, response: dict[str, Any]) -> Answer:
    hits = response["hits"]
    found = ((msgspec.convert(hit["_source"]["document"], Document), hit["_score"] or 0.0) for hit in hits["hits"])
    values = {name: _buckets(response["aggregations"][name]) for name in ask.fields}
    spans = {span: response["aggregations"][_name(span)]["doc_count"] for span in ask.spans}
    return Answer(hits["total"]["value"], tuple(found), values, spans)


def _name(span: Between) -> str:
    return f"{span.field} {span.low} {span.high}"


def _buckets(counted: dict[str, Any]) -> list[tuple[str, int]]:
    return [(one["key"], one["doc_count"]) for one in counted["buckets"]]


def _types(error: Any) -> set[str]:
    return {one["type"] for one in error.get("root_cause", ())} if isinstance(error, dict) else set()


def _reason(error: Any) -> str:
    """What the server says, down to its cause."""
    if not isinstance(error, dict):
        return str(error)
    causes = [error, *error.get("root_cause", ()), *(error.get("caused_by"),)]
    said = dict.fromkeys(str(one.get("reason") or one.get("type")) for one in causes if one)
    return "; ".join(said)


# --- the server ------------------------------------------------------------------------------------------------------


class _Server:
    """The client, and its errors as sentences."""

    def __init__(self, where: Address) -> None:
        self.where = where
        trust: dict[str, Any] = {"ca_certs": where.ca_certs} if where.ca_certs else {}
        who: dict[str, Any] = {"basic_auth": where.user, "api_key": where.api_key}
        client = Elasticsearch(where.host, request_timeout=REQUEST_SECONDS, max_retries=1, **who, **trust)
        self.client = client
        self.searching = client.options(request_timeout=2 * SEARCH_SECONDS)
        self.writing = client.options(request_timeout=WRITE_SECONDS)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Translates what the client raises."""
        host = f"Elasticsearch at {self.where.host}"
        try:
            yield
        except AuthenticationException as error:
            raise SearchUnavailable(f"{host} refuses the user or key of search_url.") from error
        except AuthorizationException as error:
            raise SearchUnavailable(f"{host} does not allow it: {_reason(_error(error))}.") from error
        except NotFoundError as error:
            raise _Gone(f"{host} has no index {self.where.prefix}. {REBUILD}") from error
        except ApiError as error:
            if _LEAVING in _types(_error(error)):
                raise _Gone(f"{host} has a part of the index on no server. {BRING_BACK}") from error
            raise SearchUnavailable(f"{host} answered {error.status_code}: {_reason(_error(error))}.") from error
        except TlsError as error:
            raise SearchUnavailable(f"The certificate of {host} is not trusted: {error.message}.") from error
        except ConnectionTimeout as error:
            raise SearchUnavailable(f"{host} does not answer in time.") from error
        except TransportError as error:
            raise SearchUnavailable(f"{host} cannot be reached: {error.message}.") from error


class _Gone(SearchUnavailable):
    """There is no such index, or no such point in time any more."""


def _error(error: ApiError) -> Any:
    return error.body.get("error", error.body) if isinstance(error.body, dict) else error.body


# --- the index -------------------------------------------------------------------------------------------------------


_BUSY = {429, 503}
_HANDLED = {404, 409, 429, 503}
"""Statuses of an item that say nothing against it: not there, older than what stands, too busy."""


class ElasticIndex:
    """A `SearchIndex` on a server. Any number of processes may read and write: revisions decide."""

    def __init__(self, url: str) -> None:
        self.where = address(url)
        self._server = _Server(self.where)
        self._view_now: _View | None = None
        self._looked = 0.0
        self.refused: dict[str, str] = {}
        """Documents that the server did not take, with its reason."""

    def search(self, query: Query) -> Results:
        """The entries that match."""
        try:
            return answer(query, self._view())
        except _Gone:  # the point in time expired, or another index took over
            self._forget()
            return answer(query, self._view())

    def revisions(self) -> dict[str, int]:
        """Every id in the index with its revision."""
        self._forget()
        return dict(self._view().revisions())

    def generation(self) -> str:
        """Changes with every write and every rebuild."""
        return self._view().generation

    def close(self) -> None:
        """Gives back the connections."""
        self._server.client.close()

    def status(self) -> dict[str, object]:
        """What `datastore doctor` and `index status` tell; what is wrong is told, not raised."""
        told: dict[str, object] = {"engine": "elasticsearch", "where": f"{self.where.host}/{self.where.prefix}"}
        client, index = self._server.client, self.where.prefix
        try:
            with self._server.answering():
                nodes = client.nodes.info(filter_path="nodes.*.version")["nodes"].values()
                told |= {"version": ", ".join(sorted({node["version"] for node in nodes}))}
                told |= {"health": self._health(), "generation": self.generation()}
                stats = client.indices.stats(index=index, metric=["docs", "store"])["_all"]
        except SearchUnavailable as error:
            return {**told, "state": "unavailable", "problem": str(error)}
        told |= {"documents": stats["primaries"]["docs"]["count"], "bytes": stats["total"]["store"]["size_in_bytes"]}
        return {**told, "state": "ready", "refused": dict(self.refused)}

    def _health(self) -> str:
        """green, or yellow where a part has no copy on another server. Raises `SearchUnavailable` for red."""
        name = self._index_in_use()
        color = str(self._server.client.cluster.health(index=name, timeout="1s")["status"])
        if color == "red":
            raise SearchUnavailable(f"A part of the search index {name} is on no server (red). {BRING_BACK}")
        return color

    # --- writing

    def put(self, documents: Iterable[Document]) -> int:
        """Adds or replaces documents; those that are older than what stands are passed over. One that the server
        cannot take is left out and told by `status`."""
        self._index_in_use()
        count = self._write(self.where.prefix, documents, require_alias=True)
        self._refresh(self.where.prefix)
        return count

    def remove(self, ids: Iterable[str]) -> int:
        """Takes documents out."""
        asked = list(dict.fromkeys(ids))
        self._index_in_use()
        for batch in _batches(asked):
            with self._server.answering():
                found = self._server.writing.mget(
                    index=self.where.prefix, ids=batch, source_includes="document.revision"
                )
            if standing := [one for one in found["docs"] if one.get("found")]:
                self._offer([(_delete_action(self.where.prefix, one), None) for one in standing])
        self._refresh(self.where.prefix)
        return len(asked)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Fills a new index and lets the alias point to it; the one before is kept until the next rebuild."""
        new = f"{self.where.prefix}-{time.time_ns():x}"
        settings = {"number_of_shards": self.where.shards, "refresh_interval": "-1"}
        with self._server.answering():
            self._server.writing.indices.create(index=new, mappings=mapping(), settings=settings)
        try:
            count = self._write(new, documents)
            self._refresh(new)
            self._swap(new)
        except BaseException:
            with self._server.answering():
                self._server.writing.indices.delete(index=new, ignore_unavailable=True)
            raise
        return count

    def _swap(self, new: str) -> None:
        client, prefix = self._server.writing, self.where.prefix
        with self._server.answering():
            client.indices.put_settings(index=new, settings={"refresh_interval": None})
            old = sorted(client.indices.get_alias(name=prefix).body) if client.indices.exists_alias(name=prefix) else []
            removals = [{"remove": {"index": name, "alias": prefix}} for name in old]
            client.indices.update_aliases(actions=[*removals, {"add": {"index": new, "alias": prefix}}])
            others = client.indices.get(index=f"{prefix}-*", filter_path="*.aliases").body
            for name in sorted(set(others) - {new, *old[-1:]}):
                if _is_ours(name, prefix) and name < new:
                    client.indices.delete(index=name, ignore_unavailable=True)
        self._forget()

    def _write(self, index: str, documents: Iterable[Document], *, require_alias: bool = False) -> int:
        count = 0
        for batch in _batches(documents):
            count += self._offer([(_index_action(index, one, require_alias), source_of(one)) for one in batch])
        return count

    def _offer(self, items: list[tuple[dict[str, Any], dict[str, Any] | None]]) -> int:
        """Writes items; those that the server is too busy for are offered again. Returns how many were taken."""
        taken = 0
        for attempt in range(1, TRIES + 1):
            lines = [line for item in items for line in item if line is not None]
            with self._server.answering():
                answers = self._server.writing.bulk(operations=lines, timeout=f"{SHARD_SECONDS}s")["items"]
            statuses: list[dict[str, Any]] = [next(iter(one.values())) for one in answers]
            taken += sum(int(one["status"]) < 300 for one in statuses)
            busy = [item for item, one in zip(items, statuses, strict=True) if one["status"] in _BUSY]
            self._set_aside(one for one in statuses if one["status"] >= 300 and one["status"] not in _HANDLED)
            if any(one["status"] == 404 and one.get("error") for one in statuses):
                raise _Gone(f"Elasticsearch has no index {self.where.prefix}. {REBUILD}")
            if not busy:
                return taken
            items = busy
            time.sleep(0.2 * 2**attempt)
        raise SearchUnavailable(f"Elasticsearch is too busy: it did not take {len(items)} documents.")

    def _set_aside(self, refused: Iterable[dict[str, Any]]) -> None:
        for one in refused:
            self.refused[one["_id"]] = _reason(one.get("error"))
            log.error("Elasticsearch does not take document %s: %s", one["_id"], self.refused[one["_id"]])

    def _refresh(self, index: str) -> None:
        with self._server.answering():
            self._server.writing.indices.refresh(index=index)
        self._forget()

    # --- which index, which state

    def _forget(self) -> None:
        self._view_now, self._looked = None, 0.0

    def _index_in_use(self) -> str:
        """The index behind the alias. Raises `SearchUnavailable` when there is none, or one of another definition."""
        prefix = self.where.prefix
        with self._server.answering():
            found = self._server.client.indices.get_mapping(index=prefix, filter_path="*.mappings._meta").body
        [(name, held)] = found.items() or [("", {})]
        if held["mappings"]["_meta"].get("definition") != DEFINITION:
            raise SearchUnavailable(f"The search index {name} was made by another version. {REBUILD}")
        return str(name)

    def _view(self) -> _View:
        """The newest state, as far as it was looked for in the last second."""
        view = self._view_now
        if view and time.monotonic() - self._looked < FRESH_SECONDS:
            return view
        name = self._index_in_use()
        generation = f"{name}-{self._operations(name)}"
        if not view or view.generation != generation:
            with self._server.answering():
                point = self._server.client.open_point_in_time(index=name, keep_alive=KEEP_ALIVE)["id"]
            view = _View(self._server, point, generation)
        self._view_now, self._looked = view, time.monotonic()
        return view

    def _operations(self, index: str) -> str:
        """A number that grows with every write."""
        with self._server.answering():
            path = "indices.*.shards.*.seq_no.max_seq_no"
            stats = self._server.client.indices.stats(index=index, level="shards", metric="docs", filter_path=path).body
        if not stats:
            raise SearchUnavailable(f"No part of the search index {index} is on a server. {BRING_BACK}")
        shards = stats["indices"][index]["shards"].values()
        return "-".join(str(max(copy["seq_no"]["max_seq_no"] for copy in copies) + 1) for copies in shards)


def _index_action(index: str, document: Document, require_alias: bool) -> dict[str, Any]:
    action = {"_index": index, "_id": document.id, "version": document.revision, "version_type": "external_gte"}
    return {"index": action | ({"require_alias": True} if require_alias else {})}


def _delete_action(index: str, found: dict[str, Any]) -> dict[str, Any]:
    """Deletes under the revision that stands, so that the same one can be put back."""
    version = found["_source"]["document"]["revision"]
    return {"delete": {"_index": index, "_id": found["_id"], "version": version, "version_type": "external_gte"}}


def _is_ours(name: str, prefix: str) -> bool:
    """True for `prefix-` and a time: another catalogue's prefix may begin with ours."""
    time_part = name.removeprefix(f"{prefix}-")
    return len(time_part) == 16 and all(character in "0123456789abcdef" for character in time_part)


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch
