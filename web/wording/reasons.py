"""Why a record was not taken, or a run failed, in the language of the reader.

What the harvester says in detail (a status, a line, a number) is English; the words here tell people what it means.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

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
    "ALL_MISSING": message(
        "The source suddenly lists nothing any more. Nothing is removed until somebody confirms it."
    ),
    "MANY_MISSING": message("Many records are missing at once. Nothing is removed until somebody confirms it."),
    "KEPT": message("The source no longer lists it; somebody decided to keep it."),
    "MISSING_ONCE": message("The source did not list it this time. If it is missing again, it is removed."),
}
"""Words of the codes of outcomes; why an entry was removed is told in `runs`."""

RUNS: Mapping[str, str] = {
    "ABORTED": message("The program that read the source stopped. What it had saved stays."),
    "ADDRESS_NOT_ALLOWED": message("The address leads into a network that may not be read."),
    "API_ERROR": message("The source answered with an error of its own."),
    "BROKEN_OFF": message("The answer of the source broke off before its end."),
    "CANCELLED": message("Somebody cancelled the reading. What had been saved stays."),
    "CANNOT_START": message("Reading cannot start."),
    "DEADLINE": message("The source took too long to answer."),
    "ENCODING": message("The answer of the source is in an encoding that we do not know."),
    "FAULT": message("Reading stopped by a fault of ours, which has been recorded."),
    "HTTP_STATUS": message("The source answered with an error."),
    "METHOD": message("The source asks for more than reading."),
    "NOTHING_TO_READ": message("Nothing is read here: the publisher sends the records."),
    "NOT_A_FEED": message("What the source answered is no catalogue."),
    "NOT_FOUND": message("The source has nothing by the name that was asked for."),
    "NOT_GZIP": message("The answer of the source cannot be unpacked."),
    "NOT_WELL_FORMED": message("The catalogue has an error in its form and cannot be read."),
    "REDIRECT": message("The source sends us to an address that we may not follow."),
    "RETRY_LATER": message("The source asks us to come back later."),
    "SOURCE_REMOVED": message("The source was removed."),
    "STOPPED": message("Reading was stopped. What had been saved stays."),
    "STORE_UNAVAILABLE": message("Our database did not answer."),
    "TLS": message("The source speaks no secure connection that we can use."),
    "TLS_EXPIRED": message("The certificate of the source has expired, or is not valid yet."),
    "TLS_ISSUER": message("The certificate of the source is of an issuer that nobody knows."),
    "TLS_NAME": message("The certificate of the source is for another name."),
    "TOO_LARGE": message("The answer of the source is larger than we read."),
    "TOO_MANY_REDIRECTS": message("The source sends us from one address to the next without end."),
    "UNKNOWN_ORGANISATION": message("The portal has no such organisation as the options of the source name."),
    "UNREACHABLE": message("The source cannot be reached."),
}
"""Words of the codes with which runs fail."""

STATUS = (
    ("401", message("The source lets us in only with a key or a password. Give it to the source's settings.")),
    ("403", message("The source does not let us in. Ask it to, or check the address.")),
    ("404", message("Nothing is at the address of the source. Check the address.")),
    ("410", message("The address of the source was given up. Ask for the new one.")),
    ("5", message("The source has a fault of its own. It may be down for a while; it is read again later.")),
)
"""What the statuses mean with which a source answers in place of data, by their first digits."""
_STATUS = re.compile(r" answered (\d{3})\b")

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
    """Why a run failed."""
    status = _STATUS.search(row.error) if row.error_code == "HTTP_STATUS" else None
    said = next((words for digits, words in STATUS if status and status[1].startswith(digits)), "")
    words = said or RUNS.get(row.error_code, "")
    return Why(_(words) if words else "", row.error)


def violations(row: OutcomeRow) -> list[Finding]:
    """The broken rules of a record."""
    return [one for one in row.findings if one.rule in RULES and RULES[one.rule].severity == Severity.VIOLATION]
