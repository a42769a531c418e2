"""What a host lets programs ask for: its robots.txt. https://www.rfc-editor.org/rfc/rfc9309"""

from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from dcat.rdf.formats import to_utf8

from .http import Client
from .sniff import is_html

LONGEST = 500_000
"""Bytes of a robots.txt that are read (RFC 9309, 2.5)."""
LONGEST_PAUSE = 30.0
"""Seconds of `Crawl-delay` that are kept between two questions."""


class Robots:
    """The rules of the servers of one host, each read once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rules: dict[str, RobotFileParser | None] = {}

    def allow(self, url: str) -> bool | None:
        """Whether we may ask for an address; None when the rules cannot be read, so that nothing may be asked
        (RFC 9309, 2.3.1.4). Raises `HarvestError` when the server does not answer at all."""
        parts = urlsplit(url)
        start = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        if start not in self._rules:
            self._rules[start] = self._read(start)
        rules = self._rules[start]
        return None if rules is None else rules.can_fetch(self._client.user_agent, url)

    def _read(self, url: str) -> RobotFileParser | None:
        answer = self._client.ask(url, accept="text/plain", max_bytes=LONGEST)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return None
        rules = RobotFileParser()
        is_given = answer.status == HTTPStatus.OK and not is_html(answer.body)
        rules.parse(to_utf8(answer.body)[0].decode("utf-8", "replace").splitlines() if is_given else [])
        pause = float(rules.crawl_delay(self._client.user_agent) or 0)
        self._client.pause = min(max(self._client.pause, pause), LONGEST_PAUSE)
        return rules
