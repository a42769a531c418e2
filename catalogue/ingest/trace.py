"""What became of each value of a record: told by reading the raw record, which is kept, once more."""

from dcat.normalise import Note, normalise
from harvesters.base import RawRecord

from . import corrections
from .corrections import Corrections
from .draft import Intake, entries


def trace(raw: RawRecord, intake: Intake, identifier: str, corrected: Corrections) -> tuple[Note, ...]:
    """Every change of a value, in the order in which it was made: raw value, rule, published value.

    `identifier`: that of the record, or of a part of it; a part that it no longer has became nothing.
    """
    said = intake.harvester.normalise(raw, intake.source)
    entry = dict(entries(said, raw.identifier)).get(identifier)
    if entry is None:
        return ()
    clean = normalise(entry, intake.context, identifier)
    return (*clean.notes, *corrections.lay(clean.entry, corrected, intake.context).notes)
