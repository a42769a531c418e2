"""Files that lie in the data folder, sent as they are: whole, or the part that is asked for."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from flask import Response, request
from werkzeug.utils import send_file

ONE_PART = re.compile(r"bytes=(\d+-\d*|-\d+)")
"""Ranges that are answered; another one is passed over, as if nothing had been asked (RFC 9110, section 14.2)."""


def sent(path: Path, media_type: str, *, tag: str, written: datetime, name: str = "") -> Response:
    """The file, a part of it, or 304. `name`: what it is called where it is saved, if not as here. Raises
    `FileNotFoundError` when it is gone."""
    file = send_file(
        path,
        _environ(),
        mimetype=media_type,
        download_name=name or path.name,
        etag=tag,
        last_modified=written,
        use_x_sendfile=False,
        response_class=Response,
    )
    response = cast("Response", file)
    if response.status_code == 304:
        response.headers.remove("Content-Type")
    if response.status_code == 304 or request.method == "HEAD":
        response.close()  # nobody reads it
    return response


def _environ() -> dict[str, Any]:
    """The request, without a range that is not to be answered: several at once, other units, of a HEAD."""
    environ = dict(request.environ)
    if request.method != "GET" or not ONE_PART.fullmatch(environ.get("HTTP_RANGE", "").replace(" ", "")):
        environ.pop("HTTP_RANGE", None)
    return environ
