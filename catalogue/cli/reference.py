"""`python -m catalogue.cli.reference` prints docs/reference/commands.md, or with `findings` docs/reference/findings.md,
with `sources/KIND` the page of a kind of source; with `--all docs/reference` it writes them all.

Tests compare the pages with what is printed."""

import inspect
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from dcat.findings import Severity
from dcat.messages import RULES
from harvesters import HARVESTERS
from harvesters.base import Harvester, Mapped

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
    rows = (
        f"| `{key}` | {rule.message['en'].replace('{Field}', '{field}')} | {rule.fix['en']} | {rule.section} |\n"
        for key, rule in rules
    )
    return "| rule | what it says | what to do | where it stands |\n|---|---|---|---|\n" + "".join(rows)


SOURCE = """\
# {title}

Made by `python -m catalogue.cli.reference sources/{kind}` from the kind itself; tests keep it true.

`datastore source add ADDRESS --kind {kind}`: {title}.

{reading}## Options

| option | type | default | what it does |
|---|---|---|---|
{options}{mapped}{left_out}"""

MAPPED = """
## What is mapped{format}

| field of the source | becomes | |
|---|---|---|
{rows}"""

LEFT_OUT = """
## What is left out

Fields that stand in neither table are counted and told in the report of each run.

| field of the source | why |
|---|---|
{rows}"""


def source_page(kind: str) -> str:
    """What a kind of source reads, in Markdown."""
    harvester = HARVESTERS[kind]
    options = (f"| `{o.name}` | {o.type.__name__} | `{o.default!r}` | {o.help} |\n" for o in harvester.all_options)
    left_out = "".join(f"| `{name}` | {why} |\n" for name, why in harvester.left_out.items())
    return SOURCE.format(
        kind=kind,
        title=harvester.title,
        reading=f"## How it is read\n\n{harvester.reading}\n" if harvester.reading else "",
        options="".join(options),
        mapped=_mapped(harvester),
        left_out=LEFT_OUT.format(rows=left_out) if left_out else "",
    )


def _mapped(harvester: Harvester) -> str:
    """A table for all records, or one for each format."""
    tables = {f": {format}": table for format, table in harvester.formats.items()}
    tables |= {"": harvester.mapping} if harvester.mapping else {}
    return "".join(MAPPED.format(format=format, rows="".join(map(_row, table))) for format, table in tables.items())


def _row(one: Mapped) -> str:
    return f"| `{one.field}` | {_code(one.becomes)} | {one.note} |\n"


def _code(properties: str) -> str:
    return ", ".join(f"`{one}`" for one in properties.split(", ") if one)


PAGES: dict[str, Callable[[], str]] = {
    "commands": reference,
    "findings": findings,
    **{f"sources/{kind}": partial(source_page, kind) for kind in HARVESTERS if not HARVESTERS.origin(kind)},
}
"""The pages that are made from the code."""


def write_all(folder: Path) -> None:
    """Writes every page below a folder, such as `docs/reference`."""
    for name, page in PAGES.items():
        (folder / f"{name}.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "commands"
    if asked == "--all":
        write_all(Path(sys.argv[2]))
    else:
        click.echo(PAGES[asked](), nl=False)
