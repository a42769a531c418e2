"""`python -m catalogue.cli.reference` prints docs/reference/commands.md, or with `findings` docs/reference/findings.md.

Tests compare the pages with what is printed."""

import inspect
import sys
from collections.abc import Iterator

import click

from dcat.findings import Severity
from dcat.messages import RULES

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
            below = command.get_command(context, name)
            if below is None:
                raise LookupError(f"the list of commands names {name!r}, which is none")
            yield from pages(below, click.Context(below, parent=context, info_name=name))


def usage(command: click.Command, context: click.Context) -> str:
    """How it is called, with its options."""
    formatter = click.HelpFormatter(width=100)
    command.format_usage(context, formatter)
    command.format_options(context, formatter)
    return formatter.getvalue().strip()


FINDINGS = """\
# Findings

Made by `python -m catalogue.cli.reference findings` from the rules themselves; a test keeps it true.

What a report can say about a record. `{field}` and `{value}` stand for the field and the value concerned. Every text
exists in French, Dutch, German and English; here is the English one. A violation keeps a feed from being valid, a
warning is worth mending, a remark only says what was done.
"""

SEVERITIES = {Severity.VIOLATION: "Violations", Severity.WARNING: "Warnings", Severity.INFO: "Remarks"}


def findings() -> str:
    """The page of findings, in Markdown."""
    sections = (f"\n## {title}\n\n{_table(severity)}" for severity, title in SEVERITIES.items())
    return FINDINGS + "".join(sections)


def _table(severity: Severity) -> str:
    rules = sorted((key, rule) for key, rule in RULES.items() if rule.severity is severity)
    rows = (f"| `{key}` | {rule.message['en']} | {rule.fix['en']} | {rule.section} |\n" for key, rule in rules)
    return "| rule | what it says | what to do | where it stands |\n|---|---|---|---|\n" + "".join(rows)


PAGES = {"commands": reference, "findings": findings}
"""The pages that are made from the code."""


if __name__ == "__main__":
    click.echo(PAGES[sys.argv[1] if len(sys.argv) > 1 else "commands"](), nl=False)
