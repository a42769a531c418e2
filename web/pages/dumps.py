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
    "datasets.parquet": message("The same table for programs that read columns, such as DuckDB"),
    "SHA256SUMS": message("Sums of these files, to check what you received"),
}
"""What each file holds."""


@cached(also=state)
def show() -> ResponseReturnValue:
    """The newest files, and the days before."""
    dumps = catalogue().dumps
    days = {day: dumps.files(day) for day in dumps.days()}
    contents = {name: _(words) for name, words in CONTENTS.items()}
    return render_template("dumps.html", days=list(days.items()), contents=contents)
