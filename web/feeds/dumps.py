"""The whole catalogue as files: which there are, and each of them as it lies in the data folder, or a part of it."""

from datetime import date, datetime

import msgspec
from flask.typing import ResponseReturnValue

from catalogue.errors import NotFound
from catalogue.publishing.dumps import DumpFile

from ..current import absolute, catalogue
from ..http import negotiate
from ..http.caching import ASK_AGAIN, PUBLIC, cached
from .entry_documents import json_document
from .formats import JSON, by_accept
from .lying_files import sent
from .redirects import see_other

MEDIA_TYPES = {"gz": "application/gzip", "csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
"""By the last ending; the rest is plain text. A packed file is the thing itself, not a way to send it."""


class DumpShape(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file as programs read it."""

    name: str
    url: str
    bytes: int
    written: datetime
    """When its content was."""
    sha256: str = ""


class DayShape(msgspec.Struct, frozen=True):
    """The files of a day."""

    day: date
    files: tuple[DumpShape, ...]


class DumpsShape(msgspec.Struct, frozen=True):
    """What there is."""

    latest: tuple[DumpShape, ...]
    """The newest ones, at addresses that stay the same."""
    days: tuple[DayShape, ...]
    """The newest first."""


def listed() -> ResponseReturnValue:
    """`/dumps/`: the list, or the page for a browser."""
    if by_accept((JSON,), html_first=False) is None:
        return see_other(f"/{negotiate.language()}/dumps")
    return negotiated_index()


def state() -> object:
    """What the list depends on beside the catalogue."""
    return catalogue().dumps.days()


@cached("Accept", also=state)
def negotiated_index() -> ResponseReturnValue:
    """The list, with the address that always gives it."""
    response = json_document(shape())
    response.content_location = "/dumps/index.json"
    return response


@cached(also=state)
def index() -> ResponseReturnValue:
    """`/dumps/index.json`."""
    return json_document(shape())


def shape() -> DumpsShape:
    """The list."""
    days = catalogue().dumps.days()
    return DumpsShape(
        latest=_files(days[0], "latest") if days else (),
        days=tuple(DayShape(date.fromisoformat(day), _files(day, day)) for day in days),
    )


def _files(day: str, step: str) -> tuple[DumpShape, ...]:
    return tuple(
        DumpShape(one.name, absolute(f"/dumps/{step}/{one.name}"), one.size, one.written, one.sha256)
        for one in catalogue().dumps.files(day)
    )


def newest(name: str) -> ResponseReturnValue:
    """One file of the newest day, beside the list: where a program looks for `SHA256SUMS` first."""
    return handed_out("latest", name)


def handed_out(day: str, name: str) -> ResponseReturnValue:
    """One file of a day, or of the newest one."""
    found = catalogue().dumps.file(day, name)
    media_type = MEDIA_TYPES.get(name.rpartition(".")[2], "text/plain")
    try:
        response = sent(found.path, media_type, tag=_tag(found), written=found.written)
    except FileNotFoundError as error:  # its time was over while we looked
        raise NotFound("This dump is not kept any longer; /dumps/index.json lists those that are.") from error
    response.headers["Cache-Control"] = ASK_AGAIN if day == "latest" else PUBLIC
    return response


def _tag(found: DumpFile) -> str:
    """The same content has the same tag on every day."""
    return found.sha256 or f"{found.written:%Y%m%dT%H%M%S}-{found.size}"
