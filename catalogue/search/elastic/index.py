"""Elasticsearch 8 and 9, for a country or a continent.

The address is `https://user:password@host:9200/prefix`, with `?api_key=…` in place of a user, `ca_certs=FILE` for an
authority of one's own and `shards=N`. `prefix` is an alias; behind it stands one index, `prefix-TIME`, that a rebuild
replaces in one request. Nothing but the core server is needed, and no privilege outside `prefix*` but `monitor`.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from ..asking import answer, listed
from ..base import Document, Listing, Query, Results, SearchUnavailable
from ..fields import DEFINITION
from ..refusal import unless_refused
from .address import address
from .bulk import Bulk
from .server import BRING_BACK, REBUILD, Away, Gone, Server, clean
from .view import KEEP_ALIVE, ElasticView
from .words import mapping

log = logging.getLogger(__name__)

Said = TypeVar("Said")

FRESH_SECONDS = 1.0
"""Time for which the generation is not asked for again: what another process wrote is seen that much later, unless
`generation` is asked."""


class ElasticIndex:
    """A `SearchIndex` on a server. Any number of processes may read and write: revisions decide."""

    def __init__(self, url: str) -> None:
        self.where = address(url)
        self._server = Server(self.where)
        self._bulk = Bulk(self._server)
        self._view_now: ElasticView | None = None
        self._looked = 0.0
        self._turn = 0
        """Grows whenever a look that began before must not be kept."""
        self._keeping = threading.Lock()

    def search(self, query: Query) -> Results:
        """The entries that match."""
        return self._asked(partial(answer, query))

    def listed(self, query: Query) -> Listing:
        """What they are, for whoever shows none."""
        return self._asked(partial(listed, query))

    def _asked(self, ask: Callable[[ElasticView], Said]) -> Said:
        try:
            return ask(self._view())
        except Gone:  # the point in time expired, or another index took over
            self._forget()
            return ask(self._view())

    def revisions(self) -> dict[str, int]:
        """Every id in the index with its revision."""
        self._forget()
        return dict(self._view().revisions())

    def generation(self) -> str:
        """Changes with every write and every rebuild. It looks at once: searches that begin later see as much."""
        with self._keeping:
            self._turn += 1
            view, turn = self._view_now, self._turn
        return self._look(view, turn).generation

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
                told |= {"health": self._health(), "generation": self.generation(), **self._closed()}
                stats = client.indices.stats(index=index, metric=["docs", "store"])["_all"]
        except SearchUnavailable as error:
            return {**told, "state": "away" if isinstance(error, Away) else "unavailable", "problem": str(error)}
        told |= {"documents": stats["primaries"]["docs"]["count"], "bytes": stats["total"]["store"]["size_in_bytes"]}
        return {**told, "state": "ready"}

    def _health(self) -> str:
        """green, or yellow where a part has no copy on another server. Raises `Away` for red."""
        name = self._index_in_use()
        color = str(self._server.client.cluster.health(index=name, timeout="1s")["status"])
        if color == "red":
            raise Away(f"A part of the search index {name} is on no server (red). {BRING_BACK}")
        return color

    def _closed(self) -> dict[str, str]:
        """Why nobody may write, as on a disk that is all but full, as the problem that it is; nothing when we may."""
        name = self._index_in_use()
        blocks = self._server.client.cluster.state(index=name, metric="blocks", filter_path="blocks").get("blocks", {})
        every = (*blocks.get("global", {}).values(), *blocks.get("indices", {}).get(name, {}).values())
        why = "; ".join(clean(one["description"]) for one in every if "write" in one["levels"])
        told = f"Elasticsearch lets nobody write the search index {name}: {why}. Searches go on with what it holds."
        return {"problem": told} if why else {}

    # --- writing

    def put(self, documents: Iterable[Document]) -> int:
        """Adds or replaces documents; those that are older than what stands are passed over. Raises `Refused` when it
        is done, if the server cannot take some of them."""
        self._index_in_use()
        refused: dict[str, str] = {}
        count = self._bulk.write(self.where.prefix, documents, refused, require_alias=True)
        self._refresh(self.where.prefix)
        return unless_refused(count, refused)

    def remove(self, ids: Iterable[str]) -> int:
        """Takes documents out."""
        asked = list(dict.fromkeys(ids))
        self._index_in_use()
        self._bulk.remove(self.where.prefix, asked)
        self._refresh(self.where.prefix)
        return len(asked)

    def _refresh(self, index: str) -> None:
        with self._server.answering():
            self._server.writing.indices.refresh(index=index)
        self._forget()

    # --- rebuilding

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Fills a new index and lets the alias point to it; the one before is kept until the next rebuild. Raises
        `Refused` when it is done, if the server cannot take some of the documents."""
        self._behind_alias()  # first: what stands in the way of the alias is said before hours of work
        new = f"{self.where.prefix}-{time.time_ns():x}"
        settings = {"number_of_shards": self.where.shards, "refresh_interval": "-1"}
        with self._server.answering():
            self._server.writing.indices.create(index=new, mappings=mapping(), settings=settings)
        refused: dict[str, str] = {}
        try:
            count = self._bulk.write(new, documents, refused)
            with self._server.answering():
                self._server.writing.indices.put_settings(index=new, settings={"refresh_interval": None})
            self._refresh(new)
            before = self._behind_alias()
            self._verify(new, count, refused if before else {})
        except BaseException:
            self._delete(new)
            raise
        self._swap(new, before)  # from here on the new index may be the one in use: it is not deleted any more
        self._tidy(new, before)
        return unless_refused(count, refused)

    def _verify(self, new: str, count: int, refused: dict[str, str]) -> None:
        """Raises `SearchUnavailable` unless the new index holds what was written, and most of what was to be."""
        with self._server.answering():
            held = int(self._server.writing.count(index=new)["count"])
            found = self._server.writing.indices.get_mapping(index=new).body[new]["mappings"]
        if held != count or found.get("_meta", {}).get("definition") != DEFINITION:
            raise SearchUnavailable(
                f"The new search index holds {held} of {count} documents; the old one stays. Retry."
            )
        if len(refused) > count:
            first = next(iter(refused.values()))
            raise SearchUnavailable(f"Elasticsearch refuses {len(refused)} documents; the old index stays: {first}.")

    def _swap(self, new: str, before: list[str]) -> None:
        """Moves the alias to the new index. Raises `SearchUnavailable` when it is not there afterwards."""
        prefix = self.where.prefix
        removals = [{"remove": {"index": name, "alias": prefix}} for name in before]
        try:
            with self._server.answering():
                moved = self._server.writing.indices.update_aliases(
                    actions=[*removals, {"add": {"index": new, "alias": prefix}}]
                )
            if not moved["acknowledged"]:
                raise SearchUnavailable(f"Elasticsearch did not let {prefix} point to {new} in time. {REBUILD}")
        except SearchUnavailable:  # the server may have done it although it did not say so
            log.warning("It is not sure that %s points to %s; if not, that index is left over", prefix, new)
            if self._behind_alias() != [new]:
                raise
        self._forget()

    def _behind_alias(self) -> list[str]:
        """The indices that the alias points to. Raises `SearchUnavailable` when an index has its name."""
        try:
            return sorted(self._named())
        except Gone:
            return []

    def _named(self) -> dict[str, Any]:
        """Index behind the alias → what we wrote into it."""
        prefix = self.where.prefix
        wanted: dict[str, Any] = {"features": ["aliases", "mappings"], "filter_path": "*.aliases,*.mappings._meta"}
        with self._server.answering():
            found = self._server.client.indices.get(index=prefix, **wanted).body
        if prefix in found:
            raise SearchUnavailable(
                f"{prefix} is an index and not the alias that `datastore index rebuild` makes. Delete it, or choose "
                "another prefix in search_url; then run `datastore index rebuild`."
            )
        return {name: held.get("mappings", {}).get("_meta", {}) for name, held in found.items()}

    def _tidy(self, new: str, before: list[str]) -> None:
        """Deletes what earlier rebuilds left, but for the index before. What cannot be deleted is logged: the new index
        is in use, and the next rebuild tries again."""
        prefix = self.where.prefix
        try:
            with self._server.answering():
                found = self._server.writing.indices.get(index=f"{prefix}-*", filter_path="*.aliases").body
        except SearchUnavailable as error:
            log.warning("Indices of earlier rebuilds may be left over: %s", error)
            return
        for name in sorted(set(found) - {new, *before[-1:]}):
            if _is_ours(name, prefix) and name < new and prefix not in found[name]["aliases"]:
                self._delete(name)

    def _delete(self, name: str) -> None:
        """Deletes an index that is not in use, or logs its name when that fails."""
        try:
            with self._server.answering():
                self._server.writing.indices.delete(index=name, ignore_unavailable=True)
        except SearchUnavailable as error:
            log.warning("The index %s is left over and can be deleted: %s", name, error)

    # --- which index, which state

    def _index_in_use(self) -> str:
        """The index behind the alias. Raises `SearchUnavailable` when there is none, or one that cannot be ours."""
        found = self._named()
        if len(found) != 1:
            names = ", ".join(sorted(found)) or "none"
            raise SearchUnavailable(f"{self.where.prefix} points to several search indices: {names}. {REBUILD}")
        [(name, meta)] = found.items()
        if meta.get("definition") != DEFINITION:
            raise SearchUnavailable(f"The search index {name} was made by another version. {REBUILD}")
        return str(name)

    def _view(self) -> ElasticView:
        """The newest state, as far as it was looked for in the last second."""
        with self._keeping:
            view, turn = self._view_now, self._turn
            if view and time.monotonic() - self._looked < FRESH_SECONDS:
                return view
        return self._look(view, turn)

    def _look(self, view: ElasticView | None, turn: int) -> ElasticView:
        """The state of this moment, kept unless somebody forgot it or looked again meanwhile; the one that is known
        when it is still that."""
        now = time.monotonic()
        name = self._index_in_use()
        generation = f"{name}-{self._state(name)}"  # first: what becomes visible meanwhile is another generation
        if not view or view.generation != generation:
            with self._server.answering():
                point = self._server.client.open_point_in_time(index=name, keep_alive=KEEP_ALIVE)["id"]
            view = ElasticView(self._server, point, generation)
        with self._keeping:
            if self._turn == turn:
                self._view_now, self._looked = view, now
        return view

    def _forget(self) -> None:
        with self._keeping:
            self._turn += 1
            self._view_now = None

    def _state(self, index: str) -> str:
        """Numbers that change with every write and again when searches see it, on each copy of each part."""
        path = [f"indices.*.shards.*.{name}" for name in ("seq_no.max_seq_no", "refresh.external_total")]
        with self._server.answering():
            stats = self._server.client.indices.stats(
                index=index, level="shards", metric="refresh", filter_path=path
            ).body
        if not stats:
            raise SearchUnavailable(f"No part of the search index {index} is on a server. {BRING_BACK}")
        shards = stats["indices"][index]["shards"].values()
        return "-".join(f"{_written(copies)}.{_refreshed(copies)}" for copies in shards)


def _written(copies: list[dict[str, Any]]) -> int:
    return max(int(copy["seq_no"]["max_seq_no"]) for copy in copies) + 1


def _refreshed(copies: list[dict[str, Any]]) -> int:
    """Each copy becomes visible at its own time."""
    return sum(int(copy["refresh"]["external_total"]) for copy in copies)


def _is_ours(name: str, prefix: str) -> bool:
    """True for `prefix-` and a time: another catalogue's prefix may begin with ours."""
    time_part = name.removeprefix(f"{prefix}-")
    return len(time_part) == 16 and all(character in "0123456789abcdef" for character in time_part)
