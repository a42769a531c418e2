"""New records of a source that lists next to nothing any more of what we know: held back until somebody decides.

An address that was taken over, or that redirects to another catalogue, would else publish a stranger's records in the
name of the source at once (robustness 3.1). They flow as soon as a part of what we know has come, and when they turn
out to be the known records under other identifiers.
"""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

import msgspec

from dcat.model import Texts
from harvesters.base import Fetched, RawRecord

from ..ingest.draft import Intake, read
from ..ingest.identity import clean_identifier
from ..store import missing, records
from ..store.database import Transaction

KNOWN_SHARE = 0.10
"""Part of the live records that must be listed before new ones are believed to be of the same catalogue."""
KIN_SHARE = 0.5
"""Part of the new records that must have a title that we know, to be the known ones under other identifiers."""
SAMPLE = 200
"""New records whose titles are compared."""
IN_MEMORY = 8 * 1024 * 1024
"""Bytes of waiting records that are not written to a file."""


class Doorkeeper:
    """Lets the records of one run through, new ones only when they are no strangers."""

    def __init__(self, tx: Transaction, intake: Intake) -> None:
        self._intake = intake
        live = missing.listed(tx, intake.source.id)
        self._live = {identifier for identifier, _ in live}
        self._known = records.identifiers(tx, intake.source.id) if live else frozenset[str]()
        self._titles = {title.casefold() for _, texts in live for title in _values(texts)}
        self.held_back: list[str] = []
        """Identifiers of the new records that were not let through."""

    def admit(self, fetched: Iterator[Fetched]) -> Iterator[Fetched]:
        """The records that may be taken in: known ones at once, new ones as soon as they are no strangers."""
        needed = KNOWN_SHARE * len(self._live)
        met = 0
        with _Waiting() as waiting:
            for each in fetched:
                identifier = clean_identifier(each.identifier)
                met += identifier in self._live
                if met > needed or not self._live:
                    yield from waiting.leave()
                    yield each
                elif identifier in self._known or not isinstance(each, RawRecord):
                    yield each
                else:
                    waiting.enter(each)
            if waiting and self._are_kin(waiting.first):
                yield from waiting.leave()
            self.held_back = [clean_identifier(each.identifier) for each in waiting.leave()]

    def _are_kin(self, strangers: list[RawRecord]) -> bool:
        drafts = [draft.entry for raw in strangers for draft in read(raw, self._intake)[:1] if draft.entry]
        same = sum(any(title.casefold() in self._titles for title in _values(entry.title)) for entry in drafts)
        return bool(drafts) and same >= KIN_SHARE * len(drafts)


class _Waiting:
    """Records that wait, in the order in which they came; many of them wait in a file."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed by `__exit__`)
        self._sizes: list[int] = []
        self.first: list[RawRecord] = []

    def __enter__(self) -> "_Waiting":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._sizes)

    def enter(self, raw: RawRecord) -> None:
        """One more."""
        self._sizes.append(self._file.write(msgspec.msgpack.encode(raw)))
        if len(self.first) < SAMPLE:
            self.first.append(raw)

    def leave(self) -> Iterator[RawRecord]:
        """All of them; nobody waits any more."""
        sizes, self._sizes = self._sizes, []
        self._file.seek(0)
        for size in sizes:
            yield msgspec.msgpack.decode(self._file.read(size), type=RawRecord)
        self._file.seek(0)


def _values(texts: Texts) -> list[str]:
    return [text.value for text in texts]
