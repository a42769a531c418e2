"""Why a record was not taken, or a run failed, in the language of the reader.

What the harvester says in detail (a status, a line, a number) is English; the words here tell people what it means.
"""

from collections.abc import Mapping
from typing import NamedTuple

from catalogue.errors import DatastoreError, Unreadable
from catalogue.sources import why_failed
from catalogue.store.outcome import Outcome
from catalogue.store.rows import OutcomeRow, RunRow
from dcat.findings import Finding, Severity
from dcat.messages import RULES, explain

from .run_words import reason as reason_of_removal
from .words import gettext as _
from .words import language, message

RECORDS: Mapping[str, str] = {
    "PRIVATE": message("It is private at its source."),
    "NOT_ACTIVE": message("Its source says that it is a draft or was deleted."),
    "NOT_DATA": message("It describes no data."),
    "FILTERED": message("Its source is read without it."),
    "HARVESTED": message("The source took it from another catalogue."),
    "WITHDRAWN": message("The publisher withdrew it here. It stays away until they put it back."),
    "UNREADABLE": message("It cannot be read."),
    "INVALID": message("It breaks a rule that must hold, so it cannot be published."),
    "FAULT": message("We could not handle it. That is our fault, and has been recorded."),
    "DEADLY": message("The program that reads records ended at this one. It is left out until it changes."),
    "ALL_MISSING": message(
        "The source suddenly lists nothing any more. Nothing is removed until somebody confirms it."
    ),
    "MANY_MISSING": message("Many records are missing at once. Nothing is removed until somebody confirms it."),
    "KEPT": message("The source no longer lists it; somebody decided to keep it."),
    "MISSING_ONCE": message("The source did not list it this time. If it is missing again, it is removed."),
}
"""Words of the codes of outcomes; why an entry was removed is told in `runs`."""

IN_DETAIL = {"UNREADABLE", "FILTERED", "NOT_ACTIVE", "NOT_DATA"}
"""Outcomes whose English sentence says more than the words."""
BROKEN = 3
"""Broken rules that are told of a record."""


class Why(NamedTuple):
    """A reason as a page shows it."""

    words: str
    """In the reader's language; empty when there are none."""
    detail: str
    """In English; empty when the words say it all."""


def of_record(row: OutcomeRow) -> Why:
    """Why a record was not taken, or is to go."""
    if row.outcome == Outcome.REMOVED:
        return Why(reason_of_removal(row.code), "")
    if row.code not in RECORDS:
        return Why("", row.reason)
    words = [_(RECORDS[row.code])]
    if row.code == "INVALID":
        words += [explain(one, language()).message for one in violations(row)[:BROKEN]]
    return Why(" ".join(words), row.reason if row.code in IN_DETAIL else "")


def of_run(row: RunRow) -> Why:
    """Why a run failed, and what to do."""
    return Why(why_failed.words(row.error_code, row.error, language()), row.error)


def of_refusal(error: DatastoreError) -> str:
    """What became of what a form asked for: what is at an address instead, else that nothing was done, in words that
    lead to the English sentence."""
    cause = error.__cause__
    said = why_failed.words(cause.code, str(cause), language()) if isinstance(cause, Unreadable) else ""
    return said or _("Nothing was changed. This is why, in English:")


def violations(row: OutcomeRow) -> list[Finding]:
    """The broken rules of a record."""
    return [one for one in row.findings if one.rule in RULES and RULES[one.rule].severity == Severity.VIOLATION]
