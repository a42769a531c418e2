"""Where the data comes from: the catalogues that are read, and what became of their records."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from catalogue.errors import NotFound
from catalogue.store.outcome import Outcome
from catalogue.store.outcomes import Cause
from catalogue.store.rows import SourceRow
from dcat.messages import field_name

from ..current import catalogue
from ..http import params
from ..http.caching import cached
from ..wording import run_words
from ..wording.words import language
from . import frame

RUNS = 15
CAUSES = 20
RECORDS = 25
DIFFERENCES = 20
"""Rows of a page: more of them would make it heavy."""


def state() -> object:
    """What these pages show beside the catalogue: the sources, how far their runs are, and how the last ones ended."""
    return catalogue().sources.all()


@cached(also=state, kept=True)
def index() -> ResponseReturnValue:
    """All sources with their last run."""
    return render_template("sources.html", sources=catalogue().sources.all())


@cached(also=state)
def show(name: str) -> ResponseReturnValue:
    """One source with its history."""
    return render_template(
        "source.html", source=catalogue().sources.named(name), runs=catalogue().runs.of_source(name, RUNS)
    )


@cached(also=state)
def run(name: str, number: int) -> ResponseReturnValue:
    """One run: remarks by cause, then its records, all or those that ended alike."""
    return render_template("run.html", **report(catalogue().sources.named(name), number, "pages"))


def report(source: SourceRow, number: int, part: str) -> dict[str, Any]:
    """What the page of a run shows; `part`: the part of the site whose pages it leads to."""
    found = catalogue().runs.numbered(number)
    if found.source != source.name:
        raise NotFound(f"{source.name!r} has no run {number}.")
    page, chosen = params.page_number(), params.choice("outcome", ("", *Outcome))
    remarked = Cause(params.word("rule"), params.word("field"))
    frame.keep(records_at(chosen, page, remarked), indexed=not (chosen or remarked.rule) and part == "pages")
    causes = run_words.causes(catalogue().runs.finding_groups(number), language())
    counts: dict[str, int] = {outcome: getattr(found, outcome.lower()) for outcome in Outcome}
    rows = catalogue().runs.outcomes(
        number,
        outcome=chosen,
        cause=remarked if remarked.rule else None,
        offset=(page - 1) * RECORDS,
        limit=RECORDS + 1,
    )
    count = counts.get(chosen, found.seen + found.removed)
    last = page + (len(rows) > RECORDS) if remarked.rule else max(1, -(-count // RECORDS))
    held = catalogue().runs.held(source.name)
    kept, differences = catalogue().runs.differences(number, limit=DIFFERENCES)
    return {
        "source": source,
        "run": found,
        "is_waiting": held is not None and held.id == number,
        "report_at": url_for(f"{part}.run", name=source.name, number=number),
        "remarks": [run_words.cause(one.rule, one.field, 1, one.value, language()) for one in found.findings[:CAUSES]],
        "more_remarks": len(found.findings[CAUSES:]),
        "causes": causes[:CAUSES],
        "more_causes": len(causes[CAUSES:]),
        "differences": [(one, field_name(one.field, language())) for one in differences],
        "more_differences": kept - len(differences),
        "outcomes": rows[:RECORDS],
        "choices": [(outcome, count, records_at(outcome)) for outcome, count in counts.items() if count],
        "chosen": chosen,
        "page": page,
        "remarked": remarked,
        "last": last,
        "records_at": records_at,
    }


def records_at(outcome: str, page: int = 1, remarked: tuple[str, str] = ("", "")) -> params.Pairs:
    """The parameters for a page of the records that ended alike, or of which something was remarked."""
    rule, field = remarked
    said = (("outcome", outcome), ("rule", rule), ("field", field if rule else ""))
    return tuple(pair for pair in (*said, ("page", str(page) if page > 1 else "")) if pair[1])
