"""`datastore export`, `check` and `show`: what the catalogue publishes, and what is wrong with what it was given."""

import logging
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import click
import msgspec

from dcat import quality
from dcat.normalise import Note
from dcat.quality import Score
from dcat.shapes import Group, violated

from ..checking import feed_check, foreign_shapes
from ..checking.feed_check import Report
from ..checking.finding_report import causes, check_report, described
from ..errors import Invalid, NotFound
from ..ingest.tombstones import REASONS
from ..publishing.export import FORMATS
from ..publishing.export import export as write
from ..store.rows import EntryRow, Tombstone
from .failures import Failure
from .terminal import STDIN, as_json, opened, print_cause, print_findings, print_json, start, tidy

HINTS = 3
"""Improvements that are named."""


@click.command(help=f"Write the whole catalogue to FILE. Its ending names the format: {', '.join(FORMATS)}.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Writes a file."""
    with opened() as catalogue:
        size = write(catalogue.feed, file)
    click.echo(f"Wrote {file}, {size:,} bytes.", err=True)


@click.command()
@click.argument("name")
@click.option("--trace", "traced", is_flag=True, help="Also show what became of each value: raw, rule, published.")
@as_json
def show(name: str, traced: bool, as_json: bool) -> None:
    """Show one entry and what was found in it.

    NAME is its name, as in its address, or its id.
    """
    with opened() as catalogue:
        row = catalogue.entries.find(name)
        if isinstance(row, Tombstone):
            raise NotFound(f"{row.name} was removed on {row.removed:%Y-%m-%d}. {REASONS.get(row.reason, row.reason)}")
        outcome = catalogue.records.outcome(row.source, row.identifier)
        notes = catalogue.records.trace(row.source, row.identifier) if traced else ()
    if as_json:
        told = {"entry": row, "findings": [described(finding) for finding in outcome.findings]}
        return print_json(told | ({"trace": notes} if traced else {}))
    print_entry(row)
    if outcome.findings:
        click.echo(f"\n{len(outcome.findings)} findings:")
    print_findings(outcome.findings)
    return print_trace(notes)


def print_trace(notes: Iterable[Note]) -> None:
    """What became of each value, field by field."""
    for field, changes in groupby(notes, key=lambda note: note.field):
        click.echo(f"\n{tidy(field)}")
        for note in changes:
            raw, published = (repr(tidy(value)) if value else "nothing" for value in (note.raw, note.published))
            click.echo(f"  {raw}\n    → {note.rule} → {published}")


def print_entry(row: EntryRow) -> None:
    """The entry's own facts, one a line."""
    for text in row.entry.title:
        click.echo(f"{tidy(text.value)} ({text.lang or 'no language'})")
    facts = {"kind": row.kind, "IRI": row.iri, "id": row.id, "source": row.source, "identifier": row.identifier}
    if row.score:
        facts["quality"] = f"{row.score.points} of {quality.MAXIMUM} points ({row.score.band})"
    for name, value in (facts | {"updated": row.updated, "checked": row.checked}).items():
        click.echo(f"  {name + ':':<12}{tidy(value)}")


@click.command()
@click.argument("target", metavar="FILE_OR_URL")
@click.option("--format", default="", metavar="F", help="ttl, rdf, jsonld, nt …, when it cannot be told from the file.")
@click.option("--kind", default=feed_check.KIND, show_default=True, metavar="KIND", help="What is at an address.")
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Also validate with SHACL shapes of others: a file, or a folder of files. May be given more than once.",
)
@click.option("--published", is_flag=True, help="Validate what would be published instead of what was sent.")
@as_json
def check(target: str, *, format: str, kind: str, shapes: tuple[Path, ...], published: bool, as_json: bool) -> None:
    """Check a feed against the rules, without publishing it.

    A feed on the network is read with all its pages. A file may be DCAT in any RDF format, or packages of CKAN as JSON;
    with - it is read from standard input. Exits with 1 when something must be mended, or violates the shapes.
    """
    if published and not shapes:
        raise Invalid("--published says what --shapes look at: give some.", "published")
    settings, kept = start(logging.ERROR), feed_check.Kept() if shapes else None
    if target == STDIN:
        body, media_type = sys.stdin.buffer.read(), feed_check.media_type_of(format)
        report = feed_check.check_document(body, media_type, settings, kept=kept)
    else:
        report = feed_check.check(target, settings, format, kind, kept)
    groups = foreign_shapes.found(kept, shapes, settings, published=published) if kept else ()
    if as_json:
        print_json(
            {**msgspec.to_builtins(check_report(report)), **({"shapes": shacl_report(groups)} if shapes else {})}
        )
    else:
        print_report(report)
        print_groups(groups, published=published) if shapes else None
    if worst := report.violations + violated(groups):
        raise Failure(f"{worst} {'things' if worst > 1 else 'thing'} must be mended.")


def shacl_report(groups: tuple[Group, ...]) -> dict[str, Any]:
    """What shapes found, as programs read it."""
    return {"violations": violated(groups), "results": [group._asdict() for group in groups]}


def print_groups(groups: tuple[Group, ...], *, published: bool) -> None:
    """What shapes found, for people."""
    click.echo(f"\nShapes, on {'what would be published' if published else 'the feed as it was sent'}:")
    for group in groups:
        where = " ".join(filter(None, (group.target, group.path)))
        click.echo(f"{group.severity.upper()}  {where}  {group.times} ×")
        click.echo(f"  {tidy(group.message)}")
        for name, values in (("in", group.nodes), ("value", group.values)):
            for value in values:
                click.echo(f"    {name}: {tidy(value)}")
    click.echo(f"{violated(groups)} violations of the shapes.")


def print_report(report: Report) -> None:
    """A report for people: cause by cause, the sums at the end."""
    for identifier, reason in report.refused:
        click.echo(f"{tidy(identifier)}\n  REFUSED  {tidy(reason)}")
    for identifier, reason in report.skipped:
        click.echo(f"{tidy(identifier)}\n  SKIPPED  {tidy(reason)}")
    for findings in causes(report.findings):
        print_cause(findings)
    for reason in report.incomplete:
        click.echo(f"Not everything was read: {tidy(reason)}")
    sent = report.as_sent
    click.echo(f"As sent, by the rules of DCAT-AP and HVD: {sent.violations} violations, {sent.warnings} warnings.")
    click.echo(f"{report.resources} resources, {report.violations} violations, {report.warnings} warnings.")
    if report.score:
        print_score(report.score)


def print_score(score: Score) -> None:
    """The predicted score, what of it nobody has measured, and what would bring most."""
    click.echo(f"Predicted quality score: {score.points} of {quality.MAXIMUM} ({score.band}).")
    if score.unmeasured:
        click.echo(f"  {score.unmeasured} points are not measured here: whether the addresses answer.")
    for measure in score.hints[:HINTS]:
        click.echo(f"  +{measure.to_gain:.0f} points: {quality.indicators()[measure.code].hint['en']}")
