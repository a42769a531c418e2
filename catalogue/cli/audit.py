"""`datastore audit`: who changed what."""

from datetime import UTC, datetime

import click
import msgspec

from ..errors import Invalid
from .failures import Failure
from .terminal import as_json, opened, print_json, tidy


@click.command()
@click.option("--since", default="", metavar="T", help="Only since that day or moment, such as 2026-05-01 (UTC).")
@click.option("--verify", is_flag=True, help="Only say whether all lines are there as they were written.")
@as_json
def audit(since: str, verify: bool, as_json: bool) -> None:
    """Show who changed what, newest first.

    Sources, keys, decisions on removals and moves, records that producers sent or withdrew; kept for a year. With
    --json, one object a line.
    """
    moment = parsed(since)
    with opened() as catalogue:
        if verify and (broken := catalogue.audit.first_broken()):
            raise Failure(f"Line {broken.id} of {broken.at:%Y-%m-%d %H:%M} UTC, or what stood before it, was changed.")
        if verify:
            return click.echo("Every line is as it was written.")
        for row in catalogue.audit.all(moment):
            print_json(row) if as_json else print_row(row.at, row.who, row.what, row.subject, row.before, row.after)
    return None


def print_row(at: datetime, who: str, what: str, subject: str, *facts: dict[str, object]) -> None:
    """One line, and below it what was so and what is so."""
    click.echo("  ".join(map(tidy, (at, what, subject, who))))
    before, after = facts
    for name in dict.fromkeys((*before, *after)):
        was, now = (tidy(msgspec.json.encode(each[name]).decode()) if name in each else "nothing" for each in facts)
        click.echo(f"    {tidy(name)}: {was} → {now}")


def parsed(text: str) -> datetime | None:
    """A day or moment. Raises `Invalid`."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(
            f"--since {text!r} is no day or moment, such as 2026-05-01 or 2026-05-01T12:00.", "since"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
