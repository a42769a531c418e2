"""`datastore redirects`: old addresses that lead to new ones."""

from pathlib import Path

import click

from .terminal import opened


@click.group()
def redirects() -> None:
    """Old addresses that lead to new ones."""


@redirects.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Take a list of old and new addresses from FILE.

    CSV, an old and a new address a line: paths, such as /dataset/trees and /fr/dataset/arbres, or whole addresses. An
    old one answers 301 where nothing else is. A line without a new address forgets the old one. All of it or nothing.
    """
    with opened() as catalogue:
        count, there = catalogue.old_addresses.load(file)
    click.echo(f"{count} read; {there} old addresses lead on now.")
