"""Which of the addresses that entries lead to answer, as far as somebody asked."""

from collections.abc import Iterable

from dcat.model import Dataset, Entry
from dcat.quality import Reachable

from ..store import addresses
from ..store.database import Transaction

_ANSWERS = {addresses.WORKS: True, addresses.BROKEN: False}


def reachable(tx: Transaction, entries: Iterable[Entry]) -> Reachable:
    """What is known of the files of these entries: an address that lets no program in counts as one that nobody
    asked."""
    files = [file for entry in entries if isinstance(entry, Dataset) for file in entry.distribution]
    states = addresses.states(tx, (url for file in files for url in (*file.access_url, *file.download_url)))
    return lambda url: _ANSWERS.get(states.get(url, ""))
