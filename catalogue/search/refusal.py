"""What an engine says of documents that it will never take."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from .base import Document

log = logging.getLogger(__name__)
T = TypeVar("T")


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


def made(
    documents: Iterable[Document], make: Callable[[Document], T], refused: dict[str, str]
) -> Iterator[tuple[Document, T]]:
    """Documents with what an engine writes for them. One for which that cannot be made goes to `refused`, id → why."""
    for one in documents:
        try:
            written = make(one)
        except Exception as error:  # a fault of ours with one document must not keep the others from being found
            log.exception("Document %s cannot be indexed", one.id)
            refused[one.id] = f"It cannot be indexed: {error!r}"
        else:
            yield one, written
