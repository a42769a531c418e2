"""What several catalogues list: the same data, and what looks so. Open to everybody."""

from typing import Any

import msgspec
from flask import Response, request

from catalogue.ingest.twins import Cluster
from catalogue.publishing.entry_shapes import suggestion_shape, twin_shape
from catalogue.search.base import BadQuery
from catalogue.search.params import printable

from ..current import catalogue
from ..feeds.entry_documents import json_document
from ..http.caching import cached
from ..http.params import whole
from ..json.entry_shapes import page_address
from .operations import Operation, Parameter, one_of, whole_number

KINDS = ("same", "alike")
LISTED = 100
"""Clusters in one answer, unless `limit` says otherwise."""
MOST = 1_000


class DuplicateList(msgspec.Struct, frozen=True):
    """Entries that are the same data, or only look so."""

    total: int
    entries: int
    """Entries in all of them."""
    offset: int
    limit: int
    data: tuple[dict[str, Any], ...]
    """Each with `kind`; of the same data also `reason`, why the first of its `entries` counts: `own-source` (it is the
    publisher's own catalogue) or `first` (it came first)."""


@cached()
def list_duplicates() -> Response:
    """Data that several catalogues list, the entry that counts first; or, with `kind=alike`, entries with the same
    title, publisher and landing page that may be the same."""
    kind = request.args.get("kind") or KINDS[0]
    if kind not in KINDS:
        raise BadQuery(
            "%(name)s must be one of %(known)s, not “%(value)s”.",
            "kind",
            known=", ".join(KINDS),
            value=printable(kind[:40]),
        )
    offset, limit = whole("offset", 0, 0, 10**9), whole("limit", LISTED, 1, MOST)
    overview = catalogue().copies.overview()
    found, shape = (overview.clusters, same) if kind == "same" else (overview.suggested, alike)
    shown = tuple(shape(one) for one in found[offset : offset + limit])
    return json_document(DuplicateList(len(found), sum(len(one.twins) for one in found), offset, limit, shown))


def same(cluster: Cluster) -> dict[str, Any]:
    """A cluster as JSON."""
    return {
        "kind": cluster.canonical.kind,
        "reason": cluster.reason,
        "entries": [twin_shape(twin, cluster, page_address) for twin in cluster.twins],
    }


def alike(cluster: Cluster) -> dict[str, Any]:
    """A suggestion as JSON."""
    return {"kind": cluster.canonical.kind, "entries": [suggestion_shape(twin, page_address) for twin in cluster.twins]}


OPERATIONS = (
    Operation(
        "GET", "/api/1/duplicates/", list_duplicates, "What several catalogues list", "",
        (
            Parameter("kind", "The same data, or what looks so.", one_of(KINDS)),
            Parameter("offset", "Clusters to pass over.", whole_number(0, 10**9, 0)),
            Parameter("limit", "Clusters to give.", whole_number(1, MOST, LISTED)),
        ),
        answers={200: DuplicateList},
    ),
)  # fmt: skip
"""Operations of this file."""
