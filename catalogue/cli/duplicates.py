"""`datastore duplicates`: what several catalogues list."""

import click

from ..ingest.twins import Cluster
from .terminal import as_json, opened, print_json, print_table


@click.command()
@as_json
def duplicates(as_json: bool) -> None:
    """List what several sources have in common.

    First the entries that are the same data, because their sources give them the same address, DOI or UUID; the one
    marked with * counts. Then those that may be the same: their title, publisher and landing page are equal.
    """
    with opened() as catalogue:
        found = catalogue.copies.overview()
    if as_json:
        return print_json(found)
    if not found.clusters and not found.suggested:
        return click.echo("No two sources list the same.")
    if found.clusters:
        click.echo(f"The same in several sources: {told(found.clusters)}")
        print_table(("", "entry", "source", "address in common"), rows(found.clusters))
    if found.suggested:
        click.echo(f"Perhaps the same: {told(found.suggested)}")
        print_table(("", "entry", "source"), [line[:3] for line in rows(found.suggested)])
    return None


def told(clusters: tuple[Cluster, ...]) -> str:
    """How many they are."""
    return f"{len(clusters)}, with {sum(len(one.twins) for one in clusters)} entries"


def rows(clusters: tuple[Cluster, ...]) -> list[tuple[str, str, str, str]]:
    """One line for each entry."""
    lines = []
    for cluster in clusters:
        for twin in cluster.twins:
            mark = "*" if twin.id == cluster.canonical.id and twin.shared else " "
            lines.append((mark, twin.name, twin.source, next(iter(twin.shared), "")))
    return lines
