"""`python -m catalogue.cli.reference` prints docs/reference/commands.md; a test compares the two."""

import inspect
from collections.abc import Iterator

import click

from . import main

HEAD = """\
# Commands

Made by `python -m catalogue.cli.reference` from the commands themselves; a test keeps it true.

Settings come from the environment and `datastore.toml`: see [settings](settings.md). What a command found goes to
standard output, everything else to standard error: sentences for people, and one JSON object a line from `serve` and
`worker`.

| exit code | meaning |
|---|---|
| 0 | it worked |
| 1 | it did not work, or something must be mended; one sentence says what |
| 2 | it was asked for wrongly: an option, an argument or a setting |
| 130 | Ctrl-C |

`python -m catalogue` is the same as `datastore`.
"""


def reference() -> str:
    """The page, in Markdown."""
    return HEAD + "".join(pages(main, click.Context(main, info_name="datastore", **main.context_settings)))


def pages(command: click.Command, context: click.Context) -> Iterator[str]:
    """A command and those under it."""
    yield f"\n## {context.command_path}\n\n{inspect.cleandoc(command.help or '')}\n\n"
    yield f"```\n{usage(command, context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.commands[name]
            yield from pages(below, click.Context(below, parent=context, info_name=name))


def usage(command: click.Command, context: click.Context) -> str:
    """How it is called, with its options."""
    formatter = click.HelpFormatter(width=100)
    command.format_usage(context, formatter)
    command.format_options(context, formatter)
    return formatter.getvalue().strip()


if __name__ == "__main__":
    click.echo(reference(), nl=False)
