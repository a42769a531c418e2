"""`datastore export`, `check` and `show`: what the catalogue publishes, and what is wrong with what it was given."""

from pathlib import Path

import click

from catalogue.errors import NotFound
from catalogue.export import FORMATS
from catalogue.export import export as write
from catalogue.store.rows import EntryRow, Tombstone

from .terminal import as_json, described, opened, print_findings, print_json, tidy


@click.command(help=f"Write the whole catalogue to FILE. Its ending names the format: {', '.join(FORMATS)}.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Writes a file."""
    with opened() as catalogue:
        size = write(catalogue, catalogue.settings, file)
    click.echo(f"Wrote {file}, {size:,} bytes.", err=True)


@click.command()
@click.argument("name")
@as_json
def show(name: str, as_json: bool) -> None:
    """Show one entry, by its name or id, with the findings of its last harvest."""
    with opened() as catalogue:
        row = catalogue.find(name)
        if isinstance(row, Tombstone):
            raise NotFound(f"{row.name} was removed on {row.removed:%Y-%m-%d}: {row.reason}.")
        outcome = catalogue.outcome_of(row.source, row.identifier)
    if as_json:
        return print_json({"entry": row, "findings": [described(finding) for finding in outcome.findings]})
    print_entry(row)
    if outcome.findings:
        click.echo(f"\n{len(outcome.findings)} findings:")
    return print_findings(outcome.findings)


def print_entry(row: EntryRow) -> None:
    """The entry's own facts, one a line."""
    for text in row.entry.title:
        click.echo(f"{tidy(text.value)} ({text.lang or 'no language'})")
    facts = {"kind": row.kind, "IRI": row.iri, "id": row.id, "source": row.source, "identifier": row.identifier}
    for name, value in (facts | {"updated": row.updated, "checked": row.checked}).items():
        click.echo(f"  {name + ':':<12}{tidy(value)}")
