"""`datastore source …`: registering catalogues of public bodies, and trying one before."""

import json
import logging
import shlex
import sys
from datetime import tzinfo
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dcat.findings import Severity
from dcat.messages import RULES, field_name
from dcat.rules import is_violated
from harvesters import HARVESTERS, PUSH

from ..checking.finding_report import causes, described
from ..errors import Invalid
from ..harvesting.events import run_event
from ..service import Catalogue
from ..settings import variable
from ..sources.editing import Change
from ..sources.editing import options as changed_options
from ..store.differences import OF_RUN
from ..store.outcome import NOT_TAKEN
from ..store.rows import DifferenceRow, OutcomeRow, Rehearsal, RunRow, SourceRow
from .failures import Failure
from .run_words import held, remarks, sentence
from .terminal import as_json, local, opened, print_cause, print_json, print_table, tidy

if TYPE_CHECKING:  # loaded where it is used
    from ..checking.finding_out import Proposal
    from ..harvesting.moves import Move

kind_option = click.option(
    "--kind", default="", metavar="KIND", help="What answers there: see `source kinds`. Found out when not given."
)
credentials_option = click.option(
    "--credentials",
    metavar="JSON",
    help="What lets us in, as JSON; better @FILE, - (standard input) or env:VARIABLE, which no history keeps.",
)
config_option = click.option("--config", default="{}", metavar="JSON", help="Options of the kind, as a JSON object.")


@click.group()
def source() -> None:
    """Harvest sources: add, change, try, list, pause, remove."""


