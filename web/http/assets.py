"""Style sheet and icon: served under names that hold a fingerprint, so that browsers may keep them for ever."""

import hashlib
import mimetypes
from importlib.resources import files

from flask import Flask, Response, abort, redirect, url_for
from flask.typing import ResponseReturnValue

FOREVER = "public, max-age=31536000, immutable"


class Assets:
    """The files of `static/`, read once."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}
        self.names: dict[str, str] = {}
        for file in sorted((files("web") / "static").iterdir(), key=lambda path: path.name):
            content = file.read_bytes()
            stem, _, ending = file.name.rpartition(".")
            served = f"{stem}.{hashlib.blake2b(content, digest_size=6).hexdigest()}.{ending}"
            self.contents[served] = content
            self.names[file.name] = served

    def serve(self, name: str) -> Response:
        """One file; any name that is not in the list is 404."""
        if name not in self.contents:
            abort(404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(self.contents[name], mimetype=kind, headers={"Cache-Control": FOREVER})

    def icon(self) -> ResponseReturnValue:
        """Where the icon is, for readers of feeds and browsers that ask for it by its old name."""
        return redirect(self.url("icon.svg"))

    def url(self, name: str) -> str:
        """The address of a file by its plain name."""
        return url_for("static", name=self.names[name])


def register(app: Flask) -> None:
    """Serves the files, and gives templates `asset("site.css")`."""
    assets = Assets()
    app.add_url_rule("/static/<name>", "static", assets.serve)
    app.add_url_rule("/favicon.ico", "favicon", assets.icon)
    app.jinja_env.globals["asset"] = assets.url
