"""Records that have an address each: one that did not change since it was taken in is not sent again.

What its server says of it (ETag, Last-Modified) is kept as the version of the record, with the address.
https://www.rfc-editor.org/rfc/rfc9110#section-13.1
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec

from . import json
from .base import Crawl, StillThere
from .http import Client


class Told(NamedTuple):
    """What stands at an address, in JSON."""

    said: Any
    address: str
    version: str = ""
    """For the record that stands there; empty when the server says nothing by which one could ask again."""

    def __str__(self) -> str:
        return str(self.said)


class Revisited:
    """The records of one source during one run."""

    def __init__(self, client: Client, crawl: Crawl) -> None:
        self._client, self._crawl = client, crawl
        held = (_read(identifier, version) for identifier, version in crawl.versions.items())
        self._held = dict(filter(None, held))

    def get(self, url: str) -> Told | StillThere:
        """What stands at an address; that the record which we hold from there is still the same. Raises as `json.get`
        does."""
        identifier, conditions = self._held.get(url, ("", {}))
        response = self._client.ask(url, accept=json.ACCEPT, headers=conditions)
        if response.status == HTTPStatus.NOT_MODIFIED and conditions:
            return StillThere(identifier=identifier)
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            raise json.refused(response)
        found = response.validators
        version = msgspec.json.encode((url, found)).decode() if found else ""
        return Told(json.read(response, self._crawl), url, version)


def identified(one: Told | StillThere, identify: Callable[[Any], str]) -> str:
    """By what a record is known, whether it was sent or not."""
    return one.identifier if isinstance(one, StillThere) else identify(one.said)


def _read(identifier: str, version: str) -> tuple[str, tuple[str, Mapping[str, str]]] | None:
    """An address, with the record that we hold from there and the conditions to ask under; None for a version that is
    none of ours."""
    try:
        url, conditions = msgspec.json.decode(version, type=tuple[str, dict[str, str]])
    except msgspec.MsgspecError:
        return None
    return url, (identifier, conditions)
