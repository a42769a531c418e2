"""What became of each value of a record: told by reading the raw record, which is kept, once more."""

from dcat.normalise import Note, normalise
from harvesters.base import RawRecord

from .draft import Intake


def trace(raw: RawRecord, intake: Intake) -> tuple[Note, ...]:
    """Every change of a value, in the order in which it was made: raw value, rule, published value."""
    said = intake.harvester.normalise(raw, intake.source)
    return normalise(said.entry, intake.context, raw.identifier).notes
