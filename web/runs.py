"""What became of a run and of its records, in words."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dcat.messages import RULES

from catalogue.store.rows import RunRow
from dcat.model import Text

from .words import gettext as _


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
        "queued": _("waiting"),
        "running": _("running"),
        "done": _("done"),
        "done-with-findings": _("done, with remarks"),
        "held": _("done; removals wait for a person"),
        "failed": _("failed"),
        "aborted": _("stopped"),
    }
    return names.get(run.state, run.state)


def outcome(code: str) -> str:
    """What became of one record."""
    names = {
        "NEW": _("new"),
        "CHANGED": _("changed"),
        "SAME": _("as before"),
        "SKIPPED": _("skipped"),
        "REFUSED": _("refused"),
        "FAILED": _("failed"),
        "REMOVED": _("removed"),
        "RESTORED": _("restored"),
        "HELD": _("removal held"),
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
