"""The link that counts a download on its way to the publisher's file, and the counts as open data."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import cast

import msgspec
from flask import Response, redirect, request, stream_with_context
from flask.typing import ResponseReturnValue

from catalogue.errors import NotFound
from catalogue.previews.files import file_key
from catalogue.store.rows import Tombstone
from dcat.model import Dataset

from ..current import absolute, catalogue
from ..errors import Removed
from ..wording import facts

HEAD = ("month", "dataset", "page", "file", "downloads")


class Downloaded(msgspec.Struct, frozen=True):
    """The downloads of a file in a month."""

    month: str
    dataset: str
    page: str
    file: str
    downloads: int


def download(name: str, key: str) -> ResponseReturnValue:
    """To the file itself, where its publisher has it. Counted is who reads the file from its beginning."""
    found = catalogue().entries.named("dataset", name)
    if isinstance(found, Tombstone):
        raise Removed(found)
    file = next((one for one in cast("Dataset", found.entry).distribution if file_key(one) == key), None)
    address = facts.where(file)[0] if file else ""
    if not address:
        raise NotFound("This dataset has no such file any more.")
    if is_begun():
        catalogue().downloads.note(found.id, key, request.headers.get("User-Agent", ""))
    response = redirect(address, 302)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def is_begun() -> bool:
    """False for who only looks whether it is there, fetches in case, or goes on with a part."""
    is_prefetch = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return (
        request.method == "GET" and not is_prefetch and request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    )


def as_json() -> ResponseReturnValue:
    """All figures as JSON."""
    return Response(stream_with_context(json_lines()), mimetype="application/json")


def as_csv() -> ResponseReturnValue:
    """All figures as a table."""
    return Response(stream_with_context(lines()), mimetype="text/csv")


def rows() -> Iterator[Downloaded]:
    """Each figure with the page of its dataset."""
    for one in catalogue().downloads.every():
        page = absolute(f"/{one.kind}/{one.name}")
        yield Downloaded(one.month, one.name, page, one.file, one.times)


def lines() -> Iterator[str]:
    """The table, line by line."""
    yield line(HEAD)
    for one in rows():
        yield line(msgspec.structs.astuple(one))


def json_lines() -> Iterator[bytes]:
    """The same as JSON, figure by figure."""
    yield b'{"data":['
    for number, one in enumerate(rows()):
        yield (b",\n" if number else b"\n") + msgspec.json.encode(one)
    yield b"\n]}\n"


def line(cells: tuple[object, ...]) -> str:
    """A line of CSV (RFC 4180)."""
    written = StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
