"""What is read of a feed that somebody names or sends: who looks on, and what a document is that is no feed."""

from collections.abc import Callable, Mapping

from harvesters import HARVESTERS
from harvesters.http import Client, Response
from harvesters.sniff import is_html


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


def not_a_feed(body: bytes, name: str) -> str:
    """Why a document is no feed, in words for whoever sent it."""
    if not body.strip():
        return _is_none(name, "is empty")
    if is_html(body):
        return _is_none(name, "is a page for people (HTML)")
    return without_datasets(name)


def without_datasets(name: str) -> str:
    """What is said of a document or address that could be read, and in which nothing is described."""
    return _is_none(name, "describes no datasets")


def _is_none(name: str, what: str) -> str:
    known = sorted(harvester.documents for harvester in HARVESTERS.values() if harvester.documents)
    return f"{name} {what}. A feed is {', or '.join(known)}."
