"""What can become of a record: the words that the store keeps, runs count, pages show and programs read."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of one record, in the order of a report."""

    NEW = "NEW"
    CHANGED = "CHANGED"
    SAME = "SAME"
    """As it was; also what NEW, CHANGED and RESTORED are for the run after."""
    SKIPPED = "SKIPPED"
    """The source itself says that it is not to be published."""
    REFUSED = "REFUSED"
    """It cannot be published as it is."""
    FAILED = "FAILED"
    """A fault of ours."""
    REMOVED = "REMOVED"
    RESTORED = "RESTORED"
    """Back after it was removed."""
    HELD = "HELD"
    """Its removal waits for a person."""


NEWS = frozenset({Outcome.NEW, Outcome.CHANGED, Outcome.RESTORED})
"""Something else is published than before."""
PUBLISHED = NEWS | {Outcome.SAME}
NOT_TAKEN = frozenset({Outcome.REFUSED, Outcome.FAILED})
PROBLEMS = NOT_TAKEN | {Outcome.SKIPPED}
"""Nothing of the record is published."""
