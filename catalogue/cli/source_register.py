"""`datastore source add`, `edit`, `approve`, `decline`, `pause`, `resume` and `remove`: which sources there are."""

import json
from typing import Any

import click

from harvesters import PUSH

from ..errors import Invalid
from ..sources.editing import Change
from ..sources.editing import options as changed_options
from .failures import Failure
from .source_options import check_named, config_option, credentials_option, kind_option, looked_up, parsed, secret_of
from .terminal import as_json, opened, print_json, tidy


@click.command()
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


@click.command("edit")
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


@click.command()
@click.argument("name")
def approve(name: str) -> None:
    """Let a source run that a producer registered, or moved to another server."""
    with opened() as catalogue:
        click.echo(f"{catalogue.sources.approve(name).name} may run.")


@click.command()
@click.argument("name")
@click.option("--reason", required=True, metavar="TEXT", help="Why; its publisher reads it.")
def decline(name: str, reason: str) -> None:
    """Say that a source that waits for approval is not to be read. Nothing of it is removed."""
    with opened() as catalogue:
        click.echo(f"{catalogue.sources.decline(name, reason).name} is not read. It waits again when it is changed.")


@click.command()
@click.argument("name")
def pause(name: str) -> None:
    """No run of a source starts until it is resumed."""
    with opened() as catalogue:
        click.echo(f"{catalogue.sources.pause(name).name} is paused.")


@click.command()
@click.argument("name")
def resume(name: str) -> None:
    """Let a paused source run again."""
    with opened() as catalogue:
        click.echo(f"{catalogue.sources.resume(name).name} runs again.")


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Remove a source and its entries; their addresses answer 410 from then on."""
    with opened() as catalogue:
        row = catalogue.sources.named(name)
        if not yes and not click.confirm(f"Remove {row.name} and its {row.entries} entries?", err=True):
            raise Failure("Nothing was removed.")
        click.echo(f"Removed {row.name} and {catalogue.sources.remove(name)} entries.")