@source.command()
@click.argument("url", required=False, default="")
@kind_option
@click.option("--title", default="", help="Its name; the host of the address when not given.")
@click.option("--publisher", default="", metavar="NAME", help="Who answers for it, when all its data is theirs.")
@click.option(
    "--schedule", default="", metavar="CRON", help="When it is harvested, such as '0 3 * * *', in DATASTORE_TIMEZONE."
)
@config_option
@credentials_option
@click.option("--yes", is_flag=True, help="Register what was found out without asking.")
@as_json
def add(
    url: str,
    *,
    kind: str,
    title: str,
    publisher: str,
    schedule: str,
    config: str,
    credentials: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Register the catalogue at URL. Without a schedule it runs only when asked.

    Without --kind, URL may be any page of a portal: what it belongs to is found out, and asked. A source of kind `push`
    has no URL: its producer sends the records.
    """
    if not url and kind != PUSH:
        raise click.UsageError("Missing argument 'URL'.")
    options, secret = parsed(config), secret_of(credentials)
    with opened() as catalogue:
        if not kind:
            found = looked_up(catalogue, url, secret)
            if not yes and not click.confirm("Register it?", err=True):
                raise Failure("Nothing was registered.")
            url, kind, options = found.url, found.kind, found.config | options
        check_named(catalogue, kind, url, options, secret)
        row = catalogue.sources.add(
            url, kind, title=title, publisher=publisher, schedule=schedule, config=options, credentials=secret
        )
    if as_json:
        return print_json(row)
    if kind == PUSH:
        return click.echo(f"Added {row.name}. Its records are sent to /api/1/dataset/{row.name}/IDENTIFIER")
    if row.url != url.strip() or row.config != options:
        told = f" with the options {json.dumps(row.config)}" if row.config != options else ""
        click.echo(f"Registered as {tidy(row.url)}{tidy(told) if told else ''}.")
    return click.echo(f"Added {row.name}. Harvest it with: datastore harvest {row.name}")


@source.command("list")
@click.option("--publisher", default="", metavar="NAME", help="Only those of one publisher.")
@as_json
def list_(publisher: str, as_json: bool) -> None:
    """List the sources with the state of their last run."""
    with opened() as catalogue:
        rows, zone = catalogue.sources.all(publisher), catalogue.settings.zone
    if as_json:
        return print_json(rows)
    if not rows:
        return click.echo("There is no source yet. Add one with: datastore source add URL --kind KIND")
    return print_table(
        ("name", "kind", "entries", "state", "last run", "next run", "address"), (columns(row, zone) for row in rows)
    )


def columns(row: SourceRow, zone: tzinfo) -> tuple[object, ...]:
    """One line of the list."""
    run = row.last_run
    state = run.state if run else "never run"
    state = "declined" if row.declined else "waits for approval" if not row.approved else state
    state = state if row.active else "paused"
    last = local((run.ended or run.queued) if run else None, zone)
    return (row.name, row.kind, row.entries, state, last, local(row.next_run, zone), row.url)


ABOUT = ("name", "title", "url", "kind", "publisher", "schedule", "active", "entries")
"""What is told of every source."""
WIDTH = 13


@source.command()
@click.argument("name")
@as_json
def show(name: str, as_json: bool) -> None:
    """Show one source, its last runs and what was wrong in the newest."""
    with opened() as catalogue:
        row, runs = catalogue.sources.named(name), catalogue.runs.of_source(name, limit=10)
        zone = catalogue.settings.zone
        groups = catalogue.runs.finding_groups(runs[0].id) if runs else []
        waiting = catalogue.runs.held(name)
        told = [*(remarks(runs[0]) if runs else ()), *(held(catalogue, waiting) if waiting else ())]
    if as_json:
        problems = [dict(zip(("rule", "field", "records", "example"), group, strict=True)) for group in groups]
        return print_json({"source": row, "runs": runs, "problems": problems, "held": waiting and waiting.id})
    for field in (*ABOUT, *(("credentials",) if row.credentials else ())):
        click.echo(f"{field + ':':<{WIDTH}}{tidy(getattr(row, field))}")
    click.echo(f"{'next run:':<{WIDTH}}{local(row.next_run, zone)}")
    if row.declined:
        click.echo(f"\nIt was declined, and is not read: {tidy(row.declined)}")
    elif not row.approved:
        click.echo(f"\nA producer registered it, and it waits for you: datastore source approve {row.name}")
        click.echo(f"  or: datastore source decline {row.name} --reason TEXT")
    if row.moved_to:
        click.echo(f"\nIt sends us to {tidy(row.moved_to)} for good. Accept that address with:")
        click.echo(f"  datastore source edit {row.name} --url {shlex.quote(tidy(row.moved_to))}")
    if runs:
        click.echo()
        heads = ("run", "state", "started", "seen", "new", "changed", "removed", "held", "refused", "failed")
        print_table(
            heads, [(r.id, r.state, local(r.started, zone), *(getattr(r, head) for head in heads[3:])) for r in runs]
        )
        if told:
            click.echo("\n" + "\n".join(told))
    if groups:
        click.echo()
        print_table(
            ("records", "rule", "field", "example"), [(n, rule, field, value) for rule, field, n, value in groups]
        )
    return None


@source.command("edit")
@click.argument("name")
@click.option("--url", help="Its new address; all names and identities stay.")
@click.option("--title", help="Its name for people.")
@click.option("--publisher", metavar="NAME", help="Who answers for it; '' for nobody in particular.")
@click.option("--schedule", metavar="CRON", help="When it is harvested; '' for only when asked.")
@click.option(
    "--config", metavar="JSON", help="Options to change, as a JSON object; null puts one back to its default."
)
@click.option(
    "--credentials",
    metavar="JSON",
    help="What lets us in: @FILE, - (standard input), env:VARIABLE or JSON; none to forget it.",
)
@as_json
def edit_(
    name: str, *, url: str | None, config: str | None, credentials: str | None, as_json: bool, **given: str | None
) -> None:
    """Change a source, its address included. Its name, its kind and who its records are stay."""
    values: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    values |= {} if url is None else {"url": url}
    values |= {} if config is None else {"config": parsed(config)}
    values |= {} if credentials is None else {"credentials": None if credentials == "none" else secret_of(credentials)}
    if not values:
        raise Invalid("Say what to change: see datastore source edit --help.")
    with opened() as catalogue:
        before = catalogue.sources.named(name)
        change = Change(**values)
        if config is not None:
            at = (before.kind, url or before.url)
            check_named(catalogue, *at, changed_options(before, change), values.get("credentials"))
        after = catalogue.sources.edit(name, change)
    if as_json:
        return print_json(after)
    for field in ("url", "title", "publisher", "schedule", "config", "credentials"):
        if (old := getattr(before, field)) != (new := getattr(after, field)):
            before_after = (json.dumps(value) if isinstance(value, dict) else value for value in (old, new))
            click.echo(f"{field}: {' → '.join(map(tidy, before_after))}")
    if before.credentials and not after.credentials and credentials is None:
        click.echo("The credentials were for the server that it had, and are forgotten. Give new ones: --credentials")
    return click.echo(f"Changed {after.name}. See what it gives now: datastore harvest {after.name}")


@source.command()
@click.argument("name")
def approve(name: str) -> None:
    """Let a source run that a producer registered, or moved to another server."""
    with opened() as catalogue:
        click.echo(f"{catalogue.sources.approve(name).name} may run.")


@source.command()
@click.argument("name")
@click.option("--reason", required=True, metavar="TEXT", help="Why; its publisher reads it.")
def decline(name: str, reason: str) -> None:
    """Say that a source that waits for approval is not to be read. Nothing of it is removed."""
    with opened() as catalogue:
        click.echo(f"{catalogue.sources.decline(name, reason).name} is not read. It waits again when it is changed.")


@source.command()
@click.argument("name")
def pause(name: str) -> None:
    """No run of a source starts until it is resumed."""
    with opened() as catalogue:
        click.echo(f"{catalogue.sources.pause(name).name} is paused.")


@source.command()
@click.argument("name")
def resume(name: str) -> None:
    """Let a paused source run again."""
    with opened() as catalogue:
        click.echo(f"{catalogue.sources.resume(name).name} runs again.")


@source.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Remove a source and its entries; their addresses answer 410 from then on."""
    with opened() as catalogue:
        row = catalogue.sources.named(name)
        if not yes and not click.confirm(f"Remove {row.name} and its {row.entries} entries?", err=True):
            raise Failure("Nothing was removed.")
        click.echo(f"Removed {row.name} and {catalogue.sources.remove(name)} entries.")


@source.command()
@click.argument("name")
@click.argument("pair", metavar="[OLD NEW]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Confirm every proposal of the last run.")
def moved(name: str, pair: tuple[str, ...], everything: bool) -> None:
    """Show which entries of NAME seem to have taken another identifier, or confirm it.

    OLD and NEW are names of entries of the source, as the report of a run proposes them (`identifier-changed`). OLD is
    removed, and its addresses lead to NEW.
    """
    if len(pair) not in {0, 2} or (pair and everything):
        raise Invalid("Name the OLD entry and the NEW one, or say --all, or neither to see what is proposed.")
    with opened() as catalogue:
        if not pair and not everything:
            return print_moves(name, located(catalogue, catalogue.runs.proposed_moves(name)))
        if pair:
            catalogue.runs.confirm_move(name, *pair)
        moves = [pair] if pair else catalogue.runs.confirm_moves(name)
        catalogue.index.catch_up()
    for old, new in moves:
        click.echo(f"{old} leads to {new} now.")
    return None if moves else click.echo(f"The last run of {name} proposes nothing.")


def located(catalogue: Catalogue, moves: "list[Move]") -> list[tuple[str, str, str, str]]:
    """What is proposed, with the IRIs, by which people know what moved where."""
    return [(old, new, catalogue.entries.find(old).iri, catalogue.entries.find(new).iri) for old, new in moves]


def print_moves(name: str, moves: list[tuple[str, str, str, str]]) -> None:
    """What is proposed, and how it is confirmed."""
    if not moves:
        return click.echo(f"The last run of {name} proposes nothing.")
    print_table(("gone", "came", "was", "is"), moves)
    click.echo(f"Confirm one with: datastore source moved {name} OLD NEW, or all of them with --all")
    return None


@source.command()
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


def report(outcome: OutcomeRow) -> dict[str, Any]:
    """What became of one record, as programs read it."""
    return {
        "identifier": outcome.identifier,
        "outcome": outcome.outcome,
        "name": outcome.name,
        "reason": outcome.reason,
        "findings": [described(finding) for finding in outcome.findings],
    }


@source.command()
@as_json
def kinds(as_json: bool) -> None:
    """List the kinds of source and their options."""
    if as_json:
        return print_json([kind_report(kind) for kind in HARVESTERS])
    for name, harvester in HARVESTERS.items():
        brought = f" (from {origin})" if (origin := HARVESTERS.origin(name)) else ""
        click.echo(f"{name}: {harvester.title}{brought}")
        for option in harvester.all_options:
            click.echo(f"  {option.name} ({option.type.__name__}, {option.default!r}): {option.help}")
    return None


@source.command()
@click.argument("name")
@click.option("--run", "number", type=int, metavar="RUN", help="Of that run instead of the last one.")
@as_json
def changes(name: str, number: int | None, as_json: bool) -> None:
    """Show what a run of NAME changed in its records: each field, before and after."""
    with opened() as catalogue:
        last = catalogue.runs.of_source(name, 1)
        if number is None and not last:
            raise Failure(f"{name} was not harvested yet.")
        run = last[0] if number is None else catalogue.runs.numbered(number)
        if run.source != catalogue.sources.named(name).name:
            raise Failure(f"{name!r} has no run {run.id}.")
        found = catalogue.runs.differences(run.id, limit=OF_RUN)[1]
    if as_json:
        return print_json({"run": run.id, "changes": found})
    return print_differences(run, found)


def print_differences(run: RunRow, found: list[DifferenceRow]) -> None:
    """What a run changed, record by record."""
    print_records(found)
    click.echo(f"Run {run.id} of {run.source}: {run.changed} records changed, {len(found)} differences are kept.")


def print_records(found: list[DifferenceRow]) -> None:
    """Each record with its fields, before and after."""
    for identifier, same in groupby(found, attrgetter("identifier")):
        some = list(same)
        click.echo(tidy(some[0].name or identifier))
        for one in some:
            click.echo(f"  {tidy(field_name(one.field, 'en'))}: {tidy(one.before)} → {tidy(one.after)}")


@source.command()
@click.argument("name")
def cancel(name: str) -> None:
    """End what waits or goes on for a source; what it had saved stays."""
    with opened() as catalogue:
        ids = catalogue.runs.cancel(name)
    click.echo(f"Cancelled {', '.join(f'run {id}' for id in ids)} of {name}.")


@source.command()
@click.argument("name")
@click.option("--approve", type=int, metavar="RUN", help="Remove exactly what that run holds.")
@click.option("--keep", type=int, metavar="RUN", help="Keep exactly that published, from now on.")
@as_json
def removals(name: str, approve: int | None, keep: int | None, as_json: bool) -> None:
    """Show what the last run of NAME holds: entries that it would remove. Or decide on them."""
    if approve is not None and keep is not None:
        raise Invalid("Say --approve or --keep, not both.")
    with opened() as catalogue:
        if approve is not None:
            number = catalogue.runs.approve_removals(name, approve)
            catalogue.index.catch_up()
            return click.echo(f"Removed {number} entries; their addresses answer 410 now.")
        if keep is not None:
            return click.echo(f"Kept {catalogue.runs.keep_removals(name, keep)} entries.")
        run = catalogue.runs.held(name)
        rows = catalogue.runs.outcomes(run.id, outcome="HELD", limit=run.held) if run else []
    if as_json:
        return print_json({"run": run.id if run else None, "removals": [report(row) for row in rows]})
    if run is None:
        return click.echo(f"No run of {name} holds anything.")
    print_table(("entry", "identifier", "why it is held"), [(row.name, row.identifier, row.reason) for row in rows])
    return click.echo(f"Decide with: datastore source removals {name} --approve {run.id}, or --keep {run.id}")


def kind_report(kind: str) -> dict[str, Any]:
    """One kind with its options, as programs read it."""
    harvester = HARVESTERS[kind]
    options = [
        {"name": o.name, "type": o.type.__name__, "default": o.default, "help": o.help} for o in harvester.all_options
    ]
    return {"kind": kind, "title": harvester.title, "origin": HARVESTERS.origin(kind), "options": options}


def parsed(config: str) -> dict[str, Any]:
    """The options of a kind. Raises `Invalid` with where the JSON goes wrong."""
    try:
        value = json.loads(config)
    except json.JSONDecodeError as error:
        raise Invalid(f"--config is not JSON: {error}.", "config") from error
    if not isinstance(value, dict):
        raise Invalid("--config must be a JSON object, such as '{\"rows\": 100}'.", "config")
    return value


def check_named(
    catalogue: Catalogue, kind: str, url: str, options: dict[str, Any], secret: dict[str, Any] | None
) -> None:
    """Raises `Invalid` when options name what the source does not have."""
    from ..checking.finding_out import check_options  # noqa: PLC0415 (loaded where it is used)

    check_options(catalogue.settings, catalogue.harvesters, kind, url, config=options, credentials=secret)


def looked_up(catalogue: Catalogue, url: str, secret: dict[str, Any] | None) -> "Proposal":
    """The source that an address belongs to, told before anything is done with it."""
    from ..checking.finding_out import find_out  # noqa: PLC0415 (every kind is loaded for it)

    found = find_out(url, catalogue.settings, catalogue.harvesters, secret)
    command = f"datastore source add {shlex.quote(found.url)} --kind {found.kind}"
    command += f" --config {shlex.quote(json.dumps(found.config))}" if found.config else ""
    click.echo(f"{tidy(found.why)}\n  {tidy(command)}", err=True)
    return found


def secret_of(credentials: str | None) -> dict[str, Any] | None:
    """What lets us in at a source, from where `--credentials` says it is. Raises `Invalid` without repeating it."""
    if credentials is None:
        return None
    from harvesters.http.credentials import FORMS  # noqa: PLC0415 (loaded where it is needed)

    try:
        value = json.loads(_read(credentials))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Invalid(
            f"--credentials must be {FORMS}; or @FILE, - (standard input) or env:VARIABLE that hold one of these.",
            "credentials",
        )
    return value


def _read(credentials: str) -> str:
    if credentials == "-":
        return sys.stdin.read()
    if credentials.startswith("env:"):
        return variable(credentials.removeprefix("env:"))
    if not credentials.startswith("@"):
        return credentials
    try:
        return Path(credentials.removeprefix("@")).read_text("utf-8")
    except OSError as error:
        raise Invalid(f"--credentials: {credentials!r} cannot be read: {error.strerror}.", "credentials") from error
