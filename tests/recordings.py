"""The answers of sources that are recorded in `tests/data/<kind>/`, and servers that give them.

A recording is a folder with `recording.json`: the address of the source, its options, the answers of its server by path
and parameters, and the records that must come out (identifier → title in one language, or SKIPPED). `another_form` says
in which form its records are, when it is not that of the kind's table of fields. `{SITE}` in an answer becomes the
address of the server.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
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

    def server(
        self,
        change: Callable[[dict[str, Any], Answer], Answer] = lambda _, answer: answer,
        spared: list[str] | None = None,
    ) -> Server:
        """Its server. `change`: what becomes of an answer, by its lines in the script. `spared`: answers have an ETag;
        takes the paths of those that were not sent to whoever had them (304)."""
        answers = self.script["answers"]

        def routes(request: Request) -> Answer | None:
            for answer in answers:
                wanted = answer.get("query", request.query)
                known = {name: value for name, value in request.query.items() if name in wanted}
                if answer["path"] == request.path and known == wanted and (wanted or not request.query):
                    body = (self.folder / answer["file"]).read_bytes().replace(b"{SITE}", server.url("").encode())
                    found = change(answer, Answer(body, answer["type"], answer.get("status", 200)))
                    return found if spared is None else sparing(found, request, spared)
            return None

        server = loopback.site(routes)
        return server


def sparing(answer: Answer, request: Request, spared: list[str]) -> Answer:
    """The answer with an ETag, or none of it for whoever has it (RFC 9110, 13.1.2)."""
    etag = f'"{blake2b(answer.body, digest_size=8).hexdigest()}"'
    if request.headers.get("if-none-match") != etag:
        return replace(answer, headers={**answer.headers, "ETag": etag})
    spared.append(request.path)
    return Answer(b"", "", 304)


RECORDINGS = [
    Recording(kind, path.parent) for kind in HARVESTERS for path in sorted(DATA.joinpath(kind).glob("*/recording.json"))
]
