"""Headers that every answer carries, errors included."""

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound

from catalogue.settings import Settings

from ..current import is_reduced

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""Nothing from elsewhere, nothing inline (https://www.w3.org/TR/CSP3/)."""

FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
"""What browsers may never ask the reader for on our pages."""

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
}

READING = {
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
"""What a browser is told that asks beforehand for a script of another site: everybody may read data, with any header
of a question (https://fetch.spec.whatwg.org/#cors-preflight-fetch). A producer's key is for programs, not for pages."""

READ_BY_POST = {"ckan", "csw", "mcp", "oai", "api.validate_feed"}
"""Doors, and operations of our own, whose questions may come in a body."""

KEY_HEADERS = ("Authorization", "X-API-KEY", "X-CKAN-API-Key")
"""Where a producer's key is looked for: the standard's header, udata's and CKAN's."""

PEOPLE = {"pages", "producers", None}
"""What is for people's eyes: the pages, and addresses where nothing is."""

HEADERS = "headers"
"""Where the application keeps those that every answer carries."""

TWO_YEARS = 2 * 365 * 24 * 3600


def register(app: Flask) -> None:
    """Adds the headers to every answer of the application, and refuses addresses that no database could look up."""
    app.extensions[HEADERS] = headers(app.extensions["settings"])
    app.before_request(refuse_nul)
    app.after_request(protect)


def refuse_nul() -> None:
    """Nothing has a name with the character NUL, and PostgreSQL does not even take the question."""
    if "\x00" in request.path:
        raise NotFound


def protect(response: Response) -> Response:
    """Sets the headers; data that anybody may read is also open to scripts of other sites."""
    response.headers.update(current_app.extensions[HEADERS])
    if is_open_data(response):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    elif is_preflight():
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers.update(READING)
        response.headers["Access-Control-Allow-Methods"] = ", ".join(reading_methods())
    if response.location and response.location.startswith(request.host_url):  # Werkzeug's own repeat the Host header
        response.location = "/" + response.location.removeprefix(request.host_url)
    return response


def headers(settings: Settings) -> dict[str, str]:
    """Those that every answer carries, whoever gives it."""
    over_https = settings.site_url.startswith("https://")
    transport = {"Strict-Transport-Security": f"max-age={TWO_YEARS}; includeSubDomains"} if over_https else {}
    return {**FIXED, "Content-Security-Policy": policy(over_https), **transport}


def is_open_data(response: Response) -> bool:
    """True for what scripts of other sites may read: data, and why there is none; not what a producer's key opened."""
    leads_on = 300 <= response.status_code < 400
    is_page = request.blueprint in PEOPLE if leads_on else response.mimetype == "text/html"
    return request.method in reading_methods() and not is_page and not is_private(response)


def is_private(response: Response) -> bool:
    """True for what no cache may keep because it is somebody's own. In our API a key opens that; what goes on in
    harvests, which everybody may read, is kept by none because it changes by itself."""
    is_unkept = "no-store" in response.headers.get("Cache-Control", "")
    is_for_all = request.blueprint == "api" and not any(name in request.headers for name in KEY_HEADERS)
    return is_unkept and not is_for_all and response.status_code < 400 and not is_reduced()


def reading_methods() -> tuple[str, ...]:
    """By which methods this address is read."""
    return ("GET", "HEAD", *(("POST",) if {request.blueprint, request.endpoint} & READ_BY_POST else ()))


def is_preflight() -> bool:
    """True for the question of a browser whether a script of another site may read this address."""
    return (
        request.method == "OPTIONS"
        and "Access-Control-Request-Method" in request.headers
        and request.blueprint not in PEOPLE
    )


def policy(over_https: bool) -> str:
    """The content security policy. Over plain HTTP (the demo) an upgrade to HTTPS would break every link."""
    directives = "; ".join(f"{name} {sources}" for name, sources in POLICY.items())
    return directives + ("; upgrade-insecure-requests" if over_https else "")
