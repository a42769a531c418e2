"""Catalogue: the nouns that web and command line talk to."""

from collections.abc import Mapping

from harvesters import HARVESTERS
from harvesters.base import Harvester

from .harvesting.runs import Runs
from .indexing.followed_index import FollowedIndex
from .leases import Leases
from .publishing.assessments import Assessments
from .publishing.copies import Copies
from .publishing.entries import Entries
from .publishing.feed import Feed
from .publishing.pieces import Pieces
from .publishing.publishers import Publishers
from .publishing.unanswered_words import UnansweredWords
from .settings import Settings
from .sources.producer_keys import ProducerKeys
from .sources.records import Records
from .sources.sources import Sources
from .store.database import Database
from .tidying import Tidying


class Catalogue:
    """The catalogue as its users see it. Opening it connects to the database and the index; both are made by `init`."""

    def __init__(self, settings: Settings, harvesters: Mapping[str, Harvester] = HARVESTERS) -> None:
        self.settings, self.harvesters = settings, harvesters
        self._database = database = Database(settings.database)
        self.entries = Entries(database)
        self.publishers = Publishers(database)
        self.pieces = Pieces(database)
        self.copies = Copies(database)
        self.assessments = Assessments(database)
        self.feed = Feed(
            settings, pieces=self.pieces, entries=self.entries, copies=self.copies, assessments=self.assessments
        )
        self.index = FollowedIndex(database, settings)
        self.sources = Sources(database, settings, harvesters)
        self.records = Records(database, settings, harvesters)
        self.runs = Runs(database, settings, harvesters, self.index)
        self.keys = ProducerKeys(database, settings)
        self.leases = Leases(database)
        self.tidying = Tidying(database)
        self.unanswered = UnansweredWords(database, lambda: self.keys.secret)

    def init(self) -> None:
        """Creates or upgrades database and index."""
        self._database.upgrade()
        self.index.ensure()

    def schema(self) -> tuple[str | None, str | None]:
        """The version of the database's tables, and the one this software needs."""
        return self._database.schema()

    def close(self) -> None:
        """Gives back connections and files."""
        self.unanswered.flush()
        self.index.close()
        self._database.close()
