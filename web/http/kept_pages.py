"""Pages that are asked for most, as they were made: as long as their tag stays they are handed out again.

A tag stands for everything that such an answer depends on (`caching`), so nothing that one reader alone may see can be
among them, and another state of the catalogue, another day, another language or another address is another page.
"""

from flask import Response

from .kept import Kept

MOST_PAGES, MOST_BYTES = 256, 16 * 1024 * 1024
"""Of the pages of one process."""


class KeptPages:
    """A few pages by their tags."""

    def __init__(self, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        self._pages = Kept[tuple[bytes, list[tuple[str, str]]]](most_bytes, most_pages)

    def get(self, tag: str) -> Response | None:
        """The page of that tag, if it is kept."""
        found = self._pages.get(tag)
        return Response(found[0], headers=found[1]) if found else None

    def keep(self, tag: str, response: Response) -> None:
        """Keeps a page that was made; nothing but whole pages."""
        if response.status_code == 200 and not response.is_streamed:
            body = response.get_data()
            self._pages.keep(tag, (body, list(response.headers)), len(body))
