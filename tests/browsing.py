"""The portal served to a real browser, and what axe finds on a page."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
SCREENS = [(size, scheme) for size in (WIDE, NARROW) for scheme in ("light", "dark")]


class Silent(WSGIRequestHandler):
    """A server that writes no log."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The portal on a port of the loopback address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def barriers(page: Page) -> list[str]:
    """What axe finds on the page as it is shown, with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(document, options)", RULES)
    assert len(found["passes"]) > 10
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]
    ]


def sticks_out(page: Page) -> bool:
    """True when something is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
