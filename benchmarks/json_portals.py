"""Portals that speak JSON, over records that are given: each answers as the real ones do, at the root of a server.

An answer is what stands in the body, or None where there is nothing (404).
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from benchmarks.listening import answer as respond
from benchmarks.listening import listening

Query = Mapping[str, str]
Answer = Callable[[str, Query], Any]
"""From path and parameters to what is said."""

Record = dict[str, Any]


@contextmanager
def serving(answer: Answer, *, tagged: bool = False, packed: bool = False) -> Iterator[tuple[str, list[int]]]:
    """Serves a portal on loopback: its address, and the size of each answer that it gave. `tagged`: answers have an
    ETag. `packed`: they are packed with gzip."""
    sizes: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # an answer in one piece: in two it waits for the client's word that the first one came

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            found = answer(unquote(asked.path), query | {"X-Fields": self.headers.get("X-Fields", "")})
            body = None if found is None else json.dumps(found).encode()
            sizes.append(respond(self, body, "application/json", tagged=tagged, packed=packed))

    with listening(Handler) as site:
        yield site, sizes


def explore(datasets: Sequence[Record]) -> Answer:
    """Opendatasoft's Explore API 2.1."""
    path = "/api/explore/v2.1/catalog/datasets"

    def moment(one: Record, name: str) -> str:
        return str(one["metas"]["default"].get(name) or "")

    def answer(asked: str, query: Query) -> Any:
        if asked != path:
            return None
        name, _, order = query.get("order_by", "").partition(" ")
        found = sorted(datasets, key=lambda one: moment(one, name), reverse=True) if order else list(datasets)
        return {"total_count": len(found), "results": _slice(found, int(query.get("offset", 0)), query["limit"], 100)}

    return answer


def records(features: Sequence[Record], most: int = 5) -> Answer:
    """OGC API Records with one collection, in the way of pygeoapi."""
    items = "/collections/records/items"

    def answer(asked: str, query: Query) -> Any:
        if asked == "/collections":
            return {"collections": [{"id": "records", "itemType": "record"}]}
        if asked != items:
            return None
        found = list(features)
        if query.get("sortby") == "-updated":
            found.sort(key=lambda one: str(one["properties"].get("updated")), reverse=True)
        start = int(query.get("offset", 0))
        page = _slice(found, start, query.get("limit", "10"), most)
        end = start + len(page)
        links = [{"rel": "next", "href": f"{items}?offset={end}"}] if end < len(found) else []
        return {"type": "FeatureCollection", "numberMatched": len(found), "features": page, "links": links}

    return answer


def udata(datasets: Sequence[Record]) -> Answer:
    """udata's API, with the masks of `X-Fields`."""
    by_id = {one["id"]: one for one in datasets}

    def answer(asked: str, query: Query) -> Any:
        if asked != "/api/1/datasets/":
            return by_id.get(asked.removeprefix("/api/1/datasets/").strip("/"))
        page, size = int(query.get("page", 1)), min(int(query.get("page_size", 20)), 100)
        found = list(datasets)
        if query.get("sort") == "-last_update":
            found.sort(key=lambda one: str(one["last_modified"]), reverse=True)
        data = found[(page - 1) * size : page * size]
        if query["X-Fields"]:
            data = [{name: one[name] for name in ("id", "last_modified", "last_update")} for one in data]
        return (
            {"data": data, "total": len(datasets), "page": page, "page_size": size, "next_page": None} if data else None
        )

    return answer


def discovery(assets: Sequence[Record]) -> Answer:
    """Socrata's discovery API."""
    found = sorted(assets, key=lambda one: str(one["resource"]["id"]))

    def answer(asked: str, query: Query) -> Any:
        if asked != "/api/catalog/v1":
            return None
        after = [one for one in found if str(one["resource"]["id"]) > query.get("scroll_id", "")]
        if "order" in query:
            after.sort(key=lambda one: str(one["resource"]["updatedAt"]), reverse=True)
        return {"results": after[: int(query["limit"])], "resultSetSize": len(found)}

    return answer


def dataverse(datasets: Sequence[Record]) -> Answer:
    """Dataverse: its search and its export."""
    by_id = {f"doi:{one['authority']}/{one['identifier']}": one for one in datasets}

    def hit(id: str, one: Record) -> Record:
        version = one["latestVersion"]
        said = {"global_id": id, "published_at": version["releaseTime"], "updatedAt": version["lastUpdateTime"]}
        return {**said, "majorVersion": version["versionNumber"], "minorVersion": version["versionMinorNumber"]}

    def answer(asked: str, query: Query) -> Any:
        if asked == "/api/datasets/export":
            found = by_id.get(query["persistentId"])
            return found and {("datasetVersion" if name == "latestVersion" else name): found[name] for name in found}
        if asked != "/api/search":
            return None
        hits = [hit(id, one) for id, one in by_id.items()]
        page = _slice(hits, int(query.get("start", 0)), query["per_page"], 1000)
        return {"status": "OK", "data": {"total_count": len(hits), "items": page}}

    return answer


