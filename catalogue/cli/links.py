"""`datastore links …`: the addresses that entries lead to, and what was found there."""

from datetime import datetime

import click

from ..errors import Invalid
from ..store.addresses import BLOCKED, BROKEN, UNKNOWN, WORKS, Use
from ..store.rows import Tombstone
from .terminal import as_json, opened, print_json, print_table

STATES = {"works": WORKS, "broken": BROKEN, "blocked": BLOCKED, "unknown": UNKNOWN}
"""Every state by the name that people give it."""


@click.group()
def links() -> None:
    """The addresses that entries lead to, and what was found there.

    A worker asks them, host by host: those that work once a week, broken ones sooner.
    """


@links.command("list")
@click.argument("source", required=False, default="")
@click.option("--state", type=click.Choice(list(STATES)), default="broken", show_default=True)
@click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True)
@as_json
def list_links(source: str, state: str, limit: int, as_json: bool) -> None:
    """List addresses, those of SOURCE or all, that have been so longest first.

    `blocked` are those whose server lets no program in, which says nothing about people; `unknown` those that nobody
    asked yet, or about which asking cannot tell.
    """
    with opened() as catalogue:
        if source:
            catalogue.sources.named(source)
        counts = catalogue.links.counts(source=source)
        found = catalogue.links.standing(STATES[state], source=source, limit=limit)
    numbers = {name: counts[code] for name, code in STATES.items()}
    if as_json:
        return print_json({"counts": numbers, "links": [told(one) for one in found]})
    click.echo(", ".join(f"{number} {name}" for name, number in numbers.items()))
    if found:
        print_table(("since", "last worked", "why", "entry", "address"), [row(one) for one in found])
    return None


@links.command()
@click.argument("name")
def ask(name: str) -> None:
    """Ask the addresses of the entry NAME as soon as a worker can, without waiting for their time."""
    with opened() as catalogue:
        entry = catalogue.entries.find(name)
        if isinstance(entry, Tombstone):
            raise Invalid(f"{name} was removed.", "name")
        count = catalogue.links.ask_now(entry.id)
    click.echo(f"{count} address{'' if count == 1 else 'es'} will be asked.")


def row(one: Use) -> tuple[str, ...]:
    """A line of the list."""
    address = one.address
    return day(address.since), day(address.worked), address.code, one.name, address.url


def told(one: Use) -> dict[str, object]:
    """An address as JSON."""
    address = one.address
    return {
        "url": address.url,
        "entry": one.name,
        "source": one.source,
        "state": address.state or "unknown",
        "code": address.code,
        "since": address.since,
        "last_worked": address.worked,
        "asked": address.asked,
        "size": address.size,
        "media_type": address.media_type,
        "format": address.format,
        "modified": address.modified,
        "checksum": address.checksum,
    }


def day(moment: datetime | None) -> str:
    """A day, or a dash."""
    return moment.date().isoformat() if moment else "–"
