"""Who publishes what, and who does not, as JSON and as a table."""

import csv
import io
from collections.abc import Iterable

from flask import Response
from flask.typing import ResponseReturnValue

from catalogue.coverage.coverage import Table
from catalogue.publishing.table import harmless

from ..current import catalogue
from ..http.caching import cached
from ..json import coverage_shapes
from .entry_documents import json_document
from .formats import CSV, JSON, by_ending

KNOWN = (JSON, CSV)


@cached()
def subject(subject: str, ending: str) -> ResponseReturnValue:
    """`/coverage/{subject}.json` and `.csv`."""
    format, table = by_ending(ending, KNOWN), catalogue().coverage.table(subject)
    return as_csv([table], subject) if format is CSV else json_document(coverage_shapes.shape(table))


@cached()
def money(ending: str) -> ResponseReturnValue:
    """`/money.json` and `.csv`: budget, accounts and public contracts together."""
    format, tables = by_ending(ending, KNOWN), catalogue().coverage.money()
    if format is CSV:
        return as_csv(tables, "money")
    return json_document({"subjects": [coverage_shapes.shape(table) for table in tables]})


def as_csv(tables: Iterable[Table], name: str) -> Response:
    """Tables one under the other (RFC 4180), with a mark by which Excel knows their characters."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(coverage_shapes.HEADINGS)
    writer.writerows(map(harmless, line) for table in tables for line in coverage_shapes.lines(table))
    response = Response(f"\ufeff{written.getvalue()}", mimetype=CSV.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