def dkan(packages: Sequence[Record]) -> Answer:
    """DKAN 1: a list of names, and each package as a list of one."""
    by_id = {one["id"]: one for one in packages}

    def answer(asked: str, query: Query) -> Any:
        if asked == "/api/3/action/package_list":
            return {"success": True, "result": list(by_id)}
        if asked != "/api/3/action/package_show" or query.get("id") not in by_id:
            return None
        return {"success": True, "result": [by_id[query["id"]]]}

    return answer


def hub(features: Sequence[Record]) -> Answer:
    """The search API of ArcGIS Hub."""

    def answer(asked: str, query: Query) -> Any:
        if asked != "/api/search/v1/collections/dataset/items":
            return None
        found = list(features)
        if query.get("sortBy") == "-properties.modified":
            found.sort(key=lambda one: int(one["properties"]["modified"]), reverse=True)
        page = _slice(found, int(query.get("startindex", 1)) - 1, query["limit"], 100)
        return {"type": "FeatureCollection", "features": page, "numberMatched": len(found)}

    return answer


def _slice(found: list[Record], start: int, count: str, most: int) -> list[Record]:
    return found[start : start + min(int(count), most)]


# --- records out of files ---------------------------------------------------------------------------------------------


def _lines(file: Path) -> list[Record]:
    """An asset a line; a list that moved while it was read has some of them twice."""
    found = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return list({one["resource"]["id"]: one for one in found}.values())


def _results(file: Path) -> list[Record]:
    found: list[Record] = json.loads(file.read_text("utf-8"))["results"]
    return found


def _one(file: Path) -> list[Record]:
    said = json.loads(file.read_text("utf-8"))
    return [said["data"] if "data" in said else said.get("result", said)]


def _listed(file: Path) -> list[Record]:
    said = json.loads(file.read_text("utf-8"))
    return said if isinstance(said, list) else [said]


def _table(file: Path) -> list[Record]:
    """Records of GeoJSON as pygeoapi keeps them (a table of TinyDB), or one alone."""
    said = json.loads(file.read_text("utf-8"))
    return [said] if "properties" in said else [one for table in said.values() for one in table.values()]


def _rows(file: Path) -> list[Record]:
    """The rows of udata's export of its catalogue, as its API has them."""
    csv.field_size_limit(10_000_000)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [_of_row(row) for row in csv.DictReader(lines, delimiter=";")]


def _of_row(row: Mapping[str, str]) -> Record:
    zones = [zone for zone in row["spatial.zones"].split(",") if zone]
    formats = [form for form in row["resources_formats"].split(",") if form]
    harvest = {name: row[f"harvest.{name}"] for name in ("backend", "domain", "remote_id", "uri", "last_update")}
    resources = [{"title": form, "format": form, "url": f"{row['url']}#{form}", "type": "main"} for form in formats]
    coverage = {name: row[f"temporal_coverage.{name}"] for name in ("start", "end")}
    named = ("id", "title", "slug", "acronym", "description", "frequency", "license", "created_at", "last_modified")
    return {
        **{name: row[name] for name in named},
        "last_update": row["last_modified"],
        "archived": None if row["archived"] == "False" else row["archived"],
        "page": row["url"],
        "tags": [tag for tag in row["tags"].split(",") if tag],
        "organization": {"id": row["organization_id"], "name": row["organization"]} if row["organization"] else None,
        "spatial": {"zones": zones, "granularity": row["spatial.granularity"], "geom": None},
        "temporal_coverage": coverage if any(coverage.values()) else None,
        "harvest": harvest if any(harvest.values()) else None,
        "resources": resources,
    }


PORTALS: dict[str, tuple[Callable[[Path], list[Record]], Callable[[Sequence[Record]], Answer]]] = {
    "arcgis-hub": (_one, hub),
    "dataverse": (_one, dataverse),
    "dkan": (_listed, dkan),
    "ogc-records": (_table, records),
    "opendatasoft": (_results, explore),
    "socrata": (_lines, discovery),
    "udata": (_rows, udata),
}
"""By kind of source: what finds the records in a file, and the portal that has them."""


def portal(kind: str, file: Path, most: int) -> Answer:
    """The portal of a kind over the records of a file."""
    found, made = PORTALS[kind]
    return made(found(file)[:most])
