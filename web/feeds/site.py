"""What the web's conventions expect of a site: search description, site map, robots, security contact, health."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from catalogue import clock
from catalogue.coverage.communes import communes
from catalogue.errors import DatastoreError, NotFound, for_operators
from catalogue.publishing.region import region_name
from catalogue.search.base import Query, SearchUnavailable
from catalogue.search.subjects import subjects
from catalogue.work import figures

from ..current import absolute, catalogue, settings
from ..http.caching import cached
from ..json.entry_shapes import page_address
from ..xml.rendered import rendered
from .entry_documents import json_document

SITEMAP_ENTRIES = 1_000
"""Entries in one site map. Each has an address per language; sitemaps.org allows 50,000 addresses."""
STATIC_PAGES = (
    *("", "/publishers", "/themes", "/collections", "/dumps", "/feeds", "/help", "/area", "/money", "/coverage"),
    *(f"/commune/{one.slug}" for one in communes()),
    *(f"/coverage/{subject}" for subject in subjects()),
)
"""Pages that are not of an entry or publisher, below the language."""
MOST_COUNTED = 1_000
"""Pieces of work of one kind that `/readyz` counts: it is asked every few seconds whether there is a queue."""


@cached()
def opensearch() -> ResponseReturnValue:
    """How a browser searches here (OpenSearch 1.1)."""
    return xml("feeds/opensearch.xml", "application/opensearchdescription+xml")


@cached(kept=True)
def sitemap_index() -> ResponseReturnValue:
    """The list of site maps."""
    numbers = range(1, -(-catalogue().entries.counts().entries // SITEMAP_ENTRIES) + 1)
    return xml("feeds/sitemaps.xml", addresses=[absolute(f"/sitemap/{part}.xml") for part in ("pages", *numbers)])


@cached()
def sitemap(part: str) -> ResponseReturnValue:
    """A thousand entries, or the other pages, each with its address in every language."""
    if part == "pages":
        names = [f"/publisher/{row.name}" for row in catalogue().publishers.all()]
        return xml("feeds/sitemap.xml", pages=[(name, "") for name in (*STATIC_PAGES, *names)])
    if not (part.isascii() and part.isdigit() and len(part) <= 6 and int(part) > 0):
        raise NotFound("There is no such site map; /sitemap.xml lists them.")
    found = catalogue().entries.addresses(int(part), SITEMAP_ENTRIES)
    if not found:
        raise NotFound("There is no such site map; /sitemap.xml lists them.")
    pages = [(f"/{one.kind}/{one.name}", one.updated.date().isoformat()) for one in found]
    return xml("feeds/sitemap.xml", pages=pages)


def robots() -> ResponseReturnValue:
    """What crawlers may walk: pages, but not every combination of facets."""
    rules = (
        "User-agent: *",
        "Disallow: /*/search?",
        "Disallow: /search.",
        "Disallow: /api/",
        "Disallow: /dataset/*/download/",
        "",
    )
    return Response("\n".join([*rules, f"Sitemap: {absolute('/sitemap.xml')}", ""]), mimetype="text/plain")


@cached()
def llms() -> ResponseReturnValue:
    """What language models are told of this site (https://llmstxt.org)."""
    counts = catalogue().entries.counts()
    text = render_template(
        "feeds/llms.txt",
        region=region_name(settings().region, "en"),
        datasets=counts.datasets,
        services=counts.services,
    )
    return Response(text, mimetype="text/markdown")


def security_contact() -> ResponseReturnValue:
    """Where to report a weakness (RFC 9116): at the contact of the settings, else at the page that says who we are."""
    contact = settings().contact or absolute(f"/{settings().languages[0]}/about")
    expires = (clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {expires}",
        f"Preferred-Languages: {', '.join(settings().languages)}",
        f"Canonical: {absolute('/.well-known/security.txt')}",
    )
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


def healthy() -> ResponseReturnValue:
    """200 as long as this process answers."""
    return uncached(json_document({"status": "ok"}))


def ready() -> ResponseReturnValue:
    """200 when database and index answer too, else 503 with the part that does not; with the workers that live and how
    much waits for them, by kind of work."""
    parts: dict[str, Callable[[], object]] = {
        "database": catalogue().entries.counts,
        "index": lambda: catalogue().index.search(Query(per_page=10)),
    }
    states = {name: "ok" if answers(name, ask) else "does not answer" for name, ask in parts.items()}
    queue: dict[str, object] = {}
    if states["database"] == "ok":
        queue = {"workers": len(catalogue().leases.workers()), "due": waiting()}
    response = uncached(json_document({**states, **queue}))
    if set(states.values()) != {"ok"}:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return response


def waiting() -> dict[str, int]:
    """How many pieces of work wait or are being done, by kind, counted to `MOST_COUNTED`."""
    return {name: one.pieces for name, one in figures.due(catalogue(), clock.now(), MOST_COUNTED).items()}


def metrics() -> ResponseReturnValue:
    """How things stand, for Prometheus. The server in front keeps it from the public, if that is wanted."""
    text = figures.exposition(figures.metrics(catalogue()))
    return uncached(Response(text, content_type="text/plain; version=0.0.4; charset=utf-8"))


def answers(name: str, ask: Callable[[], object]) -> bool:
    """True when that part of the system answers; why not is in the log only."""
    try:
        ask()
    except (DatastoreError, SearchUnavailable) as error:
        current_app.logger.warning("%s does not answer: %s", name, for_operators(error))
        return False
    except Exception as error:
        current_app.logger.error("%s does not answer", name, exc_info=error)
        return False
    return True


def xml(template: str, mimetype: str = "application/xml", **values: object) -> Response:
    """An XML document."""
    return rendered(template, mimetype, page_address=page_address, **values)


def uncached(response: Response) -> Response:
    """An answer that is true only now."""
    response.cache_control.no_store = True
    return response
