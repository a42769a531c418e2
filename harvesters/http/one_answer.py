"""A document that is here already, in place of the network: a file, or what somebody sent."""

from collections.abc import Mapping

from ..errors import HarvestError
from .answers import Response
from .client import MAX_BYTES, Client

ONE_PAGE = "ONE_PAGE"
"""Code of the fault that a document goes on elsewhere."""


class OneAnswer(Client):
    """A client that has one answer. It never goes out to the network."""

    def __init__(self, document: Response, max_bytes: int = MAX_BYTES) -> None:
        super().__init__(max_bytes=max_bytes)
        self.answer = document

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
        return self.answer

    def start(self, url: str, size: int, *, accept: str = "*/*", headers: Mapping[str, str] | None = None) -> Response:
        """Its first bytes."""
        answer = self.ask(url, accept=accept, headers=headers)
        return answer._replace(body=answer.body[:size])
