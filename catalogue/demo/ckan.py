"""The example agency that answers like CKAN 2.11: the read actions that harvesters use, over packages in a file.

`packages.json` says each thing once; what CKAN repeats in every answer (the organisation, the tags as objects, the
counts) is added here. https://docs.ckan.org/en/2.11/api/#action-api-reference
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, NamedTuple

ROWS_MAX = 12
"""Like `ckan.search.rows_max`: a page is never larger, whatever is asked."""

Json = dict[str, Any]
Params = Mapping[str, Any]


class ActionError(Exception):
    """An answer with `success: false`: HTTP status, CKAN's `__type` and a message."""

    def __init__(self, status: int, type: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.type = type


class Site(NamedTuple):
    """What the files of the agency say."""

    status: Json
    organizations: list[Json]
    packages: list[Json]


def answer(site: Site, action: str, params: Params, address: str) -> tuple[int, Json]:
    """HTTP status and body of one call, in CKAN's envelope."""
    envelope = {"help": f"{address}/api/3/action/help_show?name={action}"}
    try:
        if action not in ACTIONS:
            raise ActionError(400, "Bad Request", f"Action name not known: {action}")
        return 200, envelope | {"success": True, "result": ACTIONS[action](site, params)}
    except ActionError as error:
        return error.status, envelope | {"success": False, "error": {"__type": error.type, "message": str(error)}}


def page(site: Site, name: str) -> str | None:
    """The page of a package for people, in HTML; None when there is no such package."""
    found = next((package for package in site.packages if package["name"] == name), None)
    if found is None:
        return None
    title, notes = escape(str(found.get("title") or name)), escape(str(found.get("notes") or ""))
    return f'<!doctype html><html lang="fr"><title>{title}</title><h1>{title}</h1><p>{notes}</p></html>'


def status_show(site: Site, _params: Params) -> Json:
    """What the site is."""
    return site.status


def package_list(site: Site, params: Params) -> list[str]:
    """The names of all packages."""
    names = sorted({package["name"] for package in site.packages})
    start = number(params, "offset", 0)
    return names[start : start + number(params, "limit", len(names))]


def package_show(site: Site, params: Params) -> Json:
    """One package by its id or name."""
    wanted = params.get("id")
    for package in site.packages:
        if wanted in {package["id"], package["name"]}:
            return complete(site, package)
    raise ActionError(404, "Not Found Error", "Not found")


def package_search(site: Site, params: Params) -> Json:
    """One page of packages; like CKAN's own, no larger than the site allows."""
    if params.get("fq"):
        raise ActionError(400, "Search Query Error", f"This example site does not filter: {params['fq']}")
    sort = str(params.get("sort") or "name asc")
    found = ordered(matching(site.packages, str(params.get("q") or "*:*")), sort)
    start, rows = number(params, "start", 0), min(number(params, "rows", 10), ROWS_MAX)
    page = [complete(site, package) for package in found[start : start + rows]]
    return {"count": len(found), "sort": sort, "facets": {}, "search_facets": {}, "results": page}


def organization_list(site: Site, params: Params) -> list[Any]:
    """The organisations: their names, or all about them with `all_fields`."""
    if str(params.get("all_fields", "")).lower() in {"true", "1"}:
        return [with_count(site, organization) for organization in site.organizations]
    return [organization["name"] for organization in site.organizations]


def organization_show(site: Site, params: Params) -> Json:
    """One organisation by its id or name."""
    for organization in site.organizations:
        if params.get("id") in {organization["id"], organization["name"]}:
            return with_count(site, organization)
    raise ActionError(404, "Not Found Error", "Not found")


ACTIONS: dict[str, Callable[[Site, Params], Any]] = {
    "status_show": status_show,
    "package_list": package_list,
    "package_show": package_show,
    "package_search": package_search,
    "organization_list": organization_list,
    "organization_show": organization_show,
}


def number(params: Params, name: str, default: int) -> int:
    """A whole number from 0, or CKAN's validation error."""
    try:
        value = int(params.get(name, default))
    except (TypeError, ValueError) as error:
        raise ActionError(409, "Validation Error", f"{name}: Invalid integer") from error
    if value < 0:
        raise ActionError(409, "Validation Error", f"{name}: Must be a natural number")
    return value


def matching(packages: list[Json], query: str) -> list[Json]:
    """The packages whose title or text has the words; `*:*` is all of them."""
    if query == "*:*":
        return packages
    return [package for package in packages if query.lower() in f"{package['title']} {package['notes']}".lower()]


def ordered(packages: list[Json], sort: str) -> list[Json]:
    """The packages by the first field of a sort text such as `metadata_modified desc, name asc`."""
    field, _, direction = sort.partition(",")[0].strip().partition(" ")
    if field not in {"id", "name", "metadata_created", "metadata_modified"}:
        raise ActionError(400, "Search Query Error", f"Cannot sort by {field}")
    return sorted(packages, key=lambda package: str(package[field]), reverse=direction.strip() == "desc")


def with_count(site: Site, organization: Json) -> Json:
    """An organisation with the number of its packages."""
    count = sum(package["organization"] == organization["name"] for package in site.packages)
    return organization | {"package_count": count}


def complete(site: Site, package: Json) -> Json:
    """A package with what CKAN adds to every answer."""
    organization = next(each for each in site.organizations if each["name"] == package["organization"])
    tags = [{"name": name, "display_name": name, "state": "active", "vocabulary_id": None} for name in package["tags"]]
    resources = [
        {"position": position, "package_id": package["id"], "state": "active"} | resource
        for position, resource in enumerate(package["resources"])
    ]
    blank = {"type": "dataset", "state": "active", "private": False, "url": None, "groups": [], "extras": []}
    return (
        blank
        | package
        | {
            "organization": organization,
            "owner_org": organization["id"],
            "tags": tags,
            "num_tags": len(tags),
            "resources": resources,
            "num_resources": len(resources),
        }
    )
