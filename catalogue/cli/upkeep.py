"""`datastore init`, `doctor`, `index …` and `token …`: looking after the house."""

import logging

import click

from .. import log, settings
from ..store.rows import TokenRow
from .failures import Failure
from .terminal import as_json, opened, print_json, print_table, tidy


@click.command()
def init() -> None:
    """Create or upgrade the database and the index."""
    with opened(is_any_version=True) as catalogue:
        catalogue.init()
    click.echo("The database and the index are ready.")


@click.command()
@click.argument("old")
@click.argument("new")
def rebase(old: str, new: str) -> None:
    """The public address has changed: name everything anew.

    OLD and NEW are addresses as DATASTORE_SITE_URL has them, which must say NEW already; no worker may run. For a move
    from a test to production, or from http to https. What sources named stays; old addresses lead to the new ones.
    """
    with opened(is_moving=True) as catalogue:
        count = catalogue.address.rebase(old, new)
        click.echo(f"{count} entries are named under {new.rstrip('/')} now.")
        click.echo(f"The new index holds {catalogue.index.rebuild()} documents.")


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check that everything is there and well.

    Looks at settings, package names, database, index, sources and what is due, and says what to do.

    Exits with 1 when something is not well.
    """
    from ..work.doctor import examine  # noqa: PLC0415 (loaded only where it is asked)

    log.configure(logging.ERROR)
    found = examine(settings.load())
    if as_json:
        print_json([check._asdict() for check in found])
    else:
        for check in found:
            click.echo(f"{'ok ' if check.ok else 'BAD'}  {check.name}: {tidy(check.message)}")
    if not all(check.ok for check in found):
        raise Failure("Something is not well: see above.")


@click.group()
def index() -> None:
    """The search index, a shadow of the database."""


@index.command()
def rebuild() -> None:
    """Build a new index beside the old one and swap it in."""
    with opened() as catalogue:
        click.echo(f"The new index holds {catalogue.index.rebuild()} documents.")


@index.command()
def reconcile() -> None:
    """Compare the index with the database, entry by entry, and mend what differs.

    For after a restore of either. The worker does it once a day.
    """
    with opened() as catalogue:
        click.echo(f"{catalogue.index.reconcile()} entries differed and were written again.")


@index.command()
@click.option("--least", type=click.IntRange(1), default=2, show_default=True, help="Titles that must have both words.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Proposals that are shown.")
@as_json
def propose(least: int, limit: int, as_json: bool) -> None:
    """Show which words mean the same in titles of two languages, and search does not know it.

    A person decides: what is right is written into catalogue/search/language/concepts.csv, what has two meanings into
    homographs.csv beside it. What people searched and nobody publishes is at /en/search/unanswered.
    """
    from ..search.language.proposals import proposals  # noqa: PLC0415 (loaded only where it is asked)

    with opened() as catalogue:
        found = proposals(catalogue.index.documents(), least=least)[:limit]
    if as_json:
        print_json([one._asdict() for one in found])
        return
    print_table(
        ("titles", "sure", "word", "other word", "as in"),
        [
            (
                str(one.titles),
                f"{one.sureness:.2f}",
                f"{one.language} {one.word}",
                f"{one.other_language} {one.other_word}",
                f"{one.example} = {one.other_example}",
            )
            for one in found
        ],
    )


@index.command()
@as_json
def status(as_json: bool) -> None:
    """Show what the index holds, how many entries wait for it and which it refused."""
    with opened() as catalogue:
        found = catalogue.index.status()
    if as_json:
        return print_json(found)
    return print_table(("what", "value"), found.items())


@click.group()
def token() -> None:
    """Producers' keys for the API."""


@token.command()
@click.option("--publisher", required=True, metavar="NAME", help="The publisher that it may act for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=("harvest", "push"),
    show_default=True,
    help="harvest, push or operator; repeat.",
)
@click.option("--also", multiple=True, metavar="NAME|IRI", help="Another publisher whose records it may send; repeat.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 366), help="How long it is valid.")
@as_json
def create(publisher: str, scopes: tuple[str, ...], also: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make a key. It is shown this once."""
    with opened() as catalogue:
        key, row = catalogue.keys.create(publisher, scopes, days, also)
    if as_json:
        return print_json({"key": key, "token": row})
    click.echo(f"Valid for {row.publisher} until {tidy(row.expires)}. Keep it now, it is not shown again:", err=True)
    return click.echo(key)


@token.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List the keys, without the keys themselves."""
    with opened() as catalogue:
        rows = catalogue.keys.all()
    if as_json:
        return print_json(rows)
    heads = ("id", "key", "publishers", "scopes", "expires", "last used", "revoked")
    return print_table(heads, map(_line, rows))


def _line(row: TokenRow) -> tuple[object, ...]:
    whose = ",".join((row.publisher, *row.publishers))
    return row.id, row.prefix + "…", whose, ",".join(row.scopes), row.expires, row.last_used, row.revoked


@token.command()
@click.argument("id", type=int)
def revoke(id: int) -> None:
    """A key stops working at once. ID is that of `token list`."""
    with opened() as catalogue:
        click.echo(f"Key {catalogue.keys.revoke(id).prefix}… is revoked.")
