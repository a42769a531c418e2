"""Pages that are asked for most, as they were made: as long as their tag stays they are handed out again.

A tag stands for everything that such an answer depends on (`caching`), so nothing that one reader alone may see can be
among them, and another state of the catalogue, another day, another language or another address is another page.
"""

import threading
from collections import OrderedDict

from flask import Response

MOST_PAGES, MOST_BYTES = 256, 16 * 1024 * 1024
"""Of the pages of one process; whichever were not asked for longest go first."""


class KeptPages:
    """A few pages by their tags, in the memory of this process."""

    def __init__(self, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        self._most_pages, self._most_bytes = most_pages, most_bytes
        self._pages: OrderedDict[str, tuple[bytes, list[tuple[str, str]]]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, tag: str) -> Response | None:
        """The page of that tag, if it is kept."""
        with self._lock:
            if tag not in self._pages:
                return None
            self._pages.move_to_end(tag)
            body, headers = self._pages[tag]
        return Response(body, headers=headers)

    def keep(self, tag: str, response: Response) -> None:
        """Keeps a page that was made; nothing but whole pages."""
        if response.status_code != 200 or response.is_streamed:
            return
        body, headers = response.get_data(), list(response.headers)
        if len(body) > self._most_bytes:
            return
        with self._lock:
            if tag not in self._pages:
                self._pages[tag], self._bytes = (body, headers), self._bytes + len(body)
            while self._pages and (len(self._pages) > self._most_pages or self._bytes > self._most_bytes):
                _, (gone, _) = self._pages.popitem(last=False)
                self._bytes -= len(gone)
