"""`datastore reuses …`: articles and apps that were made with data."""

import click

from dcat.our_languages import OUR_LANGUAGES

from ..errors import NotFound
from ..publishing.reuses import NewReuse
from ..store.reuses import KINDS, SHOWN, STATES
from ..store.rows import EntryRow
from .terminal import as_json, opened, print_json, print_table, tidy

ID = click.argument("id", type=int)


@click.group()
def reuses() -> None:
    """Articles and apps that were made with data."""


@reuses.command("list")
@click.option("--state", type=click.Choice(STATES), default=SHOWN, show_default=True)
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True)
@as_json
def list_(state: str, limit: int, *, as_json: bool) -> None:
    """List them, the newest first."""
    with opened() as catalogue:
        count, rows = catalogue.reuses.listed(state=state, limit=limit)
    if as_json:
        told = ("id", "name", "kind", "title", "language", "url", "state", "publisher", "at")
        return print_json([{field: getattr(row, field) for field in told} for row in rows])
    click.echo(f"{count} {state}")
    if rows:
        print_table(("id", "entry", "kind", "title", "address"), [(r.id, r.name, r.kind, r.title, r.url) for r in rows])
    return None


@reuses.command()
@click.argument("name")
@click.argument("url")
@click.option("--title", required=True)
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True)
@click.option("--language", type=click.Choice(OUR_LANGUAGES), default=OUR_LANGUAGES[0], show_default=True)
def add(name: str, url: str, *, title: str, kind: str, language: str) -> None:
    """Name what stands at URL and was made with the entry NAME; everybody sees it at once."""
    with opened() as catalogue:
        entry = catalogue.entries.find(name)
        if not isinstance(entry, EntryRow):
            raise NotFound(f"{name} was removed.")
        row = catalogue.reuses.add(entry, NewReuse(kind, title, url, language))
    click.echo(f"{tidy(row.title)} (number {row.id}) is shown with {tidy(row.name)}; its link is checked.")


@reuses.command()
@ID
def approve(id: int) -> None:
    """Show to everybody what a publisher named."""
    with opened() as catalogue:
        click.echo(f"{tidy(catalogue.reuses.approve(id).title)} is shown.")


@reuses.command()
@ID
def remove(id: int) -> None:
    """Take away one of them, by its number."""
    with opened() as catalogue:
        click.echo(f"{tidy(catalogue.reuses.remove(id).title)} is shown no more.")
