"""The answers of sources that are recorded in `tests/data/<kind>/`, and servers that give them.

A recording is a folder with `recording.json`: the address of the source, its options, the answers of its server by path
and parameters, and the records that must come out (identifier → title in one language, or SKIPPED). `another_form` says
in which form its records are, when it is not that of the kind's table of fields. `{SITE}` in an answer becomes the
address of the server.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import loopback
from loopback import Answer, Request, Server

from harvesters import HARVESTERS

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Recording:
    """One recorded source."""

    kind: str
    folder: Path

    def __str__(self) -> str:
        return f"{self.kind}-{self.folder.name}"

    @property
    def script(self) -> dict[str, Any]:
        script: dict[str, Any] = json.loads((self.folder / "recording.json").read_text("utf-8"))
        return script

    def server(self, change: Callable[[dict[str, Any], Answer], Answer] = lambda _, answer: answer) -> Server:
        """Its server. `change`: what becomes of an answer, by its lines in the script."""
        answers = self.script["answers"]

        def routes(request: Request) -> Answer | None:
            for answer in answers:
                wanted = answer.get("query", request.query)
                known = {name: value for name, value in request.query.items() if name in wanted}
                if answer["path"] == request.path and known == wanted and (wanted or not request.query):
                    body = (self.folder / answer["file"]).read_bytes().replace(b"{SITE}", server.url("").encode())
                    return change(answer, Answer(body, answer["type"], answer.get("status", 200)))
            return None

        server = loopback.site(routes)
        return server


RECORDINGS = [
    Recording(kind, path.parent) for kind in HARVESTERS for path in sorted(DATA.joinpath(kind).glob("*/recording.json"))
]
