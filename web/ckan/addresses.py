"""The addresses of a CKAN portal, for people and feed readers: each leads to ours that shows the same."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue

from catalogue.search.base import BadQuery
from catalogue.search.params import params_from_query

from ..feeds.redirects import moved, see_other
from ..http import negotiate
from ..http.params import address
from .queries import FIELDS, Unsupported, question

_FILTERS = ("organization", "owner_org", "groups", "tags", "res_format", "license_id")
PARAMETERS: dict[str, tuple[str, Callable[[str], str]]] = {
    "q": ("q", str),
    "ext_bbox": ("bbox", str),
    **{name: FIELDS[name] for name in _FILTERS},
}
"""Parameters of CKAN's search page → ours, and how a value is written there."""
SORTS = {"metadata_modified desc": "-modified", "score desc": "relevance", "title_string asc": "title"}
FEED = {"feeds.negotiated", "feeds.with_ending"}
"""The feed of the whole catalogue."""
KINDS = {"organization": "publisher", "group": "theme", "tag": "keyword"}


def register(app: Flask) -> None:
    """Adds the addresses, also below a language, as portals in several languages have them."""
    old = Blueprint("old", __name__)
    languages = ", ".join(settings_of(app))
    for prefix, name in (("", ""), (f"/<any({languages}):lang>", "_in")):
        for rule, view in (
            ("/dataset", search),
            ("/organization", publishers),
            ("/group", themes),
            ("/<any(organization, group, tag):kind>/<name>", one),
            ("/dataset/<name>/resource/<path:rest>", dataset),
        ):
            old.add_url_rule(f"{prefix}{rule}", f"{view.__name__}{name}", view, strict_slashes=False)
    old.add_url_rule("/catalog.n3", "notation3", notation3)
    old.add_url_rule("/dataset/<name>.n3", "notation3_of", notation3)
    old.add_url_rule("/feeds/<any(dataset, custom):kind>.atom", "feed", feed)
    old.add_url_rule("/feeds/<any(organization, group, tag):kind>/<name>.atom", "feed_of", feed_of)
    app.register_blueprint(old)
    app.before_request(narrowed_feed)


def settings_of(app: Flask) -> tuple[str, ...]:
    """The languages of the portal."""
    found: tuple[str, ...] = app.extensions["settings"].languages
    return found


def search(lang: str = "") -> ResponseReturnValue:
    """`/dataset`: the search."""
    return see_other(address(f"/{lang or negotiate.language()}/search", asked()))


def publishers(lang: str = "") -> ResponseReturnValue:
    """`/organization`: the publishers."""
    return see_other(f"/{lang or negotiate.language()}/publishers")


def themes(lang: str = "") -> ResponseReturnValue:
    """`/group`: the themes."""
    return see_other(f"/{lang or negotiate.language()}/themes")


def one(kind: str, name: str, lang: str = "") -> ResponseReturnValue:
    """A publisher, a theme or a keyword, or what was searched for among its datasets."""
    if chosen := asked():
        within = [(KINDS[kind], ours(kind, name)), *chosen]
        return see_other(address(f"/{lang or negotiate.language()}/search", within))
    return see_other(f"/{lang or negotiate.language()}/{KINDS[kind]}/{quote(ours(kind, name), safe='')}")


def dataset(name: str, rest: str, lang: str = "") -> ResponseReturnValue:  # noqa: ARG001 (one page has all the files)
    """`/dataset/{name}/resource/…`: the dataset."""
    return see_other(f"/{lang or negotiate.language()}/dataset/{quote(name, safe='')}")


def feed(kind: str) -> ResponseReturnValue:  # noqa: ARG001 (both are searches)
    """`/feeds/dataset.atom` and `/feeds/custom.atom`."""
    return moved(address("/search.atom", asked()))


def feed_of(kind: str, name: str) -> ResponseReturnValue:
    """`/feeds/organization/{name}.atom` and its neighbours."""
    return moved(address("/search.atom", [(KINDS[kind], ours(kind, name))]))


def notation3(name: str = "") -> ResponseReturnValue:
    """`/catalog.n3` and `/dataset/{name}.n3`: Turtle is Notation3."""
    path = f"/dataset/{quote(name, safe='')}.ttl" if name else "/catalog.ttl"
    return moved(address(path, request.args.items(multi=True)))


def narrowed_feed() -> ResponseReturnValue | None:
    """`/catalog.rdf?fq=…`, as ckanext-dcat narrows its feed: the same in our parameters. Raises `BadQuery` for what our
    feed cannot be narrowed by."""
    filters = [text for text in request.args.getlist("fq") if text.strip()]
    if not filters or request.endpoint not in FEED:
        return None
    try:
        asked = question("", filters)
    except Unsupported as error:
        raise BadQuery(str(error).replace("%", "%%"), "fq") from error
    if asked.query.condition or asked.until:
        raise BadQuery("%(name)s must be clauses field:value that all hold, without OR and NOT.", "fq")
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "fq"]
    since = [("modified_since", asked.since.isoformat(timespec="seconds"))] if asked.since else []
    return see_other(address(request.path, [*kept, *params_from_query(asked.query), *since]))


def ours(kind: str, name: str) -> str:
    """A name as we write it: themes are codes in capitals."""
    return name.upper() if kind == "group" else name


def asked() -> list[tuple[str, str]]:
    """The search in CKAN's parameters, in ours; what we have no word for is left out."""
    found = []
    for name, value in request.args.items(multi=True):
        if name in PARAMETERS and value.strip():
            parameter, written = PARAMETERS[name]
            found.append((parameter, written(value)))
        elif value in SORTS and name == "sort":
            found.append(("sort", SORTS[value]))
    return found
