"""What the service is: its landing page, what it conforms to, its one collection and what that can be asked."""

from flask.typing import ResponseReturnValue

from ..current import settings
from ..http.caching import cached
from . import openapi
from .answers import GEOJSON, JSON, OPENAPI, SCHEMA, Json, answer, link
from .queries import LISTED_BY, NARROWED_BY, QUERYABLES

BASE = "/ogc"
COLLECTION = "/ogc/collections/datasets"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
HTML = "text/html"

CONFORMS_TO = tuple(
    f"http://www.opengis.net/spec/{name}"
    for name in (
        "ogcapi-common-1/1.0/conf/core",
        "ogcapi-common-1/1.0/conf/json",
        "ogcapi-common-1/1.0/conf/oas30",
        "ogcapi-common-2/1.0/conf/collections",
        "ogcapi-features-1/1.0/conf/core",
        "ogcapi-features-1/1.0/conf/geojson",
        "ogcapi-features-1/1.0/conf/oas30",
        "ogcapi-features-3/1.0/conf/queryables",
        "ogcapi-records-1/1.0/conf/record-core",
        "ogcapi-records-1/1.0/conf/record-collection",
        "ogcapi-records-1/1.0/conf/record-api",
        "ogcapi-records-1/1.0/conf/searchable-catalog",
        "ogcapi-records-1/1.0/conf/json",
    )
)
"""Conformance classes. Not among them are those that ask for all of CQL2, for sorting by everything, and for words of
which any may be there (`q` with commas): what of them is there is said in the description."""


@cached("Accept")
def landing() -> ResponseReturnValue:
    """`/ogc`."""
    links = [
        link(BASE, "self"),
        link("/ogc/api", "service-desc", OPENAPI, "Description of this service (OpenAPI)"),
        link("/en/developers", "service-doc", HTML, "For developers"),
        link("/ogc/conformance", "conformance"),
        link("/ogc/collections", "data"),
        link(COLLECTION, "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog", title=settings().title),
    ]
    return answer({"title": settings().title, "description": openapi.DESCRIPTION, "links": links}, JSON)


@cached("Accept")
def conformance() -> ResponseReturnValue:
    """`/ogc/conformance`."""
    return answer({"conformsTo": list(CONFORMS_TO), "links": [link("/ogc/conformance", "self")]}, JSON)


@cached("Accept")
def description() -> ResponseReturnValue:
    """`/ogc/api`."""
    return answer(openapi.document(), OPENAPI)


@cached("Accept")
def collections() -> ResponseReturnValue:
    """`/ogc/collections`."""
    return answer({"links": [link("/ogc/collections", "self")], "collections": [described()]}, JSON)


@cached("Accept")
def collection() -> ResponseReturnValue:
    """`/ogc/collections/datasets`."""
    return answer(described(), JSON)


def described() -> Json:
    """The collection of all entries."""
    return {
        "id": "datasets",
        "type": "Collection",
        "itemType": "record",
        "title": settings().title,
        "description": "Datasets, series of datasets and services.",
        "language": {"code": settings().languages[0]},
        "languages": [{"code": language} for language in settings().languages],
        "crs": [CRS84],
        "links": [
            link(COLLECTION, "self"),
            link(f"{COLLECTION}/items", "items", GEOJSON),
            link(f"{COLLECTION}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA),
            link(f"{COLLECTION}/sortables", "http://www.opengis.net/def/rel/ogc/1.0/sortables", SCHEMA),
            link("/catalog.ttl", "alternate", "text/turtle", "DCAT-AP"),
            link("/en/search", "alternate", HTML),
            link("https://creativecommons.org/publicdomain/zero/1.0/", "license", HTML),
        ],
    }


@cached("Accept")
def queryables() -> ResponseReturnValue:
    """`/ogc/collections/datasets/queryables`."""
    return answer(schema("queryables", QUERYABLES), SCHEMA)


@cached("Accept")
def sortables() -> ResponseReturnValue:
    """`/ogc/collections/datasets/sortables`."""
    names = dict.fromkeys(name.lstrip("-") for name in (*LISTED_BY, *NARROWED_BY))
    return answer(schema("sortables", {name: {"type": "string"} for name in names}), SCHEMA)


def schema(name: str, properties: dict[str, Json]) -> Json:
    """A JSON schema of properties."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": link(f"{COLLECTION}/{name}", "self")["href"],
        "type": "object",
        "title": settings().title,
        "properties": properties,
        "additionalProperties": False,
    }
