"""Catalogue: the nouns that web and command line talk to."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from harvesters import HARVESTERS

from .allowances import Allowances
from .audit import Audit
from .coverage.coverage import Coverage
from .history.history import History
from .indexing.followed_index import FollowedIndex
from .indexing.related import RelatedData
from .leases import Leases
from .old_addresses import OldAddresses
from .public_address import PublicAddress
from .publishing.assessments import Assessments
from .publishing.copies import Copies
from .publishing.downloads import Downloads
from .publishing.entries import Entries
from .publishing.headers import Headers
from .publishing.pieces import Pieces
from .publishing.publishers import Publishers
from .publishing.unanswered_words import UnansweredWords
from .settings import Settings
from .sources.producer_keys import ProducerKeys
from .sources.sessions import Sessions
from .sources.sources import Sources
from .store import version
from .store.database import Database
from .tidying import Tidying

if TYPE_CHECKING:  # loaded when they are used
    from harvesters.base import Harvester

    from .backups.backups import Backups
    from .erasing.erasing import Erasing
    from .followers.followers import Followers
    from .followers.sending import Sending as FollowerLetters
    from .harvesting.rehearsals import Rehearsals
    from .harvesting.runs import Runs
    from .links.links import Links
    from .notices.notices import Notices
    from .notices.subscriptions import Subscriptions
    from .previews.previews import Previews
    from .publishing.dumps import Dumps
    from .publishing.event_stream import EventStream
    from .publishing.feed import Feed
    from .publishing.feed_files import FeedFiles
    from .publishing.feed_pages import FeedPages
    from .publishing.reuses import Reuses
    from .questions.questions import Questions
    from .questions.sending import Sending
    from .sources.records import Records


class Catalogue:
    """The catalogue as its users see it. Opening it connects to the database and the index; both are made by `init`."""

    def __init__(self, settings: Settings, harvesters: Mapping[str, "Harvester"] = HARVESTERS) -> None:
        self.settings, self.harvesters = settings, harvesters
        self._database = database = Database(settings.database)
        self.entries = Entries(database)
        self.headers = Headers(database)
        self.publishers = Publishers(database)
        self.pieces = Pieces(database)
        self.copies = Copies(database)
        self.assessments = Assessments(database)
        self.history = History(database)
        self.downloads = Downloads(database)
        self.index = FollowedIndex(database, settings)
        self.coverage = Coverage(self.index)
        self.related = RelatedData(database, self.index)
        self.sources = Sources(database, settings, harvesters)
        self.keys = ProducerKeys(database, settings)
        self.sessions = Sessions(database, lambda: self.keys.secret)
        self.audit = Audit(database)
        self.leases = Leases(database)
        self.tidying = Tidying(database, settings)
        self.address = PublicAddress(database, settings)
        self.old_addresses = OldAddresses(database)
        self.allowances = Allowances(database, lambda: self.keys.secret)
        self.unanswered = UnansweredWords(database, lambda: self.keys.secret)

    @cached_property
    def feed(self) -> "Feed":
        """What is published, as RDF."""
        from .publishing.feed import Feed  # noqa: PLC0415 (RDF is loaded where it is written)

        return Feed(
            self.settings,
            self.address.minted_at,
            pieces=self.pieces,
            entries=self.entries,
            copies=self.copies,
            assessments=self.assessments,
        )

    @cached_property
    def events(self) -> "EventStream":
        """What came in, changed and went."""
        from .publishing.event_stream import EventStream  # noqa: PLC0415 (RDF is loaded where it is written)

        return EventStream(self._database, lambda: self.feed)

    @cached_property
    def feed_files(self) -> "FeedFiles":
        """The whole catalogue as files that the portal sends as they lie there."""
        from .publishing.feed_files import FeedFiles  # noqa: PLC0415 (RDF is loaded where it is written)

        return FeedFiles(self._database, self.settings, lambda: self.feed)

    @cached_property
    def feed_pages(self) -> "FeedPages":
        """The pages of the feed, and what lies ready of them."""
        from .publishing.feed_pages import FeedPages  # noqa: PLC0415 (RDF is loaded where it is written)

        return FeedPages(self._database, self.feed_files, self.pieces, lambda: self.feed)

    @cached_property
    def dumps(self) -> "Dumps":
        """The whole catalogue as files of each night."""
        from .publishing.dumps import Dumps  # noqa: PLC0415 (RDF is loaded where it is written)

        return Dumps(self._database, self.settings, lambda: self.feed, self.feed_files)

    @cached_property
    def records(self) -> "Records":
        """Records of the sources, and what producers do with them."""
        from .sources.records import Records  # noqa: PLC0415 (taking in is loaded where something is taken in)

        return Records(self._database, self.settings, self.harvesters)

    @cached_property
    def runs(self) -> "Runs":
        """Harvest runs."""
        from .harvesting.runs import Runs  # noqa: PLC0415 (as above)

        return Runs(self._database, self.settings, self.harvesters, self.index)

    @cached_property
    def links(self) -> "Links":
        """What the addresses lead to that entries name."""
        from .links.links import Links  # noqa: PLC0415 (loaded where it is asked for)

        return Links(self._database, self.settings)

    @cached_property
    def previews(self) -> "Previews":
        """What is in the files of datasets."""
        from .previews.previews import Previews  # noqa: PLC0415 (loaded where it is asked for)

        return Previews(self._database, self.settings)

    @cached_property
    def rehearsals(self) -> "Rehearsals":
        """Dry runs of whole sources."""
        from .harvesting.rehearsals import Rehearsals  # noqa: PLC0415 (as above)

        return Rehearsals(self._database, self.settings, self.harvesters)

    @cached_property
    def followers(self) -> "Followers":
        """Who follows entries and searches by mail."""
        from .followers.followers import Followers  # noqa: PLC0415 (seldom used)

        return Followers(self._database, self.settings, self.index)

    @cached_property
    def follower_letters(self) -> "FollowerLetters":
        """Letters to followers."""
        from .followers.sending import Sending  # noqa: PLC0415 (only a worker sends)

        return Sending(self._database, self.settings, self.index, self.followers)

    @cached_property
    def erasing(self) -> "Erasing":
        """Persons taken out of all that is kept."""
        from .erasing.erasing import Erasing  # noqa: PLC0415 (seldom used)

        return Erasing(self._database, self.settings, self.harvesters)

    @cached_property
    def questions(self) -> "Questions":
        """What readers ask, and what publishers answer."""
        from .questions.questions import Questions  # noqa: PLC0415 (seldom used)

        return Questions(self._database, self.settings)

    @cached_property
    def reuses(self) -> "Reuses":
        """What was made with data."""
        from .links import gathering  # noqa: PLC0415 (loaded where it is asked for)
        from .publishing.reuses import Reuses  # noqa: PLC0415 (as above)

        return Reuses(self._database, gathering.gather_one)

    @cached_property
    def question_letters(self) -> "Sending":
        """Letters about questions."""
        from .questions.sending import Sending  # noqa: PLC0415 (only a worker sends)

        return Sending(self._database, self.settings, self.questions)

    @cached_property
    def backups(self) -> "Backups":
        """Saving and restoring everything that cannot be rebuilt."""
        from .backups.backups import Backups  # noqa: PLC0415 (seldom used)

        return Backups(self._database, self.settings)

    @cached_property
    def notices(self) -> "Notices":
        """Telling producers and operators what they must know."""
        from .notices.notices import Notices  # noqa: PLC0415 (only a worker tells)

        return Notices(self._database, self.settings)

    @cached_property
    def subscriptions(self) -> "Subscriptions":
        """Who wants to be told what."""
        from .notices.subscriptions import Subscriptions  # noqa: PLC0415 (seldom used)

        return Subscriptions(self._database, self.settings)

    def init(self) -> None:
        """Creates or upgrades database and index."""
        self._database.upgrade()
        self.index.ensure()

    def must_be_made(self) -> None:
        """Raises `SettingsError` when the database has no tables, or those of another version."""
        with self._database.read() as tx:
            found = version.found(tx)
        version.refuse_other(found)

    def close(self) -> None:
        """Gives back connections and files."""
        self.unanswered.flush()
        self.downloads.flush()
        self.index.close()
        self._database.close()
