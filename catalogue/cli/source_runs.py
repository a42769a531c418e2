"""`datastore source changes`, `removals`, `moved` and `cancel`: what runs did, and what people decide on."""

from typing import TYPE_CHECKING

import click

from ..errors import Invalid
from ..service import Catalogue
from ..store.differences import OF_RUN
from ..store.rows import DifferenceRow, RunRow
from .failures import Failure
from .outcome_words import print_records, report
from .terminal import as_json, opened, print_json, print_table

if TYPE_CHECKING:  # loaded where it is used
    from ..harvesting.moves import Move


@click.command()
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


@click.command()
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


@click.command()
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


@click.command()
@click.argument("name")
def cancel(name: str) -> None:
    """End what waits or goes on for a source; what it had saved stays."""
    with opened() as catalogue:
        ids = catalogue.runs.cancel(name)
    click.echo(f"Cancelled {', '.join(f'run {id}' for id in ids)} of {name}.")
