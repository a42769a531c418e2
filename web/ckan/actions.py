"""The actions, by CKAN's names: each takes the parameters of a call and gives its result."""

from collections.abc import Callable, Mapping
from inspect import cleandoc
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from catalogue.errors import NotFound
from catalogue.publishing.texts_by_language import by_language
from catalogue.search.base import FacetCount, Query
from catalogue.search.params import chosen_values
from catalogue.store.rows import EntryRow, PublisherRow
from dcat import vocab

from ..current import absolute, catalogue, settings
from ..json.entry_shapes import publisher_iri
from . import completing, harvested, harvesting, packages, searching, tables
from .packages import Json, group, package, plain, tag
from .parameters import Invalid, Parameters
from .producing import PRODUCING
from .queries import question

T = TypeVar("T")

MOST = 1_000
"""Packages of one answer, as in CKAN (`ckan.search.rows_max`)."""


# --- the site --------------------------------------------------------------------------------------------------------


def site_read(_: Parameters) -> bool:
    """Says that anybody may read."""
    return True


def status_show(_: Parameters) -> Json:
    """What this site is. `ckan_version` is the version whose API is spoken here."""
    return {
        "ckan_version": "2.11.0",
        "site_url": settings().site_url,
        "site_title": settings().title,
        "site_description": "",
        "error_emails_to": settings().contact or None,
        "locale_default": settings().languages[0],
        "extensions": ["dcat", "fluent", "scheming_datasets"],
    }


def help_show(given: Parameters) -> str:
    """What an action does. Parameter: `name`."""
    name = given.needed("name")
    action = ACTIONS.get(name) or PRODUCING.get(name)
    if action is None:
        raise NotFound(f"There is no action named {name[:100]!r}.")
    return cleandoc(action.__doc__ or "")


# --- packages --------------------------------------------------------------------------------------------------------


def package_list(given: Parameters) -> list[str]:
    """Names of all packages, in order of id. Parameters: `limit`, `offset`."""
    limit, offset = given.whole("limit", 0), given.whole("offset", 0)
    return catalogue().entries.names(tuple(packages.TYPES), offset, limit or None)


def package_show(given: Parameters) -> Json:
    """One package. Parameter: `id`, its id or name."""
    name = given.needed("id", "name_or_id")
    return package(packages.live(name, f"package named {name[:100]!r}"))


def package_search(given: Parameters) -> Json:
    """Packages that match. Parameters: `q`, `fq`, `fq_list`, `rows` (at most 1000), `start`, `sort`, `facet`,
    `facet.field`, `facet.limit`, `facet.mincount`, `fl` (the fields that are wanted), `ext_bbox` (by itself or in
    `extras`, as ckanext-spatial takes it).
    See `queries` for what of Solr's grammar is spoken."""
    box = given.text("ext_bbox") or Parameters(given.mapping("extras")).text("ext_bbox")
    asked = question(given.text("q"), [*given.texts("fq"), *given.texts("fq_list")], box)
    facets = [searching.facet(name) for name in given.texts("facet.field") if given.flag("facet", default=True)]
    rows, start = min(given.whole("rows", 10), MOST), given.whole("start", 0)
    sort = searching.order(given.text("sort"), has_words=bool(asked.query.text))
    found = searching.find(asked, start, rows, sort, tuple(facets))
    most, least = given.whole("facet.limit", 50, -1), given.whole("facet.mincount", 1)
    counted = {
        name: [one for one in found.facets.get(name, ()) if one.count >= max(1, least)][: most if most >= 0 else None]
        for name in facets
    }
    return {
        "count": found.total,
        "sort": sort.said,
        "facets": {searching.WORDS[name]: {_value(name, one): one.count for one in counted[name]} for name in facets},
        "search_facets": {searching.WORDS[name]: _facet(name, counted[name]) for name in facets},
        "results": _packages(found.rows, given.words("fl")),
    }


def _packages(rows: list[EntryRow], fields: set[str]) -> list[msgspec.Raw] | list[Json]:
    """The packages, or of each the fields that are wanted."""
    if not fields or "*" in fields:
        return [packages.written(row) for row in rows]
    return [{name: value for name, value in package(row).items() if name in fields} for row in rows]


