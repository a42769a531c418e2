"""`datastore source list`, `show` and `kinds`: how sources are, and what kinds there are."""

import shlex
from datetime import tzinfo
from typing import Any

import click

from harvesters import HARVESTERS

from ..store.rows import SourceRow
from .run_words import held, remarks
from .terminal import as_json, local, opened, print_json, print_table, tidy


@click.command("list")
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


@click.command()
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


@click.command()
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


def kind_report(kind: str) -> dict[str, Any]:
    """One kind with its options, as programs read it."""
    harvester = HARVESTERS[kind]
    options = [
        {"name": o.name, "type": o.type.__name__, "default": o.default, "help": o.help} for o in harvester.all_options
    ]
    return {"kind": kind, "title": harvester.title, "origin": HARVESTERS.origin(kind), "options": options}
