"""`datastore erase`: a person out of all that is kept."""

import sys
from collections.abc import Iterator

import click

from ..erasing.erasing import Told
from .failures import Failure
from .terminal import STDIN, as_json, opened, print_json, print_table


@click.command()
@click.argument("who", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Only say where they are named; nothing is written.")
@click.option("--again", is_flag=True, help="Whoever was ever erased, as after a restore by other means.")
@as_json
def erase(who: tuple[str, ...], dry_run: bool, again: bool, as_json: bool) -> None:
    """Erase a person from all that is kept, for good.

    WHO are the names (given and family name, in any order) and the mailboxes of one person or several; with - they are
    read from standard input, one a line, so that they stand in no history of a shell. They go from records as they
    came, entries, reports, history, the audit, the index and the dumps; only keyed hashes of them are kept, so that no
    harvest, push or restore brings them back. See first with --dry-run where they are named: nothing brings back what
    was erased.
    """
    if bool(who) is again:
        raise Failure("Say whom: names and mailboxes, or --again for whoever was ever erased.")
    with opened() as catalogue:
        erasing, people = catalogue.erasing, [*_people(who)]
        if dry_run:
            return _tell(erasing.look(people) if people else erasing.look_again(), as_json=as_json)
        told = erasing.again() if again else erasing.erase(people)
        catalogue.dumps.forget_all()  # also when nothing is named any more: what was broken off may have left them
        catalogue.feed_files.forget_all()
        catalogue.index.rebuild()
    return _tell(told, as_json=as_json)


def _people(who: tuple[str, ...]) -> Iterator[str]:
    for one in who:
        if one == STDIN:
            yield from filter(None, (line.strip() for line in sys.stdin))
        else:
            yield one


def _tell(told: Told, *, as_json: bool) -> None:
    if as_json:
        return print_json(told)
    rows = [
        ("records", told.records),
        ("removed entries", told.removed),
        *told.passages.items(),
        ("audit", told.audit),
        ("mailboxes written to", told.subscriptions),
        ("searches", told.searches),
    ]
    print_table(("named in", "how often"), [(place, str(count)) for place, count in rows])
    for name in told.names:
        click.echo(f"{name} is a name for life and stays; datastore withdraw ends an entry.", err=True)
    return None
