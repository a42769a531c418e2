"""All kinds of work. To add one, write its class and put it here, where its place says what is looked at first."""

from .asking import Asking, Gathering
from .chore import Chore
from .dumping import Dumping
from .harvests import Harvests
from .looking import Looking
from .telling import Telling
from .upkeep import Comparing, Following, Tidying

CHORES: tuple[type[Chore], ...] = (
    Following,
    Comparing,
    Tidying,
    Telling,
    Gathering,
    Harvests,
    Dumping,
    Looking,
    Asking,
)
"""What is short comes first: a harvest may take hours. Dumps are made of what harvests brought. Files are
looked into and addresses asked when nothing else waits: that never ends."""
