"""What a step of normalisation is told, and how it says what it did."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from ..findings import VALUE_LIMIT, Finding, finding
from ..messages import RULES
from ..model import Agent, Entry
from .agreed import Agreed


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the source besides the record itself. The same for all records of a run."""

    today: str = ""
    """The day of the run, `2026-11-22`, since nothing here reads a clock; empty: no date is told to lie ahead."""
    language: str = ""
    """Language of texts without a tag, two letters; empty when the source does not say."""
    site: str = ""
    """Public base of our own addresses."""
    publisher: Agent | None = None
    """Who publishes what names no publisher."""
    license: str = ""
    """Licence of files that name none: a code or IRI of the licence table."""
    place: str = ""
    """Area of what names none: a code or name of the place table."""
    defaults: Agreed | None = None
    """What is agreed with the source for records that do not say it."""
    overrides: Agreed | None = None
    """What is agreed with the source whatever its records say."""
    allow_local: bool = False
    """True when addresses such as 127.0.0.1 may be published: the demo, tests, an intranet."""
    show_persons: bool = False
    """True when names of persons in contact points may be published."""


class Note(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What became of one value."""

    field: str
    """Where: `dct:issued`, `dcat:distribution[2]/dct:format`."""
    raw: str
    """The value as the source gave it, cut at `VALUE_LIMIT`; empty when it gave none."""
    rule: str
    """Key of `RULES`: what was done and why."""
    published: str = ""
    """The value that is published instead; empty when it was dropped."""


class Normalised(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that can be published, and the story of its values."""

    entry: Entry
    notes: tuple[Note, ...] = ()
    findings: tuple[Finding, ...] = ()


class Repair(NamedTuple):
    """A value after a step, None when it cannot be published, and the rule that says why; empty = as it was."""

    value: str | None
    rule: str = ""


class Log:
    """Carried through the steps of one entry: what is known beforehand, where we are, and what was done so far."""

    def __init__(self, context: Context, subject: str, identifier: str = "", language: str = "") -> None:
        self.context = context
        self.subject = subject
        self.identifier = identifier
        """The source's own identifier of the record."""
        self.language = language
        """Language of texts without a tag; empty when nobody knows."""
        self.place: list[str] = []
        """Path to the node at hand."""
        self.notes: list[Note] = []

    def note(self, field: str, raw: object, rule: str, published: object = "") -> None:
        """Says what became of a value of the node at hand."""
        path = "/".join((*self.place, field)) if self.place else field
        self.notes.append(Note(path, _short(raw), rule, _short(published)))

    def repeat(self, notes: Iterable[Note]) -> None:
        """Says of the node at hand what was said of another one that says the same."""
        place = "/".join(self.place)
        self.notes += (
            [msgspec.structs.replace(note, field=f"{place}/{note.field}") for note in notes] if place else notes
        )

    def forget(self, field: str) -> None:
        """Takes back what was said of a field: a note must not tell the name that it hides."""
        self.notes = [note for note in self.notes if not note.field.startswith(field)]

    def findings(self) -> tuple[Finding, ...]:
        """The notes that the producer should hear of: all but those that `RULES` keeps for the trace."""
        told = (note for note in self.notes if not RULES[note.rule].trace_only)
        return tuple(finding(note.rule, self.subject, note.field, note.raw or note.published) for note in told)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= VALUE_LIMIT else text[: VALUE_LIMIT - 1] + "…"
