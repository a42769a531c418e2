"""What is said to a producer about a value: a finding names its rule, where it was seen and what to do.

A finding is small (rule, place, value); the sentence and the way to mend it come from `dcat.messages.RULES`, so that
they exist once, in every language of the portal.
"""

import re
from enum import StrEnum
from typing import NamedTuple

import msgspec

VALUE_LIMIT = 200
"""Characters of an offending value that are kept."""

_CELLS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(:[A-Z]{1,3}[1-9][0-9]{0,6})?")


class Severity(StrEnum):
    """How bad it is."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


class Finding(msgspec.Struct, frozen=True, order=True, gc=False):
    """One remark about one value of one resource."""

    rule: str
    """Key of `RULES`."""
    subject: str = ""
    """IRI or identifier of the resource, or the cells of a table where it is described (`F17`, `A17:R17`)."""
    field: str = ""
    """The property, such as `dct:issued`, or the source's own field name."""
    value: str = ""
    """The value as the source gave it, cut at `VALUE_LIMIT`."""

    @property
    def cells(self) -> str:
        """The cells of a table that it is about; empty when it is about something else."""
        return self.subject if _CELLS.fullmatch(self.subject) else ""


class Rule(NamedTuple):
    """What a kind of finding means."""

    severity: Severity
    section: str
    """Where the rule stands: a section of a specification, or a page of our documentation."""
    message: dict[str, str]
    """What is the matter, per language; `{field}` and `{value}` are filled in."""
    fix: dict[str, str]
    """What the producer can do, per language."""
    trace_only: bool = False
    """True when nothing was lost and nobody has to do anything: told in the trace of a dataset, not as a finding."""


def finding(rule: str, subject: str = "", field: str = "", value: object = "") -> Finding:
    """A finding with its value cut to a length that fits a report."""
    text = str(value)
    return Finding(rule, subject, field, text if len(text) <= VALUE_LIMIT else text[: VALUE_LIMIT - 1] + "…")
