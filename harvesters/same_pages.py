"""Whether all pages of a source are as they were, by what its server says of each (ETag, Last-Modified), or by the
bytes of an only page: those need not be parsed again.

A page names the next one, so pages that are all as before are all that there is.
https://www.rfc-editor.org/rfc/rfc9110#section-13.1
"""

from collections.abc import Mapping
from hashlib import blake2b
from http import HTTPStatus

import msgspec

from .base import Crawl
from .http import Client, Response

_PAGES = "pages"
"""Under which the next run finds the pages of a source that has several."""

_BYTES = "bytes"
"""Under which it finds a digest of the only page, with the conditions for that."""

MOST = 1000
"""Pages that are noted; of more none is."""

Noted = list[tuple[str, dict[str, str]]]


class SamePages:
    """The pages of one source during one run."""

    def __init__(self, client: Client, crawl: Crawl) -> None:
        self._client, self._crawl = client, crawl
        self._read: Noted = []
        self._digest = ""
        """Of the page that was read first."""

    @property
    def conditions(self) -> Mapping[str, str]:
        """The conditions for the only page; nothing where there were several."""
        known = self._crawl.known
        return {} if _PAGES in known else {name: value for name, value in known.items() if name != _BYTES}

    def is_as_before(self, response: Response) -> bool:
        """True when the first page is an only one that came before, byte for byte, and would be read alike."""
        if self._digest:
            return False
        read_as = (response.url, response.headers.get("Content-Type", ""), response.headers.get("Link", ""))
        self._digest = blake2b(response.body, digest_size=16, key=blake2b(repr(read_as).encode()).digest()).hexdigest()
        self._crawl.unchanged = self._crawl.known.get(_BYTES) == self._digest
        return self._crawl.unchanged

    def are_as_before(self, accept: str) -> bool:
        """True when there were several, and none of them has changed since."""
        noted = self._crawl.known.get(_PAGES)
        if not noted:
            return False
        self._crawl.unchanged = all(
            self._client.ask(url, accept=accept, headers=conditions).status == HTTPStatus.NOT_MODIFIED
            for url, conditions in msgspec.json.decode(noted, type=Noted)
        )
        return self._crawl.unchanged

    def note(self, url: str, response: Response) -> None:
        """Notes a page that was read."""
        self._read.append((url, response.validators))

    def remember(self) -> None:
        """Notes for the next run what to ask with, when the last page was read: of each page, or nothing."""
        validators = dict(self._read[0][1]) if self._read else {}
        if self._digest:
            validators[_BYTES] = self._digest
        if len(self._read) > 1:
            can_tell = len(self._read) <= MOST and all(found for _, found in self._read)
            validators = {_PAGES: msgspec.json.encode(self._read).decode()} if can_tell else {}
        self._crawl.validators = validators
