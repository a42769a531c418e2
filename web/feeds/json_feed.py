"""A search as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): what Atom says, for readers of JSON."""

from typing import Any

from flask import Response, g

from catalogue.search.base import Query, Results

from ..current import settings
from . import atom
from .entry_documents import json_document
from .formats import JSON_FEED

PATH = f"/search.{JSON_FEED.ending}"


def feed(query: Query, results: Results) -> Response:
    """The hits of this page."""
    turns = {relation: to for relation, _, to in atom.links(query, results, PATH, JSON_FEED.media_type)}
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": settings().title + (f" – {query.text}" if query.text else ""),
        "home_page_url": turns["alternate"],
        "feed_url": turns["self"],
        "next_url": turns.get("next"),
        "language": g.lang,
        "items": [item(one) for one in atom.items(results)],
    }
    response = json_document({name: value for name, value in said.items() if value is not None})
    response.mimetype = JSON_FEED.media_type
    return response


def item(one: atom.Item) -> dict[str, Any]:
    """One entry of the catalogue."""
    said = {
        "id": one.iri,
        "url": one.page,
        "title": one.title,
        "content_text": one.summary or one.title,
        "date_published": one.published,
        "date_modified": one.updated,
        "authors": [{"name": one.publisher}] if one.publisher else [],
        "tags": list(one.themes),
        "language": one.lang,
        "attachments": [{"url": one.data, "mime_type": "text/turtle"}],
    }
    return {name: value for name, value in said.items() if value not in ("", [])}
