"""What becomes of the fields of a source: a table that a kind keeps beside its code, for people to read.

The page of a kind in docs/reference/sources/ is made of it, and the tests hold it against the recorded answers: a field
that they show stands in the table of its kind, with what it becomes or why it is left out.
"""

from typing import NamedTuple


class Mapped(NamedTuple):
    """A field that is read."""

    field: str
    """Its name in the source's record; one within an object is `object.field`."""
    becomes: str
    """The property that it gives, such as `dct:title`; several are separated by a comma and a blank. Empty when it says
    what the record is."""
    note: str = ""
    """What is not said by the property, as half a sentence."""


def fields_left_out(reason: str, *names: str, within: str = "") -> dict[str, str]:
    """Fields that are known and not used, with the reason that they share. `within`: the field that holds them."""
    return {f"{within}.{name}" if within else name: reason for name in names}
