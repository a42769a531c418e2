"""How good the descriptions are, of the whole catalogue and of each publisher."""

from ..store import assessments
from ..store.assessments import Assessed
from ..store.database import Database
from ..store.remembered import Remembered


class Assessments:
    """Reads what was found in the descriptions; again only when something changed."""

    def __init__(self, database: Database) -> None:
        self._remembered = Remembered(database)

    def scores(self) -> Assessed:
        """The scores of all and of each publisher."""
        return self._remembered.ask("scores", lambda tx: Assessed.of(assessments.scores(tx)))

    def causes(self) -> list[tuple[str, str, int, str]]:
        """What was found in live entries: (rule, field, number of entries, an example value), most entries first."""
        return list(self._remembered.ask("causes", assessments.causes))
