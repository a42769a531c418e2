"""What programs read at the addresses of the portal: RDF, JSON and Atom, and the conventions of the web.

Nothing is said here that the pieces do not say; only its form is chosen."""

from flask import Blueprint, Flask

from ..errors import Removed
from . import (
    catalog,
    coverage,
    croissant,
    data_json,
    downloads,
    dumps,
    entry_documents,
    history,
    identifiers,
    ldes,
    list_template,
    opml,
    quality_document,
    removed,
    runs,
    search,
    site,
)

FEEDS = (
    ("/catalog", catalog.negotiated),
    ("/catalog.<ending>", catalog.with_ending),
    ("/search.<ending>", search.results),
    ("/<any(dataset, service, series, publication):kind>/<name>.<ending>", entry_documents.entry),
    ("/<any(dataset, service, series, publication):kind>/<name>", entry_documents.by_name),
    ("/<any(dataset, service, series, publication):kind>/<name>/changes.<ending>", history.changes),
    ("/dataset/<name>/download/<key>", downloads.download),
    ("/downloads.json", downloads.as_json),
    ("/downloads.csv", downloads.as_csv),
    ("/dataset/<name>/croissant.json", croissant.of_dataset),
    ("/publisher/<name>.<ending>", entry_documents.publisher),
    ("/publisher/<name>", entry_documents.publisher_by_name),
    ("/source/<name>/runs.atom", runs.of_source),
    ("/quality.<ending>", quality_document.document),
    ("/id/<kind>/<id>", identifiers.identifier),
    ("/id/<kind>/<id>/<path:part>", identifiers.identifier),
    ("/coverage/<subject>.<ending>", coverage.subject),
    ("/money.<ending>", coverage.money),
    ("/data.json", data_json.project_open_data),
    ("/ldes", ldes.stream),
    ("/ldes/<int(max=999999999999):number>", ldes.page),
    ("/dumps", dumps.listed),
    ("/dumps/index.json", dumps.index),
    ("/dumps/<name>", dumps.newest),
    ("/dumps/<day>/<name>", dumps.handed_out),
    ("/list-template/<language>.<ending>", list_template.template),
    ("/feeds.opml", opml.outline),
    ("/opensearch.xml", site.opensearch),
    ("/sitemap.xml", site.sitemap_index),
    ("/sitemap/<part>.xml", site.sitemap),
    ("/robots.txt", site.robots),
    ("/llms.txt", site.llms),
    ("/.well-known/security.txt", site.security_contact),
    ("/healthz", site.healthy),
    ("/readyz", site.ready),
    ("/metrics", site.metrics),
)
"""Address and view of each feed."""


def register(app: Flask) -> None:
    """Adds the feeds to the application."""
    feeds = Blueprint("feeds", __name__)
    for rule, view in FEEDS:
        feeds.add_url_rule(rule, view_func=view, strict_slashes=False)
    feeds.register_error_handler(Removed, removed.gone)
    app.register_blueprint(feeds)
