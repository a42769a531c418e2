"""Where we are is said by the settings: nothing that a request or a server in front says is believed of it.

Under an address with a path (`https://region.example/data`) requests come with that path, or without when the server in
front takes it away.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

Application = Callable[[dict[str, Any], Any], Any]


class Front:
    """The application as it stands at its public address."""

    def __init__(self, app: Application, site_url: str) -> None:
        place = urlsplit(site_url)
        self._app, self._scheme = app, place.scheme
        self._root = unquote(place.path).rstrip("/").encode().decode("latin-1")

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """As WSGI wants it (PEP 3333)."""
        path: str = environ.get("PATH_INFO", "")
        if self._root and (path == self._root or path.startswith(f"{self._root}/")):
            path = path.removeprefix(self._root) or "/"
        environ |= {"SCRIPT_NAME": self._root, "PATH_INFO": path, "wsgi.url_scheme": self._scheme}
        return self._app(environ, start)
