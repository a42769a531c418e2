"""All kinds of work. To add one, write its class and put it here, where its place says what is looked at first."""

from .asking import Asking, Gathering
from .chore import Chore
from .dumping import Dumping
from .feeding import Feeding
from .harvests import Harvests
from .looking import Looking
from .rehearsing import Rehearsing
from .telling import Forwarding, Telling, Writing
from .upkeep import Comparing, Following, Tidying

CHORES: tuple[type[Chore], ...] = (
    Following,
    Comparing,
    Tidying,
    Telling,
    Forwarding,
    Writing,
    Gathering,
    Rehearsing,
    Harvests,
    Feeding,
    Dumping,
    Looking,
    Asking,
)
"""What is short comes first: a harvest may take hours. A try of a source comes before it, for somebody waits for it.
Feeds and dumps are made of what harvests brought. Files are looked into and addresses asked when nothing else waits:
that never ends."""
