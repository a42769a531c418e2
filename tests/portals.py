"""A CKAN-like portal over a list of packages, for tests."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from loopback import Answer, Request, Server, site

Package = Mapping[str, Any]

ACTION = "/api/3/action/"


def envelope(result: Any) -> Answer:
    """A result as CKAN sends it."""
    return Answer(json.dumps({"help": "…", "success": True, "result": result}).encode(), "application/json")


def refusal(type: str, message: str = "No", status: int = 403) -> Answer:
    """An error as CKAN sends it."""
    body = {"help": "…", "success": False, "error": {"__type": type, "message": message}}
    return Answer(json.dumps(body).encode(), "application/json", status)


def ckan(
    packages: Sequence[Package],
    *,
    rows_max: int = 1000,
    instead: Callable[[str, Mapping[str, str]], Answer | None] | None = None,
) -> Server:
    """Answers package_search (never more than `rows_max` at once), package_list and package_show.

    `instead` may answer first, by action and parameters.
    """

    def routes(request: Request) -> Answer | None:
        if not request.path.startswith(ACTION):
            return None
        action, query = request.path.removeprefix(ACTION), request.query
        first = instead(action, query) if instead else None
        return first or _answer(packages, rows_max, action, query)

    return site(routes)


def _answer(packages: Sequence[Package], rows_max: int, action: str, query: Mapping[str, str]) -> Answer | None:
    if action == "package_search":
        start = int(query.get("start", "0"))
        rows = min(int(query.get("rows", "10")), rows_max)
        ordered = sorted(packages, key=lambda package: str(package.get("id")))
        return envelope({"count": len(packages), "results": ordered[start : start + rows]})
    if action == "package_list":
        return envelope([package["name"] for package in packages])
    if action == "package_show":
        found = [package for package in packages if query["id"] in {package["id"], package["name"]}]
        return envelope(found[0]) if found else refusal("Not Found Error", "Not found", 404)
    return refusal("Bad Request", "Action name not known", 400)


def package(number: int, **fields: Any) -> dict[str, Any]:
    """A small package."""
    return {"id": f"id-{number:03}", "name": f"package-{number}", "title": f"Title {number}", "resources": [], **fields}
