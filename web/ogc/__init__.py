"""OGC API - Records: our entries as records of one collection, for clients of maps such as QGIS.

A door only translates: a parameter, value or expression that our search cannot be asked is refused, never ignored.
https://docs.ogc.org/is/20-004r1/20-004r1.html
"""

from flask import Blueprint, Flask

from .. import errors
from ..http import slices
from . import answers, items, service

ADDRESSES = (
    ("/ogc", service.landing),
    ("/ogc/conformance", service.conformance),
    ("/ogc/api", service.description),
    ("/ogc/collections", service.collections),
    ("/ogc/collections/datasets", service.collection),
    ("/ogc/collections/datasets/queryables", service.queryables),
    ("/ogc/collections/datasets/sortables", service.sortables),
    ("/ogc/collections/datasets/items", items.listed),
    ("/ogc/collections/datasets/items/<id>", items.one),
)
"""Address and view of each resource."""


def register(app: Flask) -> None:
    """Adds the resources to the application."""
    ogc = Blueprint("ogc", __name__)
    for rule, view in ADDRESSES:
        ogc.add_url_rule(rule, view_func=view, strict_slashes=False)
    app.register_blueprint(ogc)
    errors.speaks(app, "/ogc", answers.refused)
    slices.take(app, {"ogc.listed": slices.NAMES})
