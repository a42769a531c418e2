"""The OpenAPI document (https://spec.openapis.org/oas/v3.1.0), made from the same list as the routes."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dcat import rdf

from ..errors import PROBLEM, Problem
from ..http.caching import program
from ..http.security import KEY_HEADERS
from .operations import JSON, Operation, Parameter

REFUSALS = {
    "400": "A parameter or the body cannot be understood.",
    "401": "No valid key.",
    "403": "The key lacks the scope.",
    "404": "There is no such thing, or it is not yours.",
    "405": "The address does not take this method.",
    "409": "It exists already, or it is busy.",
    "410": "It was here and is gone.",
    "412": "It has another state than `If-Match` or `If-None-Match` asks for.",
    "413": "The body is too large.",
    "415": "The body is in a format that is not read here.",
    "422": "The body has a value that cannot be used.",
    "429": "Too many ask at the same time, or you too often; `Retry-After` says when to try again.",
    "503": "A part of the catalogue does not answer at the moment.",
}
"""What a problem's status means."""

EVERYWHERE = ("400", "404", "503")
WITH_KEY = ("401", "403", "429")
WITH_BODY = ("413", "415", "422")
WITH_CHANGE = ("409",)
WITH_CONDITION = ("412",)
WITH_LIMIT = ("429",)


def document(operations: tuple[Operation, ...], site_url: str, title: str) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method.lower()] = described(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title} API", "version": "1", "description": f"Software version {program()}."},
        "servers": [{"url": site_url}],
        "paths": paths,
        "components": {"schemas": schemas(operations)[1], "securitySchemes": keys()},
    }


def described(one: Operation) -> dict[str, Any]:
    """One operation."""
    said: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": (one.view.__doc__ or "").strip(),
        "parameters": [parameter(known) for known in one.parameters],
        "responses": {**successes(one), **refusals(one)},
    }
    if one.scope:
        said["security"] = [{name: []} for name in keys()]
        said["description"] += f" Needs a key with the scope `{one.scope}`."
    if body := contents(one):
        said["requestBody"] = {"required": one.body is not None and one.method != "GET", "content": body}
    return said


def parameter(known: Parameter) -> dict[str, Any]:
    """One parameter."""
    said = {"name": known.name, "in": known.place, "description": known.description, "schema": known.schema}
    return {**said, "required": True} if known.place == "path" else said


def contents(one: Operation) -> dict[str, Any]:
    """What the body of a request may be."""
    own = {} if one.body is None else {JSON: {"schema": reference(one.body)}}
    return {**{media_type: {"schema": body_of(media_type)} for media_type in one.media_types}, **own}


def body_of(media_type: str) -> dict[str, Any]:
    """The schema of a body that is not our JSON: what a client can hold in its hands."""
    if media_type in {JSON, rdf.MEDIA_TYPES[rdf.Format.JSON_LD]}:
        return {"type": "object", "additionalProperties": True}
    is_packed = any(part in media_type for part in ("zip", "octet-stream", "excel", "spreadsheet"))
    return {"type": "string", **({"format": "binary"} if is_packed else {})}


def successes(one: Operation) -> dict[str, Any]:
    """The answers of success."""
    return {
        str(status): {
            "description": one.summary,
            "content": {one.produces: {"schema": {"type": "string"} if shape is None else reference(shape)}},
        }
        for status, shape in one.answers.items()
    }


def refusals(one: Operation) -> dict[str, Any]:
    """The problems that this operation can meet."""
    statuses = [*EVERYWHERE, *(WITH_KEY if one.scope else ()), *(WITH_BODY if contents(one) else ())]
    statuses += WITH_CHANGE if one.scope and one.method != "GET" else ()
    statuses += WITH_CONDITION if any(known.place == "header" for known in one.parameters) else ()
    statuses += WITH_LIMIT if one.is_limited else ()
    content = {PROBLEM: {"schema": reference(Problem)}}
    return {status: {"description": REFUSALS[status], "content": content} for status in sorted({*statuses})}


def keys() -> dict[str, Any]:
    """The headers that a key can come in."""
    bearer = {"type": "http", "scheme": "bearer"}
    return {"Bearer": bearer, **{name: {"type": "apiKey", "in": "header", "name": name} for name in KEY_HEADERS[1:]}}


def schemas(operations: Iterable[Operation]) -> tuple[list[Any], dict[str, Any]]:
    """(how each type is referred to, the schemas of all types)."""
    types = [Problem, *(shape for one in operations for shape in (one.body, *one.answers.values()) if shape)]
    found, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    return list(found), components


def reference(shape: Any) -> dict[str, Any]:
    """How a type is referred to."""
    (found,), _ = msgspec.json.schema_components([shape], ref_template="#/components/schemas/{name}")
    return found
