"""A run in words for a terminal: what came of it, why, and what there is to decide."""

from collections.abc import Iterator

import click

from dcat.findings import Finding
from dcat.messages import RULES, explain

from ..checking.finding_report import causes
from ..service import Catalogue
from ..store.rows import RunRow
from .terminal import not_read, tidy

COUNTED = ("new", "changed", "same", "skipped", "refused", "failed", "removed", "held", "restored")
REMARKS = 20
"""Remarks about a source as a whole that are told, the worst first."""
NOT_READ = "not-read"
"""Told in a line of its own, with what may be meant."""


def tell(catalogue: Catalogue, run: RunRow) -> None:
    """Prints a run that has ended."""
    click.echo(sentence(run))
    for line in (*remarks(run), *held(catalogue, run)):
        click.echo(f"  {line}")


def sentence(row: RunRow) -> str:
    """How it ended, and its sums."""
    counted = [f"{count} {word}" for word in COUNTED if (count := getattr(row, word))]
    text = f"{row.source}: {row.state}, {row.seen} seen" + "".join(f", {part}" for part in counted)
    return f"{text}. {tidy(row.error)}" if row.error else f"{text}."


def remarks(row: RunRow) -> Iterator[str]:
    """What is to say of the source as a whole: why not everything was read, and remarks by cause."""
    for reason in row.incomplete:
        yield f"not everything was read: {tidy(reason)}"
    if row.held and row.state != "held":
        yield (
            f"{row.held} held: the source did not list them this time. What the next run misses too is removed; what "
            "somebody decided to keep stays."
        )
    if row.unread:
        yield not_read(row).strip()
    alike = causes(one for one in row.findings if one.rule in RULES and one.rule != NOT_READ)
    yield from (remark(findings) for findings in alike[:REMARKS])
    if (more := len(alike) - REMARKS) > 0:
        yield f"and {more} more"


def remark(findings: list[Finding]) -> str:
    """Remarks that have one cause, in a line."""
    said = explain(findings[0], "en")
    times = f" ({len(findings)} ×)" if len(findings) > 1 else ""
    return f"{RULES[findings[0].rule].severity}{times}: {tidy(said.message)} {tidy(said.fix)}"


def held(catalogue: Catalogue, run: RunRow) -> Iterator[str]:
    """Why removals wait for somebody, and how he decides."""
    if run.state == "held":
        yield f"{run.held} removals are held: {tidy(catalogue.runs.why_held(run))}"
        if moves := len(catalogue.runs.proposed_moves(run.source)):
            shown = f"datastore source moved {run.source} shows which, and with --all their addresses lead there"
            yield f"{moves} of them seem to have another identifier now: {shown}"
        command = f"datastore source removals {run.source}"
        yield f"which: {command}. Remove them: {command} --approve {run.id}. Keep them: {command} --keep {run.id}"
