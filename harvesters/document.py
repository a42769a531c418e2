"""A source that is one document: fetched whole, unpacked, or not at all when it says that nothing changed."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from . import json
from .base import Crawl
from .http import GZIP, Client, Response, gunzip


def fetched(
    url: str, client: Client, crawl: Crawl, *, accept: str, ends_itself: Callable[[Response], bool] = lambda _: True
) -> Response | None:
    """The document of a source; None when it is the same as at the last run, and then nothing is missing.

    `ends_itself`: false of a document whose end cannot be told from a cut (CSV); it proves that it is whole only when
    its server says how long it is.
    """
    response = client.get(url, accept=accept, headers=crawl.known)
    if response.status == HTTPStatus.NOT_MODIFIED:
        crawl.unchanged = True
        return None
    crawl.pages += 1
    if response.body.startswith(GZIP):
        body = gunzip([response.body], client.max_bytes, response.url)
        response = response._replace(body=body, proven=True)
    if not response.proven and not ends_itself(response):
        crawl.incomplete.append(f"{response.url} does not say how long it is, so it may have been cut off.")
    crawl.validators = response.validators
    return response


def fetched_json(url: str, client: Client, crawl: Crawl) -> Any:
    """What a document of JSON says; None when it is the same as at the last run. Raises as `json.read` does."""
    response = fetched(url, client, crawl, accept=json.ACCEPT)
    return None if response is None else json.read(response, crawl)
