"""`datastore mcp`: the catalogue for an assistant on this machine."""

import sys

import click

from .. import assistant
from .terminal import opened


@click.command()
def mcp() -> None:
    """Answer an assistant over standard input and output, read-only (model context protocol).

    One message a line, until the input ends. The portal answers the same over HTTP at /mcp.
    """
    with opened() as catalogue:
        for line in sys.stdin.buffer:
            if line.strip() and (said := assistant.answer(catalogue, line)):
                sys.stdout.buffer.write(said + b"\n")
                sys.stdout.buffer.flush()
