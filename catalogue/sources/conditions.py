"""What must hold of something for it to be changed, asked where nobody else can change it meanwhile."""

from collections.abc import Callable

Condition = Callable[[str], object]
"""Is given the version that there is now (`EntryRow.version` of a record, empty when none is published;
`SourceRow.version` of a source), and raises when that must not be changed."""


def anyhow(_version: str) -> None:
    """Whatever there is, it may be changed."""
