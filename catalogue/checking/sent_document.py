"""A document that somebody names or sends, in place of a source on the network."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from harvesters.base import HarvestError, RawRecord
from harvesters.http import Client, Response
from harvesters.sniff import is_html, start_of

ONE_PAGE = "ONE_PAGE"
"""Code of the fault that a document goes on elsewhere."""
JSON = "application/json"


class Watched(Client):
    """A client that shows every answer to whoever watches."""

    watch: Callable[[Response], None] = staticmethod(lambda _: None)

    def ask(
        self,
        url: str,
        *,
        accept: str = "*/*",
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        """The answer, when it has been looked at."""
        answer = super().ask(url, accept=accept, headers=headers, max_bytes=max_bytes)
        self.watch(answer)
        return answer


class OneAnswer(Watched):
    """A client that has one answer: a document that is here already. It never goes out to the network."""

    def __init__(self, address: str, body: bytes, media_type: str, max_bytes: int) -> None:
        super().__init__(max_bytes=max_bytes)
        self.answer = Response(address, 200, {"Content-Type": media_type}, body, True)

    def ask(
        self,
        url: str,
        *,
        accept: str = "*/*",  # noqa: ARG002 (as the client asks)
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
        max_bytes: int | None = None,  # noqa: ARG002
    ) -> Response:
        """The document; raises `HarvestError` for any other address that it leads to."""
        if url != self.answer.url:
            raise HarvestError(ONE_PAGE, "It is one page of a longer feed; the other pages were not read.", url)
        self.watch(self.answer)
        return self.answer


def not_a_feed(body: bytes, name: str) -> str:
    """Why a document is no feed, in words for whoever sent it."""
    what = "describes no datasets"
    if not body.strip():
        what = "is empty"
    elif is_html(body):
        what = "is a page for people (HTML)"
    return f"{name} {what}. A feed is DCAT in an RDF format, or JSON of CKAN: a package or a list of them."


# --- packages of CKAN -------------------------------------------------------------------------------------------------


def packages(body: bytes) -> tuple[RawRecord, ...]:
    """The CKAN packages of a document: one, a list of them, or what the API answers; nothing for anything else."""
    if not start_of(body).startswith((b"{", b"[")):
        return ()
    try:
        found = _listed(msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf")))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return ()  # RDF or nothing; whoever reads it as RDF says what is wrong with it
    if not found or not all(map(_is_package, found)):
        return ()
    return tuple(_raw(package, number) for number, package in enumerate(found, start=1))


def _listed(said: Any) -> list[Any]:
    """The list within an answer of `package_show`, `package_search` or the like; a package alone is a list of one."""
    if isinstance(said, dict) and "result" in said:
        said = said["result"]
    if isinstance(said, dict) and "results" in said:
        said = said["results"]
    return said if isinstance(said, list) else [said]


def _is_package(said: Any) -> bool:
    return isinstance(said, dict) and "resources" in said and not any(name.startswith("@") for name in said)


def _raw(package: dict[str, Any], number: int) -> RawRecord:
    named = (package.get("id"), package.get("name"))
    identifier = next((name for name in named if isinstance(name, str) and name), f"package {number}")
    return RawRecord(identifier=identifier, body=msgspec.json.encode(package), media_type=JSON)
