"""Pages that are asked for most, as they were made: as long as their state stays they are handed out again.

A state stands for everything that such an answer depends on (`caching`), so nothing that one reader alone may see can
be among them, and another state of the catalogue, another day, another language or another address is another page.
"""

from flask import Response

from .kept import Kept

MOST_PAGES, MOST_BYTES = 256, 16 * 1024 * 1024
"""Of the pages of one process."""


class KeptPages:
    """A few pages by their states."""

    def __init__(self, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        self._pages = Kept[tuple[bytes, list[tuple[str, str]]]](most_bytes, most_pages)

    def get(self, state: str) -> Response | None:
        """The page of that state, if it is kept."""
        found = self._pages.get(state)
        return Response(found[0], headers=found[1]) if found else None

    def keep(self, state: str, response: Response) -> None:
        """Keeps a page that was made; nothing but whole pages."""
        if response.status_code == 200 and not response.is_streamed:
            body = response.get_data()
            self._pages.keep(state, (body, list(response.headers)), len(body))