def current_package_list_with_resources(given: Parameters) -> list[msgspec.Raw]:
    """Packages, last changed first. Parameters: `limit` (at most 1000), `offset`."""
    rows, start = min(given.whole("limit", 10), MOST), given.whole("offset", 0)
    sort = searching.order("metadata_modified desc", has_words=False)
    return [packages.written(row) for row in searching.find(question("", []), start, rows, sort, ()).rows]


def recently_changed_packages_activity_list(given: Parameters) -> list[Json]:
    """What came in or changed last. Parameters: `limit` (at most 100), `offset`."""
    rows, start = min(given.whole("limit", 31, 1), 100), given.whole("offset", 0)
    sort = searching.order("metadata_modified desc", has_words=False)
    return [packages.activity(row) for row in searching.find(question("", []), start, rows, sort, ()).rows]


def package_autocomplete(given: Parameters) -> list[Json]:
    """Packages with these words, the last of which may be the beginning of one. Parameters: `q`, `limit`."""
    text, limit = given.needed("q", "incomplete"), given.whole("limit", 10, 1, 100)
    found = catalogue().index.search(Query(text=f"{text}*", filters={"type": tuple(packages.TYPES)}, per_page=limit))
    return [
        {
            "name": hit.document.name,
            "title": hit.title.value,
            "match_field": "title",
            "match_displayed": f"{hit.title.value} ({hit.document.name})",
        }
        for hit in found.hits
    ]


def resource_show(given: Parameters) -> Json:
    """One file of a package. Parameter: `id`."""
    id = given.needed("id")
    sought = f"resource {id[:100]!r}"
    for one in package(packages.live(id.partition("-")[0], sought))["resources"]:
        if one["id"] == id:
            return dict(one)
    raise NotFound(f"There is no {sought}.")


# --- organisations, groups, tags, licences ---------------------------------------------------------------------------


def organization_list(given: Parameters) -> list[Any]:
    """Publishers. Parameters: `all_fields`, `sort` (by `name`, `title` or `package_count`), `limit`, `offset`,
    `organizations`."""
    wanted = set(given.texts("organizations"))
    count = {one.value: one.count for one in _counted("publisher")}
    known = [row for row in catalogue().publishers.all() if row.name in (wanted & count.keys() if wanted else count)]
    ways = {
        "name": lambda row: row.name,
        "title": lambda row: vocab.key(plain(row.title)),
        "package_count": lambda row: count[row.name],
    }
    some = _part(_ordered(known, ways, given), given)
    return [_organisation(row, count[row.name]) if given.flag("all_fields") else row.name for row in some]


def organization_show(given: Parameters) -> Json:
    """One publisher. Parameters: `id`, `include_datasets` (the first ten)."""
    row = catalogue().publishers.named(given.needed("id"))
    return _organisation(row, searching.count(("publisher", row.name))) | _members(given, ("publisher", row.name))


def group_list(given: Parameters) -> list[Any]:
    """Themes that hold something. Parameters: `all_fields`, `sort` (by `name`, `title` or `package_count`), `limit`,
    `offset`, `groups`."""
    wanted = {name.upper() for name in given.texts("groups")}
    known = [one for one in _counted("theme") if not wanted or one.value in wanted]
    ways = {
        "name": lambda one: one.value,
        "title": lambda one: vocab.key(group(one.value)["title"]),
        "package_count": lambda one: one.count,
    }
    some = _part(_ordered(known, ways, given), given)
    if not given.flag("all_fields"):
        return [one.value.lower() for one in some]
    return [group(one.value) | {"package_count": one.count} for one in some]


def group_show(given: Parameters) -> Json:
    """One theme. Parameters: `id`, `include_datasets` (the first ten)."""
    code = given.needed("id").upper()
    if code not in vocab.THEMES.by_code:
        raise NotFound(f"There is no group {code[:100].lower()!r}.")
    count = {one.value: one.count for one in _counted("theme")}.get(code, 0)
    return group(code) | {"type": "group", "state": "active", "package_count": count} | _members(given, ("theme", code))


