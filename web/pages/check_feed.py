"""Checking a feed before it is registered: a form, and what was found, in plain words. Nothing is kept.

The form changes nothing, and there are no cookies, so a request that another site makes somebody send does no harm.
"""

from collections.abc import Iterable
from http import HTTPStatus
from mimetypes import guess_type
from typing import NamedTuple

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge, TooManyRequests

from catalogue.checking import feed_check
from catalogue.checking.feed_check import Report
from catalogue.checking.finding_report import worst_first
from catalogue.errors import Invalid, Unreadable
from dcat import quality
from dcat.findings import Finding, Severity
from dcat.messages import field_name, names_field
from dcat.near_names import hint

from ..current import catalogue
from ..http import trial
from ..http.caching import cached
from ..json.quality_shapes import advice
from ..wording import labels, run_words
from ..wording.run_words import Cause
from ..wording.words import gettext as _
from ..wording.words import language
from . import frame

PASTED_BYTES = 2 * trial.MEGABYTE
"""Bytes of the longest text that can be pasted; what is longer can be sent as a file."""
FIELDS = ("url", "file", "text")
CAUSES, WHERE, HINTS, REFUSED, UNREAD = 12, 2, 5, 8, 8
"""Most of each that the page shows: causes of one severity, records named with each, and so on."""


class Given(NamedTuple):
    """What somebody filled in."""

    url: str = ""
    kind: str = feed_check.KIND
    text: str = ""
    file: bytes = b""
    file_name: str = ""

    @property
    def filled(self) -> list[str]:
        """The fields that hold something, of which there should be one."""
        values = {"url": self.url, "file": self.file_name, "text": self.text}
        return [name for name in FIELDS if values[name]]


class Problem(NamedTuple):
    """Why there is no report."""

    field: str
    sentence: str
    detail: str = ""
    """What happened, in English."""


class Place(NamedTuple):
    """A cause with some of the records where it was seen."""

    cause: Cause
    where: tuple[str, ...]


@cached()
def show() -> ResponseReturnValue:
    """The empty form."""
    return page_of_form(Given(), None)


def answer() -> Response:
    """What was found; or the form again, with what was filled in and why there is no report."""
    given = Given()
    try:
        given = read()
        if len(given.filled) != 1:
            return form(given, Problem(*asked_otherwise(given)), HTTPStatus.UNPROCESSABLE_ENTITY)
        return result(made(given))
    except TooManyRequests as error:
        response = form(given, Problem("", _("Other catalogues are being checked. Try again in a minute.")), error.code)
        response.headers["Retry-After"] = str(trial.RETRY_SECONDS)
        return response
    except RequestEntityTooLarge as error:
        most = {"file": trial.LIMITS.bytes // trial.MEGABYTE, "text": PASTED_BYTES // trial.MEGABYTE}
        sentence = _("This is too large: a file may have %(file)s MB, a text %(text)s MB.", **most)
        return form(given, Problem("file", sentence), error.code)
    except (Unreadable, Invalid) as error:
        field = given.filled[0]
        return form(given, Problem(field, _("We cannot read this."), str(error)), HTTPStatus.UNPROCESSABLE_ENTITY)


def read() -> Given:
    """The fields of the form. Raises `RequestEntityTooLarge`."""
    request.max_content_length = trial.LIMITS.bytes
    request.max_form_memory_size = PASTED_BYTES
    file = request.files.get("file")
    return Given(
        url=request.form.get("url", "").strip(),
        kind=request.form.get("kind", feed_check.KIND),
        text=request.form.get("text", "").strip(),
        file=file.read() if file else b"",
        file_name=file.filename or "" if file else "",
    )


def asked_otherwise(given: Given) -> tuple[str, str]:
    """The field to go to, and what to do, when not exactly one is filled in."""
    if given.filled:
        return given.filled[1], _("Fill in one of the three, not several.")
    return "url", _("Give an address, a file or a text.")


def made(given: Given) -> Report:
    """The report on what was given. Raises `Unreadable`, `Invalid`, `TooManyRequests`."""
    if given.url:
        return trial.of_address(given.url, given.kind)
    if given.file_name:
        return trial.of_document(given.file, guess_type(given.file_name)[0] or "")
    return trial.of_document(given.text.encode(), "")


def form(given: Given, problem: Problem, status: int) -> Response:
    """The form with what stands in the way."""
    frame.keep((), indexed=False)
    return make_response(page_of_form(given, problem), status, FRESH)


def page_of_form(given: Given, problem: Problem | None) -> str:
    """The page with the form."""
    megabytes = trial.LIMITS.bytes // trial.MEGABYTE
    return render_template("check.html", given=given, kinds=kinds(), problem=problem, megabytes=megabytes)


def result(report: Report) -> Response:
    """The page about a report."""
    frame.keep((), indexed=False)
    found = places(one for one in report.findings if one.rule != "not-read")  # told below, property by property
    page = render_template(
        "checked.html",
        report=report,
        maximum=quality.MAXIMUM,
        hints=list(advice(report.score))[:HINTS] if report.score else [],
        groups=[(severity, found[severity]) for severity in Severity if severity in found],
        shown=CAUSES,
        refused=report.refused[:REFUSED],
        more_refused=len(report.refused[REFUSED:]),
        unread=[(name, times, hint(name)) for name, times in report.unread.items()][:UNREAD],
        back=url_for("pages.check"),
    )
    return make_response(page, HTTPStatus.OK, FRESH)


FRESH = {"Cache-Control": "no-store"}


def kinds() -> list[tuple[str, str]]:
    """What can be at an address: code and words."""
    return sorted(((kind, labels.kind(kind)) for kind in catalogue().harvesters), key=_dcat_first)


def _dcat_first(kind: tuple[str, str]) -> tuple[bool, str]:
    return kind[0] != feed_check.KIND, kind[1]


def places(findings: Iterable[Finding]) -> dict[Severity, list[Place]]:
    """Findings by cause, the most frequent first, with the first records of each; by severity.

    A rule whose sentence names the field has one cause for each field, any other rule one in all.
    """
    lang = language()
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in worst_first(findings):
        field = run_words.without_number(one.field) if names_field(one.rule) else ""
        groups.setdefault((one.rule, field_name(field, lang)), []).append(one)
    found: dict[Severity, list[Place]] = {}
    for (rule, _name), alike in sorted(groups.items(), key=lambda group: -len(group[1])):
        first = next((one for one in alike if one.value), alike[0])
        cause = run_words.cause(rule, run_words.without_number(first.field), len(alike), first.value, lang)
        records = tuple(dict.fromkeys(one.subject for one in alike if one.subject))[:WHERE]
        found.setdefault(cause.severity, []).append(Place(cause, records))
    return found
