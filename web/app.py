"""The application: which parts the face of the catalogue has, and in which order they are joined."""

from flask import Flask

from catalogue.service import Catalogue
from catalogue.settings import Settings, load

from . import api, ckan, csw, errors, feeds, filters, mcp, oai, ogc, pages, producers
from .http import (
    access_log,
    allowances,
    assets,
    caching,
    compression,
    former_addresses,
    kept_records,
    security,
    slices,
)
from .http.front import Front
from .http.security import headers
from .wording import words

__all__ = ["create_app", "headers"]

FIRST = (access_log, allowances)
"""What looks at a request before anything is done for it."""


def create_app(settings: Settings | None = None, catalogue: Catalogue | None = None) -> Flask:
    """The portal over a catalogue; both come from the environment when they are not given."""
    app = Flask("web", static_folder=None)
    settings = settings or load()
    app.extensions["settings"] = settings
    app.extensions["catalogue"] = catalogue or Catalogue(settings)
    configure(app)
    for part in (
        *FIRST,
        caching,
        compression,
        words,
        assets,
        filters,
        security,
        former_addresses,
        errors,
        slices,
        kept_records,
    ):
        part.register(app)
    for face in (pages, producers, feeds, api, ckan, oai, ogc, csw, mcp):
        face.register(app)
    app.wsgi_app = Front(app.wsgi_app, settings.site_url)  # type: ignore[assignment, method-assign]
    return app


def configure(app: Flask) -> None:
    """Limits and habits of the framework; nothing here depends on the settings."""
    app.config.update(
        MAX_CONTENT_LENGTH=32 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        JSON_SORT_KEYS=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
