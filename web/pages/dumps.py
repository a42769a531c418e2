"""The whole catalogue as files, for people."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ..current import catalogue
from ..feeds.dumps import state
from ..http.caching import cached
from ..wording.words import gettext as _
from ..wording.words import message

CONTENTS = {
    "datasets.nt.gz": message("DCAT-AP 3 as N-Triples, one statement a line, packed"),
    "datasets.ttl.gz": message("DCAT-AP 3 as Turtle, packed"),
    "datasets.jsonl.gz": message("JSON as the API answers it, one entry a line, packed"),
    "datasets.csv": message("A table for spreadsheets, one entry a row"),
    "SHA256SUMS": message("Sums of these files, to check what you received"),
}
"""What each file holds."""


@cached(also=state)
def show() -> ResponseReturnValue:
    """The newest files, and the days before."""
    days = catalogue().dumps.days()
    files = catalogue().dumps.files(days[0]) if days else []
    contents = {name: _(words) for name, words in CONTENTS.items()}
    return render_template("dumps.html", days=days, files=files, contents=contents)
