"""What every kind of work says of itself: what of it is due, and how one piece of it is taken and done."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple, Protocol

import structlog

from harvesters.errors import Stopped

from .. import clock
from ..leases import Held, beating
from ..service import Catalogue
from ..stopping import Stop
from ..store.database import Hold
from ..store.leases import is_ahead

log = structlog.get_logger(__name__)


class Due(NamedTuple):
    """What of a chore is due."""

    pieces: int
    """How many; no more than were to be counted (`Chore.most`)."""
    since: datetime
    """Since when the one that waits longest is."""


class Piece(Protocol):
    """A piece of work that was taken with a lease: nobody else has it."""

    name: str

    def do(self, stop: Stop) -> None:
        """Does it and gives it back, whatever happens; when it is told to stop it ends soon, or raises `Stopped`."""

    def give_back(self) -> None:
        """Lets others take it at once, although it is not done: the process ends."""


class Chore(ABC):
    """A kind of work."""

    name: ClassVar[str]
    leaves_room: ClassVar[bool] = False
    """True when pieces may take long, so that not all threads of a worker may be at it."""

    def __init__(self, catalogue: Catalogue, most: int | None = None) -> None:
        """`most`: so many pieces are counted, of those that may be many; all of them when it is not said."""
        self.catalogue, self.most = catalogue, most

    @abstractmethod
    def due(self, moment: datetime) -> Due | None:
        """What of it is due at that moment, whether somebody is at it or not; writes nothing."""

    @abstractmethod
    def take(self, moment: datetime) -> Piece | None:
        """Takes one piece with a lease; None when nothing is due that nobody is at."""


@contextmanager
def giving_back(held: Held, patience: timedelta) -> Iterator[None]:
    """Keeps a piece while the block goes on, and gives it back: for at once, also when it was told to stop; for after
    `patience` when it fails."""
    again: datetime | None = clock.now() + patience
    try:
        with beating(held.renew):
            yield
        again = None
    except Stopped:
        again = None
        raise
    finally:
        held.give_back(again)


class Upkeep(Chore):
    """A chore that is one piece: only one worker is at it at a time."""

    patience: ClassVar[timedelta] = timedelta(minutes=1)
    """How long nobody tries again what failed."""

    @abstractmethod
    def work(self, hold: Hold, stop: Stop) -> None:
        """Does all of it; every transaction that writes begins with `hold`."""

    def take(self, moment: datetime) -> Piece | None:
        """The whole chore, when it is due and wanted."""
        if self.due(moment) is None:
            return None
        is_later = is_ahead(self.catalogue.leases.again(self.name), clock.now())
        held = None if is_later else self.catalogue.leases.take(self.name)
        return Whole(self, held) if held else None


class Whole:
    """The one piece of an upkeep chore."""

    def __init__(self, chore: Upkeep, held: Held) -> None:
        self.name, self._chore, self.held = chore.name, chore, held

    def do(self, stop: Stop) -> None:
        """Does it; what fails is wanted again only after a while, what is left because the worker ends at once."""
        with giving_back(self.held, self._chore.patience):
            self._chore.work(self.held.hold, stop)

    def give_back(self) -> None:
        """Lets others take it."""
        self.held.give_back()
