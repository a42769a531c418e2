"""Writing to Elasticsearch: many items a request, each with an answer of its own."""

import logging
import time
from collections.abc import Iterable
from typing import Any

from ...batches import batched
from ..base import Document, SearchUnavailable
from ..refusal import made
from .server import REBUILD, Gone, Server, reason
from .words import source_of

log = logging.getLogger(__name__)

SHARD_SECONDS = 10
"""Time that the server waits for a part of the index whose server is away, each time that an item is offered."""
BATCH = 500
"""Documents written in one request."""
TRIES = 3
"""Times that an item is offered to a server that is too busy to take it, or fails over it."""

_BUSY = {429, 503}
_FAILED = {500, 502, 504}
_FORBIDDEN = {401, 403}
"""Statuses of an item that say something against us or the whole index: no right to write, or no place on its disk."""
_CLOSED = {"cluster_block_exception", "index_closed_exception"}
"""What is said of an index that is closed to writers, with status 429 as of one that is busy where its disk is all but
full, and 400 as of a document that is wrong where somebody closed it."""
_PASSED_OVER = {404, 409}
"""Statuses of an item that say nothing against it: not there, older than what stands."""

_Item = tuple[dict[str, Any], dict[str, Any] | None]
"""What to do with a document, and the document where it is written."""


class Bulk:
    """Writes to any index of a server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def write(
        self, index: str, documents: Iterable[Document], refused: dict[str, str], *, require_alias: bool = False
    ) -> int:
        """Adds or replaces documents. Returns how many were taken, and adds to `refused`, id → why, those that never
        will be."""
        batches = batched(documents, BATCH)
        return sum(self._offer(_items(index, batch, require_alias, refused), refused) for batch in batches)

    def remove(self, index: str, ids: Iterable[str]) -> None:
        """Takes documents out."""
        refused: dict[str, str] = {}
        for batch in batched(ids, BATCH):
            with self._server.answering():
                found = self._server.writing.mget(index=index, ids=batch, source_includes="document.revision")["docs"]
            self._offer([(_delete_action(index, one), None) for one in found if one.get("found")], refused)
        if refused:
            id, why = next(iter(refused.items()))
            raise SearchUnavailable(f"Elasticsearch did not take document {id} out: {why}.")

    def _offer(self, items: list[_Item], refused: dict[str, str]) -> int:
        """Writes items; those that the server is too busy for are offered again. Returns how many were taken."""
        taken = 0
        for attempt in range(1, TRIES + 1):
            if not items:
                return taken
            again = _BUSY | _FAILED if attempt < TRIES else _BUSY
            results = self._answers(items)
            taken += sum(one["status"] < 300 for one in results)
            refused |= self._refused(one for one in results if not _may_pass(one, again))
            items = [item for item, one in zip(items, results, strict=True) if _may_pass(one, again)]
            if items:
                time.sleep(0.2 * 2**attempt)
        if items:
            raise SearchUnavailable(f"Elasticsearch is too busy: it did not take {len(items)} documents.")
        return taken

    def _answers(self, items: list[_Item]) -> list[dict[str, Any]]:
        lines = [line for item in items for line in item if line is not None]
        with self._server.answering():
            answers = self._server.writing.bulk(operations=lines, timeout=f"{SHARD_SECONDS}s")["items"]
        return [next(iter(one.values())) for one in answers]

    def _refused(self, results: Iterable[dict[str, Any]]) -> dict[str, str]:
        """Those with which something is wrong. Raises `SearchUnavailable` when it is the index that is wrong."""
        refused = {}
        for one in results:
            status, error = one["status"], one.get("error")
            if status == 404 and error:
                raise Gone(f"Elasticsearch has no index {self._server.where.prefix}. {REBUILD}")
            if status in _FORBIDDEN or _is_closed(error):
                raise SearchUnavailable(f"Elasticsearch does not let us write: {reason(error)}.")
            if status >= 300 and status not in _PASSED_OVER:
                refused[one["_id"]] = reason(error)
                log.error("Elasticsearch does not take document %s: %s", one["_id"], reason(error))
        return refused


def _may_pass(result: dict[str, Any], again: set[int]) -> bool:
    return result["status"] in again and not _is_closed(result.get("error"))


def _is_closed(error: Any) -> bool:
    return isinstance(error, dict) and error.get("type") in _CLOSED


def _items(index: str, documents: list[Document], require_alias: bool, refused: dict[str, str]) -> list[_Item]:
    return [(_index_action(index, one, require_alias), source) for one, source in made(documents, source_of, refused)]


def _index_action(index: str, document: Document, require_alias: bool) -> dict[str, Any]:
    action = {"_index": index, "_id": document.id, "version": document.revision, "version_type": "external_gte"}
    return {"index": action | ({"require_alias": True} if require_alias else {})}


def _delete_action(index: str, found: dict[str, Any]) -> dict[str, Any]:
    """Deletes under the revision that stands, so that the same one can be put back."""
    version = found["_source"]["document"]["revision"]
    return {"delete": {"_index": index, "_id": found["_id"], "version": version, "version_type": "external_gte"}}
