"""What an engine says of documents that it will never take."""

from collections.abc import Mapping


class Refused(Exception):
    """Everything was written but these documents, and offering them again will not help."""

    def __init__(self, taken: int, reasons: Mapping[str, str]) -> None:
        super().__init__(f"{len(reasons)} documents cannot be indexed; the first: {next(iter(reasons.values()), '')}")
        self.taken = taken
        """How many documents were written."""
        self.reasons = dict(reasons)
        """Id → why not."""


def unless_refused(taken: int, reasons: Mapping[str, str]) -> int:
    """The number of documents written. Raises `Refused` when there were others."""
    if reasons:
        raise Refused(taken, reasons)
    return taken
