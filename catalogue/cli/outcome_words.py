"""What became of single records, in words for a terminal and as programs read it."""

from itertools import groupby
from operator import attrgetter
from typing import Any

import click

from dcat.messages import field_name

from ..checking.finding_report import described
from ..store.rows import DifferenceRow, OutcomeRow
from .terminal import tidy


def report(outcome: OutcomeRow) -> dict[str, Any]:
    """What became of one record, as programs read it."""
    return {
        "identifier": outcome.identifier,
        "outcome": outcome.outcome,
        "name": outcome.name,
        "reason": outcome.reason,
        "findings": [described(finding) for finding in outcome.findings],
    }


def print_records(found: list[DifferenceRow]) -> None:
    """Each record with its fields, before and after."""
    for identifier, same in groupby(found, attrgetter("identifier")):
        some = list(same)
        click.echo(tidy(some[0].name or identifier))
        for one in some:
            click.echo(f"  {tidy(field_name(one.field, 'en'))}: {tidy(one.before)} → {tidy(one.after)}")
