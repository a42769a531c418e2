"""Articles and apps that were made with data, named by publishers and operators.

named by a publisher ──▶ waiting ──an operator agrees──▶ shown, and its link is asked like those of the entry
named by an operator ────────────────────────────────────┘
"""

from collections.abc import Callable
from typing import NamedTuple

from dcat.our_languages import OUR_LANGUAGES
from harvesters.errors import HarvestError
from harvesters.http.addresses import check_url

from .. import audit, clock
from ..errors import Conflict, Invalid, NotFound, found
from ..store import outbox, reuses, revisions
from ..store.database import Database, Transaction
from ..store.reuses import KINDS, SHOWN, WAITING, ReuseRow
from ..store.rows import EntryRow

LONGEST = 200
"""Characters of a title."""
OF_ENTRY, OF_PUBLISHER = 100, 200
"""Of an entry, and waiting of one publisher, at most."""


class NewReuse(NamedTuple):
    """Something that was made with data."""

    kind: str
    title: str
    url: str
    language: str


class Reuses:
    """What was made with data."""

    def __init__(self, database: Database, gather: Callable[[Transaction, str], None]) -> None:
        """`gather` looks anew at the addresses of an entry (id), in the transaction that changes them."""
        self._database, self._gather = database, gather

    def add(self, entry: EntryRow, new: NewReuse, publisher: str = "") -> ReuseRow:
        """Names one: for a publisher (slug), whose entry it must be, and then an operator looks at it; for an operator
        without. Raises `Invalid`, `NotFound`, `Conflict`."""
        self._check(new)
        title = " ".join(new.title.split())
        with self._database.write() as tx:
            revisions.lock(tx)  # of two who name the same at once, one is told
            if publisher and publisher not in reuses.owners(tx, entry.id):
                raise NotFound(f"You have no entry named {entry.name!r}.")
            if reuses.is_known(tx, entry.id, new.url):
                raise Conflict("This address is named for these data already.")
            waiting, _ = reuses.listed(tx, state=WAITING, publisher=publisher) if publisher else (0, [])
            if waiting >= OF_PUBLISHER or reuses.listed(tx, entry_id=entry.id, limit=1)[0] >= OF_ENTRY:
                raise Conflict("Too many are named already.")
            values = {"kind": new.kind, "title": title, "language": new.language, "url": new.url}
            state = WAITING if publisher else SHOWN
            id = reuses.add(tx, entry_id=entry.id, at=clock.now(), state=state, publisher=publisher, **values)
            outbox.note_mended(tx)
            audit.record(tx, "reuse.add", str(id), after={"entry": entry.name, "url": new.url, "state": state})
            self._gather(tx, entry.id)
        return self.one(id)

    def approve(self, id: int) -> ReuseRow:
        """Lets everybody see it. Raises `NotFound`."""
        with self._database.write() as tx:
            row = found(reuses.by_id(tx, id), f"reuse with the number {id}")
            reuses.change(tx, id, state=SHOWN)
            outbox.note_mended(tx)
            audit.record(tx, "reuse.approve", str(id), before={"state": row.state}, after={"state": SHOWN})
            self._gather(tx, row.entry_id)
        return row._replace(state=SHOWN)

    def remove(self, id: int) -> ReuseRow:
        """It is shown no more, or never. Raises `NotFound`."""
        with self._database.write() as tx:
            row = found(reuses.by_id(tx, id), f"reuse with the number {id}")
            reuses.remove(tx, id)
            outbox.note_mended(tx)
            audit.record(tx, "reuse.remove", str(id), before={"entry": row.name, "url": row.url})
            self._gather(tx, row.entry_id)
        return row

    def one(self, id: int) -> ReuseRow:
        """One of them; raises `NotFound`."""
        with self._database.read() as tx:
            return found(reuses.by_id(tx, id), f"reuse with the number {id}")

    def listed(
        self, *, state: str = SHOWN, publisher: str = "", entry_id: str = "", offset: int = 0, limit: int = 100
    ) -> tuple[int, list[ReuseRow]]:
        """How many there are, and some of them, the newest first."""
        with self._database.read() as tx:
            return reuses.listed(tx, state=state, publisher=publisher, entry_id=entry_id, offset=offset, limit=limit)

    def _check(self, new: NewReuse) -> None:
        if new.kind not in KINDS:
            raise Invalid(f"The kind must be one of {', '.join(KINDS)}.", "kind")
        if not 3 <= len(" ".join(new.title.split())) <= LONGEST:
            raise Invalid(f"The title must have 3 to {LONGEST} characters.", "title")
        if new.language not in OUR_LANGUAGES:
            raise Invalid(f"The language must be one of {', '.join(OUR_LANGUAGES)}.", "language")
        try:
            check_url(new.url)
        except HarvestError:
            raise Invalid("The address must be one that a browser opens, with http:// or https://.", "url") from None
