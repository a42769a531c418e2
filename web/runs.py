"""What became of a run and of its records, in words."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from catalogue.store.rows import RunRow
from dcat.messages import RULES
from dcat.model import Text

from .words import gettext as _
from .words import pgettext


class Problem(NamedTuple):
    """One cause of remarks."""

    message: Text
    fix: Text | None
    field: str
    records: int
    example: str


def problems(groups: Iterable[tuple[str, str, int, str]], lang: str) -> list[Problem]:
    """Remarks grouped by rule and field, in words."""
    return [problem(*group, lang) for group in groups]


def problem(rule: str, field: str, count: int, example: str, lang: str) -> Problem:
    """One group of remarks; a rule that is no longer known keeps its code."""
    known = RULES.get(rule)
    if known is None:
        return Problem(Text(rule), None, field, count, example)
    message, fix = (sentence(texts, lang, field, example) for texts in (known.message, known.fix))
    return Problem(message, fix, field, count, example)


def sentence(texts: Mapping[str, str], lang: str, field: str, value: str) -> Text:
    """A sentence of a rule with field and value filled in, in the reader's language or in English."""
    chosen = lang if lang in texts else "en"
    return Text(texts[chosen].replace("{field}", field).replace("{value}", value), chosen)


def state(run: RunRow) -> str:
    """How a run ended, or how far it is."""
    names = {
        "queued": _("Waiting"),
        "running": _("Running"),
        "done": _("Done"),
        "done-with-findings": _("Done, with remarks"),
        "held": _("Done; removals wait for a person"),
        "failed": _("Failed"),
        "aborted": _("Stopped"),
    }
    return names.get(run.state, run.state)


def outcome(code: str) -> str:
    """What became of one record."""
    names = {
        "NEW": pgettext("record", "New"),
        "CHANGED": pgettext("record", "Changed"),
        "SAME": pgettext("record", "As before"),
        "SKIPPED": pgettext("record", "Skipped"),
        "REFUSED": pgettext("record", "Refused"),
        "FAILED": pgettext("record", "Failed"),
        "REMOVED": pgettext("record", "Removed"),
        "RESTORED": pgettext("record", "Restored"),
        "HELD": pgettext("record", "Removal held"),
    }
    return names.get(code, code)


def reason(code: str) -> str:
    """Why an entry is gone."""
    names = {
        "MISSING_AT_SOURCE": _("The publisher's catalogue no longer lists it."),
        "SOURCE_REMOVED": _("The catalogue that it came from is no longer read."),
        "DELETED_BY_PRODUCER": _("The publisher withdrew it."),
    }
    return names.get(code, code)
