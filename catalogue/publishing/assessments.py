"""How good the descriptions are, of the whole catalogue and of each publisher."""

from ..store import assessments, revisions
from ..store.assessments import Assessed
from ..store.database import Database


class Assessments:
    """Reads what was found in the descriptions; the scores again only when something changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Assessed | None = None

    def scores(self) -> Assessed:
        """The scores of all and of each publisher."""
        with self._database.read() as tx:
            revision = revisions.published(tx)
            if self._known is None or self._known.revision != revision:
                self._known = Assessed.of(revision, assessments.scores(tx))
        return self._known

    def causes(self) -> list[tuple[str, str, int, str]]:
        """What was found in live entries: (rule, field, number of entries, an example value), most entries first."""
        with self._database.read() as tx:
            return assessments.causes(tx)
