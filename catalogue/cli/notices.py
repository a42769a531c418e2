"""`datastore notices …`: who is told what happens to sources, by mail or to a program."""

import click

from ..store.rows import SubscriptionRow
from .failures import Failure
from .terminal import as_json, opened, print_json, print_table, tidy

when = click.option(
    "--when",
    type=click.Choice(["always", "on_error", "never"]),
    help="After every run, at problems, or not at all.",
)
language = click.option("--language", default="", metavar="LANG", help="Language of the letters; the first of ours.")
ID = click.argument("id", type=int)


@click.group()
def notices() -> None:
    """Who is told what happens to sources: people by mail, programs by a signed POST."""


@notices.command()
@click.argument("address")
@click.option("--publisher", default="", metavar="NAME", help="Only about the sources of this one; else about all.")
@when
@language
@as_json
def add(address: str, *, publisher: str, when: str | None, language: str, as_json: bool) -> None:
    """Tell ADDRESS, a mailbox or the http(s) address of a program.

    For a program, the secret that messages are signed with is shown this once.
    """
    with opened() as catalogue:
        row, secret = catalogue.subscriptions.add(
            address, publisher=publisher, wanted=when or "on_error", language=language
        )
    if as_json:
        return print_json({"subscription": row, "secret": secret or None})
    click.echo(said(row), err=True)
    if secret:
        click.echo("Messages are signed with this secret. Keep it now, it is not shown again:", err=True)
        click.echo(secret)
    return None


@notices.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List who is told what."""
    with opened() as catalogue:
        rows = catalogue.subscriptions.all()
    if as_json:
        return print_json(rows)
    heads = ("id", "address", "publisher", "when", "language", "since")
    return print_table(heads, [(r.id, r.address, r.publisher, r.wanted, r.language, r.created) for r in rows])


@notices.command()
@ID
@when
@language
def change(id: int, when: str | None, language: str) -> None:
    """Change what they are told, or in which language. ID is that of `notices list`."""
    with opened() as catalogue:
        click.echo(said(catalogue.subscriptions.change(id, wanted=when or "", language=language)))


@notices.command()
@ID
def remove(id: int) -> None:
    """Tell them nothing any more."""
    with opened() as catalogue:
        click.echo(f"{tidy(catalogue.subscriptions.remove(id).address)} is told nothing any more.")


@notices.command("try")
@ID
def try_(id: int) -> None:
    """Tell them now that this is a test, and say what came of it."""
    with opened() as catalogue:
        done = catalogue.notices.trial(id)
    if done.state != "sent":
        raise Failure(done.answer)
    click.echo(tidy(done.answer))


@notices.command()
@ID
@as_json
def log(id: int, as_json: bool) -> None:
    """Show what they were told, newest first, and what the other side said."""
    with opened() as catalogue:
        rows = catalogue.subscriptions.deliveries(id)
    if as_json:
        return print_json(rows)
    heads = ("at", "event", "source", "run", "state", "tries", "next try", "answer")
    return print_table(heads, [(r.at, r.event, r.source, r.run, r.state, r.attempts, r.due, r.answer) for r in rows])


def said(row: SubscriptionRow) -> str:
    """Who is told what, as a sentence."""
    about = f"the sources of {row.publisher}" if row.publisher else "all sources"
    return f"{tidy(row.address)} (number {row.id}) is told about {about}: {row.wanted}, in {row.language}."
