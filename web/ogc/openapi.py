"""The description of the service as OpenAPI 3.0, which OGC's clients ask for."""

from importlib.metadata import version

from ..current import absolute, settings
from .answers import GEOJSON, JSON, OPENAPI, SCHEMA, Json
from .queries import GIVEN, LISTED_BY, MOST, NARROWED_BY

DESCRIPTION = (
    "The entries of this catalogue as records. q finds what has all of its words, by their forms and senses in four "
    "languages. filter is the part of CQL2 that our search can be asked: =, <>, IN, LIKE '%words%' of anytext, "
    "updated >= TIMESTAMP('…'), S_INTERSECTS(geometry, BBOX(…)), T_INTERSECTS(time, INTERVAL('…','…')), with AND "
    "between properties, OR between values of one property, NOT before the type."
)


def document() -> Json:
    """The whole description."""
    return {
        "openapi": "3.0.3",
        "info": {"title": settings().title, "description": DESCRIPTION, "version": version("datastore-portal")},
        "servers": [{"url": absolute("/ogc")}],
        "paths": {path: {"get": operation(path)} for path in PATHS},
        "components": {"schemas": {"Any": {"type": "object"}}},
    }


PATHS = {
    "/": ("getLandingPage", "The service", JSON),
    "/conformance": ("getConformance", "What the service conforms to", JSON),
    "/api": ("getDescription", "This description", OPENAPI),
    "/collections": ("getCollections", "The collections", JSON),
    "/collections/datasets": ("getCollection", "The collection of all entries", JSON),
    "/collections/datasets/queryables": ("getQueryables", "What a filter can ask for", SCHEMA),
    "/collections/datasets/sortables": ("getSortables", "What records can be sorted by", SCHEMA),
    "/collections/datasets/items": ("getRecords", "Records", GEOJSON),
    "/collections/datasets/items/{recordId}": ("getRecord", "One record", GEOJSON),
}
"""Path → name, summary and media type of its operation."""


def operation(path: str) -> Json:
    """What one path answers to GET."""
    name, summary, media_type = PATHS[path]
    parameters = [] if "{recordId}" not in path else [_parameter("recordId", "Id of the record.", place="path")]
    if name == "getRecords":
        parameters += QUERY
    content = {media_type: {"schema": {"$ref": "#/components/schemas/Any"}}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [*parameters, _parameter("f", "The format.", {"type": "string", "enum": ["json"]})],
        "responses": {
            "200": {"description": summary, "content": content},
            "default": {
                "description": "What is wrong (RFC 9457).",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Any"}}},
            },
        },
    }


def _parameter(name: str, says: str, schema: Json | None = None, *, place: str = "query") -> Json:
    return {
        "name": name,
        "in": place,
        "description": says,
        "required": place == "path",
        "schema": schema or {"type": "string"},
        **({"style": "form", "explode": False} if place == "query" else {}),
    }


_TEXTS: Json = {"type": "array", "items": {"type": "string"}}
_ORDERS = list(dict.fromkeys((*LISTED_BY, *NARROWED_BY)))

QUERY = [
    _parameter("q", "Words, all of which a record has."),
    _parameter("bbox", "west,south,east,north in degrees.", {"type": "array", "items": {"type": "number"}}),
    _parameter("bbox-crs", "The reference system of the box: CRS84."),
    _parameter("datetime", "A moment or an interval that the period covered overlaps, by days."),
    _parameter("type", "Types with commas between them: dataset, service, series.", _TEXTS),
    _parameter("ids", "Ids of records.", _TEXTS),
    _parameter("externalIds", "IRIs or identifiers of what is described.", _TEXTS),
    _parameter("filter", "An expression in CQL2."),
    _parameter("filter-lang", "The language of the filter.", {"type": "string", "enum": ["cql2-text"]}),
    _parameter("filter-crs", "The reference system of the filter: CRS84."),
    _parameter("sortby", "The order.", {"type": "string", "enum": _ORDERS}),
    _parameter("limit", "Records to give.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": GIVEN}),
    _parameter("offset", "Records to leave out.", {"type": "integer", "minimum": 0, "default": 0}),
    _parameter("after", "Id of the record after which to go on, as next links have it."),
    _parameter("lang", "Language of the texts."),
]
"""The parameters of the list of records."""