def group_package_show(given: Parameters) -> list[msgspec.Raw]:
    """Packages of a theme. Parameters: `id`, `limit` (at most 1000)."""
    code, rows = given.needed("id").upper(), min(given.whole("limit", MOST), MOST)
    if code not in vocab.THEMES.by_code:
        raise NotFound(f"There is no group {code[:100].lower()!r}.")
    sort = searching.order("title_string asc", has_words=False)
    return [packages.written(row) for row in searching.find(question("", [f"groups:{code}"]), 0, rows, sort, ()).rows]


def tag_list(given: Parameters) -> list[Any]:
    """Keywords. Parameters: `query`, `all_fields`, `limit`, `offset`."""
    wanted = given.text("query").casefold()
    found = _part(sorted(one.value for one in _counted("keyword") if wanted in one.value.casefold()), given)
    return [tag(text) for text in found] if given.flag("all_fields") else found


def tag_show(given: Parameters) -> Json:
    """One keyword. Parameters: `id`, `include_datasets` (the first ten)."""
    text = next(iter(chosen_values("keyword", [given.needed("id")])))
    members = _members(given, ("keyword", text))
    if not searching.count(("keyword", text)):
        raise NotFound(f"There is no tag {text[:100]!r}.")
    return tag(text) | members


def license_list(_: Parameters) -> list[Json]:
    """The licences of the EU table."""
    return [
        {"id": term.code, "title": vocab.label(term, settings().languages[0]), "url": term.iri, "status": "active"}
        for term in vocab.LICENCES
    ]


def _organisation(row: PublisherRow, count: int) -> Json:
    title = plain(row.title)
    return {
        "id": row.name,
        "name": row.name,
        "title": title,
        "display_name": title,
        "title_translated": by_language(row.title),
        "description": "",
        "type": "organization",
        "is_organization": True,
        "state": "active",
        "approval_status": "approved",
        "image_url": "",
        "image_display_url": "",
        "package_count": count,
        "uri": publisher_iri(row),
        "url": row.homepage or absolute(f"/publisher/{row.name}"),
    }


def _members(given: Parameters, *chosen: tuple[str, str]) -> Json:
    """The first packages, when they are asked for."""
    if not given.flag("include_datasets"):
        return {}
    return {"packages": [package(row) for row in searching.first(10, *chosen)]}


def _counted(facet: str) -> tuple[FacetCount, ...]:
    return searching.counts(facet)


def _ordered(known: list[T], ways: Mapping[str, Callable[[T], Any]], given: Parameters) -> list[T]:
    """In the order asked for, if any. What holds most comes first where no direction is given, as in CKAN."""
    said = given.text("sort") or given.text("order_by")
    if not said:
        return known
    name, _, direction = said.replace("packages", "package_count").partition(" ")
    direction = direction.strip().lower() or ("desc" if name == "package_count" else "asc")
    if name not in ways or direction not in {"asc", "desc"}:
        raise Invalid("sort", f"sort: {said[:60]!r} cannot be sorted by. Known: {', '.join(ways)}, with asc or desc.")
    return sorted(known, key=ways[name], reverse=direction == "desc")


def _part(known: list[T], given: Parameters) -> list[T]:
    limit, offset = given.whole("limit", 0), given.whole("offset", 0)
    return known[offset : offset + limit if limit else None]


def _facet(name: str, counted: list[FacetCount]) -> Json:
    items = [
        {"name": _value(name, one), "display_name": searching.label(name, one.value), "count": one.count}
        for one in counted
    ]
    return {"title": searching.WORDS[name], "items": items}


def _value(name: str, one: FacetCount) -> str:
    return one.value.lower() if name == "theme" else one.value


_ALL: tuple[Callable[[Parameters], Any], ...] = (
    site_read,
    status_show,
    help_show,
    package_list,
    package_show,
    package_search,
    current_package_list_with_resources,
    package_autocomplete,
    resource_show,
    organization_list,
    organization_show,
    group_list,
    group_show,
    tag_list,
    tag_show,
    license_list,
    recently_changed_packages_activity_list,
    group_package_show,
    *completing.ALL,
    *tables.ALL,
    *harvesting.ALL,
    *harvested.ALL,
)

ACTIONS: Mapping[str, Callable[[Parameters], Any]] = MappingProxyType({one.__name__: one for one in _ALL})
"""Everything that can be called."""
