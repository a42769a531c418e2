"""`datastore source test`: what a catalogue would bring, with nothing published."""

import logging

import click

from dcat.findings import Severity
from dcat.messages import RULES
from dcat.rules import is_violated

from ..checking.finding_report import causes
from ..errors import Invalid
from ..harvesting.events import run_event
from ..store.outcome import NOT_TAKEN
from ..store.rows import OutcomeRow, Rehearsal, RunRow
from .failures import Failure
from .outcome_words import print_records, report
from .run_words import remarks, sentence
from .source_options import config_option, credentials_option, kind_option, looked_up, parsed, secret_of
from .terminal import as_json, opened, print_cause, print_json, tidy


@click.command()
@click.argument("url", metavar="URL|NAME")
@kind_option
@config_option
@credentials_option
@click.option("--whole", is_flag=True, help="All records, in numbers, with the first that would change or go.")
@as_json
def test(url: str, *, kind: str, config: str, credentials: str | None, whole: bool, as_json: bool) -> None:
    """Try a catalogue: nothing is published.

    URL is where it is; NAME a source that is registered, tried as its next run would read it. Fetches at most 20
    records, shows what would become of them and every finding, and writes nothing. Exits with 1 when something must be
    mended.
    """
    options, secret = parsed(config), secret_of(credentials)
    is_name = "/" not in url
    if is_name and (kind or options or secret):
        raise Invalid("A source is tried with its own kind, options and credentials: say its NAME alone.")
    with opened(logging.ERROR) as catalogue:
        if is_name and whole:
            return tell_rehearsal(catalogue.rehearsals.of_source(url), as_json=as_json)
        if is_name:
            return tell_trial(*catalogue.runs.preview_of(url), as_json=as_json)
        if not kind:
            found = looked_up(catalogue, url, secret)
            url, kind, options = found.url, found.kind, found.config | options
        if whole:
            told = catalogue.rehearsals.of_address(url, kind, config=options, credentials=secret)
            return tell_rehearsal(told, as_json=as_json)
        return tell_trial(*catalogue.runs.preview(url, kind, config=options, credentials=secret), as_json=as_json)


def tell_trial(run: RunRow, outcomes: list[OutcomeRow], *, as_json: bool) -> None:
    """A dry run of the first records. Raises `Failure` when something must be mended."""
    if as_json:
        print_json({**run_event(run), "records": [report(outcome) for outcome in outcomes]})
    else:
        print_trial(run, outcomes)
    if run.state == "failed":
        raise Failure(run.error)
    if is_violated(run.findings):
        raise Failure("In the source as a whole something must be mended.")
    if bad := [outcome for outcome in outcomes if must_be_mended(outcome)]:
        raise Failure(f"In {len(bad)} of {len(outcomes)} records something must be mended.")


def tell_rehearsal(told: Rehearsal, *, as_json: bool) -> None:
    """A dry run of all records. Raises `Failure` when the source cannot be read or records would not be taken."""
    run = told.run
    if as_json:
        going = [report(outcome) for outcome in told.going]
        refused = [report(outcome) for outcome in told.refused]
        print_json({**run_event(run), "records": refused, "changes": told.differences, "going": going})
    else:
        for one in (*told.refused, *told.going):
            click.echo(f"{one.outcome:<8} {tidy(one.name or one.identifier)}")
            if one.reason:
                click.echo(f"  {tidy(one.reason)}")
        print_records(told.differences)
        for line in remarks(run):
            click.echo(f"  {line}")
        click.echo(f"{sentence(run)} Nothing is written.")
    if run.state == "failed":
        raise Failure(run.error)
    if bad := run.refused + run.failed:
        raise Failure(f"{bad} of {run.seen} records would not be published.")


def print_trial(run: RunRow, outcomes: list[OutcomeRow]) -> None:
    """A dry run for people: each record in a line, then what was found, cause by cause."""
    for outcome in outcomes:
        click.echo(f"{outcome.outcome:<8} {tidy(outcome.name or outcome.identifier)}")
        if outcome.reason:
            click.echo(f"  {tidy(outcome.reason)}")
    for alike in causes(one for outcome in outcomes for one in outcome.findings):
        print_cause(alike)
    for line in remarks(run):
        click.echo(f"  {line}")
    click.echo(f"{run.seen} records read, nothing written.")


def must_be_mended(outcome: OutcomeRow) -> bool:
    """True when it could not be published or breaks a rule that the profile demands."""
    severities = {RULES[finding.rule].severity for finding in outcome.findings}
    return outcome.outcome in NOT_TAKEN or Severity.VIOLATION in severities
