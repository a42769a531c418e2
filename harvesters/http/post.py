"""Sending something to an address that somebody gave us, behind the same guard as everything that is fetched."""

from collections.abc import Iterable, Mapping
from contextlib import closing

import requests
import urllib3.exceptions

from .addresses import check_url, networks
from .faults import explain, out_of_time
from .guard import Deadline, Guard, GuardedSession


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    seconds: float,
    allow: Iterable[str] = (),
    deny: Iterable[str] = (),
    ca_file: str = "",
) -> tuple[int, Mapping[str, str]]:
    """Status and header fields of the answer to a POST; its body is not read, and a redirect is not followed.

    `seconds` is the total, from the name to the last header field; the other words are those of `Client`. Raises
    `HarvestError` when there is no answer in that time, or the address may not be connected to.
    """
    check_url(url, where=url)
    guard = Guard(networks(allow), deny)
    with Deadline(seconds) as deadline, closing(GuardedSession(guard)) as session:
        guard.deadline = deadline
        session.verify = ca_file or True
        try:
            request = requests.Request("POST", url, data=body, headers=dict(headers)).prepare()
            with closing(session.send(request, stream=True, timeout=seconds, allow_redirects=False)) as answer:
                status, fields = answer.status_code, answer.headers
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise explain(error, url, deadline) from error
        if deadline.passed:
            raise out_of_time(url, deadline)
    return status, fields
